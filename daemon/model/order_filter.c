/* Every term of the filter against one row. */
#include <string.h>

#include "common/str.h"
#include "db/sql.h"
#include "model/order.h"
#include "model/order_plan.h"
#include "query_keys.gen.h"

static bool is_late(const struct order_plan *p, const struct order_item *o) {
    struct order_item judged = *o;
    order_plan_judge(p, &judged);
    return judged.late;
}

static bool is_yes(const struct query_term *t) {
    return str_eq(t->values[0].text, "yes");
}

static bool has_contact(const struct order_plan *p,
                        const struct order_item *o) {
    for (size_t i = 0; i < p->n_contacts; i++)
        if (p->contacts[i] == o->contact_id)
            return true;
    return false;
}

/* 1 when a line's SKU matches. */
static int has_sku(const struct order_plan *p, const struct query_term *t,
                   int64_t order_id) {
    struct db_rows *rows AUTO_ROWS = NULL;
    int rc = db_query(p->tx, STMT_LINE_OF, &rows, "i", order_id);
    while (rc >= 0 && (rc = db_step(rows)) == 1)
        if (list_word(t, db_text(rows, 3)))
            return 1;
    return rc;
}

/* Column of the row's contact that matches: 1 phone, 2 country. */
static int has_brief(const struct order_plan *p, const struct query_term *t,
                     int64_t contact_id, int col) {
    struct db_rows *rows AUTO_ROWS = NULL;
    int rc = db_query(p->tx, STMT_CONTACT_BRIEF, &rows, "i", contact_id);
    if (rc >= 0)
        rc = db_step(rows);
    if (rc != 1)
        return rc;
    return col == 1 ? list_folded(t, db_text(rows, 1))
                    : list_word(t, db_text(rows, 2));
}

static int match_text(const struct order_plan *p, const struct query_term *t,
                      const struct order_item *o) {
    switch ((enum query_orders_key)t->key->id) {
    case QUERY_ORDERS_STATUS:
        return list_word(t, o->status);
    case QUERY_ORDERS_SHOPSTATUS:
        return list_word(t, o->shop_status);
    case QUERY_ORDERS_PHASE:
        return list_choice(t, order_plan_phase(p, o->store_id, o->status));
    case QUERY_ORDERS_NUMBER:
        return list_word(t, o->number);
    case QUERY_ORDERS_CUSTOMER:
        return p->contacts_known ? has_contact(p, o) : list_folded(t, o->name);
    case QUERY_ORDERS_EMAIL:
        return list_folded(t, o->email);
    case QUERY_ORDERS_PHONE:
        return has_brief(p, t, o->contact_id, 1);
    case QUERY_ORDERS_COUNTRY:
        return has_brief(p, t, o->contact_id, 2);
    case QUERY_ORDERS_SKU:
        return has_sku(p, t, o->id);
    case QUERY_ORDERS_CURRENCY:
        return list_word(t, o->currency);
    case QUERY_ORDERS_TAG:
        return list_mark(t, o->tags);
    case QUERY_ORDERS_HOLD:
        return list_mark(t, o->holds);
    default:
        return 1;
    }
}

static int match_term(const struct order_plan *p, const struct query_term *t,
                      const struct order_item *o) {
    const struct zone *z = p->request->zone;
    switch ((enum query_orders_key)t->key->id) {
    case QUERY_ORDERS_DATE:
        return list_date(t, o->created_ms, z, p->now);
    case QUERY_ORDERS_MODIFIED:
        return list_date(t, o->modified_ms, z, p->now);
    case QUERY_ORDERS_AGE:
        return list_age(t, o->created_ms, p->now);
    case QUERY_ORDERS_TOTAL:
        return list_num(t, o->total_e4);
    case QUERY_ORDERS_ITEMS:
        return list_num(t, o->items_e3);
    case QUERY_ORDERS_NOTE:
        return is_yes(t) == !!(o->flags & ORDER_NOTE);
    case QUERY_ORDERS_REFUNDED:
        return is_yes(t) == !!(o->flags & ORDER_REFUNDED);
    case QUERY_ORDERS_LATE:
        return is_yes(t) == is_late(p, o);
    case QUERY_ORDERS_PENDING:
        return is_yes(t) == (o->pending > 0);
    default:
        return match_text(p, t, o);
    }
}

/* The text holds the needle; a short one must begin a line of it (number,
 * SKU) or everything would match. */
static bool holds(const char *text, const char *needle) {
    const char *at = text;
    bool anywhere = strlen(needle) >= 3;
    while ((at = strstr(at, needle))) {
        if (anywhere || at == text || at[-1] == '\n')
            return true;
        at++;
    }
    return false;
}

bool order_filter_text(const struct order_plan *p, const char *text) {
    for (size_t i = 0; i < p->n_needles; i++)
        if (!holds(text, p->needles[i]))
            return false;
    return true;
}

int order_filter_words(const struct order_plan *p, int64_t order_id) {
    struct db_rows *rows AUTO_ROWS = NULL;
    int rc = db_query(p->tx, STMT_ORDER_TEXT_OF, &rows, "i", order_id);
    if (rc >= 0)
        rc = db_step(rows);
    return rc == 1 ? order_filter_text(p, db_text(rows, 0)) : rc;
}

/* -word: its text must not be there. */
static int match_negated_word(const struct order_plan *p,
                              const struct query_term *t, int64_t order_id) {
    struct db_rows *rows AUTO_ROWS = NULL;
    int rc = db_query(p->tx, STMT_ORDER_TEXT_OF, &rows, "i", order_id);
    if (rc >= 0)
        rc = db_step(rows);
    if (rc != 1)
        return rc < 0 ? rc : 1;
    return !strstr(db_text(rows, 0), list_fold(p->arena, t->values[0].text));
}

int order_filter(const struct order_plan *p, const struct order_item *o) {
    if (o->created_ms < p->from || o->created_ms >= p->to)
        return 0;
    if (!list_store_of(&p->stores, o->store_id) || (o->gone && !p->hidden))
        return 0;
    for (int i = 0; i < p->query.n_terms; i++) {
        const struct query_term *t = &p->query.terms[i];
        int rc;
        if (t->key && t->key->id == QUERY_ORDERS_STORE)
            continue; /* chosen above */
        if (!t->key)
            rc = t->negated ? match_negated_word(p, t, o->id) : 1;
        else
            rc = match_term(p, t, o);
        if (rc < 0)
            return rc;
        if (rc == (t->key && t->negated))
            return 0;
    }
    return p->verify ? order_filter_words(p, o->id) : 1;
}
