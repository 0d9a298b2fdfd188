/* How counts end: submitted, compared, written; see model/count.h. */
#include "common/arena.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/at_bin.h"
#include "model/count_lot.h"
#include "model/feed.h"
#include "model/item.h"
#include "model/lot.h"
#include "model/movement.h"

static int move_to(struct db_tx *tx, const struct stock_count *c,
                   const char *from, const char *state, const char *author,
                   struct error *e) {
    char name[24];
    int rc = db_run(tx, STMT_COUNT_STATE, "sisis", state, db_now(tx), author,
                    c->id, from);
    if (rc == 0)
        return error_set(e, ERR_CONFLICT, "id", "%s is %s",
                         count_name(name, c->id), c->state);
    return rc < 0 ? rc : feed_add(tx, "inventory", 0, 0, "");
}

/* --- submit ------------------------------------------------------------------
 */

static int leave_out(struct db_tx *tx, const struct stock_count *c) {
    int rc = db_run(tx, STMT_COUNT_BINS_LEFT, "i", c->id);
    return rc < 0 ? rc : db_run(tx, STMT_COUNT_LINES_LEFT, "i", c->id);
}

static int all_visited(struct db_tx *tx, const struct stock_count *c,
                       struct error *e) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_COUNT_BIN_NEXT, &r, "i", c->id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0)
        return rc;
    return error_set(e, ERR_CONFLICT, "id",
                     "nobody was at %s yet: scan it, or submit a part",
                     db_text(r, 0));
}

/* Nobody found any in a bin somebody was at. */
static int fill_line(struct db_tx *tx, const struct stock_count *c,
                     struct count_line *l, const char *author) {
    int rc = lot_lies(tx, l->item_id, l->lot_id, l->bin_id, &l->expected_e3);
    if (rc < 0 || l->counted_e3 != ITEM_NONE)
        return rc;
    l->counted_e3 = 0;
    return db_run(tx, STMT_COUNT_LINE_PUT, "iiiiiis", c->id, l->bin_id,
                  l->item_id, l->lot_id, INT64_C(0), l->expected_e3, author);
}

static int compare(struct db_tx *tx, const struct stock_count *c,
                   int64_t tolerance_e3, const char *author, bool *ret_within) {
    struct arena *a = arena_new(4096);
    struct count_line *l;
    size_t n = 0;
    bool within = true;
    int rc = count_lines(tx, c->id, a, &l, &n);
    for (size_t i = 0; rc >= 0 && i < n; i++) {
        if (l[i].counted_e3 == ITEM_NONE)
            rc = fill_line(tx, c, &l[i], author);
        int64_t d = l[i].counted_e3 - l[i].expected_e3;
        within = within && d <= tolerance_e3 && d >= -tolerance_e3;
    }
    arena_free(a);
    if (rc < 0)
        return rc;
    *ret_within = within;
    return 0;
}

int count_submit(struct db_tx *tx, const struct stock_count *c, bool partly,
                 int64_t tolerance_e3, const char *author, bool *ret_within,
                 struct error *e) {
    if (c->visited == 0)
        return error_set(e, ERR_CONFLICT, "id", "nothing was counted yet");
    int rc = partly ? leave_out(tx, c) : all_visited(tx, c, e);
    if (rc >= 0)
        rc = move_to(tx, c, "open", "submitted", author, e);
    return rc < 0 ? rc : compare(tx, c, tolerance_e3, author, ret_within);
}

/* --- apply
 * --------------------------------------------------------------------- */

static void add_delta(struct count_delta *d, size_t *n, int64_t item,
                      int64_t e3) {
    size_t i = 0;
    while (i < *n && d[i].item_id != item)
        i++;
    if (i == *n)
        d[(*n)++] = (struct count_delta){item, 0};
    d[i].e3 += e3;
}

/* What is written of a count, and what items have more or less by it. */
struct applying {
    struct db_tx *tx;
    const char *ref;
    struct count_delta *d;
    size_t n;
    struct error *e;
};

static int apply_line(struct applying *a, const struct count_line *l) {
    const struct movement m = {.item_id = l->item_id,
                               .bin_id = l->bin_id,
                               .lot_id = l->lot_id,
                               .qty_e3 = l->counted_e3 - l->expected_e3,
                               .reason = "count",
                               .ref = a->ref,
                               .author = l->counted_by,
                               .below = true};
    int64_t out = 0;
    bool here = false;
    int rc = count_lot_found(a->tx, &m, &out, &here, a->e);
    if (rc < 0 || here)
        return rc;
    add_delta(a->d, &a->n, m.item_id, m.qty_e3 + out);
    return movement_add(a->tx, &m, a->e);
}

/* What is less first: a serial found in another bin of the same count is out of
 * the one it was in by then. */
static int apply_lines(struct applying *a, const struct count_line *l,
                       size_t n) {
    int rc = 0;
    for (int more = 0; more < 2; more++)
        for (size_t i = 0; rc >= 0 && i < n; i++)
            if (l[i].counted_e3 != l[i].expected_e3 &&
                (l[i].counted_e3 > l[i].expected_e3) == more)
                rc = apply_line(a, &l[i]);
    return rc;
}

int count_apply(struct db_tx *tx, const struct stock_count *c,
                const char *author, struct arena *a, struct count_delta **ret,
                size_t *ret_n, struct error *e) {
    char name[24];
    struct count_line *l;
    size_t n = 0;
    int rc = move_to(tx, c, "submitted", "done", author, e);
    if (rc >= 0)
        rc = at_bin_end(tx, count_name(name, c->id));
    if (rc >= 0)
        rc = count_lines(tx, c->id, a, &l, &n);
    if (rc < 0)
        return rc;
    struct applying all = {.tx = tx,
                           .ref = name,
                           .d = arena_alloc(a, (n + 1) * sizeof *all.d),
                           .e = e};
    rc = apply_lines(&all, l, n);
    if (rc < 0)
        return rc;
    *ret = all.d;
    *ret_n = all.n;
    return 0;
}

int count_reopen(struct db_tx *tx, const struct stock_count *c,
                 const char *author, struct error *e) {
    return move_to(tx, c, "submitted", "open", author, e);
}

int count_drop(struct db_tx *tx, const struct stock_count *c,
               const char *author, struct error *e) {
    char name[24];
    const char *from = str_eq(c->state, "open") ? "open" : "submitted";
    int rc = move_to(tx, c, from, "dropped", author, e);
    return rc < 0 ? rc : at_bin_end(tx, count_name(name, c->id));
}
