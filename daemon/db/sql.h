/* What a job does with its db_tx: labelled statements with typed arguments.
 *
 * `fmt` has one letter an argument, in the order the statement's parameters
 * first appear (listed in stmt.gen.h beside the label):
 *   i int64_t    s const char * (NULL: SQL NULL)    t const char *, size_t
 *   b const void *, size_t (NULL: SQL NULL)    n nothing (SQL NULL)
 *   S int64_t store id: the scope's parameter, checked against the job's scope;
 *     exactly one in a scope=store statement, none in others.
 * Texts and blobs must stay valid until the statement is reset or run again.
 * A wrong letter count is a REQUIRE failure. Statements are cached. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/err.h"
#include "stmt.gen.h"

struct db_tx;
struct db_rows; /* a running statement; several may run at once */

/* Stores the caller may see. all = every store. */
struct db_scope {
    bool all;
    size_t n;
    const int64_t *stores; /* ascending */
};

/* The scope of this job; default: all (the daemon itself). Borrowed. */
void db_set_scope(struct db_tx *tx, const struct db_scope *scope);
/* What db_set_scope set; never NULL. */
const struct db_scope *db_get_scope(const struct db_tx *tx);
/* Does the scope let this store be seen? */
bool db_scope_has(const struct db_scope *scope, int64_t store_id);

/* Run a statement that gives no rows; returns rows changed, or ERR_NOT_FOUND
 * (store outside the scope), ERR_EXISTS (unique), ERR_CONFLICT (other
 * constraint), ERR_DISK_FULL, ERR_BUSY (interrupted), ERR_DB. */
int db_run(struct db_tx *tx, enum stmt_id id, const char *fmt, ...);

/* Rowid of the last insert of this tx. */
int64_t db_last_id(struct db_tx *tx);

/* Start a query; *ret is valid until db_rows_done. */
int db_query(struct db_tx *tx, enum stmt_id id, struct db_rows **ret,
             const char *fmt, ...);

/* 1: a row, 0: no more, negative: error. */
int db_step(struct db_rows *r);
/* End a query, finished or not. NULL is fine. */
void db_rows_done(struct db_rows *r);

#include "common/cleanup.h"
DEFINE_CLEANUP(struct db_rows *, db_rows_donep, db_rows_done)
#define AUTO_ROWS CLEANUP(db_rows_donep)

/* Columns of the current row; text and blobs live until the next step. */
int64_t db_i64(struct db_rows *r, int col);
bool db_null(struct db_rows *r, int col);
const char *db_text(struct db_rows *r, int col); /* "" for NULL */
const void *db_blob(struct db_rows *r, int col, size_t *ret_n);

/* First column of the first row as integer: 1 found, 0 no row, negative error;
 * *ret untouched unless 1. */
int db_value(struct db_tx *tx, enum stmt_id id, int64_t *ret, const char *fmt,
             ...);

/* Monotonic deadline for this job: db_step answers ERR_BUSY once it passed and
 * some steps were made since it was set. */
void db_deadline(struct db_tx *tx, int64_t ms_from_now);
/* Milliseconds until then: negative behind it, INT64_MAX without one. */
int64_t db_deadline_left(const struct db_tx *tx);

/* Wall clock of the job (UTC ms), one value per job. */
int64_t db_now(const struct db_tx *tx);
/* Monotonic clock as of now (ms): for what a step of the wall clock must not
 * end. */
int64_t db_mono(const struct db_tx *tx);

/* Is this a writer's tx. */
bool db_writable(const struct db_tx *tx);
