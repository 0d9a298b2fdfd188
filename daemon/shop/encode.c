#include "shop/encode.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/arena.h"
#include "common/check.h"
#include "common/cleanup.h"
#include "common/json.h"
#include "common/jsonw.h"
#include "common/money.h"
#include "common/str.h"
#include "model/change_value.h"

DEFINE_CLEANUP(struct arena *, encode_arena, arena_free)
#define AUTO_ARENA CLEANUP(encode_arena)

static enum collection collection_of(const struct change *c) {
    switch (c->kind) {
    case MIRROR_PRODUCT:
        return c->parent_id ? COLLECTION_VARIATIONS : COLLECTION_PRODUCTS;
    case MIRROR_CUSTOMER:
        return COLLECTION_CUSTOMERS;
    case MIRROR_CATEGORY:
        return COLLECTION_CATEGORIES;
    default:
        return COLLECTION_ORDERS;
    }
}

void encode_route(const struct change *c, struct shop_request *r) {
    if (c->remote_id > 0)
        request_one(r, collection_of(c), c->parent_id, c->remote_id);
    else
        request_init(r, HTTP_GET, collection_path(collection_of(c)));
}

/* Texts of ours were checked when they were accepted; one that is none any more
 * is null. */
static const struct json *parsed(struct arena *a, const char *text) {
    const struct json *v = NULL;
    if (text && json_parse(a, text, strlen(text), NULL, &v, NULL) < 0)
        return NULL;
    return v;
}

static void raw(struct jsonw *w, const char *json) {
    jsonw_raw(w, json, strlen(json));
}

static void value(struct jsonw *w, const struct json *v) {
    AUTO_BUF struct buf b = BUF_INIT;
    json_print(&b, v);
    jsonw_raw(w, buf_str(&b), b.len);
}

static void meta_entry(struct jsonw *w, const char *key, const char *json) {
    jsonw_begin_object(w);
    jsonw_kstring(w, "key", key);
    jsonw_key(w, "value");
    raw(w, json);
    jsonw_end_object(w);
}

static void op_entry(struct jsonw *w, const struct change *c) {
    jsonw_begin_object(w);
    jsonw_kstring(w, "key", ENCODE_OP);
    jsonw_kstring(w, "value", c->uuid);
    jsonw_end_object(w);
}

/* --- fields of an object -------------------------------------------------- */

/* Ids as WooCommerce wants them: [{"id":9}]. */
static void categories(struct jsonw *w, const struct json *ids) {
    int64_t id;
    jsonw_begin_array(w);
    for (const struct json *c = json_first(ids); c; c = json_next(c)) {
        if (json_i64(c, true, &id) < 0)
            continue;
        jsonw_begin_object(w);
        jsonw_ki64(w, "id", id);
        jsonw_end_object(w);
    }
    jsonw_end_array(w);
}

/* Bytes before the point of "billing.email"; 0: no member of an object. */
static size_t prefix_of(const char *path) {
    const char *dot = str_starts(path, "meta[") ? NULL : strchr(path, '.');
    return dot ? (size_t)(dot - path) : 0;
}

static bool same_prefix(const char *x, const char *y) {
    size_t n = prefix_of(x);
    return n == prefix_of(y) && strncmp(x, y, n) == 0;
}

/* All members of one object, at the first of them. */
static void members(struct jsonw *w, const struct change *c, size_t first) {
    const char *path = c->paths[first].path;
    size_t n = prefix_of(path);
    for (size_t i = 0; i < first; i++)
        if (same_prefix(c->paths[i].path, path))
            return;
    char name[64];
    (void)str_format(name, sizeof name, "%.*s", (int)n, path);
    jsonw_key(w, name);
    jsonw_begin_object(w);
    for (size_t i = first; i < c->n_paths; i++) {
        if (!same_prefix(c->paths[i].path, path))
            continue;
        jsonw_key(w, c->paths[i].path + n + 1);
        raw(w, c->paths[i].wanted);
    }
    jsonw_end_object(w);
}

static void meta_paths(struct jsonw *w, const struct change *c,
                       struct arena *a) {
    bool any = false;
    for (size_t i = 0; i < c->n_paths; i++) {
        const char *key = change_value_meta(c->paths[i].path, a);
        if (!key)
            continue;
        if (!any) {
            jsonw_key(w, "meta_data");
            jsonw_begin_array(w);
        }
        any = true;
        meta_entry(w, key, c->paths[i].wanted);
    }
    if (any)
        jsonw_end_array(w);
}

static void set_body(struct jsonw *w, const struct change *c, struct arena *a) {
    for (size_t i = 0; i < c->n_paths; i++) {
        const struct change_path *p = &c->paths[i];
        if (str_starts(p->path, "meta["))
            continue;
        if (prefix_of(p->path)) {
            members(w, c, i);
            continue;
        }
        jsonw_key(w, p->path);
        if (str_eq(p->path, "categories"))
            categories(w, parsed(a, p->wanted));
        else
            raw(w, p->wanted);
    }
    meta_paths(w, c, a);
}

/* --- the other acts ------------------------------------------------------- */

/* One save keeps both, so the marker tells whether the delta was taken
 * (woocommerce-facts 6). */
static void stock_body(struct jsonw *w, const struct change *c,
                       struct arena *a) {
    int64_t delta = 0;
    REQUIRE(c->n_paths == 1);
    REQUIRE(json_i64(parsed(a, c->paths[0].wanted), true, &delta) == 0);
    jsonw_ki64(w, "inventory_delta", delta);
    jsonw_key(w, "meta_data");
    jsonw_begin_array(w);
    op_entry(w, c);
    jsonw_end_array(w);
}

static void note_body(struct jsonw *w, const struct json *p) {
    bool customer = false;
    (void)json_bool(json_get(p, "customer"), true, &customer);
    jsonw_kstring(w, "note", json_string(json_get(p, "text")));
    jsonw_kbool(w, "customer_note", customer);
}

/* Quantities are kept as "2", shops take whole numbers. */
static int64_t whole(const struct json *v) {
    int64_t e3 = 0;
    (void)json_decimal(v, QTY_SCALE, &e3);
    return e3 / 1000;
}

static void refund_line(struct jsonw *w, const struct json *l) {
    char text[MONEY_TEXT];
    int64_t id = 0, e4 = 0;
    (void)json_i64(json_get(l, "id"), true, &id);
    (void)json_decimal(json_get(l, "amount"), MONEY_SCALE, &e4);
    jsonw_begin_object(w);
    jsonw_ki64(w, "id", id);
    if (json_get(l, "quantity"))
        jsonw_ki64(w, "quantity", whole(json_get(l, "quantity")));
    jsonw_key(w, "refund_total"); /* a number here, a text in `amount` */
    raw(w, money_format(text, e4, MONEY_SCALE, 2));
    jsonw_end_object(w);
}

static void refund_lines(struct jsonw *w, const struct json *lines) {
    if (!json_first(lines))
        return;
    jsonw_key(w, "line_items");
    jsonw_begin_array(w);
    for (const struct json *l = json_first(lines); l; l = json_next(l))
        refund_line(w, l);
    jsonw_end_array(w);
}

/* Both switches are on unless said otherwise, and an amount that is left out is
 * stored as none: everything is said. */
static void refund_body(struct jsonw *w, const struct change *c,
                        const struct json *p) {
    bool api = false, restock = false;
    (void)json_bool(json_get(p, "api"), true, &api);
    (void)json_bool(json_get(p, "restock"), true, &restock);
    jsonw_kstring(w, "amount", json_string(json_get(p, "amount")));
    const char *reason = json_string(json_get(p, "reason"));
    jsonw_kstring(w, "reason", reason ? reason : "");
    jsonw_kbool(w, "api_refund", api);
    jsonw_kbool(w, "api_restock", restock);
    refund_lines(w, json_get(p, "lines"));
    jsonw_key(w, "meta_data");
    jsonw_begin_array(w);
    op_entry(w, c);
    jsonw_end_array(w);
}

static void create_meta(struct jsonw *w, const struct change *c,
                        const struct json *meta) {
    if (c->kind == MIRROR_CATEGORY)
        return; /* terms keep none */
    jsonw_key(w, "meta_data");
    jsonw_begin_array(w);
    for (const struct json *m = json_first(meta); m; m = json_next(m))
        value(w, m);
    op_entry(w, c);
    jsonw_end_array(w);
}

static void create_body(struct jsonw *w, const struct change *c,
                        const struct json *p) {
    for (const struct json *m = json_first(p); m; m = json_next(m)) {
        const char *key = json_key(m);
        if (str_eq(key, "meta_data"))
            continue;
        jsonw_key(w, str_eq(key, "lines") ? "line_items" : key);
        if (str_eq(key, "categories"))
            categories(w, m);
        else
            value(w, m);
    }
    create_meta(w, c, json_get(p, "meta_data"));
}

/* --- requests ------------------------------------------------------------- */

static void write_request(struct shop_request *r, enum http_method method,
                          const struct buf *body) {
    r->method = method;
    r->cls = REQUEST_WRITE;
    r->body = body->data;
    r->body_n = body->len;
}

/* Below the object: "/notes". */
static void below(struct shop_request *r, const struct change *c,
                  const char *what) {
    char path[REQUEST_PATH];
    (void)snprintf(path, sizeof path, "/wc/v3/orders/%" PRId64 "/%s",
                   c->remote_id, what);
    request_init(r, HTTP_POST, path);
}

static void act_body(struct jsonw *w, const struct change *c, struct arena *a) {
    const struct json *p = parsed(a, c->payload);
    switch (c->act) {
    case CHANGE_SET:
    case CHANGE_UNTRASH:
        set_body(w, c, a);
        break;
    case CHANGE_STOCK:
        stock_body(w, c, a);
        break;
    case CHANGE_NOTE:
        note_body(w, p);
        break;
    case CHANGE_REFUND:
        refund_body(w, c, p);
        break;
    case CHANGE_CREATE:
        create_body(w, c, p);
        break;
    default:
        REQUIRE(false); /* the others have no body of this kind */
    }
}

void encode_change(const struct change *c, struct shop_request *r,
                   struct buf *body) {
    AUTO_ARENA struct arena *a = arena_new(4096);
    struct jsonw w;
    if (c->act == CHANGE_NOTE || c->act == CHANGE_REFUND)
        below(r, c, c->act == CHANGE_NOTE ? "notes" : "refunds");
    else
        encode_route(c, r);
    if (c->act == CHANGE_TRASH) { /* without force: it can be taken back */
        if (c->kind == MIRROR_CATEGORY) /* categories have no trash */
            request_param(r, "force", "true");
        write_request(r, HTTP_DELETE, body);
        return;
    }
    jsonw_init(&w, body);
    jsonw_begin_object(&w);
    act_body(&w, c, a);
    jsonw_end_object(&w);
    write_request(r,
                  c->act == CHANGE_SET || c->act == CHANGE_UNTRASH ||
                          c->act == CHANGE_STOCK
                      ? HTTP_PUT
                      : HTTP_POST,
                  body);
}
