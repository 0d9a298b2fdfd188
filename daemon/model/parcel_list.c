/* The list of shipments: newest first, over the stores a caller sees, each
 * store by its most telling index, merged as the list of changes is. */
#include <string.h>

#include "common/cleanup.h"
#include "common/ref.h"
#include "common/str.h"
#include "model/parcel_row.h"
#include "model/row_list.h"
#include "query_keys.gen.h"

static bool in_state(const struct query_term *t, enum parcel_state s) {
    return list_choice(t, parcel_state_name(s)) ||
           (s <= PARCEL_LABEL && list_choice(t, "waiting"));
}

static bool passes(const struct row_list *l, const struct query_term *t,
                   const void *row) {
    const struct parcel *p = row;
    (void)l;
    char text[REF_TEXT];
    struct ref ref = {.kind = REF_OBJECT, .id = p->remote_id};
    if (!t->key)
        return list_folded(t, p->tracking) || list_folded(t, p->number) ||
               list_folded(t, p->carrier);
    switch (t->key->id) {
    case QUERY_SHIPMENTS_STATE:
        return in_state(t, p->state);
    case QUERY_SHIPMENTS_CARRIER:
        return list_folded(t, p->carrier);
    case QUERY_SHIPMENTS_TRACKING:
        return list_word(t, p->tracking);
    case QUERY_SHIPMENTS_ORDER:
        (void)str_copy(ref.store, sizeof ref.store, p->store);
        return list_word(t, ref_format(text, &ref));
    default:
        return true; /* stores were chosen before */
    }
}

/* The term whose one plain value an index can follow; NULL: none. */
static const char *value_of(const struct row_list *l, int key) {
    for (int i = 0; i < l->q.n_terms; i++) {
        const struct query_term *t = &l->q.terms[i];
        if (t->key && t->key->id == key && !t->negated && t->n_values == 1 &&
            !t->values[0].wildcard)
            return t->values[0].text;
    }
    return NULL;
}

/* Each state that is asked for, by its index. */
static int by_state(struct row_list *l, int64_t store,
                    const struct query_term *t) {
    int rc = 0;
    for (int s = 0; rc >= 0 && s < PARCEL_STATES; s++) {
        AUTO_ROWS struct db_rows *r = NULL;
        if (!in_state(t, (enum parcel_state)s))
            continue;
        rc = db_query(l->tx, STMT_PARCEL_LIST_STATE, &r, "Ssi", store,
                      parcel_state_name((enum parcel_state)s), l->before.id);
        if (rc >= 0)
            rc = row_list_drain(l, r);
    }
    return rc;
}

static int of_store(struct row_list *l, const struct list_store *s) {
    int64_t store = s->id;
    AUTO_ROWS struct db_rows *r = NULL;
    const char *tracking = value_of(l, QUERY_SHIPMENTS_TRACKING);
    const struct query_term *state = row_list_term(l, QUERY_SHIPMENTS_STATE);
    const char *order = value_of(l, QUERY_SHIPMENTS_ORDER);
    struct ref ref;
    int rc;
    if (order && ref_parse(order, &ref) == 0)
        rc = db_query(l->tx, STMT_PARCEL_LIST_ORDER, &r, "Sii", store, ref.id,
                      l->before.id);
    else if (tracking)
        rc = db_query(l->tx, STMT_PARCEL_LIST_TRACKING, &r, "Ssi", store,
                      tracking, l->before.id);
    else if (state)
        return by_state(l, store, state);
    else
        rc = db_query(l->tx, STMT_PARCEL_LIST, &r, "Si", store, l->before.id);
    return rc < 0 ? rc : row_list_drain(l, r);
}

static int whole(struct row_list *l, void *row) {
    return parcel_get(l->tx, ((struct parcel *)row)->id, l->a, row);
}

_Static_assert(offsetof(struct parcel, id) == 0, "row_list_place");

static const struct row_list_ops ops = {
    .keys = &query_list_shipments,
    .store_key = QUERY_SHIPMENTS_STORE,
    .size = sizeof(struct parcel),
    .read = row_list_id,
    .whole = whole,
    .passes = passes,
    .of_store = of_store,
    .place = row_list_place,
};

int parcel_list(struct db_tx *tx, const struct list_request *r, struct arena *a,
                struct parcel_page *ret, struct error *e) {
    struct row_page p;
    int rc = row_list(tx, &ops, NULL, r, a, &p, e);
    if (rc >= 0)
        *ret = (struct parcel_page){p.items, p.n, p.next, p.partial};
    return rc;
}
