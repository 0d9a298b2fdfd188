#include "model/row_list.h"

#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/mem.h"
#include "db/sql.h"
#include "query_keys.gen.h"

void row_list_done(struct row_list *l) {
    query_done(&l->q);
    free(l->rows);
}

static bool all_pass(const struct row_list *l, const void *row) {
    for (int i = 0; i < l->q.n_terms; i++) {
        const struct query_term *t = &l->q.terms[i];
        bool chosen = t->key && t->key->id == l->ops->store_key;
        if (!chosen && l->ops->passes(l, t, row) == t->negated)
            return false;
    }
    return true;
}

/* Room for one more row, behind those that are kept. */
static void *room(struct row_list *l) {
    if (l->n == l->cap)
        l->rows = mem_resize(l->rows, l->cap = l->cap ? 2 * l->cap : 64,
                             l->ops->size);
    return l->rows + l->n * l->ops->size;
}

int row_list_drain(struct row_list *l, struct db_rows *r) {
    size_t got = 0;
    int rc = 0;
    while (got <= l->limit && (rc = db_step(r)) > 0) {
        void *row = room(l);
        rc = l->ops->read(l, r, row);
        if (rc < 0)
            return rc;
        if (rc == 0 || !all_pass(l, row))
            continue;
        l->n++;
        got++;
    }
    return rc < 0 ? rc : 0;
}

const struct query_term *row_list_term(const struct row_list *l, int key) {
    for (int i = 0; i < l->q.n_terms; i++) {
        const struct query_term *t = &l->q.terms[i];
        if (t->key && t->key->id == key && !t->negated)
            return t;
    }
    return NULL;
}

static int newest_first(const void *x, const void *y, void *arg) {
    const struct row_list *l = arg;
    struct list_key a = l->ops->place(x), b = l->ops->place(y);
    if (a.num != b.num)
        return a.num > b.num ? -1 : 1;
    return a.id > b.id ? -1 : a.id < b.id;
}

static int collect(struct row_list *l) {
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < l->stores.n; i++)
        if (l->stores.s[i].chosen)
            rc = l->ops->of_store(l, &l->stores.s[i]);
    if (rc >= 0 && l->n)
        qsort_r(l->rows, l->n, l->ops->size, newest_first, l);
    return rc;
}

int row_each_store(struct db_tx *tx,
                   int (*fn)(struct db_tx *tx, int64_t store_id, void *arg),
                   void *arg) {
    struct arena *a = arena_new(4096);
    struct query none = {0};
    struct list_stores stores;
    struct error e;
    int rc = list_stores(tx, a, &none, -1, &stores, &e);
    for (size_t i = 0; rc >= 0 && i < stores.n; i++)
        if (stores.s[i].chosen)
            rc = fn(tx, stores.s[i].id, arg);
    arena_free(a);
    return rc < 0 ? rc : 0;
}

int row_add_states(struct db_rows *r, int (*parse)(const char *name),
                   int64_t *counts) {
    int rc = 0;
    while ((rc = db_step(r)) > 0) {
        int s = parse(db_text(r, 0));
        if (s >= 0)
            counts[s] += db_i64(r, 1);
    }
    return rc;
}

void *row_list_take(const struct row_list *l, size_t n) {
    void *items = arena_alloc(l->a, (n + 1) * l->ops->size);
    if (n)
        memcpy(items, l->rows, n * l->ops->size);
    return items;
}

int row_list_page(struct row_list *l, const struct list_request *r,
                  void **ret_items, size_t *ret_n, const char **ret_next,
                  struct error *e) {
    struct list_key k = {.num = INT64_MAX, .id = INT64_MAX};
    uint64_t hash;
    int rc = list_parse(r, l->ops->keys, &l->q, &hash, e);
    if (rc >= 0 && r->after)
        rc = list_cursor_read(r->after, hash, l->a, &k, e);
    if (rc >= 0)
        rc = list_stores(l->tx, l->a, &l->q, l->ops->store_key, &l->stores, e);
    l->before = k;
    l->limit = (size_t)r->limit;
    if (rc >= 0)
        rc = collect(l);
    if (rc < 0)
        return rc;
    size_t n = l->n < l->limit ? l->n : l->limit;
    *ret_n = n;
    *ret_items = row_list_take(l, n);
    *ret_next = NULL;
    if (l->n > n) {
        k = l->ops->place(l->rows + (n - 1) * l->ops->size);
        *ret_next = list_cursor(l->a, hash, &k);
    }
    return 0;
}
