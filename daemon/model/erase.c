#include "model/erase.h"

#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/fold.h"
#include "common/json.h"
#include "common/jsonw.h"
#include "common/mem.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/mirror.h"
#include "model/store.h"

void erase_done(struct erase *e) {
    free(TAKE_PTR(e->email_key));
    free(TAKE_PTR(e->orders));
    free(TAKE_PTR(e->changes));
    e->n_orders = e->n_changes = 0;
}

DEFINE_CLEANUP(struct arena *, erase_arena, arena_free)

static void add_row(struct erase_row **rows, size_t *n, int64_t id,
                    int64_t remote_id, const char *text) {
    *rows = mem_resize(*rows, *n + 1, sizeof **rows);
    struct erase_row *r = &(*rows)[(*n)++];
    *r = (struct erase_row){.id = id, .remote_id = remote_id};
    (void)str_copy(r->text, sizeof r->text, text);
}

/* --- finding ---------------------------------------------------------------
 */

/* What speaks against it; the first few are named. */
struct against {
    struct buf refs;
    int n;
};

static void against_done(struct against *a) {
    buf_done(&a->refs);
}

static void speaks_against(struct against *a, const char *store, const char *id,
                           bool of_store) {
    enum { NAMED = 5 };
    if (a->n++ >= NAMED)
        return;
    buf_adds(&a->refs, a->n > 1 ? ", " : "");
    buf_addf(&a->refs, "%s%s%s", of_store ? store : "", of_store ? ":" : "",
             id);
}

static int refuse(const struct against *a, const char *what, struct error *e) {
    if (a->n == 0)
        return 0;
    return error_set(e, ERR_CONFLICT, "ref", "%s: %s%s", what,
                     buf_str(&a->refs), a->n > 5 ? ", ..." : "");
}

static void note_unfinished(struct against *a, const struct erase *e,
                            int64_t remote_id) {
    char id[24];
    (void)str_format(id, sizeof id, "%lld", (long long)remote_id);
    speaks_against(a, e->store, id, true);
}

static int find_orders(struct db_tx *tx, struct erase *e, struct error *err) {
    AUTO_ROWS struct db_rows *r = NULL;
    CLEANUP(against_done) struct against open = {.refs = BUF_INIT};
    int rc = db_query(tx, STMT_ERASE_ORDERS, &r, "i", e->contact_id);
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        if (e->n_orders == ERASE_ORDERS) {
            rc = error_set(err, ERR_TOO_BIG, "ref",
                           "more than %d orders: this is not one person",
                           ERASE_ORDERS);
            break;
        }
        add_row(&e->orders, &e->n_orders, db_i64(r, 0), db_i64(r, 1),
                db_text(r, 2));
        if (!db_i64(r, 3))
            note_unfinished(&open, e, db_i64(r, 1));
    }
    if (rc >= 0)
        rc = refuse(&open, "orders that are not finished", err);
    return rc;
}

static int take_changes(struct db_rows *r, struct erase *e,
                        struct against *open) {
    int rc;
    while ((rc = db_step(r)) > 0) {
        add_row(&e->changes, &e->n_changes, db_i64(r, 0), 0, db_text(r, 1));
        if (db_i64(r, 2) == 0)
            speaks_against(open, e->store, db_text(r, 1), false);
    }
    return rc;
}

/* Of its orders; they may be thousands, and others wait meanwhile. */
static int changes_of_orders(struct db_tx *tx, struct erase *e,
                             struct against *open) {
    static const enum stmt_id how[] = {STMT_ERASE_ORDER_CHANGES,
                                       STMT_ERASE_ORDER_CHANGES_MADE};
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < 2; i++) {
        AUTO_ROWS struct db_rows *r = NULL;
        rc = db_query(tx, how[i], &r, "i", e->contact_id);
        if (rc >= 0)
            rc = take_changes(r, e, open);
    }
    return rc;
}

static int changes_of_account(struct db_tx *tx, struct erase *e,
                              struct against *open) {
    const char *kind = mirror_kind_name(MIRROR_CUSTOMER);
    AUTO_ROWS struct db_rows *r = NULL, *made = NULL;
    int rc = db_query(tx, STMT_ERASE_CHANGES, &r, "Ssi", e->store_id, kind,
                      e->remote_id);
    if (rc >= 0)
        rc = take_changes(r, e, open);
    if (rc >= 0)
        rc = db_query(tx, STMT_ERASE_CHANGES_MADE, &made, "Sis", e->store_id,
                      e->remote_id, kind);
    return rc < 0 ? rc : take_changes(made, e, open);
}

static bool same_email(const struct json *email, const struct erase *e) {
    AUTO_BUF struct buf key = BUF_INIT;
    const char *s = json_string(email);
    if (str_empty(s) || !*e->email_key)
        return false;
    fold_text(&key, s, strlen(s));
    return str_eq(buf_str(&key), e->email_key);
}

bool erase_is_about(struct arena *a, const char *payload,
                    const struct erase *e) {
    const struct json *v;
    int64_t customer = 0;
    if (json_parse(a, payload, strlen(payload), NULL, &v, NULL) < 0)
        return false;
    (void)json_i64(json_get(v, "customer_id"), false, &customer); /* else 0 */
    return (customer > 0 && customer == e->remote_id) ||
           same_email(json_get(v, "email"), e) ||
           same_email(json_path(v, "billing.email"), e);
}

static int creates_of(struct db_tx *tx, struct erase *e, enum mirror_kind k,
                      struct against *open) {
    AUTO_ROWS struct db_rows *r = NULL;
    CLEANUP(erase_arena) struct arena *a = arena_new(0);
    int rc = db_query(tx, STMT_ERASE_CREATES, &r, "Ss", e->store_id,
                      mirror_kind_name(k));
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        arena_reset(a);
        if (!erase_is_about(a, db_text(r, 3), e))
            continue;
        add_row(&e->changes, &e->n_changes, db_i64(r, 0), 0, db_text(r, 1));
        if (db_i64(r, 2) == 0)
            speaks_against(open, e->store, db_text(r, 1), false);
    }
    return rc;
}

static int proposals_of(struct db_tx *tx, const struct erase *e,
                        struct against *open) {
    AUTO_ROWS struct db_rows *r = NULL;
    CLEANUP(erase_arena) struct arena *a = arena_new(0);
    int rc = db_query(tx, STMT_ERASE_PROPOSALS, &r, "S", e->store_id);
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        char id[24];
        arena_reset(a);
        (void)str_format(id, sizeof id, "A-%lld", (long long)db_i64(r, 0));
        if (db_i64(r, 3) != 0 && erase_is_about(a, db_text(r, 1), e))
            speaks_against(open, e->store, id, false);
    }
    return rc;
}

static int find_changes(struct db_tx *tx, struct erase *e, struct error *err) {
    CLEANUP(against_done) struct against open = {.refs = BUF_INIT};
    int rc = changes_of_orders(tx, e, &open);
    if (rc >= 0 && e->remote_id > 0)
        rc = changes_of_account(tx, e, &open);
    if (rc >= 0)
        rc = creates_of(tx, e, MIRROR_ORDER, &open);
    if (rc >= 0)
        rc = creates_of(tx, e, MIRROR_CUSTOMER, &open);
    if (rc >= 0)
        rc = proposals_of(tx, e, &open);
    if (rc >= 0)
        rc = refuse(&open, "changes or proposals that are still open", err);
    return rc;
}

/* Before it is through, older orders of the person may still come. */
static int check_synced(struct db_tx *tx, int64_t store_id, struct error *err) {
    struct checkpoint c;
    int rc = checkpoint_get(tx, store_id, "orders", &c);
    if (rc < 0)
        return rc;
    if (c.success_ms == 0)
        return error_set(err, ERR_CONFLICT, "ref",
                         "the store was not read in full yet: older orders "
                         "may still come");
    return 0;
}

int erase_find(struct db_tx *tx, int64_t store_id, const char *store,
               int64_t contact_id, int64_t remote_id, const char *email,
               struct erase *ret, struct error *err) {
    AUTO_BUF struct buf key = BUF_INIT;
    struct erase e = {
        .store_id = store_id, .contact_id = contact_id, .remote_id = remote_id};
    (void)str_copy(e.store, sizeof e.store, store);
    fold_text(&key, email, strlen(email));
    e.email_key = mem_dup(buf_str(&key));
    int rc = check_synced(tx, store_id, err);
    if (rc >= 0)
        rc = find_orders(tx, &e, err);
    if (rc >= 0)
        rc = find_changes(tx, &e, err);
    if (rc < 0)
        erase_done(&e);
    else
        *ret = e;
    return rc < 0 ? rc : 0;
}

/* --- doing -----------------------------------------------------------------
 */

static int remember(struct db_tx *tx, const struct erase *e, const char *uuid,
                    const char *actor, int64_t *ret) {
    int rc = db_run(tx, STMT_ERASURE_ADD, "sSsi", uuid, e->store_id, actor,
                    db_now(tx));
    int64_t id = db_last_id(tx);
    if (rc >= 0 && e->remote_id > 0)
        rc = db_run(tx, STMT_ERASED_ADD, "Ssii", e->store_id, "customer",
                    e->remote_id, id);
    *ret = id;
    return rc;
}

/* What the journal names and no more: orders may have come since. */
static int remember_orders(struct db_tx *tx, const struct erase *e,
                           int64_t id) {
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < e->n_orders; i++)
        rc = db_run(tx, STMT_ERASED_ADD, "Ssii", e->store_id, "order",
                    e->orders[i].remote_id, id);
    return rc;
}

int erase_begin(struct db_tx *tx, const struct erase *e, const char *uuid,
                const char *actor) {
    int64_t id = 0;
    int rc = remember(tx, e, uuid, actor, &id);
    if (rc >= 0) /* all there are, as they were found just now */
        rc = db_run(tx, STMT_ERASED_ADD_ORDERS, "ii", id, e->contact_id);
    if (rc >= 0)
        rc = db_run(tx, STMT_ERASURE_BEGUN, "ii", e->remote_id, id);
    if (rc >= 0)
        rc = erase_contact_begin(tx, e);
    if (rc >= 0)
        rc = erase_changes(tx, e);
    if (rc >= 0)
        rc = erase_remains(tx, e);
    return rc < 0 ? rc : 0;
}

/* The next orders of an erasure, and how far that is. */
static int rest_of(struct db_tx *tx, int64_t id, int64_t place, int n,
                   struct erase *e) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_ERASURE_ORDERS, &r, "Siii", e->store_id, place,
                      id, (int64_t)n);
    while (rc >= 0 && (rc = db_step(r)) > 0)
        add_row(&e->orders, &e->n_orders, db_i64(r, 1), db_i64(r, 0),
                db_text(r, 2));
    return rc;
}

int erase_rest(struct db_tx *tx, int n) {
    AUTO_ROWS struct db_rows *r = NULL;
    CLEANUP(erase_done) struct erase e = {0};
    int rc = db_query(tx, STMT_ERASURE_REST, &r, "");
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0)
        return rc;
    int64_t id = db_i64(r, 0), place = db_i64(r, 2);
    e.store_id = db_i64(r, 1);
    e.remote_id = db_i64(r, 4);
    (void)str_copy(e.store, sizeof e.store, db_text(r, 3));
    db_rows_done(TAKE_PTR(r));
    rc = rest_of(tx, id, place, n, &e);
    if (rc >= 0)
        rc = erase_orders(tx, &e);
    if (rc >= 0)
        rc = erase_order_remains(tx, &e);
    if (rc >= 0 && e.n_orders)
        place = e.orders[e.n_orders - 1].remote_id;
    if (rc >= 0)
        rc = db_run(tx, STMT_ERASURE_PLACE, "iii", place,
                    (int64_t)(e.n_orders == (size_t)n), id);
    return rc < 0 ? rc : 1;
}

int erase_run(struct db_tx *tx, const struct erase *e, const char *uuid,
              const char *actor) {
    int64_t id;
    int rc = remember(tx, e, uuid, actor, &id);
    if (rc >= 0)
        rc = remember_orders(tx, e, id);
    if (rc >= 0)
        rc = erase_orders(tx, e);
    if (rc >= 0)
        rc = erase_contact(tx, e);
    if (rc >= 0)
        rc = erase_changes(tx, e);
    if (rc >= 0)
        rc = erase_remains(tx, e);
    return rc < 0 ? rc : erase_order_remains(tx, e);
}

int erase_elsewhere(struct db_tx *tx, const struct erase *e,
                    int (*fn)(const char *store, void *arg), void *arg) {
    AUTO_ROWS struct db_rows *r = NULL;
    if (!*e->email_key)
        return 0;
    int rc = db_query(tx, STMT_ERASE_OTHER_STORES, &r, "si", e->email_key,
                      e->store_id);
    while (rc >= 0 && (rc = db_step(r)) > 0)
        rc = fn(db_text(r, 0), arg);
    return rc < 0 ? rc : 0;
}

/* --- the journal -----------------------------------------------------------
 */

int erase_store_uuid(struct db_tx *tx, int64_t store_id, char ret[27]) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_ERASE_STORE_UUID, &r, "S", store_id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0)
        return rc < 0 ? rc : ERR_NOT_FOUND;
    (void)str_copy(ret, 27, db_text(r, 0));
    return 0;
}

void erase_write(const struct erase *e, const char *store_uuid,
                 const char *uuid, const char *actor, struct jsonw *w) {
    jsonw_begin_object(w);
    jsonw_kstring(w, "id", uuid);
    jsonw_kstring(w, "store", store_uuid);
    jsonw_kstring(w, "actor", actor);
    jsonw_ki64(w, "customer", e->remote_id);
    jsonw_key(w, "orders");
    jsonw_begin_array(w);
    for (size_t i = 0; i < e->n_orders; i++)
        jsonw_i64(w, e->orders[i].remote_id);
    jsonw_end_array(w);
    jsonw_key(w, "changes");
    jsonw_begin_array(w);
    for (size_t i = 0; i < e->n_changes; i++)
        jsonw_string(w, e->changes[i].text);
    jsonw_end_array(w);
    jsonw_end_object(w);
}

/* An order that is not here yet is remembered all the same: it may come. */
static int again_orders(struct db_tx *tx, const struct json *list,
                        struct erase *e) {
    int rc = 0;
    for (const struct json *v = json_first(list); rc >= 0 && v;
         v = json_next(v)) {
        AUTO_ROWS struct db_rows *r = NULL;
        int64_t remote;
        if (json_i64(v, false, &remote) < 0)
            return ERR_INVALID;
        rc = db_query(tx, STMT_ERASE_ORDER_ID, &r, "Si", e->store_id, remote);
        if (rc >= 0)
            rc = db_step(r);
        if (rc >= 0)
            add_row(&e->orders, &e->n_orders, rc > 0 ? db_i64(r, 0) : 0, remote,
                    rc > 0 ? db_text(r, 1) : "");
    }
    return rc;
}

static int again_changes(struct db_tx *tx, const struct json *list,
                         struct erase *e) {
    int rc = 0;
    for (const struct json *v = json_first(list); rc >= 0 && v;
         v = json_next(v)) {
        const char *uuid = json_string(v);
        int64_t id;
        if (!uuid)
            return ERR_INVALID;
        rc = db_value(tx, STMT_ERASE_CHANGE_ID, &id, "sS", uuid, e->store_id);
        if (rc > 0)
            add_row(&e->changes, &e->n_changes, id, 0, uuid);
    }
    return rc;
}

/* A guest's contact is whom the orders are of; an account is found by its
 * id. */
static int again_contact(struct db_tx *tx, struct erase *e) {
    int rc = 0;
    if (e->remote_id > 0)
        rc = db_value(tx, STMT_CONTACT_OF_ID, &e->contact_id, "Si", e->store_id,
                      e->remote_id);
    return rc;
}

static int again(struct db_tx *tx, const struct json *line, int64_t store_id,
                 const char *store) {
    CLEANUP(erase_done) struct erase e = {.store_id = store_id};
    const char *uuid = json_string(json_get(line, "id"));
    const char *actor = json_string(json_get(line, "actor"));
    e.email_key = mem_dup("");
    (void)str_copy(e.store, sizeof e.store, store);
    int rc = json_i64(json_get(line, "customer"), false, &e.remote_id);
    if (rc >= 0)
        rc = again_contact(tx, &e);
    if (rc >= 0)
        rc = again_orders(tx, json_get(line, "orders"), &e);
    if (rc >= 0)
        rc = again_changes(tx, json_get(line, "changes"), &e);
    return rc < 0 ? rc : erase_run(tx, &e, uuid, actor ? actor : "system");
}

int erase_replay(struct db_tx *tx, const struct json *line) {
    const char *uuid = json_string(json_get(line, "id"));
    const char *of = json_string(json_get(line, "store"));
    AUTO_ROWS struct db_rows *r = NULL;
    int64_t one;
    if (str_empty(uuid) || str_empty(of))
        return ERR_INVALID;
    int rc = db_value(tx, STMT_ERASURE_KNOWN, &one, "s", uuid);
    if (rc != 0)
        return rc < 0 ? rc : 0;
    rc = db_query(tx, STMT_ERASE_STORE, &r, "s", of);
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0)
        return rc;
    rc = again(tx, line, db_i64(r, 0), db_text(r, 1));
    return rc < 0 ? rc : 1;
}
