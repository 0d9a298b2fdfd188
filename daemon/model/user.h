/* Users, their stores and accounts of this machine, and the tenants that stores
 * and owners belong to. What they prove themselves with is in proof.h. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/err.h"

struct arena;
struct db_tx;

/* --- tenants ------------------------------------------------------------ */

enum { TENANT_FIRST = 1 }; /* there from the start */

struct tenant {
    int64_t id, created_ms;
    char name[33];
    char title[129];
    bool owner_orders;     /* its owners may place orders, for approval */
    int64_t stores, users; /* of tenant_each alone */
};

/* 1 found, 0 not. */
int tenant_by_name(struct db_tx *tx, const char *name, struct tenant *ret);
/* All of them by name; fn's negative return ends it. */
int tenant_each(struct db_tx *tx, int (*fn)(const struct tenant *t, void *arg),
                void *arg);
/* ERR_EXISTS; ERR_INVALID: no name. Fills id and created_ms. */
int tenant_create(struct db_tx *tx, struct tenant *t, struct error *e);
/* Its title, and what its owners may. ERR_NOT_FOUND. */
int tenant_update(struct db_tx *tx, const struct tenant *t);

/* --- users -------------------------------------------------------------- */

enum user_role { USER_ADMIN, USER_STAFF, USER_OWNER };
const char *user_role_name(enum user_role r);

struct user {
    int64_t id;
    char uuid[27];
    char name[33];   /* as a store's: immutable */
    char title[129]; /* as people call them */
    enum user_role role;
    int64_t tenant_id; /* of an owner; else 0 */
    char tenant[33];   /* its name, "" */
    bool all_stores;   /* staff: not those of user_stores alone */
    bool read_only, active;
    char lang[8]; /* "": as the terminal says */
    bool has_password, has_totp;
    int64_t created_ms, seen_ms; /* seen 0: never */
};

/* 1 found, 0 not. */
int user_by_name(struct db_tx *tx, const char *name, struct user *ret);
int user_by_id(struct db_tx *tx, int64_t id, struct user *ret);
/* All of them by name; fn's negative return ends it. */
int user_each(struct db_tx *tx, int (*fn)(const struct user *u, void *arg),
              void *arg);
/* Fills id, uuid, created_ms, active. ERR_EXISTS; ERR_INVALID (e->where): no
 * name, or an owner without a tenant, or a tenant of somebody else. */
int user_create(struct db_tx *tx, const uint8_t random[10], struct user *u,
                struct error *e);
/* Title, role, tenant, all_stores, read_only, lang, active. ERR_INVALID as
 * user_create. */
int user_update(struct db_tx *tx, const struct user *u, struct error *e);
/* They signed in. */
int user_seen(struct db_tx *tx, int64_t id);

/* The stores an owner or staff of some stores sees, ascending, in the arena. */
int user_stores(struct db_tx *tx, const struct user *u, struct arena *a,
                int64_t **ret, size_t *ret_n);
/* Of staff: these and no others. */
int user_stores_set(struct db_tx *tx, int64_t id, const int64_t *stores,
                    size_t n);

/* --- accounts of this machine -------------------------------------------- */

struct user_account {
    int64_t uid, user_id;
    char account[65];
};
int user_account_each(struct db_tx *tx,
                      int (*fn)(const struct user_account *a, void *arg),
                      void *arg);
/* ERR_EXISTS: it is linked to somebody already. */
int user_account_link(struct db_tx *tx, const struct user_account *a);
/* ERR_NOT_FOUND. */
int user_account_unlink(struct db_tx *tx, int64_t uid);
