#include "model/product.h"

#include "common/buf.h"
#include "common/str.h"
#include "model/ledger.h"
#include "model/mirror_apply.h"
#include "model/overlay.h"
#include "model/search.h"

/* WooCommerce's default of "low stock threshold", for want of the shop's. */
enum { LOW_DEFAULT_E3 = 2000 };

struct job {
    struct mirror_apply m;
    struct search_batch texts;
    bool ledger; /* the store has one */
};

static void job_done(struct job *j) {
    search_done(&j->texts);
}

/* What the row will hold besides the answer's own values. */
struct derived {
    int gone;
    int64_t low;
    const char *sort_name; /* the parent's, of a variation */
    bool keys_same;        /* the indexed columns are stored as they are */
};

/* The shop's threshold, else ours (model/item.h). 1, 0. */
static int is_low(const struct job *j, const struct product *p) {
    int64_t at = p->low_e3 == PRODUCT_NONE ? LOW_DEFAULT_E3 : p->low_e3;
    if (p->manage != PRODUCT_OWN_STOCK || p->stock_e3 == PRODUCT_NONE)
        return 0;
    int rc = p->low_e3 != PRODUCT_NONE
                 ? 0
                 : db_value(j->m.tx, STMT_LISTING_LOW, &at, "Si",
                            j->m.read->store_id, p->o.remote_id);
    return rc < 0 ? rc : p->stock_e3 <= at;
}

/* The parent's sort name into `name`, when it is there already. */
static int parent_name(const struct job *j, const struct product *p,
                       struct buf *name) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(j->m.tx, STMT_PRODUCT_SORT_NAME, &r, "Si",
                      j->m.read->store_id, p->parent_id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc > 0)
        buf_adds(name, db_text(r, 0));
    return rc;
}

static int insert(const struct job *j, const struct product *p,
                  const struct derived *d, int64_t *ret_id) {
    int rc = db_run(j->m.tx, STMT_PRODUCT_INSERT, "Siississsiiiiiisiiiiibbs",
                    j->m.read->store_id, p->o.remote_id, p->parent_id, p->type,
                    p->status, (int64_t)d->gone, p->sku, p->name, d->sort_name,
                    p->price_e4, PRODUCT_NONE, p->regular_e4, p->sale_e4,
                    (int64_t)p->manage, p->stock_e3, p->stock_status, p->low_e3,
                    d->low, p->created_ms, p->modified_ms, j->m.read->sent_seq,
                    p->o.raw_hash, sizeof p->o.raw_hash, p->o.hash,
                    sizeof p->o.hash, p->gtin);
    if (rc < 0)
        return rc;
    *ret_id = db_last_id(j->m.tx);
    return 0;
}

static int update(const struct job *j, const struct product *p,
                  const struct derived *d, int64_t id) {
    int rc = db_run(j->m.tx, STMT_PRODUCT_UPDATE, "ssisiiiiiisiiiibbi", p->type,
                    p->status, (int64_t)d->gone, p->name, p->price_e4,
                    PRODUCT_NONE, p->regular_e4, p->sale_e4, (int64_t)p->manage,
                    p->stock_e3, p->stock_status, p->low_e3, p->created_ms,
                    p->modified_ms, j->m.read->sent_seq, p->o.raw_hash,
                    sizeof p->o.raw_hash, p->o.hash, sizeof p->o.hash, id);
    if (rc >= 0 && !d->keys_same)
        rc = db_run(j->m.tx, STMT_PRODUCT_KEYS, "issisi", p->parent_id,
                    d->sort_name, p->sku, d->low, p->gtin, id);
    return rc;
}

/* 1: stored as in the answer, in ascending order. */
static int categories_equal(struct db_tx *tx, int64_t id,
                            const struct product *p) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_PRODUCT_CATEGORY_OF, &r, "i", id);
    for (size_t i = 0; rc >= 0 && i < p->n_categories; i++) {
        rc = db_step(r);
        if (rc == 0 || (rc > 0 && db_i64(r, 0) != p->categories[i]))
            return 0;
    }
    if (rc >= 0)
        rc = db_step(r);
    return rc < 0 ? rc : rc == 0;
}

static int put_categories(const struct job *j, int64_t id,
                          const struct product *p) {
    int rc = categories_equal(j->m.tx, id, p);
    if (rc != 0)
        return rc < 0 ? rc : 0;
    rc = db_run(j->m.tx, STMT_PRODUCT_CATEGORY_CLEAR, "i", id);
    for (size_t i = 0; rc >= 0 && i < p->n_categories; i++)
        rc = db_run(j->m.tx, STMT_PRODUCT_CATEGORY_PUT, "Sii",
                    j->m.read->store_id, p->categories[i], id);
    return rc;
}

/* Row, variations' sort name, categories, object, text, feed. */
static int write_one(struct job *j, const struct product *p,
                     const struct derived *d, int64_t id) {
    bool fresh = id == 0;
    int rc = fresh ? insert(j, p, d, &id) : update(j, p, d, id);
    if (rc >= 0 && !d->keys_same && p->parent_id == 0)
        rc = db_run(j->m.tx, STMT_PRODUCT_CHILDREN_NAME, "sSi", d->sort_name,
                    j->m.read->store_id, p->o.remote_id);
    if (rc >= 0 && p->parent_id == 0 && p->manage == PRODUCT_OWN_STOCK)
        rc = db_run(j->m.tx, STMT_PRODUCT_CHILDREN_STOCK, "isSi", p->stock_e3,
                    p->stock_status, j->m.read->store_id, p->o.remote_id);
    if (rc >= 0)
        rc = put_categories(j, id, p);
    if (rc >= 0)
        rc = mirror_keep(j->m.tx, STMT_PRODUCT_OBJECT_PUT, id, &p->o);
    if (rc >= 0 && j->m.changes)
        rc = overlay_product_written(j->m.tx, j->m.read->store_id,
                                     p->o.remote_id, id);
    if (rc < 0)
        return rc;
    search_add(&j->texts, id, p->o.search, fresh);
    return mirror_told(&j->m, &p->o, p->o.remote_id);
}

/* Look it up and compare the indexed columns. */
static int find(const struct job *j, const struct product *p,
                struct mirror_found *f, struct derived *d) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = mirror_find(&j->m, STMT_PRODUCT_FIND, &p->o, f, &r);
    if (rc >= 0 && r)
        d->keys_same = db_i64(r, 5) == p->parent_id &&
                       str_eq(db_text(r, 6), d->sort_name) &&
                       str_eq(db_text(r, 7), p->sku) &&
                       db_i64(r, 8) == d->low && str_eq(db_text(r, 9), p->gtin);
    return rc;
}

/* Does the sum of what we know of its stock still hold? */
static int add_up(const struct job *j, const struct product *p) {
    if (!j->ledger || p->manage != PRODUCT_OWN_STOCK ||
        p->stock_e3 == PRODUCT_NONE)
        return 0;
    return ledger_check(j->m.tx, j->m.read->store_id, p->o.remote_id,
                        p->stock_e3);
}

static int apply_one(struct job *j, const struct product *p) {
    AUTO_BUF struct buf parent = BUF_INIT;
    struct mirror_found f;
    int rc = p->parent_id ? parent_name(j, p, &parent) : 0;
    int low = rc < 0 ? rc : is_low(j, p);
    if (low < 0)
        return low;
    struct derived d = {.gone = str_eq(p->status, "trash"),
                        .low = low,
                        .sort_name = rc > 0 ? buf_str(&parent) : p->sort_name};
    rc = find(j, p, &f, &d);
    if (rc < 0)
        return rc;
    switch (mirror_judge(&j->m, &f, d.gone)) {
    case MIRROR_NEW:
    case MIRROR_CHANGED:
        rc = write_one(j, p, &d, f.id);
        break;
    case MIRROR_SEEN:
        rc = mirror_seen(&j->m, STMT_PRODUCT_SEEN, STMT_PRODUCT_OBJECT_PUT,
                         f.id, &p->o);
        break;
    case MIRROR_STALE:
        return mirror_late(&j->m, &p->o);
    case MIRROR_SAME:
        break;
    }
    return rc < 0 ? rc : add_up(j, p);
}

int product_apply(struct db_tx *tx, const struct mirror_read *read,
                  const struct product *p, size_t n, struct mirror_stats *st) {
    struct mirror_stats mine = {0};
    CLEANUP(job_done)
    struct job j = {.texts = SEARCH_INIT(&search_products)};
    int rc = mirror_begin(&j.m, tx, read, MIRROR_PRODUCT, &mine);
    if (rc >= 0)
        rc = ledger_any(tx, read->store_id);
    j.ledger = rc == 1;
    for (size_t i = 0; rc >= 0 && i < n; i++)
        rc = apply_one(&j, &p[i]);
    if (rc >= 0)
        rc = search_flush(&j.texts, tx);
    if (rc >= 0)
        rc = mirror_end(&j.m);
    if (rc < 0)
        return rc;
    mirror_stats_add(st, &mine);
    return 0;
}
