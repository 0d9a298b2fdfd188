/* What a copy holds: who it is, whether it is sound, the sums of its rows. */
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "common/check.h"
#include "common/digest.h"
#include "common/mem.h"
#include "common/str.h"
#include "db/backup.h"
#include "db/conn.h"
#include "db/sql.h"

enum {
    LOOK_ROWS = 4096,  /* rows between two looks at the watch */
    LOOK_OPS = 100000, /* steps of SQLite's machine between two */
    FILES_SINCE = 14   /* the migration with the table file */
};

struct db_copy {
    struct db_conn *conn;
};

DEFINE_CLEANUP(sqlite3_stmt *, stmt_finalp, (void)sqlite3_finalize)

int db_copy_open(const char *path, const struct env *env, struct db_copy **ret,
                 struct error *e) {
    struct db_conn *conn;
    int rc = conn_open(path, env, CONN_STILL, &conn, e);
    if (rc < 0)
        return rc;
    struct db_copy *c = NEW(struct db_copy);
    c->conn = conn;
    *ret = c;
    return 0;
}

void db_copy_close(struct db_copy *c) {
    if (!c)
        return;
    conn_close(c->conn);
    free(c);
}

/* --- who it is ---------------------------------------------------------- */

static int text_of(struct db_tx *tx, const char *key, char *dst, size_t size) {
    struct db_rows *r AUTO_ROWS = NULL;
    int rc = db_query(tx, STMT_META_GET, &r, "s", key);
    if (rc == 0)
        rc = db_step(r);
    if (rc == 1)
        (void)str_copy(dst, size, db_text(r, 0));
    return rc < 0 ? rc : 0;
}

static int audit_of(struct db_tx *tx, struct db_copy_identity *ret) {
    struct db_rows *r AUTO_ROWS = NULL;
    size_t n;
    int rc = db_query(tx, STMT_AUDIT_HEAD, &r, "");
    if (rc == 0)
        rc = db_step(r);
    if (rc != 1)
        return rc;
    const void *mac = db_blob(r, 1, &n);
    if (n != (sizeof ret->audit_mac - 1) / 2)
        return ERR_DB_CORRUPT;
    ret->audit_id = db_i64(r, 0);
    digest_hex(mac, n, ret->audit_mac);
    return 0;
}

int db_copy_identity(struct db_copy *c, struct db_copy_identity *ret) {
    struct db_tx tx = conn_tx(c->conn, false);
    struct db_copy_identity id = {0};
    int rc = text_of(&tx, "instance_id", id.instance_id, sizeof id.instance_id);
    if (rc == 0)
        rc = db_value(&tx, STMT_META_NUMBER, &id.epoch, "s", "epoch");
    if (rc >= 0)
        rc = db_value(&tx, STMT_META_NUMBER, &id.compat, "s", "compat");
    if (rc >= 0)
        rc = conn_get_i64(c->conn, "PRAGMA user_version", &id.schema);
    if (rc >= 0)
        rc = audit_of(&tx, &id);
    conn_reset(c->conn);
    if (rc >= 0)
        *ret = id;
    return rc < 0 ? rc : 0;
}

int db_copy_sealed(struct db_copy *c, char uuid[27], struct buf *ret) {
    struct db_tx tx = conn_tx(c->conn, false);
    struct db_rows *r AUTO_ROWS = NULL;
    int rc = db_query(&tx, STMT_BACKUP_SEALED, &r, "");
    if (rc == 0)
        rc = db_step(r);
    if (rc == 1) {
        size_t n;
        const void *blob = db_blob(r, 1, &n);
        (void)str_copy(uuid, 27, db_text(r, 0));
        buf_add(ret, blob, n);
    }
    return rc;
}

int db_copy_files(struct db_copy *c, struct buf *out) {
    struct db_tx tx = conn_tx(c->conn, false);
    struct db_rows *r AUTO_ROWS = NULL;
    struct db_copy_identity id;
    int rc = db_copy_identity(c, &id);
    if (rc < 0 || id.schema < FILES_SINCE)
        return rc;
    rc = db_query(&tx, STMT_BACKUP_FILES, &r, "");
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        size_t n;
        const void *sha = db_blob(r, 0, &n);
        if (n != DIGEST_SHA256)
            return ERR_DB_CORRUPT;
        buf_add(out, sha, n);
    }
    return rc;
}

/* --- sums --------------------------------------------------------------- */

static void add_value(struct buf *b, sqlite3_stmt *st, int col) {
    int type = sqlite3_column_type(st, col);
    uint64_t head = 0;
    const void *p = NULL;
    buf_addc(b, (char)type);
    if (type == SQLITE_INTEGER) {
        head = (uint64_t)sqlite3_column_int64(st, col);
    } else if (type == SQLITE_FLOAT) {
        double d = sqlite3_column_double(st, col);
        memcpy(&head, &d, sizeof head);
    } else if (type != SQLITE_NULL) {
        p = sqlite3_column_blob(st, col);
        head = (uint64_t)sqlite3_column_bytes(st, col);
    }
    for (int shift = 56; shift >= 0; shift -= 8)
        buf_addc(b, (char)(head >> shift));
    if (p)
        buf_add(b, p, (size_t)head);
}

struct sums {
    const struct db_watch *watch;
    int64_t rows;   /* of all tables so far */
    struct buf row; /* the one being hashed */
};

/* Add the row's 128 bits to the table's. */
static void add_row(struct sums *s, sqlite3_stmt *st, uint64_t sum[2]) {
    uint8_t hash[DIGEST_KEY];
    buf_clear(&s->row);
    for (int i = 0; i < sqlite3_column_count(st); i++)
        add_value(&s->row, st, i);
    digest_raw(s->row.data, s->row.len, hash);
    for (int half = 0; half < 2; half++) {
        uint64_t v = 0;
        for (int i = 0; i < 8; i++)
            v = v << 8 | hash[8 * half + i];
        sum[half] += v;
    }
}

/* Names come from the copy's schema: quoted, for they may be anything. */
static int sum_table(struct db_conn *c, struct sums *s,
                     struct db_table_sum *t) {
    CLEANUP(stmt_finalp) sqlite3_stmt *st = NULL;
    uint64_t sum[2] = {0};
    char *sql = sqlite3_mprintf("SELECT * FROM \"%w\"", t->name);
    REQUIRE(sql);
    int rc = sqlite3_prepare_v2(c->sq, sql, -1, &st, NULL);
    sqlite3_free(sql);
    if (rc != SQLITE_OK)
        return conn_code(rc);
    while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
        add_row(s, st, sum);
        t->rows++;
        if (++s->rows % LOOK_ROWS == 0 &&
            !s->watch->go_on(s->watch->self, s->rows, 0))
            return ERR_CANCELLED;
    }
    (void)str_format(t->sum, sizeof t->sum, "%016llx%016llx",
                     (unsigned long long)sum[0], (unsigned long long)sum[1]);
    return rc == SQLITE_DONE ? 0 : conn_code(rc);
}

static int list_tables(struct db_conn *c, struct db_table_sum **ret,
                       int *ret_n) {
    struct db_tx tx = conn_tx(c, false);
    struct db_rows *r AUTO_ROWS = NULL;
    struct db_table_sum *all = NULL;
    int n = 0;
    int rc = db_query(&tx, STMT_BACKUP_TABLES, &r, "");
    while (rc >= 0 && (rc = db_step(r)) == 1) {
        all = mem_resize(all, (size_t)n + 1, sizeof *all);
        all[n] = (struct db_table_sum){0};
        (void)str_copy(all[n].name, sizeof all[n].name, db_text(r, 0));
        n++;
    }
    *ret = all;
    *ret_n = n;
    return rc;
}

int db_copy_sums(struct db_copy *c, const struct db_watch *w,
                 struct db_table_sum **ret, int *ret_n) {
    struct sums s = {.watch = w};
    struct db_table_sum *all;
    int n;
    int rc = list_tables(c->conn, &all, &n);
    for (int i = 0; rc >= 0 && i < n; i++)
        rc = sum_table(c->conn, &s, &all[i]);
    buf_done(&s.row);
    if (rc < 0) {
        free(all);
        return rc;
    }
    *ret = all;
    *ret_n = n;
    return 0;
}

/* --- soundness ---------------------------------------------------------- */

static int on_look(void *arg) {
    const struct db_watch *w = arg;
    return !w->go_on(w->self, 0, 0);
}

int db_copy_check(struct db_copy *c, const struct db_watch *w,
                  struct error *e) {
    char words[200] = "";
    int64_t lost = 0;
    sqlite3_progress_handler(c->conn->sq, LOOK_OPS, on_look, (void *)w);
    int rc = conn_get_text(c->conn, "PRAGMA integrity_check(1)", words,
                           sizeof words);
    if (rc == 0 && str_eq(words, "ok"))
        rc = conn_get_i64(
            c->conn, "SELECT count(*) FROM pragma_foreign_key_check", &lost);
    sqlite3_progress_handler(c->conn->sq, 0, NULL, NULL);
    if (rc == ERR_BUSY)
        return ERR_CANCELLED;
    if (rc < 0)
        return error_set(e, rc, "", "it cannot be read: %s",
                         conn_message(c->conn));
    if (!str_eq(words, "ok"))
        return error_set(e, ERR_DB_CORRUPT, "", "%s", words);
    if (lost > 0)
        return error_set(e, ERR_DB_CORRUPT, "",
                         "%lld rows name others that are not there",
                         (long long)lost);
    return 0;
}
