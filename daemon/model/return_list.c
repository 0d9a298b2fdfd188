/* The list of returns, newest first, over the stores a caller sees; and how
 * many there are of each state. */
#include <string.h>

#include "common/cleanup.h"
#include "common/ref.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/return_row.h"
#include "model/row_list.h"
#include "query_keys.gen.h"

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

static bool passes(const struct row_list *l, const struct query_term *t,
                   const void *row) {
    const struct return_ *r = row;
    (void)l;
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

static int by_state(struct row_list *l, int64_t store,
                    const struct query_term *t) {
    int rc = 0;
    for (int s = 0; rc >= 0 && s < RETURN_STATES; s++) {
        AUTO_ROWS struct db_rows *r = NULL;
        if (!state_passes(t, (enum return_state)s))
            continue;
        rc = db_query(l->tx, STMT_RETURN_LIST_STATE, &r, "Ssi", store,
                      return_state_name((enum return_state)s), l->before.id);
        if (rc >= 0)
            rc = row_list_drain(l, r);
    }
    return rc;
}

/* An exact reference: its index; ERR_NOT_FOUND: it is matched row by row. */
static int by_order(struct row_list *l, const struct list_store *s,
                    const struct query_term *t) {
    AUTO_ROWS struct db_rows *r = NULL;
    struct ref ref;
    if (t->n_values != 1 || t->values[0].wildcard ||
        ref_parse(t->values[0].text, &ref) < 0 || ref.kind != REF_OBJECT)
        return ERR_NOT_FOUND;
    if (!str_eq(ref.store, s->name))
        return 0;
    int rc = db_query(l->tx, STMT_RETURN_LIST_ORDER, &r, "Sii", s->id, ref.id,
                      l->before.id);
    return rc < 0 ? rc : row_list_drain(l, r);
}

static int of_store(struct row_list *l, const struct list_store *s) {
    AUTO_ROWS struct db_rows *r = NULL;
    const struct query_term *order = row_list_term(l, QUERY_RETURNS_ORDER);
    const struct query_term *state = row_list_term(l, QUERY_RETURNS_STATE);
    int rc = order ? by_order(l, s, order) : ERR_NOT_FOUND;
    if (rc != ERR_NOT_FOUND)
        return rc;
    if (state)
        return by_state(l, s->id, state);
    rc = db_query(l->tx, STMT_RETURN_LIST, &r, "Si", s->id, l->before.id);
    return rc < 0 ? rc : row_list_drain(l, r);
}

static int whole(struct row_list *l, void *row) {
    return return_get(l->tx, ((struct return_ *)row)->id, l->a, row);
}

_Static_assert(offsetof(struct return_, id) == 0, "row_list_place");

static const struct row_list_ops ops = {
    .keys = &query_list_returns,
    .store_key = QUERY_RETURNS_STORE,
    .size = sizeof(struct return_),
    .read = row_list_id,
    .whole = whole,
    .passes = passes,
    .of_store = of_store,
    .place = row_list_place,
};

int return_list(struct db_tx *tx, const struct list_request *r, struct arena *a,
                struct return_page *ret, struct error *e) {
    struct row_page p;
    int rc = row_list(tx, &ops, NULL, r, a, &p, e);
    if (rc >= 0)
        *ret = (struct return_page){p.items, p.n, p.next, p.partial};
    return rc;
}

static int count_by(struct db_tx *tx, enum stmt_id id, int64_t store_id,
                    int64_t *counts) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, id, &r, "S", store_id);
    return rc < 0 ? rc : row_add_states(r, return_state_parse, counts);
}

int return_open_count_of(struct db_tx *tx, int64_t store_id,
                         int64_t counts[RETURN_STATES]) {
    return count_by(tx, STMT_RETURN_COUNTS_OPEN, store_id, counts);
}

static int count_of(struct db_tx *tx, int64_t store_id, void *counts) {
    return count_by(tx, STMT_RETURN_COUNTS, store_id, counts);
}

int return_count(struct db_tx *tx, int64_t counts[RETURN_STATES]) {
    int64_t sums[RETURN_STATES] = {0};
    int rc = row_each_store(tx, count_of, sums);
    if (rc >= 0)
        memcpy(counts, sums, sizeof sums);
    return rc;
}
