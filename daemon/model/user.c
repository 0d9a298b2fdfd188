#include "model/user.h"

#include "common/arena.h"
#include "common/mem.h"
#include "common/str.h"
#include "common/ulid.h"
#include "db/sql.h"

static const char *const role_names[] = {"admin", "staff", "owner"};

const char *user_role_name(enum user_role r) {
    return role_names[r];
}

static enum user_role role_of(const char *name) {
    /* The table's CHECK knows no other. */
    return str_eq(name, "admin")   ? USER_ADMIN
           : str_eq(name, "staff") ? USER_STAFF
                                   : USER_OWNER;
}

static void copy(char *dst, size_t size, struct db_rows *r, int col) {
    (void)str_copy(dst, size, db_text(r, col));
}

static void read_row(struct db_rows *r, struct user *ret) {
    *ret = (struct user){.id = db_i64(r, 0),
                         .role = role_of(db_text(r, 4)),
                         .tenant_id = db_i64(r, 5),
                         .all_stores = db_i64(r, 7) != 0,
                         .read_only = db_i64(r, 8) != 0,
                         .active = db_i64(r, 10) != 0,
                         .has_password = db_i64(r, 11) != 0,
                         .has_totp = db_i64(r, 12) != 0,
                         .created_ms = db_i64(r, 13),
                         .seen_ms = db_i64(r, 14)};
    copy(ret->uuid, sizeof ret->uuid, r, 1);
    copy(ret->name, sizeof ret->name, r, 2);
    copy(ret->title, sizeof ret->title, r, 3);
    copy(ret->tenant, sizeof ret->tenant, r, 6);
    copy(ret->lang, sizeof ret->lang, r, 9);
}

static int read_one(struct db_rows *r, struct user *ret) {
    int rc = db_step(r);
    if (rc > 0)
        read_row(r, ret);
    return rc;
}

int user_by_name(struct db_tx *tx, const char *name, struct user *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_USER_BY_NAME, &r, "s", name);
    return rc < 0 ? rc : read_one(r, ret);
}

int user_by_id(struct db_tx *tx, int64_t id, struct user *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_USER_BY_ID, &r, "i", id);
    return rc < 0 ? rc : read_one(r, ret);
}

int user_each(struct db_tx *tx, int (*fn)(const struct user *u, void *arg),
              void *arg) {
    AUTO_ROWS struct db_rows *r = NULL;
    struct user u;
    int rc = db_query(tx, STMT_USER_LIST, &r, "");
    while (rc >= 0 && (rc = read_one(r, &u)) > 0)
        rc = fn(&u, arg);
    return rc;
}

/* --- writing ------------------------------------------------------------- */

static int check(const struct user *u, struct error *e) {
    if (!str_is_store_name(u->name))
        return error_set(e, ERR_INVALID, "name",
                         "a name is a-z, then a-z, 0-9 and -, at most 32");
    if (u->role == USER_OWNER && !u->tenant_id)
        return error_set(e, ERR_INVALID, "tenant",
                         "an owner belongs to a tenant");
    if (u->role != USER_OWNER && u->tenant_id)
        return error_set(e, ERR_INVALID, "tenant",
                         "only owners belong to a tenant");
    return 0;
}

static int insert(struct db_tx *tx, const struct user *u) {
    if (u->tenant_id)
        return db_run(tx, STMT_USER_INSERT, "ssssiiisi", u->uuid, u->name,
                      u->title, user_role_name(u->role), u->tenant_id,
                      (int64_t)u->all_stores, (int64_t)u->read_only, u->lang,
                      u->created_ms);
    return db_run(tx, STMT_USER_INSERT, "ssssniisi", u->uuid, u->name, u->title,
                  user_role_name(u->role), (int64_t)u->all_stores,
                  (int64_t)u->read_only, u->lang, u->created_ms);
}

int user_create(struct db_tx *tx, const uint8_t random[10], struct user *u,
                struct error *e) {
    int rc = check(u, e);
    if (rc < 0)
        return rc;
    u->active = true;
    u->created_ms = db_now(tx);
    ulid_format(u->uuid, u->created_ms, random);
    rc = insert(tx, u);
    if (rc == ERR_EXISTS)
        return error_set(e, rc, "name", "there is a user %s already", u->name);
    if (rc < 0)
        return rc;
    u->id = db_last_id(tx);
    return 0;
}

int user_update(struct db_tx *tx, const struct user *u, struct error *e) {
    int rc = check(u, e);
    if (rc < 0)
        return rc;
    if (u->tenant_id)
        rc = db_run(tx, STMT_USER_UPDATE, "ssiiisii", u->title,
                    user_role_name(u->role), u->tenant_id,
                    (int64_t)u->all_stores, (int64_t)u->read_only, u->lang,
                    (int64_t)u->active, u->id);
    else
        rc = db_run(tx, STMT_USER_UPDATE, "ssniisii", u->title,
                    user_role_name(u->role), (int64_t)u->all_stores,
                    (int64_t)u->read_only, u->lang, (int64_t)u->active, u->id);
    return rc == 0 ? ERR_NOT_FOUND : rc < 0 ? rc : 0;
}

int user_seen(struct db_tx *tx, int64_t id) {
    int rc = db_run(tx, STMT_USER_SEEN, "ii", db_now(tx), id);
    return rc < 0 ? rc : 0;
}

/* --- stores -------------------------------------------------------------- */

static int collect(struct db_rows *r, struct arena *a, int64_t **ret,
                   size_t *ret_n) {
    int64_t *ids = NULL;
    size_t n = 0;
    int rc;
    while ((rc = db_step(r)) > 0) {
        if ((n & (n - 1)) == 0)
            ids = mem_resize(ids, n ? 2 * n : 1, sizeof *ids);
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

int user_stores(struct db_tx *tx, const struct user *u, struct arena *a,
                int64_t **ret, size_t *ret_n) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = u->role == USER_OWNER
                 ? db_query(tx, STMT_STORES_OF_TENANT, &r, "i", u->tenant_id)
                 : db_query(tx, STMT_USER_STORES, &r, "i", u->id);
    return rc < 0 ? rc : collect(r, a, ret, ret_n);
}

int user_stores_set(struct db_tx *tx, int64_t id, const int64_t *stores,
                    size_t n) {
    int rc = db_run(tx, STMT_USER_STORES_CLEAR, "i", id);
    for (size_t i = 0; rc >= 0 && i < n; i++)
        rc = db_run(tx, STMT_USER_STORE_ADD, "iS", id, stores[i]);
    return rc < 0 ? rc : 0;
}

/* --- accounts ------------------------------------------------------------ */

int user_account_each(struct db_tx *tx,
                      int (*fn)(const struct user_account *a, void *arg),
                      void *arg) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_ACCOUNT_LIST, &r, "");
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        struct user_account a = {.uid = db_i64(r, 0), .user_id = db_i64(r, 2)};
        copy(a.account, sizeof a.account, r, 1);
        rc = fn(&a, arg);
    }
    return rc;
}

int user_account_link(struct db_tx *tx, const struct user_account *a) {
    int rc = db_run(tx, STMT_ACCOUNT_PUT, "isii", a->uid, a->account,
                    a->user_id, db_now(tx));
    return rc < 0 ? rc : 0;
}

int user_account_unlink(struct db_tx *tx, int64_t uid) {
    int rc = db_run(tx, STMT_ACCOUNT_DROP, "i", uid);
    return rc == 0 ? ERR_NOT_FOUND : rc < 0 ? rc : 0;
}
