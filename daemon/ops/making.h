/* A backup that is being made: what create.c and create_files.c share. Internal
 * to this room. */
#pragma once

#include <stdint.h>

#include "common/buf.h"
#include "ops/task.h"

struct making {
    struct task *t;
    struct manifest *m;
    struct vault_key key;
    char *part;               /* the hidden folder */
    char *stage;              /* where the database is copied to */
    char before[FOLDER_NAME]; /* newest of ours with plain files; "": none */
    struct buf named;         /* SHA-256 of the files that rows name */
    int64_t kib;              /* written */
};

/* Copy a file into the backup and its manifest. ERR_NOT_FOUND: it is not there;
 * ERR_DISK_FULL, ERR_IO, ERR_CANCELLED. */
int making_put(struct making *mk, const char *from, const char *name);
/* All stored files. ERR_NOT_FOUND: none was stored yet, and they alone are
 * wanted. */
int making_put_stored(struct making *mk);
