#include "model/row_list.h"

#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/mem.h"
#include "db/sql.h"
#include "query_keys.gen.h"

enum { FIRST = 2, MOST = 64 }; /* rows of a source at a time: it doubles */

/* A store. Rows `at` .. n wait; those behind `before` were not read yet. */
struct row_source {
    const struct list_store *store;
    char *rows; /* owned */
    size_t at, n, cap;
    size_t chunk;
    bool more;              /* there may be rows behind `before` */
    struct list_key before; /* a stream was left there */
};

void row_list_done(struct row_list *l) {
    query_done(&l->q);
    for (size_t i = 0; i < l->n_sources; i++)
        free(l->sources[i].rows);
    free(l->sources);
    free(l->rows);
}

const struct query_term *row_list_term(const struct row_list *l, int key) {
    for (int i = 0; i < l->q.n_terms; i++) {
        const struct query_term *t = &l->q.terms[i];
        if (t->key && t->key->id == key && !t->negated)
            return t;
    }
    return NULL;
}

static bool all_pass(const struct row_list *l, const void *row) {
    if (l->ops->listed && !l->ops->listed(l, row))
        return false;
    for (int i = 0; i < l->q.n_terms; i++) {
        const struct query_term *t = &l->q.terms[i];
        bool chosen = t->key && t->key->id == l->ops->store_key;
        if (!chosen && l->ops->passes(l, t, row) == t->negated)
            return false;
    }
    return true;
}

int row_list_id(struct row_list *l, struct db_rows *r, void *row) {
    memset(row, 0, l->ops->size);
    *(int64_t *)row = db_i64(r, 0);
    return 1;
}

struct list_key row_list_place(const void *row) {
    return (struct list_key){.id = *(const int64_t *)row};
}

/* --- reading ---------------------------------------------------------------
 */

static bool newer(struct list_key a, struct list_key b) {
    return a.num != b.num ? a.num > b.num : a.id > b.id;
}

static int newest_first(const void *x, const void *y, void *arg) {
    const struct row_list *l = arg;
    struct list_key a = l->ops->place(x), b = l->ops->place(y);
    return newer(a, b) ? -1 : newer(b, a);
}

static void *row_of(const struct row_list *l, const struct row_source *s,
                    size_t i) {
    return s->rows + i * l->ops->size;
}

static void *room(const struct row_list *l, struct row_source *s) {
    if (s->n == s->cap)
        s->rows = mem_resize(s->rows, s->cap = s->cap ? 2 * s->cap : FIRST,
                             l->ops->size);
    return row_of(l, s, s->n);
}

int row_list_drain(struct row_list *l, struct db_rows *r) {
    struct row_source *s = l->filling;
    size_t got = 0;
    int rc = 0;
    while (got < s->chunk && (rc = db_step(r)) > 0) {
        rc = l->ops->read(l, r, room(l, s));
        if (rc < 0)
            return rc;
        s->n += rc > 0;
        got += rc > 0;
    }
    if (got < s->chunk)
        return rc;
    struct list_key last = l->ops->place(row_of(l, s, s->n - 1));
    if (!s->more || newer(last, s->before))
        s->before = last;
    s->more = true;
    return 0;
}

/* The next rows of a store. Where one of its streams was left, another's that
 * are further down have to wait: they are read again. */
static int fill(struct row_list *l, struct row_source *s) {
    l->before = s->before;
    l->filling = s;
    s->at = s->n = 0;
    s->more = false;
    int rc = l->ops->of_store(l, s->store);
    if (rc < 0)
        return rc;
    if (s->n > 1)
        qsort_r(s->rows, s->n, l->ops->size, newest_first, l);
    while (s->more && newer(s->before, l->ops->place(row_of(l, s, s->n - 1))))
        s->n--;
    if (s->chunk < MOST)
        s->chunk *= 2;
    return 0;
}

int row_list_all(struct row_list *l, struct db_rows *r, size_t max,
                 void **ret_items, size_t *ret_n) {
    struct row_source s = {.chunk = max};
    l->filling = &s;
    int rc = row_list_drain(l, r);
    if (rc >= 0) {
        *ret_items = arena_alloc(l->a, (s.n + 1) * l->ops->size);
        if (s.n)
            memcpy(*ret_items, s.rows, s.n * l->ops->size);
        *ret_n = s.n;
    }
    free(s.rows);
    return rc;
}

/* --- merging ---------------------------------------------------------------
 */

static int open_sources(struct row_list *l, struct list_key from) {
    int rc = 0;
    l->sources = mem_zalloc(l->stores.n + 1, sizeof *l->sources);
    for (size_t i = 0; rc >= 0 && i < l->stores.n; i++) {
        if (!l->stores.s[i].chosen)
            continue;
        struct row_source *s = &l->sources[l->n_sources++];
        *s = (struct row_source){
            .store = &l->stores.s[i], .before = from, .chunk = FIRST};
        rc = fill(l, s);
    }
    return rc;
}

/* Source of the newest row; NULL: none has one. They are few, and all ready. */
static struct row_source *newest(const struct row_list *l) {
    struct row_source *best = NULL;
    for (size_t i = 0; i < l->n_sources; i++) {
        struct row_source *s = &l->sources[i];
        if (s->at < s->n &&
            (!best || newer(l->ops->place(row_of(l, s, s->at)),
                            l->ops->place(row_of(l, best, best->at)))))
            best = s;
    }
    return best;
}

/* Does the next row of a source belong on the page. */
static int judge(struct row_list *l, void *row) {
    int rc = l->ops->whole ? l->ops->whole(l, row) : 1;
    return rc > 0 ? all_pass(l, row) : rc;
}

/* Rows into the page until it is full; *at: the last that was looked at. 1:
 * there are more. */
static int walk(struct row_list *l, struct list_key *at) {
    struct row_source *s;
    while ((s = newest(l))) {
        void *row = row_of(l, s, s->at);
        struct list_key key = l->ops->place(row);
        int rc = judge(l, row);
        if (rc > 0 && l->n == l->limit)
            return 1;
        if (rc < 0)
            return rc;
        *at = key;
        if (rc > 0)
            memcpy(l->rows + l->n++ * l->ops->size, row, l->ops->size);
        rc = ++s->at == s->n && s->more ? fill(l, s) : 0;
        if (rc < 0)
            return rc;
    }
    return 0;
}

static int collect(struct row_list *l, const struct list_request *r,
                   struct list_key *at, struct error *e) {
    struct list_key from = *at;
    l->rows = mem_alloc((l->limit + 1) * l->ops->size);
    db_deadline(l->tx, list_walk_ms(r));
    int rc = open_sources(l, from);
    if (rc >= 0)
        rc = walk(l, at);
    db_deadline(l->tx, LIST_REST_MS);
    if (rc != ERR_BUSY)
        return rc;
    if (!newer(from, *at))
        return error_set(e, ERR_TIMEOUT, "filter",
                         "nothing could be looked at in time: narrow the "
                         "filter or try again");
    l->partial = true;
    return 1;
}

static int page_of(struct row_list *l, const struct list_request *r,
                   struct row_page *ret, struct error *e) {
    struct list_key k = {.num = INT64_MAX, .id = INT64_MAX};
    uint64_t hash;
    int rc = list_parse(r, l->ops->keys, &l->q, &hash, e);
    if (rc >= 0 && r->after)
        rc = list_cursor_read(r->after, hash, l->a, &k, e);
    if (rc >= 0)
        rc = list_stores(l->tx, l->a, &l->q, l->ops->store_key, &l->stores, e);
    l->limit = (size_t)r->limit;
    if (rc >= 0)
        rc = collect(l, r, &k, e);
    if (rc < 0)
        return rc;
    void *items = arena_alloc(l->a, (l->n + 1) * l->ops->size);
    if (l->n)
        memcpy(items, l->rows, l->n * l->ops->size);
    *ret =
        (struct row_page){.items = items,
                          .n = l->n,
                          .next = rc > 0 ? list_cursor(l->a, hash, &k) : NULL,
                          .partial = l->partial};
    return 0;
}

int row_list(struct db_tx *tx, const struct row_list_ops *ops, const void *arg,
             const struct list_request *r, struct arena *a,
             struct row_page *ret, struct error *e) {
    CLEANUP(row_list_done)
    struct row_list l = {.ops = ops, .tx = tx, .a = a, .arg = arg};
    return page_of(&l, r, ret, e);
}

/* --- counts ----------------------------------------------------------------
 */

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
