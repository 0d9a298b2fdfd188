#include "model/aside_list.h"

#include <string.h>

#include "common/arena.h"
#include "db/sql.h"

int aside_count(struct db_tx *tx, int64_t store_id, int64_t *ret) {
    int rc = db_value(tx, STMT_ASIDE_COUNT, ret, "S", store_id);
    return rc < 0 ? rc : 0;
}

static struct aside_item read_row(struct db_rows *r) {
    return (struct aside_item){
        .id = db_i64(r, 0),
        .store_id = db_i64(r, 1),
        .kind = db_text(r, 2),
        .remote_id = db_i64(r, 3),
        .path = db_text(r, 4),
        .reason = db_text(r, 5),
        .first_ms = db_i64(r, 6),
        .times = db_i64(r, 7),
        .raw = db_text(r, 8),
        .what = db_text(r, 9),
    };
}

int aside_each(struct db_tx *tx, int64_t before,
               int (*fn)(const struct aside_item *a, void *arg), void *arg) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_ASIDE_LIST, &r, "i", before);
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        struct aside_item a = read_row(r);
        if (!db_scope_has(db_get_scope(tx), a.store_id))
            continue;
        rc = fn(&a, arg);
        if (rc != 0)
            return rc;
    }
    return rc;
}

static const char *copy(struct arena *a, const char *s) {
    return arena_dupn(a, s, strlen(s));
}

int aside_get(struct db_tx *tx, int64_t id, struct arena *a,
              struct aside_item *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_ASIDE_GET, &r, "i", id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0 || !db_scope_has(db_get_scope(tx), db_i64(r, 1)))
        return rc < 0 ? rc : 0;
    *ret = read_row(r);
    ret->kind = copy(a, ret->kind);
    ret->path = copy(a, ret->path);
    ret->reason = copy(a, ret->reason);
    ret->raw = copy(a, ret->raw);
    ret->what = copy(a, ret->what);
    return 1;
}
