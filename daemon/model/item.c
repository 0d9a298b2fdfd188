#include "model/item.h"

#include "common/arena.h"
#include "common/buf.h"
#include "common/money.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/feed.h"
#include "model/list.h"
#include "model/lot.h"
#include "model/overlay.h"

enum { REBUILD_MAX = 500 };

int64_t item_available(const struct item *i) {
    int64_t n = i->on_hand_e3;
    bool fits = money_add(&n, -i->blocked_e3) && money_add(&n, -i->reserved_e3);
    return fits ? n : 0;
}

static int64_t limit(struct db_rows *r, int col) {
    return db_null(r, col) ? ITEM_NONE : db_i64(r, col);
}

int item_get(struct db_tx *tx, int64_t id, struct arena *a, struct item *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_ITEM_GET, &r, "i", id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0)
        return rc;
    *ret = (struct item){.id = db_i64(r, 0),
                         .tenant_id = db_i64(r, 1),
                         .sku = list_keep(a, db_text(r, 2)),
                         .title = list_keep(a, db_text(r, 3)),
                         .reorder_e3 = limit(r, 4),
                         .low_e3 = limit(r, 5),
                         .on_hand_e3 = db_i64(r, 6),
                         .blocked_e3 = db_i64(r, 7),
                         .reserved_e3 = db_i64(r, 8),
                         .incoming_e3 = db_i64(r, 9),
                         .due = db_i64(r, 10) != 0};
    return 1;
}

static int find(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                int64_t *ret_id) {
    int rc = db_value(tx, STMT_LISTING_ITEM, ret_id, "Si", store_id, remote_id);
    return rc == ERR_NOT_FOUND ? 0 : rc;
}

int item_of(struct db_tx *tx, int64_t store_id, int64_t remote_id,
            struct arena *a, struct item *ret) {
    int64_t id;
    int rc = find(tx, store_id, remote_id, &id);
    return rc <= 0 ? rc : item_get(tx, id, a, ret);
}

int item_by_sku(struct db_tx *tx, int64_t tenant_id, const char *sku,
                int64_t *ret_id) {
    return db_value(tx, STMT_ITEM_BY_SKU, ret_id, "is", tenant_id, sku);
}

int item_seen(struct db_tx *tx, int64_t tenant_id) {
    const struct db_scope *scope = db_get_scope(tx);
    AUTO_ROWS struct db_rows *r = NULL;
    if (scope->all)
        return 1;
    int rc = db_query(tx, STMT_STORES_OF_TENANT, &r, "i", tenant_id);
    while (rc >= 0 && (rc = db_step(r)) > 0)
        if (db_scope_has(scope, db_i64(r, 0)))
            return 1;
    return rc;
}

int item_listed(struct db_tx *tx, int64_t id, int64_t *ret_store,
                int64_t *ret_remote) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_LISTINGS_OF_ITEM, &r, "i", id);
    while (rc >= 0 && (rc = db_step(r)) > 0)
        if (db_scope_has(db_get_scope(tx), db_i64(r, 0))) {
            *ret_store = db_i64(r, 0);
            *ret_remote = db_i64(r, 1);
            return 1;
        }
    return rc;
}

/* --- making ------------------------------------------------------------ */

/* What a product says of its item. */
struct face {
    int64_t tenant_id;
    const char *sku, *title;
};

/* WooCommerce answers a variation without a SKU with its parent's, and names it
 * by its options alone. */
static void read_face(struct db_rows *r, struct arena *a, struct face *ret) {
    AUTO_BUF struct buf title = BUF_INIT;
    const char *sku = db_text(r, 3), *name = db_text(r, 2);
    const char *parent = db_text(r, 6);
    bool borrowed = db_i64(r, 4) > 0 && str_eq(sku, db_text(r, 5));
    if (!str_empty(parent) && !str_starts(name, parent))
        buf_addf(&title, "%s%s", parent, *name ? " - " : "");
    buf_adds(&title, name);
    *ret = (struct face){.tenant_id = db_i64(r, 0),
                         .sku = borrowed ? "" : list_keep(a, sku),
                         .title = list_keep(a, buf_str(&title))};
}

static int look(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                struct arena *a, struct face *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_LISTING_PRODUCT, &r, "Si", store_id, remote_id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0)
        return rc < 0 ? rc : ERR_NOT_FOUND;
    if (str_starts(db_text(r, 1), "variable") ||
        str_eq(db_text(r, 1), "grouped"))
        return ERR_INVALID;
    read_face(r, a, ret);
    return 0;
}

DEFINE_CLEANUP(struct arena *, item_arena, arena_free)

/* One more product of the item's SKU, unless it only borrows it. */
static int link_one(struct db_tx *tx, int64_t item_id, const char *sku,
                    int64_t store_id, int64_t remote_id) {
    CLEANUP(item_arena) struct arena *a = arena_new(1024);
    struct face f;
    int64_t have;
    int rc = find(tx, store_id, remote_id, &have);
    if (rc != 0)
        return rc < 0 ? rc : 0;
    rc = look(tx, store_id, remote_id, a, &f);
    if (rc < 0)
        return rc == ERR_NOT_FOUND || rc == ERR_INVALID ? 0 : rc;
    if (!str_eq(f.sku, sku))
        return 0;
    rc = db_run(tx, STMT_LISTING_ADD, "Sii", store_id, remote_id, item_id);
    return rc < 0 ? rc : 1;
}

static int link_all(struct db_tx *tx, const struct item *i) {
    AUTO_ROWS struct db_rows *r = NULL;
    int linked = 0;
    int rc = db_query(tx, STMT_CODE_PRODUCTS, &r, "si", i->sku, i->tenant_id);
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        rc = link_one(tx, i->id, i->sku, db_i64(r, 0), db_i64(r, 1));
        linked += rc > 0;
    }
    return rc < 0 ? rc : linked;
}

int item_link(struct db_tx *tx, int64_t id) {
    static const struct db_scope everywhere = {.all = true};
    const struct db_scope *mine = db_get_scope(tx);
    CLEANUP(item_arena) struct arena *a = arena_new(1024);
    struct item i;
    int rc = item_get(tx, id, a, &i);
    if (rc <= 0 || !*i.sku)
        return rc < 0 ? rc : 0;
    db_set_scope(tx, &everywhere); /* the pile is the company's */
    rc = link_all(tx, &i);
    db_set_scope(tx, mine);
    return rc <= 0 ? rc : item_refresh(tx, id);
}

static int make(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                const struct face *f, int64_t *ret_id) {
    int64_t id = 0;
    int rc = item_by_sku(tx, f->tenant_id, f->sku, &id);
    if (rc == 0) {
        rc = db_run(tx, STMT_ITEM_ADD, "issi", f->tenant_id, f->sku, f->title,
                    db_now(tx));
        id = db_last_id(tx);
    }
    if (rc >= 0)
        rc = db_run(tx, STMT_LISTING_ADD, "Sii", store_id, remote_id, id);
    if (rc >= 0)
        rc = item_link(tx, id);
    if (rc >= 0)
        rc = item_refresh(tx, id);
    if (rc < 0)
        return rc;
    *ret_id = id;
    return 0;
}

int item_ensure(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                int64_t *ret_id) {
    int rc = find(tx, store_id, remote_id, ret_id);
    if (rc != 0)
        return rc < 0 ? rc : 0;
    CLEANUP(item_arena) struct arena *a = arena_new(1024);
    struct face f;
    rc = look(tx, store_id, remote_id, a, &f);
    return rc < 0 ? rc : make(tx, store_id, remote_id, &f, ret_id);
}

/* --- what follows ------------------------------------------------------- */

/* Its shops' products show it: a screen of theirs repaints. */
static int tell(struct db_tx *tx, int64_t id, const char *data) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_LISTINGS_OF_ITEM, &r, "i", id);
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        rc = feed_add(tx, "inventory", db_i64(r, 0), db_i64(r, 1), data);
        if (rc < 0)
            break;
    }
    return rc < 0 ? rc : 0;
}

int item_refresh(struct db_tx *tx, int64_t id) {
    int rc = db_run(tx, STMT_ITEM_DERIVE, "i", id);
    if (rc >= 0)
        rc = db_run(tx, STMT_ITEM_DUE, "i", id);
    if (rc < 0)
        return rc;
    return tell(tx, id, rc > 0 ? "{\"alert\":\"reorder\"}" : "");
}

int item_set_limits(struct db_tx *tx, int64_t id, int64_t reorder_e3,
                    int64_t low_e3) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc =
        db_run(tx, STMT_ITEM_LIMITS, "iiii", reorder_e3, ITEM_NONE, low_e3, id);
    if (rc >= 0)
        rc = db_query(tx, STMT_LISTINGS_OF_ITEM, &r, "i", id);
    while (rc >= 0 && (rc = db_step(r)) > 0)
        rc = overlay_refresh(tx, db_i64(r, 0), MIRROR_PRODUCT, db_i64(r, 1));
    return rc < 0 ? rc : item_refresh(tx, id);
}

int item_set_units(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                   int64_t units) {
    int64_t id;
    int rc =
        db_run(tx, STMT_LISTING_SET_UNITS, "iSi", units, store_id, remote_id);
    if (rc == 0)
        return ERR_NOT_FOUND;
    if (rc >= 0)
        rc = find(tx, store_id, remote_id, &id);
    return rc < 0 ? rc : item_refresh(tx, id);
}

static int rebuild(struct db_tx *tx, int64_t id) {
    int rc = db_run(tx, STMT_BALANCE_CLEAR, "i", id);
    if (rc >= 0)
        rc = db_run(tx, STMT_BALANCE_FILL, "i", id);
    if (rc >= 0)
        rc = lot_rebuild(tx, id);
    if (rc >= 0)
        rc = db_run(tx, STMT_ITEM_DERIVE, "i", id);
    if (rc >= 0)
        rc = db_run(tx, STMT_ITEM_DUE, "i", id);
    return rc < 0 ? rc : 0;
}

int64_t item_rebuild(struct db_tx *tx, int64_t after, int n) {
    int64_t ids[REBUILD_MAX];
    int got = 0;
    AUTO_ROWS struct db_rows *r = NULL;
    int64_t most = n > REBUILD_MAX ? REBUILD_MAX : n;
    int rc = db_query(tx, STMT_ITEM_SLICE, &r, "ii", after, most);
    while (rc >= 0 && got < REBUILD_MAX && (rc = db_step(r)) > 0)
        ids[got++] = db_i64(r, 0);
    db_rows_done(TAKE_PTR(r));
    for (int i = 0; rc >= 0 && i < got; i++)
        rc = rebuild(tx, ids[i]);
    return rc < 0 ? rc : got ? ids[got - 1] : 0;
}
