/* One piece of work on backups, done on a thread of its own; the owner
 * (backup.c) fills it in, and reads it when the thread is done with it.
 * Internal to this room. */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>

#include "common/env.h"
#include "ops/backup.h"
#include "ops/folder.h"
#include "ops/vault.h"

#define TASK_DB "fulexo.db"
#define TASK_FILES "files"
/* Below the data folder: nothing there outlives a start. */
#define TASK_STAGE "backup.stage"
#define TASK_SIDE "backup.side"
#define TASK_RESTORE_SIDE "restore.side"

struct task {
    /* given */
    int (*run)(struct task *t);
    enum manifest_kind kind;
    char name[FOLDER_NAME];             /* verify, restore; "": the newest */
    char *dir, *data, *passphrase_file; /* owned; the last may be NULL */
    char *note;                         /* restore: who, when; owned */
    int64_t keep, now_ms, epoch;
    char instance_id[27];
    const struct env *env;
    int (*opens)(void *self, const char *uuid, const void *blob, size_t n);
    void *opens_self;

    /* both threads */
    atomic_bool cancelled;
    atomic_int step; /* enum backup_step */
    atomic_llong done, total;

    /* found */
    int status;
    struct backup_result r;
    struct error error;
};

/* Begin a step. */
void task_step(struct task *t, enum backup_step step, int64_t total);
/* ERR_CANCELLED when somebody asked for it. */
int task_go_on(struct task *t, int64_t done);
/* The same as what db/ asks. */
struct db_watch task_watch(struct task *t);

/* Each returns 0 or ERR_*, with a sentence in t->error. */
int task_create(struct task *t);
int task_verify(struct task *t);
int task_restore(struct task *t);
int task_list(struct task *t);

/* Verify into the folder `side`, which is made; what was checked stays there:
 * the database, with all also the stored files. On failure it is gone. */
int task_unpack(struct task *t, const char *side, bool all);
