#include "common/str.h"
#include "rpc/call.h"
#include "rpc/job.h"
#include "rpc_handlers.gen.h"

/* A foreign job and a missing one look the same. */
static struct rpc_job *find(struct rpc_call *call, const char *id) {
    struct rpc_job *job = job_find(call->rpc, id);
    if (job && !job_visible(job, call->who))
        job = NULL;
    if (!job)
        call_fail(call, ERR_NOT_FOUND, "id",
                  "there is no such job, or it ended long ago");
    return job;
}

int method_jobs_get(struct rpc_call *call,
                    const struct rpc_jobs_get_params *p) {
    const struct rpc_job *job = find(call, p->id);
    if (!job)
        return ERR_NOT_FOUND;
    job_write(job, call_result(call), true);
    return 0;
}

static bool works_on(const struct rpc_job *job, const char *store) {
    for (size_t i = 0; i < job->n_stores; i++) {
        if (str_eq(job->stores[i], store))
            return true;
    }
    return false;
}

static bool matches(const struct rpc_call *call, const struct rpc_job *job,
                    const struct rpc_jobs_list_params *p) {
    return job_visible(job, call->who) &&
           (!p->has_state || job->state == p->state) &&
           (!p->has_store || works_on(job, p->store));
}

int method_jobs_list(struct rpc_call *call,
                     const struct rpc_jobs_list_params *p) {
    const struct rpc_job *job = call->rpc->jobs, *last = NULL;
    const char *next = NULL;
    int64_t n = 0;
    if (p->has_after) {
        job = job_find(call->rpc, p->after);
        if (!job || !job_visible(job, call->who))
            return call_fail(call, ERR_INVALID, "after", "no such place");
        job = job->next;
    }
    struct jsonw *w = call_list_begin(call);
    for (; job && !next; job = job->next) {
        if (!matches(call, job, p))
            continue;
        if (n++ < p->limit)
            job_write(job, w, false);
        else
            next = last->id;
        last = job;
    }
    call_list_end(w, next, false);
    return 0;
}

int method_jobs_cancel(struct rpc_call *call,
                       const struct rpc_jobs_cancel_params *p) {
    struct rpc_job *job = find(call, p->id);
    if (!job)
        return ERR_NOT_FOUND;
    static const char *const names[] = {"queued", "running", "done", "failed",
                                        "cancelled"};
    call_note(call, p->id);
    job_cancel(job);
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_kstring(w, "id", p->id);
    jsonw_kstring(w, "state", names[job->state]);
    jsonw_end_object(w);
    return 0;
}
