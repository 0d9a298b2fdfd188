#include <string.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/err.h"
#include "common/fold.h"
#include "common/gtin.h"
#include "common/json.h"
#include "common/money.h"
#include "common/str.h"
#include "shop/field.h"
#include "shop/truth.h"

enum { MAX_CATEGORIES = 1000 };

static void read_kind(struct field_reader *r, const struct json *v,
                      int64_t parent_id, struct product *p) {
    bool typed;
    p->type = field_text(r, v, "type", FIELD_SLUG);
    typed = *p->type;
    p->parent_id = field_ref(r, v, "parent_id");
    if (p->parent_id == 0)
        p->parent_id = parent_id;
    if (!typed)
        p->type = p->parent_id ? "variation" : "simple";
    if (!str_eq(p->type, "variation"))
        p->parent_id = 0; /* children of grouped products are products */
    else if (p->parent_id == 0)
        (void)field_fail(r, "parent_id", "A variation without its product.");
}

static void read_quantity(struct field_reader *r, const struct json *v,
                          struct decode_stock *s) {
    const struct json *m = json_get(v, "manage_stock");
    if (str_eq(json_string(m), "parent"))
        s->manage = PRODUCT_PARENT_STOCK;
    else
        s->manage = field_bool(v, "manage_stock") ? PRODUCT_OWN_STOCK
                                                  : PRODUCT_UNMANAGED;
    s->stock_e3 =
        field_decimal(r, v, "stock_quantity", QTY_SCALE, PRODUCT_NONE);
    if (s->manage == PRODUCT_UNMANAGED)
        s->stock_e3 = PRODUCT_NONE;
    s->stock_status = field_text(r, v, "stock_status", FIELD_SLUG);
}

int decode_stock(struct arena *a, const struct json *v,
                 struct decode_stock *ret) {
    AUTO_BUF struct buf scratch = BUF_INIT;
    struct decode_fault fault;
    struct field_reader r;
    struct decode_stock s;
    field_init(&r, a, &scratch, &fault);
    read_quantity(&r, v, &s);
    if (r.failed)
        return ERR_INVALID;
    *ret = s;
    return 0;
}

static void read_stock(struct field_reader *r, const struct json *v,
                       struct product *p) {
    struct decode_stock s;
    read_quantity(r, v, &s);
    p->manage = s.manage;
    p->stock_e3 = s.stock_e3;
    p->stock_status = s.stock_status;
    p->low_e3 =
        field_decimal(r, v, "low_stock_amount", QTY_SCALE, PRODUCT_NONE);
}

static int64_t price(struct field_reader *r, const struct json *v,
                     const char *key) {
    return field_decimal(r, v, key, MONEY_SCALE, PRODUCT_NONE);
}

static void read_categories(struct field_reader *r, const struct json *v,
                            struct product *p) {
    const struct json *list = json_get(v, "categories");
    size_t n = json_count(list);
    if (json_type(list) != JSON_ARRAY || n == 0)
        return;
    if (n > MAX_CATEGORIES) {
        (void)field_fail(r, "categories", "More than 1000 categories.");
        return;
    }
    int64_t *ids = arena_alloc(r->arena, n * sizeof *ids);
    r->list = "categories";
    for (const struct json *c = json_first(list); c; c = json_next(c)) {
        r->index = p->n_categories;
        ids[p->n_categories++] = field_id(r, c, "id");
    }
    r->list = NULL;
    p->categories = ids;
}

static const char *gtin_of(struct arena *a, const char *code) {
    char buf[GTIN_TEXT];
    const char *key = gtin_key(buf, code);
    return arena_dupn(a, key, strlen(key));
}

static const char *search_text(struct field_reader *r, const struct product *p,
                               const char *ean) {
    struct buf *b = r->scratch;
    buf_clear(b);
    buf_adds(b, p->sort_name);
    buf_addc(b, '\n');
    fold_text(b, p->sku, strlen(p->sku));
    buf_addc(b, '\n');
    fold_text(b, ean, strlen(ean));
    return arena_dupn(r->arena, buf_str(b), b->len);
}

int decode_product(struct arena *a, struct buf *scratch, const struct json *v,
                   int64_t parent_id, struct product *ret,
                   struct decode_fault *f) {
    struct field_reader r;
    struct product p = {0};
    field_init(&r, a, scratch, f);
    if (json_type(v) != JSON_OBJECT)
        return field_fail(&r, "", "Not an object.");
    p.o.remote_id = field_id(&r, v, "id");
    read_kind(&r, v, parent_id, &p);
    p.status = field_text(&r, v, "status", FIELD_SLUG);
    p.sku = field_text(&r, v, "sku", FIELD_TEXT);
    p.name = field_decoded(&r, v, "name", FIELD_TEXT);
    p.sort_name = field_fold(&r, p.name);
    p.price_e4 = price(&r, v, "price");
    p.regular_e4 = price(&r, v, "regular_price");
    p.sale_e4 = price(&r, v, "sale_price");
    read_stock(&r, v, &p);
    p.created_ms = field_time(&r, v, "date_created_gmt");
    p.modified_ms = field_time(&r, v, "date_modified_gmt");
    if (p.modified_ms == 0)
        p.modified_ms = p.created_ms;
    const char *code = field_text(&r, v, "global_unique_id", FIELD_TEXT);
    p.gtin = gtin_of(a, code);
    read_categories(&r, v, &p);
    if (r.failed)
        return ERR_INVALID;
    p.o.search = search_text(&r, &p, code);
    truth_hash(scratch, MIRROR_PRODUCT, v, p.o.hash);
    *ret = p;
    return 0;
}
