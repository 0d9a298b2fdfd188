/* Proposals as rows: one, its items, lists and counts. Those of a store are
 * few beside its mirror: each store gives a page, the pages are merged. */
#include <string.h>

#include "common/arena.h"
#include "common/cleanup.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/change_value.h"
#include "model/proposal.h"
#include "model/row_list.h"
#include "query_keys.gen.h"

/* --- names --------------------------------------------------------------- */

static const char *const kinds[PROPOSAL_KINDS] = {
    "stock_set",   "stock_adjust", "price", "product",
    "new_product", "new_order",    "csv"};
static const char *const states[PROPOSAL_STATES] = {"pending", "approved",
                                                    "rejected", "withdrawn"};

const char *proposal_kind_name(enum proposal_kind k) {
    return kinds[k];
}

int proposal_kind_parse(const char *name) {
    for (int i = 0; i < PROPOSAL_KINDS; i++)
        if (str_eq(kinds[i], name))
            return i;
    return ERR_INVALID;
}

const char *proposal_state_name(enum proposal_state s) {
    return states[s];
}

int proposal_state_parse(const char *name) {
    for (int i = 0; i < PROPOSAL_STATES; i++)
        if (str_eq(states[i], name))
            return i;
    return ERR_INVALID;
}

const char *proposal_id_format(char dst[PROPOSAL_ID_TEXT], int64_t id) {
    (void)str_format(dst, PROPOSAL_ID_TEXT, "A-%lld", (long long)id);
    return dst;
}

int proposal_id_parse(const char *text, int64_t *ret) {
    if ((text[0] != 'A' && text[0] != 'a') || text[1] != '-')
        return ERR_INVALID;
    return str_to_i64(text + 2, 1, INT64_MAX, ret) < 0 ? ERR_INVALID : 0;
}

/* --- rows ---------------------------------------------------------------- */

static int read_row(struct db_rows *r, struct arena *a, struct proposal *ret) {
    int kind = proposal_kind_parse(db_text(r, 2));
    int state = str_eq(db_text(r, 3), "loading")
                    ? PROPOSAL_LOADING
                    : proposal_state_parse(db_text(r, 3));
    if (kind < 0 || state < 0)
        return ERR_DB_CORRUPT;
    *ret = (struct proposal){.id = db_i64(r, 0),
                             .store_id = db_i64(r, 1),
                             .kind = (enum proposal_kind)kind,
                             .state = (enum proposal_state)state,
                             .author = list_keep(a, db_text(r, 4)),
                             .reason = list_keep(a, db_text(r, 5)),
                             .over_limit = db_i64(r, 6) != 0,
                             .title = list_keep(a, db_text(r, 7)),
                             .items = db_i64(r, 8),
                             .done = db_i64(r, 9),
                             .failed = db_i64(r, 10),
                             .stopped = db_i64(r, 11) != 0,
                             .reviewer = list_keep(a, db_text(r, 12)),
                             .note = list_keep(a, db_text(r, 13)),
                             .created_ms = db_i64(r, 14),
                             .decided_ms = db_i64(r, 15),
                             .version = db_i64(r, 16),
                             .store = list_keep(a, db_text(r, 17))};
    return 0;
}

int proposal_get(struct db_tx *tx, int64_t id, struct arena *a,
                 struct proposal *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_PROPOSAL_BY_ID, &r, "i", id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0 || !db_scope_has(db_get_scope(tx), db_i64(r, 1)))
        return rc < 0 ? rc : 0;
    struct proposal p;
    rc = read_row(r, a, &p);
    if (rc < 0 || p.state == PROPOSAL_LOADING)
        return rc < 0 ? rc : 0;
    *ret = p;
    return 1;
}

static const char *or_null(struct db_rows *r, int col, struct arena *a) {
    return db_null(r, col) ? NULL : list_keep(a, db_text(r, col));
}

static void read_item(struct db_rows *r, struct arena *a,
                      struct proposal_item *it) {
    int state = change_state_parse(db_text(r, 7));
    int64_t made = db_i64(r, 9) ? db_i64(r, 9) : db_i64(r, 10);
    *it = (struct proposal_item){.remote_id = db_i64(r, 0),
                                 .path = list_keep(a, db_text(r, 1)),
                                 .base = or_null(r, 2, a),
                                 .wanted = list_keep(a, db_text(r, 3)),
                                 .fault = list_keep(a, db_text(r, 5)),
                                 .change = or_null(r, 6, a),
                                 .answer = state < 0 ? CHANGE_QUEUED
                                                     : (enum change_state)state,
                                 .text = list_keep(a, db_text(r, 8)),
                                 .cause = list_keep(a, db_text(r, 11)),
                                 .made_id = made};
}

/* What it would meet now. An object that is gone has no value any more. */
static int look(struct db_tx *tx, const struct proposal *p, struct arena *a,
                struct proposal_item *it) {
    if (p->state != PROPOSAL_PENDING || !*it->path)
        return 0;
    int rc = proposal_value_now(tx, p->store_id, it->remote_id, it->path, a,
                                &it->current);
    if (rc < 0 && rc != ERR_NOT_FOUND)
        return rc;
    it->stale = (it->base || it->current) &&
                !change_value_same(it->path, it->base, it->current, a);
    return 0;
}

int proposal_items(struct db_tx *tx, const struct proposal *p, int64_t from,
                   size_t max, struct arena *a, struct proposal_item **ret,
                   size_t *ret_n) {
    AUTO_ROWS struct db_rows *r = NULL;
    struct proposal_item *items = arena_alloc(a, (max + 1) * sizeof *items);
    size_t n = 0;
    int rc =
        db_query(tx, STMT_PROPOSAL_ITEMS, &r, "iii", p->id, from, (int64_t)max);
    while (rc >= 0 && n < max && (rc = db_step(r)) > 0) {
        read_item(r, a, &items[n]);
        rc = look(tx, p, a, &items[n++]);
    }
    if (rc < 0)
        return rc;
    *ret = items;
    *ret_n = n;
    return 0;
}

int proposal_outcome(struct db_tx *tx, int64_t id,
                     int64_t counts[CHANGE_STATES]) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_PROPOSAL_OUTCOME, &r, "i", id);
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        int s = change_state_parse(db_text(r, 0));
        if (s >= 0)
            counts[s] += db_i64(r, 1);
    }
    return rc;
}

int proposal_under_way(struct db_tx *tx, int64_t *ids, size_t max) {
    AUTO_ROWS struct db_rows *r = NULL;
    size_t n = 0;
    int rc = db_query(tx, STMT_PROPOSAL_UNDER_WAY, &r, "");
    while (rc >= 0 && n < max && (rc = db_step(r)) > 0)
        ids[n++] = db_i64(r, 0);
    return rc < 0 ? rc : (int)n;
}

int proposal_reserved(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                      int64_t *ret_e3) {
    int rc =
        db_value(tx, STMT_PROPOSAL_RESERVED, ret_e3, "Si", store_id, remote_id);
    return rc < 0 ? rc : 0;
}

int proposal_orders_allowed(struct db_tx *tx, int64_t store_id) {
    int64_t may = 0;
    int rc = db_value(tx, STMT_STORE_OWNER_ORDERS, &may, "S", store_id);
    return rc < 0 ? rc : may != 0;
}

/* --- the list ------------------------------------------------------------ */

static bool passes(const struct row_list *l, const struct query_term *t,
                   const void *row) {
    const struct proposal *p = row;
    (void)l;
    if (!t->key)
        return list_folded(t, p->title) || list_folded(t, p->reason);
    switch (t->key->id) {
    case QUERY_APPROVALS_STATE:
        return list_choice(t, proposal_state_name(p->state));
    case QUERY_APPROVALS_KIND:
        return list_choice(t, proposal_kind_name(p->kind));
    case QUERY_APPROVALS_AUTHOR:
        return list_word(t, p->author);
    default:
        return true; /* stores were chosen before */
    }
}

/* The one state that is asked for, by its index; NULL: any. */
static const char *only_state(const struct row_list *l) {
    for (int i = 0; i < l->q.n_terms; i++) {
        const struct query_term *t = &l->q.terms[i];
        if (t->key && t->key->id == QUERY_APPROVALS_STATE && !t->negated &&
            t->n_values == 1 && proposal_state_parse(t->values[0].text) >= 0)
            return t->values[0].text;
    }
    return NULL;
}

static int of_store(struct row_list *l, const struct list_store *s) {
    int64_t store_id = s->id;
    AUTO_ROWS struct db_rows *r = NULL;
    const char *state = only_state(l);
    int rc = state ? db_query(l->tx, STMT_PROPOSAL_LIST_STATE, &r, "Ssi",
                              store_id, state, l->before.id)
                   : db_query(l->tx, STMT_PROPOSAL_LIST, &r, "Si", store_id,
                              l->before.id);
    return rc < 0 ? rc : row_list_drain(l, r);
}

static int read_one(struct row_list *l, struct db_rows *r, void *row) {
    int rc = read_row(r, l->a, row);
    return rc < 0 ? rc : 1;
}

/* arg: the author whose are shown, NULL: everybody's. */
static bool listed(const struct row_list *l, const void *row) {
    const struct proposal *p = row;
    return p->state != PROPOSAL_LOADING &&
           (!l->arg || str_eq(l->arg, p->author));
}

_Static_assert(offsetof(struct proposal, id) == 0, "row_list_place");

static const struct row_list_ops ops = {
    .keys = &query_list_approvals,
    .store_key = QUERY_APPROVALS_STORE,
    .size = sizeof(struct proposal),
    .read = read_one,
    .passes = passes,
    .listed = listed,
    .of_store = of_store,
    .place = row_list_place,
};

int proposal_list(struct db_tx *tx, const struct list_request *r,
                  const char *author, struct arena *a,
                  struct proposal_page *ret, struct error *e) {
    struct row_page p;
    int rc = row_list(tx, &ops, author, r, a, &p, e);
    if (rc >= 0)
        *ret = (struct proposal_page){p.items, p.n, p.next, p.partial};
    return rc;
}

static int proposal_counts_of(struct db_tx *tx, int64_t store_id,
                              const char *author,
                              int64_t counts[PROPOSAL_STATES]) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = author ? db_query(tx, STMT_PROPOSAL_COUNTS_OF, &r, "Ss", store_id,
                               author)
                    : db_query(tx, STMT_PROPOSAL_COUNTS, &r, "S", store_id);
    return rc < 0 ? rc : row_add_states(r, proposal_state_parse, counts);
}

struct count {
    const char *author;
    int64_t sums[PROPOSAL_STATES];
};

static int count_of(struct db_tx *tx, int64_t store_id, void *arg) {
    struct count *c = arg;
    return proposal_counts_of(tx, store_id, c->author, c->sums);
}

int proposal_counts(struct db_tx *tx, const char *author,
                    int64_t counts[PROPOSAL_STATES]) {
    struct count c = {.author = author};
    int rc = row_each_store(tx, count_of, &c);
    if (rc >= 0)
        memcpy(counts, c.sums, sizeof c.sums);
    return rc;
}

int proposal_pending(struct db_tx *tx, int64_t store_id, const char *author,
                     int64_t *ret) {
    int rc = db_value(tx, STMT_PROPOSAL_PENDING, ret, "Ss", store_id, author);
    return rc < 0 ? rc : 0;
}
