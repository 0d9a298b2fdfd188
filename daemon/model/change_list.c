/* The list of changes: newest first, over the stores a caller sees. Each store
 * gives at most a page, by the most telling index, and the pages are merged:
 * the outbox is small beside the mirror. */
#include <string.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/cleanup.h"
#include "common/ref.h"
#include "common/str.h"
#include "model/cause.h"
#include "model/change.h"
#include "model/change_row.h"
#include "model/row_list.h"
#include "query_keys.gen.h"

static bool is_open(enum change_state s) {
    return s != CHANGE_CONFIRMED && s != CHANGE_DISCARDED;
}

static bool state_passes(const struct query_term *t, enum change_state s) {
    return list_choice(t, change_state_name(s)) ||
           (is_open(s) && list_choice(t, "open"));
}

static void object_text(const struct change *c, char dst[REF_TEXT]) {
    struct ref r = {.id = c->remote_id,
                    .kind = c->kind == MIRROR_CUSTOMER   ? REF_CUSTOMER
                            : c->kind == MIRROR_CATEGORY ? REF_CATEGORY
                                                         : REF_OBJECT};
    (void)str_copy(r.store, sizeof r.store, c->store);
    (void)ref_format(dst, &r);
}

/* Words of the cause, in whatever language they are looked for. */
static bool says(const struct query_term *t, const struct change *c) {
    bool found = false;
    for (int lang = 0; lang < TEXT_LANGS && !found; lang++) {
        AUTO_BUF struct buf b = BUF_INIT;
        found = cause_words(c->cause, (enum text_lang)lang, &b) == 0 &&
                list_folded(t, buf_str(&b));
    }
    return found;
}

static bool passes(const struct row_list *l, const struct query_term *t,
                   const void *row) {
    const struct change *c = row;
    (void)l;
    char ref[REF_TEXT];
    if (!t->key)
        return says(t, c) || list_folded(t, c->text) ||
               list_folded(t, c->reason);
    switch (t->key->id) {
    case QUERY_CHANGES_STATE:
        return state_passes(t, c->state);
    case QUERY_CHANGES_AUTHOR:
        return list_word(t, c->author);
    case QUERY_CHANGES_ACT:
        return list_choice(t, change_act_name(c->act));
    case QUERY_CHANGES_OBJECT:
        object_text(c, ref);
        return list_word(t, ref);
    default:
        return true; /* stores were chosen before */
    }
}

static int by_state(struct row_list *l, int64_t store,
                    const struct query_term *t) {
    int rc = 0;
    for (int s = 0; rc >= 0 && s < CHANGE_STATES; s++) {
        AUTO_ROWS struct db_rows *r = NULL;
        if (!state_passes(t, (enum change_state)s))
            continue;
        rc = db_query(l->tx, STMT_CHANGE_LIST_STATE, &r, "Ssi", store,
                      change_state_name((enum change_state)s), l->before.id);
        if (rc >= 0)
            rc = row_list_drain(l, r);
    }
    return rc;
}

/* An exact reference: its index; anything else is matched row by row. */
static int by_object(struct row_list *l, const struct list_store *s,
                     const struct query_term *t) {
    static const enum mirror_kind kinds[][3] = {
        [REF_OBJECT] = {MIRROR_ORDER, MIRROR_PRODUCT, MIRROR_ORDER},
        [REF_CUSTOMER] = {MIRROR_CUSTOMER, MIRROR_CUSTOMER, MIRROR_CUSTOMER},
        [REF_CATEGORY] = {MIRROR_CATEGORY, MIRROR_CATEGORY, MIRROR_CATEGORY}};
    struct ref ref;
    if (t->n_values != 1 || t->values[0].wildcard ||
        ref_parse(t->values[0].text, &ref) < 0 || ref.kind == REF_DRAFT)
        return ERR_NOT_FOUND;
    if (!str_eq(ref.store, s->name))
        return 0;
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < (ref.kind == REF_OBJECT ? 2 : 1); i++) {
        AUTO_ROWS struct db_rows *r = NULL;
        rc = db_query(l->tx, STMT_CHANGE_LIST_OBJECT, &r, "Ssii", s->id,
                      mirror_kind_name(kinds[ref.kind][i]), ref.id,
                      l->before.id);
        if (rc >= 0)
            rc = row_list_drain(l, r);
    }
    return rc;
}

static int of_store(struct row_list *l, const struct list_store *s) {
    AUTO_ROWS struct db_rows *r = NULL;
    const struct query_term *object = row_list_term(l, QUERY_CHANGES_OBJECT);
    const struct query_term *state = row_list_term(l, QUERY_CHANGES_STATE);
    int rc = object ? by_object(l, s, object) : ERR_NOT_FOUND;
    if (rc != ERR_NOT_FOUND)
        return rc;
    if (state)
        return by_state(l, s->id, state);
    rc = db_query(l->tx, STMT_CHANGE_LIST, &r, "Si", s->id, l->before.id);
    return rc < 0 ? rc : row_list_drain(l, r);
}

static int read_one(struct row_list *l, struct db_rows *r, void *row) {
    int rc = change_row_read(l->tx, r, l->a, row);
    return rc < 0 ? rc : 1;
}

_Static_assert(offsetof(struct change, id) == 0, "row_list_place");

static const struct row_list_ops ops = {
    .keys = &query_list_changes,
    .store_key = QUERY_CHANGES_STORE,
    .size = sizeof(struct change),
    .read = read_one,
    .passes = passes,
    .of_store = of_store,
    .place = row_list_place,
};

int change_list(struct db_tx *tx, const struct list_request *r, struct arena *a,
                struct change_page *ret, struct error *e) {
    struct row_page p;
    int rc = row_list(tx, &ops, NULL, r, a, &p, e);
    if (rc >= 0)
        *ret = (struct change_page){p.items, p.n, p.next, p.partial};
    return rc;
}

static int count_by(struct db_tx *tx, enum stmt_id id, int64_t store_id,
                    int64_t counts[CHANGE_STATES]) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, id, &r, "S", store_id);
    return rc < 0 ? rc : row_add_states(r, change_state_parse, counts);
}

int change_count_of(struct db_tx *tx, int64_t store_id,
                    int64_t counts[CHANGE_STATES]) {
    return count_by(tx, STMT_CHANGE_COUNTS, store_id, counts);
}

int change_open_count_of(struct db_tx *tx, int64_t store_id,
                         int64_t counts[CHANGE_STATES]) {
    return count_by(tx, STMT_CHANGE_COUNTS_OPEN, store_id, counts);
}

static int count_of(struct db_tx *tx, int64_t store_id, void *counts) {
    return change_count_of(tx, store_id, counts);
}

int change_count(struct db_tx *tx, int64_t counts[CHANGE_STATES]) {
    int64_t sums[CHANGE_STATES] = {0};
    int rc = row_each_store(tx, count_of, sums);
    if (rc >= 0)
        memcpy(counts, sums, sizeof sums);
    return rc;
}

int change_of(struct db_tx *tx, int64_t store_id, enum mirror_kind kind,
              int64_t remote_id, struct arena *a, struct change **ret,
              size_t *ret_n) {
    CLEANUP(row_list_done)
    struct row_list l = {.ops = &ops, .tx = tx, .a = a};
    void *items;
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_CHANGE_OPEN_OF, &r, "Ssi", store_id,
                      mirror_kind_name(kind), remote_id);
    if (rc >= 0)
        rc = row_list_all(&l, r, LIST_LIMIT_MAX, &items, ret_n);
    if (rc >= 0)
        *ret = items;
    return rc < 0 ? rc : 0;
}
