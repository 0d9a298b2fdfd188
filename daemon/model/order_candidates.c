/* Numbers and search: storage-limits.md 4. The number index first; then the
 * full-text index where that beats a walk (order_search.c). */
#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/order_plan.h"
#include "query_keys.gen.h"

enum {
    NEEDLE_MIN = 3,
    NUMBER_MAX = 40,
};

static int newest_first(const void *x, const void *y) {
    const struct plan_candidate *a = x, *b = y;
    if (a->created_ms != b->created_ms)
        return a->created_ms > b->created_ms ? -1 : 1;
    return a->id > b->id ? -1 : a->id < b->id;
}

/* The longest part of the text without *, folded. */
static const char *literal(struct order_plan *p, const struct query_value *v) {
    const char *best = "", *s = v->text;
    size_t best_n = 0;
    while (*s) {
        size_t n = v->wildcard ? strcspn(s, "*?\\") : strlen(s);
        if (n > best_n) {
            best = s;
            best_n = n;
        }
        s += n + (s[n] != '\0');
    }
    return list_fold(p->arena, arena_dupn(p->arena, best, best_n));
}

static bool is_text(const struct order_plan *p, const struct query_term *t) {
    if (!t->key)
        return true;
    switch (t->key->id) {
    case QUERY_ORDERS_EMAIL:
    case QUERY_ORDERS_PHONE:
    case QUERY_ORDERS_SKU:
        return true;
    case QUERY_ORDERS_CUSTOMER:
        return !p->contacts_known;
    default:
        return false;
    }
}

/* What every row's search text must hold. */
static void collect_needles(struct order_plan *p) {
    for (int i = 0; i < p->query.n_terms; i++) {
        const struct query_term *t = &p->query.terms[i];
        if (t->negated || t->n_values != 1 || !is_text(p, t) ||
            p->n_needles == PLAN_NEEDLES_MAX)
            continue;
        const char *text = literal(p, &t->values[0]);
        if (!str_empty(text))
            p->needles[p->n_needles++] = text;
    }
}

int order_candidate_add(struct order_plan *p, int64_t id) {
    int64_t created;
    int rc = db_value(p->tx, STMT_ORDER_DATE_OF, &created, "i", id);
    if (rc == 1)
        p->ids[p->n_ids++] = (struct plan_candidate){created, id};
    return rc;
}

/* Rowids of a query with a limit of PLAN_CANDIDATES + 1 become candidates: 1,
 * or 0 when there are more. */
static int take_rows(struct order_plan *p, struct db_rows *rows) {
    size_t n = 0;
    int64_t *found = arena_alloc(p->arena, PLAN_CANDIDATES * sizeof *found);
    int rc;
    p->n_ids = 0;
    while ((rc = db_step(rows)) == 1) {
        if (n == PLAN_CANDIDATES)
            return 0;
        found[n++] = db_i64(rows, 0);
    }
    p->ids = arena_alloc(p->arena, (n + 1) * sizeof *p->ids);
    for (size_t i = 0; rc >= 0 && i < n; i++)
        rc = order_candidate_add(p, found[i]);
    return rc < 0 ? rc : 1;
}

/* Numbers in [number, until). */
static int by_number(struct order_plan *p, const char *number,
                     const char *until) {
    struct db_rows *rows AUTO_ROWS = NULL;
    int rc = db_query(p->tx, STMT_ORDERS_BY_NUMBER, &rows, "ssi", number, until,
                      (int64_t)PLAN_CANDIDATES + 1);
    return rc < 0 ? rc : take_rows(p, rows);
}

/* An exact number, or all that begin with it. */
static int by_number_text(struct order_plan *p, const char *text, bool prefix) {
    char until[NUMBER_MAX + 2];
    size_t n = strlen(text);
    if (n == 0 || n > NUMBER_MAX)
        return 0;
    /* behind `text` comes text\x01, behind all its prefixed ones text\xff */
    (void)str_format(until, sizeof until, "%s%s", text,
                     prefix ? "\xff" : "\x01");
    return by_number(p, text, until);
}

static void take_ids(struct order_plan *p) {
    if (p->n_ids > 1)
        qsort(p->ids, p->n_ids, sizeof *p->ids, newest_first);
    p->source = PLAN_IDS;
}

/* number:1234 and number:12*; a * elsewhere is left to the row check. */
static int number_term(struct order_plan *p) {
    for (int i = 0; i < p->query.n_terms; i++) {
        const struct query_term *t = &p->query.terms[i];
        if (!t->key || t->key->id != QUERY_ORDERS_NUMBER || t->negated ||
            t->n_values != 1)
            continue;
        char text[128];
        size_t n = str_copy(text, sizeof text, t->values[0].text);
        bool prefix = t->values[0].wildcard;
        if (prefix && (n < 2 || strcspn(text, "*?\\") != n - 1))
            return 0;
        text[prefix ? n - 1 : n] = '\0';
        int rc = by_number_text(p, text, prefix);
        if (rc == 1)
            take_ids(p);
        return rc;
    }
    return 0;
}

/* One search word that is the number of an order means that order. */
static int word_is_number(struct order_plan *p) {
    const char *word = NULL;
    for (int i = 0; i < p->query.n_terms; i++) {
        const struct query_term *t = &p->query.terms[i];
        if (t->key)
            continue;
        if (word || t->negated)
            return 0;
        word = t->values[0].text;
    }
    if (!word || !strpbrk(word, "0123456789"))
        return 0;
    int rc = by_number_text(p, word, strlen(word) < NEEDLE_MIN);
    if (rc == 1 && p->n_ids > 0) {
        take_ids(p);
        return 1;
    }
    p->n_ids = 0;
    return rc < 0 ? rc : 0;
}

int order_candidates(struct order_plan *p) {
    collect_needles(p);
    p->verify = p->n_needles > 0;
    int rc = number_term(p);
    if (rc == 0)
        rc = word_is_number(p);
    if (rc != 0 || p->n_needles == 0)
        return rc < 0 ? rc : 0;
    /* a customer's, a tag's, a hold's orders are few: walk them */
    if (p->source != PLAN_WALK)
        return 0;
    int64_t ms = list_search_ms(p->request);
    db_deadline(p->tx, ms);
    rc = order_search(p);
    p->search_ms = ms - db_deadline_left(p->tx);
    db_deadline(p->tx, LIST_REST_MS);
    if (rc == 1)
        take_ids(p);
    else
        p->n_ids = 0;
    return rc < 0 && rc != ERR_BUSY ? rc : 0;
}
