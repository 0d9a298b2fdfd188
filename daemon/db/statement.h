/* Prepared labelled statements of a connection: taken, bound, run, put back. */
#pragma once

#include "db/conn.h"

struct sqlite3_stmt;

struct db_rows {
    struct db_tx *tx;
    struct sqlite3_stmt *st;
    enum stmt_id id;
    bool feeds;           /* it writes feed rows: the after-commit hook runs */
    struct db_rows *next; /* in idle[id] or in running */
    struct db_rows *prev; /* in running */
};

/* An idle statement of that label, prepared when there is none; it is in
 * c->running until db_rows_done. */
int statement_take(struct db_tx *tx, enum stmt_id id, struct db_rows **ret);

/* Finalise all idle statements. */
void statement_free_all(struct db_conn *c);

/* ERR_* of a failed statement; what nobody expects is logged with its label,
 * since SQLite's words are lost above this place. */
int statement_failed(struct db_rows *r, int rc);
