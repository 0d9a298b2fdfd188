/* Beginning on an order: may it be shipped at all, what is left of it, and the
 * copy of that. */
#include <string.h>

#include "common/arena.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/fulfil.h"
#include "model/list.h"
#include "model/store.h"
#include "model/work_room.h"

int work_phase(struct db_tx *tx, int64_t store_id, const char *slug,
               struct arena *a, const char **ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_STATUS_PHASE, &r, "Ss", store_id, slug);
    if (rc >= 0)
        rc = db_step(r);
    if (rc < 0)
        return rc;
    *ret = rc > 0 ? list_keep(a, db_text(r, 0))
                  : status_phase_name(status_phase_of(slug));
    return 0;
}

static int refuse_held(struct db_tx *tx, int64_t order_id, struct error *e) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_HOLD_OPEN_OF, &r, "ii", order_id, db_now(tx));
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0)
        return rc;
    return error_set(e, ERR_CONFLICT, "order", "it is held (%s, by %s)",
                     db_text(r, 0), db_text(r, 1));
}

/* Is the order one to ship: its status, holds, and that it is there. */
int work_may_ship(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                  struct arena *a, struct error *e) {
    AUTO_ROWS struct db_rows *r = NULL;
    const char *phase;
    int rc = db_query(tx, STMT_ORDER_STATUS_OF, &r, "Si", store_id, remote_id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0)
        return rc < 0 ? rc : ERR_NOT_FOUND;
    const char *status = db_text(r, 1);
    if (db_i64(r, 2) != 0)
        return error_set(e, ERR_CONFLICT, "order",
                         "the shop has it in its trash, or no more");
    rc = work_phase(tx, store_id, status, a, &phase);
    if (rc >= 0 && !str_eq(phase, "todo"))
        return error_set(e, ERR_CONFLICT, "order",
                         "an order that is %s is not to be shipped", status);
    return rc < 0 ? rc : refuse_held(tx, db_i64(r, 0), e);
}

/* Somebody works on it already. */
static int refuse_open(struct db_tx *tx, const struct work_new *n,
                       struct arena *a, struct error *e) {
    struct work w;
    int rc = work_of(tx, n->store_id, n->remote_id, a, &w);
    if (rc <= 0)
        return rc;
    return error_set(e, ERR_EXISTS, "order", "it is %s already: P-%lld, %s",
                     work_state_name(w.state), (long long)w.id,
                     str_empty(w.lease_user) ? "in nobody's hand"
                                             : w.lease_user);
}

static int insert(struct db_tx *tx, const struct work_new *n,
                  const uint8_t basis[WORK_BASIS], int64_t *ret_id) {
    int64_t now = db_now(tx);
    int rc = db_run(tx, STMT_WORK_INSERT, "Siissiib", n->store_id, n->remote_id,
                    n->wave_id, n->tote, n->who, now, db_mono(tx), basis,
                    (size_t)WORK_BASIS);
    if (rc >= 0)
        *ret_id = db_last_id(tx);
    return rc < 0 ? rc : 0;
}

static int add_part(struct db_tx *tx, int64_t store_id, int64_t id,
                    const struct fulfil_line *l, const struct fulfil_part *p,
                    struct arena *a) {
    const char *bin;
    int rc = work_bin(tx, store_id, p->product_id, a, &bin);
    if (rc >= 0)
        rc = db_run(tx, STMT_WORK_LINE_ADD, "iiiissssiiis", id, l->line_id,
                    p->part, p->product_id, p->sku, p->ean, p->name, bin,
                    fulfil_part_open(p), p->per_e3, (int64_t)p->optional,
                    p->part > 0 ? l->name : "");
    return rc < 0 ? rc : 0;
}

int work_add_line(struct db_tx *tx, int64_t store_id, int64_t id,
                  const struct fulfil_line *l, struct arena *a) {
    const struct fulfil_part itself = {.product_id = l->product_id,
                                       .sku = l->sku,
                                       .name = l->name,
                                       .ean = l->ean,
                                       .due_e3 = fulfil_open(l)};
    int rc = 0;
    if (fulfil_open(l) == 0)
        return 0;
    if (l->n_parts == 0)
        return add_part(tx, store_id, id, l, &itself, a);
    for (size_t i = 0; rc >= 0 && i < l->n_parts; i++)
        if (fulfil_part_open(&l->parts[i]) > 0)
            rc = add_part(tx, store_id, id, l, &l->parts[i], a);
    return rc;
}

static int copy_lines(struct db_tx *tx, const struct work_new *n, int64_t id,
                      const struct fulfil_line *l, size_t n_lines,
                      struct arena *a) {
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < n_lines; i++)
        rc = work_add_line(tx, n->store_id, id, &l[i], a);
    return rc;
}

static bool any_open(const struct fulfil_line *l, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (fulfil_open(&l[i]) > 0)
            return true;
    return false;
}

/* Lines of an order that may be begun. */
static int begin_lines(struct db_tx *tx, const struct work_new *n,
                       struct arena *a, struct fulfil_line **ret, size_t *ret_n,
                       struct error *e) {
    int rc = work_may_ship(tx, n->store_id, n->remote_id, a, e);
    if (rc >= 0)
        rc = refuse_open(tx, n, a, e);
    if (rc >= 0)
        rc = fulfil_lines(tx, n->store_id, n->remote_id, a, ret, ret_n);
    if (rc >= 0 && !any_open(*ret, *ret_n))
        return error_set(e, ERR_CONFLICT, "order", "nothing is left to ship");
    return rc < 0 ? rc : 0;
}

int work_may_begin(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                   struct arena *a, struct error *e) {
    const struct work_new n = {.store_id = store_id, .remote_id = remote_id};
    struct fulfil_line *lines;
    size_t n_lines;
    return begin_lines(tx, &n, a, &lines, &n_lines, e);
}

int work_begin(struct db_tx *tx, const struct work_new *n, struct arena *a,
               struct work *ret, struct error *e) {
    struct fulfil_line *lines;
    uint8_t basis[WORK_BASIS];
    size_t n_lines;
    int64_t id = 0;
    struct work w;
    int rc = begin_lines(tx, n, a, &lines, &n_lines, e);
    if (rc >= 0)
        rc = work_basis_now(tx, n->store_id, n->remote_id, a, basis);
    if (rc >= 0)
        rc = insert(tx, n, basis, &id);
    if (rc >= 0)
        rc = copy_lines(tx, n, id, lines, n_lines, a);
    if (rc >= 0)
        rc = work_get(tx, id, a, &w);
    if (rc >= 0)
        rc = work_told(tx, &w, "picking", n->who, "");
    if (rc < 0)
        return rc;
    *ret = w;
    return 0;
}
