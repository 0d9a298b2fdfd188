/* Tickets as lists and counts. Those of a store come by its index, newest
 * first; the pages of the stores are merged. */
#include <string.h>

#include "common/arena.h"
#include "common/cleanup.h"
#include "common/ref.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/row_list.h"
#include "model/ticket.h"
#include "query_keys.gen.h"

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

static bool passes(const struct row_list *l, const struct query_term *t,
                   const void *row) {
    const struct ticket *k = row;
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
        return list_choice(t, ticket_unread(k, l->arg) ? "yes" : "no");
    default:
        return true; /* stores were chosen before */
    }
}

/* --- a store's rows ------------------------------------------------------- */

/* Each state that is asked for, by its index. */
static int by_state(struct row_list *l, int64_t store,
                    const struct query_term *t) {
    const struct ticket_eye *eye = l->arg;
    int rc = 0;
    for (int s = 0; rc >= 0 && s < TICKET_STATES; s++) {
        AUTO_ROWS struct db_rows *r = NULL;
        if (!in_state(t, (enum ticket_state)s))
            continue;
        rc =
            db_query(l->tx, STMT_TICKET_LIST_STATE, &r, "sSsi", eye->who, store,
                     ticket_state_name((enum ticket_state)s), l->before.num);
        if (rc >= 0)
            rc = row_list_drain(l, r);
    }
    return rc;
}

static int of_store(struct row_list *l, const struct list_store *s) {
    AUTO_ROWS struct db_rows *r = NULL;
    const struct ticket_eye *eye = l->arg;
    const struct query_term *state = row_list_term(l, QUERY_TICKETS_STATE);
    if (state)
        return by_state(l, s->id, state);
    int rc = db_query(l->tx, STMT_TICKET_LIST, &r, "sSi", eye->who, s->id,
                      l->before.num);
    return rc < 0 ? rc : row_list_drain(l, r);
}

/* --- all of them ---------------------------------------------------------- */

/* Rows of one instant that the page before had. */
static bool seen_before(const struct row_list *l, const struct ticket *k) {
    return k->changed_ms == l->before.num && k->id >= l->before.id;
}

static int read_one(struct row_list *l, struct db_rows *r, void *row) {
    int rc = ticket_row(r, l->a, row);
    return rc < 0 ? rc : !seen_before(l, row) && ticket_seen(row, l->arg);
}

static struct list_key place(const void *row) {
    const struct ticket *k = row;
    return (struct list_key){.num = k->changed_ms, .id = k->id};
}

static const struct row_list_ops ops = {
    .keys = &query_list_tickets,
    .store_key = QUERY_TICKETS_STORE,
    .size = sizeof(struct ticket),
    .read = read_one,
    .passes = passes,
    .of_store = of_store,
    .place = place,
};

int ticket_list(struct db_tx *tx, const struct list_request *r,
                const struct ticket_eye *eye, struct arena *a,
                struct ticket_page *ret, struct error *e) {
    struct row_page p;
    int rc = row_list(tx, &ops, eye, r, a, &p, e);
    if (rc >= 0)
        *ret = (struct ticket_page){p.items, p.n, p.next, p.partial};
    return rc;
}

/* --- counts ----------------------------------------------------------------
 */

static int count_active(struct db_tx *tx, int64_t store_id,
                        const struct ticket_eye *eye, struct ticket_counts *c) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_TICKET_ACTIVE, &r, "isS", (int64_t)eye->inner,
                      eye->who, store_id);
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        int s = ticket_state_parse(db_text(r, 0));
        if (s >= 0)
            c->by[s]++;
        c->urgent += db_i64(r, 1);
        c->unread += db_i64(r, 2);
        c->mine += db_i64(r, 3);
    }
    return rc;
}

/* Settled within these days: older ones are nobody's news. */
static int count_news(struct db_tx *tx, int64_t store_id,
                      const struct ticket_eye *eye, int64_t *unread) {
    int64_t n = 0;
    int rc = db_value(tx, STMT_TICKET_NEWS, &n, "sSii", eye->who, store_id,
                      db_now(tx) - TICKET_NEWS_DAYS * INT64_C(86400000),
                      (int64_t)eye->inner);
    *unread += n;
    return rc < 0 ? rc : 0;
}

int ticket_active_of(struct db_tx *tx, int64_t store_id,
                     const struct ticket_eye *eye, struct ticket_counts *c) {
    int rc = count_active(tx, store_id, eye, c);
    return rc < 0 ? rc : count_news(tx, store_id, eye, &c->unread);
}

struct count {
    const struct ticket_eye *eye;
    struct ticket_counts c;
};

static int count_of(struct db_tx *tx, int64_t store_id, void *arg) {
    struct count *c = arg;
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = ticket_active_of(tx, store_id, c->eye, &c->c);
    if (rc >= 0)
        rc = db_query(tx, STMT_TICKET_SETTLED, &r, "Si", store_id,
                      (int64_t)c->eye->inner);
    return rc < 0 ? rc : row_add_states(r, ticket_state_parse, c->c.by);
}

int ticket_count(struct db_tx *tx, const struct ticket_eye *eye,
                 struct ticket_counts *ret) {
    struct count c = {.eye = eye};
    int rc = row_each_store(tx, count_of, &c);
    if (rc >= 0)
        *ret = c.c;
    return rc;
}
