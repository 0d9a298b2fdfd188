#include "model/cause.h"

#include <string.h>

#include "common/arena.h"
#include "common/check.h"
#include "common/cleanup.h"
#include "common/err.h"
#include "common/field.h"
#include "common/json.h"
#include "common/jsonw.h"
#include "common/str.h"
#include "common/text.h"

enum { VALUE_MAX = 200 };

#define ROW(NAME, name)                                                        \
    [CAUSE_##NAME] = {#name, "{\"name\":\"" #name "\"}", TEXT_CAUSE_##NAME}

static const struct {
    const char *name, *json;
    enum text_id text;
} rows[CAUSES] = {
    ROW(DIFFERS, differs),
    ROW(IN_TRASH, in_trash),
    ROW(OUT_OF_TRASH, out_of_trash),
    ROW(STOCK_AT_PARENT, stock_at_parent),
    ROW(STOCK_UNMANAGED, stock_unmanaged),
    ROW(EMAIL_TAKEN, email_taken),
    ROW(GONE, gone),
    ROW(BEFORE_IT, before_it),
    ROW(CHANGED_SINCE, changed_since),
    ROW(NOT_KEPT, not_kept),
    ROW(MADE_OTHER, made_other),
    ROW(NOTHING_KEPT, nothing_kept),
    ROW(TOUCHED, touched),
    ROW(MADE_WITH, made_with),
    ROW(LINE_OF_NONE, line_of_none),
    ROW(STOCK_MOVED, stock_moved),
    ROW(DOUBT, doubt),
    ROW(STOPPED, stopped),
    ROW(NOT_ABOUT_IT, not_about_it),
    ROW(NOT_ASKED_FOR, not_asked_for),
    ROW(HOST_UNKNOWN, host_unknown),
    ROW(NOBODY_THERE, nobody_there),
    ROW(NOT_TRUSTED, not_trusted),
    ROW(BAD_ADDRESS, bad_address),
    ROW(NO_ANSWER, no_answer),
    ROW(BROKEN_OFF, broken_off),
    ROW(TOO_LARGE, too_large),
    ROW(LINE_BROKE, line_broke),
    ROW(CANCELLED, cancelled),
    ROW(REQUEST_TOO_LONG, request_too_long),
    ROW(NOT_LET_THROUGH, not_let_through),
    ROW(SHOP_ANSWERS, shop_answers),
    ROW(SERVER_ANSWERS, server_answers),
    ROW(FRONT_REFUSES, front_refuses),
    ROW(LOGIN_PAGE, login_page),
    ROW(WEB_ANSWERS, web_answers),
    ROW(NOT_JSON, not_json),
    ROW(NOTHING_CAME, nothing_came),
    ROW(REDIRECTS, redirects),
};

const char *cause_plain(enum cause c) {
    REQUIRE(c > CAUSE_NONE && c < CAUSES);
    return rows[c].json;
}

DEFINE_CLEANUP(struct arena *, cause_arena, arena_free)

/* --- to JSON -------------------------------------------------------------- */

static void put_cut(struct jsonw *w, const char *json, struct arena *a) {
    AUTO_BUF struct buf b = BUF_INIT;
    char cut[VALUE_MAX - 1];
    const struct json *v;
    const char *s = NULL;
    if (json_parse(a, json, strlen(json), NULL, &v, NULL) == 0)
        s = json_string(v);
    (void)str_copy(cut, sizeof cut, s ? s : json);
    buf_addf(&b, "%s..", cut);
    jsonw_string(w, buf_str(&b));
}

static void put(struct jsonw *w, const char *key, const char *json,
                struct arena *a) {
    if (!json)
        return;
    jsonw_key(w, key);
    if (strlen(json) <= VALUE_MAX)
        jsonw_raw(w, json, strlen(json));
    else
        put_cut(w, json, a);
}

const char *cause_json(struct arena *a, enum cause c, struct cause_of of) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct jsonw w;
    REQUIRE(c > CAUSE_NONE && c < CAUSES);
    jsonw_init(&w, &b);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "name", rows[c].name);
    if (of.path)
        jsonw_kstring(&w, "path", of.path);
    put(&w, "asked", of.asked, a);
    put(&w, "is", of.is, a);
    put(&w, "was", of.was, a);
    if (of.status)
        jsonw_ki64(&w, "status", of.status);
    if (of.code)
        jsonw_kstring(&w, "code", of.code);
    if (of.said)
        jsonw_kstring(&w, "said", of.said);
    jsonw_end_object(&w);
    return arena_dupn(a, b.data, b.len);
}

/* --- to words ------------------------------------------------------------- */

static const char *member(const struct json *v, const char *key) {
    const char *s = json_string(json_get(v, key));
    return s ? s : "";
}

static int find(const char *name) {
    for (int i = CAUSE_NONE + 1; i < CAUSES; i++)
        if (str_eq(rows[i].name, name))
            return i;
    return ERR_NOT_FOUND;
}

bool cause_is(const char *json, enum cause c) {
    char head[48];
    REQUIRE(c > CAUSE_NONE && c < CAUSES);
    (void)str_format(head, sizeof head, "{\"name\":\"%s\"", rows[c].name);
    return json && str_starts(json, head);
}

int cause_words(const char *json, enum text_lang lang, struct buf *out) {
    CLEANUP(cause_arena) struct arena *a = arena_new(1024);
    AUTO_BUF struct buf path = BUF_INIT, asked = BUF_INIT;
    AUTO_BUF struct buf is = BUF_INIT, was = BUF_INIT;
    const struct json *v = NULL;
    if (str_empty(json) ||
        json_parse(a, json, strlen(json), NULL, &v, NULL) < 0)
        return ERR_NOT_FOUND;
    int i = find(json_string(json_get(v, "name")));
    if (i < 0)
        return i;
    char number[40];
    const char *status = json_text(json_get(v, "status"), number);
    field_words(&path, lang, member(v, "path"));
    field_value(&asked, lang, member(v, "path"), json_get(v, "asked"));
    field_value(&is, lang, member(v, "path"), json_get(v, "is"));
    field_value(&was, lang, member(v, "path"), json_get(v, "was"));
    text_format(out, lang, rows[i].text, "path", buf_str(&path), "asked",
                buf_str(&asked), "is", buf_str(&is), "was", buf_str(&was),
                "status", status ? status : "", "code", member(v, "code"),
                "said", member(v, "said"), NULL);
    return 0;
}
