#include "model/saved_view.h"

#include <string.h>

#include "common/arena.h"
#include "db/sql.h"

static const char *keep(struct arena *a, const char *s) {
    return arena_dupn(a, s, strlen(s));
}

int saved_view_list(struct db_tx *tx, const char *owner, struct arena *a,
                    struct saved_view ret[SAVED_VIEWS], size_t *ret_n) {
    AUTO_ROWS struct db_rows *r = NULL;
    size_t n = 0;
    int rc = db_query(tx, STMT_SAVED_VIEW_LIST, &r, "s", owner);
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        int slot = (int)db_i64(r, 1);
        if (n > 0 && ret[n - 1].slot == slot)
            continue; /* everybody's, behind one's own */
        ret[n++] = (struct saved_view){.slot = slot,
                                       .own = db_i64(r, 0) != 0,
                                       .list = keep(a, db_text(r, 2)),
                                       .name = keep(a, db_text(r, 3)),
                                       .filter = keep(a, db_text(r, 4)),
                                       .sort = keep(a, db_text(r, 5))};
    }
    if (rc < 0)
        return rc;
    *ret_n = n;
    return 0;
}

int saved_view_put(struct db_tx *tx, const char *owner,
                   const struct saved_view *v) {
    int rc = db_run(tx, STMT_SAVED_VIEW_PUT, "sissss", v->own ? owner : "",
                    (int64_t)v->slot, v->list, v->name, v->filter, v->sort);
    return rc < 0 ? rc : 0;
}

int saved_view_drop(struct db_tx *tx, const char *owner, int slot, bool own) {
    int rc =
        db_run(tx, STMT_SAVED_VIEW_DROP, "si", own ? owner : "", (int64_t)slot);
    return rc == 0 ? ERR_NOT_FOUND : rc < 0 ? rc : 0;
}
