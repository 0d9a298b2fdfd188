#include "model/share.h"

#include "common/arena.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/feed.h"
#include "model/list.h"

const char *share_format(char dst[SHARE_TEXT], int64_t id) {
    (void)str_format(dst, SHARE_TEXT, "L-%lld", (long long)id);
    return dst;
}

int share_parse(const char *text, int64_t *ret_id) {
    bool prefixed = str_starts(text, "L-") || str_starts(text, "l-");
    return str_to_i64(text + (prefixed ? 2 : 0), 1, INT64_MAX, ret_id) < 0
               ? ERR_INVALID
               : 0;
}

static void read_row(struct db_rows *r, struct arena *a, struct share *ret) {
    *ret = (struct share){.id = db_i64(r, 0),
                          .store_id = db_i64(r, 1),
                          .remote_id = db_i64(r, 2),
                          .until_ms = db_i64(r, 3),
                          .revoked_ms = db_i64(r, 4),
                          .author = list_keep(a, db_text(r, 5)),
                          .created_ms = db_i64(r, 6)};
}

static int tell(struct db_tx *tx, const struct share *s) {
    return feed_add(tx, "order", s->store_id, s->remote_id,
                    "{\"part\":\"shares\"}");
}

int share_add(struct db_tx *tx, const uint8_t uuid[SHARE_UUID],
              struct share *s) {
    int rc = db_run(tx, STMT_SHARE_TRIM, "i", db_now(tx) - SHARE_KEPT_MS);
    if (rc >= 0)
        rc = db_run(tx, STMT_SHARE_ADD, "bSiisi", uuid, (size_t)SHARE_UUID,
                    s->store_id, s->remote_id, s->until_ms, s->author,
                    db_now(tx));
    if (rc < 0)
        return rc;
    s->id = db_last_id(tx);
    s->created_ms = db_now(tx);
    return tell(tx, s);
}

int share_get(struct db_tx *tx, int64_t id, struct arena *a,
              struct share *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_SHARE_BY_ID, &r, "i", id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0 || !db_scope_has(db_get_scope(tx), db_i64(r, 1)))
        return rc < 0 ? rc : 0;
    read_row(r, a, ret);
    return 1;
}

int share_open(struct db_tx *tx, const uint8_t uuid[SHARE_UUID],
               struct arena *a, struct share *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    struct share s;
    int rc =
        db_query(tx, STMT_SHARE_BY_UUID, &r, "b", uuid, (size_t)SHARE_UUID);
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0)
        return rc;
    read_row(r, a, &s);
    if (s.revoked_ms || s.until_ms <= db_now(tx))
        return 0;
    *ret = s;
    return 1;
}

int share_revoke(struct db_tx *tx, const struct share *s) {
    int rc = db_run(tx, STMT_SHARE_REVOKE, "ii", db_now(tx), s->id);
    if (rc <= 0)
        return rc;
    rc = tell(tx, s);
    return rc < 0 ? rc : 1;
}

int share_list(struct db_tx *tx, int64_t store_id, int64_t remote_id,
               int64_t after, struct arena *a, struct share **ret,
               size_t *ret_n) {
    AUTO_ROWS struct db_rows *r = NULL;
    struct share *all = arena_alloc(a, SHARES_MAX * sizeof *all);
    size_t n = 0;
    int rc = db_query(tx, STMT_SHARES_OF, &r, "Siii", store_id, remote_id,
                      after, db_now(tx));
    while (rc >= 0 && n < SHARES_MAX && (rc = db_step(r)) > 0)
        read_row(r, a, &all[n++]);
    if (rc < 0)
        return rc;
    *ret = all;
    *ret_n = n;
    return 0;
}
