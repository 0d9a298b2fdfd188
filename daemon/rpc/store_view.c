#include "rpc/store_view.h"

#include "common/said.h"
#include "common/str.h"
#include "common/text.h"
#include "model/aside_list.h"
#include "model/change.h"
#include "model/ids.h"
#include "model/mirror.h"
#include "rpc.gen.h"
#include "rpc/hook_view.h"
#include "rpc/progress.h"

/* --- reading ----------------------------------------------------------- */

static int count(struct db_tx *tx, struct store_view *v) {
    static const struct {
        enum sync_collection c;
        enum mirror_kind k;
    } kinds[] = {
        {SYNC_ORDERS, MIRROR_ORDER},        {SYNC_PRODUCTS, MIRROR_PRODUCT},
        {SYNC_CATEGORIES, MIRROR_CATEGORY}, {SYNC_REFUNDS, MIRROR_REFUND},
        {SYNC_CUSTOMERS, MIRROR_CUSTOMER},  {SYNC_NOTES, MIRROR_NOTE},
    };
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < sizeof kinds / sizeof *kinds; i++)
        rc = mirror_count(tx, kinds[i].k, v->s.id, &v->rows[kinds[i].c]);
    if (rc >= 0)
        rc = variation_count(tx, v->s.id, &v->rows[SYNC_VARIATIONS]);
    v->rows[SYNC_PRODUCTS] -= v->rows[SYNC_VARIATIONS];
    if (rc >= 0)
        rc = aside_count(tx, v->s.id, &v->attention);
    if (rc >= 0)
        rc = change_open_count_of(tx, v->s.id, v->changes);
    if (rc >= 0)
        rc = hook_read(tx, v->s.id, &v->hooks);
    if (rc >= 0)
        rc = change_held(tx);
    v->held = rc > 0;
    return rc;
}

int store_view_read(struct db_tx *tx, struct store *s, struct store_view *ret) {
    *ret = (struct store_view){.s = *s};
    *s = (struct store){0};
    int rc = count(tx, ret);
    for (int i = 0; rc >= 0 && i < SYNC_COLLECTIONS; i++) {
        struct checkpoint c;
        rc = checkpoint_get(tx, ret->s.id,
                            sync_collection_name((enum sync_collection)i), &c);
        if (rc > 0)
            ret->success_ms[i] = c.success_ms;
    }
    return rc < 0 ? rc : 0;
}

void store_view_done(struct store_view *v) {
    store_done(&v->s);
    hook_set_done(&v->hooks);
}

int store_view_by_name(struct db_tx *tx, const char *name,
                       struct store_view *ret) {
    struct store s = {0};
    int rc = store_by_name(tx, name, &s);
    if (rc <= 0)
        return rc < 0 ? rc : ERR_NOT_FOUND;
    return store_view_read(tx, &s, ret);
}

/* --- writing ----------------------------------------------------------- */

struct sync_status store_status_of(const struct rpc *r, int64_t id) {
    struct sync_status st;
    if (!r->sync || sync_get_status(r->sync, id, &st) < 0)
        st = (struct sync_status){0};
    return st;
}

const char *store_state(const struct store *s, const struct sync_status *st) {
    if (s->paused)
        return "paused";
    if (st->first && st->running && !str_eq(s->state, "blocked"))
        return "syncing";
    return s->state;
}

void jsonw_kmaybe(struct jsonw *w, const char *key, const char *text) {
    jsonw_kstring(w, key, str_empty(text) ? NULL : text);
}

static void write_reason(struct jsonw *w, enum text_lang lang,
                         const struct store *s) {
    int code = str_empty(s->reason) ? 0 : err_from_name(s->reason);
    AUTO_BUF struct buf text = BUF_INIT;
    if (code)
        buf_adds(&text, text_error(lang, code));
    if (code)
        said_behind(&text, lang, s->reason_text);
    jsonw_kmaybe(w, "reason", buf_str(&text));
    jsonw_kstring(w, "cure", code ? text_cure(lang, code) : NULL);
}

static void write_known(struct jsonw *w, const struct store *s, uint64_t f) {
    bool known = s->caps.wc_version[0];
    if (f & 1u << RPC_STORE_ROW_CAN_WRITE)
        jsonw_kbool(w, "can_write", s->can_write);
    if (f & 1u << RPC_STORE_ROW_STORAGE)
        jsonw_kstring(w, "storage",
                      !known         ? NULL
                      : s->caps.hpos ? "hpos"
                                     : "posts");
    if (f & 1u << RPC_STORE_ROW_WC_VERSION)
        jsonw_kmaybe(w, "wc_version", s->caps.wc_version);
    if (f & 1u << RPC_STORE_ROW_AUTH)
        jsonw_kmaybe(w, "auth", s->auth);
}

static void write_counts(struct jsonw *w, const struct store_view *v) {
    jsonw_key(w, "counts");
    jsonw_begin_object(w);
    jsonw_ki64(w, "orders", v->rows[SYNC_ORDERS]);
    jsonw_ki64(w, "products", v->rows[SYNC_PRODUCTS]);
    jsonw_ki64(w, "customers", v->rows[SYNC_CUSTOMERS]);
    jsonw_end_object(w);
}

static void write_verify(struct jsonw *w, const struct store *s) {
    jsonw_key(w, "verify");
    if (!s->verify_ms) {
        jsonw_null(w);
        return;
    }
    jsonw_begin_object(w);
    jsonw_ktime(w, "at", s->verify_ms);
    jsonw_ki64(w, "rows", s->verify_rows);
    jsonw_ki64(w, "differences", s->verify_differences);
    jsonw_end_object(w);
}

static void write_work(struct jsonw *w, const struct store_view *v,
                       const struct sync_status *st, uint64_t f) {
    int64_t fresh = st->fresh_ms ? st->fresh_ms : v->success_ms[SYNC_ORDERS];
    if (f & 1u << RPC_STORE_ROW_FRESH)
        jsonw_ktime(w, "fresh", fresh);
    if (f & 1u << RPC_STORE_ROW_COUNTS)
        write_counts(w, v);
    /* Those a person has to look at are no queue: they do not move. */
    if (f & 1u << RPC_STORE_ROW_QUEUE)
        jsonw_ki64(w, "queue",
                   v->changes[CHANGE_QUEUED] + v->changes[CHANGE_SENDING] +
                       v->changes[CHANGE_UNKNOWN]);
    if (f & 1u << RPC_STORE_ROW_ATTENTION)
        jsonw_ki64(w, "attention", v->attention);
    if (f & 1u << RPC_STORE_ROW_HELD)
        jsonw_kbool(w, "held", v->held);
    if (f & 1u << RPC_STORE_ROW_RATE)
        jsonw_ki64(w, "rate", (st->requests_per_min_milli + 500) / 1000);
    if (f & 1u << RPC_STORE_ROW_INTERVAL)
        jsonw_ki64(w, "interval", v->s.interval_s);
    if (f & 1u << RPC_STORE_ROW_REQUESTS_PER_HOUR)
        jsonw_ki64(w, "requests_per_hour", v->s.per_hour);
    if (f & 1u << RPC_STORE_ROW_LATE)
        jsonw_ki64(w, "late", v->s.late_s);
    if (f & 1u << RPC_STORE_ROW_NEXT_RUN)
        jsonw_ktime(w, "next_run", v->s.paused ? 0 : st->next_run_ms);
    if (f & 1u << RPC_STORE_ROW_VERIFY)
        write_verify(w, &v->s);
    if (f & 1u << RPC_STORE_ROW_PROGRESS) {
        jsonw_key(w, "progress");
        progress_of_status(w, st);
    }
}

void store_view_fields(const struct rpc *r, enum text_lang lang,
                       const struct store_view *v, uint64_t fields,
                       struct jsonw *w) {
    struct sync_status st = store_status_of(r, v->s.id);
    if (fields & 1u << RPC_STORE_ROW_NAME)
        jsonw_kstring(w, "name", v->s.name);
    if (fields & 1u << RPC_STORE_ROW_TITLE)
        jsonw_kstring(w, "title", v->s.title);
    if (fields & 1u << RPC_STORE_ROW_URL)
        jsonw_kstring(w, "url", v->s.url);
    if (fields & 1u << RPC_STORE_ROW_STATE)
        jsonw_kstring(w, "state", store_state(&v->s, &st));
    if (fields & (1u << RPC_STORE_ROW_REASON | 1u << RPC_STORE_ROW_CURE))
        write_reason(w, lang, &v->s);
    write_known(w, &v->s, fields);
    write_work(w, v, &st, fields);
    if (fields & 1u << RPC_STORE_ROW_HOOKS)
        hook_view_write(w, lang, &v->s, v->held, &v->hooks, &st);
}

void store_view_write(const struct rpc *r, enum text_lang lang,
                      const struct store_view *v, struct jsonw *w) {
    jsonw_begin_object(w);
    store_view_fields(r, lang, v, UINT64_MAX, w);
    jsonw_end_object(w);
}
