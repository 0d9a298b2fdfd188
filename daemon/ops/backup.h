/* Backups: taken by hand or by the clock, checked, put back.
 *
 * Happy path: backup_start reads when the last one was made; a timer or a call
 * begins a task on a thread; its progress and end come back on the loop.
 * Failure modes: one task runs at a time, others hear ERR_BUSY; a task that
 * fails or is killed leaves nothing that looks whole; a backup that cannot be
 * made by the clock is tried again after ten minutes and shown meanwhile. A
 * restore ends with a checked copy beside the database and a call of restart:
 * who owns the database closes it, calls backup_swap and opens it again. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/err.h"
#include "ops/folder.h"
#include "ops/manifest.h"

struct backup;
struct db;
struct env;
struct uv_loop_s;

struct backup_options {
    struct uv_loop_s *loop;
    const struct env *env;
    struct db *db;
    const char *data;            /* data folder */
    const char *dir;             /* NULL: "backups" in the data folder */
    int64_t keep;                /* of each kind; at least 1 */
    int64_t every_s;             /* 0: only by hand */
    const char *passphrase_file; /* NULL: not sealed */
    /* Does the key ring open a value of store.secret_sealed: 0 or ERR_*; called
     * on a thread. */
    int (*opens)(void *self, const char *uuid, const void *blob, size_t n);
    /* A checked copy waits to be put in the database's place. */
    void (*restart)(void *self);
    void *self;
};

/* Texts are copied; the rest of what o names must outlive it. */
struct backup *backup_start(const struct backup_options *o);
/* What may change while it runs; from the next task on. */
void backup_set(struct backup *b, const char *dir, int64_t keep,
                int64_t every_s, const char *passphrase_file);
/* Cancel what runs; stopped(arg) once nothing does, on a later turn. */
void backup_stop(struct backup *b, void (*stopped)(void *arg), void *arg);
/* After stopped. NULL is fine. */
void backup_free(struct backup *b);

enum backup_step {
    BACKUP_STEP_COPY,   /* pages */
    BACKUP_STEP_SUM,    /* rows */
    BACKUP_STEP_WRITE,  /* KiB, of files; sealing */
    BACKUP_STEP_UNPACK, /* KiB */
    BACKUP_STEP_CHECK   /* no number */
};
/* "copy"; of the protocol. */
const char *backup_step_name(enum backup_step s);

struct backup_result {
    struct manifest m; /* of the one made or checked; empty with a list */
    bool sealed;
    int64_t bytes;                /* of its files, plain */
    int64_t rows;                 /* of all tables */
    int removed;                  /* old ones */
    int64_t lost;                 /* files that rows name and that are not in
                                   * it; of a full one */
    bool restarts;                /* restore: the daemon starts again with it */
    struct folder_entry *entries; /* list */
    size_t n_entries;
};

/* Who waits for a task; both on the loop thread, done exactly once. */
struct backup_wait {
    void (*progress)(void *arg, enum backup_step step, int64_t done,
                     int64_t total); /* NULL is fine */
    void (*done)(void *arg, int status, const struct error *e,
                 const struct backup_result *r);
    void *arg;
};

/* Each: 0, or ERR_BUSY at once (another one runs, or we stop). name "" is the
 * newest; a name that is none: ERR_NOT_FOUND. */
int backup_create(struct backup *b, enum manifest_kind kind,
                  const struct backup_wait *w);
int backup_verify(struct backup *b, const char *name,
                  const struct backup_wait *w);
/* note: kept in the restored database until backup_restored asks. */
int backup_restore(struct backup *b, const char *name, const char *note,
                   const struct backup_wait *w);
/* Beside whatever runs. */
int backup_list(struct backup *b, const struct backup_wait *w);
/* Ask the task that runs to end. */
void backup_cancel(struct backup *b);

struct backup_status {
    const char *dir; /* good until backup_set */
    int64_t keep, every_s;
    int64_t last_ms;        /* last one made that has the database; 0: never */
    char last[FOLDER_NAME]; /* its name */
    int64_t since_ms;       /* when we began to look: the start */
    struct error failed;    /* the last try by the clock; code 0: none */
    bool running;
    bool late; /* by the clock, and older than twice its period */
};
void backup_get_status(const struct backup *b, struct backup_status *ret);

/* With the database closed: put what a restore left in the data folder in its
 * place, keeping the old database as NAME.before-restore-TIME; no stored file
 * goes. 1 done, 0 nothing waits, ERR_*: the old database is in its place. */
int backup_swap(const char *data, int64_t now_ms, struct error *e);
