#include "model/order_plan.h"

#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/ref.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/order.h"
#include "query_keys.gen.h"

enum {
    KEYS_MAX = 256,
    FEW_MARKED = 2000,
    FEW_ORDERS = 15000,
};

static bool is(const struct query_term *t, int key) {
    return t->key && t->key->id == key;
}

static void add_key(struct order_plan *p, const char *key) {
    for (size_t i = 0; i < p->n_keys; i++)
        if (str_eq(p->keys[i], key))
            return;
    if (p->n_keys < KEYS_MAX)
        p->keys[p->n_keys++] = arena_dupn(p->arena, key, strlen(key));
}

static void begin_keys(struct order_plan *p) {
    p->keys = arena_alloc(p->arena, KEYS_MAX * sizeof *p->keys);
    p->n_keys = 0;
}

/* --- phases ------------------------------------------------------------ */

int order_plan_load_phases(struct order_plan *p, int64_t store_id) {
    struct db_rows *rows AUTO_ROWS = NULL;
    size_t cap = 0;
    int rc = store_id
                 ? db_query(p->tx, STMT_LIST_PHASES_OF, &rows, "S", store_id)
                 : db_query(p->tx, STMT_LIST_PHASES, &rows, "");
    while (rc >= 0 && (rc = db_step(rows)) == 1) {
        if (p->n_phases == cap) {
            cap = cap ? 2 * cap : 256;
            struct plan_phase *more = arena_alloc(p->arena, cap * sizeof *more);
            if (p->n_phases)
                memcpy(more, p->phases, p->n_phases * sizeof *more);
            p->phases = more;
        }
        const char *slug = db_text(rows, 1), *phase = db_text(rows, 2);
        p->phases[p->n_phases++] = (struct plan_phase){
            db_i64(rows, 0), arena_dupn(p->arena, slug, strlen(slug)),
            arena_dupn(p->arena, phase, strlen(phase)), 1000 * db_i64(rows, 3)};
    }
    return rc;
}

static int phase_cmp(const void *x, const void *y) {
    const struct plan_phase *a = x, *b = y;
    if (a->store_id != b->store_id)
        return a->store_id < b->store_id ? -1 : 1;
    return strcmp(a->slug, b->slug);
}

const char *order_plan_phase(const struct order_plan *p, int64_t store_id,
                             const char *slug) {
    struct plan_phase want = {store_id, slug, NULL, 0};
    const struct plan_phase *found =
        p->n_phases
            ? bsearch(&want, p->phases, p->n_phases, sizeof want, phase_cmp)
            : NULL;
    return found ? found->phase : "unmapped";
}

static int store_cmp(const void *x, const void *y) {
    const struct plan_phase *a = x, *b = y;
    return (a->store_id > b->store_id) - (a->store_id < b->store_id);
}

/* The store's own, else the setting's. */
static int64_t late_after(const struct order_plan *p, int64_t store_id) {
    struct plan_phase want = {.store_id = store_id};
    const struct plan_phase *any =
        p->n_phases
            ? bsearch(&want, p->phases, p->n_phases, sizeof want, store_cmp)
            : NULL;
    return any && any->late_ms ? any->late_ms : p->late_ms;
}

static bool can_be_late(const char *phase) {
    return str_eq(phase, "todo") || str_eq(phase, "unmapped");
}

void order_plan_judge(const struct order_plan *p, struct order_item *o) {
    const char *phase = order_plan_phase(p, o->store_id, o->status);
    o->unmapped = o->gone == 0 && str_eq(phase, "unmapped");
    int64_t after = late_after(p, o->store_id);
    o->late = after > 0 && p->now - o->created_ms > after && o->gone == 0 &&
              can_be_late(phase);
}

/* --- statuses ---------------------------------------------------------- */

static bool lets_pass(const struct order_plan *p, const struct query_term *t,
                      int64_t store_id, const char *slug) {
    const char *phase = order_plan_phase(p, store_id, slug);
    return is(t, QUERY_ORDERS_STATUS) ? list_word(t, slug)
           : is(t, QUERY_ORDERS_LATE) ? can_be_late(phase)
                                      : list_choice(t, phase);
}

/* Statuses in use that one term lets pass. */
static int statuses_in_use(struct order_plan *p, const struct query_term *t) {
    struct db_rows *rows AUTO_ROWS = NULL;
    int rc = db_query(p->tx, STMT_LIST_COUNTS, &rows, "");
    while (rc >= 0 && (rc = db_step(rows)) == 1) {
        const char *slug = db_text(rows, 1);
        if (!list_store_of(&p->stores, db_i64(rows, 0)))
            continue;
        if (lets_pass(p, t, db_i64(rows, 0), slug))
            add_key(p, slug);
    }
    return rc;
}

static bool plain(const struct query_term *t) {
    for (int i = 0; i < t->n_values; i++)
        if (t->values[i].wildcard)
            return false;
    return true;
}

static int choose_statuses(struct order_plan *p, const struct query_term *t) {
    begin_keys(p);
    if (!is(t, QUERY_ORDERS_STATUS) || !plain(t))
        return statuses_in_use(p, t);
    for (int i = 0; i < t->n_values; i++)
        add_key(p, t->values[i].text);
    return 0;
}

/* --- tags and holds ---------------------------------------------------- */

/* Those in use that the term lets pass; "any" means all. */
static int marks_in_use(struct order_plan *p, const struct query_term *t,
                        enum stmt_id next) {
    char at[128] = "";
    bool any = t->n_values == 1 && str_eq(t->values[0].text, "any");
    for (int i = 0; i < KEYS_MAX; i++) {
        struct db_rows *rows AUTO_ROWS = NULL;
        int rc = db_query(p->tx, next, &rows, "s", at);
        if (rc >= 0)
            rc = db_step(rows);
        if (rc <= 0)
            return rc;
        (void)str_copy(at, sizeof at, db_text(rows, 0));
        if (any || list_word(t, at))
            add_key(p, at);
    }
    return 0;
}

static bool asks_none(const struct query_term *t) {
    for (int i = 0; i < t->n_values; i++)
        if (str_eq(t->values[i].text, "none"))
            return true;
    return false;
}

int order_plan_count(const struct order_plan *p, int64_t *ret) {
    struct db_rows *rows AUTO_ROWS = NULL;
    int64_t sum = 0;
    int rc = db_query(p->tx, STMT_LIST_COUNTS, &rows, "");
    while (rc >= 0 && (rc = db_step(rows)) == 1)
        if (list_store_of(&p->stores, db_i64(rows, 0)))
            sum += db_i64(rows, 2);
    if (rc >= 0)
        *ret = sum;
    return rc;
}

/* Is it faster to walk the chosen stores than all orders of the marks: a small
 * store under a much used tag. */
static int stores_are_fewer(struct order_plan *p, enum stmt_id count) {
    int64_t orders, marked = 0;
    if (p->stores.all)
        return 0;
    for (size_t i = 0; i < p->n_keys && marked < FEW_MARKED; i++) {
        int64_t n = 0;
        int rc =
            db_value(p->tx, count, &n, "si", p->keys[i], (int64_t)FEW_MARKED);
        if (rc < 0)
            return rc;
        marked += n;
    }
    int rc = order_plan_count(p, &orders);
    return rc < 0 ? rc : marked >= FEW_MARKED && orders < FEW_ORDERS;
}

static int choose_marks(struct order_plan *p, const struct query_term *t) {
    bool tag = is(t, QUERY_ORDERS_TAG);
    begin_keys(p);
    p->source = tag ? PLAN_TAG : PLAN_HOLD;
    int rc = marks_in_use(p, t, tag ? STMT_TAG_NEXT : STMT_HOLD_NEXT);
    if (rc >= 0)
        rc = stores_are_fewer(p, tag ? STMT_TAG_COUNT : STMT_HOLD_COUNT);
    if (rc == 1) {
        p->source = PLAN_WALK;
        p->keys = NULL;
        p->n_keys = 0;
    }
    return rc;
}

/* --- customers --------------------------------------------------------- */

static void add_contact(struct order_plan *p, int64_t id) {
    if (p->n_contacts < PLAN_CONTACTS_MAX)
        p->contacts[p->n_contacts++] = id;
}

static int contacts_of_email(struct order_plan *p, const char *store,
                             const char *email) {
    struct db_rows *rows AUTO_ROWS = NULL;
    const char *key = list_fold(p->arena, email);
    int rc = db_query(p->tx, STMT_CONTACTS_OF_EMAIL, &rows, "s", key);
    while (rc >= 0 && (rc = db_step(rows)) == 1) {
        const struct list_store *s = list_store_of(&p->stores, db_i64(rows, 1));
        if (s && (!store || str_eq(s->name, store)))
            add_contact(p, db_i64(rows, 0));
    }
    return rc;
}

/* The account of that remote id, in one store or all. */
static int contacts_of_id(struct order_plan *p, const char *store,
                          int64_t remote_id) {
    for (size_t i = 0; i < p->stores.n; i++) {
        const struct list_store *s = &p->stores.s[i];
        int64_t id;
        if (!s->chosen || (store && !str_eq(s->name, store)))
            continue;
        int rc =
            db_value(p->tx, STMT_CONTACT_OF_ID, &id, "Si", s->id, remote_id);
        if (rc < 0)
            return rc;
        if (rc == 1)
            add_contact(p, id);
    }
    return 0;
}

/* 1: the value names accounts (alpine:customer/12, alpine:guest/E-MAIL, an
 * e-mail, an id), 0: it is part of a name. */
static int contacts_of(struct order_plan *p, const char *value) {
    struct ref ref;
    char store[33];
    int64_t id;
    const char *guest = strstr(value, ":guest/");
    if (guest && str_copy(store, sizeof store, value) > 0) {
        store[guest - value < 32 ? guest - value : 32] = '\0';
        int rc = contacts_of_email(p, store, guest + strlen(":guest/"));
        return rc < 0 ? rc : 1;
    }
    if (ref_parse(value, &ref) == 0 && ref.kind == REF_CUSTOMER) {
        int rc = contacts_of_id(p, ref.store, ref.id);
        return rc < 0 ? rc : 1;
    }
    if (str_to_i64(value, 1, INT64_MAX, &id) == 0) {
        int rc = contacts_of_id(p, NULL, id);
        return rc < 0 ? rc : 1;
    }
    if (!strchr(value, '@'))
        return 0;
    int rc = contacts_of_email(p, NULL, value);
    return rc < 0 ? rc : 1;
}

static int choose_contacts(struct order_plan *p, const struct query_term *t) {
    int rc = 1;
    for (int i = 0; rc == 1 && i < t->n_values; i++)
        rc = t->values[i].wildcard ? 0 : contacts_of(p, t->values[i].text);
    p->contacts_known = rc == 1;
    if (rc == 1)
        p->source = PLAN_CONTACT;
    return rc < 0 ? rc : 0;
}

/* --- the plan ---------------------------------------------------------- */

/* The first positive term of that key. */
static const struct query_term *term_of(const struct order_plan *p, int key) {
    for (int i = 0; i < p->query.n_terms; i++)
        if (is(&p->query.terms[i], key) && !p->query.terms[i].negated)
            return &p->query.terms[i];
    return NULL;
}

/* The term that asks for late orders alone. */
static const struct query_term *late_term(const struct order_plan *p) {
    const struct query_term *t = term_of(p, QUERY_ORDERS_LATE);
    return t && t->n_values == 1 && str_eq(t->values[0].text, "yes") ? t : NULL;
}

/* None of them is younger than the shortest time a store allows. */
static void bound_late(struct order_plan *p) {
    int64_t least = 0;
    for (size_t i = 0; i < p->stores.n; i++) {
        int64_t after = late_after(p, p->stores.s[i].id);
        if (after > 0 && (least == 0 || after < least))
            least = after;
    }
    if (least > 0 && p->now - least < p->to)
        p->to = p->now - least;
}

static int choose_source(struct order_plan *p) {
    const struct query_term *t = term_of(p, QUERY_ORDERS_CUSTOMER);
    int rc = t ? choose_contacts(p, t) : 0;
    if (rc < 0 || p->source == PLAN_CONTACT)
        return rc;
    if ((t = term_of(p, QUERY_ORDERS_HOLD)) && !asks_none(t))
        return choose_marks(p, t);
    if ((t = term_of(p, QUERY_ORDERS_TAG)) && !asks_none(t))
        return choose_marks(p, t);
    if ((t = term_of(p, QUERY_ORDERS_STATUS)) ||
        (t = term_of(p, QUERY_ORDERS_PHASE)) || (t = late_term(p)))
        return choose_statuses(p, t);
    return 0;
}

static bool names_hidden(const struct query_term *t) {
    for (int i = 0; i < t->n_values; i++)
        if (str_eq(t->values[i].text, "trash") ||
            str_eq(t->values[i].text, "gone"))
            return true;
    return false;
}

static void read_bounds(struct order_plan *p) {
    p->from = INT64_MIN;
    p->to = INT64_MAX;
    for (int i = 0; i < p->query.n_terms; i++) {
        const struct query_term *t = &p->query.terms[i];
        if (is(t, QUERY_ORDERS_DATE) || is(t, QUERY_ORDERS_AGE))
            list_range(t, p->request->zone, p->now, &p->from, &p->to);
        if (is(t, QUERY_ORDERS_STATUS) && !t->negated)
            p->hidden |= names_hidden(t);
    }
}

int order_plan_make(struct order_plan *p, struct error *e) {
    int rc = list_stores(p->tx, p->arena, &p->query, QUERY_ORDERS_STORE,
                         &p->stores, e);
    if (rc < 0)
        return rc;
    read_bounds(p);
    rc = order_plan_load_phases(p, 0);
    if (rc >= 0 && late_term(p))
        bound_late(p);
    if (rc >= 0)
        rc = choose_source(p);
    if (rc >= 0)
        rc = order_candidates(p);
    return rc;
}
