#include "model/ledger_list.h"

#include <string.h>

#include "common/arena.h"
#include "common/money.h"
#include "db/sql.h"
#include "model/store.h"
#include "query_keys.gen.h"

/* A page on its way, with room for the row that tells whether one follows. */
struct listing {
    struct db_tx *tx;
    struct arena *a;
    struct query q;
    struct list_stores stores;
    struct list_key after;
    size_t limit, n;
    struct drift_item *rows;
};

static bool passes(const struct query_term *t, const struct drift_item *d,
                   bool variation) {
    if (!t->key)
        return list_folded(t, d->sku) || list_folded(t, d->name);
    switch (t->key->id) {
    case QUERY_ATTENTION_COLLECTION:
        return list_choice(t, variation ? "variations" : "products");
    case QUERY_ATTENTION_WHAT:
        return list_choice(t, "drift");
    default:
        return true; /* stores were chosen before */
    }
}

static bool all_pass(const struct listing *l, const struct drift_item *d,
                     bool variation) {
    for (int i = 0; i < l->q.n_terms; i++) {
        const struct query_term *t = &l->q.terms[i];
        bool chosen = t->key && t->key->id == QUERY_ATTENTION_STORE;
        if (!chosen && passes(t, d, variation) == t->negated)
            return false;
    }
    return true;
}

static int take(struct listing *l, const struct list_store *s,
                struct db_rows *r) {
    struct drift_item d = {.store_id = s->id,
                           .store = s->name,
                           .remote_id = db_i64(r, 0),
                           .sku = list_keep(l->a, db_text(r, 2)),
                           .name = list_keep(l->a, db_text(r, 3)),
                           .shop_e3 = db_i64(r, 4)};
    if (!all_pass(l, &d, db_i64(r, 1) > 0))
        return 0;
    int rc = ledger_get(l->tx, s->id, d.remote_id, &d.sum);
    if (rc <= 0)
        return rc;
    d.drift_e3 = d.shop_e3;
    d.taken_e3 = d.sum.taken_now_e3;
    if (!money_add(&d.drift_e3, -d.sum.expected_e3) ||
        !money_add(&d.taken_e3, -d.sum.taken_e3))
        return ERR_RANGE;
    l->rows[l->n++] = d;
    return 0;
}

static int of_store(struct listing *l, const struct list_store *s) {
    AUTO_ROWS struct db_rows *r = NULL;
    int64_t after = s->id == l->after.num ? l->after.id : 0;
    if (!s->chosen || s->id < l->after.num)
        return 0;
    int rc = db_query(l->tx, STMT_DRIFT_LIST, &r, "Si", s->id, after);
    while (rc >= 0 && l->n <= l->limit && (rc = db_step(r)) > 0)
        rc = take(l, s, r);
    return rc < 0 ? rc : 0;
}

static void give(const struct listing *l, uint64_t hash,
                 struct drift_page *ret) {
    *ret = (struct drift_page){.items = l->rows, .n = l->n};
    if (l->n > l->limit) {
        const struct drift_item *last = &l->rows[l->limit - 1];
        struct list_key k = {.num = last->store_id, .id = last->remote_id};
        ret->n = l->limit;
        ret->next = list_cursor(l->a, hash, &k);
    }
}

static int run(struct listing *l, const struct list_request *r,
               struct drift_page *ret, struct error *e) {
    uint64_t hash;
    int rc = list_parse(r, &query_list_attention, &l->q, &hash, e);
    if (rc >= 0 && r->after)
        rc = list_cursor_read(r->after, hash, l->a, &l->after, e);
    if (rc >= 0)
        rc = list_stores(l->tx, l->a, &l->q, QUERY_ATTENTION_STORE, &l->stores,
                         e);
    for (size_t i = 0; rc >= 0 && i < l->stores.n; i++)
        rc = of_store(l, &l->stores.s[i]);
    if (rc >= 0)
        give(l, hash, ret);
    return rc < 0 ? rc : 0;
}

int drift_list(struct db_tx *tx, const struct list_request *r, struct arena *a,
               struct drift_page *ret, struct error *e) {
    struct listing l = {.tx = tx, .a = a, .limit = (size_t)r->limit};
    l.rows = arena_alloc(a, (l.limit + 1) * sizeof *l.rows);
    int rc = run(&l, r, ret, e);
    query_done(&l.q);
    return rc;
}

int drift_count(struct db_tx *tx, const struct store *stores, size_t n,
                int64_t *ret) {
    int64_t sum = 0, one = 0;
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < n; i++) {
        rc = db_value(tx, STMT_DRIFT_COUNT, &one, "S", stores[i].id);
        sum += one;
    }
    if (rc >= 0)
        *ret = sum;
    return rc < 0 ? rc : 0;
}
