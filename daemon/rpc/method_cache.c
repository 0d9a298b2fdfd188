/* cache.clear: one job that rebuilds what is derived, a slice of orders (then
 * of items, which follow from them, and of products) a write job, so that lists
 * and sync go on between. */
#include <string.h>

#include "common/mem.h"
#include "db/db.h"
#include "model/gtin.h"
#include "model/item.h"
#include "model/order.h"
#include "rpc/call.h"
#include "rpc/job.h"
#include "rpc_handlers.gen.h"

enum { SLICE = 500 };

struct clear {
    struct rpc *rpc;
    struct rpc_job *job;
    enum { ORDERS, ITEMS, PRODUCTS } stage;
    int64_t after; /* last one of it that is done; 0: none */
    int64_t next;  /* what the slice answered; 0: the end */
    int64_t done;
    int64_t begun_ms;
};

static void finish(struct clear *c, int status) {
    struct rpc_job *job = c->job;
    struct jsonw w;
    job_result(job, &w);
    jsonw_begin_object(&w);
    jsonw_ki64(&w, "orders", c->done);
    jsonw_ki64(&w, "ms", env_mono(c->rpc->o.env) - c->begun_ms);
    jsonw_end_object(&w);
    free(c);
    job_finish(job, status, NULL);
}

static int slice_job(struct db_tx *tx, void *arg) {
    struct clear *c = arg;
    static int64_t (*const rebuild[])(struct db_tx * tx, int64_t after,
                                      int n) = {order_rebuild, item_rebuild,
                                                gtin_rebuild};
    c->next = rebuild[c->stage](tx, c->after, SLICE);
    return c->next < 0 ? (int)c->next : 0;
}

static void slice(struct clear *c);

static void sliced(int status, void *arg) {
    struct clear *c = arg;
    bool end = c->next == 0 && c->stage == PRODUCTS;
    if (status < 0 || end || c->job->cancelled) {
        finish(c, status < 0 ? status : c->job->cancelled ? ERR_CANCELLED : 0);
        return;
    }
    c->stage += c->next == 0;
    c->after = c->next;
    c->done += c->stage == ORDERS ? SLICE : 0;
    job_progress(c->job, &(struct job_progress){.collection = "orders",
                                                .done = c->done,
                                                .eta_s = -1});
    slice(c);
}

static void slice(struct clear *c) {
    int rc = db_write(c->rpc->o.db, DB_SYNC, slice_job, sliced, c);
    if (rc < 0)
        sliced(rc, c);
}

/* Seen by the slice that is on its way. */
static void cancel(struct rpc_job *job) {
    (void)job;
}

int method_cache_clear(struct rpc_call *call,
                       const struct rpc_cache_clear_params *p) {
    (void)p;
    struct clear *c = NEW(struct clear);
    int rc;
    c->rpc = call->rpc;
    c->begun_ms = env_mono(call->rpc->o.env);
    c->job = job_begin(call, NULL, 0, cancel, c, &rc);
    if (!c->job) {
        free(c);
        return rc;
    }
    slice(c);
    return 0;
}
