/* How counts end: submitted, compared, written; see model/count.h. */
#include "common/arena.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/at_bin.h"
#include "model/count.h"
#include "model/feed.h"
#include "model/item.h"
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
    int rc = movement_balance(tx, l->item_id, l->bin_id, &l->expected_e3);
    if (rc < 0 || l->counted_e3 != ITEM_NONE)
        return rc;
    l->counted_e3 = 0;
    return db_run(tx, STMT_COUNT_LINE_PUT, "iiiiis", c->id, l->bin_id,
                  l->item_id, INT64_C(0), l->expected_e3, author);
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

int count_apply(struct db_tx *tx, const struct stock_count *c,
                const char *author, struct arena *a, struct count_delta **ret,
                size_t *ret_n, struct error *e) {
    char name[24];
    struct count_line *l;
    size_t n = 0, deltas = 0;
    int rc = move_to(tx, c, "submitted", "done", author, e);
    if (rc >= 0)
        rc = at_bin_end(tx, count_name(name, c->id));
    if (rc >= 0)
        rc = count_lines(tx, c->id, a, &l, &n);
    if (rc < 0)
        return rc;
    struct count_delta *d = arena_alloc(a, (n + 1) * sizeof *d);
    for (size_t i = 0; rc >= 0 && i < n; i++) {
        struct movement m = {.item_id = l[i].item_id,
                             .bin_id = l[i].bin_id,
                             .qty_e3 = l[i].counted_e3 - l[i].expected_e3,
                             .reason = "count",
                             .ref = count_name(name, c->id),
                             .author = l[i].counted_by,
                             .below = true};
        if (m.qty_e3 == 0)
            continue;
        rc = movement_add(tx, &m, e);
        add_delta(d, &deltas, m.item_id, m.qty_e3);
    }
    if (rc < 0)
        return rc;
    *ret = d;
    *ret_n = deltas;
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
