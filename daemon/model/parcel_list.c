/* The list of shipments: newest first, over the stores a caller sees, each
 * store by its most telling index, merged as the list of changes is. */
#include <string.h>

#include "common/cleanup.h"
#include "common/ref.h"
#include "common/str.h"
#include "model/parcel_row.h"
#include "model/row_list.h"
#include "query_keys.gen.h"

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
        return list_choice(t, parcel_state_name(p->state)) ||
               (p->state <= PARCEL_LABEL && list_choice(t, "waiting"));
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

static int of_store(struct row_list *l, const struct list_store *s) {
    int64_t store = s->id;
    AUTO_ROWS struct db_rows *r = NULL;
    const char *tracking = value_of(l, QUERY_SHIPMENTS_TRACKING);
    const char *state = value_of(l, QUERY_SHIPMENTS_STATE);
    const char *order = value_of(l, QUERY_SHIPMENTS_ORDER);
    struct ref ref;
    int rc;
    if (order && ref_parse(order, &ref) == 0)
        rc = db_query(l->tx, STMT_PARCEL_LIST_ORDER, &r, "Sii", store, ref.id,
                      l->before.id);
    else if (tracking)
        rc = db_query(l->tx, STMT_PARCEL_LIST_TRACKING, &r, "Ssi", store,
                      tracking, l->before.id);
    else if (state && parcel_state_parse(state) >= 0)
        rc = db_query(l->tx, STMT_PARCEL_LIST_STATE, &r, "Ssi", store, state,
                      l->before.id);
    else
        rc = db_query(l->tx, STMT_PARCEL_LIST, &r, "Si", store, l->before.id);
    return rc < 0 ? rc : row_list_drain(l, r);
}

static int read_one(struct row_list *l, struct db_rows *r, void *row) {
    int rc = parcel_row_read(r, l->a, row);
    return rc < 0 ? rc : 1;
}

static struct list_key place(const void *row) {
    return (struct list_key){.id = ((const struct parcel *)row)->id};
}

static const struct row_list_ops ops = {
    .keys = &query_list_shipments,
    .store_key = QUERY_SHIPMENTS_STORE,
    .size = sizeof(struct parcel),
    .read = read_one,
    .passes = passes,
    .of_store = of_store,
    .place = place,
};

int parcel_list(struct db_tx *tx, const struct list_request *r, struct arena *a,
                struct parcel_page *ret, struct error *e) {
    CLEANUP(row_list_done)
    struct row_list l = {.ops = &ops, .tx = tx, .a = a};
    void *items;
    struct parcel_page page = {0};
    int rc = row_list_page(&l, r, &items, &page.n, &page.next, e);
    if (rc < 0)
        return rc;
    page.items = items;
    *ret = page;
    return 0;
}
