#include "model/store.h"

#include <string.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/mem.h"
#include "common/str.h"
#include "common/ulid.h"
#include "model/feed.h"
#include "model/list.h"
#include "model/store_row.h"

void store_done(struct store *s) {
    free(TAKE_PTR(s->ca));
}

static int read_one(struct db_tx *tx, struct db_rows *r, struct store *ret) {
    int rc = db_step(r);
    if (rc > 0 && !db_scope_has(db_get_scope(tx), db_i64(r, 0)))
        rc = 0; /* a foreign store and a missing one look the same */
    if (rc > 0)
        store_read_row(r, ret);
    return rc;
}

int store_by_name(struct db_tx *tx, const char *name, struct store *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_STORE_BY_NAME, &r, "s", name);
    return rc < 0 ? rc : read_one(tx, r, ret);
}

int store_by_id(struct db_tx *tx, int64_t id, struct store *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_STORE_BY_ID, &r, "S", id);
    if (rc == ERR_NOT_FOUND)
        return 0; /* outside the scope */
    return rc < 0 ? rc : read_one(tx, r, ret);
}

int store_list(struct db_tx *tx, struct store **ret, size_t *ret_n) {
    AUTO_ROWS struct db_rows *r = NULL;
    struct store *all = NULL;
    size_t n = 0;
    int rc = db_query(tx, STMT_STORE_LIST, &r, "");
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        if (!db_scope_has(db_get_scope(tx), db_i64(r, 0)))
            continue;
        all = mem_resize(all, n + 1, sizeof *all);
        store_read_row(r, &all[n++]);
    }
    if (rc < 0) {
        store_list_free(all, n);
        return rc;
    }
    *ret = all;
    *ret_n = n;
    return 0;
}

void store_list_free(struct store *s, size_t n) {
    for (size_t i = 0; i < n; i++)
        store_done(&s[i]);
    free(s);
}

/* ERR_EXISTS with the field that is taken, and by whom. */
static int check_free(struct db_tx *tx, const struct store *s,
                      struct error *e) {
    AUTO_ROWS struct db_rows *r = NULL;
    int64_t removed;
    int rc = db_value(tx, STMT_STORE_NAME_TAKEN, &removed, "s", s->name);
    if (rc > 0)
        return error_set(e, ERR_EXISTS, "name",
                         removed ? "A removed store was named %s and its "
                                   "history is kept: choose another name."
                                 : "There is a store named %s already.",
                         s->name);
    if (rc >= 0)
        rc = db_query(tx, STMT_STORE_URL_TAKEN, &r, "s", s->url);
    if (rc >= 0)
        rc = db_step(r);
    if (rc > 0)
        return error_set(e, ERR_EXISTS, "url",
                         "The store %s has this address already.",
                         db_text(r, 0));
    return rc;
}

static const char *or_default(const char *s, const char *def) {
    return *s ? s : def;
}

static int insert(struct db_tx *tx, const struct store *s) {
    AUTO_BUF struct buf caps = BUF_INIT;
    store_caps_write(&caps, &s->caps);
    return db_run(tx, STMT_STORE_INSERT, "ssssisssisiisssi", s->uuid, s->name,
                  s->title, s->url, (int64_t)s->allow_http, s->ca,
                  or_default(s->auth, "basic"), or_default(s->rest, "path"),
                  (int64_t)s->can_write, buf_str(&caps), (int64_t)s->paused,
                  s->interval_s, or_default(s->state, "new"), s->reason,
                  s->reason_text, s->created_ms);
}

int store_create(struct db_tx *tx, const uint8_t random[10], struct store *s,
                 struct error *e) {
    int rc = check_free(tx, s, e);
    if (rc < 0)
        return rc;
    s->created_ms = s->state_since_ms = db_now(tx);
    ulid_format(s->uuid, s->created_ms, random);
    rc = insert(tx, s);
    if (rc < 0)
        return error_set(e, rc, s->name, "The store could not be saved.");
    s->id = db_last_id(tx);
    return feed_add(tx, "store", s->id, 0, "");
}

/* After an UPDATE of one store: told, or not found. */
static int told(struct db_tx *tx, int64_t id, int rc) {
    if (rc == 0)
        return ERR_NOT_FOUND;
    return rc < 0 ? rc : feed_add(tx, "store", id, 0, "");
}

int store_update(struct db_tx *tx, const struct store *s) {
    int rc = db_run(tx, STMT_STORE_UPDATE, "siisiiiS", s->title, s->interval_s,
                    (int64_t)s->paused, s->ca, (int64_t)s->poll_only,
                    s->per_hour, s->late_s, s->id);
    return told(tx, s->id, rc);
}

int store_tenant(struct db_tx *tx, int64_t id, struct arena *a,
                 const char **ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_STORE_TENANT_NAME, &r, "S", id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc >= 0)
        *ret = list_keep(a, rc > 0 ? db_text(r, 0) : "");
    return rc < 0 ? rc : 0;
}

int store_set_tenant(struct db_tx *tx, int64_t id, int64_t tenant_id) {
    int rc = db_run(tx, STMT_STORE_TENANT, "iS", tenant_id, id);
    return rc == 0 ? ERR_NOT_FOUND : rc < 0 ? rc : 0;
}

int store_remove(struct db_tx *tx, int64_t id) {
    int rc = db_run(tx, STMT_STORE_REMOVE, "iS", db_now(tx), id);
    return told(tx, id, rc);
}

int store_set_caps(struct db_tx *tx, const struct store *s) {
    AUTO_BUF struct buf caps = BUF_INIT;
    store_caps_write(&caps, &s->caps);
    int rc = db_run(tx, STMT_STORE_CAPS, "ssisS", s->auth, s->rest,
                    (int64_t)s->can_write, buf_str(&caps), s->id);
    return told(tx, s->id, rc);
}

int store_set_state(struct db_tx *tx, int64_t id, const char *state,
                    const char *reason, const char *text) {
    int64_t one;
    int rc = db_run(tx, STMT_STORE_STATE, "ssisS", state, reason, db_now(tx),
                    text, id);
    if (rc != 0)
        return told(tx, id, rc);
    rc = db_value(tx, STMT_STORE_EXISTS, &one, "S", id);
    return rc == 0 ? ERR_NOT_FOUND : rc < 0 ? rc : 0;
}

int store_set_verify(struct db_tx *tx, int64_t id, int64_t rows,
                     int64_t differences, const char *report_json) {
    int rc = db_run(tx, STMT_STORE_VERIFY, "iiisS", db_now(tx), rows,
                    differences, report_json, id);
    return told(tx, id, rc);
}

int store_verify_report(struct db_tx *tx, int64_t id, struct arena *a,
                        const char **ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_STORE_VERIFY_REPORT, &r, "S", id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc == 1)
        *ret = arena_dupn(a, db_text(r, 0), strlen(db_text(r, 0)));
    return rc;
}

int store_set_keys(struct db_tx *tx, int64_t id, const void *key, size_t key_n,
                   const void *secret, size_t secret_n) {
    int rc =
        db_run(tx, STMT_STORE_KEYS, "bbS", key, key_n, secret, secret_n, id);
    return rc == 0 ? ERR_NOT_FOUND : rc < 0 ? rc : 0;
}

int store_get_keys(struct db_tx *tx, int64_t id, struct arena *a,
                   const void **key, size_t *key_n, const void **secret,
                   size_t *secret_n) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_STORE_KEYS_OF, &r, "S", id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0)
        return rc < 0 ? rc : ERR_NOT_FOUND;
    const void *k = db_blob(r, 0, key_n);
    *key = arena_dupn(a, k ? k : "", *key_n);
    const void *s = db_blob(r, 1, secret_n);
    *secret = arena_dupn(a, s ? s : "", *secret_n);
    return 0;
}
