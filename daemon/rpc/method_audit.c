/* The audit trail: read, and verified as a job of slices, so that no reader is
 * held up by a long trail. */
#include <string.h>

#include "common/digest.h"
#include "common/mem.h"
#include "common/query.h"
#include "common/str.h"
#include "db/db.h"
#include "db/sql.h"
#include "model/audit_list.h"
#include "query_keys.gen.h"
#include "rpc/call.h"
#include "rpc/job.h"
#include "rpc_handlers.gen.h"

enum { WALK_MS = 500, SLICE = 20000 };

/* --- list ---------------------------------------------------------------- */

struct listing {
    struct jsonw *w;
    struct arena *arena;
    int64_t left;
};

/* The payload's own members behind from and ok, which have columns. */
static void write_what(struct jsonw *w, const struct json *payload) {
    jsonw_key(w, "what");
    if (!payload) {
        jsonw_null(w);
        return;
    }
    jsonw_begin_object(w);
    for (const struct json *m = json_first(payload); m; m = json_next(m)) {
        AUTO_BUF struct buf text = BUF_INIT;
        if (str_eq(json_key(m), "from") || str_eq(json_key(m), "ok"))
            continue;
        json_print(&text, m);
        jsonw_key(w, json_key(m));
        jsonw_raw(w, text.data, text.len);
    }
    jsonw_end_object(w);
}

static int list_one(const struct audit_item *a, void *arg) {
    struct listing *l = arg;
    const struct json *payload = NULL;
    bool ok = true;
    /* What does not parse was written by another hand: shown as erased. */
    if (a->payload)
        (void)json_parse(l->arena, a->payload, strlen(a->payload), NULL,
                         &payload, NULL);
    (void)json_bool(json_get(payload, "ok"), false, &ok);
    jsonw_begin_object(l->w);
    jsonw_ki64(l->w, "id", a->id);
    jsonw_ktime(l->w, "at", a->at_ms);
    jsonw_kstring(l->w, "who", a->actor);
    jsonw_kstring(l->w, "from", json_string(json_get(payload, "from")));
    jsonw_kstring(l->w, "action", a->action);
    jsonw_kstring(l->w, "object", a->object);
    jsonw_kbool(l->w, "ok", ok);
    write_what(l->w, payload);
    jsonw_end_object(l->w);
    return --l->left == 0;
}

static int list_rows(struct rpc_call *call, struct db_tx *tx,
                     const struct query *q, int64_t before) {
    const struct rpc_audit_list_params *p = call->params;
    struct listing l = {.arena = call_arena(call), .left = p->limit};
    char next[24];
    int64_t last;
    bool end;
    l.w = call_list_begin(call);
    int rc = audit_each(tx, before, q, call->rpc->zone, WALK_MS, list_one, &l,
                        &last, &end);
    (void)str_format(next, sizeof next, "%lld", (long long)last);
    call_list_end(l.w, end || last <= 1 ? NULL : next, !end && l.left > 0);
    return rc;
}

static int list_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_audit_list_params *p = call->params;
    struct query q = {0};
    int64_t before = INT64_MAX;
    if (p->has_after && str_to_i64(p->after, 1, INT64_MAX, &before) < 0)
        return call_fail(call, ERR_INVALID, "after", "no such place");
    int rc = query_parse(p->has_filter ? p->filter : "", query_list_audit.keys,
                         query_list_audit.n, &q, &call->error);
    if (rc >= 0)
        rc = list_rows(call, tx, &q, before);
    query_done(&q);
    return rc;
}

int method_audit_list(struct rpc_call *call,
                      const struct rpc_audit_list_params *p) {
    (void)p;
    return call_read(call, list_work, NULL);
}

/* --- one ----------------------------------------------------------------- */

struct finding {
    struct listing l;
    int64_t id;
};

/* The newest at or below it: it, or it is not there. */
static int find_one(const struct audit_item *a, void *arg) {
    struct finding *f = arg;
    if (a->id == f->id)
        (void)list_one(a, &f->l);
    return 1;
}

static int get_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_audit_get_params *p = call->params;
    struct finding f = {
        .l = {.w = call_result(call), .arena = call_arena(call), .left = 1},
        .id = p->id};
    struct query all = {0};
    int64_t last;
    bool end;
    int rc = audit_each(tx, p->id + 1, &all, call->rpc->zone, WALK_MS, find_one,
                        &f, &last, &end);
    return rc < 0         ? rc
           : f.l.left > 0 ? call_fail(call, ERR_NOT_FOUND, "id",
                                      "there is no row %lld", (long long)p->id)
                          : 0;
}

int method_audit_get(struct rpc_call *call,
                     const struct rpc_audit_get_params *p) {
    (void)p;
    return call_read(call, get_work, NULL);
}

/* --- verify -------------------------------------------------------------- */

struct verify {
    struct rpc *rpc;
    struct rpc_job *job;
    struct audit_walk walk;
    int64_t total;
    struct error error;
    bool cancelled;
};

static int job_slice(struct db_tx *tx, void *arg) {
    struct verify *v = arg;
    uint8_t mac[32];
    int rc = audit_head(tx, &v->total, mac);
    return rc < 0 ? rc
                  : audit_walk(tx, v->rpc->o.audit_key, &v->walk, SLICE,
                               &v->error);
}

static void write_result(struct verify *v, int status) {
    struct jsonw w;
    char hex[65];
    int64_t bad = 0;
    digest_hex(v->walk.mac, sizeof v->walk.mac, hex);
    job_result(v->job, &w);
    jsonw_begin_object(&w);
    jsonw_kbool(&w, "ok", status >= 0);
    jsonw_ki64(&w, "rows", v->walk.rows);
    jsonw_kstring(&w, "head", hex);
    jsonw_key(&w, "bad");
    if (status < 0 && str_to_i64(v->error.where, 1, INT64_MAX, &bad) == 0)
        jsonw_i64(&w, bad);
    else
        jsonw_null(&w);
    jsonw_end_object(&w);
}

static void finish(struct verify *v, int status) {
    struct rpc_job *job = v->job;
    struct error e = v->error;
    if (status >= 0 || status == ERR_DB_CORRUPT)
        write_result(v, status);
    free(v);
    job_finish(job, status, &e);
}

static void next_slice(struct verify *v);

static void slice_done(int status, void *arg) {
    struct verify *v = arg;
    struct job_progress p = {
        .done = v->walk.rows, .total = v->total, .eta_s = -1};
    (void)str_copy(p.collection, sizeof p.collection, "audit");
    if (v->cancelled)
        status = ERR_CANCELLED;
    if (status <= 0) {
        finish(v, status);
        return;
    }
    job_progress(v->job, &p);
    next_slice(v);
}

static void next_slice(struct verify *v) {
    int rc = db_read(v->rpc->o.db, DB_SYNC, job_slice, slice_done, v);
    if (rc < 0)
        finish(v, rc);
}

static void cancel(struct rpc_job *job) {
    struct verify *v = job->work;
    v->cancelled = true; /* the slice under way ends it */
}

int method_audit_verify(struct rpc_call *call,
                        const struct rpc_audit_verify_params *p) {
    struct verify *v = NEW(struct verify);
    int rc;
    (void)p;
    v->rpc = call->rpc;
    v->job = job_begin(call, NULL, 0, cancel, v, &rc);
    if (!v->job) {
        free(v);
        return rc;
    }
    next_slice(v);
    return 0;
}
