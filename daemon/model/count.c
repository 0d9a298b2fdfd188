#include "model/count.h"

#include "common/arena.h"
#include "common/money.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/at_bin.h"
#include "model/count_lot.h"
#include "model/feed.h"
#include "model/item.h"
#include "model/list.h"
#include "model/lot.h"
#include "model/user.h"

enum { COUNTED_MAX_E3 = 1000 * 1000 * 1000 };

const char *count_name(char dst[24], int64_t id) {
    (void)str_format(dst, 24, "C-%lld", (long long)id);
    return dst;
}

static int tell(struct db_tx *tx) {
    return feed_add(tx, "inventory", 0, 0, "");
}

/* --- reading ---------------------------------------------------------------
 */

static void read_row(struct db_rows *r, struct stock_count *ret) {
    *ret = (struct stock_count){.id = db_i64(r, 0),
                                .whole = db_i64(r, 2) != 0,
                                .blind = db_i64(r, 3) != 0,
                                .begun_ms = db_i64(r, 5),
                                .submitted_ms = db_i64(r, 7),
                                .ended_ms = db_i64(r, 9),
                                .version = db_i64(r, 11),
                                .bins = db_i64(r, 12),
                                .visited = db_i64(r, 13)};
    (void)str_copy(ret->state, sizeof ret->state, db_text(r, 1));
    (void)str_copy(ret->note, sizeof ret->note, db_text(r, 4));
    (void)str_copy(ret->begun_by, sizeof ret->begun_by, db_text(r, 6));
    (void)str_copy(ret->submitted_by, sizeof ret->submitted_by, db_text(r, 8));
    (void)str_copy(ret->ended_by, sizeof ret->ended_by, db_text(r, 10));
}

int count_get(struct db_tx *tx, int64_t id, struct stock_count *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_COUNT_GET, &r, "i", id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc > 0)
        read_row(r, ret);
    return rc;
}

int count_list(struct db_tx *tx, const char *state, int64_t before,
               int (*fn)(const struct stock_count *c, void *arg), void *arg) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = state ? db_query(tx, STMT_COUNT_LIST, &r, "si", state, before)
                   : db_query(tx, STMT_COUNT_LIST_ALL, &r, "i", before);
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        struct stock_count c;
        rc = count_get(tx, db_i64(r, 0), &c);
        if (rc > 0)
            rc = fn(&c, arg);
        if (rc != 0)
            return rc;
    }
    return rc;
}

static int64_t amount(struct db_rows *r, int col) {
    return db_null(r, col) ? ITEM_NONE : db_i64(r, col);
}

int count_lines(struct db_tx *tx, int64_t id, struct arena *a,
                struct count_line **ret, size_t *ret_n) {
    AUTO_ROWS struct db_rows *r = NULL;
    size_t n = 0, cap = 64;
    struct count_line *l = arena_alloc(a, cap * sizeof *l);
    int rc = db_query(tx, STMT_COUNT_LINES, &r, "i", id);
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        if (n == cap) {
            struct count_line *more = arena_alloc(a, 2 * cap * sizeof *l);
            for (size_t i = 0; i < n; i++)
                more[i] = l[i];
            l = more;
            cap *= 2;
        }
        l[n++] = (struct count_line){.bin_id = db_i64(r, 0),
                                     .bin = list_keep(a, db_text(r, 1)),
                                     .item_id = db_i64(r, 2),
                                     .sku = list_keep(a, db_text(r, 3)),
                                     .title = list_keep(a, db_text(r, 4)),
                                     .counted_e3 = amount(r, 5),
                                     .expected_e3 = amount(r, 6),
                                     .counted_by = list_keep(a, db_text(r, 7)),
                                     .lot_id = db_i64(r, 8),
                                     .lot = list_keep(a, db_text(r, 9)),
                                     .elsewhere = list_keep(a, db_text(r, 10))};
    }
    if (rc < 0)
        return rc;
    *ret = l;
    *ret_n = n;
    return 0;
}

int count_is_by(struct db_tx *tx, const struct stock_count *c,
                const char *author) {
    int64_t one;
    if (str_eq(c->submitted_by, author))
        return 1;
    return db_value(tx, STMT_COUNT_MINE, &one, "is", c->id, author);
}

/* --- beginning ---------------------------------------------------------------
 */

static int add_bins(struct db_tx *tx, const struct count_new *n, int64_t id) {
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < n->n_bins; i++) {
        rc = db_run(tx, STMT_COUNT_BIN_ADD, "ii", id, n->bins[i]);
        if (rc >= 0)
            rc = db_run(tx, STMT_COUNT_LINES_OF_BIN, "ii", id, n->bins[i]);
        if (rc >= 0)
            rc = db_run(tx, STMT_COUNT_LOTS_OF_BIN, "ii", id, n->bins[i]);
    }
    return rc < 0 ? rc : 0;
}

/* Wherever they are said to lie. */
static int add_items(struct db_tx *tx, const struct count_new *n, int64_t id) {
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < n->n_items; i++) {
        rc = db_run(tx, STMT_COUNT_LINES_OF_ITEM, "ii", id, n->items[i]);
        if (rc >= 0)
            rc = db_run(tx, STMT_COUNT_LOTS_OF_ITEM, "ii", id, n->items[i]);
    }
    return rc < 0 ? rc : db_run(tx, STMT_COUNT_BINS_OF_LINES, "i", id);
}

int count_begin(struct db_tx *tx, const struct count_new *n, int64_t *ret_id,
                struct error *e) {
    struct stock_count c;
    int rc = db_run(tx, STMT_COUNT_ADD, "iisis", (int64_t)(n->n_bins > 0),
                    (int64_t)n->blind, n->note, db_now(tx), n->author);
    int64_t id = db_last_id(tx);
    if (rc >= 0)
        rc = n->n_bins > 0 ? add_bins(tx, n, id) : add_items(tx, n, id);
    if (rc >= 0)
        rc = count_get(tx, id, &c);
    if (rc < 0)
        return rc;
    if (c.bins == 0)
        return error_set(e, ERR_INVALID, n->n_items ? "items" : "bins",
                         n->n_items ? "they lie in no bin"
                                    : "name the bins or the items to count");
    *ret_id = id;
    return tell(tx);
}

/* --- counting
 * -------------------------------------------------------------------- */

static int not_open(const struct stock_count *c, struct error *e) {
    char name[24];
    if (str_eq(c->state, "open"))
        return 0;
    return error_set(e, ERR_CONFLICT, "id", "%s is not being counted: it is %s",
                     count_name(name, c->id), c->state);
}

int count_visit(struct db_tx *tx, const struct stock_count *c,
                const struct bin *b, const char *author, struct error *e) {
    char name[24];
    int rc = not_open(c, e);
    if (rc >= 0)
        rc = db_run(tx, STMT_COUNT_BIN_VISIT, "iii", db_now(tx), c->id, b->id);
    if (rc == 0)
        return error_set(e, ERR_CONFLICT, "code", "%s is not part of %s",
                         b->code, count_name(name, c->id));
    if (rc >= 0)
        rc = at_bin_set(tx, count_name(name, c->id), author, b->id);
    return rc < 0 ? rc : tell(tx);
}

/* What is tried of every company, one after the other. */
struct anywhere {
    struct db_tx *tx;
    const char *code;
    int64_t item;
    struct error *e;
};

static int try_tenant(const struct tenant *t, void *arg) {
    struct anywhere *w = arg;
    int64_t item = 0;
    struct error e = {0};
    int rc = at_bin_item(w->tx, t->id, w->code, &item, &e);
    if (rc == ERR_NOT_FOUND)
        return 0;
    if (rc == ERR_CONFLICT || (rc >= 0 && w->item && w->item != item))
        return error_set(w->e, ERR_CONFLICT, "code",
                         "several products have the SKU %.60s: type the "
                         "reference of one, as in alpine:34",
                         w->code);
    if (rc >= 0)
        w->item = item;
    return rc < 0 ? rc : 0;
}

/* The product of that code: 1, 0. */
static int product_of(struct db_tx *tx, const struct stock_count *c,
                      const char *code, struct count_at *at, struct error *e) {
    AUTO_ROWS struct db_rows *r = NULL;
    int64_t item = 0;
    int n = 0;
    int rc = db_query(tx, STMT_COUNT_LINE_BY_SKU, &r, "iis", c->id, at->bin_id,
                      code);
    while (rc >= 0 && (rc = db_step(r)) > 0 && ++n)
        item = db_i64(r, 0);
    if (rc < 0)
        return rc;
    if (n != 1) { /* the same SKU of two companies in one bin tells nothing */
        struct anywhere w = {.tx = tx, .code = code, .e = e};
        rc = tenant_each(tx, try_tenant, &w);
        if (rc < 0)
            return rc;
        item = w.item;
    }
    at->item_id = item;
    return item != 0;
}

int count_code(struct db_tx *tx, const struct stock_count *c, const char *code,
               struct count_at *at, struct error *e) {
    at->lot_id = 0;
    int rc = product_of(tx, c, code, at, e);
    if (rc == 0)
        rc = count_lot_of_code(tx, c, code, at, e);
    if (rc == 0)
        return error_set(e, ERR_NOT_FOUND, "code",
                         "%.60s is no bin, no SKU or reference of a product, "
                         "and no lot or serial",
                         code);
    return rc < 0 ? rc : 0;
}

static int is_part(struct db_tx *tx, const struct stock_count *c,
                   const struct count_at *at, struct error *e) {
    int64_t one;
    int rc = db_value(tx, STMT_COUNT_HAS_BIN, &one, "ii", c->id, at->bin_id);
    if (rc > 0 && !c->whole)
        rc = db_value(tx, STMT_COUNT_HAS_LINE, &one, "iii", c->id, at->bin_id,
                      at->item_id);
    if (rc == 0)
        return error_set(e, ERR_CONFLICT, "code",
                         "this count does not ask for it here");
    return rc < 0 ? rc : 0;
}

int count_enter(struct db_tx *tx, const struct stock_count *c,
                const struct count_at *at, int64_t e3, bool add,
                const char *author, int64_t *ret_e3, struct error *e) {
    int64_t before = 0, expected = 0;
    int rc = not_open(c, e);
    if (rc >= 0)
        rc = is_part(tx, c, at, e);
    if (rc >= 0 && add)
        rc = db_value(tx, STMT_COUNT_LINE_GET, &before, "iiii", c->id,
                      at->bin_id, at->item_id, at->lot_id);
    if (rc >= 0 && (!money_add(&e3, before) || e3 < 0 || e3 > COUNTED_MAX_E3))
        rc = error_set(e, ERR_RANGE, "qty", "0 to 1,000,000 can be counted");
    if (rc >= 0)
        rc = lot_lies(tx, at->item_id, at->lot_id, at->bin_id, &expected);
    if (rc >= 0)
        rc = count_lot_check(tx, c, at, e3, expected, e);
    if (rc >= 0)
        rc = db_run(tx, STMT_COUNT_LINE_PUT, "iiiiiis", c->id, at->bin_id,
                    at->item_id, at->lot_id, e3, expected, author);
    if (rc >= 0)
        rc = db_run(tx, STMT_COUNT_BIN_VISIT, "iii", db_now(tx), c->id,
                    at->bin_id);
    if (rc < 0)
        return rc;
    *ret_e3 = e3;
    return tell(tx);
}
