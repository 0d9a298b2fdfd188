#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/err.h"
#include "common/fold.h"
#include "common/json.h"
#include "common/mem.h"
#include "common/money.h"
#include "common/str.h"
#include "shop/field.h"
#include "shop/truth.h"

enum { MAX_LINES = 10000 };

/* What the shop took from stock for this line, in its meta. */
static int64_t reduced_stock(const struct json *line) {
    int64_t n = 0;
    const struct json *m = json_first(json_get(line, "meta_data"));
    for (; m; m = json_next(m))
        if (str_eq(json_string(json_get(m, "key")), "_reduced_stock"))
            /* meta is free text: no number means nothing taken */
            (void)json_decimal(json_get(m, "value"), QTY_SCALE, &n);
    return n;
}

static void read_line(struct field_reader *r, const struct json *v,
                      struct order_line *ret) {
    ret->line_id = field_id(r, v, "id");
    ret->product_id = field_ref(r, v, "product_id");
    ret->variation_id = field_ref(r, v, "variation_id");
    ret->sku = field_text(r, v, "sku", FIELD_TEXT);
    ret->qty_e3 = field_decimal(r, v, "quantity", QTY_SCALE, 0);
    ret->total_e4 = field_decimal(r, v, "total", MONEY_SCALE, 0);
    ret->reduced_e3 = reduced_stock(v);
}

static int compare_ids(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Line ids are a key of ours: the shop's own order is ascending, only a strange
 * answer pays for the sort. */
static bool ids_twice(const struct order *o) {
    size_t i = 1;
    while (i < o->n_lines && o->lines[i].line_id > o->lines[i - 1].line_id)
        i++;
    if (i >= o->n_lines)
        return false;
    AUTO_FREE int64_t *ids = mem_zalloc(o->n_lines, sizeof *ids);
    for (i = 0; i < o->n_lines; i++)
        ids[i] = o->lines[i].line_id;
    qsort(ids, o->n_lines, sizeof *ids, compare_ids);
    for (i = 1; i < o->n_lines && ids[i] != ids[i - 1]; i++)
        ;
    return i < o->n_lines;
}

static void tally_line(struct field_reader *r, const struct order_line *l,
                       struct order *o) {
    if (!money_add(&o->items_e3, l->qty_e3))
        (void)field_fail(r, "quantity", "The sum of quantities overflows.");
    if (l->qty_e3 % 1000)
        o->flags |= ORDER_DECIMAL;
    if (!l->sku[0] || l->product_id == 0)
        o->flags |= ORDER_NO_SKU;
}

static void read_lines(struct field_reader *r, const struct json *v,
                       struct order *o) {
    const struct json *list = json_get(v, "line_items");
    size_t n = json_count(list);
    if (json_type(list) == JSON_NULL || n == 0)
        return;
    if (json_type(list) != JSON_ARRAY || n > MAX_LINES) {
        (void)field_fail(r, "line_items", "Not a list of at most 10000 lines.");
        return;
    }
    o->lines = arena_alloc(r->arena, n * sizeof *o->lines);
    r->list = "line_items";
    for (const struct json *c = json_first(list); c; c = json_next(c)) {
        r->index = o->n_lines;
        read_line(r, c, &o->lines[o->n_lines]);
        tally_line(r, &o->lines[o->n_lines++], o);
    }
    r->list = NULL;
    if (!r->failed && ids_twice(o))
        (void)field_fail(r, "line_items", "A line id appears twice.");
}

static void read_refunds(struct field_reader *r, const struct json *v,
                         struct order *o) {
    const struct json *list = json_get(v, "refunds");
    size_t n = json_count(list);
    if (n)
        o->flags |= ORDER_REFUNDED;
    if (json_type(list) != JSON_ARRAY || n > ORDER_REFUNDS)
        return;
    int64_t *ids = arena_alloc(r->arena, (n ? n : 1) * sizeof *ids);
    const struct json *c = json_first(list);
    for (size_t i = 0; i < n; i++, c = json_next(c)) {
        ids[i] = 0;
        (void)json_i64(json_get(c, "id"), false, &ids[i]); /* else 0 */
    }
    o->n_refunds = n;
    o->refunds = ids;
}

static const char *person(struct field_reader *r, const struct json *address) {
    const char *name =
        field_join(r, field_text(r, address, "first_name", FIELD_TEXT),
                   field_text(r, address, "last_name", FIELD_TEXT));
    return *name ? name : field_text(r, address, "company", FIELD_TEXT);
}

static void read_people(struct field_reader *r, const struct json *v,
                        struct order *o) {
    const struct json *bill = json_get(v, "billing");
    const struct json *ship = json_get(v, "shipping");
    const struct json *place;
    o->name = person(r, bill);
    if (!*o->name)
        o->name = person(r, ship);
    o->sort_name = field_fold(r, o->name);
    o->email = field_text(r, bill, "email", FIELD_TEXT);
    o->email_key = field_fold(r, o->email);
    o->phone = field_text(r, bill, "phone", FIELD_TEXT);
    if (!*o->phone)
        o->phone = field_text(r, ship, "phone", FIELD_TEXT);
    place = str_empty(field_text(r, bill, "city", FIELD_TEXT)) ? ship : bill;
    o->city = field_text(r, place, "city", FIELD_TEXT);
    o->country = field_text(r, place, "country", FIELD_SLUG);
}

static void add_folded(struct buf *b, const char *s) {
    if (!*s)
        return;
    if (b->len)
        buf_addc(b, '\n');
    fold_text(b, s, strlen(s));
}

static const char *search_text(struct field_reader *r, const struct order *o) {
    struct buf *b = r->scratch;
    buf_clear(b);
    add_folded(b, o->number);
    /* Already folded: only the separator is missing. */
    if (*o->sort_name)
        buf_addf(b, "%s%s", b->len ? "\n" : "", o->sort_name);
    if (*o->email_key)
        buf_addf(b, "%s%s", b->len ? "\n" : "", o->email_key);
    add_folded(b, o->phone);
    for (size_t i = 0; i < o->n_lines; i++)
        add_folded(b, o->lines[i].sku);
    return arena_dupn(r->arena, buf_str(b), b->len);
}

static void read_head(struct field_reader *r, const struct json *v,
                      struct order *o) {
    o->o.remote_id = field_id(r, v, "id");
    o->number = field_text(r, v, "number", FIELD_SLUG);
    if (!*o->number)
        o->number = field_text(r, v, "id", FIELD_SLUG);
    o->status = field_text(r, v, "status", FIELD_SLUG);
    if (str_starts(o->status, "wc-"))
        o->status += 3;
    if (!*o->status)
        (void)field_fail(r, "status", "The status is missing.");
    o->currency = field_text(r, v, "currency", 8);
    o->total_e4 = field_decimal(r, v, "total", MONEY_SCALE, INT64_MIN);
    if (o->total_e4 == INT64_MIN)
        (void)field_fail(r, "total", "The total is missing.");
    o->created_ms = field_time(r, v, "date_created_gmt");
    o->modified_ms = field_time(r, v, "date_modified_gmt");
    if (o->modified_ms == 0)
        o->modified_ms = o->created_ms;
    o->customer_id = field_ref(r, v, "customer_id");
}

int decode_order(struct arena *a, struct buf *scratch, const struct json *v,
                 struct order *ret, struct decode_fault *f) {
    struct field_reader r;
    struct order o = {0};
    field_init(&r, a, scratch, f);
    if (json_type(v) != JSON_OBJECT)
        return field_fail(&r, "", "Not an object.");
    read_head(&r, v, &o);
    read_people(&r, v, &o);
    if (*field_text(&r, v, "customer_note", FIELD_TEXT))
        o.flags |= ORDER_NOTE;
    read_refunds(&r, v, &o);
    read_lines(&r, v, &o);
    if (r.failed)
        return ERR_INVALID;
    o.o.search = search_text(&r, &o);
    truth_hash(scratch, MIRROR_ORDER, v, o.o.hash);
    *ret = o;
    return 0;
}
