#include "model/product_list.h"

#include <string.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/bundle.h"
#include "model/name_list.h"
#include "query_keys.gen.h"

/* Columns of the row statements. */
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
    COL_MODIFIED,
    COL_GONE, /* of PRODUCT_ITEM alone, as all below */
    COL_REGULAR,
    COL_SALE,
    COL_MANAGE,
    COL_LOW_AT,
    COL_CREATED,
    COL_VARIATIONS,
    COL_PARENT_NAME, /* of a variation, else NULL */
    COL_PENDING,
    COL_BUNDLE,
};

struct product_plan {
    struct db_tx *tx;
    struct arena *arena;
    const struct list_request *request;
    struct query query; /* owned */
    struct list_stores stores;
    bool unfold;
    int64_t parent_store, parent;
};

enum { CATEGORIES_MAX = 100, SKU_MAX = 1000, VARIATIONS_MAX = 2000 };

static int match_category(const struct product_plan *p,
                          const struct query_term *t, int64_t id) {
    struct db_rows *rows AUTO_ROWS = NULL;
    int rc = db_query(p->tx, STMT_PRODUCT_CATEGORIES, &rows, "i", id);
    while (rc >= 0 && (rc = db_step(rows)) == 1)
        if (list_folded(t, db_text(rows, 0)))
            return 1;
    return rc;
}

static int match_bundle(const struct product_plan *p,
                        const struct query_term *t, struct db_rows *r) {
    int rc = bundle_is(p->tx, db_i64(r, COL_STORE), db_i64(r, COL_REMOTE));
    return rc < 0 ? rc : str_eq(t->values[0].text, "yes") == (rc > 0);
}

static bool in_number(const struct query_term *t, struct db_rows *r, int col) {
    return !db_null(r, col) && list_num(t, db_i64(r, col));
}

static int match(const struct product_plan *p, const struct query_term *t,
                 struct db_rows *r) {
    switch ((enum query_products_key)t->key->id) {
    case QUERY_PRODUCTS_STORE:
        return !t->negated; /* chosen already */
    case QUERY_PRODUCTS_STATUS:
        return list_choice(t, db_text(r, COL_STATUS));
    case QUERY_PRODUCTS_TYPE:
        return list_word(t, db_text(r, COL_TYPE));
    case QUERY_PRODUCTS_SKU:
        return list_word(t, db_text(r, COL_SKU));
    case QUERY_PRODUCTS_NAME:
        return list_folded(t, db_text(r, COL_NAME));
    case QUERY_PRODUCTS_CATEGORY:
        return match_category(p, t, db_i64(r, COL_ID));
    case QUERY_PRODUCTS_STOCK:
        return in_number(t, r, COL_STOCK);
    case QUERY_PRODUCTS_STOCKSTATUS:
        return list_choice(t, db_text(r, COL_STOCK_STATUS));
    case QUERY_PRODUCTS_BUNDLE:
        return match_bundle(p, t, r);
    case QUERY_PRODUCTS_LOW:
        return str_eq(t->values[0].text, "yes") == (db_i64(r, COL_LOW) != 0);
    case QUERY_PRODUCTS_PRICE:
        return in_number(t, r, COL_PRICE);
    case QUERY_PRODUCTS_MODIFIED:
        return list_date(t, db_i64(r, COL_MODIFIED), p->request->zone,
                         db_now(p->tx));
    }
    return 0;
}

static int filter(const void *arg, struct db_rows *r) {
    const struct product_plan *p = arg;
    int64_t parent = db_i64(r, COL_PARENT);
    if (p->parent ? parent != p->parent : !p->unfold && parent != 0)
        return 0;
    for (int i = 0; i < p->query.n_terms; i++) {
        const struct query_term *t = &p->query.terms[i];
        if (!t->key)
            continue;
        int rc = match(p, t, r);
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

/* --- sources ----------------------------------------------------------- */

static const struct query_term *term_of(const struct product_plan *p, int key) {
    for (int i = 0; i < p->query.n_terms; i++) {
        const struct query_term *t = &p->query.terms[i];
        if (t->key && t->key->id == key && !t->negated && t->n_values == 1)
            return t;
    }
    return NULL;
}

/* Rows of a query with ids in the first column become the candidates. */
static int take_ids(struct name_list *l, struct db_rows *rows, size_t max) {
    int64_t *ids = arena_alloc(l->arena, max * sizeof *ids);
    size_t n = 0;
    int rc = 1;
    while (n < max && (rc = db_step(rows)) == 1)
        ids[n++] = db_i64(rows, 0);
    if (rc == 0) {
        l->ids = ids;
        l->n_ids = n;
    }
    return rc;
}

/* An exact SKU and the variations of one product are few. */
static int choose(struct product_plan *p, struct name_list *l) {
    struct db_rows *rows AUTO_ROWS = NULL;
    const struct query_term *sku = term_of(p, QUERY_PRODUCTS_SKU);
    const struct query_term *low = term_of(p, QUERY_PRODUCTS_LOW);
    int rc = 0;
    if (p->parent) {
        rc = db_query(p->tx, STMT_PRODUCTS_OF, &rows, "Sii", p->parent_store,
                      p->parent, INT64_C(0));
        return rc < 0 ? rc : take_ids(l, rows, VARIATIONS_MAX);
    }
    if (sku && !sku->values[0].wildcard) {
        rc = db_query(p->tx, STMT_PRODUCTS_OF_SKU, &rows, "si",
                      sku->values[0].text, (int64_t)SKU_MAX);
        if (rc >= 0)
            rc = take_ids(l, rows, SKU_MAX);
        if (rc != 1)
            return rc;
        rc = 0; /* everything has it: walk */
    }
    l->low = low && str_eq(low->values[0].text, "yes");
    l->children = p->unfold && !l->low;
    return rc;
}

static void choose_sort(const struct product_plan *p, struct name_list *l) {
    l->key_col = -1;
    switch ((enum product_sort)p->request->sort) {
    case PRODUCT_SORT_NAME:
        return;
    case PRODUCT_SORT_NAME_DESC:
        l->down = true;
        return;
    case PRODUCT_SORT_SKU:
        l->key_col = COL_SKU;
        l->key_text = true;
        return;
    case PRODUCT_SORT_STOCK:
        l->key_col = COL_STOCK;
        return;
    }
}

/* --- rows -------------------------------------------------------------- */

static int64_t amount(struct db_rows *r, int col) {
    return db_null(r, col) ? PRODUCT_NONE : db_i64(r, col);
}

/* The shop names a variation by its options alone ("L"): nobody can find that
 * in a list. Where a shop already begins with the product's name it stays. */
static const char *full_name(struct arena *a, struct db_rows *r) {
    const char *name = db_text(r, COL_NAME);
    const char *parent = db_text(r, COL_PARENT_NAME);
    AUTO_BUF struct buf b = BUF_INIT;
    if (str_empty(parent) || str_starts(name, parent))
        return list_keep(a, name);
    buf_addf(&b, "%s%s%s", parent, *name ? " - " : "", name);
    return list_keep(a, buf_str(&b));
}

static void read_item(struct arena *a, struct db_rows *r,
                      struct product_item *o) {
    *o = (struct product_item){
        .id = db_i64(r, COL_ID),
        .pending = (int)db_i64(r, COL_PENDING),
        .bundle = db_i64(r, COL_BUNDLE) != 0,
        .available_e3 = PRODUCT_NONE,
        .store_id = db_i64(r, COL_STORE),
        .remote_id = db_i64(r, COL_REMOTE),
        .parent_id = db_i64(r, COL_PARENT),
        .type = list_keep(a, db_text(r, COL_TYPE)),
        .status = list_keep(a, db_text(r, COL_STATUS)),
        .sku = list_keep(a, db_text(r, COL_SKU)),
        .name = full_name(a, r),
        .stock_status = list_keep(a, db_text(r, COL_STOCK_STATUS)),
        .price_e4 = amount(r, COL_PRICE),
        .regular_e4 = amount(r, COL_REGULAR),
        .sale_e4 = amount(r, COL_SALE),
        .stock_e3 = amount(r, COL_STOCK),
        .low_e3 = amount(r, COL_LOW_AT),
        .manage = (enum product_manage)db_i64(r, COL_MANAGE),
        .low = db_i64(r, COL_LOW) != 0,
        .gone = (int)db_i64(r, COL_GONE),
        .created_ms = db_i64(r, COL_CREATED),
        .modified_ms = db_i64(r, COL_MODIFIED),
        .variations = (int)db_i64(r, COL_VARIATIONS),
    };
}

static int load_categories(struct db_tx *tx, struct arena *a,
                           struct product_item *o) {
    struct db_rows *rows AUTO_ROWS = NULL;
    const char *names[CATEGORIES_MAX];
    int rc = db_query(tx, STMT_PRODUCT_CATEGORIES, &rows, "i", o->id);
    while (rc >= 0 && o->n_categories < CATEGORIES_MAX &&
           (rc = db_step(rows)) == 1)
        names[o->n_categories++] = list_keep(a, db_text(rows, 0));
    o->categories = arena_alloc(a, (o->n_categories + 1) * sizeof names[0]);
    memcpy(o->categories, names, o->n_categories * sizeof names[0]);
    return rc < 0 ? rc : 0;
}

static int load_currency(struct db_tx *tx, struct arena *a,
                         struct product_item *o) {
    struct db_rows *rows AUTO_ROWS = NULL;
    int rc = db_query(tx, STMT_STORE_CURRENCY, &rows, "S", o->store_id);
    if (rc >= 0)
        rc = db_step(rows);
    o->currency = rc == 1 ? list_keep(a, db_text(rows, 0)) : "";
    return rc < 0 ? rc : 0;
}

/* How many bundles its parts are there for. */
static int load_bundle(struct db_tx *tx, struct product_item *o) {
    int64_t e3 = 0;
    int rc =
        o->bundle ? bundle_available(tx, o->store_id, o->remote_id, &e3) : 0;
    if (rc > 0 && e3 != BUNDLE_ANY)
        o->available_e3 = e3;
    return rc;
}

/* 1 found, 0 not. */
static int load(struct db_tx *tx, const struct list_stores *stores,
                struct arena *a, int64_t id, struct product_item *ret) {
    struct db_rows *rows AUTO_ROWS = NULL;
    int rc = db_query(tx, STMT_PRODUCT_ITEM, &rows, "i", id);
    if (rc >= 0)
        rc = db_step(rows);
    if (rc != 1)
        return rc;
    read_item(a, rows, ret);
    const struct list_store *s = list_store_of(stores, ret->store_id);
    ret->store = s ? s->name : "";
    rc = load_categories(tx, a, ret);
    if (rc >= 0)
        rc = load_currency(tx, a, ret);
    if (rc >= 0)
        rc = load_bundle(tx, ret);
    return rc < 0 ? rc : 1;
}

static int load_page(const struct product_plan *p, const struct name_list *l,
                     uint64_t hash, struct product_page *ret) {
    struct product_page page = {.partial = l->partial};
    page.items = arena_alloc(p->arena, (l->n + 1) * sizeof *page.items);
    for (size_t i = 0; i < l->n; i++) {
        int rc = load(p->tx, &p->stores, p->arena, l->picks[i].id,
                      &page.items[page.n]);
        if (rc < 0)
            return rc;
        page.n += rc == 1;
    }
    if (l->more)
        page.next = list_cursor(p->arena, hash, &l->next);
    *ret = page;
    return 0;
}

static int run(struct product_plan *p, uint64_t hash, struct product_page *ret,
               struct error *e) {
    const char *at = p->request->after;
    struct list_key after;
    struct name_list l = {.tx = p->tx,
                          .arena = p->arena,
                          .ops = &ops,
                          .arg = p,
                          .stores = &p->stores,
                          .request = p->request,
                          .limit = (size_t)p->request->limit};
    int rc = at ? list_cursor_read(at, hash, p->arena, &after, e) : 0;
    if (rc >= 0)
        rc = list_stores(p->tx, p->arena, &p->query, QUERY_PRODUCTS_STORE,
                         &p->stores, e);
    if (rc >= 0)
        rc = choose(p, &l);
    if (rc < 0)
        return rc;
    choose_sort(p, &l);
    name_list_words(&l, &p->query);
    rc = name_list_run(&l, at ? &after : NULL, e);
    return rc < 0 ? rc : load_page(p, &l, hash, ret);
}

int product_list(struct db_tx *tx, const struct list_request *r, bool unfold,
                 int64_t parent_store, int64_t parent, struct arena *a,
                 struct product_page *ret, struct error *e) {
    struct product_plan p = {.tx = tx,
                             .arena = a,
                             .request = r,
                             .unfold = unfold,
                             .parent_store = parent_store,
                             .parent = parent};
    uint64_t hash;
    int rc = list_parse(r, &query_list_products, &p.query, &hash, e);
    if (rc < 0)
        return rc;
    hash ^= (uint64_t)unfold << 63 ^ (uint64_t)parent << 20 ^
            (uint64_t)parent_store;
    rc = run(&p, hash, ret, e);
    query_done(&p.query);
    return rc;
}

int product_item_get(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                     struct arena *a, struct product_item *ret) {
    struct list_stores stores;
    int64_t id;
    int rc = db_value(tx, STMT_PRODUCT_ITEM_ID, &id, "Si", store_id, remote_id);
    if (rc != 1)
        return rc == ERR_NOT_FOUND ? 0 : rc;
    rc = list_stores_one(tx, a, store_id, &stores);
    return rc < 0 ? rc : load(tx, &stores, a, id, ret);
}
