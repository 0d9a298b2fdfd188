/* What comes back: which lines, how many are here, what becomes of them. */
#include <strings.h>

#include "common/check.h"
#include "common/money.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/fulfil.h"
#include "model/line_part.h"
#include "model/return_row.h"

static const char *const reasons[] = {
    "defective", "wrong_item", "not_as_described", "changed_mind", "other"};

/* --- create ----------------------------------------------------------------
 */

/* What is to come back or has, of each line. */
struct taken {
    int64_t line_id[RETURN_LINES], part[RETURN_LINES], qty_e3[RETURN_LINES];
    size_t n;
};

static int load_taken(struct db_tx *tx, const struct return_new *n,
                      struct taken *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc =
        db_query(tx, STMT_RETURN_TAKEN, &r, "Si", n->store_id, n->remote_id);
    while (rc >= 0 && ret->n < RETURN_LINES && (rc = db_step(r)) > 0) {
        ret->line_id[ret->n] = db_i64(r, 0);
        ret->part[ret->n] = db_i64(r, 1);
        ret->qty_e3[ret->n++] = db_i64(r, 2);
    }
    return rc;
}

static int64_t taken_of(const struct taken *t, int64_t line_id, int64_t part) {
    for (size_t i = 0; i < t->n; i++)
        if (t->line_id[i] == line_id && t->part[i] == part)
            return t->qty_e3[i];
    return 0;
}

static const struct fulfil_line *line_of(const struct fulfil_line *l, size_t n,
                                         int64_t id) {
    for (size_t i = 0; i < n; i++)
        if (l[i].line_id == id)
            return &l[i];
    return NULL;
}

/* One row: the line itself, or one of its parts, of which so many were sold. */
static int add_row(struct db_tx *tx, int64_t id, const struct return_want *w,
                   const struct return_line *l, int64_t sold_e3,
                   const struct taken *t, struct error *e) {
    char most[MONEY_TEXT];
    int64_t left = sold_e3 - taken_of(t, l->line_id, l->part);
    bool whole = w->qty_e3 % 1000 == 0 || l->part > 0;
    if (w->qty_e3 <= 0 || !whole || w->qty_e3 > left)
        return error_set(e, ERR_INVALID, "lines",
                         "of line %lld at most %s %.60s can come back",
                         (long long)l->line_id,
                         money_format_qty(most, left > 0 ? left : 0), l->sku);
    int rc = db_run(tx, STMT_RETURN_LINE_ADD, "iiiissi", id, l->line_id,
                    l->part, l->product_id, l->sku, l->name, w->qty_e3);
    return rc == ERR_EXISTS
               ? error_set(e, ERR_INVALID, "lines", "line %lld is named twice",
                           (long long)l->line_id)
               : rc;
}

/* Of a bundle the part that was named, or, without a name, all of them: what
 * lies in a box is never a bundle, and its stock is not either. */
static int add_parts(struct db_tx *tx, int64_t id, const struct return_want *w,
                     const struct fulfil_line *f, const struct taken *t,
                     struct error *e) {
    bool any = false;
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < f->n_parts; i++) {
        const struct fulfil_part *p = &f->parts[i];
        const struct return_line l = {.line_id = f->line_id,
                                      .part = p->part,
                                      .product_id = p->product_id,
                                      .sku = p->sku,
                                      .name = p->name};
        struct return_want one = *w;
        if (w->part && w->part != p->part)
            continue;
        any = true;
        if (!w->part)
            one.qty_e3 = line_part_want(w->qty_e3, p->per_e3);
        rc = add_row(tx, id, &one, &l, line_part_want(f->ordered_e3, p->per_e3),
                     t, e);
    }
    if (rc >= 0 && !any)
        return error_set(e, ERR_INVALID, "lines", "line %lld has no part %lld",
                         (long long)w->line_id, (long long)w->part);
    return rc;
}

static int add_line(struct db_tx *tx, int64_t id, const struct return_want *w,
                    const struct fulfil_line *lines, size_t n,
                    const struct taken *t, struct error *e) {
    const struct fulfil_line *f = line_of(lines, n, w->line_id);
    if (!f)
        return error_set(e, ERR_INVALID, "lines", "the order has no line %lld",
                         (long long)w->line_id);
    if (f->n_parts > 0 || w->part)
        return add_parts(tx, id, w, f, t, e);
    const struct return_line l = {.line_id = f->line_id,
                                  .product_id = f->product_id,
                                  .sku = f->sku,
                                  .name = w->name};
    return add_row(tx, id, w, &l, f->ordered_e3, t, e);
}

static int check_new(const struct return_new *n, struct error *e) {
    bool known = false;
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        known |= str_eq(reasons[i], n->reason);
    if (!known)
        return error_set(e, ERR_INVALID, "reason", "one of the known reasons");
    if (n->n < 1 || n->n > RETURN_LINES)
        return error_set(e, ERR_INVALID, "lines", "at least one line");
    return 0;
}

int return_create(struct db_tx *tx, const struct return_new *n, struct arena *a,
                  int64_t *ret_id, struct error *e) {
    struct taken *taken = arena_alloc(a, sizeof *taken);
    struct fulfil_line *lines;
    size_t n_lines;
    taken->n = 0;
    int rc = check_new(n, e);
    if (rc >= 0)
        rc = fulfil_lines(tx, n->store_id, n->remote_id, a, &lines, &n_lines);
    if (rc >= 0)
        rc = load_taken(tx, n, taken);
    if (rc >= 0)
        rc = db_run(tx, STMT_RETURN_INSERT, "Sissis", n->store_id, n->remote_id,
                    n->reason, n->note, db_now(tx), n->who);
    if (rc < 0)
        return rc;
    struct return_ r = {.id = db_last_id(tx),
                        .store_id = n->store_id,
                        .remote_id = n->remote_id};
    for (size_t i = 0; rc >= 0 && i < n->n; i++)
        rc = add_line(tx, r.id, &n->lines[i], lines, n_lines, taken, e);
    if (rc >= 0)
        rc = return_row_event(tx, &r, "return_requested", n->who);
    if (rc < 0)
        return rc;
    *ret_id = r.id;
    return 0;
}

/* --- receive ---------------------------------------------------------------
 */

static int count_in(struct db_tx *tx, const struct return_ *r, int64_t line_id,
                    int64_t part, int64_t qty_e3, struct arena *a,
                    struct error *e) {
    struct return_line *lines;
    size_t n, i = 0;
    int rc = return_lines(tx, r->id, a, &lines, &n);
    while (rc >= 0 && i < n &&
           (lines[i].line_id != line_id || lines[i].part != part))
        i++;
    if (rc >= 0 && i == n)
        return error_set(e, ERR_NOT_FOUND, "line",
                         "nothing of that line is "
                         "to come back");
    if (rc >= 0)
        rc = db_run(tx, STMT_RETURN_RECEIVE, "iiii", qty_e3, r->id, line_id,
                    part);
    if (rc == 0)
        return error_set(e, ERR_RANGE, "quantity",
                         "%lld of %lld are here: that many cannot be",
                         (long long)lines[i].received_e3 / 1000,
                         (long long)lines[i].want_e3 / 1000);
    return rc;
}

int return_receive(struct db_tx *tx, const struct return_ *r, int64_t line_id,
                   int64_t part, int64_t qty_e3, const char *who,
                   struct error *e) {
    AUTO_ARENA struct arena *a = arena_new(4096);
    bool more = r->state == RETURN_RECEIVED;
    if (qty_e3 == 0)
        return error_set(e, ERR_INVALID, "quantity", "none is no quantity");
    if (!more && !return_may(r->state, RETURN_RECEIVED))
        return return_row_move(tx, r, RETURN_RECEIVED, "", who, e);
    int rc = count_in(tx, r, line_id, part, qty_e3, a, e);
    if (rc < 0)
        return rc;
    if (!more)
        return return_row_move(tx, r, RETURN_RECEIVED, "", who, e);
    rc = db_run(tx, STMT_RETURN_TOUCH, "i", r->id);
    return rc < 0 ? rc : return_row_told(tx, r);
}

static bool is_code(const struct return_line *l, const char *code) {
    char id[24];
    (void)str_format(id, sizeof id, "%lld", (long long)l->product_id);
    return (*l->sku && strcasecmp(l->sku, code) == 0) || str_eq(id, code);
}

int return_scan(struct db_tx *tx, const struct return_ *r, const char *code,
                struct arena *a, int64_t *ret_line_id, int64_t *ret_part) {
    struct return_line *lines;
    size_t n;
    int found = 0;
    int rc = return_lines(tx, r->id, a, &lines, &n);
    for (size_t i = 0; rc >= 0 && found != 1 && i < n; i++) {
        if (!is_code(&lines[i], code))
            continue;
        found = lines[i].received_e3 < lines[i].want_e3 ? 1 : 2;
        *ret_line_id = lines[i].line_id;
        *ret_part = lines[i].part;
    }
    return rc < 0 ? rc : found;
}

/* --- inspect ---------------------------------------------------------------
 */

static const struct return_fate *fate_of(const struct return_fate *f, size_t n,
                                         const struct return_line *l,
                                         size_t *ret_named) {
    const struct return_fate *found = NULL;
    for (size_t i = 0; i < n; i++)
        if (f[i].line_id == l->line_id && f[i].part == l->part) {
            found = &f[i];
            (*ret_named)++;
        }
    return found;
}

static bool adds_up(const struct return_fate *f, int64_t received_e3) {
    int64_t sum = f->restock_e3;
    return f->restock_e3 >= 0 && f->quarantine_e3 >= 0 && f->dispose_e3 >= 0 &&
           money_add(&sum, f->quarantine_e3) &&
           money_add(&sum, f->dispose_e3) && sum == received_e3;
}

static int judge(struct db_tx *tx, const struct return_ *r,
                 const struct return_line *l, const struct return_fate *f,
                 struct error *e) {
    static const struct return_fate none = {0};
    if (!f)
        f = &none;
    if (!adds_up(f, l->received_e3))
        return error_set(e, ERR_INVALID, "lines",
                         "of line %lld %lld are here: restock, quarantine and "
                         "dispose must add up to that",
                         (long long)l->line_id,
                         (long long)l->received_e3 / 1000);
    return db_run(tx, STMT_RETURN_INSPECT, "iiiiii", f->restock_e3,
                  f->quarantine_e3, f->dispose_e3, r->id, l->line_id, l->part);
}

int return_inspect(struct db_tx *tx, const struct return_ *r,
                   const struct return_fate *f, size_t n, const char *note,
                   const char *who, struct error *e) {
    AUTO_ARENA struct arena *a = arena_new(4096);
    struct return_line *lines;
    size_t n_lines, named = 0;
    int rc = return_row_untouched(tx, r, e);
    if (rc >= 0)
        rc = return_lines(tx, r->id, a, &lines, &n_lines);
    for (size_t i = 0; rc >= 0 && i < n_lines; i++)
        rc = judge(tx, r, &lines[i], fate_of(f, n, &lines[i], &named), e);
    if (rc >= 0 && named != n)
        return error_set(e, ERR_INVALID, "lines",
                         "a line of this return, each once");
    return rc < 0 ? rc : return_row_move(tx, r, RETURN_INSPECTED, note, who, e);
}

int64_t return_bundles(const struct fulfil_line *f, const struct return_line *l,
                       size_t n,
                       int64_t (*amount)(const struct return_line *l)) {
    int64_t all = INT64_MAX;
    for (size_t i = 0; i < f->n_parts; i++) {
        const struct fulfil_part *p = &f->parts[i];
        int64_t e3 = 0;
        for (size_t k = 0; k < n; k++)
            if (l[k].line_id == f->line_id && l[k].part == p->part)
                e3 = line_part_bundles(amount(&l[k]), p->per_e3);
        if (!p->optional && e3 < all)
            all = e3;
    }
    return all == INT64_MAX ? 0 : all - all % 1000;
}

int return_stocked(struct db_tx *tx, const struct return_ *r,
                   const struct return_line *l, const char *change,
                   const char *who) {
    int rc = db_run(tx, STMT_RETURN_STOCK, "siii", change, r->id, l->line_id,
                    l->part);
    if (rc == 0)
        return ERR_CONFLICT;
    return rc < 0 ? rc : return_row_event(tx, r, "return_restocked", who);
}
