/* The list of returns, newest first, over the stores a caller sees; and how
 * many there are of each state. */
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/ref.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/list.h"
#include "model/return_row.h"
#include "query_keys.gen.h"

/* A list on its way. */
struct listing {
    struct db_tx *tx;
    struct arena *a;
    struct query q;
    struct list_stores stores;
    int64_t before; /* id of the last row of the page before */
    size_t limit;
    struct return_ *rows;
    size_t n, cap;
};

static bool is_open(enum return_state s) {
    return s != RETURN_CLOSED && s != RETURN_REJECTED;
}

static bool state_passes(const struct query_term *t, enum return_state s) {
    return list_choice(t, return_state_name(s)) ||
           (is_open(s) && list_choice(t, "open"));
}

static void order_text(const struct return_ *r, char dst[REF_TEXT]) {
    struct ref ref = {.kind = REF_OBJECT, .id = r->remote_id};
    (void)str_copy(ref.store, sizeof ref.store, r->store);
    (void)ref_format(dst, &ref);
}

static bool passes(const struct query_term *t, const struct return_ *r) {
    char text[REF_TEXT];
    if (!t->key)
        return list_folded(t, r->customer) || list_folded(t, r->number) ||
               list_folded(t, return_text(text, r->id));
    switch (t->key->id) {
    case QUERY_RETURNS_STATE:
        return state_passes(t, r->state);
    case QUERY_RETURNS_REASON:
        return list_choice(t, r->reason);
    case QUERY_RETURNS_CUSTOMER:
        return list_folded(t, r->customer);
    case QUERY_RETURNS_ORDER:
        order_text(r, text);
        return list_word(t, text) || list_word(t, r->number);
    default:
        return true; /* stores were chosen before */
    }
}

static bool all_pass(const struct listing *l, const struct return_ *r) {
    for (int i = 0; i < l->q.n_terms; i++) {
        const struct query_term *t = &l->q.terms[i];
        bool chosen = t->key && t->key->id == QUERY_RETURNS_STORE;
        if (!chosen && passes(t, r) == t->negated)
            return false;
    }
    return true;
}

static void add(struct listing *l, const struct return_ *r) {
    if (l->n == l->cap)
        l->rows = mem_resize(l->rows, l->cap = l->cap ? 2 * l->cap : 64,
                             sizeof *l->rows);
    l->rows[l->n++] = *r;
}

/* Ids of one stream until it has given a page and one more. */
static int drain(struct listing *l, struct db_rows *r) {
    size_t got = 0;
    int rc = 0;
    while (got <= l->limit && (rc = db_step(r)) > 0) {
        struct return_ one;
        rc = return_get(l->tx, db_i64(r, 0), l->a, &one);
        if (rc < 0)
            return rc;
        if (rc == 0 || !all_pass(l, &one))
            continue;
        add(l, &one);
        got++;
    }
    return rc < 0 ? rc : 0;
}

/* The term whose values an index can follow; NULL: none. */
static const struct query_term *term_of(const struct listing *l, int key) {
    for (int i = 0; i < l->q.n_terms; i++) {
        const struct query_term *t = &l->q.terms[i];
        if (t->key && t->key->id == key && !t->negated)
            return t;
    }
    return NULL;
}

static int by_state(struct listing *l, int64_t store,
                    const struct query_term *t) {
    int rc = 0;
    for (int s = 0; rc >= 0 && s < RETURN_STATES; s++) {
        AUTO_ROWS struct db_rows *r = NULL;
        if (!state_passes(t, (enum return_state)s))
            continue;
        rc = db_query(l->tx, STMT_RETURN_LIST_STATE, &r, "Ssi", store,
                      return_state_name((enum return_state)s), l->before);
        if (rc >= 0)
            rc = drain(l, r);
    }
    return rc;
}

/* An exact reference: its index; ERR_NOT_FOUND: it is matched row by row. */
static int by_order(struct listing *l, const struct list_store *s,
                    const struct query_term *t) {
    AUTO_ROWS struct db_rows *r = NULL;
    struct ref ref;
    if (t->n_values != 1 || t->values[0].wildcard ||
        ref_parse(t->values[0].text, &ref) < 0 || ref.kind != REF_OBJECT)
        return ERR_NOT_FOUND;
    if (!str_eq(ref.store, s->name))
        return 0;
    int rc = db_query(l->tx, STMT_RETURN_LIST_ORDER, &r, "Sii", s->id, ref.id,
                      l->before);
    return rc < 0 ? rc : drain(l, r);
}

static int of_store(struct listing *l, const struct list_store *s) {
    AUTO_ROWS struct db_rows *r = NULL;
    const struct query_term *order = term_of(l, QUERY_RETURNS_ORDER);
    const struct query_term *state = term_of(l, QUERY_RETURNS_STATE);
    int rc = order ? by_order(l, s, order) : ERR_NOT_FOUND;
    if (rc != ERR_NOT_FOUND)
        return rc;
    if (state)
        return by_state(l, s->id, state);
    rc = db_query(l->tx, STMT_RETURN_LIST, &r, "Si", s->id, l->before);
    return rc < 0 ? rc : drain(l, r);
}

static int newest_first(const void *x, const void *y) {
    int64_t a = ((const struct return_ *)x)->id;
    int64_t b = ((const struct return_ *)y)->id;
    return a > b ? -1 : a < b;
}

static int collect(struct listing *l) {
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < l->stores.n; i++)
        if (l->stores.s[i].chosen)
            rc = of_store(l, &l->stores.s[i]);
    if (rc >= 0 && l->n)
        qsort(l->rows, l->n, sizeof *l->rows, newest_first);
    return rc;
}

static void give(const struct listing *l, uint64_t hash,
                 struct return_page *ret) {
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
               struct return_page *ret, struct error *e) {
    struct list_key k = {.id = INT64_MAX};
    uint64_t hash;
    int rc = list_parse(r, &query_list_returns, &l->q, &hash, e);
    if (rc >= 0 && r->after)
        rc = list_cursor_read(r->after, hash, l->a, &k, e);
    if (rc >= 0)
        rc =
            list_stores(l->tx, l->a, &l->q, QUERY_RETURNS_STORE, &l->stores, e);
    l->before = k.id;
    if (rc >= 0)
        rc = collect(l);
    if (rc >= 0)
        give(l, hash, ret);
    return rc < 0 ? rc : 0;
}

int return_list(struct db_tx *tx, const struct list_request *r, struct arena *a,
                struct return_page *ret, struct error *e) {
    struct listing l = {.tx = tx, .a = a, .limit = (size_t)r->limit};
    int rc = run(&l, r, ret, e);
    query_done(&l.q);
    free(l.rows);
    return rc;
}

static int count_of(struct db_tx *tx, int64_t store_id,
                    int64_t counts[RETURN_STATES]) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_RETURN_COUNTS, &r, "S", store_id);
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        int s = return_state_parse(db_text(r, 0));
        if (s >= 0)
            counts[s] += db_i64(r, 1);
    }
    return rc;
}

int return_count(struct db_tx *tx, int64_t counts[RETURN_STATES]) {
    AUTO_ARENA struct arena *a = arena_new(4096);
    int64_t sums[RETURN_STATES] = {0};
    struct query none = {0};
    struct list_stores stores;
    struct error e;
    int rc = list_stores(tx, a, &none, -1, &stores, &e);
    for (size_t i = 0; rc >= 0 && i < stores.n; i++)
        if (stores.s[i].chosen)
            rc = count_of(tx, stores.s[i].id, sums);
    if (rc < 0)
        return rc;
    memcpy(counts, sums, sizeof sums);
    return 0;
}
