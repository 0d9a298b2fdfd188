/* The jobs' side of a connection: arguments in, columns out, the scope held. */
#include "db/sql.h"

#include <sqlite3.h>
#include <stdarg.h>

#include "common/check.h"
#include "common/env.h"
#include "db/statement.h"
#include "db/stmt_table.h"

void db_set_scope(struct db_tx *tx, const struct db_scope *scope) {
    tx->scope = scope;
}

const struct db_scope *db_get_scope(const struct db_tx *tx) {
    return tx->scope;
}

bool db_scope_has(const struct db_scope *scope, int64_t store_id) {
    if (scope->all)
        return true;
    size_t from = 0, to = scope->n;
    while (from < to) {
        size_t mid = from + (to - from) / 2;
        if (scope->stores[mid] == store_id)
            return true;
        if (scope->stores[mid] < store_id)
            from = mid + 1;
        else
            to = mid;
    }
    return false;
}

int64_t db_now(const struct db_tx *tx) {
    return tx->now;
}

int64_t db_mono(const struct db_tx *tx) {
    return env_mono(tx->conn->env);
}

bool db_writable(const struct db_tx *tx) {
    return tx->writable;
}

void db_deadline(struct db_tx *tx, int64_t ms_from_now) {
    conn_deadline(tx->conn, env_mono(tx->conn->env) + ms_from_now);
}

int64_t db_deadline_left(const struct db_tx *tx) {
    const struct db_conn *c = tx->conn;
    return c->deadline == INT64_MAX ? INT64_MAX
                                    : c->deadline - env_mono(c->env);
}

int64_t db_last_id(struct db_tx *tx) {
    return sqlite3_last_insert_rowid(tx->conn->sq);
}

static int bind_bytes(sqlite3_stmt *st, int at, char letter, const void *p,
                      size_t n) {
    if (!p)
        return sqlite3_bind_null(st, at);
    if (letter == 't')
        return sqlite3_bind_text64(st, at, p, n, SQLITE_STATIC, SQLITE_UTF8);
    return sqlite3_bind_blob64(st, at, p, n, SQLITE_STATIC);
}

static int bind_one(sqlite3_stmt *st, int at, char letter, va_list *ap) {
    switch (letter) {
    case 'S':
    case 'i':
        return sqlite3_bind_int64(st, at, va_arg(*ap, int64_t));
    case 's':
        return sqlite3_bind_text(st, at, va_arg(*ap, const char *), -1,
                                 SQLITE_STATIC);
    case 't':
    case 'b': {
        const void *p = va_arg(*ap, const void *);
        size_t n = va_arg(*ap, size_t);
        return bind_bytes(st, at, letter, p, n);
    }
    case 'n':
        return sqlite3_bind_null(st, at);
    default:
        REQUIRE(false && "a letter of fmt in sql.h");
        return SQLITE_MISUSE;
    }
}

static int bind_store(struct db_rows *r, int at, int64_t store_id) {
    if (!db_scope_has(r->tx->scope, store_id))
        return ERR_NOT_FOUND;
    return conn_code(sqlite3_bind_int64(r->st, at, store_id));
}

/* The scope's parameter must be there, and its store allowed. */
static int bind_all(struct db_rows *r, const char *fmt, va_list *ap) {
    const struct stmt_row *row = &stmt_rows[r->id];
    int at = 1, rc = 0;
    if (row->scope == STMT_SCOPE_ALL && !r->tx->scope->all)
        return ERR_DENIED;
    for (; fmt[at - 1] && rc == 0; at++) {
        REQUIRE(at <= row->n_params);
        bool scoped = row->scope == STMT_SCOPE_STORE && at == row->scope_param;
        REQUIRE((fmt[at - 1] == 'S') == scoped);
        if (scoped)
            rc = bind_store(r, at, va_arg(*ap, int64_t));
        else
            rc = conn_code(bind_one(r->st, at, fmt[at - 1], ap));
    }
    REQUIRE(rc < 0 || at - 1 == row->n_params);
    return rc;
}

static int start(struct db_tx *tx, enum stmt_id id, struct db_rows **ret,
                 const char *fmt, va_list *ap) {
    struct db_rows *r;
    int rc = statement_take(tx, id, &r);
    if (rc < 0)
        return rc;
    rc = bind_all(r, fmt, ap);
    if (rc < 0) {
        db_rows_done(r);
        return rc;
    }
    *ret = r;
    return 0;
}

int db_query(struct db_tx *tx, enum stmt_id id, struct db_rows **ret,
             const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    int rc = start(tx, id, ret, fmt, &ap);
    va_end(ap);
    return rc;
}

int db_step(struct db_rows *r) {
    if (conn_late(r->tx->conn))
        return ERR_BUSY;
    int rc = sqlite3_step(r->st);
    if (rc == SQLITE_ROW)
        return 1;
    return rc == SQLITE_DONE ? 0 : statement_failed(r, rc);
}

/* Rows of a RETURNING clause are passed over. */
static int run_to_end(struct db_rows *r) {
    int rc;
    do
        rc = sqlite3_step(r->st);
    while (rc == SQLITE_ROW);
    if (rc != SQLITE_DONE)
        return statement_failed(r, rc);
    if (r->feeds)
        r->tx->conn->fed = true;
    return sqlite3_changes(r->tx->conn->sq);
}

int db_run(struct db_tx *tx, enum stmt_id id, const char *fmt, ...) {
    struct db_rows *r;
    va_list ap;
    va_start(ap, fmt);
    int rc = start(tx, id, &r, fmt, &ap);
    va_end(ap);
    if (rc < 0)
        return rc;
    rc = run_to_end(r);
    db_rows_done(r);
    return rc;
}

int db_value(struct db_tx *tx, enum stmt_id id, int64_t *ret, const char *fmt,
             ...) {
    struct db_rows *r;
    va_list ap;
    va_start(ap, fmt);
    int rc = start(tx, id, &r, fmt, &ap);
    va_end(ap);
    if (rc < 0)
        return rc;
    rc = db_step(r);
    if (rc == 1)
        *ret = sqlite3_column_int64(r->st, 0);
    db_rows_done(r);
    return rc;
}

int64_t db_i64(struct db_rows *r, int col) {
    return sqlite3_column_int64(r->st, col);
}

bool db_null(struct db_rows *r, int col) {
    return sqlite3_column_type(r->st, col) == SQLITE_NULL;
}

const char *db_text(struct db_rows *r, int col) {
    const char *s = (const char *)sqlite3_column_text(r->st, col);
    return s ? s : "";
}

const void *db_blob(struct db_rows *r, int col, size_t *ret_n) {
    const void *p = sqlite3_column_blob(r->st, col);
    *ret_n = (size_t)sqlite3_column_bytes(r->st, col);
    return p;
}
