/* Inside the model only: how an order list is read. The most telling term of
 * the filter picks the source, a set of streams in list order; every term is
 * checked again on each row, so a source may be wider than its term. */
#pragma once

#include "model/order_list.h"

enum {
    PLAN_STREAMS_MAX = 128,  /* merged at once */
    PLAN_NEEDLES_MAX = 32,   /* texts that must be found */
    PLAN_CANDIDATES = 16000, /* hits looked up; more: walk */
    PLAN_CONTACTS_MAX = 128,
};

enum plan_source {
    PLAN_WALK,    /* by date, over stores and statuses as far as they are
                     given */
    PLAN_CONTACT, /* orders of some contacts */
    PLAN_TAG,
    PLAN_HOLD,
    PLAN_IDS, /* a sorted set of candidates */
};

/* Phase of a store's status, sorted by (store_id, slug). */
struct plan_phase {
    int64_t store_id;
    const char *slug, *phase;
    int64_t late_ms; /* of the store; 0: as the setting says */
};

struct plan_candidate {
    int64_t created_ms, id;
};

struct order_plan {
    struct db_tx *tx;
    struct arena *arena;
    const struct list_request *request;
    struct query query; /* owned */
    struct list_stores stores;
    int64_t now, late_ms;
    int64_t from, to; /* created_ms in [from, to) */
    bool hidden;      /* trashed and gone ones are asked for */

    enum plan_source source;
    const char **keys; /* statuses, tags or hold reasons of the source */
    size_t n_keys;
    int64_t contacts[PLAN_CONTACTS_MAX]; /* of customer: */
    size_t n_contacts;
    bool contacts_known; /* customer: named accounts; else it is a text */
    const char *needles[PLAN_NEEDLES_MAX]; /* folded; all must be found */
    size_t n_needles;
    bool verify;       /* needles are checked on each row's search text */
    int64_t search_ms; /* time the full-text index took of the walk's */
    struct plan_candidate *ids; /* newest first */
    size_t n_ids;

    struct plan_phase *phases;
    size_t n_phases;
};

/* Resolve the parsed query. *p is zeroed but for the request's part. Errors as
 * order_list. */
int order_plan_make(struct order_plan *p, struct error *e);

/* The phase of a status in a store; "unmapped" when it has none. */
const char *order_plan_phase(const struct order_plan *p, int64_t store_id,
                             const char *slug);
int order_plan_load_phases(struct order_plan *p, int64_t store_id);
/* Fill late and unmapped; not part of a walk, since looking up the phase costs
 * as much as reading the row. */
void order_plan_judge(const struct order_plan *p, struct order_item *o);

/* Orders in the chosen stores. */
int order_plan_count(const struct order_plan *p, int64_t *ret);

/* order_candidates.c: number and search. Turns the source into PLAN_IDS when
 * that is the faster way. */
int order_candidates(struct order_plan *p);
/* One more of p->ids, with its date; there must be room. 0 when the order is
 * not there. */
int order_candidate_add(struct order_plan *p, int64_t id);

/* order_search.c: fill p->ids, not yet sorted, with the orders that hold all
 * needles, and some more while p->verify stays set: 1. 0: walk instead. */
int order_search(struct order_plan *p);

/* order_filter.c: does the row pass every term: 1, 0, negative error. */
int order_filter(const struct order_plan *p, const struct order_item *o);
/* Does the search text hold all needles; of an order: 1, 0, negative error. */
bool order_filter_text(const struct order_plan *p, const char *text);
int order_filter_words(const struct order_plan *p, int64_t order_id);
