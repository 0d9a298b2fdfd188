/* Accepting a change, and what people do with one. */
#include "model/change.h"

#include <string.h>

#include "common/arena.h"
#include "common/check.h"
#include "common/str.h"
#include "common/ulid.h"
#include "model/change_check.h"
#include "model/change_row.h"
#include "model/change_value.h"
#include "model/store.h"

/* --- accepting ----------------------------------------------------------- */

static int check_store(struct db_tx *tx, int64_t store_id, struct error *e) {
    struct store s = {0};
    int rc = store_by_id(tx, store_id, &s);
    bool can = s.can_write;
    store_done(&s);
    if (rc <= 0)
        return rc < 0 ? rc
                      : error_set(e, ERR_NOT_FOUND, "ref", "no such store");
    return can ? 0
               : error_set(e, ERR_DENIED, "ref",
                           "the key of this store may only read: give the "
                           "shop a key with write permission");
}

static int check_object(struct db_tx *tx, const struct change_new *n,
                        struct error *e) {
    uint8_t hash[16];
    int gone = 0;
    if (n->act == CHANGE_CREATE)
        return 0;
    int rc = mirror_hash(tx, n->kind, n->store_id, n->remote_id, hash, &gone);
    if (rc <= 0)
        return rc < 0 ? rc
                      : error_set(e, ERR_NOT_FOUND, "ref",
                                  "there is no such "
                                  "object");
    if (gone == 2)
        return error_set(e, ERR_CONFLICT, "ref",
                         "the shop does not have it "
                         "any more");
    if (gone == 1 && n->act != CHANGE_UNTRASH)
        return error_set(e, ERR_CONFLICT, "ref",
                         "it is in the shop's trash: "
                         "take it out first");
    return 0;
}

/* The base a person did not name is what was to be seen when it was accepted.
 */
static int fill_base(struct db_tx *tx, const struct change_new *n,
                     struct change_path *p, struct arena *a) {
    int rc = 0;
    if (n->act == CHANGE_STOCK || n->act == CHANGE_CREATE)
        p->base = NULL;
    else if (p->base)
        rc = change_value_canonical(p->base, p->path, a, &p->base);
    else
        rc = change_value_now(tx, n->store_id, n->kind, n->remote_id, p->path,
                              a, &p->base);
    if (rc >= 0 && n->kind == MIRROR_ORDER && n->act == CHANGE_SET &&
        str_eq(p->path, "status"))
        rc = change_check_accept(tx, n->store_id, p->wanted, a, &p->accept);
    return rc;
}

static int prepare_paths(struct db_tx *tx, const struct change_new *n,
                         struct arena *a, struct change_path *paths,
                         struct error *e) {
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < n->n_paths; i++) {
        paths[i] = n->paths[i];
        paths[i].theirs = paths[i].accept = NULL;
        rc = change_check_path(tx, n, &paths[i], a, e);
        if (rc >= 0)
            rc = fill_base(tx, n, &paths[i], a);
    }
    return rc;
}

static bool has_payload(enum change_act a) {
    return a == CHANGE_NOTE || a == CHANGE_REFUND || a == CHANGE_TRACKING ||
           a == CHANGE_CREATE;
}

int change_prove(struct db_tx *tx, const struct change_new *n, struct arena *a,
                 struct change_path *paths, struct error *e) {
    int rc = check_store(tx, n->store_id, e);
    if (rc >= 0)
        rc = check_object(tx, n, e);
    if (rc >= 0 && has_payload(n->act))
        rc = change_check_payload(tx, n, a, e);
    else if (rc >= 0 && n->act != CHANGE_TRASH && n->n_paths == 0)
        rc = error_set(e, ERR_INVALID, "", "nothing is to be changed");
    return rc < 0 ? rc : prepare_paths(tx, n, a, paths, e);
}

static int put_paths(struct db_tx *tx, int64_t id,
                     const struct change_path *paths, size_t n) {
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < n; i++)
        rc = db_run(tx, STMT_CHANGE_PATH_PUT, "issss", id, paths[i].path,
                    paths[i].base, paths[i].wanted, paths[i].accept);
    return rc < 0 ? rc : 0;
}

/* A variation is written below its product. */
static int parent_of(struct db_tx *tx, const struct change_new *n,
                     int64_t *ret) {
    *ret = 0;
    if (n->kind != MIRROR_PRODUCT || n->remote_id == 0)
        return 0;
    int rc =
        db_value(tx, STMT_PRODUCT_PARENT, ret, "Si", n->store_id, n->remote_id);
    return rc < 0 ? rc : 0;
}

static int insert(struct db_tx *tx, const struct change_new *n,
                  const struct change_path *paths, enum change_state state,
                  struct arena *a, struct change *ret) {
    char uuid[ULID_TEXT];
    int64_t parent;
    int rc = parent_of(tx, n, &parent);
    if (rc < 0)
        return rc;
    ulid_format(uuid, db_now(tx), n->random);
    rc = db_run(tx, STMT_CHANGE_INSERT, "sSsiisssssi", uuid, n->store_id,
                mirror_kind_name(n->kind), n->remote_id, parent,
                change_act_name(n->act), change_state_name(state), n->payload,
                n->author, n->reason ? n->reason : "", db_now(tx));
    if (rc < 0)
        return rc;
    int64_t id = db_last_id(tx);
    rc = put_paths(tx, id, paths, n->n_paths);
    if (rc >= 0 && n->approver)
        rc = db_run(tx, STMT_CHANGE_APPROVER, "si", n->approver, id);
    if (rc >= 0)
        rc = change_row_get(tx, id, a, ret);
    return rc < 0 ? rc : change_row_told(tx, ret, state);
}

int change_create(struct db_tx *tx, const struct change_new *n, struct arena *a,
                  struct change *ret, struct error *e) {
    struct change c = {0};
    struct change_path *paths =
        arena_alloc(a, (n->n_paths + 1) * sizeof *paths);
    REQUIRE((n->remote_id == 0) == (n->act == CHANGE_CREATE));
    int rc = change_prove(tx, n, a, paths, e);
    if (rc < 0)
        return rc;
    /* money moves only after a second person approved */
    bool awaiting = n->awaiting || n->act == CHANGE_REFUND;
    rc =
        insert(tx, n, paths, awaiting ? CHANGE_AWAITING : CHANGE_QUEUED, a, &c);
    if (rc >= 0)
        *ret = c;
    return rc < 0 ? rc : 0;
}

/* --- people -------------------------------------------------------------- */

static int move(struct db_tx *tx, const struct change *c, enum change_state to,
                struct error *e) {
    struct change_outcome o = {.state = to};
    int rc = change_row_move(tx, c, &o);
    return rc == ERR_CONFLICT
               ? error_set(e, rc, "", "it is %s: this cannot be done now",
                           change_state_name(c->state))
               : rc;
}

static int refuse(const struct change *c, struct error *e) {
    return error_set(e, ERR_CONFLICT, "", "it is %s: this cannot be done now",
                     change_state_name(c->state));
}

int change_approve(struct db_tx *tx, const struct change *c, const char *who,
                   struct error *e) {
    if (c->state != CHANGE_AWAITING)
        return refuse(c, e);
    if (str_eq(c->author, who))
        return error_set(e, ERR_DENIED, "",
                         "somebody else than its author "
                         "must approve it");
    int rc = db_run(tx, STMT_CHANGE_APPROVER, "si", who, c->id);
    return rc < 0 ? rc : move(tx, c, CHANGE_QUEUED, e);
}

int change_retry(struct db_tx *tx, const struct change *c, struct error *e) {
    switch (c->state) {
    case CHANGE_REFUSED:
    case CHANGE_QUEUED:
        return move(tx, c, CHANGE_QUEUED, e);
    case CHANGE_UNKNOWN: /* next_ms 0: it is looked at now */
        return move(tx, c, CHANGE_UNKNOWN, e);
    default:
        return refuse(c, e);
    }
}

static struct change_new as_new(const struct change *c) {
    return (struct change_new){.store_id = c->store_id,
                               .remote_id = c->remote_id,
                               .kind = c->kind,
                               .act = c->act,
                               .payload = c->payload,
                               .author = c->author};
}

static bool editable(const struct change *c) {
    return c->state == CHANGE_AWAITING || c->state == CHANGE_QUEUED ||
           c->state == CHANGE_REFUSED || c->state == CHANGE_CONFLICT;
}

/* Paths it has keep their base: what its author had seen. */
static void keep_bases(const struct change *c, struct change_path *p) {
    for (size_t i = 0; i < c->n_paths; i++)
        if (str_eq(c->paths[i].path, p->path))
            p->base = c->paths[i].base;
}

static int edit_paths(struct db_tx *tx, const struct change *c,
                      const struct change_path *paths, size_t n,
                      struct error *e) {
    struct change_new as = as_new(c);
    struct arena *a = arena_new(0);
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < n; i++) {
        struct change_path p = paths[i];
        keep_bases(c, &p);
        rc = change_check_path(tx, &as, &p, a, e);
        if (rc >= 0)
            rc = fill_base(tx, &as, &p, a);
        if (rc >= 0)
            rc = put_paths(tx, c->id, &p, 1);
    }
    arena_free(a);
    return rc;
}

static int edit_payload(struct db_tx *tx, const struct change *c,
                        const char *payload, struct error *e) {
    struct change_new as = as_new(c);
    struct arena *a = arena_new(0);
    as.payload = payload;
    int rc = change_check_payload(tx, &as, a, e);
    if (rc >= 0)
        rc = db_run(tx, STMT_CHANGE_PAYLOAD, "si", payload, c->id);
    arena_free(a);
    return rc;
}

/* Whoever sets the numbers proposes them, whoever approved others did not
 * approve these. */
static int propose_again(struct db_tx *tx, const struct change *c,
                         const char *who, struct error *e) {
    int rc = db_run(tx, STMT_CHANGE_PROPOSER, "si", who, c->id);
    return rc < 0 ? rc : move(tx, c, CHANGE_AWAITING, e);
}

int change_edit(struct db_tx *tx, const struct change *c, const char *who,
                const struct change_path *paths, size_t n, const char *payload,
                struct error *e) {
    if (!editable(c))
        return refuse(c, e);
    int rc = edit_paths(tx, c, paths, n, e);
    if (rc >= 0 && payload)
        rc = edit_payload(tx, c, payload, e);
    if (rc < 0)
        return rc;
    return c->state == CHANGE_AWAITING || *c->approver
               ? propose_again(tx, c, who, e)
               : move(tx, c, CHANGE_QUEUED, e);
}

int change_discard(struct db_tx *tx, const struct change *c, struct error *e) {
    /* one that may have happened is not thrown away unseen */
    if (c->state == CHANGE_UNKNOWN && !c->ambiguous)
        return refuse(c, e);
    return move(tx, c, CHANGE_DISCARDED, e);
}

int change_resolve(struct db_tx *tx, const struct change *c,
                   enum change_choice choice, struct error *e) {
    bool conflict = choice == CHANGE_MINE || choice == CHANGE_THEIRS;
    if (conflict ? c->state != CHANGE_CONFLICT
                 : c->state != CHANGE_UNKNOWN || !c->ambiguous)
        return refuse(c, e);
    if (choice == CHANGE_MINE) {
        int rc = db_run(tx, STMT_CHANGE_REBASE, "i", c->id);
        return rc < 0 ? rc : move(tx, c, CHANGE_QUEUED, e);
    }
    /* a restored file may hold a refund that nobody approved */
    bool unapproved = c->act == CHANGE_REFUND && !*c->approver;
    return move(tx, c,
                choice == CHANGE_THEIRS     ? CHANGE_DISCARDED
                : choice == CHANGE_HAPPENED ? CHANGE_CONFIRMED
                : unapproved                ? CHANGE_AWAITING
                                            : CHANGE_QUEUED,
                e);
}
