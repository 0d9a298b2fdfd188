#include "common/str.h"
#include "db/sql.h"
#include "model/user.h"

static void read_row(struct db_rows *r, struct tenant *ret) {
    *ret = (struct tenant){.id = db_i64(r, 0),
                           .created_ms = db_i64(r, 3),
                           .stores = db_i64(r, 4),
                           .users = db_i64(r, 5),
                           .owner_orders = db_i64(r, 6) != 0};
    (void)str_copy(ret->name, sizeof ret->name, db_text(r, 1));
    (void)str_copy(ret->title, sizeof ret->title, db_text(r, 2));
}

int tenant_by_name(struct db_tx *tx, const char *name, struct tenant *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_TENANT_BY_NAME, &r, "s", name);
    if (rc >= 0)
        rc = db_step(r);
    if (rc > 0)
        read_row(r, ret);
    return rc;
}

int tenant_each(struct db_tx *tx, int (*fn)(const struct tenant *t, void *arg),
                void *arg) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_TENANT_LIST, &r, "");
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        struct tenant t;
        read_row(r, &t);
        rc = fn(&t, arg);
    }
    return rc;
}

int tenant_create(struct db_tx *tx, struct tenant *t, struct error *e) {
    if (!str_is_store_name(t->name))
        return error_set(e, ERR_INVALID, "name",
                         "a name is a-z, then a-z, 0-9 and -, at most 32");
    t->created_ms = db_now(tx);
    int rc =
        db_run(tx, STMT_TENANT_INSERT, "ssi", t->name, t->title, t->created_ms);
    if (rc == ERR_EXISTS)
        return error_set(e, rc, "name", "there is a tenant %s already",
                         t->name);
    if (rc < 0)
        return rc;
    t->id = db_last_id(tx);
    return 0;
}

int tenant_update(struct db_tx *tx, const struct tenant *t) {
    int rc = db_run(tx, STMT_TENANT_UPDATE, "sii", t->title,
                    (int64_t)t->owner_orders, t->id);
    return rc == 0 ? ERR_NOT_FOUND : rc < 0 ? rc : 0;
}
