/* One SQLite connection with its prepared statements. Used by one thread at a
 * time; sqlite3.h stays behind this header. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/err.h"
#include "db/sql.h"
#include "stmt.gen.h"

struct sqlite3;
struct env;
struct db_rows;

/* Statements of the connection itself. */
enum conn_fixed {
    CONN_BEGIN,
    CONN_BEGIN_WRITE,
    CONN_COMMIT,
    CONN_ROLLBACK,
    CONN_SAVE,
    CONN_RELEASE,
    CONN_UNDO, /* roll back to the savepoint */
    CONN_FIXED
};

/* Pages of the log at which a writer carries it over into the file (16 MB), and
 * while an empty file is filled. */
enum { CONN_WAL_PAGES = 4000, CONN_WAL_PAGES_BULK = 16000 };

struct db_conn {
    struct sqlite3 *sq;
    const struct env *env;            /* clocks, borrowed */
    int wal_pages, wal_max;           /* of a writer: in the log, and at most */
    bool writer;                      /* may write */
    bool fed;                         /* a feed row was written */
    int64_t deadline;                 /* monotonic ms; INT64_MAX: none */
    int64_t looks;                    /* at the clock, since it was set */
    void *fixed[CONN_FIXED];          /* prepared on first use */
    struct db_rows *idle[STMT_COUNT]; /* prepared, not running */
    struct db_rows *running;          /* started and not done */
};

/* What a job holds. */
struct db_tx {
    struct db_conn *conn;
    const struct db_scope *scope; /* never NULL */
    int64_t now;                  /* wall clock, UTC ms */
    bool writable;
};

/* CONN_STILL: a file nobody writes to; nothing is locked or put beside it. */
enum conn_mode { CONN_WRITER, CONN_READER, CONN_STILL };

/* Open with the pragmas of storage-limits.md 1. The file must exist for all but
 * a writer. Sentences in e as db_open. */
int conn_open(const char *path, const struct env *env, enum conn_mode mode,
              struct db_conn **ret, struct error *e);
/* NULL is fine. */
void conn_close(struct db_conn *c);

/* Run one of the fixed statements; ERR_* as db_run. */
int conn_fixed(struct db_conn *c, enum conn_fixed which);

/* Run SQL text (pragmas, migrations); several statements are fine. */
int conn_exec(struct db_conn *c, const char *sql);

/* First column of the first row as integer or text; no row: untouched. */
int conn_get_i64(struct db_conn *c, const char *sql, int64_t *ret);
/* The same as text, cut to size; dst stays as it was when there is no row. */
int conn_get_text(struct db_conn *c, const char *sql, char *dst, size_t size);

/* Is no transaction open (SQLite rolled it back by itself, or none begun). */
bool conn_idle(const struct db_conn *c);

/* Reset whatever a job left running. */
void conn_reset(struct db_conn *c);

/* Carry the log over into the file when it has wal_max pages; when nobody waits
 * (idle) already at an eighth. Takes some 20 ms for a thousand pages. What
 * readers still need stays. */
int conn_checkpoint(struct db_conn *c, bool idle);
bool conn_checkpoint_due(const struct db_conn *c, bool idle);

/* Let no statement run past this monotonic instant (INT64_MAX: any length). On
 * a reader also inside a statement; an interrupted write would lose the
 * transaction, so a writer looks between rows only. */
void conn_deadline(struct db_conn *c, int64_t mono_ms);
/* A statement asks before each step: has it passed. Not so for the first few
 * however long they were held up: a busy machine makes an answer late, not
 * empty. */
bool conn_late(struct db_conn *c);

/* ERR_* of a SQLite result code. */
int conn_code(int rc);

/* SQLite's own words about the last failure. */
const char *conn_message(const struct db_conn *c);

/* Begin a job's transaction view on c. */
struct db_tx conn_tx(struct db_conn *c, bool writable);
