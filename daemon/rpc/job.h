/* Long work of a method: answers {job} at once, tells of its progress as
 * events, keeps its result. Loop thread only, inside rpc.
 *
 * A job lives from job_begin to job_finish with its owner (the method); after
 * that it is only shown, until 200 newer ones have ended or a day has
 * passed. */
#pragma once

#include <stdint.h>

#include "common/err.h"
#include "common/jsonw.h"
#include "common/lang.h"
#include "common/ulid.h"
#include "rpc.gen.h"
#include "rpc/room.h"

struct person;
struct rpc_call;

enum {
    JOBS_KEPT = 200,
    JOBS_RUNNING = 64,                 /* more are refused */
    JOBS_RESULTS = 16 * 1024 * 1024,   /* bytes of kept results */
    JOB_KEPT_MS = 24 * 60 * 60 * 1000, /* after its end */
    JOB_STEPS = 64,
};

/* What is being worked on now. */
struct job_progress {
    char store[33], collection[24];
    int64_t done, total, rate_milli, eta_s; /* as in sync_progress */
};

struct rpc_job {
    struct rpc *rpc;
    struct rpc_job *next, *prev;
    char id[ULID_TEXT];
    enum rpc_method method;
    enum rpc_job_state state;
    enum text_lang lang;
    char actor[48];
    char place[80];      /* where the call came from */
    char request_id[65]; /* "" none */
    uint8_t request_hash[32];
    char (*stores)[33];
    size_t n_stores;
    int64_t started_ms, finished_ms; /* wall clock; finished 0: runs */
    struct job_progress *progress;   /* one a store */
    size_t n_progress;
    struct buf steps; /* hops, comma between */
    int n_steps;
    struct buf result; /* JSON; empty: none */
    struct error error;
    int status;

    int64_t told_ms; /* last event */
    struct env_timer *tell;
    bool cancelled;                      /* asked for */
    void (*cancel)(struct rpc_job *job); /* asks the owner to end it */
    void *work;                          /* the owner's */
};

/* Answer the call with {job}; NULL when the call was answered otherwise: the
 * same request_id already began one, or too many run (then *ret_rc < 0).
 * cancel(job) must lead to job_finish, now or later. */
struct rpc_job *job_begin(struct rpc_call *call, const char *const *stores,
                          size_t n, void (*cancel)(struct rpc_job *job),
                          void *work, int *ret_rc);

/* Did this call's request_id begin a job before? Then it is answered with it
 * (or *ret_rc = ERR_REPEAT) and 1 is returned. */
int job_replay(struct rpc_call *call, int *ret_rc);

/* Replaces what was said of that store. */
void job_progress(struct rpc_job *job, const struct job_progress *p);

/* A doctor's hop. */
void job_step(struct rpc_job *job, const char *hop, const char *state,
              const char *detail, const char *cure, int64_t ms);

/* Write the result here (one value) before job_finish; the writer is the
 * caller's. */
void job_result(struct rpc_job *job, struct jsonw *w);

/* The end; the job is not the owner's any more. ERR_CANCELLED: cancelled;
 * other errors: failed. e may be NULL. */
void job_finish(struct rpc_job *job, int status, const struct error *e);

/* By its id; NULL: never there, or forgotten. Good until the loop turns. */
struct rpc_job *job_find(const struct rpc *r, const char *id);
/* May they know of it: all its stores are theirs. */
bool job_visible(const struct rpc_job *job, const struct person *who);
/* The steps of an examination so far, in that language, as an array `key`. */
void job_steps(const struct rpc_job *job, const char *key, enum text_lang lang,
               struct jsonw *w);
/* The row of jobs.get, with or without its result. */
void job_write(const struct rpc_job *job, struct jsonw *w, bool result);
/* The error object of a job or of one of its parts: {code, message, hint}. */
void job_fault(struct jsonw *w, enum text_lang lang, int status,
               const struct error *e);
/* Ask its owner to end it, once; an ended job is left alone. It may have ended
 * when this returns. */
void job_cancel(struct rpc_job *job);
/* The server stops: ask all that run. */
void jobs_cancel_all(struct rpc *r);
/* Forget all of them; none may run. */
void jobs_free(struct rpc *r);
