/* Letters, newest first, and how many there are of each state. */
#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "db/sql.h"
#include "model/list.h"
#include "model/mail_row.h"
#include "query_keys.gen.h"

static bool passes(const struct query_term *t, const struct mail *m) {
    if (!t->key)
        return list_folded(t, m->subject) || list_folded(t, m->recipient) ||
               list_folded(t, m->text);
    switch (t->key->id) {
    case QUERY_MAILS_STATE:
        return list_choice(t, mail_state_name(m->state));
    case QUERY_MAILS_TO:
        return list_word(t, m->recipient);
    case QUERY_MAILS_TEMPLATE:
        return list_word(t, m->template);
    default:
        return list_word(t, m->cause);
    }
}

static bool all_pass(const struct query *q, const struct mail *m) {
    for (int i = 0; i < q->n_terms; i++)
        if (passes(&q->terms[i], m) == q->terms[i].negated)
            return false;
    return true;
}

/* A page, and the last row of it when there is more. */
static int walk(struct db_tx *tx, const struct query *q, int64_t before,
                size_t limit, struct arena *a, struct mail_page *ret,
                int64_t *ret_next) {
    AUTO_ROWS struct db_rows *r = NULL;
    int64_t last = 0;
    int rc = db_query(tx, STMT_MAIL_LIST, &r, "i", before);
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        struct mail m;
        rc = mail_row_read(r, NULL, &m);
        if (rc < 0 || !all_pass(q, &m))
            continue;
        if (ret->n == limit) {
            *ret_next = last;
            return 0;
        }
        rc = mail_row_read(r, a, &ret->items[ret->n++]);
        last = m.id;
    }
    return rc;
}

static int list(struct db_tx *tx, const struct list_request *r, struct arena *a,
                struct query *q, struct mail_page *ret, struct error *e) {
    struct list_key k = {.id = INT64_MAX};
    struct mail_page page = {0};
    uint64_t hash;
    int64_t next = 0;
    int rc = list_parse(r, &query_list_mails, q, &hash, e);
    if (rc >= 0 && r->after)
        rc = list_cursor_read(r->after, hash, a, &k, e);
    if (rc < 0)
        return rc;
    page.items = arena_alloc(a, ((size_t)r->limit + 1) * sizeof *page.items);
    rc = walk(tx, q, k.id, (size_t)r->limit, a, &page, &next);
    if (rc < 0)
        return rc;
    if (next > 0)
        page.next = list_cursor(a, hash, &(struct list_key){.id = next});
    *ret = page;
    return 0;
}

int mail_list(struct db_tx *tx, const struct list_request *r, struct arena *a,
              struct mail_page *ret, struct error *e) {
    struct query q = {0};
    int rc = list(tx, r, a, &q, ret, e);
    query_done(&q);
    return rc;
}

int mail_of(struct db_tx *tx, int64_t store_id, const char *cause,
            struct arena *a, struct mail **ret, size_t *ret_n) {
    enum { MOST = 16 }; /* one a template */
    AUTO_ROWS struct db_rows *r = NULL;
    struct mail *all = arena_alloc(a, MOST * sizeof *all);
    size_t n = 0;
    int rc = db_query(tx, STMT_MAIL_OF, &r, "sS", cause, store_id);
    while (rc >= 0 && n < MOST && (rc = db_step(r)) > 0)
        rc = mail_row_read(r, a, &all[n++]);
    if (rc < 0)
        return rc;
    *ret = all;
    *ret_n = n;
    return 0;
}

int mail_count(struct db_tx *tx, int64_t counts[MAIL_STATES]) {
    AUTO_ROWS struct db_rows *r = NULL;
    int64_t n[MAIL_STATES] = {0};
    int rc = db_query(tx, STMT_MAIL_COUNTS, &r, "");
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        int s = mail_state_parse(db_text(r, 0));
        if (s >= 0)
            n[s] = db_i64(r, 1);
    }
    if (rc >= 0)
        memcpy(counts, n, sizeof n);
    return rc;
}
