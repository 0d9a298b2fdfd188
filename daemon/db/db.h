/* The database: one file, one writer thread with group commit, a small pool of
 * readers, all reached by jobs. A job runs on a database thread and sees a
 * struct db_tx; its `done` runs on the loop thread, for writes after COMMIT.
 *
 * Happy path: db_open locks and migrates the file; db_write queues a job; the
 * writer takes all that waits, runs and commits it at once, then hands all
 * answers to the loop in order. db_read runs on a reader with one
 * snapshot a job.
 * Failure modes: a job that returns < 0 is rolled back alone; a failed COMMIT
 * (disk full) is retried one job at a time so that only the guilty fail; a
 * full queue answers ERR_BUSY at once; after db_close no job is accepted, and
 * what waits is finished first.
 * Inline mode (tests, simulation): no threads; jobs run inside the call on one
 * connection, `done` is queued until db_pump. Stepped: inline, but jobs wait in
 * their queues until db_turn takes them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/err.h"

struct db;
struct db_tx;
struct env;
struct uv_loop_s;

/* Which queue: people and webhooks before sync. A reader job in the SYNC lane
 * runs on its own thread (page parsing), so lists never wait for it. */
enum db_lane { DB_INTERACTIVE, DB_SYNC };

struct db_options {
    const char *path;       /* file; with `inline_mode` also ":memory:" */
    struct uv_loop_s *loop; /* NULL in inline mode */
    const struct env *env;  /* clocks; borrowed for the life of the db */
    bool inline_mode, stepped;
    int readers; /* interactive readers, 0: 2 */
};

/* Open, lock, check the header, migrate. Errors with a sentence in e:
 * ERR_LOCKED (another daemon), ERR_DB_NEWER, ERR_DB_CORRUPT, ERR_DISK_FULL,
 * ERR_IO, ERR_DB. */
int db_open(const struct db_options *o, struct db **ret, struct error *e);

/* Finish what waits, stop the threads, then call closed(arg) on the loop
 * thread (inline mode: before returning). The db is freed by then. */
void db_close(struct db *db, void (*closed)(void *arg), void *arg);

/* Inline mode: run the queued done callbacks until none is left; returns how
 * many ran. */
int db_pump(struct db *db);

/* What becomes of the job that db_turn takes. */
enum db_fate {
    DB_FATE_RUN,
    DB_FATE_AGAIN, /* run and rolled back, as with a batch, then run alone */
    DB_FATE_FULL,  /* not run: the disk is full (writes only) */
};
/* Stepped mode: take the oldest job of a queue, its `done` comes with the next
 * db_pump. 1, or 0 when none waits there. */
int db_turn(struct db *db, bool write, enum db_lane lane, enum db_fate fate);

/* 0 or more = keep, negative ERR_* = roll this job back. A write job may run a
 * second time, after the first run was rolled back with its whole batch. */
typedef int (*db_job)(struct db_tx *tx, void *arg);
/* status: what the job returned, or why it could not be committed. */
typedef void (*db_done)(int status, void *arg);

/* Queue a job. ERR_BUSY when the queue is full: then done is not called. */
int db_write(struct db *db, enum db_lane lane, db_job job, db_done done,
             void *arg);
/* The same on a reader, in one snapshot; the job cannot write. */
int db_read(struct db *db, enum db_lane lane, db_job job, db_done done,
            void *arg);

/* Run a write job and wait (start-up and command line tools only). */
int db_write_sync(struct db *db, db_job job, void *arg);

/* Called on the loop thread after each commit that wrote feed rows. */
void db_on_feed(struct db *db, void (*fn)(void *arg), void *arg);

/* Writer tuning while an empty mirror is filled: large cache, rare
 * checkpoints; and dropping/building the scattered indexes. */
void db_bulk(struct db *db, bool on);

/* Identity of the file. */
struct db_identity {
    char instance_id[27];
    int64_t epoch;
    bool moved; /* path, inode or machine differ from the last start */
};
/* Good until db_close. */
const struct db_identity *db_identity(const struct db *db);

/* Live numbers for monitor and tests. */
struct db_stats {
    int64_t commits, jobs, reads;
    int waiting_interactive, waiting_sync; /* writer queue */
    int readers_busy;
    int64_t wal_bytes, file_bytes;
    bool disk_full;
};
/* A copy of this moment; any thread. */
void db_get_stats(const struct db *db, struct db_stats *ret);
