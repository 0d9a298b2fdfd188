/* The folder of backups: names, what is in it, what is old. An entry is a
 * folder named DATE-TIME-KIND-TAIL, the tail being the end of the instance's id
 * in lower case; while it is made its name begins with ".part-". */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/err.h"
#include "ops/manifest.h"

enum { FOLDER_NAME = 48, FOLDER_TAIL = 6 };
#define FOLDER_PART ".part-"
#define FOLDER_SEALED ".sealed"

struct folder_entry {
    char name[FOLDER_NAME];
    int64_t created_ms;
    enum manifest_kind kind;
    bool sealed, ours;
    int64_t bytes; /* on the disk */
};

/* "20261124-170958-full-8xk2pq". */
void folder_name(char dst[FOLDER_NAME], int64_t ms, enum manifest_kind kind,
                 const char *instance_id);
/* Is it such a name, and of what: 0 or ERR_INVALID. Nothing that leads out of
 * the folder is one. */
int folder_name_parse(const char *name, struct folder_entry *ret);

/* mkdir -p, ours alone, writable. ERR_IO. */
int folder_make(const char *path, struct error *e);
/* Remove it with all that is in it; nothing there is fine. */
void folder_drop(const char *path);
/* Write the folder's entries out to the disk. */
int folder_sync(const char *path);
/* Is there room for that many bytes and a reserve: 0, or ERR_DISK_FULL. */
int folder_space(const char *path, int64_t bytes, struct error *e);

/* Complete backups, newest first; *ret is the caller's to free. A folder that
 * is not there is empty. */
int folder_list(const char *dir, const char *instance_id,
                struct folder_entry **ret, size_t *ret_n, struct error *e);
/* Remove this instance's backups of a kind beyond the newest `keep`, and what
 * it left unfinished: how many backups went. */
int folder_trim(const char *dir, const char *instance_id,
                enum manifest_kind kind, int64_t keep);
/* Remove what this instance left unfinished. */
void folder_clean(const char *dir, const char *instance_id);
