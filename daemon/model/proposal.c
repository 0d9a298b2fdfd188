/* Proposing, and what becomes of a proposal while it waits. */
#include "model/proposal.h"

#include <string.h>

#include "common/arena.h"
#include "common/json.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/change_check.h"
#include "model/change_value.h"
#include "model/feed.h"
#include "model/list.h"

int proposal_told(struct db_tx *tx, int64_t store_id) {
    return feed_add(tx, "approval", store_id, 0, "");
}

int proposal_value_now(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                       const char *path, struct arena *a, const char **ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    char text[32];
    if (!str_eq(path, "stock"))
        return change_value_now(tx, store_id, MIRROR_PRODUCT, remote_id, path,
                                a, ret);
    int rc =
        db_query(tx, STMT_PRODUCT_STOCK_NOW, &r, "Si", store_id, remote_id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc == 0)
        return ERR_NOT_FOUND;
    if (rc < 0)
        return rc;
    (void)str_format(text, sizeof text, "%lld",
                     (long long)(db_i64(r, 0) / 1000));
    *ret = db_null(r, 0) ? NULL : list_keep(a, text);
    return 0;
}

int proposal_whole(const char *json, int64_t *ret) {
    struct arena *a = arena_new(256);
    const struct json *v;
    int64_t e3;
    int rc = json_parse(a, json, strlen(json), NULL, &v, NULL);
    if (rc >= 0)
        rc = json_decimal(v, 3, &e3);
    arena_free(a);
    if (rc < 0 || e3 % 1000 || e3 / 1000 > INT32_MAX || e3 / 1000 < INT32_MIN)
        return ERR_INVALID;
    *ret = e3 / 1000;
    return 0;
}

/* --- create -------------------------------------------------------------- */

/* What lists call it: the SKU, else the name, else the number. */
static int title_of(struct db_tx *tx, const struct change_new *n,
                    struct arena *a, const char **ret) {
    const struct json *v = NULL;
    if (n->act == CHANGE_CREATE) {
        if (json_parse(a, n->payload, strlen(n->payload), NULL, &v, NULL) < 0)
            return ERR_INVALID;
        const char *sku = json_string(json_get(v, "sku"));
        const char *name = json_string(json_get(v, "name"));
        *ret = sku && *sku ? sku : name ? name : "";
        return 0;
    }
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_PRODUCT_STOCK_NOW, &r, "Si", n->store_id,
                      n->remote_id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0)
        return rc < 0 ? rc : ERR_NOT_FOUND;
    *ret = list_keep(a, *db_text(r, 2) ? db_text(r, 2) : db_text(r, 3));
    return 0;
}

/* A delta as the level it leads to from the one that was seen. */
static int as_level(struct db_tx *tx, const struct proposal_new *n,
                    struct change_path *p, struct arena *a, struct error *e) {
    const struct change_new *c = n->change;
    const char *seen = n->seen;
    char text[32];
    int64_t base, delta;
    int rc = seen ? 0
                  : proposal_value_now(tx, c->store_id, c->remote_id, p->path,
                                       a, &seen);
    if (rc < 0)
        return rc;
    if (!seen || proposal_whole(seen, &base) < 0 ||
        proposal_whole(p->wanted, &delta) < 0)
        return error_set(e, ERR_CONFLICT, "ref",
                         "the shop does not count its stock in whole pieces");
    int64_t level = base + delta;
    (void)str_format(text, sizeof text, "%lld", (long long)level);
    p->base = seen;
    p->wanted = list_keep(a, text);
    return 0;
}

static int put_items(struct db_tx *tx, int64_t id, const struct change_new *n,
                     const struct change_path *paths) {
    int rc = 0;
    if (n->act == CHANGE_CREATE)
        return db_run(tx, STMT_PROPOSAL_ITEM_PUT, "iisss", id, (int64_t)0, "",
                      NULL, n->payload);
    for (size_t i = 0; rc >= 0 && i < n->n_paths; i++)
        rc = db_run(tx, STMT_PROPOSAL_ITEM_PUT, "iisss", id, n->remote_id,
                    paths[i].path, paths[i].base, paths[i].wanted);
    return rc;
}

static int insert(struct db_tx *tx, const struct proposal_new *n,
                  const struct change_path *paths, struct arena *a,
                  int64_t *ret, struct error *e) {
    const struct change_new *c = n->change;
    const char *title = "";
    int rc = title_of(tx, c, a, &title);
    if (rc >= 0)
        rc = db_run(tx, STMT_PROPOSAL_INSERT, "Ssssisii", c->store_id,
                    proposal_kind_name(n->kind), c->author,
                    c->reason ? c->reason : "", (int64_t)n->over_limit, title,
                    (int64_t)1, db_now(tx));
    if (rc < 0)
        return rc;
    int64_t id = db_last_id(tx);
    rc = put_items(tx, id, c, paths);
    if (rc >= 0 && n->kind == PROPOSAL_NEW_ORDER)
        rc = proposal_reserve(tx, c->store_id, id, c->payload, e);
    if (rc >= 0)
        rc = proposal_told(tx, c->store_id);
    if (rc < 0)
        return rc;
    *ret = id;
    return 0;
}

int proposal_create(struct db_tx *tx, const struct proposal_new *n,
                    struct arena *a, int64_t *ret, struct error *e) {
    const struct change_new *c = n->change;
    struct change_path *paths =
        arena_alloc(a, (c->n_paths + 1) * sizeof *paths);
    int rc = change_prove(tx, c, a, paths, e);
    for (size_t i = 0; rc >= 0 && i < c->n_paths; i++)
        if (c->act == CHANGE_STOCK)
            rc = as_level(tx, n, &paths[i], a, e);
    return rc < 0 ? rc : insert(tx, n, paths, a, ret, e);
}

int proposal_csv_create(struct db_tx *tx, int64_t store_id, const char *author,
                        const char *reason, bool over_limit, int64_t items,
                        int64_t *ret) {
    int rc =
        db_run(tx, STMT_PROPOSAL_INSERT, "Ssssisii", store_id,
               proposal_kind_name(PROPOSAL_CSV), author, reason ? reason : "",
               (int64_t)over_limit, "", items, db_now(tx));
    int64_t id = rc < 0 ? 0 : db_last_id(tx);
    if (rc >= 0)
        rc = db_run(tx, STMT_PROPOSAL_CSV_LOADING, "i", id);
    if (rc < 0)
        return rc;
    *ret = id;
    return 0;
}

int proposal_csv_ready(struct db_tx *tx, int64_t id, int64_t store_id) {
    int rc = db_run(tx, STMT_PROPOSAL_CSV_READY, "i", id);
    return rc < 0 ? rc : proposal_told(tx, store_id);
}

int proposal_csv_drop(struct db_tx *tx, int64_t id, int64_t max) {
    int rc = db_run(tx, STMT_PROPOSAL_CSV_DROP_ROWS, "ii", id, max);
    if (rc < 0 || rc == max)
        return rc < 0 ? rc : 1;
    rc = db_run(tx, STMT_PROPOSAL_CSV_DROP, "i", id);
    return rc < 0 ? rc : 0;
}

int proposal_csv_unready(struct db_tx *tx, int64_t before_ms, int64_t *ret) {
    int rc = db_value(tx, STMT_PROPOSAL_CSV_UNREADY, ret, "i", before_ms);
    return rc == ERR_NOT_FOUND ? 0 : rc;
}

int proposal_csv_release(struct db_tx *tx, int64_t id) {
    int rc =
        db_run(tx, STMT_PROPOSAL_DECIDE, "sssii",
               proposal_state_name(PROPOSAL_APPROVED), "", "", db_now(tx), id);
    return rc < 0 ? rc : 0;
}

int proposal_csv_add(struct db_tx *tx, int64_t id, int64_t remote_id,
                     const char *path, const char *base, const char *wanted) {
    int rc = db_run(tx, STMT_PROPOSAL_ITEM_PUT, "iisss", id, remote_id, path,
                    base, wanted);
    return rc < 0 ? rc : 0;
}

/* --- edit ---------------------------------------------------------------- */

static int decided(const struct proposal *p, struct error *e) {
    return error_set(e, ERR_CONFLICT, "", "it is %s already",
                     proposal_state_name(p->state));
}

static const struct proposal_item *item_of(const struct proposal_item *items,
                                           size_t n, const char *path) {
    for (size_t i = 0; i < n; i++)
        if (str_eq(items[i].path, path))
            return &items[i];
    return NULL;
}

/* A level is checked as a number; anything else as a change would be. */
static int check_wanted(struct db_tx *tx, const struct proposal *p,
                        const struct proposal_item *it, struct change_path *set,
                        struct arena *a, struct error *e) {
    struct change_new as = {.store_id = p->store_id,
                            .remote_id = it->remote_id,
                            .kind = MIRROR_PRODUCT,
                            .act = CHANGE_SET};
    char text[32];
    int64_t level;
    if (!str_eq(set->path, "stock"))
        return change_check_path(tx, &as, set, a, e);
    if (proposal_whole(set->wanted, &level) < 0)
        return error_set(e, ERR_INVALID, "stock", "must be a whole number");
    (void)str_format(text, sizeof text, "%lld", (long long)level);
    set->wanted = list_keep(a, text);
    return str_eq(set->wanted, it->base)
               ? error_set(e, ERR_INVALID, "stock", "nothing would change")
               : 0;
}

static int edit_paths(struct db_tx *tx, const struct proposal *p,
                      const struct change_path *paths, size_t n,
                      struct arena *a, struct error *e) {
    struct proposal_item *items;
    size_t n_items;
    int rc = proposal_items(tx, p, 0, 64, a, &items, &n_items);
    for (size_t i = 0; rc >= 0 && i < n; i++) {
        struct change_path set = paths[i];
        const struct proposal_item *it = item_of(items, n_items, set.path);
        if (!it || !*set.path || p->kind == PROPOSAL_CSV)
            return error_set(e, ERR_INVALID, "set",
                             "%.60s is not among what it proposes", set.path);
        rc = check_wanted(tx, p, it, &set, a, e);
        if (rc >= 0)
            rc = db_run(tx, STMT_PROPOSAL_ITEM_PUT, "iisss", p->id,
                        it->remote_id, set.path, it->base, set.wanted);
    }
    return rc < 0 ? rc : 0;
}

static int edit_payload(struct db_tx *tx, const struct proposal *p,
                        const char *payload, struct arena *a, struct error *e) {
    struct change_new as = {
        .store_id = p->store_id,
        .kind = p->kind == PROPOSAL_NEW_ORDER ? MIRROR_ORDER : MIRROR_PRODUCT,
        .act = CHANGE_CREATE,
        .payload = payload};
    int rc = change_check_payload(tx, &as, a, e);
    if (rc >= 0)
        rc = db_run(tx, STMT_PROPOSAL_ITEM_PUT, "iisss", p->id, (int64_t)0, "",
                    NULL, payload);
    if (rc >= 0 && p->kind == PROPOSAL_NEW_ORDER)
        rc = proposal_reserve(tx, p->store_id, p->id, payload, e);
    return rc < 0 ? rc : 0;
}

int proposal_edit(struct db_tx *tx, const struct proposal *p,
                  const struct change_path *paths, size_t n,
                  const char *payload, const char *reason, struct arena *a,
                  struct error *e) {
    int rc = edit_paths(tx, p, paths, n, a, e);
    if (rc >= 0 && payload)
        rc = edit_payload(tx, p, payload, a, e);
    if (rc >= 0)
        rc = db_run(tx, STMT_PROPOSAL_EDITED, "si", reason ? reason : p->reason,
                    p->id);
    if (rc == 0)
        return decided(p, e);
    return rc < 0 ? rc : proposal_told(tx, p->store_id);
}

/* --- decide -------------------------------------------------------------- */

static int decide(struct db_tx *tx, const struct proposal *p,
                  enum proposal_state to, const char *who, const char *note,
                  struct error *e) {
    int rc = db_run(tx, STMT_PROPOSAL_DECIDE, "sssii", proposal_state_name(to),
                    who, note, db_now(tx), p->id);
    if (rc == 0)
        return decided(p, e);
    return rc < 0 ? rc : proposal_told(tx, p->store_id);
}

int proposal_withdraw(struct db_tx *tx, const struct proposal *p,
                      struct error *e) {
    return decide(tx, p, PROPOSAL_WITHDRAWN, "", "", e);
}

static int not_theirs(const struct proposal *p, const char *who,
                      struct error *e) {
    return str_eq(p->author, who)
               ? error_set(e, ERR_DENIED, "",
                           "somebody else than its author decides; it can be "
                           "withdrawn")
               : 0;
}

int proposal_reject(struct db_tx *tx, const struct proposal *p, const char *who,
                    const char *note, struct error *e) {
    int rc = not_theirs(p, who, e);
    if (rc >= 0 && str_empty(note))
        rc = error_set(e, ERR_INVALID, "note", "say why: its author reads it");
    return rc < 0 ? rc : decide(tx, p, PROPOSAL_REJECTED, who, note, e);
}

/* What its author saw is not there any more: somebody has to have seen that. */
static int check_stale(struct db_tx *tx, const struct proposal *p,
                       struct arena *a, struct error *e) {
    struct proposal_item *items;
    size_t n;
    int rc = proposal_items(tx, p, 0, 64, a, &items, &n);
    for (size_t i = 0; rc >= 0 && i < n; i++)
        if (items[i].stale)
            return error_set(e, ERR_CONFLICT, "stale",
                             "%s was %s when it was proposed and is %s now: "
                             "look at it, then approve it as it is (stale)",
                             items[i].path, items[i].base ? items[i].base : "",
                             items[i].current ? items[i].current : "");
    return rc;
}

int proposal_approve(struct db_tx *tx, const struct proposal *p,
                     const char *who, const char *note, bool stale,
                     proposal_random *fill, struct arena *a, struct error *e) {
    bool file = p->kind == PROPOSAL_CSV;
    int rc = not_theirs(p, who, e);
    if (rc >= 0 && !stale && !file && p->state == PROPOSAL_PENDING)
        rc = check_stale(tx, p, a, e);
    if (rc >= 0)
        rc = decide(tx, p, PROPOSAL_APPROVED, who, note ? note : "", e);
    return rc < 0 || file ? rc : proposal_send_whole(tx, p, who, fill, a, e);
}

int proposal_stop(struct db_tx *tx, const struct proposal *p, struct error *e) {
    int rc = db_run(tx, STMT_PROPOSAL_STOP, "i", p->id);
    if (rc == 0)
        return error_set(e, ERR_CONFLICT, "", "nothing of it is on the way");
    return rc < 0 ? rc : proposal_told(tx, p->store_id);
}
