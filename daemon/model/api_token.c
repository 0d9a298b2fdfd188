#include "common/arena.h"
#include "common/err.h"
#include "common/mem.h"
#include "common/str.h"
#include "common/ulid.h"
#include "db/sql.h"
#include "model/login.h"

static int done(int rc) {
    return rc < 0 ? rc : 0;
}

static int read_one(struct db_rows *r, struct api_token *ret) {
    int rc = db_step(r);
    if (rc <= 0)
        return rc;
    *ret = (struct api_token){.id = db_i64(r, 0),
                              .user_id = db_i64(r, 2),
                              .read_only = db_i64(r, 4) != 0,
                              .some = db_i64(r, 5) != 0,
                              .created_ms = db_i64(r, 6),
                              .used_ms = db_i64(r, 7),
                              .until_ms = db_i64(r, 8)};
    (void)str_copy(ret->uuid, sizeof ret->uuid, db_text(r, 1));
    (void)str_copy(ret->name, sizeof ret->name, db_text(r, 3));
    return 1;
}

int api_token_create(struct db_tx *tx, const uint8_t random[10],
                     const uint8_t digest[32], struct api_token *t,
                     const int64_t *stores, size_t n) {
    t->created_ms = db_now(tx);
    t->some = stores != NULL;
    ulid_format(t->uuid, t->created_ms, random);
    int rc = db_run(tx, STMT_TOKEN_INSERT, "sisbiiii", t->uuid, t->user_id,
                    t->name, digest, (size_t)32, (int64_t)t->read_only,
                    (int64_t)t->some, t->created_ms, t->until_ms);
    if (rc < 0)
        return rc;
    t->id = db_last_id(tx);
    for (size_t i = 0; rc >= 0 && stores && i < n; i++)
        rc = db_run(tx, STMT_TOKEN_STORE_ADD, "iS", t->id, stores[i]);
    return done(rc);
}

int api_token_find(struct db_tx *tx, const uint8_t digest[32],
                   struct api_token *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    struct api_token t;
    int rc = db_query(tx, STMT_TOKEN_BY_DIGEST, &r, "b", digest, (size_t)32);
    if (rc >= 0)
        rc = read_one(r, &t);
    if (rc <= 0 || (t.until_ms && t.until_ms <= db_now(tx)))
        return done(rc) < 0 ? rc : 0;
    *ret = t;
    return 1;
}

int api_token_by_uuid(struct db_tx *tx, const char *uuid,
                      struct api_token *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_TOKEN_BY_UUID, &r, "s", uuid);
    return rc < 0 ? rc : read_one(r, ret);
}

int api_token_stores(struct db_tx *tx, int64_t id, struct arena *a,
                     int64_t **ret, size_t *ret_n) {
    AUTO_ROWS struct db_rows *r = NULL;
    int64_t *ids = NULL;
    size_t n = 0;
    int rc = db_query(tx, STMT_TOKEN_STORES, &r, "i", id);
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        ids = mem_resize(ids, n + 1, sizeof *ids);
        ids[n++] = db_i64(r, 0);
    }
    if (rc >= 0) {
        *ret = arena_alloc(a, (n + 1) * sizeof **ret);
        for (size_t i = 0; i < n; i++)
            (*ret)[i] = ids[i];
        *ret_n = n;
    }
    free(ids);
    return rc;
}

int api_token_used(struct db_tx *tx, int64_t id) {
    return done(db_run(tx, STMT_TOKEN_USED, "ii", db_now(tx), id));
}

int api_token_end(struct db_tx *tx, int64_t id) {
    int rc = db_run(tx, STMT_TOKEN_DROP, "i", id);
    return rc == 0 ? ERR_NOT_FOUND : done(rc);
}

int api_token_end_all(struct db_tx *tx, int64_t user_id) {
    return done(db_run(tx, STMT_TOKENS_DROP, "i", user_id));
}

int api_token_each(struct db_tx *tx, int64_t user_id,
                   int (*fn)(const struct api_token *t, void *arg), void *arg) {
    AUTO_ROWS struct db_rows *r = NULL;
    struct api_token t;
    int rc = db_query(tx, STMT_TOKENS_OF, &r, "i", user_id);
    while (rc >= 0 && (rc = read_one(r, &t)) > 0)
        rc = fn(&t, arg);
    return rc;
}
