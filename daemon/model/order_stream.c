#include "model/order_stream.h"

#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/mem.h"
#include "common/str.h"
#include "db/sql.h"

/* Statements of a source, for both directions. */
static const enum stmt_id created[] = {STMT_ORDERS_BY_CREATED,
                                       STMT_ORDERS_BY_CREATED_UP};
static const enum stmt_id by_status[] = {STMT_ORDERS_BY_STATUS,
                                         STMT_ORDERS_BY_STATUS_UP};
static const enum stmt_id by_store[] = {STMT_ORDERS_BY_STORE,
                                        STMT_ORDERS_BY_STORE_UP};
static const enum stmt_id by_both[] = {STMT_ORDERS_BY_STORE_STATUS,
                                       STMT_ORDERS_BY_STORE_STATUS_UP};

/* As created and by_store, with the search text for the row. */
static const enum stmt_id texts[] = {STMT_ORDER_TEXTS_BY_CREATED,
                                     STMT_ORDER_TEXTS_BY_CREATED_UP};
static const enum stmt_id store_texts[] = {STMT_ORDER_TEXTS_BY_STORE,
                                           STMT_ORDER_TEXTS_BY_STORE_UP};

void order_item_read(struct db_rows *r, struct order_item *o) {
    *o = (struct order_item){
        .id = db_i64(r, 0),
        .store_id = db_i64(r, 1),
        .remote_id = db_i64(r, 2),
        .number = db_text(r, 3),
        .status = db_text(r, 4),
        .shop_status = db_null(r, 5) ? db_text(r, 4) : db_text(r, 5),
        .gone = (int)db_i64(r, 6),
        .currency = db_text(r, 7),
        .total_e4 = db_i64(r, 8),
        .created_ms = db_i64(r, 9),
        .modified_ms = db_i64(r, 10),
        .contact_id = db_i64(r, 11),
        .name = db_text(r, 12),
        .email = db_text(r, 13),
        .lines = (int)db_i64(r, 14),
        .items_e3 = db_i64(r, 15),
        .flags = (unsigned)db_i64(r, 16),
        .tags = db_text(r, 17),
        .holds = db_text(r, 18),
        .pending = (int)db_i64(r, 19),
    };
}

/* --- opening ----------------------------------------------------------- */

static struct db_rows **add(struct order_merge *m) {
    m->s = mem_resize(m->s, m->n + 1, sizeof *m->s);
    m->s[m->n] = (struct order_stream){0};
    return &m->s[m->n++].rows;
}

static int open_all(struct order_merge *m, enum stmt_id id) {
    return db_query(m->plan->tx, id, add(m), "ii", m->from.num, m->from.id);
}

static int open_keys(struct order_merge *m, enum stmt_id id) {
    const struct order_plan *p = m->plan;
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < p->n_keys; i++)
        rc = db_query(p->tx, id, add(m), "sii", p->keys[i], m->from.num,
                      m->from.id);
    return rc;
}

static int open_stores(struct order_merge *m, enum stmt_id id) {
    const struct order_plan *p = m->plan;
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < p->stores.n; i++)
        if (p->stores.s[i].chosen)
            rc = db_query(p->tx, id, add(m), "Sii", p->stores.s[i].id,
                          m->from.num, m->from.id);
    return rc;
}

/* One stream a store and key. */
static int open_store_keys(struct order_merge *m, enum stmt_id id,
                           bool store_first) {
    const struct order_plan *p = m->plan;
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < p->stores.n * p->n_keys; i++) {
        const struct list_store *s = &p->stores.s[i / p->n_keys];
        const char *key = p->keys[i % p->n_keys];
        if (!s->chosen)
            continue;
        rc = store_first ? db_query(p->tx, id, add(m), "Ssii", s->id, key,
                                    m->from.num, m->from.id)
                         : db_query(p->tx, id, add(m), "siiS", key, m->from.num,
                                    m->from.id, s->id);
    }
    return rc;
}

static int open_walk(struct order_merge *m) {
    const struct order_plan *p = m->plan;
    if (m->texts)
        return p->stores.all ? open_all(m, texts[m->up])
                             : open_stores(m, store_texts[m->up]);
    if (p->stores.all)
        return p->keys ? open_keys(m, by_status[m->up])
                       : open_all(m, created[m->up]);
    if (p->keys && p->n_keys * p->stores.n_chosen <= PLAN_STREAMS_MAX)
        return open_store_keys(m, by_both[m->up], true);
    return open_stores(m, by_store[m->up]);
}

static int open_contacts(struct order_merge *m) {
    const struct order_plan *p = m->plan;
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < p->n_contacts; i++)
        rc = db_query(p->tx, STMT_ORDERS_BY_CONTACT, add(m), "iii",
                      p->contacts[i], m->from.num, m->from.id);
    return rc;
}

static int open_source(struct order_merge *m) {
    bool all = db_get_scope(m->plan->tx)->all;
    switch (m->plan->source) {
    case PLAN_WALK:
        return open_walk(m);
    case PLAN_CONTACT:
        return open_contacts(m);
    case PLAN_TAG:
        return all ? open_keys(m, STMT_ORDERS_BY_TAG)
                   : open_store_keys(m, STMT_ORDERS_BY_TAG_STORE, false);
    case PLAN_HOLD:
        return all ? open_keys(m, STMT_ORDERS_BY_HOLD)
                   : open_store_keys(m, STMT_ORDERS_BY_HOLD_STORE, false);
    case PLAN_IDS:
        break;
    }
    return 0;
}

/* --- the heap ---------------------------------------------------------- */

static bool before(const struct order_merge *m, const struct order_stream *x,
                   const struct order_stream *y) {
    const struct order_item *a = &x->item, *b = &y->item;
    if (a->created_ms != b->created_ms)
        return (a->created_ms < b->created_ms) == m->up;
    return a->id != b->id && (a->id < b->id) == m->up;
}

static void sink(struct order_merge *m, size_t i) {
    for (;;) {
        size_t best = i;
        for (size_t k = 2 * i + 1; k <= 2 * i + 2 && k < m->live; k++)
            if (before(m, m->heap[k], m->heap[best]))
                best = k;
        if (best == i)
            return;
        struct order_stream *s = m->heap[i];
        m->heap[i] = m->heap[best];
        m->heap[best] = s;
        i = best;
    }
}

/* 1: the stream stands on a row inside the dates asked for. */
static int advance(struct order_merge *m, struct order_stream *s) {
    const struct order_plan *p = m->plan;
    int rc = db_step(s->rows);
    if (rc != 1)
        return rc;
    if (m->texts)
        s->item = (struct order_item){.id = db_i64(s->rows, 0),
                                      .created_ms = db_i64(s->rows, 1)};
    else
        order_item_read(s->rows, &s->item);
    return m->up ? s->item.created_ms < p->to : s->item.created_ms >= p->from;
}

static int fill_heap(struct order_merge *m) {
    m->heap = mem_zalloc(m->n + 1, sizeof(struct order_stream *));
    for (size_t i = 0; i < m->n; i++) {
        int rc = advance(m, &m->s[i]);
        if (rc < 0)
            return rc;
        if (rc == 1)
            m->heap[m->live++] = &m->s[i];
    }
    for (size_t i = m->live; i-- > 0;)
        sink(m, i);
    return 0;
}

static int heap_next(struct order_merge *m, const struct order_item **ret) {
    if (m->begun) {
        int rc = advance(m, m->heap[0]);
        if (rc < 0)
            return rc;
        if (rc == 0)
            m->heap[0] = m->heap[--m->live];
        sink(m, 0);
    }
    m->begun = m->live > 0;
    if (!m->begun)
        return 0;
    *ret = &m->heap[0]->item;
    return 1;
}

/* --- candidates -------------------------------------------------------- */

static bool is_behind(const struct order_merge *m,
                      const struct plan_candidate *c) {
    const struct list_key *k = &m->from;
    if (c->created_ms != k->num)
        return (c->created_ms > k->num) == m->up;
    return c->id != k->id && (c->id > k->id) == m->up;
}

static int ids_next(struct order_merge *m, const struct order_item **ret) {
    const struct order_plan *p = m->plan;
    while (m->at < p->n_ids) {
        size_t i = m->up ? p->n_ids - 1 - m->at : m->at;
        const struct plan_candidate *c = &p->ids[i];
        m->at++;
        if (!is_behind(m, c))
            continue;
        m->place =
            (struct order_item){.id = c->id, .created_ms = c->created_ms};
        *ret = &m->place;
        return 1;
    }
    return 0;
}

/* --- together ---------------------------------------------------------- */

bool order_merge_both_ways(const struct order_plan *p) {
    return p->source == PLAN_WALK || p->source == PLAN_IDS;
}

static struct list_key beginning(const struct order_plan *p, bool up) {
    if (up)
        return p->from == INT64_MIN
                   ? (struct list_key){.num = INT64_MIN, .id = INT64_MIN}
                   : (struct list_key){.num = p->from - 1, .id = INT64_MAX};
    return p->to == INT64_MAX
               ? (struct list_key){.num = INT64_MAX, .id = INT64_MAX}
               : (struct list_key){.num = p->to, .id = INT64_MIN};
}

int order_merge_open(struct order_merge *m, const struct order_plan *p,
                     const struct list_key *from, bool up) {
    *m = (struct order_merge){.plan = p, .up = up};
    m->texts = p->source == PLAN_WALK && p->verify && !p->keys;
    m->from = from ? *from : beginning(p, up);
    if (p->source == PLAN_IDS)
        return 0;
    int rc = open_source(m);
    return rc < 0 ? rc : fill_heap(m);
}

int order_merge_next(struct order_merge *m, const struct order_item **ret) {
    return m->plan->source == PLAN_IDS ? ids_next(m, ret) : heap_next(m, ret);
}

/* Are the words in the text of the place the merge stands on. */
static int has_words(const struct order_merge *m, int64_t id) {
    const struct order_plan *p = m->plan;
    if (m->texts)
        return order_filter_text(p, db_text(m->heap[0]->rows, 2));
    return p->verify ? order_filter_words(p, id) : 1;
}

int order_merge_row(struct order_merge *m, const struct order_item **o) {
    const struct order_plan *p = m->plan;
    int64_t id = (*o)->id;
    if (!m->texts && p->source != PLAN_IDS)
        return 1;
    int rc = has_words(m, id);
    if (rc != 1)
        return rc;
    db_rows_done(TAKE_PTR(m->one));
    rc = db_query(p->tx, STMT_ORDER_ITEM, &m->one, "i", id);
    if (rc >= 0)
        rc = db_step(m->one);
    if (rc != 1)
        return rc;
    order_item_read(m->one, &m->place);
    *o = &m->place;
    return 1;
}

void order_merge_done(struct order_merge *m) {
    for (size_t i = 0; i < m->n; i++)
        db_rows_done(m->s[i].rows);
    db_rows_done(m->one);
    free(m->s);
    free(m->heap);
    *m = (struct order_merge){0};
}
