#include "model/customer_list.h"

#include <string.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/money.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/contact_mark.h"
#include "model/name_list.h"
#include "model/order.h"
#include "model/store.h"
#include "query_keys.gen.h"

/* Columns of the row statements. */
enum col {
    COL_ID,
    COL_STORE,
    COL_SORT_NAME,
    COL_REMOTE,
    COL_MIRRORED,
    COL_EMAIL,
    COL_NAME,
    COL_PHONE,
    COL_CITY,
    COL_COUNTRY,
    COL_GONE, /* of CONTACT_ITEM alone, as below */
    COL_CREATED,
};

enum {
    ORDERS_MAX = 2000, /* of one customer that are summed up */
    CURRENCIES_MAX = 8,
};

struct customer_plan {
    struct db_tx *tx;
    struct arena *arena;
    const struct list_request *request;
    struct query query; /* owned */
    struct list_stores stores;
};

static int has_tag(const struct customer_plan *p, const struct query_term *t,
                   int64_t id) {
    AUTO_BUF struct buf tags = BUF_INIT;
    int rc = contact_tags(p->tx, id, &tags);
    return rc < 0 ? rc : list_mark(t, buf_str(&tags));
}

static int match(const struct customer_plan *p, const struct query_term *t,
                 struct db_rows *r) {
    switch ((enum query_customers_key)t->key->id) {
    case QUERY_CUSTOMERS_STORE:
        return !t->negated; /* chosen already */
    case QUERY_CUSTOMERS_KIND:
        return list_choice(t,
                           db_i64(r, COL_REMOTE) > 0 ? "registered" : "guest");
    case QUERY_CUSTOMERS_NAME:
        return list_folded(t, db_text(r, COL_NAME));
    case QUERY_CUSTOMERS_EMAIL:
        return list_folded(t, db_text(r, COL_EMAIL));
    case QUERY_CUSTOMERS_PHONE:
        return list_folded(t, db_text(r, COL_PHONE));
    case QUERY_CUSTOMERS_CITY:
        return list_folded(t, db_text(r, COL_CITY));
    case QUERY_CUSTOMERS_COUNTRY:
        return list_word(t, db_text(r, COL_COUNTRY));
    case QUERY_CUSTOMERS_TAG:
        return has_tag(p, t, db_i64(r, COL_ID));
    }
    return 0;
}

static int filter(const void *arg, struct db_rows *r) {
    const struct customer_plan *p = arg;
    for (int i = 0; i < p->query.n_terms; i++) {
        const struct query_term *t = &p->query.terms[i];
        int rc = t->key ? match(p, t, r) : !t->negated;
        if (rc < 0 || rc == t->negated)
            return rc < 0 ? rc : 0;
    }
    return 1;
}

static const struct name_ops ops = {
    .all = {STMT_CONTACTS_BY_NAME, STMT_CONTACTS_BY_NAME_DOWN},
    .store = {STMT_CONTACTS_BY_STORE, STMT_CONTACTS_BY_STORE_DOWN},
    .one = STMT_CONTACT_ROW,
    .matching = STMT_CONTACTS_MATCHING,
    .text = STMT_CONTACT_TEXT_OF,
    .filter = filter,
};

/* Names, e-mails and phones are in the search text: let the index find them.
 */
static void add_needles(struct customer_plan *p, struct name_list *l) {
    name_list_words(l, &p->query);
    for (int i = 0; i < p->query.n_terms; i++) {
        const struct query_term *t = &p->query.terms[i];
        bool text = t->key && (t->key->id == QUERY_CUSTOMERS_NAME ||
                               t->key->id == QUERY_CUSTOMERS_EMAIL ||
                               t->key->id == QUERY_CUSTOMERS_PHONE);
        if (text && !t->negated && t->n_values == 1 && !t->values[0].wildcard &&
            l->n_needles < NAME_NEEDLES)
            l->needles[l->n_needles++] = list_fold(p->arena, t->values[0].text);
    }
}

/* Whoever has that tag, when they are few enough to look at each. */
static int find_tagged(const struct customer_plan *p, const char *tag,
                       struct name_list *l) {
    AUTO_ROWS struct db_rows *r = NULL;
    int64_t *ids = arena_alloc(p->arena, NAME_CANDIDATES * sizeof *ids);
    size_t n = 0;
    int rc = db_query(p->tx, STMT_CONTACTS_OF_TAG, &r, "si", tag,
                      (int64_t)NAME_CANDIDATES + 1);
    while (rc >= 0 && (rc = db_step(r)) == 1) {
        if (n == NAME_CANDIDATES)
            return 0;
        ids[n++] = db_i64(r, 0);
    }
    if (rc < 0)
        return rc;
    l->ids = ids;
    l->n_ids = n;
    return 0;
}

static int add_tagged(const struct customer_plan *p, struct name_list *l) {
    for (int i = 0; i < p->query.n_terms; i++) {
        const struct query_term *t = &p->query.terms[i];
        const char *tag = t->n_values == 1 ? t->values[0].text : "any";
        if (t->key && t->key->id == QUERY_CUSTOMERS_TAG && !t->negated &&
            !t->values[0].wildcard && !str_eq(tag, "any") &&
            !str_eq(tag, "none"))
            return find_tagged(p, tag, l);
    }
    return 0;
}

/* --- what a customer spent --------------------------------------------- */

static struct customer_amount *amount_of(struct customer_item *o,
                                         const char *currency) {
    for (size_t i = 0; i < o->n_spent; i++)
        if (str_eq(o->spent[i].currency, currency))
            return &o->spent[i];
    if (o->n_spent == CURRENCIES_MAX)
        return NULL;
    struct customer_amount *m = &o->spent[o->n_spent++];
    *m = (struct customer_amount){0};
    (void)str_copy(m->currency, sizeof m->currency, currency);
    return m;
}

/* An order counts as paid by its status; a refunded one was. */
static bool is_paid(const char *status) {
    enum status_phase phase = status_phase_of(status);
    return phase == PHASE_TODO || phase == PHASE_DONE ||
           str_eq(status, "refunded");
}

static int add_refunds(struct db_tx *tx, struct db_rows *order, int64_t *sum) {
    struct db_rows *rows AUTO_ROWS = NULL;
    if (!((unsigned)db_i64(order, 6) & ORDER_REFUNDED))
        return 0;
    int rc = db_query(tx, STMT_ORDER_REFUNDS, &rows, "Si", db_i64(order, 0),
                      db_i64(order, 1));
    while (rc >= 0 && (rc = db_step(rows)) == 1)
        if (!money_add(sum, -db_i64(rows, 2)))
            return ERR_RANGE;
    return rc;
}

static int add_order(struct db_tx *tx, struct db_rows *r,
                     struct customer_item *o) {
    o->orders++;
    if (db_i64(r, 5) > o->last_order_ms)
        o->last_order_ms = db_i64(r, 5);
    struct customer_amount *m =
        is_paid(db_text(r, 2)) ? amount_of(o, db_text(r, 3)) : NULL;
    if (!m)
        return 0;
    m->paid++;
    if (!money_add(&m->spent_e4, db_i64(r, 4)))
        return ERR_RANGE;
    return add_refunds(tx, r, &m->spent_e4);
}

static int add_orders(struct db_tx *tx, struct arena *a,
                      struct customer_item *o) {
    struct db_rows *rows AUTO_ROWS = NULL;
    o->spent = arena_alloc(a, CURRENCIES_MAX * sizeof *o->spent);
    int rc = db_query(tx, STMT_CONTACT_ORDERS, &rows, "ii", o->id,
                      (int64_t)ORDERS_MAX);
    while (rc >= 0 && (rc = db_step(rows)) == 1)
        rc = add_order(tx, rows, o);
    return rc;
}

/* --- rows -------------------------------------------------------------- */

static int load(struct db_tx *tx, const struct list_stores *stores,
                struct arena *a, int64_t id, struct customer_item *ret) {
    struct db_rows *r AUTO_ROWS = NULL;
    int rc = db_query(tx, STMT_CONTACT_ITEM, &r, "i", id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc != 1)
        return rc;
    const struct list_store *s = list_store_of(stores, db_i64(r, COL_STORE));
    *ret = (struct customer_item){
        .id = id,
        .store_id = db_i64(r, COL_STORE),
        .remote_id = db_i64(r, COL_REMOTE),
        .store = s ? s->name : "",
        .registered = db_i64(r, COL_REMOTE) > 0,
        .name = list_keep(a, db_text(r, COL_NAME)),
        .email = list_keep(a, db_text(r, COL_EMAIL)),
        .phone = list_keep(a, db_text(r, COL_PHONE)),
        .city = list_keep(a, db_text(r, COL_CITY)),
        .country = list_keep(a, db_text(r, COL_COUNTRY)),
        .created_ms = db_i64(r, COL_CREATED),
    };
    AUTO_BUF struct buf tags = BUF_INIT;
    rc = add_orders(tx, a, ret);
    if (rc >= 0)
        rc = contact_tags(tx, id, &tags);
    ret->tags = list_keep(a, buf_str(&tags));
    return rc < 0 ? rc : 1;
}

static int load_page(const struct customer_plan *p, const struct name_list *l,
                     uint64_t hash, struct customer_page *ret) {
    struct customer_page page = {.partial = l->partial};
    page.items = arena_alloc(p->arena, (l->n + 1) * sizeof *page.items);
    for (size_t i = 0; i < l->n; i++) {
        int rc = load(p->tx, &p->stores, p->arena, l->picks[i].id,
                      &page.items[page.n]);
        if (rc < 0)
            return rc;
        page.n += rc == 1;
    }
    if (l->more)
        page.next = list_cursor(p->arena, hash, &l->next);
    *ret = page;
    return 0;
}

static int run(struct customer_plan *p, uint64_t hash,
               struct customer_page *ret, struct error *e) {
    const char *at = p->request->after;
    struct list_key after;
    struct name_list l = {.tx = p->tx,
                          .arena = p->arena,
                          .ops = &ops,
                          .arg = p,
                          .stores = &p->stores,
                          .key_col = -1,
                          .down = p->request->sort == CUSTOMER_SORT_NAME_DESC,
                          .request = p->request,
                          .limit = (size_t)p->request->limit};
    int rc = at ? list_cursor_read(at, hash, p->arena, &after, e) : 0;
    if (rc >= 0)
        rc = list_stores(p->tx, p->arena, &p->query, QUERY_CUSTOMERS_STORE,
                         &p->stores, e);
    if (rc < 0)
        return rc;
    add_needles(p, &l);
    rc = add_tagged(p, &l);
    if (rc >= 0)
        rc = name_list_run(&l, at ? &after : NULL, e);
    return rc < 0 ? rc : load_page(p, &l, hash, ret);
}

int customer_list(struct db_tx *tx, const struct list_request *r,
                  struct arena *a, struct customer_page *ret, struct error *e) {
    struct customer_plan p = {.tx = tx, .arena = a, .request = r};
    uint64_t hash;
    int rc = list_parse(r, &query_list_customers, &p.query, &hash, e);
    if (rc < 0)
        return rc;
    rc = run(&p, hash, ret, e);
    query_done(&p.query);
    return rc;
}

int customer_item_get(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                      const char *email, struct arena *a,
                      struct customer_item *ret) {
    struct list_stores stores;
    struct query none = {0};
    int64_t id;
    int rc = remote_id > 0 ? db_value(tx, STMT_CONTACT_OF_ID, &id, "Si",
                                      store_id, remote_id)
                           : db_value(tx, STMT_CONTACT_GUEST_ID, &id, "sS",
                                      list_fold(a, email), store_id);
    if (rc != 1)
        return rc == ERR_NOT_FOUND ? 0 : rc;
    rc = list_stores(tx, a, &none, -1, &stores, NULL);
    return rc < 0 ? rc : load(tx, &stores, a, id, ret);
}

void customer_item_ref(struct buf *out, const struct customer_item *c) {
    if (c->remote_id > 0)
        buf_addf(out, "%s:customer/%lld", c->store, (long long)c->remote_id);
    else
        buf_addf(out, "%s:guest/%s", c->store, c->email);
}
