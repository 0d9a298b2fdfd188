/* Happy path: job_begin answers the call with {job} and lists it; the owner
 * reports progress and steps, told at most five times a second; job_finish
 * keeps the result and tells of the end at once.
 * Failure modes: too many running jobs, and a server that stops, refuse a new
 * one; a repeated request_id is answered with the job it began; a restart
 * forgets every job, so that whoever waits for one hears "not found" and asks
 * again. What ended is bounded in number, age and bytes. */
#include "rpc/job.h"

#include <string.h>

#include "common/arena.h"
#include "common/check.h"
#include "common/json.h"
#include "common/mem.h"
#include "common/said.h"
#include "common/str.h"
#include "common/text.h"
#include "rpc/call.h"
#include "rpc/names.h"
#include "rpc/person.h"
#include "rpc/progress.h"
#include "rpc/subscriptions.h"

enum { TELL_MS = 200 };

static const char *const state_names[] = {
    [RPC_JOB_STATE_QUEUED] = "queued",
    [RPC_JOB_STATE_RUNNING] = "running",
    [RPC_JOB_STATE_DONE] = "done",
    [RPC_JOB_STATE_FAILED] = "failed",
    [RPC_JOB_STATE_CANCELLED] = "cancelled",
};

/* --- the list ---------------------------------------------------------- */

static void job_free(struct rpc_job *job) {
    struct rpc *r = job->rpc;
    REQUIRE(job->prev ? job->prev->next == job : r->jobs == job);
    if (job->prev)
        job->prev->next = job->next;
    else
        r->jobs = job->next;
    if (job->next)
        job->next->prev = job->prev;
    r->n_jobs--;
    if (job->tell)
        r->o.env->cancel(r->o.env->self, job->tell);
    free(job->stores);
    free(job->progress);
    buf_done(&job->steps);
    buf_done(&job->result);
    free(job);
}

void jobs_free(struct rpc *r) {
    while (r->jobs)
        job_free(r->jobs);
}

/* The one that ended first; of several the one that began first. */
static struct rpc_job *oldest(const struct rpc *r, const struct rpc_job *but) {
    struct rpc_job *first = NULL;
    for (struct rpc_job *job = r->jobs; job; job = job->next) {
        if (job->finished_ms && job != but &&
            (!first || job->finished_ms <= first->finished_ms))
            first = job;
    }
    return first;
}

/* Forget ended jobs beyond number, age and size, but never `last`, which has
 * just ended: whoever waits for it asks next, however long ago it began. */
static void trim(struct rpc *r, const struct rpc_job *last) {
    int ended = 0;
    size_t bytes = 0;
    int64_t now = env_now(r->o.env);
    for (const struct rpc_job *job = r->jobs; job; job = job->next) {
        ended += job->finished_ms != 0;
        bytes += job->result.len;
    }
    for (struct rpc_job *job; (job = oldest(r, last)); ended--) {
        if (ended <= JOBS_KEPT && bytes <= JOBS_RESULTS &&
            now - job->finished_ms <= JOB_KEPT_MS)
            break;
        bytes -= job->result.len;
        job_free(job);
    }
}

struct rpc_job *job_find(const struct rpc *r, const char *id) {
    for (struct rpc_job *job = r->jobs; job; job = job->next) {
        if (strcmp(job->id, id) == 0)
            return job;
    }
    return NULL;
}

bool job_visible(const struct rpc_job *job, const struct person *who) {
    bool seen = job->n_stores > 0;
    for (size_t i = 0; seen && i < job->n_stores; i++) {
        int64_t id = names_id(job->rpc, job->stores[i]);
        seen = id && db_scope_has(&who->scope, id);
    }
    bool own = job->n_stores == 0 && str_eq(job->actor, who->name);
    return seen || own || who->scope.all;
}

/* The job this request_id began. */
static struct rpc_job *job_again(const struct rpc_call *call) {
    for (struct rpc_job *job = call->rpc->jobs; job; job = job->next) {
        if (call->request_id && str_eq(job->request_id, call->request_id) &&
            str_eq(job->actor, call->actor))
            return job;
    }
    return NULL;
}

/* --- showing ----------------------------------------------------------- */

void job_fault(struct jsonw *w, enum text_lang lang, int status,
               const struct error *e) {
    AUTO_BUF struct buf text = BUF_INIT;
    buf_adds(&text, text_error(lang, status));
    if (e && e->code == status)
        said_behind(&text, lang, e->detail);
    jsonw_begin_object(w);
    jsonw_kstring(w, "code", err_name(status));
    jsonw_kstring(w, "message", buf_str(&text));
    jsonw_kstring(w, "hint", text_cure(lang, status));
    jsonw_end_object(w);
}

static void write_progress(const struct rpc_job *job, struct jsonw *w) {
    jsonw_key(w, "progress");
    jsonw_begin_array(w);
    for (size_t i = 0; !job->finished_ms && i < job->n_progress; i++) {
        const struct job_progress *p = &job->progress[i];
        jsonw_begin_object(w);
        jsonw_kstring(w, "store", p->store[0] ? p->store : NULL);
        jsonw_key(w, "progress");
        progress_write(w, p->collection, p->done, p->total, p->rate_milli,
                       p->eta_s);
        jsonw_end_object(w);
    }
    jsonw_end_array(w);
}

static void write_outcome(const struct rpc_job *job, struct jsonw *w,
                          bool result) {
    jsonw_key(w, "error");
    if (job->status < 0)
        job_fault(w, job->lang, job->status, &job->error);
    else
        jsonw_null(w);
    if (!result)
        return;
    jsonw_key(w, "result");
    if (job->finished_ms && job->result.len > 0)
        jsonw_raw(w, job->result.data, job->result.len);
    else
        jsonw_null(w);
}

void job_steps(const struct rpc_job *job, const char *key, enum text_lang lang,
               struct jsonw *w) {
    AUTO_BUF struct buf list = BUF_INIT;
    struct arena *a = arena_new(4096);
    const struct json *v = NULL;
    buf_addf(&list, "[%s]", buf_str(&job->steps));
    CHECK(json_parse(a, list.data, list.len, NULL, &v, NULL) == 0);
    jsonw_key(w, key);
    jsonw_begin_array(w);
    for (const struct json *s = json_first(v); s; s = json_next(s)) {
        int64_t ms = 0;
        (void)json_i64(json_get(s, "ms"), false, &ms);
        jsonw_begin_object(w);
        jsonw_kstring(w, "hop", json_string(json_get(s, "hop")));
        jsonw_kstring(w, "state", json_string(json_get(s, "state")));
        jsonw_ksaid(w, "detail", lang, json_string(json_get(s, "detail")));
        jsonw_ksaid(w, "cure", lang, json_string(json_get(s, "cure")));
        jsonw_ki64(w, "ms", ms);
        jsonw_end_object(w);
    }
    jsonw_end_array(w);
    arena_free(a);
}

void job_write(const struct rpc_job *job, struct jsonw *w, bool result) {
    jsonw_begin_object(w);
    jsonw_kstring(w, "id", job->id);
    jsonw_kstring(w, "method", rpc_methods[job->method].name);
    jsonw_kstring(w, "state", state_names[job->state]);
    jsonw_key(w, "stores");
    jsonw_begin_array(w);
    for (size_t i = 0; i < job->n_stores; i++)
        jsonw_string(w, job->stores[i]);
    jsonw_end_array(w);
    jsonw_ktime(w, "started", job->started_ms);
    jsonw_ktime(w, "finished", job->finished_ms);
    write_progress(job, w);
    job_steps(job, "steps", job->lang, w);
    write_outcome(job, w, result);
    jsonw_end_object(w);
}

static void tell(struct rpc_job *job) {
    AUTO_BUF struct buf data = BUF_INIT;
    struct jsonw w;
    if (job->tell)
        job->rpc->o.env->cancel(job->rpc->o.env->self, job->tell);
    job->tell = NULL;
    job->told_ms = env_mono(job->rpc->o.env);
    if (!feed_heard(job->rpc, RPC_TOPIC_JOB))
        return;
    jsonw_init(&w, &data);
    job_write(job, &w, false);
    feed_tell_job(job, buf_str(&data));
}

static void on_tell(void *arg) {
    struct rpc_job *job = arg;
    job->tell = NULL;
    tell(job);
}

static void tell_soon(struct rpc_job *job) {
    const struct env *env = job->rpc->o.env;
    int64_t since = env_mono(env) - job->told_ms;
    if (since >= TELL_MS)
        tell(job);
    else if (!job->tell)
        job->tell = env->timer(env->self, TELL_MS - since, on_tell, job);
}

/* --- life -------------------------------------------------------------- */

static struct rpc_job *job_new(struct rpc_call *call) {
    struct rpc *r = call->rpc;
    struct rpc_job *job = NEW(struct rpc_job);
    uint8_t random[10];
    r->o.env->random(r->o.env->self, random, sizeof random);
    job->rpc = r;
    job->started_ms = env_now(r->o.env);
    ulid_format(job->id, job->started_ms, random);
    job->method = call->method;
    job->state = RPC_JOB_STATE_RUNNING;
    job->lang = call->lang;
    memcpy(job->actor, call->actor, sizeof job->actor);
    if (call->request_id)
        (void)str_copy(job->request_id, sizeof job->request_id,
                       call->request_id);
    memcpy(job->request_hash, call->request_hash, sizeof job->request_hash);
    job->next = r->jobs;
    if (job->next)
        job->next->prev = job;
    r->jobs = job;
    r->n_jobs++;
    r->jobs_running++;
    return job;
}

static void answer(struct rpc_call *call, const struct rpc_job *job) {
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_kstring(w, "job", job->id);
    jsonw_end_object(w);
}

int job_replay(struct rpc_call *call, int *ret_rc) {
    struct rpc_job *job = job_again(call);
    *ret_rc = 0;
    if (!job)
        return 0;
    if (job->method == call->method &&
        memcmp(job->request_hash, call->request_hash, 32) == 0)
        answer(call, job);
    else
        *ret_rc = ERR_REPEAT;
    return 1;
}

/* Long reads leave no trace; these write their own with what they found. */
static bool audits_itself(enum rpc_method m) {
    return !rpc_methods[m].write || m == RPC_STORES_CREATE ||
           m == RPC_STORES_UPDATE || m == RPC_DOCUMENTS_PRINT;
}

struct rpc_job *job_begin(struct rpc_call *call, const char *const *stores,
                          size_t n, void (*cancel)(struct rpc_job *job),
                          void *work, int *ret_rc) {
    if (job_replay(call, ret_rc))
        return NULL;
    if (call->rpc->jobs_running >= JOBS_RUNNING || call->rpc->stopped) {
        *ret_rc = call_fail(call, ERR_BUSY, "", "too many jobs run already");
        return NULL;
    }
    struct rpc_job *job = job_new(call);
    job->stores = mem_zalloc(n + 1, sizeof *job->stores);
    job->n_stores = n;
    for (size_t i = 0; i < n; i++)
        (void)str_copy(job->stores[i], sizeof job->stores[i], stores[i]);
    job->cancel = cancel;
    job->work = work;
    memcpy(job->place, call->place, sizeof job->place);
    if (!audits_itself(call->method))
        call_note(call, n == 1 ? stores[0] : "");
    answer(call, job);
    tell(job);
    return job;
}

void job_progress(struct rpc_job *job, const struct job_progress *p) {
    size_t i = 0;
    while (i < job->n_progress && !str_eq(job->progress[i].store, p->store))
        i++;
    if (i == job->n_progress)
        job->progress =
            mem_resize(job->progress, ++job->n_progress, sizeof *job->progress);
    job->progress[i] = *p;
    tell_soon(job);
}

void job_step(struct rpc_job *job, const char *hop, const char *state,
              const char *detail, const char *cure, int64_t ms) {
    struct jsonw w;
    if (job->n_steps >= JOB_STEPS)
        return;
    if (job->n_steps++ > 0)
        buf_addc(&job->steps, ',');
    jsonw_init(&w, &job->steps);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "hop", hop);
    jsonw_kstring(&w, "state", state);
    jsonw_kstring(&w, "detail", detail);
    jsonw_kstring(&w, "cure", str_empty(cure) ? NULL : cure);
    jsonw_ki64(&w, "ms", ms);
    jsonw_end_object(&w);
    tell(job);
}

void job_result(struct rpc_job *job, struct jsonw *w) {
    buf_clear(&job->result);
    jsonw_init(w, &job->result);
}

void job_finish(struct rpc_job *job, int status, const struct error *e) {
    struct rpc *r = job->rpc;
    if (!CHECK(!job->finished_ms))
        return;
    job->finished_ms = env_now(r->o.env);
    job->status = status < 0 ? status : 0;
    if (e)
        job->error = *e;
    job->state = status >= 0               ? RPC_JOB_STATE_DONE
                 : status == ERR_CANCELLED ? RPC_JOB_STATE_CANCELLED
                                           : RPC_JOB_STATE_FAILED;
    job->cancel = NULL; /* from here on the owner's memory may be gone */
    job->work = NULL;
    tell(job);
    r->jobs_running--;
    trim(r, job);
    rpc_maybe_stopped(r);
}

void job_cancel(struct rpc_job *job) {
    if (job->finished_ms || job->cancelled)
        return;
    job->cancelled = true;
    if (job->cancel)
        job->cancel(job);
}

void jobs_cancel_all(struct rpc *r) {
    /* A cancelled job may end at once and be trimmed with others. */
    for (struct rpc_job *job = r->jobs; job;) {
        bool asks = !job->finished_ms && !job->cancelled;
        if (asks)
            job_cancel(job);
        job = asks ? r->jobs : job->next;
    }
}
