#include "common/str.h"
#include "db/sql.h"
#include "model/store.h"

int checkpoint_get(struct db_tx *tx, int64_t store_id, const char *collection,
                   struct checkpoint *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    struct checkpoint c = {.phase = "new"};
    int rc = db_query(tx, STMT_CHECKPOINT_GET, &r, "Ss", store_id, collection);
    if (rc >= 0)
        rc = db_step(r);
    if (rc < 0)
        return rc;
    (void)str_copy(c.collection, sizeof c.collection, collection);
    if (rc > 0) {
        (void)str_copy(c.phase, sizeof c.phase, db_text(r, 0));
        c.page = db_i64(r, 1);
        c.pages = db_i64(r, 2);
        c.done = db_i64(r, 3);
        c.total = db_i64(r, 4);
        c.mark_ms = db_i64(r, 5);
        c.walk_ms = db_i64(r, 6);
        c.started_ms = db_i64(r, 7);
        c.success_ms = db_i64(r, 8);
        c.changed_ms = db_i64(r, 9);
    }
    *ret = c;
    return rc;
}

int checkpoint_put(struct db_tx *tx, int64_t store_id,
                   const struct checkpoint *c) {
    int rc =
        db_run(tx, STMT_CHECKPOINT_PUT, "Sssiiiiiiiii", store_id, c->collection,
               c->phase, c->page, c->pages, c->done, c->total, c->mark_ms,
               c->walk_ms, c->started_ms, c->success_ms, c->changed_ms);
    return rc < 0 ? rc : 0;
}
