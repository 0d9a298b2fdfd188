#include "model/fulfil_room.h"

#include <string.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/entities.h"
#include "common/err.h"
#include "common/json.h"
#include "common/money.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/list.h"
#include "model/order_get.h"

static struct fulfil_line *line_of(const struct fulfil *f, int64_t line_id) {
    for (size_t i = 0; i < f->n; i++)
        if (f->lines[i].line_id == line_id)
            return &f->lines[i];
    return NULL;
}

/* The kept object; NULL when there is none, which is no error. */
static int kept_object(const struct fulfil *f, enum mirror_kind kind,
                       int64_t remote_id, const struct json **ret) {
    const char *raw;
    size_t n;
    int rc = mirror_raw(f->tx, kind, f->store_id, remote_id, f->a, &raw, &n);
    *ret = NULL;
    return rc <= 0 ? rc : json_parse(f->a, raw, n, NULL, ret, NULL);
}

int fulfil_ean(struct fulfil *f, int64_t product_id, const char **ret) {
    const struct json *product = NULL;
    if (product_id <= 0)
        return 0;
    int rc = kept_object(f, MIRROR_PRODUCT, product_id, &product);
    const char *ean = json_string(json_get(product, "global_unique_id"));
    if (rc >= 0 && ean)
        *ret = ean;
    return rc;
}

/* --- what was ordered --------------------------------------------------- */

static void copy_lines(struct fulfil *f, const struct order_parts *p) {
    f->n = p->n_lines;
    f->lines = arena_alloc(f->a, (p->n_lines + 1) * sizeof *f->lines);
    for (size_t i = 0; i < p->n_lines; i++) {
        const struct order_line *l = &p->lines[i];
        f->lines[i] = (struct fulfil_line){
            .line_id = l->line_id,
            .product_id = l->variation_id ? l->variation_id : l->product_id,
            .sku = l->sku,
            .name = "",
            .ean = "",
            .ordered_e3 = l->qty_e3,
            .reduced_e3 = l->reduced_e3};
    }
}

static const char *decoded(struct arena *a, const char *name) {
    AUTO_BUF struct buf b = BUF_INIT;
    entities_decode(&b, name);
    return arena_dupn(a, buf_str(&b), b.len);
}

/* As the order says it: a product that is renamed or gone was sold under that
 * name. */
static void describe_lines(struct fulfil *f, const struct json *order) {
    for (const struct json *l = json_first(json_get(order, "line_items")); l;
         l = json_next(l)) {
        const char *name = json_string(json_get(l, "name"));
        int64_t id;
        struct fulfil_line *line =
            json_i64(json_get(l, "id"), true, &id) == 0 ? line_of(f, id) : NULL;
        const char *ean = json_string(json_get(l, "global_unique_id"));
        if (line && name)
            line->name = decoded(f->a, name);
        if (line && ean)
            line->ean = ean;
    }
}

/* Shops before WooCommerce 9.2 say it of the product alone. */
static int find_eans(struct fulfil *f) {
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < f->n; i++)
        if (!f->lines[i].ean[0])
            rc = fulfil_ean(f, f->lines[i].product_id, &f->lines[i].ean);
    return rc;
}

/* --- what was taken back or left ---------------------------------------- */

static int64_t refunded_line(const struct json *l) {
    for (const struct json *m = json_first(json_get(l, "meta_data")); m;
         m = json_next(m)) {
        int64_t id;
        if (str_eq(json_string(json_get(m, "key")), "_refunded_item_id") &&
            json_i64(json_get(m, "value"), true, &id) == 0)
            return id;
    }
    return 0;
}

/* Quantities of a refund are negative. */
static void take_refund(struct fulfil *f, const struct json *refund) {
    for (const struct json *l = json_first(json_get(refund, "line_items")); l;
         l = json_next(l)) {
        struct fulfil_line *line = line_of(f, refunded_line(l));
        int64_t e3;
        if (!line ||
            json_decimal(json_get(l, "quantity"), QTY_SCALE, &e3) < 0 ||
            e3 == INT64_MIN)
            continue;
        if (!money_add(&line->refunded_e3, e3 < 0 ? -e3 : e3))
            line->refunded_e3 = INT64_MAX; /* absurd amounts stay absurd */
    }
}

static int take_refunds(struct fulfil *f, const struct order_parts *p) {
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < p->n_refunds; i++) {
        const struct json *refund;
        rc = kept_object(f, MIRROR_REFUND, p->refunds[i].remote_id, &refund);
        if (rc >= 0)
            take_refund(f, refund);
    }
    return rc;
}

static int take_parcels(struct fulfil *f, int64_t remote_id) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc =
        db_query(f->tx, STMT_LINES_SHIPPED, &r, "Si", f->store_id, remote_id);
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        struct fulfil_line *l = line_of(f, db_i64(r, 0));
        if (l)
            fulfil_parcelled(l, db_i64(r, 1), db_i64(r, 2));
    }
    return rc;
}

/* --- all of it ---------------------------------------------------------- */

static int order_id(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                    int64_t *ret) {
    int rc = db_value(tx, STMT_ORDER_ITEM_ID, ret, "Si", store_id, remote_id);
    return rc == 0 ? ERR_NOT_FOUND : rc;
}

int fulfil_lines(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                 struct arena *a, struct fulfil_line **ret, size_t *ret_n) {
    struct fulfil f = {.tx = tx, .a = a, .store_id = store_id};
    const struct json *order = NULL;
    struct order_parts p;
    int64_t id;
    int rc = order_id(tx, store_id, remote_id, &id);
    if (rc >= 0)
        rc = order_parts_get(tx, id, store_id, remote_id, a, &p);
    if (rc < 0)
        return rc;
    copy_lines(&f, &p);
    rc = kept_object(&f, MIRROR_ORDER, remote_id, &order);
    if (rc >= 0) {
        describe_lines(&f, order);
        rc = take_refunds(&f, &p);
    }
    if (rc >= 0)
        rc = fulfil_parts(&f, remote_id);
    if (rc >= 0)
        rc = take_parcels(&f, remote_id);
    if (rc >= 0)
        rc = find_eans(&f);
    fulfil_whole(&f);
    if (rc < 0)
        return rc;
    *ret = f.lines;
    *ret_n = f.n;
    return 0;
}

int64_t fulfil_open(const struct fulfil_line *l) {
    int64_t open = l->ordered_e3;
    if (!money_add(&open, -l->refunded_e3) || !money_add(&open, -l->shipped_e3))
        return 0;
    return open > 0 ? open : 0;
}
