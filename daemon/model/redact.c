#include "model/redact.h"

#include <string.h>

#include "common/arena.h"
#include "common/json.h"
#include "common/jsonw.h"
#include "common/str.h"
#include "model/kept.h"

/* Of the object and of its lines; meta_data is whatever plug-ins like. */
static const char *const plain[] = {
    "id",
    "parent_id",
    "number",
    "status",
    "currency",
    "version",
    "prices_include_tax",
    "date_created",
    "date_created_gmt",
    "date_modified",
    "date_modified_gmt",
    "date_paid",
    "date_paid_gmt",
    "date_completed",
    "date_completed_gmt",
    "discount_total",
    "discount_tax",
    "shipping_total",
    "shipping_tax",
    "cart_tax",
    "total",
    "total_tax",
    "customer_id",
    "payment_method",
    "payment_method_title",
    "amount",
    "refunded_payment",
    "name",
    "product_id",
    "variation_id",
    "quantity",
    "tax_class",
    "subtotal",
    "subtotal_tax",
    "sku",
    "price",
    "method_id",
    "method_title",
    "instance_id",
    "rate_code",
    "rate_id",
    "label",
    "compound",
    "tax_total",
    "shipping_tax_total",
    "rate_percent",
    "code",
    "discount",
};

static bool is_plain(const char *key) {
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        if (str_eq(key, plain[i]))
            return true;
    }
    return false;
}

static void copy_value(struct jsonw *w, const struct json *v) {
    AUTO_BUF struct buf text = BUF_INIT;
    json_print(&text, v);
    jsonw_key(w, json_key(v));
    jsonw_raw(w, buf_str(&text), text.len);
}

static bool is_scalar(const struct json *v) {
    return json_type(v) != JSON_OBJECT && json_type(v) != JSON_ARRAY;
}

static void copy_line(struct jsonw *w, const struct json *line) {
    jsonw_begin_object(w);
    for (const struct json *v = json_first(line); v; v = json_next(v)) {
        if (is_scalar(v) && is_plain(json_key(v)))
            copy_value(w, v);
    }
    jsonw_end_object(w);
}

static void copy_lines(struct jsonw *w, const struct json *list) {
    jsonw_key(w, json_key(list));
    jsonw_begin_array(w);
    for (const struct json *v = json_first(list); v; v = json_next(v)) {
        if (json_type(v) == JSON_OBJECT)
            copy_line(w, v);
    }
    jsonw_end_array(w);
}

/* The members' names stay: the built-in dictionary knows them. */
static void empty_address(struct jsonw *w, const struct json *address) {
    jsonw_key(w, json_key(address));
    jsonw_begin_object(w);
    for (const struct json *v = json_first(address); v; v = json_next(v)) {
        if (is_scalar(v))
            jsonw_kstring(w, json_key(v), "");
    }
    jsonw_end_object(w);
}

static bool is_list(const char *key) {
    return str_eq(key, "line_items") || str_eq(key, "tax_lines") ||
           str_eq(key, "shipping_lines") || str_eq(key, "fee_lines") ||
           str_eq(key, "coupon_lines") || str_eq(key, "refunds");
}

static void copy_member(struct jsonw *w, const struct json *v) {
    const char *key = json_key(v);
    if (json_type(v) == JSON_ARRAY && is_list(key))
        copy_lines(w, v);
    else if (json_type(v) == JSON_OBJECT &&
             (str_eq(key, "billing") || str_eq(key, "shipping")))
        empty_address(w, v);
    else if (is_scalar(v) && is_plain(key) && !str_eq(key, "name"))
        copy_value(w, v);
}

int redact_object(enum mirror_kind k, struct arena *a, const char *raw,
                  size_t n, struct buf *out) {
    const struct json *v;
    struct jsonw w;
    int rc = json_parse(a, raw, n, NULL, &v, NULL);
    if (rc < 0)
        return rc;
    bool lines = k == MIRROR_ORDER || k == MIRROR_REFUND;
    jsonw_init(&w, out);
    jsonw_begin_object(&w);
    for (v = lines ? json_first(v) : NULL; v; v = json_next(v))
        copy_member(&w, v);
    jsonw_end_object(&w);
    return 0;
}

int redact_kept(enum mirror_kind k, struct arena *a, struct mirror_object *o) {
    AUTO_BUF struct buf text = BUF_INIT;
    const char *raw;
    size_t n;
    if (!o->z)
        return 0;
    int rc = kept_unpack(kept_current(), a, o->z, o->z_n, o->dict, &raw, &n);
    if (rc >= 0)
        rc = redact_object(k, a, raw, n, &text);
    if (rc >= 0)
        rc = kept_pack(kept_current(), a, k, text.data, text.len, &o->z,
                       &o->z_n, &o->dict);
    return rc < 0 ? rc : 0;
}
