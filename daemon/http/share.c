/* GET /share/TOKEN: one order for whoever has the link, as a page or, with
 * Accept: application/json, as JSON.
 *
 * Happy path: the signature fits and the time is not over, a reader finds the
 * link and the order, the page is written.
 * Failure modes: made up, over, revoked, order gone: the same 404, so that
 * nothing is learnt by trying; an address that asks too often gets 429; the
 * database does not read: 503. Nothing in the page runs or is fetched, and all
 * text of the shop is escaped. */
#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/env.h"
#include "common/jsonw.h"
#include "common/mem.h"
#include "common/text.h"
#include "common/utf8.h"
#include "common/when.h"
#include "db/db.h"
#include "http/room.h"
#include "rpc/rpc.h"

struct sharing {
    struct web_request *r;
    uint8_t uuid[16];
    struct arena *a;
    struct rpc_share share;
};

/* --- the page ------------------------------------------------------------- */

void share_escape(struct buf *out, const char *s) {
    AUTO_BUF struct buf good = BUF_INIT;
    utf8_safe(&good, s, strlen(s));
    for (const char *at = buf_str(&good); *at; at++) {
        static const char special[] = "&<>\"'";
        static const char *const names[] = {"&amp;", "&lt;", "&gt;", "&quot;",
                                            "&#39;"};
        const char *hit = strchr(special, *at);
        if (hit)
            buf_adds(out, names[hit - special]);
        else
            buf_addc(out, *at);
    }
}

static void cell(struct buf *out, const char *s) {
    buf_adds(out, "<td><bdi>");
    share_escape(out, s);
    buf_adds(out, "</bdi></td>");
}

static void heading(struct buf *out, const char *tag, const char *s) {
    buf_addf(out, "<%s>", tag);
    share_escape(out, s);
    buf_addf(out, "</%s>\n", tag);
}

static void items(struct buf *out, const struct rpc_share *s,
                  enum text_lang lang) {
    heading(out, "h2", text_get(lang, TEXT_SHARE_ITEMS));
    buf_adds(out, "<table>\n");
    for (size_t i = 0; i < s->n_items; i++) {
        buf_adds(out, "<tr>");
        cell(out, s->items[i].quantity);
        cell(out, s->items[i].name);
        buf_adds(out, "</tr>\n");
    }
    buf_adds(out, "</table>\n");
}

static void parcels(struct buf *out, const struct rpc_share *s,
                    enum text_lang lang) {
    if (s->n_parcels == 0)
        return;
    heading(out, "h2", text_get(lang, TEXT_SHARE_TRACKING));
    buf_adds(out, "<table>\n");
    for (size_t i = 0; i < s->n_parcels; i++) {
        buf_adds(out, "<tr>");
        cell(out, s->parcels[i].carrier);
        cell(out, s->parcels[i].tracking);
        cell(out, s->parcels[i].state);
        buf_adds(out, "</tr>\n");
    }
    buf_adds(out, "</table>\n");
}

void share_page(struct buf *out, const struct rpc_share *s,
                enum text_lang lang) {
    AUTO_BUF struct buf title = BUF_INIT, until = BUF_INIT;
    char at[WHEN_TEXT];
    text_format(&title, lang, TEXT_SHARE_TITLE, "number", s->number, NULL);
    text_format(&until, lang, TEXT_SHARE_UNTIL, "at", when_iso(at, s->until_ms),
                NULL);
    buf_addf(out,
             "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n"
             "<meta charset=\"utf-8\">\n"
             "<meta name=\"viewport\" content=\"width=device-width\">\n"
             "<meta name=\"robots\" content=\"noindex\">\n<title>",
             text_lang_name(lang));
    share_escape(out, buf_str(&title));
    buf_adds(out, "</title>\n</head>\n<body>\n");
    heading(out, "h1", buf_str(&title));
    heading(out, "p", s->store);
    heading(out, "p", s->status);
    items(out, s, lang);
    parcels(out, s, lang);
    heading(out, "p", buf_str(&until));
    buf_adds(out, "</body>\n</html>\n");
}

void share_json(struct buf *out, const struct rpc_share *s) {
    struct jsonw w;
    jsonw_init(&w, out);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "number", s->number);
    jsonw_kstring(&w, "store", s->store);
    jsonw_kstring(&w, "status", s->status);
    jsonw_key(&w, "items");
    jsonw_begin_array(&w);
    for (size_t i = 0; i < s->n_items; i++) {
        jsonw_begin_object(&w);
        jsonw_kstring(&w, "name", s->items[i].name);
        jsonw_kstring(&w, "quantity", s->items[i].quantity);
        jsonw_end_object(&w);
    }
    jsonw_end_array(&w);
    jsonw_key(&w, "tracking");
    jsonw_begin_array(&w);
    for (size_t i = 0; i < s->n_parcels; i++) {
        jsonw_begin_object(&w);
        jsonw_kstring(&w, "carrier", s->parcels[i].carrier);
        jsonw_kstring(&w, "number", s->parcels[i].tracking);
        jsonw_kstring(&w, "state", s->parcels[i].state);
        jsonw_end_object(&w);
    }
    jsonw_end_array(&w);
    jsonw_ktime(&w, "until", s->until_ms);
    jsonw_end_object(&w);
}

/* --- the request ---------------------------------------------------------- */

static int job_read(struct db_tx *tx, void *arg) {
    struct sharing *s = arg;
    return rpc_share_read(tx, s->uuid, s->a, &s->share);
}

static void put(struct web_request *r, const struct rpc_share *s) {
    if (strstr(request_header(r, "Accept"), "application/json")) {
        share_json(&r->page, s);
        request_page(r, 200, "application/json");
    } else {
        share_page(&r->page, s,
                   text_lang(request_header(r, "Accept-Language")));
        request_page(r, 200, "text/html; charset=utf-8");
    }
}

static void on_read(int status, void *arg) {
    struct sharing *s = arg;
    struct web *w = s->r->web;
    if (status >= 0)
        put(s->r, &s->share);
    else
        request_answer(s->r, status == ERR_NOT_FOUND ? ANSWER_NOT_FOUND
                                                     : ANSWER_BUSY);
    arena_free(s->a);
    free(s);
    web_job_ended(w);
}

/* Every look counts, also a good one: who reads one order reads it seldom. */
static bool too_often(const struct web_request *r) {
    struct address a = request_source(r);
    return guard_refuse(&r->web->shares, &a, env_mono(r->web->o.env)) ==
           GUARD_LIMITED;
}

void share_serve(struct web_request *r) {
    const char *token = r->url + strlen("/share/");
    if (r->web->stopped) {
        request_answer(r, ANSWER_BUSY);
        return;
    }
    if (too_often(r)) {
        request_answer(r, ANSWER_LIMITED);
        return;
    }
    struct sharing *s = NEW(struct sharing);
    int rc = rpc_share_check(r->web->o.rpc, token, s->uuid);
    s->r = r;
    s->a = arena_new(16384);
    if (rc >= 0)
        rc = db_read(r->web->o.db, DB_INTERACTIVE, job_read, on_read, s);
    if (rc >= 0) {
        r->web->n_jobs++;
        request_suspend(r);
        return;
    }
    arena_free(s->a);
    free(s);
    request_answer(r, rc == ERR_NOT_FOUND ? ANSWER_NOT_FOUND : ANSWER_BUSY);
}
