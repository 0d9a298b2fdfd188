/* stores.sync and stores.verify: one job over one store or many; each store
 * has a run of the engine, and the job ends with the last of them. A run that
 * failed makes it `partial`, all of them failed its own error. */
#include <string.h>

#include "common/check.h"
#include "common/mem.h"
#include "common/str.h"
#include "rpc/call.h"
#include "rpc/job.h"
#include "rpc/names.h"
#include "rpc/store_view.h"
#include "rpc_handlers.gen.h"

struct work;

/* One store of the job. */
struct part {
    struct work *work;
    int64_t id;
    char name[33];
    struct sync_run *run; /* NULL: not begun, or ended */
    bool ended;
    int64_t started_ms;
    int status;
    struct buf report; /* its JSON */
    int64_t differences;
};

struct work {
    struct rpc_job *job;
    bool verify, full;
    unsigned only;
    size_t n, left;
    bool starting; /* runs are being begun: the end waits */
    int64_t differences;
    struct part parts[];
};

/* --- results ----------------------------------------------------------- */

static const char *state_name(int status) {
    return status >= 0               ? "done"
           : status == ERR_CANCELLED ? "cancelled"
           : status == ERR_PARTIAL   ? "partial"
                                     : "failed";
}

static void write_fault(struct jsonw *w, const struct part *p,
                        const struct error *e) {
    jsonw_key(w, "error");
    if (p->status < 0)
        job_fault(w, p->work->job->lang, p->status, e);
    else
        jsonw_null(w);
}

static void write_collection(struct jsonw *w, int i,
                             const struct sync_collection_result *c) {
    jsonw_begin_object(w);
    jsonw_kstring(w, "collection",
                  sync_collection_name((enum sync_collection)i));
    jsonw_ki64(w, "rows", c->rows);
    jsonw_ki64(w, "new", c->inserted);
    jsonw_ki64(w, "changed", c->changed);
    jsonw_ki64(w, "gone", c->gone);
    jsonw_ki64(w, "aside", c->aside);
    jsonw_ki64(w, "requests", c->requests);
    jsonw_ki64(w, "ms", c->ms);
    jsonw_end_object(w);
}

static void write_sync(struct part *p, const struct sync_result *r) {
    struct jsonw w;
    jsonw_init(&w, &p->report);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "store", p->name);
    jsonw_kstring(&w, "state", state_name(r->status));
    jsonw_key(&w, "collections");
    jsonw_begin_array(&w);
    for (int i = 0; i < SYNC_COLLECTIONS; i++) {
        if (r->by[i].used)
            write_collection(&w, i, &r->by[i]);
    }
    jsonw_end_array(&w);
    write_fault(&w, p, &r->error);
    jsonw_end_object(&w);
}

/* The engine's report is an object: its members go beside ours. */
static void write_verify(struct part *p, const struct sync_result *r) {
    static const char none[] =
        "{\"rows\":{},\"differences\":0,\"list\":[],\"more\":0}";
    const struct env *env = p->work->job->rpc->o.env;
    const char *report = str_empty(r->report) ? none : r->report;
    struct jsonw w;
    AUTO_BUF struct buf own = BUF_INIT;
    jsonw_init(&w, &own);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "store", p->name);
    jsonw_ktime(&w, "started", p->started_ms);
    jsonw_ktime(&w, "finished", r->status < 0 ? 0 : env_now(env));
    write_fault(&w, p, &r->error);
    jsonw_end_object(&w);
    buf_add(&p->report, own.data, own.len - 1);
    buf_addc(&p->report, ',');
    buf_adds(&p->report, report + 1);
    p->differences = r->differences;
}

/* --- the end ----------------------------------------------------------- */

static int outcome(const struct work *work) {
    int first = 0;
    size_t failed = 0;
    for (size_t i = 0; i < work->n; i++) {
        int status = work->parts[i].status;
        failed += status < 0;
        first = first ? first : status;
    }
    if (work->job->cancelled && failed > 0)
        return ERR_CANCELLED;
    return failed == 0 || failed == work->n ? first : ERR_PARTIAL;
}

static void write_all(struct work *work) {
    struct jsonw w;
    job_result(work->job, &w);
    jsonw_begin_object(&w);
    if (work->verify) {
        int64_t sum = 0;
        for (size_t i = 0; i < work->n; i++)
            sum += work->parts[i].differences;
        jsonw_ki64(&w, "differences", sum);
    }
    jsonw_key(&w, "stores");
    jsonw_begin_array(&w);
    for (size_t i = 0; i < work->n; i++)
        jsonw_raw(&w, work->parts[i].report.data, work->parts[i].report.len);
    jsonw_end_array(&w);
    jsonw_end_object(&w);
}

static void maybe_finish(struct work *work) {
    if (work->left > 0 || work->starting)
        return;
    int status = outcome(work);
    write_all(work);
    struct rpc_job *job = work->job;
    for (size_t i = 0; i < work->n; i++)
        buf_done(&work->parts[i].report);
    free(work);
    job_finish(job, status, NULL);
}

static void on_done(const struct sync_result *r, void *arg) {
    struct part *p = arg;
    p->run = NULL;
    p->ended = true;
    p->status = r->status < 0 ? r->status : 0;
    if (p->work->verify)
        write_verify(p, r);
    else
        write_sync(p, r);
    p->work->left--;
    maybe_finish(p->work);
}

static void on_progress(const struct sync_progress *from, void *arg) {
    struct part *p = arg;
    struct job_progress to = {.done = from->done,
                              .total = from->total,
                              .rate_milli = from->rate_milli,
                              .eta_s = from->eta_s};
    (void)str_copy(to.store, sizeof to.store, p->name);
    (void)str_copy(to.collection, sizeof to.collection,
                   from->collection[0] ? from->collection : from->step);
    job_progress(p->work->job, &to);
}

/* --- the beginning ----------------------------------------------------- */

static void cancel(struct rpc_job *job) {
    struct work *work = job->work;
    work->starting = true; /* not freed under this loop */
    for (size_t i = 0; i < work->n; i++) {
        if (work->parts[i].run && !work->parts[i].ended)
            sync_cancel(job->rpc->sync, work->parts[i].run);
    }
    work->starting = false;
    maybe_finish(work);
}

static void begin(struct work *work) {
    struct sync *sync = work->job->rpc->sync;
    work->starting = true;
    for (size_t i = 0; i < work->n; i++) {
        struct part *p = &work->parts[i];
        p->started_ms = env_now(work->job->rpc->o.env);
        struct sync_run *run = NULL;
        int rc = work->verify
                     ? sync_verify(sync, p->id, on_progress, on_done, p, &run)
                     : sync_run(sync, p->id, work->only, work->full,
                                on_progress, on_done, p, &run);
        struct sync_result refused = {.store_id = p->id, .status = rc};
        if (rc < 0)
            on_done(&refused, p);
        else if (!p->ended)
            p->run = run;
    }
    work->starting = false;
    maybe_finish(work);
}

/* The stores meant: one by name, or all that are not paused. */
static int choose(struct rpc_call *call, struct db_tx *tx, const char *name) {
    struct store *stores = NULL;
    size_t n = 0;
    int rc = store_list(tx, &stores, &n);
    struct work *work =
        mem_zalloc(1, sizeof *work + (n + 1) * sizeof *work->parts);
    for (size_t i = 0; rc >= 0 && i < n; i++) {
        const struct store *s = &stores[i];
        if (name ? !str_eq(s->name, name) : s->paused)
            continue;
        struct part *p = &work->parts[work->n++];
        p->id = s->id;
        p->work = work;
        (void)str_copy(p->name, sizeof p->name, s->name);
    }
    store_list_free(stores, n);
    if (rc >= 0 && name && work->n == 0)
        rc = call_fail(call, ERR_NOT_FOUND, "store", "there is no store %s",
                       name);
    work->left = work->n;
    call->data = work;
    if (rc < 0)
        free(work);
    return rc;
}

/* Takes the work; answers {job}. */
static int run(struct rpc_call *call, struct work *work) {
    AUTO_FREE const char **names = mem_zalloc(work->n + 1, sizeof *names);
    int rc = 0;
    for (size_t i = 0; i < work->n; i++)
        names[i] = work->parts[i].name;
    work->job = call->rpc->sync
                    ? job_begin(call, names, work->n, cancel, work, &rc)
                    : NULL;
    if (!work->job) {
        bool stopped = !call->rpc->sync;
        free(work);
        return stopped ? call_fail(call, ERR_BUSY, "", "no sync runs") : rc;
    }
    begin(work);
    return 0;
}

static int sync_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_stores_sync_params *p = call->params;
    return choose(call, tx, p->has_store ? p->store : NULL);
}

static int sync_then(struct rpc_call *call) {
    const struct rpc_stores_sync_params *p = call->params;
    struct work *work = call->data;
    work->only = (unsigned)p->only & SYNC_ALL_COLLECTIONS;
    work->full = p->full;
    return run(call, work);
}

int method_stores_sync(struct rpc_call *call,
                       const struct rpc_stores_sync_params *p) {
    if (p->has_store == p->all)
        return call_fail(call, ERR_INVALID_PARAMS, "store",
                         "give either a store or all");
    return call_read(call, sync_work, sync_then);
}

static int verify_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_stores_verify_params *p = call->params;
    return choose(call, tx, p->has_store ? p->store : NULL);
}

static int verify_then(struct rpc_call *call) {
    struct work *work = call->data;
    work->verify = true;
    return run(call, work);
}

int method_stores_verify(struct rpc_call *call,
                         const struct rpc_stores_verify_params *p) {
    (void)p;
    return call_read(call, verify_work, verify_then);
}
