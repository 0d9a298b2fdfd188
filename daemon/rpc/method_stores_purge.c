/* stores.purge: one job, a slice of a removed store's rows a write job, so that
 * lists and sync go on between.
 *
 * Happy path: a read finds the store; the first slice writes the audit row; the
 * job ends with the slice that frees the store's name.
 * Failure modes: cancelled, or cut off by a crash: the store is still removed
 * and has its name, so the same call goes on with what is left. */
#include <string.h>

#include "common/digest.h"
#include "common/mem.h"
#include "common/str.h"
#include "db/db.h"
#include "model/feed.h"
#include "model/purge.h"
#include "rpc/call.h"
#include "rpc/job.h"
#include "rpc_handlers.gen.h"

enum { SLICE_MS = 10 };

struct work {
    struct rpc *rpc;
    struct rpc_job *job;
    struct purge purge, next; /* next: after the slice that runs */
    bool begun;               /* its audit row is committed */
    int64_t begun_ms;
};

static void finish(struct work *k, int status) {
    struct rpc_job *job = k->job;
    struct jsonw w;
    if (status >= 0) {
        job_result(job, &w);
        jsonw_begin_object(&w);
        jsonw_kstring(&w, "name", k->purge.name);
        jsonw_ki64(&w, "rows", k->purge.done);
        jsonw_ki64(&w, "ms", env_mono(k->rpc->o.env) - k->begun_ms);
        jsonw_end_object(&w);
    }
    free(k);
    job_finish(job, status, NULL);
}

static int audit(const struct work *k, struct db_tx *tx) {
    AUTO_BUF struct buf payload = BUF_INIT;
    uint8_t salt[16];
    struct jsonw w;
    jsonw_init(&w, &payload);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "from", k->job->place);
    jsonw_ki64(&w, "rows", k->purge.total);
    jsonw_end_object(&w);
    digest_random(salt, sizeof salt);
    return audit_add(tx, k->rpc->o.audit_key, salt, k->job->actor,
                     rpc_methods[k->job->method].name, k->purge.name,
                     buf_str(&payload));
}

/* From where it stands: a job may run a second time. */
static int slice_job(struct db_tx *tx, void *arg) {
    struct work *k = arg;
    k->next = k->purge;
    int rc = k->begun ? 0 : audit(k, tx);
    return rc < 0 ? rc : purge_slice(tx, SLICE_MS, &k->next);
}

static void slice(struct work *k);

static void sliced(int status, void *arg) {
    struct work *k = arg;
    if (status >= 0) {
        k->purge = k->next;
        k->begun = true;
    }
    if (status > 0 && k->job->cancelled)
        status = ERR_CANCELLED;
    if (status <= 0) {
        finish(k, status);
        return;
    }
    struct job_progress p = {
        .done = k->purge.done, .total = k->purge.total, .eta_s = -1};
    (void)str_copy(p.store, sizeof p.store, k->purge.name);
    (void)str_copy(p.collection, sizeof p.collection, "purge");
    job_progress(k->job, &p);
    slice(k);
}

static void slice(struct work *k) {
    int rc = db_write(k->rpc->o.db, DB_SYNC, slice_job, sliced, k);
    if (rc < 0)
        sliced(rc, k);
}

/* Seen by the slice that is on its way. */
static void cancel(struct rpc_job *job) {
    (void)job;
}

static int find_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_stores_purge_params *p = call->params;
    struct purge *found = arena_alloc(call_arena(call), sizeof *found);
    call->data = found;
    int rc = purge_find(tx, p->store, found);
    if (rc == ERR_NOT_FOUND)
        return call_fail(call, rc, "store", "there is no store %s", p->store);
    if (rc == ERR_CONFLICT)
        return call_fail(call, ERR_INVALID, "store",
                         "%s is in use: remove it first, fulexo stores remove",
                         p->store);
    return rc;
}

static bool runs(const struct rpc *r, int64_t store_id) {
    for (const struct rpc_job *job = r->jobs; job; job = job->next) {
        const struct work *k = job->work;
        if (job->method == RPC_STORES_PURGE && !job->finished_ms &&
            k->purge.store_id == store_id)
            return true;
    }
    return false;
}

static int begin(struct rpc_call *call) {
    const struct purge *found = call->data;
    int rc;
    if (runs(call->rpc, found->store_id))
        return call_fail(call, ERR_BUSY, "store", "%s is being purged",
                         found->name);
    struct work *k = NEW(struct work);
    *k = (struct work){.rpc = call->rpc,
                       .purge = *found,
                       .begun_ms = env_mono(call->rpc->o.env)};
    k->job = job_begin(call, NULL, 0, cancel, k, &rc);
    if (!k->job) {
        free(k);
        return rc;
    }
    slice(k);
    return 0;
}

int method_stores_purge(struct rpc_call *call,
                        const struct rpc_stores_purge_params *p) {
    int rc;
    if (!str_eq(p->confirm, p->store))
        return call_fail(call, ERR_INVALID, "confirm",
                         "type the store's name once more: %s", p->store);
    if (job_replay(call, &rc))
        return rc;
    return call_read(call, find_work, begin);
}
