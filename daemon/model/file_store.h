/* The bytes of files, in the folder files under the data folder.
 *
 * Happy path: pieces are appended to a part, known by its author, hash and
 * size; when all of it is there and its hash is right it is on the disk
 * (file_part_check), then it gets its name by hash (file_part_keep) in the
 * transaction that writes its row.
 * Failure modes: whoever is cut off asks how much is there and goes on; a
 * crash between name and row leaves a file without a row, which a sweep takes
 * away when it is seven days old, like parts nobody finished; bytes that are
 * not those promised are thrown away. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/err.h"

struct buf;
struct db_tx;

enum {
    FILE_SHA = 32,
    FILE_CHUNK = 1024 * 1024, /* bytes of a piece */
    FILE_SLICES = 256,        /* folders of a whole sweep */
};
#define FILE_KEPT_MS (7LL * 24 * 60 * 60 * 1000) /* without a use */

/* What somebody sends. */
struct file_part {
    const char *data; /* the data folder */
    const char *who;
    uint8_t sha[FILE_SHA];
    int64_t size;
};

/* How much of it is there. ERR_IO. */
int file_part_at(const struct file_part *p, int64_t *ret, struct error *e);
/* Bytes of all parts together, this one left out. ERR_IO. */
int file_part_others(const struct file_part *p, int64_t *ret, struct error *e);
/* One more piece. One that is there already changes nothing. ERR_CONFLICT: it
 * would leave a hole. ERR_INVALID: it goes beyond the size. ERR_DISK_FULL,
 * ERR_IO. */
int file_part_put(const struct file_part *p, int64_t offset, const void *bytes,
                  size_t n, int64_t *ret_at, struct error *e);
/* Is all there, as promised, and of a kind that is kept? Then it is on the
 * disk, and *ret its type (static). ERR_NOT_FOUND: there is nothing;
 * ERR_CONFLICT: not all; ERR_INVALID: other bytes, or another kind: it is gone
 * then. */
int file_part_check(const struct file_part *p, const char *name,
                    const char **ret, struct error *e);
/* Under its name; fine when it is there already. ERR_NOT_FOUND: neither is. */
int file_part_keep(const struct file_part *p, struct error *e);

/* Up to FILE_CHUNK bytes from there, appended. ERR_NOT_FOUND. */
int file_bytes(const char *data, const uint8_t sha[FILE_SHA], int64_t offset,
               struct buf *out, struct error *e);

/* Remove what no row names and is older than FILE_KEPT_MS, in the n folders
 * from `from` on (0 .. FILE_SLICES - 1), and old parts. A write job: no row is
 * added meanwhile. Returns how many files went. */
int file_sweep(struct db_tx *tx, const char *data, int from, int n);
