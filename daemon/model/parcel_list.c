/* The list of shipments: newest first, over the stores a caller sees, each
 * store by its most telling index, merged as the list of changes is. */
#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/mem.h"
#include "common/ref.h"
#include "common/str.h"
#include "model/list.h"
#include "model/parcel_row.h"
#include "query_keys.gen.h"

struct listing {
    struct db_tx *tx;
    struct arena *a;
    struct query q;
    struct list_stores stores;
    int64_t before; /* id of the last row of the page before */
    size_t limit;
    struct parcel *rows;
    size_t n, cap;
};

static bool passes(const struct query_term *t, const struct parcel *p) {
    char text[REF_TEXT];
    struct ref ref = {.kind = REF_OBJECT, .id = p->remote_id};
    if (!t->key)
        return list_folded(t, p->tracking) || list_folded(t, p->number) ||
               list_folded(t, p->carrier);
    switch (t->key->id) {
    case QUERY_SHIPMENTS_STATE:
        return list_choice(t, parcel_state_name(p->state)) ||
               (p->state <= PARCEL_LABEL && list_choice(t, "waiting"));
    case QUERY_SHIPMENTS_CARRIER:
        return list_folded(t, p->carrier);
    case QUERY_SHIPMENTS_TRACKING:
        return list_word(t, p->tracking);
    case QUERY_SHIPMENTS_ORDER:
        (void)str_copy(ref.store, sizeof ref.store, p->store);
        return list_word(t, ref_format(text, &ref));
    default:
        return true; /* stores were chosen before */
    }
}

static bool all_pass(const struct listing *l, const struct parcel *p) {
    for (int i = 0; i < l->q.n_terms; i++) {
        const struct query_term *t = &l->q.terms[i];
        bool chosen = t->key && t->key->id == QUERY_SHIPMENTS_STORE;
        if (!chosen && passes(t, p) == t->negated)
            return false;
    }
    return true;
}

static void add(struct listing *l, const struct parcel *p) {
    if (l->n == l->cap)
        l->rows = mem_resize(l->rows, l->cap = l->cap ? 2 * l->cap : 64,
                             sizeof *l->rows);
    l->rows[l->n++] = *p;
}

/* Rows of one stream until it has given a page and one more. */
static int drain(struct listing *l, struct db_rows *r) {
    size_t got = 0;
    int rc = 0;
    while (got <= l->limit && (rc = db_step(r)) > 0) {
        struct parcel p;
        rc = parcel_row_read(r, l->a, &p);
        if (rc < 0)
            return rc;
        if (!all_pass(l, &p))
            continue;
        add(l, &p);
        got++;
    }
    return rc < 0 ? rc : 0;
}

/* The term whose one plain value an index can follow; NULL: none. */
static const char *value_of(const struct listing *l, int key) {
    for (int i = 0; i < l->q.n_terms; i++) {
        const struct query_term *t = &l->q.terms[i];
        if (t->key && t->key->id == key && !t->negated && t->n_values == 1 &&
            !t->values[0].wildcard)
            return t->values[0].text;
    }
    return NULL;
}

static int of_store(struct listing *l, int64_t store) {
    AUTO_ROWS struct db_rows *r = NULL;
    const char *tracking = value_of(l, QUERY_SHIPMENTS_TRACKING);
    const char *state = value_of(l, QUERY_SHIPMENTS_STATE);
    const char *order = value_of(l, QUERY_SHIPMENTS_ORDER);
    struct ref ref;
    int rc;
    if (order && ref_parse(order, &ref) == 0)
        rc = db_query(l->tx, STMT_PARCEL_LIST_ORDER, &r, "Sii", store, ref.id,
                      l->before);
    else if (tracking)
        rc = db_query(l->tx, STMT_PARCEL_LIST_TRACKING, &r, "Ssi", store,
                      tracking, l->before);
    else if (state && parcel_state_parse(state) >= 0)
        rc = db_query(l->tx, STMT_PARCEL_LIST_STATE, &r, "Ssi", store, state,
                      l->before);
    else
        rc = db_query(l->tx, STMT_PARCEL_LIST, &r, "Si", store, l->before);
    return rc < 0 ? rc : drain(l, r);
}

static int newest_first(const void *x, const void *y) {
    int64_t a = ((const struct parcel *)x)->id;
    int64_t b = ((const struct parcel *)y)->id;
    return a > b ? -1 : a < b;
}

static int collect(struct listing *l) {
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < l->stores.n; i++)
        if (l->stores.s[i].chosen)
            rc = of_store(l, l->stores.s[i].id);
    if (rc >= 0 && l->n)
        qsort(l->rows, l->n, sizeof *l->rows, newest_first);
    return rc;
}

static void give(const struct listing *l, uint64_t hash,
                 struct parcel_page *ret) {
    size_t n = l->n < l->limit ? l->n : l->limit;
    ret->n = n;
    ret->items = arena_alloc(l->a, (n + 1) * sizeof *ret->items);
    if (n)
        memcpy(ret->items, l->rows, n * sizeof *ret->items);
    ret->next = NULL;
    if (l->n > n) {
        struct list_key k = {.id = l->rows[n - 1].id};
        ret->next = list_cursor(l->a, hash, &k);
    }
}

static int run(struct listing *l, const struct list_request *r,
               struct parcel_page *ret, struct error *e) {
    struct list_key k = {.id = INT64_MAX};
    uint64_t hash;
    int rc = list_parse(r, &query_list_shipments, &l->q, &hash, e);
    if (rc >= 0 && r->after)
        rc = list_cursor_read(r->after, hash, l->a, &k, e);
    if (rc >= 0)
        rc = list_stores(l->tx, l->a, &l->q, QUERY_SHIPMENTS_STORE, &l->stores,
                         e);
    l->before = k.id;
    if (rc >= 0)
        rc = collect(l);
    if (rc >= 0)
        give(l, hash, ret);
    return rc < 0 ? rc : 0;
}

int parcel_list(struct db_tx *tx, const struct list_request *r, struct arena *a,
                struct parcel_page *ret, struct error *e) {
    struct listing l = {.tx = tx, .a = a, .limit = (size_t)r->limit};
    int rc = run(&l, r, ret, e);
    query_done(&l.q);
    free(l.rows);
    return rc;
}
