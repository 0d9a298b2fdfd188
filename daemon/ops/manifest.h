/* What a backup says of itself: one line of JSON and the SHA-256 of that line.
 * Reading takes it for hostile. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "common/err.h"
#include "db/backup.h"

struct buf;

enum manifest_kind { MANIFEST_FULL, MANIFEST_DATABASE, MANIFEST_STORAGE };
/* "full"; and back: the kind, or ERR_INVALID. */
const char *manifest_kind_name(enum manifest_kind k);
int manifest_kind_parse(const char *name);

enum {
    MANIFEST_MAX = 64 << 20, /* bytes of it */
    MANIFEST_FILES = 400000,
};

/* A file of the backup: plain size and SHA-256 (hex). */
struct manifest_file {
    char *path; /* fulexo.db, files/...; owned */
    int64_t bytes;
    char sha[65];
};

struct manifest {
    char name[48];
    enum manifest_kind kind;
    char program[24]; /* version of fulexod that made it */
    int64_t created_ms;
    struct db_copy_identity id; /* of the database; empty with STORAGE */
    struct manifest_file *files;
    size_t n_files;
    struct db_table_sum *tables;
    int n_tables;
};

/* Append a file; the path is copied. */
void manifest_add(struct manifest *m, const char *path, int64_t bytes,
                  const uint8_t sha[32]);
/* Take the last file out again. */
void manifest_drop_last(struct manifest *m);
/* How many of n / 32 SHA-256 are no stored file of it. */
int64_t manifest_lost(const struct manifest *m, const char *shas, size_t n);
/* Frees what it owns, not m itself. */
void manifest_done(struct manifest *m);

void manifest_write(const struct manifest *m, struct buf *out);
/* ERR_BACKUP_DAMAGED with what is wrong; *ret is the caller's to empty. */
int manifest_read(const char *text, size_t n, struct manifest *ret,
                  struct error *e);
/* Does a path stay within the backup: relative, no empty part, no "." or
 * "..". */
int manifest_path_check(const char *path);
