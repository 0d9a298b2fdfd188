#include "model/login.h"

#include "common/err.h"
#include "common/str.h"
#include "common/ulid.h"
#include "db/sql.h"

static int done(int rc) {
    return rc < 0 ? rc : 0;
}

static int read_one(struct db_rows *r, struct login *ret) {
    int rc = db_step(r);
    if (rc <= 0)
        return rc;
    *ret = (struct login){.id = db_i64(r, 0),
                          .user_id = db_i64(r, 2),
                          .created_ms = db_i64(r, 6),
                          .used_ms = db_i64(r, 7),
                          .until_ms = db_i64(r, 8)};
    (void)str_copy(ret->uuid, sizeof ret->uuid, db_text(r, 1));
    (void)str_copy(ret->kind, sizeof ret->kind, db_text(r, 3));
    (void)str_copy(ret->place, sizeof ret->place, db_text(r, 4));
    (void)str_copy(ret->client, sizeof ret->client, db_text(r, 5));
    return 1;
}

/* Make room for one more: who signs in again and again from a script must not
 * fill the table, and the oldest is the least likely to be in use. */
static int end_oldest(struct db_tx *tx, int64_t user_id,
                      void (*ended)(int64_t id, void *arg), void *arg) {
    int64_t over[64];
    size_t n = 0, seen = 0;
    struct db_rows *r;
    struct login l;
    int rc = db_query(tx, STMT_SESSIONS_OF, &r, "i", user_id);
    if (rc < 0)
        return rc;
    while ((rc = read_one(r, &l)) > 0) {
        if (++seen >= LOGIN_MAX && n < sizeof over / sizeof *over)
            over[n++] = l.id;
    }
    db_rows_done(r);
    for (size_t i = 0; rc >= 0 && i < n; i++) {
        rc = login_end(tx, over[i]);
        ended(over[i], arg);
    }
    return rc;
}

int login_create(struct db_tx *tx, const uint8_t random[10],
                 const uint8_t digest[32], struct login *l,
                 void (*ended)(int64_t id, void *arg), void *arg) {
    int rc = end_oldest(tx, l->user_id, ended, arg);
    if (rc < 0)
        return rc;
    l->created_ms = l->used_ms = db_now(tx);
    ulid_format(l->uuid, l->created_ms, random);
    rc = db_run(tx, STMT_SESSION_INSERT, "sisbssii", l->uuid, l->user_id,
                l->kind, digest, (size_t)32, l->place, l->client, l->created_ms,
                l->until_ms);
    if (rc >= 0)
        l->id = db_last_id(tx);
    return done(rc);
}

int login_find(struct db_tx *tx, const uint8_t digest[32], struct login *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    struct login l;
    int rc = db_query(tx, STMT_SESSION_BY_DIGEST, &r, "b", digest, (size_t)32);
    if (rc >= 0)
        rc = read_one(r, &l);
    if (rc <= 0 || l.until_ms <= db_now(tx))
        return done(rc) < 0 ? rc : 0;
    *ret = l;
    return 1;
}

int login_by_uuid(struct db_tx *tx, const char *uuid, struct login *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_SESSION_BY_UUID, &r, "s", uuid);
    return rc < 0 ? rc : read_one(r, ret);
}

int login_used(struct db_tx *tx, int64_t id, int64_t keep_ms) {
    int64_t now = db_now(tx);
    return done(db_run(tx, STMT_SESSION_USED, "iii", now, now + keep_ms, id));
}

/* The old one is kept as spent: whoever shows it again copied it, or was copied
 * from, and the session ends (login_spent). */
int login_turn(struct db_tx *tx, int64_t id, const uint8_t old[32],
               const uint8_t digest[32]) {
    int rc = db_run(tx, STMT_SPENT_ADD, "bi", old, (size_t)32, id);
    if (rc >= 0)
        rc = db_run(tx, STMT_SESSION_TURN, "bii", digest, (size_t)32,
                    db_now(tx), id);
    return done(rc);
}

int login_spent(struct db_tx *tx, const uint8_t digest[32], int64_t *ret_id) {
    return db_value(tx, STMT_SPENT_FIND, ret_id, "b", digest, (size_t)32);
}

int login_end(struct db_tx *tx, int64_t id) {
    int rc = db_run(tx, STMT_SESSION_DROP, "i", id);
    return rc == 0 ? ERR_NOT_FOUND : done(rc);
}

int login_end_all(struct db_tx *tx, int64_t user_id, int64_t but) {
    return done(db_run(tx, STMT_SESSIONS_DROP, "ii", user_id, but));
}

int login_each(struct db_tx *tx, int64_t user_id,
               int (*fn)(const struct login *l, void *arg), void *arg) {
    AUTO_ROWS struct db_rows *r = NULL;
    struct login l;
    int rc = user_id ? db_query(tx, STMT_SESSIONS_OF, &r, "i", user_id)
                     : db_query(tx, STMT_SESSION_LIST, &r, "");
    while (rc >= 0 && (rc = read_one(r, &l)) > 0) {
        if (l.until_ms > db_now(tx))
            rc = fn(&l, arg);
    }
    return rc;
}

int login_trim(struct db_tx *tx) {
    return db_run(tx, STMT_SESSIONS_TRIM, "i", db_now(tx));
}
