#include "model/demand.h"

#include <string.h>

#include "common/arena.h"
#include "common/cleanup.h"
#include "common/mem.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/item.h"
#include "model/line_part.h"
#include "model/order.h"
#include "model/store.h"

/* What is asked of an order before anything is written. */
struct asked {
    bool open;   /* its lines are wanted */
    bool listed; /* its store has items */
    bool parts;  /* a line of it may be packed as parts */
};

/* Lines of an order of that status and phase; NULL: the status's own. */
bool demand_wants(const char *status, const char *phase) {
    enum status_phase p = status_phase_of(status);
    if (!phase)
        phase = status_phase_name(p);
    return p != PHASE_DEAD && (str_eq(phase, "todo") || str_eq(phase, "held") ||
                               str_eq(phase, "unmapped"));
}

static int ask(struct db_tx *tx, int64_t order_id, struct asked *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_DEMAND_ORDER, &r, "i", order_id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0)
        return rc;
    ret->open =
        demand_wants(db_text(r, 1), db_null(r, 2) ? NULL : db_text(r, 2));
    ret->listed = db_i64(r, 3) != 0;
    ret->parts = db_i64(r, 4) != 0;
    return 0;
}

/* Items of an order's demand, more added to those there. */
struct touched {
    int64_t *ids;
    size_t n;
};

static void touched_done(struct touched *t) {
    free(t->ids);
}

static int touch(struct db_tx *tx, int64_t order_id, struct touched *t) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_DEMAND_PRODUCTS, &r, "i", order_id);
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        size_t i = 0;
        while (i < t->n && t->ids[i] != db_i64(r, 0))
            i++;
        if (i < t->n)
            continue;
        t->ids = mem_resize(t->ids, t->n + 1, sizeof *t->ids);
        t->ids[t->n++] = db_i64(r, 0);
    }
    return rc < 0 ? rc : 0;
}

DEFINE_CLEANUP(struct arena *, demand_arena, arena_free)

/* A line that is packed as parts of a bundle asks for these instead. */
struct bundled {
    int64_t order_id, store_id, remote_id, line_id, product_id, qty_e3;
};

static int ask_parts(struct db_tx *tx, const struct bundled *l,
                     const struct line_begun *begun, struct arena *a) {
    struct bundle_part *p = NULL;
    size_t n = 0;
    int rc = line_part_of(tx, begun, l->store_id, l->line_id, l->product_id, a,
                          &p, &n);
    if (rc >= 0 && n > 0)
        rc = db_run(tx, STMT_DEMAND_LINE_DROP, "ii", l->order_id, l->line_id);
    for (size_t i = 0; rc >= 0 && i < n; i++)
        rc = db_run(tx, STMT_DEMAND_PART_ADD, "Siiiiii", l->store_id,
                    p[i].product_id, l->order_id, l->line_id, p[i].part,
                    line_part_want(l->qty_e3, p[i].per_e3), l->remote_id);
    return rc < 0 ? rc : 0;
}

static int bundled_lines(struct db_tx *tx, int64_t order_id, struct arena *a,
                         struct bundled **ret, size_t *ret_n) {
    AUTO_ROWS struct db_rows *r = NULL;
    size_t n = 0, room = 0;
    int rc = db_query(tx, STMT_DEMAND_BUNDLED, &r, "i", order_id);
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        if (n == room) {
            room = room ? 2 * room : 8;
            struct bundled *more = arena_alloc(a, room * sizeof *more);
            for (size_t i = 0; i < n; i++)
                more[i] = (*ret)[i];
            *ret = more;
        }
        (*ret)[n++] =
            (struct bundled){order_id,     db_i64(r, 0), db_i64(r, 1),
                             db_i64(r, 2), db_i64(r, 3), db_i64(r, 4)};
    }
    *ret_n = n;
    return rc < 0 ? rc : 0;
}

/* Few orders have any: nothing but the look is spent on the others. */
static int bundled(struct db_tx *tx, int64_t order_id) {
    CLEANUP(demand_arena) struct arena *a = arena_new(1024);
    struct line_begun begun = {0};
    struct bundled *l = NULL;
    size_t n = 0;
    int rc = bundled_lines(tx, order_id, a, &l, &n);
    if (rc >= 0 && n > 0)
        rc = line_part_begun(tx, l->store_id, l->remote_id, a, &begun);
    for (size_t i = 0; rc >= 0 && i < n; i++)
        rc = ask_parts(tx, &l[i], &begun, a);
    return rc;
}

/* A row at a time: a statement that writes several has a savepoint of its own,
 * at which FTS5 writes out all it holds (order.c). */
static int fill(struct db_tx *tx, int64_t order_id) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_DEMAND_LEFT, &r, "i", order_id);
    while (rc >= 0 && (rc = db_step(r)) > 0)
        rc = db_run(tx, STMT_DEMAND_PUT, "iiiii", db_i64(r, 0), db_i64(r, 1),
                    db_i64(r, 2), db_i64(r, 3), db_i64(r, 4));
    return rc < 0 ? rc : 0;
}

/* t: gets its items, before and after; NULL: nobody asks for them. */
static int write_one(struct db_tx *tx, int64_t order_id, bool fresh,
                     struct touched *t) {
    struct asked asked = {0};
    int rc = ask(tx, order_id, &asked);
    if (rc >= 0 && !fresh && asked.listed && t)
        rc = touch(tx, order_id, t);
    if (rc >= 0 && !fresh)
        rc = db_run(tx, STMT_DEMAND_CLEAR, "i", order_id);
    if (rc >= 0 && asked.open)
        rc = fill(tx, order_id);
    if (rc >= 0 && asked.open && asked.parts)
        rc = bundled(tx, order_id);
    if (rc >= 0 && asked.open && asked.listed && t)
        rc = touch(tx, order_id, t);
    return rc < 0 ? rc : 0;
}

int demand_rewrite(struct db_tx *tx, int64_t order_id) {
    return write_one(tx, order_id, false, NULL);
}

int demand_write(struct db_tx *tx, int64_t order_id, bool fresh) {
    CLEANUP(touched_done) struct touched t = {0};
    int rc = write_one(tx, order_id, fresh, &t);
    for (size_t i = 0; rc >= 0 && i < t.n; i++)
        rc = item_refresh(tx, t.ids[i]);
    return rc < 0 ? rc : 0;
}

/* --- many orders of a store ----------------------------------------------- */

static int look_up(struct db_tx *tx, int64_t store_id, const char *status,
                   bool *ret_open) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_STATUS_PHASE, &r, "Ss", store_id, status);
    if (rc >= 0)
        rc = db_step(r);
    if (rc >= 0)
        *ret_open = demand_wants(status, rc > 0 ? db_text(r, 0) : NULL);
    return rc < 0 ? rc : 0;
}

static int is_open(struct db_tx *tx, struct demand_store *d, int64_t store_id,
                   const char *status, bool *ret_open) {
    size_t i = 0, room = sizeof d->seen / sizeof d->seen[0];
    while (i < d->n && !str_eq(d->seen[i].status, status))
        i++;
    if (i < d->n) {
        *ret_open = d->seen[i].open;
        return 0;
    }
    int rc = look_up(tx, store_id, status, ret_open);
    if (rc < 0 || d->n == room || strlen(status) >= sizeof d->seen->status)
        return rc;
    (void)str_copy(d->seen[d->n].status, sizeof d->seen->status, status);
    d->seen[d->n++].open = *ret_open;
    return 0;
}

/* DEMAND_LEFT of an order of which nothing was picked. */
static int fill_plain(struct db_tx *tx, int64_t store_id, int64_t order_id,
                      const struct order *o) {
    static const int64_t most_e3 = 1000000000;
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < o->n_lines; i++) {
        const struct order_line *l = &o->lines[i];
        if (l->product_id > 0 && l->qty_e3 > 0)
            rc = db_run(tx, STMT_DEMAND_PUT, "iiiii", store_id,
                        l->variation_id > 0 ? l->variation_id : l->product_id,
                        order_id, l->line_id,
                        l->qty_e3 < most_e3 ? l->qty_e3 : most_e3);
    }
    return rc < 0 ? rc : 0;
}

static int ask_moving(struct db_tx *tx, struct demand_store *d,
                      int64_t store_id) {
    int64_t one;
    int rc = db_value(tx, STMT_SETTLING_ANY, &one, "S", store_id);
    d->asked = true;
    d->moving = rc > 0;
    return rc < 0 ? rc : 0;
}

int demand_apply(struct db_tx *tx, struct demand_store *d, int64_t store_id,
                 int64_t order_id, const struct order *o, const char *status,
                 const char *was, bool fresh) {
    int64_t plain = 0;
    bool open = false, was_open = false;
    int rc = is_open(tx, d, store_id, status, &open);
    if (rc >= 0 && was && !d->asked)
        rc = ask_moving(tx, d, store_id);
    if (d->moving) /* what it asked for is not what its status says */
        was = NULL;
    if (rc >= 0 && was)
        rc = is_open(tx, d, store_id, was, &was_open);
    if (rc < 0 || (was && open == was_open))
        return rc;
    if (!d->known) {
        rc = db_value(tx, STMT_DEMAND_PLAIN, &plain, "S", store_id);
        d->plain = plain != 0;
        d->known = true;
    }
    if (rc >= 0 && !d->plain)
        return demand_write(tx, order_id, fresh);
    if (rc >= 0 && !fresh)
        rc = db_run(tx, STMT_DEMAND_CLEAR, "i", order_id);
    if (rc >= 0 && open)
        rc = fill_plain(tx, store_id, order_id, o);
    return rc < 0 ? rc : 0;
}

int demand_again(struct db_tx *tx, int64_t store_id, int64_t remote_id) {
    int64_t id;
    int rc = db_value(tx, STMT_ORDER_ITEM_ID, &id, "Si", store_id, remote_id);
    return rc <= 0 ? rc : demand_write(tx, id, false);
}

int demand_of(struct db_tx *tx, int64_t store_id, int64_t remote_id,
              int64_t *ret_e3) {
    int rc = db_value(tx, STMT_DEMAND_OF, ret_e3, "Si", store_id, remote_id);
    return rc < 0 ? rc : 0;
}
