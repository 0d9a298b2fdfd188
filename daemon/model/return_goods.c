/* What comes back: which lines, how many are here, what becomes of them. */
#include <strings.h>

#include "common/check.h"
#include "common/money.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/order_get.h"
#include "model/order_list.h"
#include "model/return_row.h"

static const char *const reasons[] = {
    "defective", "wrong_item", "not_as_described", "changed_mind", "other"};

/* --- create ----------------------------------------------------------------
 */

/* What is to come back or has, of each line. */
struct taken {
    int64_t line_id[RETURN_LINES], qty_e3[RETURN_LINES];
    size_t n;
};

static int load_taken(struct db_tx *tx, const struct return_new *n,
                      struct taken *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc =
        db_query(tx, STMT_RETURN_TAKEN, &r, "Si", n->store_id, n->remote_id);
    while (rc >= 0 && ret->n < RETURN_LINES && (rc = db_step(r)) > 0) {
        ret->line_id[ret->n] = db_i64(r, 0);
        ret->qty_e3[ret->n++] = db_i64(r, 1);
    }
    return rc;
}

static int64_t taken_of(const struct taken *t, int64_t line_id) {
    for (size_t i = 0; i < t->n; i++)
        if (t->line_id[i] == line_id)
            return t->qty_e3[i];
    return 0;
}

static const struct order_line *line_of(const struct order_parts *parts,
                                        int64_t id) {
    for (size_t i = 0; i < parts->n_lines; i++)
        if (parts->lines[i].line_id == id)
            return &parts->lines[i];
    return NULL;
}

static int add_line(struct db_tx *tx, int64_t id, const struct return_want *w,
                    const struct order_parts *parts, const struct taken *t,
                    struct error *e) {
    const struct order_line *l = line_of(parts, w->line_id);
    if (!l)
        return error_set(e, ERR_INVALID, "lines", "the order has no line %lld",
                         (long long)w->line_id);
    int64_t left = l->qty_e3 - taken_of(t, w->line_id);
    if (w->qty_e3 <= 0 || w->qty_e3 % 1000 || w->qty_e3 > left)
        return error_set(
            e, ERR_INVALID, "lines", "of line %lld at most %lld can come back",
            (long long)w->line_id, (long long)(left > 0 ? left / 1000 : 0));
    int rc = db_run(tx, STMT_RETURN_LINE_ADD, "iiissi", id, w->line_id,
                    l->variation_id ? l->variation_id : l->product_id, l->sku,
                    w->name, w->qty_e3);
    return rc == ERR_EXISTS
               ? error_set(e, ERR_INVALID, "lines", "line %lld is named twice",
                           (long long)w->line_id)
               : rc;
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

static int load_order(struct db_tx *tx, const struct return_new *n,
                      struct arena *a, struct order_parts *ret) {
    struct order_item o;
    int rc = order_item_get(tx, n->store_id, n->remote_id, 0, a, &o);
    if (rc <= 0)
        return rc < 0 ? rc : ERR_NOT_FOUND;
    return order_parts_get(tx, o.id, n->store_id, n->remote_id, a, ret);
}

int return_create(struct db_tx *tx, const struct return_new *n, struct arena *a,
                  int64_t *ret_id, struct error *e) {
    struct taken *taken = arena_alloc(a, sizeof *taken);
    struct order_parts parts;
    taken->n = 0;
    int rc = check_new(n, e);
    if (rc >= 0)
        rc = load_order(tx, n, a, &parts);
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
        rc = add_line(tx, r.id, &n->lines[i], &parts, taken, e);
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
                    int64_t qty_e3, struct arena *a, struct error *e) {
    struct return_line *lines;
    size_t n, i = 0;
    int rc = return_lines(tx, r->id, a, &lines, &n);
    while (rc >= 0 && i < n && lines[i].line_id != line_id)
        i++;
    if (rc >= 0 && i == n)
        return error_set(e, ERR_NOT_FOUND, "line",
                         "nothing of that line is "
                         "to come back");
    if (rc >= 0)
        rc = db_run(tx, STMT_RETURN_RECEIVE, "iii", qty_e3, r->id, line_id);
    if (rc == 0)
        return error_set(e, ERR_RANGE, "quantity",
                         "%lld of %lld are here: that many cannot be",
                         (long long)lines[i].received_e3 / 1000,
                         (long long)lines[i].want_e3 / 1000);
    return rc;
}

int return_receive(struct db_tx *tx, const struct return_ *r, int64_t line_id,
                   int64_t qty_e3, const char *who, struct error *e) {
    AUTO_ARENA struct arena *a = arena_new(4096);
    bool more = r->state == RETURN_RECEIVED;
    if (qty_e3 == 0)
        return error_set(e, ERR_INVALID, "quantity", "none is no quantity");
    if (!more && !return_may(r->state, RETURN_RECEIVED))
        return return_row_move(tx, r, RETURN_RECEIVED, "", who, e);
    int rc = count_in(tx, r, line_id, qty_e3, a, e);
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
                struct arena *a, int64_t *ret_line_id) {
    struct return_line *lines;
    size_t n;
    int found = 0;
    int rc = return_lines(tx, r->id, a, &lines, &n);
    for (size_t i = 0; rc >= 0 && found != 1 && i < n; i++) {
        if (!is_code(&lines[i], code))
            continue;
        found = lines[i].received_e3 < lines[i].want_e3 ? 1 : 2;
        *ret_line_id = lines[i].line_id;
    }
    return rc < 0 ? rc : found;
}

/* --- inspect ---------------------------------------------------------------
 */

static const struct return_fate *fate_of(const struct return_fate *f, size_t n,
                                         int64_t line_id, size_t *ret_named) {
    const struct return_fate *found = NULL;
    for (size_t i = 0; i < n; i++)
        if (f[i].line_id == line_id) {
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
    return db_run(tx, STMT_RETURN_INSPECT, "iiiii", f->restock_e3,
                  f->quarantine_e3, f->dispose_e3, r->id, l->line_id);
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
        rc =
            judge(tx, r, &lines[i], fate_of(f, n, lines[i].line_id, &named), e);
    if (rc >= 0 && named != n)
        return error_set(e, ERR_INVALID, "lines",
                         "a line of this return, each once");
    return rc < 0 ? rc : return_row_move(tx, r, RETURN_INSPECTED, note, who, e);
}

int return_stocked(struct db_tx *tx, const struct return_ *r, int64_t line_id,
                   const char *change, const char *who) {
    int rc = db_run(tx, STMT_RETURN_STOCK, "sii", change, r->id, line_id);
    if (rc == 0)
        return ERR_CONFLICT;
    return rc < 0 ? rc : return_row_event(tx, r, "return_restocked", who);
}
