#include "model/overlay.h"

#include <string.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/fold.h"
#include "common/json.h"
#include "common/mem.h"
#include "common/money.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/list.h"
#include "model/order_row.h"
#include "model/product.h"

enum { SCRATCH = 4096, LOW_DEFAULT_E3 = 2000 };

DEFINE_CLEANUP(struct arena *, overlay_arena, arena_free)
#define AUTO_ARENA CLEANUP(overlay_arena)

int overlay_any(struct db_tx *tx, int64_t store_id, enum mirror_kind kind) {
    int64_t one;
    return db_value(tx, STMT_CHANGE_OPEN_ANY, &one, "Ss", store_id,
                    mirror_kind_name(kind));
}

/* The wanted value as text; NULL: none is on its way. Numbers and null become
 * "" or their text: our own columns have no other types. */
static int wanted(struct db_tx *tx, int64_t store_id, enum mirror_kind kind,
                  int64_t remote_id, const char *path, struct arena *a,
                  const char **ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    const struct json *v;
    char number[40];
    int rc = db_query(tx, STMT_CHANGE_WANTED, &r, "Ssis", store_id,
                      mirror_kind_name(kind), remote_id, path);
    if (rc >= 0)
        rc = db_step(r);
    *ret = NULL;
    if (rc <= 0)
        return rc;
    const char *text = db_text(r, 0);
    rc = json_parse(a, text, strlen(text), NULL, &v, NULL);
    if (rc < 0)
        return ERR_DB_CORRUPT;
    const char *s = json_text(v, number);
    *ret = list_keep(a, s ? s : "");
    return 0;
}

int overlay_order_status(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                         struct arena *a, const char **ret) {
    int64_t one;
    int rc = db_value(tx, STMT_CHANGE_TRASHING, &one, "Ssi", store_id,
                      mirror_kind_name(MIRROR_ORDER), remote_id);
    if (rc == 1) {
        *ret = "trash";
        return 0;
    }
    return rc < 0 ? rc
                  : wanted(tx, store_id, MIRROR_ORDER, remote_id, "status", a,
                           ret);
}

static int open_count(struct db_tx *tx, int64_t store_id, enum mirror_kind kind,
                      int64_t remote_id, int64_t *ret) {
    int rc = db_value(tx, STMT_CHANGE_OPEN_COUNT, ret, "Ssi", store_id,
                      mirror_kind_name(kind), remote_id);
    return rc < 0 ? rc : 0;
}

/* --- orders -------------------------------------------------------------- */

/* What list columns of an order follow from. */
struct order_now {
    int64_t id;
    int gone;
    const char *effective, *shop;
};

static int order_find(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                      struct arena *a, struct order_now *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_ORDER_FIND, &r, "Si", store_id, remote_id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0)
        return rc;
    const char *effective = list_keep(a, db_text(r, 5));
    *ret = (struct order_now){db_i64(r, 0), (int)db_i64(r, 4), effective,
                              db_null(r, 6) ? effective
                                            : list_keep(a, db_text(r, 6))};
    return 1;
}

static int refresh_order(struct db_tx *tx, int64_t store_id,
                         int64_t remote_id) {
    AUTO_ARENA struct arena *a = arena_new(SCRATCH);
    AUTO_COUNTS struct order_counts counts = {0};
    struct order_now o;
    const char *status;
    int64_t n = 0;
    int rc = order_find(tx, store_id, remote_id, a, &o);
    if (rc <= 0)
        return rc;
    rc = overlay_order_status(tx, store_id, remote_id, a, &status);
    if (rc >= 0)
        rc = open_count(tx, store_id, MIRROR_ORDER, remote_id, &n);
    if (rc < 0)
        return rc;
    struct order_state s = order_state_of(o.shop, o.gone, status);
    if (!str_eq(s.status, o.effective))
        rc = order_row_state(tx, &counts, o.id, o.effective, &s);
    if (rc >= 0)
        rc = order_counts_write(&counts, tx, store_id);
    return rc < 0 ? rc : db_run(tx, STMT_ORDER_PENDING, "ii", n, o.id);
}

/* --- products ------------------------------------------------------------ */

static int product_find(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                        int64_t *ret_id) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_PRODUCT_FIND, &r, "Si", store_id, remote_id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc > 0)
        *ret_id = db_i64(r, 0);
    return rc;
}

/* The product the overlay is laid over. */
struct under {
    struct db_tx *tx;
    struct arena *a;
    int64_t store_id, remote_id, id;
};

static int product_wanted(const struct under *u, const char *path,
                          const char **ret) {
    return wanted(u->tx, u->store_id, MIRROR_PRODUCT, u->remote_id, path, u->a,
                  ret);
}

static int lay_texts(const struct under *u) {
    const char *status, *sku, *name, *folded = NULL;
    int64_t one;
    int rc = product_wanted(u, "status", &status);
    if (rc >= 0)
        rc = product_wanted(u, "sku", &sku);
    if (rc >= 0)
        rc = product_wanted(u, "name", &name);
    if (rc >= 0)
        rc = db_value(u->tx, STMT_CHANGE_TRASHING, &one, "Ssi", u->store_id,
                      mirror_kind_name(MIRROR_PRODUCT), u->remote_id);
    if (rc < 0)
        return rc;
    if (rc == 1)
        status = "trash";
    if (name)
        folded = list_fold(u->a, name);
    if (!status && !sku && !name)
        return 0;
    return db_run(u->tx, STMT_PRODUCT_OVERLAY_TEXT, "ssssi", status, sku, name,
                  folded, u->id);
}

/* An amount on its way, "" takes it away; untouched when none is. */
static int lay_amount(const struct under *u, const char *path, int64_t *e4) {
    const char *text;
    int rc = product_wanted(u, path, &text);
    if (rc < 0 || !text)
        return rc;
    *e4 = PRODUCT_NONE;
    if (*text && money_parse(text, MONEY_SCALE, e4) < 0)
        *e4 = PRODUCT_NONE;
    return 1;
}

static int lay_prices(const struct under *u) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(u->tx, STMT_PRODUCT_PRICES, &r, "i", u->id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0)
        return rc;
    int64_t regular = db_null(r, 0) ? PRODUCT_NONE : db_i64(r, 0);
    int64_t sale = db_null(r, 1) ? PRODUCT_NONE : db_i64(r, 1);
    int a = lay_amount(u, "regular_price", &regular);
    int b = a < 0 ? a : lay_amount(u, "sale_price", &sale);
    if (b < 0 || a + b == 0)
        return b;
    return db_run(u->tx, STMT_PRODUCT_OVERLAY_PRICE, "iiii", regular,
                  PRODUCT_NONE, sale, u->id);
}

static int lay_stock(const struct under *u) {
    int64_t delta = 0;
    int rc = db_value(u->tx, STMT_CHANGE_DELTA, &delta, "Si", u->store_id,
                      u->remote_id);
    if (rc < 0 || delta == 0)
        return rc;
    return db_run(u->tx, STMT_PRODUCT_OVERLAY_STOCK, "ii", delta * 1000, u->id);
}

static int lay(const struct under *u) {
    int rc = db_run(u->tx, STMT_PRODUCT_UNDER_KEEP, "i", u->id);
    if (rc >= 0)
        rc = lay_texts(u);
    if (rc >= 0)
        rc = lay_prices(u);
    if (rc >= 0)
        rc = lay_stock(u);
    return rc;
}

/* The row holds the shop's values: keep them aside and lay what is on its way
 * over them. */
static int overlay_product(struct db_tx *tx, int64_t store_id,
                           int64_t remote_id, int64_t id) {
    AUTO_ARENA struct arena *a = arena_new(SCRATCH);
    struct under u = {tx, a, store_id, remote_id, id};
    int64_t n = 0;
    int rc = open_count(tx, store_id, MIRROR_PRODUCT, remote_id, &n);
    if (rc >= 0 && n > 0)
        rc = lay(&u);
    if (rc >= 0)
        rc = db_run(tx, STMT_PRODUCT_LOW_AGAIN, "ii", (int64_t)LOW_DEFAULT_E3,
                    id);
    return rc < 0 ? rc : db_run(tx, STMT_PRODUCT_PENDING, "ii", n, id);
}

int overlay_product_written(struct db_tx *tx, int64_t store_id,
                            int64_t remote_id, int64_t id) {
    int rc = db_run(tx, STMT_PRODUCT_UNDER_DROP, "i", id);
    return rc < 0 ? rc : overlay_product(tx, store_id, remote_id, id);
}

static int refresh_product(struct db_tx *tx, int64_t store_id,
                           int64_t remote_id) {
    int64_t id;
    int rc = product_find(tx, store_id, remote_id, &id);
    if (rc <= 0)
        return rc;
    rc = db_run(tx, STMT_PRODUCT_UNDER_BACK, "i", id);
    return rc < 0 ? rc : overlay_product_written(tx, store_id, remote_id, id);
}

int overlay_refresh(struct db_tx *tx, int64_t store_id, enum mirror_kind kind,
                    int64_t remote_id) {
    int rc = kind == MIRROR_ORDER     ? refresh_order(tx, store_id, remote_id)
             : kind == MIRROR_PRODUCT ? refresh_product(tx, store_id, remote_id)
                                      : 0;
    return rc < 0 ? rc : 0;
}
