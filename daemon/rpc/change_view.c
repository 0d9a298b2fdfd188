#include "rpc/change_view.h"

#include <string.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/field.h"
#include "common/ref.h"
#include "common/said.h"
#include "common/str.h"
#include "common/text.h"
#include "model/cause.h"
#include "rpc/effective.h"
#include "rpc/mirrored.h"

/* --- a row ------------------------------------------------------------- */

void change_view_json(struct jsonw *w, const char *key, const char *json) {
    struct arena *a = arena_new(4096);
    const struct json *v;
    jsonw_key(w, key);
    if (!json)
        jsonw_null(w);
    else if (json_parse(a, json, strlen(json), NULL, &v, NULL) == 0)
        jsonw_raw(w, json, strlen(json));
    else
        jsonw_string(w, json); /* an answer that was cut, or no JSON at all */
    arena_free(a);
}

/* Null until the shop has given a new object its id. */
static void write_ref(const struct change *c, struct jsonw *w) {
    char text[REF_TEXT];
    struct ref ref = {.id = c->remote_id};
    if (!ref.id && c->act == CHANGE_CREATE)
        ref.id = c->result_id;
    ref.kind = c->kind == MIRROR_CUSTOMER   ? REF_CUSTOMER
               : c->kind == MIRROR_CATEGORY ? REF_CATEGORY
                                            : REF_OBJECT;
    (void)str_copy(ref.store, sizeof ref.store, c->store);
    jsonw_kstring(w, "ref", ref.id ? ref_format(text, &ref) : NULL);
}

/* What people may do with a change as it stands; the model refuses the rest. */
static void write_can(const struct change *c, struct jsonw *w) {
    bool held = c->state == CHANGE_AWAITING || c->state == CHANGE_QUEUED ||
                c->state == CHANGE_CONFLICT || c->state == CHANGE_REFUSED;
    bool asked = c->state == CHANGE_UNKNOWN && c->ambiguous;
    const struct {
        const char *name;
        bool may;
    } acts[] = {
        {"approve", c->state == CHANGE_AWAITING},
        {"retry", c->state == CHANGE_REFUSED || c->state == CHANGE_UNKNOWN ||
                      (c->state == CHANGE_QUEUED && c->next_ms > 0)},
        {"edit", held && (c->n_paths > 0 || c->payload)},
        {"discard", held || asked},
        {"mine", c->state == CHANGE_CONFLICT},
        {"theirs", c->state == CHANGE_CONFLICT},
        {"happened", asked},
        {"again", asked},
    };
    jsonw_key(w, "can");
    jsonw_begin_array(w);
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
        if (acts[i].may)
            jsonw_string(w, acts[i].name);
    }
    jsonw_end_array(w);
}

static void write_paths(const struct change *c, struct jsonw *w) {
    jsonw_key(w, "paths");
    jsonw_begin_array(w);
    for (size_t i = 0; i < c->n_paths; i++) {
        jsonw_begin_object(w);
        jsonw_kstring(w, "path", c->paths[i].path);
        change_view_json(w, "base", c->paths[i].base);
        change_view_json(w, "theirs", c->paths[i].theirs);
        change_view_json(w, "wanted", c->paths[i].wanted);
        jsonw_end_object(w);
    }
    jsonw_end_array(w);
}

void change_view_cause(const char *cause, const char *text, enum text_lang lang,
                       struct buf *out) {
    if (cause_words(cause, lang, out) < 0)
        said_words(out, lang, text ? text : "");
}

/* A conflict is told of each value that got in the way. */
static void add_conflict(const struct change *c, enum text_lang lang,
                         struct buf *out) {
    struct arena *a = arena_new(4096);
    for (size_t i = 0; i < c->n_paths; i++) {
        const struct change_path *p = &c->paths[i];
        if (!p->theirs)
            continue;
        buf_adds(out, out->len ? " " : "");
        (void)cause_words(cause_json(a, CAUSE_DIFFERS,
                                     (struct cause_of){.path = p->path,
                                                       .is = p->theirs,
                                                       .was = p->base}),
                          lang, out);
    }
    arena_free(a);
}

static void write_why(const struct change *c, enum text_lang lang,
                      struct jsonw *w) {
    AUTO_BUF struct buf text = BUF_INIT;
    int code = str_empty(c->code) ? 0 : err_from_name(c->code);
    const char *cure = code < 0 ? text_cure(lang, code) : NULL;
    /* those of an older program have no cause, but their values */
    if (c->state == CHANGE_CONFLICT &&
        (str_empty(c->cause) || cause_is(c->cause, CAUSE_DIFFERS)))
        add_conflict(c, lang, &text);
    if (!text.len)
        change_view_cause(c->cause, c->text, lang, &text);
    jsonw_kstring(w, "code", c->code ? c->code : "");
    change_view_json(w, "cause", str_empty(c->cause) ? NULL : c->cause);
    jsonw_kstring(w, "text", buf_str(&text));
    jsonw_kstring(w, "cure", cure);
}

void change_view_fields(const struct change *c, enum text_lang lang,
                        struct jsonw *w) {
    jsonw_kstring(w, "id", c->uuid);
    jsonw_kstring(w, "store", c->store);
    write_ref(c, w);
    jsonw_kstring(w, "kind", mirror_kind_name(c->kind));
    jsonw_kstring(w, "act", change_act_name(c->act));
    jsonw_kstring(w, "state", change_state_name(c->state));
    jsonw_kstring(w, "author", c->author);
    jsonw_kstring(w, "approver", str_empty(c->approver) ? NULL : c->approver);
    jsonw_kstring(w, "reason", c->reason ? c->reason : "");
    jsonw_ktime(w, "created", c->created_ms);
    jsonw_ktime(w, "changed", c->changed_ms);
    jsonw_ktime(w, "sent", c->sent_ms);
    jsonw_ktime(w, "next", c->next_ms);
    jsonw_ki64(w, "attempts", c->attempts);
    jsonw_kbool(w, "ambiguous", c->ambiguous);
    write_why(c, lang, w);
    write_can(c, w);
    write_paths(c, w);
    change_view_json(w, "payload", c->payload);
}

/* --- words ------------------------------------------------------------- */

const char *change_view_act(const struct change *c, enum text_lang lang) {
    static const enum text_id ids[CHANGE_ACTS] = {
        [CHANGE_SET] = TEXT_CHANGE_ACT_SET,
        [CHANGE_STOCK] = TEXT_CHANGE_ACT_STOCK,
        [CHANGE_NOTE] = TEXT_CHANGE_ACT_NOTE,
        [CHANGE_REFUND] = TEXT_CHANGE_ACT_REFUND,
        [CHANGE_TRACKING] = TEXT_CHANGE_ACT_TRACKING,
        [CHANGE_TRASH] = TEXT_CHANGE_ACT_TRASH,
        [CHANGE_UNTRASH] = TEXT_CHANGE_ACT_UNTRASH,
        [CHANGE_CREATE] = TEXT_CHANGE_ACT_CREATE,
    };
    if (c->act == CHANGE_TRASH && c->kind == MIRROR_CATEGORY)
        return text_get(lang, TEXT_CHANGE_ACT_DELETE);
    return text_get(lang, ids[c->act]);
}

const char *change_view_state(const struct change *c, enum text_lang lang) {
    static const enum text_id ids[CHANGE_STATES] = {
        [CHANGE_AWAITING] = TEXT_CHANGE_STATE_AWAITING,
        [CHANGE_QUEUED] = TEXT_CHANGE_STATE_QUEUED,
        [CHANGE_SENDING] = TEXT_CHANGE_STATE_SENDING,
        [CHANGE_UNKNOWN] = TEXT_CHANGE_STATE_UNKNOWN,
        [CHANGE_CONFLICT] = TEXT_CHANGE_STATE_CONFLICT,
        [CHANGE_REFUSED] = TEXT_CHANGE_STATE_REFUSED,
        [CHANGE_CONFIRMED] = TEXT_CHANGE_STATE_CONFIRMED,
        [CHANGE_DISCARDED] = TEXT_CHANGE_STATE_DISCARDED,
    };
    return text_get(lang, ids[c->state]);
}

static void add_value(struct buf *out, enum text_lang lang, struct arena *a,
                      const char *path, const char *json) {
    const struct json *v;
    if (json && json_parse(a, json, strlen(json), NULL, &v, NULL) == 0)
        field_value(out, lang, path, v);
    else
        buf_adds(out, json ? json : "");
}

void change_view_words(const struct change *c, enum text_lang lang,
                       struct buf *out) {
    static const char *const members[] = {"text", "amount", "number"};
    struct arena *a = arena_new(4096);
    const struct json *payload = NULL;
    char number[40];
    for (size_t i = 0; i < c->n_paths; i++) {
        buf_adds(out, i ? ", " : "");
        field_words(out, lang, c->paths[i].path);
        buf_adds(out, ": ");
        add_value(out, lang, a, c->paths[i].path, c->paths[i].wanted);
    }
    if (c->payload &&
        json_parse(a, c->payload, strlen(c->payload), NULL, &payload, NULL) < 0)
        payload = NULL;
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        const char *s = json_text(json_get(payload, members[i]), number);
        if (s)
            buf_addf(out, "%s%s", out->len ? " " : "", s);
    }
    arena_free(a);
}

/* --- pending ----------------------------------------------------------- */

int pending_of(struct rpc_call *call, struct db_tx *tx, int64_t store_id,
               enum mirror_kind kind, int64_t remote_id, int open,
               struct pending *ret) {
    struct ref ref = {.id = remote_id};
    *ret = (struct pending){0};
    if (open == 0)
        return 0;
    int rc = change_of(tx, store_id, kind, remote_id, call_arena(call),
                       &ret->items, &ret->n);
    if (rc >= 0)
        rc = mirrored_json(call, tx, kind, store_id, &ref, &ret->raw);
    return rc < 0 ? rc : effective_json(call, ret, ret->raw, &ret->now);
}

/* meta[key] is the newest entry of that key, as WooCommerce reads it. */
static const struct json *meta_value(const struct json *raw, const char *key,
                                     size_t n) {
    const struct json *found = NULL;
    for (const struct json *m = json_first(json_get(raw, "meta_data")); m;
         m = json_next(m)) {
        const char *k = json_string(json_get(m, "key"));
        if (k && strlen(k) == n && memcmp(k, key, n) == 0)
            found = json_get(m, "value");
    }
    return found;
}

const struct json *pending_shop(const struct json *raw, const char *path) {
    size_t n = strlen(path);
    if (str_eq(path, "stock"))
        return json_get(raw, "stock_quantity");
    if (str_starts(path, "meta[") && n > 6)
        return meta_value(raw, path + 5, n - 6);
    return json_path(raw, path);
}

static void write_one(const struct change *c, const char *path,
                      const struct json *raw, struct jsonw *w) {
    AUTO_BUF struct buf shop = BUF_INIT;
    const struct json *v = pending_shop(raw, path);
    jsonw_begin_object(w);
    jsonw_kstring(w, "id", c->uuid);
    jsonw_kstring(w, "path", path);
    jsonw_kstring(w, "state", change_state_name(c->state));
    jsonw_key(w, "shop");
    if (v) {
        json_print(&shop, v);
        jsonw_raw(w, shop.data, shop.len);
    } else {
        jsonw_null(w);
    }
    jsonw_end_object(w);
}

void pending_write(const struct pending *p, struct jsonw *w) {
    jsonw_key(w, "pending");
    jsonw_begin_array(w);
    for (size_t i = 0; p && i < p->n; i++) {
        const struct change *c = &p->items[i];
        for (size_t k = 0; k < c->n_paths; k++)
            write_one(c, c->paths[k].path, p->raw, w);
        /* A note, refund ... sets no field: its act stands in its place. */
        if (c->n_paths == 0)
            write_one(c, change_act_name(c->act), NULL, w);
    }
    jsonw_end_array(w);
}

/* A conflict, a refusal and what nobody approved yet show the shop's value. */
static bool overlays(const struct change *c) {
    return c->state == CHANGE_QUEUED || c->state == CHANGE_SENDING ||
           c->state == CHANGE_UNKNOWN;
}

const char *pending_wanted(const struct pending *p, const char *path) {
    for (size_t i = p ? p->n : 0; i-- > 0;) {
        const struct change *c = &p->items[i];
        for (size_t k = 0; overlays(c) && k < c->n_paths; k++) {
            if (str_eq(c->paths[k].path, path))
                return c->paths[k].wanted;
        }
    }
    return NULL;
}
