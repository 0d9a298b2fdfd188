/* Stores: what is shown and the quick changes. Set-up and long work are in
 * method_stores_create.c and method_stores_sync.c. */
#include <string.h>

#include "auth/keys.h"
#include "common/fold.h"
#include "common/mem.h"
#include "common/str.h"
#include "model/feed.h"
#include "query_keys.gen.h"
#include "rpc/call.h"
#include "rpc/job.h"
#include "rpc/store_view.h"
#include "rpc_handlers.gen.h"

/* --- list -------------------------------------------------------------- */

struct view_list {
    size_t n;
    struct store_view *v; /* in the arena; each to be done */
    struct query query;
};

static void list_done(struct view_list *l) {
    for (size_t i = 0; i < l->n; i++)
        store_view_done(&l->v[i]);
    query_done(&l->query);
}

static int list_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_stores_list_params *p = call->params;
    struct view_list *l = arena_alloc(call_arena(call), sizeof *l);
    struct store *stores = NULL;
    size_t n = 0;
    memset(l, 0, sizeof *l);
    int rc = query_parse(p->has_filter ? p->filter : "", query_list_stores.keys,
                         query_list_stores.n, &l->query, &call->error);
    if (rc >= 0)
        rc = store_list(tx, &stores, &n);
    l->v = arena_alloc(call_arena(call), (n + 1) * sizeof *l->v);
    for (size_t i = 0; rc >= 0 && i < n; i++)
        rc = store_view_read(tx, &stores[i], &l->v[l->n++]);
    store_list_free(stores, n);
    if (rc < 0)
        list_done(l);
    call->data = l;
    return rc;
}

static bool contains(const char *text, const char *folded_word) {
    AUTO_BUF struct buf b = BUF_INIT;
    fold_text(&b, text, strlen(text));
    return strstr(buf_str(&b), folded_word) != NULL;
}

static bool value_matches(const struct query_term *t, const char *value,
                          const struct store_view *v, const char *state) {
    if (t->key && t->key->id == QUERY_STORES_STATE)
        return str_glob(value, state);
    if (t->key)
        return str_glob(value, v->s.name);
    AUTO_BUF struct buf word = BUF_INIT;
    fold_text(&word, value, strlen(value));
    return contains(v->s.name, buf_str(&word)) ||
           contains(v->s.title, buf_str(&word)) ||
           contains(v->s.url, buf_str(&word));
}

static bool view_matches(const struct rpc *r, const struct query *q,
                         const struct store_view *v) {
    struct sync_status st = store_status_of(r, v->s.id);
    for (int i = 0; i < q->n_terms; i++) {
        const struct query_term *t = &q->terms[i];
        bool any = false;
        for (int k = 0; k < t->n_values && !any; k++)
            any =
                value_matches(t, t->values[k].text, v, store_state(&v->s, &st));
        if (any == t->negated)
            return false;
    }
    return true;
}

static int by_fresh(const void *a, const void *b) {
    int64_t x = ((const struct store_view *)a)->success_ms[SYNC_ORDERS];
    int64_t y = ((const struct store_view *)b)->success_ms[SYNC_ORDERS];
    return x < y ? 1 : x > y ? -1 : 0;
}

/* Index behind the store named `after`; n when it is gone. */
static size_t place_after(const struct view_list *l, const char *after) {
    for (size_t i = 0; i < l->n; i++) {
        if (str_eq(l->v[i].s.name, after))
            return i + 1;
    }
    return l->n;
}

static void write_list(struct rpc_call *call, const struct view_list *l) {
    const struct rpc_stores_list_params *p = call->params;
    struct jsonw *w = call_list_begin(call);
    const char *last = NULL, *next = NULL;
    int64_t n = 0;
    for (size_t i = p->has_after ? place_after(l, p->after) : 0;
         i < l->n && !next; i++) {
        if (!view_matches(call->rpc, &l->query, &l->v[i]))
            continue;
        if (n++ == p->limit) {
            next = last;
            continue;
        }
        jsonw_begin_object(w);
        store_view_fields(call->rpc, call->lang, &l->v[i], p->fields, w);
        jsonw_end_object(w);
        last = l->v[i].s.name;
    }
    call_list_end(w, next, false);
}

static int list_then(struct rpc_call *call) {
    const struct rpc_stores_list_params *p = call->params;
    struct view_list *l = call->data;
    if (p->sort == RPC_STORES_LIST_SORT_FRESH_DESC)
        qsort(l->v, l->n, sizeof *l->v, by_fresh);
    write_list(call, l);
    list_done(l);
    return 0;
}

int method_stores_list(struct rpc_call *call,
                       const struct rpc_stores_list_params *p) {
    (void)p;
    return call_read(call, list_work, list_then);
}

/* --- get --------------------------------------------------------------- */

static int read_view(struct rpc_call *call, struct db_tx *tx, const char *name,
                     struct store_view *ret) {
    int rc = store_view_by_name(tx, name, ret);
    if (rc == ERR_NOT_FOUND)
        return call_fail(call, rc, "store", "there is no store %s", name);
    return rc;
}

/* A store with what its last verify found. */
struct whole {
    struct store_view v;
    const char *report; /* JSON; NULL: never verified */
    const char *tenant;
};

static int get_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_stores_get_params *p = call->params;
    struct whole *o = arena_alloc(call_arena(call), sizeof *o);
    o->report = o->tenant = NULL;
    int rc = read_view(call, tx, p->store, &o->v);
    if (rc < 0)
        return rc;
    call->data = o;
    rc = store_verify_report(tx, o->v.s.id, call_arena(call), &o->report);
    if (rc >= 0)
        rc = store_tenant(tx, o->v.s.id, call_arena(call), &o->tenant);
    if (rc < 0)
        store_view_done(&o->v);
    return rc < 0 ? rc : 0;
}

static void write_collections(struct jsonw *w, const struct rpc *r,
                              const struct store_view *v) {
    int64_t now = env_now(r->o.env);
    jsonw_key(w, "collections");
    jsonw_begin_array(w);
    for (int i = 0; i < SYNC_COLLECTIONS; i++) {
        int64_t ms = v->success_ms[i];
        jsonw_begin_object(w);
        jsonw_kstring(w, "collection",
                      sync_collection_name((enum sync_collection)i));
        jsonw_ki64(w, "rows", v->rows[i]);
        jsonw_ktime(w, "fresh", ms);
        jsonw_key(w, "lag_s");
        if (ms)
            jsonw_i64(w, now > ms ? (now - ms) / 1000 : 0);
        else
            jsonw_null(w);
        jsonw_end_object(w);
    }
    jsonw_end_array(w);
}

static void write_sweeps(struct jsonw *w, const struct sync_status *st) {
    jsonw_key(w, "sweeps");
    jsonw_begin_array(w);
    for (int i = 0; i < st->n_sweeps; i++) {
        jsonw_begin_object(w);
        jsonw_kstring(w, "kind", st->sweeps[i].kind);
        jsonw_ktime(w, "last", st->sweeps[i].last_ms);
        jsonw_ktime(w, "next", st->sweeps[i].next_ms);
        jsonw_ki64(w, "period", st->sweeps[i].period_s);
        jsonw_end_object(w);
    }
    jsonw_end_array(w);
    jsonw_key(w, "budget");
    jsonw_begin_object(w);
    jsonw_ki64(w, "per_hour", st->per_hour);
    jsonw_ki64(w, "used", st->used);
    jsonw_ki64(w, "poll", st->poll_s);
    jsonw_end_object(w);
}

/* Of the newest examination still remembered. */
static void write_hops(struct jsonw *w, const struct rpc *r,
                       enum text_lang lang, const char *name) {
    const struct rpc_job *job = r->jobs;
    while (job && !(job->n_steps > 0 && job->n_stores == 1 &&
                    str_eq(job->stores[0], name)))
        job = job->next;
    if (job) {
        job_steps(job, "hops", lang, w);
        return;
    }
    jsonw_key(w, "hops");
    jsonw_begin_array(w);
    jsonw_end_array(w);
}

static void write_key(struct jsonw *w, struct rpc_call *call,
                      const struct store *s) {
    const char *key = "", *secret = "";
    const struct keys *keys = call->rpc->o.keys;
    AUTO_BUF struct buf masked = BUF_INIT;
    if (keys && keys_open(keys, s, call_arena(call), &key, &secret) >= 0)
        mem_wipe((char *)(uintptr_t)secret, strlen(secret));
    size_t n = strlen(key);
    if (n > 10)
        buf_addf(&masked, "%.3s...%s", key, key + n - 7);
    else if (n > 0)
        buf_adds(&masked, "...");
    jsonw_kstring(w, "key", buf_str(&masked));
}

static int get_then(struct rpc_call *call) {
    struct whole *o = call->data;
    struct store_view *v = &o->v;
    const struct store *s = &v->s;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    store_view_fields(call->rpc, call->lang, v, UINT64_MAX, w);
    write_collections(w, call->rpc, v);
    struct sync_status st = store_status_of(call->rpc, s->id);
    write_sweeps(w, &st);
    write_hops(w, call->rpc, call->lang, s->name);
    jsonw_kmaybe(w, "zone", s->caps.zone);
    jsonw_kmaybe(w, "currency", s->caps.currency);
    jsonw_kstring(w, "tenant", o->tenant);
    jsonw_kbool(w, "allow_http", s->allow_http);
    write_key(w, call, s);
    jsonw_kbool(w, "has_ca", s->ca != NULL);
    jsonw_ktime(w, "created", s->created_ms);
    jsonw_key(w, "verify_report");
    if (o->report)
        jsonw_raw(w, o->report, strlen(o->report));
    else
        jsonw_null(w);
    jsonw_end_object(w);
    store_view_done(v);
    return 0;
}

int method_stores_get(struct rpc_call *call,
                      const struct rpc_stores_get_params *p) {
    (void)p;
    return call_read(call, get_work, get_then);
}

/* --- pause, resume, remove --------------------------------------------- */

static int find_store(struct rpc_call *call, struct db_tx *tx, const char *name,
                      struct store *ret) {
    int rc = store_by_name(tx, name, ret);
    if (rc == 0)
        rc = call_fail(call, ERR_NOT_FOUND, "store", "there is no store %s",
                       name);
    return rc;
}

/* Remember which store `then` has to tell the engine about. */
static void note_id(struct rpc_call *call, int64_t id) {
    int64_t *keep = arena_alloc(call_arena(call), sizeof *keep);
    *keep = id;
    call->data = keep;
}

static int tell_engine(struct rpc_call *call) {
    const int64_t *id = call->data;
    if (call->rpc->sync)
        sync_store_changed(call->rpc->sync, *id);
    return 0;
}

static int set_paused(struct rpc_call *call, struct db_tx *tx, const char *name,
                      bool paused) {
    struct store s = {0};
    int rc = find_store(call, tx, name, &s);
    s.paused = paused;
    if (rc >= 0)
        rc = store_update(tx, &s);
    if (rc >= 0)
        rc = call_audit(call, tx, s.name, "{}");
    if (rc >= 0)
        rc = feed_add(tx, "store", s.id, 0, "");
    note_id(call, s.id);
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_kstring(w, "name", s.name);
    jsonw_kstring(w, "state", paused ? "paused" : s.state);
    jsonw_end_object(w);
    store_done(&s);
    return rc;
}

static int pause_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_stores_pause_params *p = call->params;
    return set_paused(call, tx, p->store, true);
}

int method_stores_pause(struct rpc_call *call,
                        const struct rpc_stores_pause_params *p) {
    (void)p;
    return call_write(call, pause_work, tell_engine);
}

static int resume_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_stores_resume_params *p = call->params;
    return set_paused(call, tx, p->store, false);
}

int method_stores_resume(struct rpc_call *call,
                         const struct rpc_stores_resume_params *p) {
    (void)p;
    return call_write(call, resume_work, tell_engine);
}

static int remove_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_stores_remove_params *p = call->params;
    struct store s = {0};
    int rc = find_store(call, tx, p->store, &s);
    if (rc >= 0)
        rc = store_remove(tx, s.id);
    if (rc >= 0)
        rc = call_audit(call, tx, p->store, "{}");
    if (rc >= 0)
        rc = feed_add(tx, "store", s.id, 0, "");
    note_id(call, s.id);
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_kstring(w, "name", p->store);
    jsonw_end_object(w);
    store_done(&s);
    return rc;
}

static int remove_then(struct rpc_call *call) {
    const int64_t *id = call->data;
    if (call->rpc->o.keys)
        keys_drop(call->rpc->o.keys, *id);
    return tell_engine(call);
}

int method_stores_remove(struct rpc_call *call,
                         const struct rpc_stores_remove_params *p) {
    if (!str_eq(p->confirm, p->store))
        return call_fail(call, ERR_INVALID, "confirm",
                         "type the store's name once more: %s", p->store);
    return call_write(call, remove_work, remove_then);
}
