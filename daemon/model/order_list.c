/* One page of orders. By date the streams of the plan are merged and filtered
 * until the page is full: a page costs what it shows. Any other sort walks the
 * source newest first and keeps the best; both walk LIST_WALK_MS at most
 * and say partial. Rows are kept as ids and read at the end. */
#include "model/order_list.h"

#include <string.h>

#include "common/arena.h"
#include "common/check.h"
#include "common/mem.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/order_plan.h"
#include "model/order_stream.h"
#include "query_keys.gen.h"

struct pick {
    int64_t num, id; /* sort key and row */
};

struct picks {
    struct pick *p; /* limit + 1 places, in list order */
    size_t n, limit;
    bool more, partial;
    struct list_key next; /* where to go on when more or partial */
};

static bool descends(enum order_sort s) {
    return s == ORDER_SORT_CREATED_DESC || s == ORDER_SORT_MODIFIED_DESC ||
           s == ORDER_SORT_TOTAL_DESC || s == ORDER_SORT_NUMBER_DESC;
}

static bool by_date(enum order_sort s) {
    return s == ORDER_SORT_CREATED || s == ORDER_SORT_CREATED_DESC;
}

/* All digits of a number as one: AO-1017 sorts as 1017. */
static int64_t digits_of(const char *s) {
    int64_t v = 0;
    for (int n = 0; *s && n < 18; s++)
        if (*s >= '0' && *s <= '9') {
            v = v * 10 + (*s - '0');
            n++;
        }
    return v;
}

static int64_t sort_key(enum order_sort s, const struct order_item *o) {
    switch (s) {
    case ORDER_SORT_CREATED:
    case ORDER_SORT_CREATED_DESC:
        return o->created_ms;
    case ORDER_SORT_MODIFIED_DESC:
        return o->modified_ms;
    case ORDER_SORT_TOTAL:
    case ORDER_SORT_TOTAL_DESC:
        return o->total_e4;
    case ORDER_SORT_NUMBER:
    case ORDER_SORT_NUMBER_DESC:
        break;
    }
    return digits_of(o->number);
}

static bool precedes(const struct pick *a, const struct pick *b, bool desc) {
    if (a->num != b->num)
        return (a->num > b->num) == desc;
    return a->id != b->id && (a->id > b->id) == desc;
}

/* An order with two of the tags asked for comes twice, side by side. */
static bool is_last(const struct picks *s, int64_t id) {
    return s->n > 0 && s->p[s->n - 1].id == id;
}

/* By date: take what passes until the page is full. */
static int stream(struct order_merge *m, struct picks *s) {
    const struct order_item *o;
    int rc;
    while ((rc = order_merge_next(m, &o)) == 1) {
        if (is_last(s, o->id))
            continue;
        if (s->n == s->limit) {
            s->more = true;
            s->next = (struct list_key){.num = s->p[s->n - 1].num,
                                        .id = s->p[s->n - 1].id};
            return 0;
        }
        rc = order_merge_row(m, &o);
        if (rc == 1)
            rc = order_filter(m->plan, o);
        if (rc < 0)
            return rc;
        s->next = (struct list_key){.num = o->created_ms, .id = o->id};
        if (rc == 1)
            s->p[s->n++] = (struct pick){o->created_ms, o->id};
    }
    return rc;
}

static void insert(struct picks *s, struct pick new, bool desc) {
    size_t i = s->n;
    while (i > 0 && precedes(&new, &s->p[i - 1], desc))
        i--;
    if (i > s->limit || (i > 0 && s->p[i - 1].id == new.id))
        return;
    size_t keep = s->n < s->limit + 1 ? s->n : s->limit;
    if (i < keep)
        memmove(&s->p[i + 1], &s->p[i], (keep - i) * sizeof *s->p);
    s->p[i] = new;
    s->n = keep + 1;
}

/* By anything else: the best of what the walk meets behind `after`. */
static int collect(struct order_merge *m, enum order_sort sort,
                   const struct list_key *after, struct picks *s) {
    const struct order_item *o;
    bool desc = descends(sort);
    struct pick from = {after ? after->num : 0, after ? after->id : 0};
    int rc;
    while ((rc = order_merge_next(m, &o)) == 1) {
        rc = order_merge_row(m, &o);
        if (rc < 0)
            return rc;
        if (rc == 0)
            continue;
        struct pick new = {sort_key(sort, o), o->id};
        if ((after && !precedes(&from, &new, desc)) ||
            (s->n > s->limit && !precedes(&new, &s->p[s->limit], desc)))
            continue;
        rc = order_filter(m->plan, o);
        if (rc < 0)
            return rc;
        if (rc == 1)
            insert(s, new, desc);
    }
    return rc;
}

static void cut(struct picks *s) {
    if (s->n <= s->limit)
        return;
    s->n = s->limit;
    s->more = true;
    s->next =
        (struct list_key){.num = s->p[s->n - 1].num, .id = s->p[s->n - 1].id};
}

/* Time for the walk: with a search, what that left of it. */
static int64_t walk_ms(const struct order_plan *p) {
    int64_t left = list_walk_ms(p->request) - p->search_ms;
    return left < LIST_LEAST_MS ? LIST_LEAST_MS : left;
}

/* The walk, within its time. */
static int walk(struct order_plan *p, const struct list_key *after,
                struct picks *s) {
    struct order_merge m AUTO_MERGE = {0};
    enum order_sort sort = (enum order_sort)p->request->sort;
    bool streams =
        by_date(sort) && (descends(sort) || order_merge_both_ways(p));
    int rc = order_merge_open(&m, p, streams ? after : NULL,
                              streams && !descends(sort));
    bool opened = rc >= 0;
    db_deadline(p->tx, walk_ms(p));
    if (opened)
        rc = streams ? stream(&m, s) : collect(&m, sort, after, s);
    if (!streams)
        cut(s);
    if (rc != ERR_BUSY)
        return rc;
    if (!opened || (streams && s->n == 0 && s->next.id == 0))
        return ERR_TIMEOUT;
    s->partial = true;
    s->more |= streams;
    return 0;
}

/* Copy the borrowed texts. */
static void settle(const struct order_plan *p, struct order_item *o) {
    struct arena *a = p->arena;
    const struct list_store *s = list_store_of(&p->stores, o->store_id);
    o->store = s ? s->name : "";
    o->number = list_keep(a, o->number);
    o->currency = list_keep(a, o->currency);
    bool same = str_eq(o->status, o->shop_status);
    o->status = list_keep(a, o->status);
    o->shop_status = same ? o->status : list_keep(a, o->shop_status);
    o->name = list_keep(a, o->name);
    o->email = list_keep(a, o->email);
    o->tags = list_keep(a, o->tags);
    o->holds = list_keep(a, o->holds);
}

/* Who works on it, if anybody. */
static int load_work(const struct order_plan *p, struct order_item *ret) {
    struct db_rows *rows AUTO_ROWS = NULL;
    int rc = db_query(p->tx, STMT_WORK_BRIEF, &rows, "Si", ret->store_id,
                      ret->remote_id);
    if (rc >= 0)
        rc = db_step(rows);
    if (rc != 1)
        return rc;
    ret->work_id = db_i64(rows, 0);
    ret->work_state = list_keep(p->arena, db_text(rows, 1));
    ret->work_who = list_keep(p->arena, db_text(rows, 2));
    ret->work_tote = list_keep(p->arena, db_text(rows, 3));
    return 0;
}

/* 1 found, 0 not. */
static int load_one(const struct order_plan *p, int64_t id,
                    struct order_item *ret) {
    struct db_rows *rows AUTO_ROWS = NULL;
    int rc = db_query(p->tx, STMT_ORDER_ITEM, &rows, "i", id);
    if (rc >= 0)
        rc = db_step(rows);
    if (rc != 1)
        return rc;
    order_item_read(rows, ret);
    order_plan_judge(p, ret);
    ret->customer_id = db_i64(rows, 20);
    ret->phone = list_keep(p->arena, db_text(rows, 21));
    ret->country = list_keep(p->arena, db_text(rows, 22));
    settle(p, ret);
    rc = load_work(p, ret);
    return rc < 0 ? rc : 1;
}

static int load_page(const struct order_plan *p, uint64_t hash,
                     const struct picks *s, struct order_page *ret) {
    struct order_page page = {.partial = s->partial};
    page.items = arena_alloc(p->arena, (s->n + 1) * sizeof *page.items);
    for (size_t i = 0; i < s->n; i++) {
        int rc = load_one(p, s->p[i].id, &page.items[page.n]);
        if (rc < 0)
            return rc;
        page.n += rc == 1;
    }
    if (s->more)
        page.next = list_cursor(p->arena, hash, &s->next);
    *ret = page;
    return 0;
}

static int run(struct order_plan *p, uint64_t hash, struct order_page *ret,
               struct error *e) {
    const struct list_request *r = p->request;
    struct list_key after;
    if (r->after) {
        int rc = list_cursor_read(r->after, hash, p->arena, &after, e);
        if (rc < 0)
            return rc;
        if (after.text)
            return error_set(e, ERR_INVALID, "after", "not of this list");
    }
    struct picks s = {.limit = (size_t)r->limit};
    s.p = arena_alloc(p->arena, (s.limit + 1) * sizeof *s.p);
    db_deadline(p->tx, LIST_REST_MS);
    int rc = order_plan_make(p, e);
    if (rc >= 0)
        rc = walk(p, r->after ? &after : NULL, &s);
    db_deadline(p->tx, LIST_REST_MS);
    if (rc == ERR_BUSY || rc == ERR_TIMEOUT)
        return error_set(e, ERR_TIMEOUT, "filter",
                         "nothing could be looked at in time: narrow the "
                         "filter or try again");
    return rc < 0 ? rc : load_page(p, hash, &s, ret);
}

int order_list(struct db_tx *tx, const struct list_request *r, int64_t late_ms,
               struct arena *a, struct order_page *ret, struct error *e) {
    struct order_plan p = {.tx = tx,
                           .arena = a,
                           .request = r,
                           .now = db_now(tx),
                           .late_ms = late_ms};
    uint64_t hash;
    int rc = list_parse(r, &query_list_orders, &p.query, &hash, e);
    if (rc < 0)
        return rc;
    rc = run(&p, hash, ret, e);
    query_done(&p.query);
    return rc;
}

int order_item_get(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                   int64_t late_ms, struct arena *a, struct order_item *ret) {
    struct order_plan p = {
        .tx = tx, .arena = a, .now = db_now(tx), .late_ms = late_ms};
    int64_t id;
    int rc = db_value(tx, STMT_ORDER_ITEM_ID, &id, "Si", store_id, remote_id);
    if (rc != 1)
        return rc == ERR_NOT_FOUND ? 0 : rc;
    rc = list_stores_one(tx, a, store_id, &p.stores);
    if (rc >= 0)
        rc = order_plan_load_phases(&p, store_id);
    if (rc >= 0)
        rc = load_one(&p, id, ret);
    return rc;
}
