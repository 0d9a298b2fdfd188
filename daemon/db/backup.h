/* Copies of the database file: taken while it is used, looked into, put in its
 * place. All of it blocks and belongs on a thread of its own, but db_swap,
 * which is for when the database is closed. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/err.h"

struct buf;
struct db_copy;
struct env;

/* Called now and then on the working thread: how far it is (pages, rows);
 * false ends the work with ERR_CANCELLED. */
struct db_watch {
    bool (*go_on)(void *self, int64_t done, int64_t total);
    void *self;
};

/* Copy the file at `from` as it is at one moment to `to`, which must not be
 * there; the writer goes on meanwhile. The copy says of itself that it is one:
 * however it is put in a database's place, that starts held. On failure `to` is
 * removed. ERR_DISK_FULL, ERR_IO, ERR_CANCELLED, ERR_DB_CORRUPT, ERR_DB. */
int db_copy_take(const char *from, const char *to, const struct env *env,
                 const struct db_watch *w, struct error *e);

/* Open a copy nobody writes to; nothing is put beside it. Errors as db_open. */
int db_copy_open(const char *path, const struct env *env, struct db_copy **ret,
                 struct error *e);
/* NULL is fine. */
void db_copy_close(struct db_copy *c);

/* Who it is; texts are cut to size, "" when there is none. */
struct db_copy_identity {
    char instance_id[27];
    int64_t epoch;
    int64_t schema, compat; /* newest migration, oldest that may write */
    int64_t audit_id;       /* newest row of the audit trail, 0: none */
    char audit_mac[65];     /* its mac, hex */
};
int db_copy_identity(struct db_copy *c, struct db_copy_identity *ret);

/* All rows of a table: how many, and the sum of their hashes, which no order
 * of the rows changes. */
struct db_table_sum {
    char name[64];
    int64_t rows;
    char sum[33]; /* 128 bits, hex */
};
/* *ret is the caller's to free; tables by name. */
int db_copy_sums(struct db_copy *c, const struct db_watch *w,
                 struct db_table_sum **ret, int *ret_n);

/* Is the file sound and does every reference lead somewhere: 0, or
 * ERR_DB_CORRUPT with SQLite's words. */
int db_copy_check(struct db_copy *c, const struct db_watch *w, struct error *e);

/* A sealed value of the store table (column secret_sealed) and its row's uuid:
 * 1 found, 0 there is none. */
int db_copy_sealed(struct db_copy *c, char uuid[27], struct buf *ret);

/* SHA-256 (32 bytes each) of all stored files that rows name, appended. */
int db_copy_files(struct db_copy *c, struct buf *out);

/* Before the copy takes a database's place: its epoch is at least `epoch` (of
 * the database it replaces), and meta `key` says `value`. */
int db_copy_prepare(const char *path, const struct env *env, int64_t epoch,
                    const char *key, const char *value, struct error *e);

/* Put the copy in the place of the closed database at path, whose file stays as
 * `kept`; whatever happens, path is one of the two, whole. ERR_LOCKED (somebody
 * uses it), ERR_IO. */
int db_swap(const char *path, const char *copy, const char *kept,
            struct error *e);

/* Newest migration this program knows. */
int db_schema_version(void);
