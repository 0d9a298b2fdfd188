#include "model/find.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/ref.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/customer_list.h"
#include "model/order_list.h"
#include "model/parcel.h"
#include "model/product_list.h"
#include "model/store.h"

const char *found_kind_name(enum found_kind k) {
    static const char *const names[] = {"order", "product", "customer",
                                        "shipment"};
    return names[k];
}

struct find {
    struct db_tx *tx;
    const char *text; /* trimmed */
    struct arena *arena;
    size_t limit;
    int64_t until; /* db_mono */
    struct found_list out;
    struct error *error;
};

static void add(struct find *f, enum found_kind kind, const char *ref,
                const char *store, const char *code, const char *title,
                const char *state) {
    if (f->out.n == f->limit)
        return;
    for (size_t i = 0; i < f->out.n; i++)
        if (str_eq(f->out.items[i].ref, ref))
            return;
    f->out.items[f->out.n++] =
        (struct found){.kind = kind,
                       .ref = arena_dupn(f->arena, ref, strlen(ref)),
                       .store = store,
                       .code = code,
                       .title = title,
                       .state = state,
                       .exact = strcasecmp(ref, f->text) == 0 ||
                                strcasecmp(code, f->text) == 0};
}

static void add_order(struct find *f, const struct order_item *o) {
    char ref[REF_TEXT];
    struct ref r = {.kind = REF_OBJECT, .id = o->remote_id};
    (void)str_copy(r.store, sizeof r.store, o->store);
    add(f, FOUND_ORDER, ref_format(ref, &r), o->store, o->number,
        *o->name ? o->name : o->email, o->status);
}

static void add_product(struct find *f, const struct product_item *p) {
    char ref[REF_TEXT];
    struct ref r = {.kind = REF_OBJECT, .id = p->remote_id};
    (void)str_copy(r.store, sizeof r.store, p->store);
    add(f, FOUND_PRODUCT, ref_format(ref, &r), p->store, p->sku, p->name,
        p->status);
}

static void add_customer(struct find *f, const struct customer_item *c) {
    AUTO_BUF struct buf ref = BUF_INIT;
    customer_item_ref(&ref, c);
    add(f, FOUND_CUSTOMER, buf_str(&ref), c->store, c->email,
        *c->name ? c->name : c->email, "");
}

static void add_parcel(struct find *f, const struct parcel *p) {
    char ref[PARCEL_TEXT];
    add(f, FOUND_SHIPMENT, parcel_format(ref, p->id), p->store, p->tracking,
        p->number, parcel_state_name(p->state));
}

/* --- by reference ------------------------------------------------------ */

static int by_object(struct find *f, const struct store *s, int64_t id) {
    struct order_item o;
    struct product_item p;
    int rc = order_item_get(f->tx, s->id, id, 0, f->arena, &o);
    if (rc > 0)
        add_order(f, &o);
    else if (rc == 0)
        rc = product_item_get(f->tx, s->id, id, f->arena, &p);
    if (rc > 0 && f->out.n == 0)
        add_product(f, &p);
    return rc;
}

static int by_customer(struct find *f, const struct store *s, int64_t id) {
    struct customer_item c;
    int rc = customer_item_get(f->tx, s->id, id, NULL, f->arena, &c);
    if (rc > 0)
        add_customer(f, &c);
    return rc;
}

static int by_shipment(struct find *f) {
    struct parcel p;
    int64_t id;
    if (f->text[0] != 'S' && f->text[0] != 's')
        return 0; /* a bare number is an order's */
    if (parcel_parse(f->text, &id) < 0)
        return 0;
    int rc = parcel_get(f->tx, id, f->arena, &p);
    if (rc > 0)
        add_parcel(f, &p);
    return rc;
}

static int by_ref(struct find *f) {
    struct ref r;
    struct store s = {0};
    if (ref_parse(f->text, &r) < 0 || r.kind == REF_DRAFT ||
        r.kind == REF_CATEGORY)
        return by_shipment(f);
    int rc = store_by_name(f->tx, r.store, &s);
    if (rc > 0)
        rc = r.kind == REF_CUSTOMER ? by_customer(f, &s, r.id)
                                    : by_object(f, &s, r.id);
    store_done(&s);
    return rc;
}

/* --- by code and by words ---------------------------------------------- */

/* Every word in quotes: nothing in it is a key or an operator. */
static void quote(struct buf *out, const char *key, const char *word,
                  size_t n) {
    buf_adds(out, key);
    buf_addc(out, '"');
    for (size_t i = 0; i < n; i++) {
        if (word[i] == '"' || word[i] == '\\')
            buf_addc(out, '\\');
        buf_addc(out, word[i]);
    }
    buf_addc(out, '"');
}

static void quote_words(struct buf *out, const char *text) {
    while (*(text += strspn(text, " "))) {
        size_t n = strcspn(text, " ");
        quote(out, out->len ? " " : "", text, n);
        text += n;
    }
}

/* The lists share the time of one: each has half of what is left. */
static struct list_request page(const struct find *f, const char *filter,
                                int sort) {
    int64_t left = (f->until - db_mono(f->tx)) / 2;
    return (struct list_request){.filter = filter,
                                 .sort = sort,
                                 .limit = FIND_EACH,
                                 .walk_ms = left < LIST_LEAST_MS ? LIST_LEAST_MS
                                                                 : (int)left};
}

/* A list that had no time to find anything is no reason to show nothing. */
static int late(struct find *f, int rc, bool partial) {
    f->out.partial |= partial || rc == ERR_TIMEOUT;
    return rc == ERR_TIMEOUT ? 0 : rc;
}

static int orders(struct find *f, const char *filter) {
    struct order_page got = {0};
    struct list_request r = page(f, filter, ORDER_SORT_CREATED_DESC);
    int rc = order_list(f->tx, &r, 0, f->arena, &got, f->error);
    for (size_t i = 0; rc >= 0 && i < got.n; i++)
        add_order(f, &got.items[i]);
    return late(f, rc, got.partial);
}

static int products(struct find *f, const char *filter) {
    struct product_page got = {0};
    struct list_request r = page(f, filter, PRODUCT_SORT_NAME);
    int rc = product_list(f->tx, &r, true, 0, 0, f->arena, &got, f->error);
    for (size_t i = 0; rc >= 0 && i < got.n; i++)
        add_product(f, &got.items[i]);
    return late(f, rc, got.partial);
}

static int customers(struct find *f, const char *filter) {
    struct customer_page got = {0};
    struct list_request r = page(f, filter, CUSTOMER_SORT_NAME);
    int rc = customer_list(f->tx, &r, f->arena, &got, f->error);
    for (size_t i = 0; rc >= 0 && i < got.n; i++)
        add_customer(f, &got.items[i]);
    return late(f, rc, got.partial);
}

static int shipments(struct find *f, const char *filter) {
    struct parcel_page got = {0};
    struct list_request r = page(f, filter, 0);
    int rc = parcel_list(f->tx, &r, f->arena, &got, f->error);
    for (size_t i = 0; rc >= 0 && i < got.n; i++)
        add_parcel(f, &got.items[i]);
    return late(f, rc, got.partial);
}

static int by_code(struct find *f) {
    static const struct {
        const char *key;
        int (*list)(struct find *f, const char *filter);
    } codes[] = {
        {"number:", orders}, {"sku:", products}, {"tracking:", shipments}};
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < sizeof codes / sizeof *codes; i++) {
        AUTO_BUF struct buf filter = BUF_INIT;
        quote(&filter, codes[i].key, f->text, strlen(f->text));
        rc = codes[i].list(f, buf_str(&filter));
    }
    return rc;
}

static int by_words(struct find *f) {
    AUTO_BUF struct buf words = BUF_INIT;
    quote_words(&words, f->text);
    int rc = orders(f, buf_str(&words));
    if (rc >= 0)
        rc = products(f, buf_str(&words));
    if (rc >= 0)
        rc = customers(f, buf_str(&words));
    return rc;
}

/* Without the blanks around it; NULL when nothing in it can be found. */
static const char *trim(struct arena *a, const char *text) {
    bool any = false;
    char *s = arena_dupn(a, text, strlen(text));
    for (char *p = s; *p; p++) {
        any |= isalnum((unsigned char)*p) || (unsigned char)*p >= 0x80;
        if ((unsigned char)*p < ' ')
            *p = ' ';
    }
    s += strspn(s, " ");
    size_t n = strlen(s);
    while (n > 0 && s[n - 1] == ' ')
        s[--n] = '\0';
    return any ? s : NULL;
}

int find_anything(struct db_tx *tx, const char *text, int limit,
                  struct arena *a, struct found_list *ret, struct error *e) {
    struct find f = {.tx = tx,
                     .text = trim(a, text),
                     .arena = a,
                     .limit = (size_t)limit,
                     .until = db_mono(tx) + LIST_WALK_MS,
                     .error = e};
    f.out.items = arena_alloc(a, f.limit * sizeof *f.out.items);
    int rc = 0;
    if (f.text)
        rc = by_ref(&f);
    if (f.text && rc >= 0)
        rc = by_code(&f);
    if (f.text && rc >= 0)
        rc = by_words(&f);
    if (rc < 0)
        return rc;
    *ret = f.out;
    return 0;
}
