#include "model/level_list.h"

#include <stdlib.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/money.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/bin.h"
#include "model/bundle.h"
#include "model/demand.h"
#include "model/name_list.h"
#include "model/product_list.h"
#include "query_keys.gen.h"

/* Columns of the product rows a list streams. */
enum col {
    COL_ID,
    COL_STORE,
    COL_SORT_NAME,
    COL_REMOTE,
    COL_PARENT,
    COL_TYPE,
    COL_STATUS,
    COL_SKU,
    COL_NAME,
    COL_PRICE,
    COL_STOCK,
    COL_STOCK_STATUS,
    COL_LOW,
};

struct plan {
    struct db_tx *tx;
    struct arena *arena;
    struct query query; /* owned */
    struct list_stores stores;
};

/* --- one ---------------------------------------------------------------- */

static int64_t amount(struct db_rows *r, int col) {
    return db_null(r, col) ? ITEM_NONE : db_i64(r, col);
}

/* What orders that wait for approval hold back is not free either. */
static int add_waiting(struct db_tx *tx, int64_t item_id, int64_t *reserved) {
    int64_t waiting = 0;
    int rc = db_value(tx, STMT_LEVEL_WAITING, &waiting, "i", item_id);
    if (rc >= 0 && !money_add(reserved, waiting))
        return ERR_RANGE;
    return rc < 0 ? rc : 0;
}

/* A bundle has as many as its parts are there for. */
static int bundled(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                   struct level *l) {
    int64_t e3 = 0;
    int rc = bundle_available(tx, store_id, remote_id, &e3);
    if (rc <= 0)
        return rc;
    l->bundle = true;
    l->available_e3 = e3 == BUNDLE_ANY ? ITEM_NONE : e3;
    return 0;
}

/* What the warehouse has: 1, or 0 when it never touched it. */
static int kept_numbers(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                        struct level *l) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_LEVEL_OF, &r, "Si", store_id, remote_id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0)
        return rc;
    struct item i = {.on_hand_e3 = db_i64(r, 2),
                     .blocked_e3 = db_i64(r, 3),
                     .reserved_e3 = db_i64(r, 4)};
    rc = add_waiting(tx, db_i64(r, 0), &i.reserved_e3);
    if (rc < 0)
        return rc;
    l->kept = true;
    l->item_id = db_i64(r, 0);
    l->units = db_i64(r, 1);
    l->on_hand_e3 = i.on_hand_e3;
    l->blocked_e3 = i.blocked_e3;
    l->reserved_e3 = i.reserved_e3;
    l->incoming_e3 = db_i64(r, 5);
    l->available_e3 = item_available(&i);
    l->reorder_e3 = amount(r, 6);
    l->low_e3 = amount(r, 7);
    l->due = db_i64(r, 8) != 0;
    rc = lot_track_parse(db_text(r, 9), &l->track);
    struct lot first = {.expires_ms = db_null(r, 10) ? 0 : db_i64(r, 10)};
    l->expires_ms = first.expires_ms;
    l->expiring =
        lot_expired(&first, db_now(tx)) || lot_expires_soon(&first, db_now(tx));
    return rc < 0 ? rc : 1;
}

static int numbers(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                   struct level *l) {
    int kept = kept_numbers(tx, store_id, remote_id, l);
    int rc = kept < 0 ? kept : bundled(tx, store_id, remote_id, l);
    return rc < 0 ? rc : kept;
}

/* Such a product has no pieces of its own. */
static bool no_pieces(const char *type) {
    return str_starts(type, "variable") || str_eq(type, "grouped") ||
           str_eq(type, "external");
}

int level_get(struct db_tx *tx, int64_t store_id, int64_t remote_id,
              struct arena *a, struct level *ret) {
    struct product_item p;
    struct bin b;
    int rc = product_item_get(tx, store_id, remote_id, a, &p);
    if (rc <= 0 || p.gone || no_pieces(p.type))
        return rc < 0 ? rc : 0;
    struct level l = {.store_id = store_id,
                      .remote_id = remote_id,
                      .store = p.store,
                      .sku = p.sku,
                      .name = p.name,
                      .shop_e3 = p.stock_e3,
                      .low = p.low,
                      .units = 1,
                      .reorder_e3 = ITEM_NONE,
                      .low_e3 = ITEM_NONE};
    rc = demand_of(tx, store_id, remote_id, &l.wanted_e3);
    if (rc >= 0)
        rc = numbers(tx, store_id, remote_id, &l);
    if (rc > 0)
        rc = bin_of(tx, store_id, remote_id, &b);
    if (rc < 0)
        return rc;
    if (rc > 0)
        (void)str_copy(l.bin, sizeof l.bin, b.code);
    *ret = l;
    return 1;
}

int level_due_count(struct db_tx *tx, int64_t store_id, int64_t *ret) {
    int rc = db_value(tx, STMT_LEVEL_DUE_COUNT, ret, "S", store_id);
    return rc < 0 ? rc : 0;
}

/* --- filter -----------------------------------------------------------------
 */

static int bin_matches(const struct bin *b, int64_t qty_e3, void *arg) {
    const struct query_term *const *term = arg;
    (void)qty_e3;
    return list_word(*term, b->code);
}

static bool yes(const struct query_term *t) {
    return str_eq(t->values[0].text, "yes");
}

static int match(const struct plan *p, const struct query_term *t,
                 struct db_rows *r, const struct level *l) {
    switch ((enum query_inventory_key)t->key->id) {
    case QUERY_INVENTORY_STORE:
        return !t->negated; /* chosen already */
    case QUERY_INVENTORY_SKU:
        return list_word(t, db_text(r, COL_SKU));
    case QUERY_INVENTORY_NAME:
        return list_folded(t, db_text(r, COL_NAME));
    case QUERY_INVENTORY_BIN:
        return l->kept ? bin_of_item(p->tx, l->item_id, bin_matches, &t) : 0;
    case QUERY_INVENTORY_LOW:
        return yes(t) == (db_i64(r, COL_LOW) != 0);
    case QUERY_INVENTORY_REORDER:
        return yes(t) == (l->kept && l->due);
    case QUERY_INVENTORY_ALERT:
        return yes(t) == (db_i64(r, COL_LOW) != 0 ||
                          (l->kept && (l->due || l->expiring)));
    case QUERY_INVENTORY_EXPIRING:
        return yes(t) == (l->kept && l->expiring);
    case QUERY_INVENTORY_KEPT:
        return yes(t) == l->kept;
    case QUERY_INVENTORY_STOCK:
        return !db_null(r, COL_STOCK) && list_num(t, db_i64(r, COL_STOCK));
    case QUERY_INVENTORY_ONHAND:
        return l->kept && list_num(t, l->on_hand_e3);
    case QUERY_INVENTORY_AVAILABLE:
        return (l->kept || l->bundle) && l->available_e3 != ITEM_NONE &&
               list_num(t, l->available_e3);
    case QUERY_INVENTORY_INCOMING:
        return l->kept && list_num(t, l->incoming_e3);
    }
    return 0;
}

static int filter(const void *arg, struct db_rows *r) {
    const struct plan *p = arg;
    struct level l = {0};
    if (no_pieces(db_text(r, COL_TYPE)))
        return 0;
    int rc = 0;
    if (p->query.n_terms > 0)
        rc = numbers(p->tx, db_i64(r, COL_STORE), db_i64(r, COL_REMOTE), &l);
    /* a store that is not the caller's was found by a bin: not chosen */
    if (rc < 0)
        return rc == ERR_NOT_FOUND ? 0 : rc;
    for (int i = 0; i < p->query.n_terms; i++) {
        const struct query_term *t = &p->query.terms[i];
        rc = t->key ? match(p, t, r, &l) : !t->negated;
        if (rc < 0)
            return rc;
        if (rc == t->negated)
            return 0;
    }
    return 1;
}

static const struct name_ops ops = {
    .all = {STMT_PRODUCTS_BY_NAME, STMT_PRODUCTS_BY_NAME_DOWN},
    .store = {STMT_PRODUCTS_BY_STORE, STMT_PRODUCTS_BY_STORE_DOWN},
    .low = {STMT_PRODUCTS_LOW, STMT_PRODUCTS_LOW_DOWN},
    .one = STMT_PRODUCT_ROW,
    .children = STMT_PRODUCTS_OF,
    .matching = STMT_PRODUCTS_MATCHING,
    .text = STMT_PRODUCT_TEXT_OF,
    .remote_col = COL_REMOTE,
    .filter = filter,
};

/* --- sources
 * ------------------------------------------------------------------ */

static const struct query_term *term_of(const struct plan *p, int key) {
    for (int i = 0; i < p->query.n_terms; i++) {
        const struct query_term *t = &p->query.terms[i];
        if (t->key && t->key->id == key && !t->negated && t->n_values == 1)
            return t;
    }
    return NULL;
}

/* Candidates, at most NAME_CANDIDATES. */
struct found {
    struct arena *arena;
    struct name_row *rows;
    size_t n;
};

/* 1: all of them were taken; 0: there are more. */
static int take(struct found *f, struct db_rows *r) {
    int rc;
    while ((rc = db_step(r)) == 1) {
        if (f->n == NAME_CANDIDATES)
            return 0;
        f->rows[f->n++] = (struct name_row){
            .id = db_i64(r, 0), .name = list_keep(f->arena, db_text(r, 1))};
    }
    return rc < 0 ? rc : 1;
}

static int one_source(const struct plan *p, struct found *f, enum stmt_id id,
                      const char *text) {
    AUTO_ROWS struct db_rows *r = NULL;
    int64_t max = NAME_CANDIDATES + 1;
    int rc = text ? db_query(p->tx, id, &r, "si", text, max)
                  : db_query(p->tx, id, &r, "i", max);
    return rc < 0 ? rc : take(f, r);
}

static int low_source(const struct plan *p, struct found *f) {
    int rc = 1;
    for (size_t i = 0; rc == 1 && i < p->stores.n; i++) {
        AUTO_ROWS struct db_rows *r = NULL;
        if (!p->stores.s[i].chosen)
            continue;
        rc = db_query(p->tx, STMT_LEVELS_LOW, &r, "Si", p->stores.s[i].id,
                      (int64_t)NAME_CANDIDATES + 1);
        if (rc >= 0)
            rc = take(f, r);
    }
    return rc;
}

static bool plain(const struct query_term *t) {
    return t && !t->values[0].wildcard;
}

static int expiring_source(const struct plan *p, struct found *f) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc =
        db_query(p->tx, STMT_LEVELS_EXPIRING, &r, "ii",
                 lot_until(db_now(p->tx), -1), (int64_t)NAME_CANDIDATES + 1);
    return rc < 0 ? rc : take(f, r);
}

static bool asks(const struct query_term *t) {
    return t && yes(t);
}

/* What is low, due or about to expire, as far as the filter asks for it. */
static int alert_sources(const struct plan *p, struct found *f) {
    bool alert = asks(term_of(p, QUERY_INVENTORY_ALERT));
    bool due = alert || asks(term_of(p, QUERY_INVENTORY_REORDER));
    bool expiring = asks(term_of(p, QUERY_INVENTORY_EXPIRING));
    int rc = 0;
    if (expiring)
        return expiring_source(p, f);
    if (due)
        rc = one_source(p, f, STMT_LEVELS_DUE, NULL);
    if (rc == 1 && alert)
        rc = expiring_source(p, f);
    if (rc == 1 && alert)
        rc = low_source(p, f);
    return rc;
}

/* What a filter leaves is found by its index where that is few; else the walk
 * looks at every row. */
static int choose(struct plan *p, struct name_list *l) {
    const struct query_term *bin = term_of(p, QUERY_INVENTORY_BIN);
    const struct query_term *sku = term_of(p, QUERY_INVENTORY_SKU);
    const struct query_term *low = term_of(p, QUERY_INVENTORY_LOW);
    struct found f = {.arena = p->arena};
    int rc = 0;
    l->low = low && yes(low);
    l->children = !l->low;
    f.rows = arena_alloc(p->arena, NAME_CANDIDATES * sizeof *f.rows);
    if (plain(bin))
        rc = one_source(p, &f, STMT_LEVELS_IN_BIN, bin->values[0].text);
    else if (plain(sku))
        rc = one_source(p, &f, STMT_PRODUCTS_OF_SKU, sku->values[0].text);
    else
        rc = alert_sources(p, &f);
    if (rc == 1) {
        l->named = f.rows;
        l->n_named = f.n;
    }
    return rc < 0 ? rc : 0;
}

static void choose_sort(int sort, struct name_list *l) {
    l->key_col = sort == LEVEL_SORT_SKU ? COL_SKU : -1;
    l->key_text = sort == LEVEL_SORT_SKU;
    l->down = sort == LEVEL_SORT_NAME_DESC;
}

/* --- the page
 * ------------------------------------------------------------------- */

static int load_one(const struct plan *p, int64_t id, struct level *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(p->tx, STMT_PRODUCT_ROW, &r, "i", id);
    if (rc >= 0)
        rc = db_step(r);
    return rc <= 0 ? rc
                   : level_get(p->tx, db_i64(r, COL_STORE),
                               db_i64(r, COL_REMOTE), p->arena, ret);
}

static int load_page(const struct plan *p, const struct name_list *l,
                     uint64_t hash, struct level_page *ret) {
    struct level_page page = {.partial = l->partial};
    page.items = arena_alloc(p->arena, (l->n + 1) * sizeof *page.items);
    for (size_t i = 0; i < l->n; i++) {
        int rc = load_one(p, l->picks[i].id, &page.items[page.n]);
        if (rc < 0)
            return rc;
        page.n += rc == 1;
    }
    if (l->more)
        page.next = list_cursor(p->arena, hash, &l->next);
    *ret = page;
    return 0;
}

static int run(struct plan *p, const struct list_request *r, uint64_t hash,
               struct level_page *ret, struct error *e) {
    struct list_key after;
    struct name_list l = {.tx = p->tx,
                          .arena = p->arena,
                          .ops = &ops,
                          .arg = p,
                          .stores = &p->stores,
                          .request = r,
                          .limit = (size_t)r->limit};
    int rc =
        r->after ? list_cursor_read(r->after, hash, p->arena, &after, e) : 0;
    if (rc >= 0)
        rc = list_stores(p->tx, p->arena, &p->query, QUERY_INVENTORY_STORE,
                         &p->stores, e);
    if (rc >= 0)
        rc = choose(p, &l);
    if (rc < 0)
        return rc;
    choose_sort(r->sort, &l);
    name_list_words(&l, &p->query);
    rc = name_list_run(&l, r->after ? &after : NULL, e);
    return rc < 0 ? rc : load_page(p, &l, hash, ret);
}

int level_list(struct db_tx *tx, const struct list_request *r, struct arena *a,
               struct level_page *ret, struct error *e) {
    struct plan p = {.tx = tx, .arena = a};
    uint64_t hash;
    int rc = list_parse(r, &query_list_inventory, &p.query, &hash, e);
    if (rc < 0)
        return rc;
    rc = run(&p, r, hash, ret, e);
    query_done(&p.query);
    return rc;
}
