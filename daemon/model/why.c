#include "model/why.h"

#include <string.h>

#include "common/arena.h"
#include "common/check.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/change.h"
#include "model/fulfil.h"
#include "model/hold.h"
#include "model/list.h"
#include "model/pick.h"
#include "model/store.h"
#include "model/work_room.h"

const char *why_name(enum why w) {
    static const char *const names[WHYS] = {[WHY_GONE] = "gone",
                                            [WHY_UNPAID] = "unpaid",
                                            [WHY_HELD_BY_SHOP] = "held_by_shop",
                                            [WHY_DONE] = "done",
                                            [WHY_DEAD] = "dead",
                                            [WHY_UNMAPPED] = "unmapped",
                                            [WHY_HOLD] = "hold",
                                            [WHY_CONFLICT] = "conflict",
                                            [WHY_REFUSED] = "refused",
                                            [WHY_UNKNOWN] = "unknown",
                                            [WHY_AWAITING] = "awaiting",
                                            [WHY_BACKORDER] = "backorder",
                                            [WHY_STOCK] = "stock",
                                            [WHY_NOTHING_LEFT] = "nothing_left",
                                            [WHY_NOT_BEGUN] = "not_begun",
                                            [WHY_NOT_PICKED] = "not_picked",
                                            [WHY_NOT_PACKED] = "not_packed",
                                            [WHY_NOT_SENT] = "not_sent"};
    REQUIRE((unsigned)w < WHYS);
    return names[w];
}

struct looking {
    struct db_tx *tx;
    struct arena *a;
    int64_t order_id, store_id, remote_id;
    struct blocker *b;
    size_t n;
    struct blocker rest; /* what has no room any more */
};

static struct blocker *add(struct looking *k, enum why what, const char *a) {
    struct blocker *b = k->n < WHY_MAX ? &k->b[k->n++] : &k->rest;
    *b = (struct blocker){.what = what, .a = a, .b = "", .c = ""};
    return b;
}

/* --- the shop's side ---------------------------------------------------- */

static int look_status(struct looking *k) {
    static const struct {
        const char *phase;
        enum why what;
    } phases[] = {{"unpaid", WHY_UNPAID},
                  {"held", WHY_HELD_BY_SHOP},
                  {"done", WHY_DONE},
                  {"dead", WHY_DEAD},
                  {"unmapped", WHY_UNMAPPED}};
    AUTO_ROWS struct db_rows *r = NULL;
    const char *phase;
    int rc = db_query(k->tx, STMT_ORDER_STATUS_OF, &r, "Si", k->store_id,
                      k->remote_id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0)
        return rc < 0 ? rc : ERR_NOT_FOUND;
    k->order_id = db_i64(r, 0);
    const char *status = list_keep(k->a, db_text(r, 1));
    if (db_i64(r, 2) != 0) {
        (void)add(k, WHY_GONE, status);
        return 0;
    }
    rc = work_phase(k->tx, k->store_id, status, k->a, &phase);
    for (size_t i = 0; rc >= 0 && i < sizeof phases / sizeof *phases; i++)
        if (str_eq(phases[i].phase, phase))
            (void)add(k, phases[i].what, status);
    return rc;
}

static int look_holds(struct looking *k) {
    struct hold *h;
    size_t n;
    int rc = hold_list(k->tx, k->order_id, k->a, &h, &n);
    for (size_t i = 0; rc >= 0 && i < n; i++) {
        struct blocker *b = add(k, WHY_HOLD, h[i].reason);
        b->b = h[i].held_by;
        b->c = h[i].note;
    }
    return rc;
}

static int look_changes(struct looking *k) {
    struct change *c;
    size_t n;
    int rc =
        change_of(k->tx, k->store_id, MIRROR_ORDER, k->remote_id, k->a, &c, &n);
    for (size_t i = 0; rc >= 0 && i < n; i++) {
        enum change_state s = c[i].state;
        if (s == CHANGE_CONFLICT || s == CHANGE_REFUSED ||
            s == CHANGE_UNKNOWN || s == CHANGE_AWAITING)
            (void)add(k,
                      s == CHANGE_CONFLICT  ? WHY_CONFLICT
                      : s == CHANGE_REFUSED ? WHY_REFUSED
                      : s == CHANGE_UNKNOWN ? WHY_UNKNOWN
                                            : WHY_AWAITING,
                      c[i].author);
    }
    return rc;
}

/* Nothing of it is to leave any more: the rest is no matter. */
static bool is_over(const struct looking *k) {
    for (size_t i = 0; i < k->n; i++)
        if (k->b[i].what == WHY_GONE || k->b[i].what == WHY_DONE ||
            k->b[i].what == WHY_DEAD)
            return true;
    return false;
}

/* --- the warehouse's ---------------------------------------------------- */

static int look_backorder(struct looking *k, const struct fulfil_line *l) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(k->tx, STMT_SHORT_LAST, &r, "Sii", k->store_id,
                      k->remote_id, l->line_id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0)
        return rc;
    add(k, WHY_BACKORDER, l->sku[0] ? l->sku : l->name)->b =
        list_keep(k->a, db_text(r, 3));
    return 0;
}

/* The shop sold more than it has, or has not taken this line from its stock and
 * has too few. */
static int look_stock(struct looking *k, const struct fulfil_line *l) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc =
        db_query(k->tx, STMT_STOCK_OF, &r, "Si", k->store_id, l->product_id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0 || db_i64(r, 0) == 0 || db_null(r, 1))
        return rc < 0 ? rc : 0;
    int64_t wanted = l->reduced_e3 > 0 ? 0 : fulfil_open(l);
    if (db_i64(r, 1) < wanted)
        (void)add(k, WHY_STOCK, l->sku[0] ? l->sku : l->name);
    return 0;
}

static int look_lines(struct looking *k, bool begun) {
    struct fulfil_line *l;
    size_t n, open = 0;
    int rc = fulfil_lines(k->tx, k->store_id, k->remote_id, k->a, &l, &n);
    for (size_t i = 0; rc >= 0 && i < n; i++) {
        if (fulfil_open(&l[i]) == 0)
            continue;
        open++;
        rc = begun ? 0 : look_backorder(k, &l[i]);
        if (rc >= 0)
            rc = look_stock(k, &l[i]);
    }
    if (rc < 0)
        return rc;
    if (!begun)
        (void)add(k, open ? WHY_NOT_BEGUN : WHY_NOTHING_LEFT, "");
    return 0;
}

static int look_work(struct looking *k, const struct work *w) {
    struct work_line *l;
    size_t n;
    enum why what = w->state == WORK_PICKING  ? WHY_NOT_PICKED
                    : w->state == WORK_PACKED ? WHY_NOT_SENT
                                              : WHY_NOT_PACKED;
    struct blocker *b = add(k, what, w->lease_user);
    int rc = work_lines(k->tx, w->id, k->a, &l, &n);
    for (size_t i = 0; rc >= 0 && i < n; i++) {
        b->n += w->state == WORK_PICKING ? pick_due(&l[i])
                                         : l[i].packed_e3 < l[i].picked_e3;
        if (str_eq(l[i].short_way, "backorder") && l[i].short_e3 > 0)
            add(k, WHY_BACKORDER, l[i].sku[0] ? l[i].sku : l[i].name)->b =
                l[i].short_reason;
    }
    return rc;
}

static int look_all(struct looking *k) {
    struct work w;
    int rc = look_holds(k);
    if (rc >= 0)
        rc = look_changes(k);
    int begun =
        rc < 0 ? rc : work_of(k->tx, k->store_id, k->remote_id, k->a, &w);
    rc = begun < 0 ? begun : look_lines(k, begun > 0);
    return rc >= 0 && begun > 0 ? look_work(k, &w) : rc;
}

int why_list(struct db_tx *tx, int64_t store_id, int64_t remote_id,
             struct arena *a, struct blocker **ret, size_t *ret_n) {
    struct looking k = {
        .tx = tx, .a = a, .store_id = store_id, .remote_id = remote_id};
    k.b = arena_alloc(a, WHY_MAX * sizeof *k.b);
    int rc = look_status(&k);
    if (rc >= 0 && !is_over(&k))
        rc = look_all(&k);
    if (rc < 0)
        return rc;
    *ret = k.b;
    *ret_n = k.n;
    return 0;
}
