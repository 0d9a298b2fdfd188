#include "model/find.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/gtin.h"
#include "common/ref.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/bin.h"
#include "model/count.h"
#include "model/customer_list.h"
#include "model/inbound.h"
#include "model/item.h"
#include "model/order_list.h"
#include "model/parcel.h"
#include "model/pick.h"
#include "model/product_list.h"
#include "model/store.h"

const char *found_kind_name(enum found_kind k) {
    static const char *const names[] = {
        "order", "product", "customer", "shipment", "lot",
        "bin",   "pick",    "work",     "inbound",  "count"};
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

/* --- of the warehouse ----------------------------------------------------- */

static void add_work(struct find *f, const struct work *w, const char *code) {
    char ref[REF_TEXT + 8];
    struct ref r = {.kind = REF_OBJECT, .id = w->remote_id};
    (void)str_copy(r.store, sizeof r.store, w->store);
    if (w->state == WORK_PICKING)
        (void)str_format(ref, sizeof ref, "P-%lld", (long long)w->id);
    else
        (void)ref_format(ref, &r);
    add(f, w->state == WORK_PICKING ? FOUND_PICK : FOUND_WORK, ref, w->store,
        code, w->lease_user, work_state_name(w->state));
}

/* P-77 and W-12, as they stand on the paper one walks with. */
static int by_pick(struct find *f) {
    struct pick p;
    int rc = pick_get(f->tx, f->text, f->arena, &p);
    if (rc <= 0)
        return rc == ERR_INVALID ? 0 : rc;
    if (p.wave_id == 0)
        add_work(f, &p.works[0], f->text);
    else
        add(f, FOUND_PICK, f->text, p.works[0].store, f->text, p.kind, "");
    return 0;
}

/* The number behind I- or C-; 0: it is none. */
static int64_t number_of(const char *text, char letter) {
    int64_t n = 0;
    if ((*text | 32) == (letter | 32) && text[1] == '-')
        (void)str_to_i64(text + 2, 1, INT64_MAX, &n); /* else 0 */
    return n;
}

static int by_paper(struct find *f) {
    int64_t in = number_of(f->text, 'I'), co = number_of(f->text, 'C');
    struct inbound i;
    struct stock_count c;
    char ref[24];
    int rc = in ? inbound_get(f->tx, in, f->arena, &i) : 0;
    if (rc > 0)
        add(f, FOUND_INBOUND, inbound_name(ref, i.id), "", f->text, i.reference,
            i.open ? "open" : "closed");
    rc = rc >= 0 && co ? count_get(f->tx, co, &c) : rc;
    if (rc > 0 && co)
        add(f, FOUND_COUNT, count_name(ref, c.id), "", f->text,
            list_keep(f->arena, c.note), list_keep(f->arena, c.state));
    return rc;
}

static int by_bin(struct find *f) {
    struct bin b;
    int rc = bin_by_code(f->tx, f->text, &b);
    if (rc > 0)
        add(f, FOUND_BIN, b.code, "", f->text, list_keep(f->arena, b.zone),
            b.quarantine ? "quarantine" : "");
    return rc;
}

static int by_tote(struct find *f) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(f->tx, STMT_WORKS_OF_TOTE, &r, "s", f->text);
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        struct work w;
        rc = work_get(f->tx, db_i64(r, 0), f->arena, &w);
        if (rc > 0)
            add_work(f, &w, w.tote);
    }
    return rc;
}

/* A piece in somebody's hand whose label says a lot or serial alone. */
static int by_lot(struct find *f) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(f->tx, STMT_LOTS_OF_CODE, &r, "s", f->text);
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        char ref[REF_TEXT];
        struct ref of = {.kind = REF_OBJECT};
        struct store s = {0};
        struct item i;
        int64_t store_id;
        rc = item_listed(f->tx, db_i64(r, 1), &store_id, &of.id);
        if (rc > 0)
            rc = store_by_id(f->tx, store_id, &s);
        if (rc > 0)
            rc = item_get(f->tx, db_i64(r, 1), f->arena, &i);
        if (rc > 0) {
            (void)str_copy(of.store, sizeof of.store, s.name);
            add(f, FOUND_LOT, ref_format(ref, &of), list_keep(f->arena, s.name),
                list_keep(f->arena, db_text(r, 2)), i.title, "");
        }
        store_done(&s);
    }
    return rc;
}

static int by_house(struct find *f) {
    static int (*const kinds[])(struct find * f) = {by_pick, by_paper, by_bin,
                                                    by_lot, by_tote};
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < sizeof kinds / sizeof *kinds; i++)
        rc = kinds[i](f);
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

/* By the number in bars, however the scanner sent it. */
static int by_gtin(struct find *f) {
    AUTO_ROWS struct db_rows *r = NULL;
    char key[GTIN_TEXT];
    if (!*gtin_key(key, f->text))
        return 0;
    int rc = db_query(f->tx, STMT_PRODUCTS_OF_GTIN, &r, "si", key,
                      (int64_t)FIND_EACH);
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        struct product_item p;
        char ref[REF_TEXT];
        struct ref of = {.kind = REF_OBJECT, .id = db_i64(r, 1)};
        rc = product_item_get(f->tx, db_i64(r, 0), of.id, f->arena, &p);
        if (rc <= 0)
            continue;
        (void)str_copy(of.store, sizeof of.store, p.store);
        add(f, FOUND_PRODUCT, ref_format(ref, &of), p.store,
            list_keep(f->arena, f->text), p.name, p.status);
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

int find_anything(struct db_tx *tx, const char *text, bool house, int limit,
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
        rc = by_gtin(&f);
    if (f.text && rc >= 0 && house)
        rc = by_house(&f);
    if (f.text && rc >= 0)
        rc = by_words(&f);
    if (rc < 0)
        return rc;
    *ret = f.out;
    return 0;
}
