/* What the files of this room share: the database and its jobs. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "db/conn.h"
#include "db/db.h"

enum {
    QUEUE_INTERACTIVE = 4096, /* jobs that may wait, a queue */
    QUEUE_SYNC = 256,
    READERS_MAX = 16,
    DB_INTERACTIVE_MS = 2000, /* longest query of a person */
};

struct job {
    db_job run;
    db_done done;
    void *arg;
    int status;
    uv_sem_t *wait; /* posted instead of done (db_write_sync) */
    struct job *next;
};

/* First in, first out, bounded. */
struct job_list {
    struct job *head, **tail;
    int n, max;
};

struct reader {
    struct db *db;
    struct db_conn *conn;
    enum db_lane lane;
    uv_thread_t thread;
};

struct db {
    char *path;
    const struct env *env;
    bool inline_mode, stepped;
    struct db_identity identity;
    int lock_fd; /* -1: none (memory) */
    struct db_conn *writer;
    struct reader readers[READERS_MAX];
    int n_readers;

    /* under mutex */
    uv_mutex_t mutex;
    uv_cond_t write_cond;
    uv_cond_t read_cond[2];
    struct job_list write_jobs[2]; /* by lane */
    struct job_list read_jobs[2];
    struct job_list answers; /* finished, for the loop thread */
    bool fed;                /* feed rows were committed since */
    bool stopping;
    int threads; /* running */
    struct db_stats stats;

    /* loop thread */
    uv_thread_t writer_thread;
    uv_async_t async;
    bool in_job; /* inline mode: jobs do not nest */
    void (*on_feed)(void *arg);
    void *on_feed_arg;
    void (*closed)(void *arg);
    void *closed_arg;
};

/* Empty. `max` is for who queues: job_list_put itself refuses nothing. */
void job_list_init(struct job_list *l, int max);
/* At the end; takes the job. */
void job_list_put(struct job_list *l, struct job *j);
struct job *job_list_take(struct job_list *l); /* NULL: empty */

/* writer.c: take what waits, run, commit, answer; ends when stopping and
 * empty. arg = db. */
void writer_main(void *arg);
/* Run one job alone in its own transaction; *ret_fed = it wrote feed rows. */
int writer_alone(struct db *db, struct job *j, bool *ret_fed);
/* Run it and undo all it did. */
void writer_undone(struct db *db, struct job *j);

/* reader.c: arg = struct reader. */
void reader_main(void *arg);
/* Run one job in a snapshot of c. */
int reader_run(struct db_conn *c, struct job *j, enum db_lane lane);

/* answer.c: hand finished jobs (a chain) to the loop; any thread. */
void answer_jobs(struct db *db, struct job *chain, bool fed);
/* A thread has ended. */
void answer_thread_ended(struct db *db);
/* Loop thread: call what is there; how many. */
int answer_deliver(struct db *db);
void answer_on_async(uv_async_t *async);
/* Inline mode: run all that waits and call what is done, until nothing is. */
void db_drain(struct db *db);
/* Close connections, lock and memory, then call closed. */
void db_finish(struct db *db);
