#include "auth/reseal.h"

#include "common/check.h"
#include "common/mem.h"
#include "db/sql.h"

/* Where sealed values lie: a row has an id, the uuid that is part of the seal,
 * and its values; put writes them back. */
static const struct place {
    enum stmt_id list, put;
    const char *table;
    const char *columns[2]; /* NULL: one alone */
} places[] = {
    {STMT_SEALED_STORES,
     STMT_RESEAL_STORE,
     "store",
     {"key_sealed", "secret_sealed"}},
    {STMT_SEALED_USERS, STMT_RESEAL_USER, "users", {"totp", "totp"}},
    {STMT_SEALED_HOOKS, STMT_RESEAL_HOOK, "hook_secret", {"sealed"}},
    {STMT_SEALED_SIGNING, STMT_RESEAL_SIGNING, "signing_key", {"sealed"}},
};

struct reseal {
    struct db_tx *tx;
    const struct seal_ring *ring;
    int64_t done, left;
};

/* A row, read before any is written: updating what is being read would meet
 * rows twice. */
struct row {
    int64_t id;
    struct buf value[2]; /* sealed anew; empty: NULL */
};

static int one_value(struct reseal *r, const struct place *p, int i,
                     struct db_rows *rows, struct buf *ret) {
    const struct seal_place place = {p->table, db_text(rows, 1), p->columns[i]};
    struct buf plain = BUF_INIT;
    size_t n;
    const void *blob = db_blob(rows, 2 + i, &n);
    if (!blob)
        return 0;
    int rc = seal_get(r->ring, &place, blob, n, &plain);
    if (rc >= 0)
        seal_put(r->ring, &place, buf_str(&plain), plain.len, ret);
    else
        buf_add(ret, blob, n);
    r->done += rc >= 0;
    r->left += rc < 0;
    seal_wipe(&plain);
    return 0;
}

static int read_rows(struct reseal *r, const struct place *p, struct row **ret,
                     size_t *ret_n) {
    AUTO_ROWS struct db_rows *rows = NULL;
    int rc = db_query(r->tx, p->list, &rows, "");
    while (rc >= 0 && (rc = db_step(rows)) > 0) {
        *ret = mem_resize(*ret, *ret_n + 1, sizeof **ret);
        struct row *row = &(*ret)[(*ret_n)++];
        *row = (struct row){.id = db_i64(rows, 0)};
        for (int i = 0; rc >= 0 && i < 2 && p->columns[i]; i++)
            rc = one_value(r, p, i, rows, &row->value[i]);
    }
    return rc;
}

static int put_row(struct reseal *r, const struct place *p,
                   const struct row *row) {
    const struct buf *a = &row->value[0], *b = &row->value[1];
    if (!p->columns[1])
        return db_run(r->tx, p->put, "bi", a->data, a->len, row->id);
    return db_run(r->tx, p->put, "bbi", a->data, a->len, b->data, b->len,
                  row->id);
}

static int one_place(struct reseal *r, const struct place *p) {
    struct row *rows = NULL;
    size_t n = 0;
    int rc = read_rows(r, p, &rows, &n);
    for (size_t i = 0; i < n; i++) {
        if (rc >= 0)
            rc = put_row(r, p, &rows[i]);
        buf_done(&rows[i].value[0]);
        buf_done(&rows[i].value[1]);
    }
    free(rows);
    return rc;
}

int reseal_all(struct db_tx *tx, const struct seal_ring *r, int64_t *ret_done,
               int64_t *ret_left) {
    struct reseal o = {.tx = tx, .ring = r};
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < sizeof places / sizeof *places; i++)
        rc = one_place(&o, &places[i]);
    if (rc < 0)
        return rc;
    *ret_done = o.done;
    *ret_left = o.left;
    return 0;
}
