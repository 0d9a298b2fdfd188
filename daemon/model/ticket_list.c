/* Tickets as lists and counts. Those of a store come by its index, newest
 * first; the pages of the stores are merged. */
#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/mem.h"
#include "common/ref.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/list.h"
#include "model/ticket.h"
#include "query_keys.gen.h"

struct listing {
    struct db_tx *tx;
    struct arena *a;
    struct query q;
    struct list_stores stores;
    const struct ticket_eye *eye;
    int64_t before_ms, before_id; /* last row of the page before */
    size_t limit;
    struct ticket *rows;
    size_t n, cap;
};

/* --- the filter ---------------------------------------------------------- */

static bool is_about(const struct query_term *t, const struct ticket *k) {
    char text[REF_TEXT];
    struct ref ref = {.kind = str_eq(k->about_kind, "customer") ? REF_CUSTOMER
                                                                : REF_OBJECT,
                      .id = k->about_id};
    (void)str_copy(ref.store, sizeof ref.store, k->store);
    return k->about_id > 0 && list_word(t, ref_format(text, &ref));
}

static bool in_state(const struct query_term *t, enum ticket_state s) {
    return list_choice(t, ticket_state_name(s)) ||
           (s < TICKET_RESOLVED && list_choice(t, "active"));
}

static bool passes(const struct listing *l, const struct query_term *t,
                   const struct ticket *k) {
    if (!t->key)
        return list_folded(t, k->subject);
    switch (t->key->id) {
    case QUERY_TICKETS_STATE:
        return in_state(t, k->state);
    case QUERY_TICKETS_PRIORITY:
        return list_choice(t, ticket_priority_name(k->priority));
    case QUERY_TICKETS_ASSIGNEE:
        return list_word(t, k->assignee);
    case QUERY_TICKETS_AUTHOR:
        return list_word(t, k->author);
    case QUERY_TICKETS_ABOUT:
        return is_about(t, k);
    case QUERY_TICKETS_UNREAD:
        return list_choice(t, ticket_unread(k, l->eye) ? "yes" : "no");
    default:
        return true; /* stores were chosen before */
    }
}

static bool all_pass(const struct listing *l, const struct ticket *k) {
    for (int i = 0; i < l->q.n_terms; i++) {
        const struct query_term *t = &l->q.terms[i];
        bool chosen = t->key && t->key->id == QUERY_TICKETS_STORE;
        if (!chosen && passes(l, t, k) == t->negated)
            return false;
    }
    return true;
}

/* Rows of one instant that the page before had. */
static bool seen_before(const struct listing *l, const struct ticket *k) {
    return k->changed_ms == l->before_ms && k->id >= l->before_id;
}

/* --- a store's rows ------------------------------------------------------- */

static void keep(struct listing *l, const struct ticket *k) {
    if (l->n == l->cap)
        l->rows = mem_resize(l->rows, l->cap = l->cap ? 2 * l->cap : 64,
                             sizeof *l->rows);
    l->rows[l->n++] = *k;
}

static int drain(struct listing *l, struct db_rows *r) {
    size_t got = 0;
    int rc = 0;
    while (got <= l->limit && (rc = db_step(r)) > 0) {
        struct ticket k;
        rc = ticket_row(r, l->a, &k);
        if (rc < 0)
            return rc;
        if (seen_before(l, &k) || !all_pass(l, &k))
            continue;
        keep(l, &k);
        got++;
    }
    return rc < 0 ? rc : 0;
}

/* The one state that is asked for, by its index; NULL: any. */
static const char *only_state(const struct listing *l) {
    for (int i = 0; i < l->q.n_terms; i++) {
        const struct query_term *t = &l->q.terms[i];
        if (t->key && t->key->id == QUERY_TICKETS_STATE && !t->negated &&
            t->n_values == 1 && ticket_state_parse(t->values[0].text) >= 0)
            return t->values[0].text;
    }
    return NULL;
}

static int of_store(struct listing *l, int64_t store_id) {
    AUTO_ROWS struct db_rows *r = NULL;
    const char *state = only_state(l);
    int rc = state ? db_query(l->tx, STMT_TICKET_LIST_STATE, &r, "sSsi",
                              l->eye->who, store_id, state, l->before_ms)
                   : db_query(l->tx, STMT_TICKET_LIST, &r, "sSi", l->eye->who,
                              store_id, l->before_ms);
    return rc < 0 ? rc : drain(l, r);
}

/* --- all of them ---------------------------------------------------------- */

static int newest_first(const void *x, const void *y) {
    const struct ticket *a = x, *b = y;
    if (a->changed_ms != b->changed_ms)
        return a->changed_ms > b->changed_ms ? -1 : 1;
    return a->id > b->id ? -1 : a->id < b->id;
}

static void give(const struct listing *l, uint64_t hash,
                 struct ticket_page *ret) {
    size_t n = l->n < l->limit ? l->n : l->limit;
    ret->n = n;
    ret->items = arena_alloc(l->a, (n + 1) * sizeof *ret->items);
    if (n)
        memcpy(ret->items, l->rows, n * sizeof *ret->items);
    ret->next = NULL;
    if (l->n > n) {
        struct list_key k = {.num = l->rows[n - 1].changed_ms,
                             .id = l->rows[n - 1].id};
        ret->next = list_cursor(l->a, hash, &k);
    }
}

static int run(struct listing *l, const struct list_request *r,
               struct ticket_page *ret, struct error *e) {
    struct list_key k = {.num = INT64_MAX, .id = INT64_MAX};
    uint64_t hash;
    int rc = list_parse(r, &query_list_tickets, &l->q, &hash, e);
    if (rc >= 0 && r->after)
        rc = list_cursor_read(r->after, hash, l->a, &k, e);
    if (rc >= 0)
        rc =
            list_stores(l->tx, l->a, &l->q, QUERY_TICKETS_STORE, &l->stores, e);
    l->before_ms = k.num;
    l->before_id = k.id;
    for (size_t i = 0; rc >= 0 && i < l->stores.n; i++)
        if (l->stores.s[i].chosen)
            rc = of_store(l, l->stores.s[i].id);
    if (rc < 0)
        return rc;
    if (l->n)
        qsort(l->rows, l->n, sizeof *l->rows, newest_first);
    give(l, hash, ret);
    return 0;
}

int ticket_list(struct db_tx *tx, const struct list_request *r,
                const struct ticket_eye *eye, struct arena *a,
                struct ticket_page *ret, struct error *e) {
    struct listing l = {
        .tx = tx, .a = a, .eye = eye, .limit = (size_t)r->limit};
    int rc = run(&l, r, ret, e);
    query_done(&l.q);
    free(l.rows);
    return rc;
}

/* --- counts --------------------------------------------------------------- */

static int count_of(struct db_tx *tx, int64_t store_id,
                    const struct ticket_eye *eye, struct ticket_counts *c) {
    AUTO_ROWS struct db_rows *r = NULL;
    int64_t unread = 0, mine = 0;
    int rc = db_query(tx, STMT_TICKET_COUNTS, &r, "S", store_id);
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        int s = ticket_state_parse(db_text(r, 0));
        if (s >= 0)
            c->by[s] += db_i64(r, 1);
    }
    if (rc >= 0)
        rc = db_value(tx, STMT_TICKET_UNREAD, &unread, "sSi", eye->who,
                      store_id, (int64_t)eye->inner);
    if (rc >= 0)
        rc = db_value(tx, STMT_TICKET_MINE, &mine, "Ss", store_id, eye->who);
    c->unread += unread;
    c->mine += mine;
    return rc;
}

int ticket_count(struct db_tx *tx, const struct ticket_eye *eye,
                 struct ticket_counts *ret) {
    struct ticket_counts c = {0};
    struct query none = {0};
    struct list_stores stores;
    struct error e;
    struct arena *a = arena_new(4096);
    int rc = list_stores(tx, a, &none, -1, &stores, &e);
    for (size_t i = 0; rc >= 0 && i < stores.n; i++)
        if (stores.s[i].chosen)
            rc = count_of(tx, stores.s[i].id, eye, &c);
    arena_free(a);
    if (rc < 0)
        return rc;
    *ret = c;
    return 0;
}
