/* Which orders hold the words: the hits of the full-text index as candidates,
 * or a walk newest first over the stored texts. A walk to a full page takes
 * limit / density rows, candidates one or two look-ups a hit; how dense the
 * orders that hold all words are shows in the row ids of the hits and in a
 * sample of them that is verified. */
#include <stdlib.h>

#include "common/arena.h"
#include "db/sql.h"
#include "model/order_plan.h"

enum {
    FIRST = 512,        /* hits after which a short walk is chosen at once */
    SAMPLES = 32,       /* hits verified to tell the share of real ones */
    SHORT_WALK = 8000,  /* rows */
    SMALL_SCOPE = 5000, /* orders walked without asking the index */
};

struct hits {
    int64_t *ids; /* ascending, PLAN_CANDIDATES places */
    size_t n;
    size_t sampled, good; /* of the sample: looked at, held all words */
};

static bool sorted_by_date(const struct order_plan *p) {
    return p->request->sort == ORDER_SORT_CREATED_DESC ||
           p->request->sort == ORDER_SORT_CREATED;
}

static int sample(const struct order_plan *p, struct hits *h) {
    size_t step = h->n / SAMPLES + 1;
    h->sampled = h->good = 0;
    for (size_t i = 0; i < h->n; i += step) {
        int rc = order_filter_words(p, h->ids[i]);
        if (rc < 0)
            return rc;
        h->sampled++;
        h->good += rc == 1;
    }
    return 0;
}

/* Rows a walk is expected to meet until the page is full, when the hits come
 * from the row ids up to `through`. */
static int64_t walk_rows(const struct order_plan *p, const struct hits *h,
                         int64_t through) {
    if (h->good == 0)
        return INT64_MAX;
    int64_t apart = through / (int64_t)h->n + 1;
    return p->request->limit * apart * (int64_t)h->sampled / (int64_t)h->good;
}

/* 1 when the first hits promise a short walk. */
static int short_walk(const struct order_plan *p, struct hits *h) {
    if (!sorted_by_date(p))
        return 0;
    int rc = sample(p, h);
    return rc < 0 ? rc : walk_rows(p, h, h->ids[h->n - 1]) <= SHORT_WALK;
}

/* As many hits as are worth it: 1 all of them, 0 walk. */
static int collect(const struct order_plan *p, const char *match,
                   struct hits *h) {
    struct db_rows *rows AUTO_ROWS = NULL;
    int rc = db_query(p->tx, STMT_ORDERS_MATCHING, &rows, "si", match,
                      (int64_t)PLAN_CANDIDATES + 1);
    while (rc >= 0 && (rc = db_step(rows)) == 1) {
        if (h->n == PLAN_CANDIDATES)
            return 0;
        h->ids[h->n++] = db_i64(rows, 0);
        if (h->n != FIRST)
            continue;
        rc = short_walk(p, h);
        if (rc != 0)
            return rc < 0 ? rc : 0;
    }
    return rc < 0 ? rc : 1;
}

/* 1 when the walk is expected to be the shorter way. */
static int walk_is_shorter(const struct order_plan *p, struct hits *h) {
    int64_t last = 0;
    int rc = sample(p, h);
    if (rc < 0 || !sorted_by_date(p) || h->n == 0)
        return rc;
    rc = db_value(p->tx, STMT_ORDER_LAST_ID, &last, "");
    return rc < 0 ? rc : walk_rows(p, h, last) < (int64_t)h->n;
}

/* Dating all hits and verifying those the page comes to costs n + limit / share
 * look-ups, verifying all and dating the real ones n + n * share. */
static bool verify_first(const struct order_plan *p, const struct hits *h) {
    return !sorted_by_date(p) ||
           h->good * h->good * h->n <
               (size_t)p->request->limit * h->sampled * h->sampled;
}

static int take(struct order_plan *p, const struct hits *h) {
    bool first = verify_first(p, h);
    p->ids = arena_alloc(p->arena, (h->n + 1) * sizeof *p->ids);
    p->n_ids = 0;
    for (size_t i = 0; i < h->n; i++) {
        int rc = first ? order_filter_words(p, h->ids[i]) : 1;
        if (rc == 1)
            rc = order_candidate_add(p, h->ids[i]);
        if (rc < 0)
            return rc;
    }
    if (first)
        p->verify = false;
    return 1;
}

/* 1 when the stores chosen have so few orders that they are walked. */
static int small_scope(const struct order_plan *p) {
    int64_t orders;
    if (p->stores.all)
        return 0;
    int rc = order_plan_count(p, &orders);
    return rc < 0 ? rc : orders <= SMALL_SCOPE;
}

int order_search(struct order_plan *p) {
    struct hits h = {0};
    const char *match;
    int rc = small_scope(p);
    if (rc != 0)
        return rc < 0 ? rc : 0;
    rc = list_match(p->tx, STMT_ORDERS_MATCHING, p->arena, p->needles,
                    p->n_needles, &match);
    if (rc != 1)
        return rc;
    h.ids = arena_alloc(p->arena, PLAN_CANDIDATES * sizeof *h.ids);
    rc = collect(p, match, &h);
    if (rc != 1)
        return rc;
    rc = walk_is_shorter(p, &h);
    if (rc != 0)
        return rc < 0 ? rc : 0;
    return take(p, &h);
}
