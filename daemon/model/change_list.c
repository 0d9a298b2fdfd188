/* The list of changes: newest first, over the stores a caller sees. Each store
 * gives at most a page, by the most telling index, and the pages are merged:
 * the outbox is small beside the mirror. */
#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/mem.h"
#include "common/ref.h"
#include "common/str.h"
#include "model/change.h"
#include "model/change_row.h"
#include "model/list.h"
#include "query_keys.gen.h"

/* A list on its way. */
struct listing {
    struct db_tx *tx;
    struct arena *a;
    struct query q;
    struct list_stores stores;
    int64_t before; /* id of the last row of the page before */
    size_t limit;
    struct change *rows;
    size_t n, cap;
};

static bool is_open(enum change_state s) {
    return s != CHANGE_CONFIRMED && s != CHANGE_DISCARDED;
}

static bool state_passes(const struct query_term *t, enum change_state s) {
    return list_choice(t, change_state_name(s)) ||
           (is_open(s) && list_choice(t, "open"));
}

static void object_text(const struct change *c, char dst[REF_TEXT]) {
    struct ref r = {.id = c->remote_id,
                    .kind = c->kind == MIRROR_CUSTOMER   ? REF_CUSTOMER
                            : c->kind == MIRROR_CATEGORY ? REF_CATEGORY
                                                         : REF_OBJECT};
    (void)str_copy(r.store, sizeof r.store, c->store);
    (void)ref_format(dst, &r);
}

static bool passes(const struct query_term *t, const struct change *c) {
    char ref[REF_TEXT];
    if (!t->key)
        return list_folded(t, c->text) || list_folded(t, c->reason);
    switch (t->key->id) {
    case QUERY_CHANGES_STATE:
        return state_passes(t, c->state);
    case QUERY_CHANGES_AUTHOR:
        return list_word(t, c->author);
    case QUERY_CHANGES_ACT:
        return list_choice(t, change_act_name(c->act));
    case QUERY_CHANGES_OBJECT:
        object_text(c, ref);
        return list_word(t, ref);
    default:
        return true; /* stores were chosen before */
    }
}

static bool all_pass(const struct listing *l, const struct change *c) {
    for (int i = 0; i < l->q.n_terms; i++) {
        const struct query_term *t = &l->q.terms[i];
        bool chosen = t->key && t->key->id == QUERY_CHANGES_STORE;
        if (!chosen && passes(t, c) == t->negated)
            return false;
    }
    return true;
}

static void add(struct listing *l, const struct change *c) {
    if (l->n == l->cap)
        l->rows = mem_resize(l->rows, l->cap = l->cap ? 2 * l->cap : 64,
                             sizeof *l->rows);
    l->rows[l->n++] = *c;
}

/* Rows of one stream until it has given a page and one more. */
static int drain(struct listing *l, struct db_rows *r) {
    size_t got = 0;
    int rc = 0;
    while (got <= l->limit && (rc = db_step(r)) > 0) {
        struct change c;
        rc = change_row_read(l->tx, r, l->a, &c);
        if (rc < 0)
            return rc;
        if (!all_pass(l, &c))
            continue;
        add(l, &c);
        got++;
    }
    return rc < 0 ? rc : 0;
}

/* The term whose values the index can follow; NULL: none. */
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
    for (int s = 0; rc >= 0 && s < CHANGE_STATES; s++) {
        AUTO_ROWS struct db_rows *r = NULL;
        if (!state_passes(t, (enum change_state)s))
            continue;
        rc = db_query(l->tx, STMT_CHANGE_LIST_STATE, &r, "Ssi", store,
                      change_state_name((enum change_state)s), l->before);
        if (rc >= 0)
            rc = drain(l, r);
    }
    return rc;
}

/* An exact reference: its index; anything else is matched row by row. */
static int by_object(struct listing *l, const struct list_store *s,
                     const struct query_term *t) {
    static const enum mirror_kind kinds[][3] = {
        [REF_OBJECT] = {MIRROR_ORDER, MIRROR_PRODUCT, MIRROR_ORDER},
        [REF_CUSTOMER] = {MIRROR_CUSTOMER, MIRROR_CUSTOMER, MIRROR_CUSTOMER},
        [REF_CATEGORY] = {MIRROR_CATEGORY, MIRROR_CATEGORY, MIRROR_CATEGORY}};
    struct ref ref;
    if (t->n_values != 1 || t->values[0].wildcard ||
        ref_parse(t->values[0].text, &ref) < 0 || ref.kind == REF_DRAFT)
        return ERR_NOT_FOUND;
    if (!str_eq(ref.store, s->name))
        return 0;
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < (ref.kind == REF_OBJECT ? 2 : 1); i++) {
        AUTO_ROWS struct db_rows *r = NULL;
        rc = db_query(l->tx, STMT_CHANGE_LIST_OBJECT, &r, "Ssii", s->id,
                      mirror_kind_name(kinds[ref.kind][i]), ref.id, l->before);
        if (rc >= 0)
            rc = drain(l, r);
    }
    return rc;
}

static int of_store(struct listing *l, const struct list_store *s) {
    AUTO_ROWS struct db_rows *r = NULL;
    const struct query_term *object = term_of(l, QUERY_CHANGES_OBJECT);
    const struct query_term *state = term_of(l, QUERY_CHANGES_STATE);
    int rc = object ? by_object(l, s, object) : ERR_NOT_FOUND;
    if (rc != ERR_NOT_FOUND)
        return rc;
    if (state)
        return by_state(l, s->id, state);
    rc = db_query(l->tx, STMT_CHANGE_LIST, &r, "Si", s->id, l->before);
    return rc < 0 ? rc : drain(l, r);
}

static int newest_first(const void *x, const void *y) {
    int64_t a = ((const struct change *)x)->id;
    int64_t b = ((const struct change *)y)->id;
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
                 struct change_page *ret) {
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
               struct change_page *ret, struct error *e) {
    struct list_key k = {.id = INT64_MAX};
    uint64_t hash;
    int rc = list_parse(r, &query_list_changes, &l->q, &hash, e);
    if (rc >= 0 && r->after)
        rc = list_cursor_read(r->after, hash, l->a, &k, e);
    if (rc >= 0)
        rc =
            list_stores(l->tx, l->a, &l->q, QUERY_CHANGES_STORE, &l->stores, e);
    l->before = k.id;
    if (rc >= 0)
        rc = collect(l);
    if (rc >= 0)
        give(l, hash, ret);
    return rc < 0 ? rc : 0;
}

int change_list(struct db_tx *tx, const struct list_request *r, struct arena *a,
                struct change_page *ret, struct error *e) {
    struct listing l = {.tx = tx, .a = a, .limit = (size_t)r->limit};
    int rc = run(&l, r, ret, e);
    query_done(&l.q);
    free(l.rows);
    return rc;
}

int change_count_of(struct db_tx *tx, int64_t store_id,
                    int64_t counts[CHANGE_STATES]) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_CHANGE_COUNTS, &r, "S", store_id);
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        int s = change_state_parse(db_text(r, 0));
        if (s >= 0)
            counts[s] += db_i64(r, 1);
    }
    return rc;
}

int change_count(struct db_tx *tx, int64_t counts[CHANGE_STATES]) {
    int64_t sums[CHANGE_STATES] = {0};
    struct query none = {0};
    struct list_stores stores;
    struct error e;
    struct arena *a = arena_new(4096);
    int rc = list_stores(tx, a, &none, -1, &stores, &e);
    for (size_t i = 0; rc >= 0 && i < stores.n; i++)
        if (stores.s[i].chosen)
            rc = change_count_of(tx, stores.s[i].id, sums);
    arena_free(a);
    if (rc < 0)
        return rc;
    memcpy(counts, sums, sizeof sums);
    return 0;
}

int change_of(struct db_tx *tx, int64_t store_id, enum mirror_kind kind,
              int64_t remote_id, struct arena *a, struct change **ret,
              size_t *ret_n) {
    struct listing l = {.tx = tx, .a = a, .limit = LIST_LIMIT_MAX};
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_CHANGE_OPEN_OF, &r, "Ssi", store_id,
                      mirror_kind_name(kind), remote_id);
    if (rc >= 0)
        rc = drain(&l, r);
    if (rc >= 0) {
        *ret_n = l.n;
        *ret = arena_alloc(a, (l.n + 1) * sizeof **ret);
        if (l.n)
            memcpy(*ret, l.rows, l.n * sizeof **ret);
    }
    free(l.rows);
    return rc < 0 ? rc : 0;
}
