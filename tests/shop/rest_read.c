#include <inttypes.h>
#include <string.h>

#include "tests/shop/rest.h"
#include "tests/shop/shop.h"

/* Allowed orderby values, default first. */
static const char by_post[] = "date,id,include,title,slug,modified";
static const char by_product[] =
    "date,id,include,title,slug,modified,price,popularity,rating,menu_order,"
    "random,post__in,sales";
static const char by_variation[] =
    "date,id,include,title,slug,modified,menu_order";
static const char by_term[] =
    "name,id,include,slug,term_group,description,count";

void rest_list(struct exchange *x, enum kind k, bool children) {
    static const struct list_spec specs[KINDS] = {
        [K_ORDER] = {.orderby = by_post, .dates = true},
        [K_REFUND] = {.orderby = by_post, .dates = true},
        [K_COUPON] = {.orderby = by_post, .dates = true},
        [K_PRODUCT] = {.orderby = by_product, .dates = true},
        [K_VARIATION] = {.orderby = by_variation, .dates = true},
        [K_CUSTOMER] = {.orderby = "name,id,include,registered_date",
                        .ascending = true},
        [K_CATEGORY] = {.orderby = by_term, .ascending = true},
        [K_TAG] = {.orderby = by_term, .ascending = true},
        [K_TAX] = {.orderby = "order,id,priority", .ascending = true},
        [K_WEBHOOK] = {.orderby = "date,id,title"},
    };
    struct list_spec spec = specs[k];
    spec.kind = k;
    spec.parent = children ? x->id[0] : 0;
    list_reply(x, &spec);
}

bool rest_is(const struct exchange *x, const char *method) {
    return strcmp(x->method, method) == 0;
}

bool rest_creates(const struct exchange *x) {
    return x->creating;
}

bool rest_forced(const struct exchange *x) {
    return x->in_batch || node_true(exchange_arg(x, "force"));
}

void rest_show(struct exchange *x, const struct obj *o) {
    reply_object(x, 200, o->text, o->n);
}

void rest_created(struct exchange *x, const struct obj *o, const char *path) {
    reply_object(x, 201, o->text, o->n);
    exchange_header(x, "Location", "%s/wp-json/wc/v3/%s/%" PRId64,
                    shop_home(x->shop), path, o->id);
}

void rest_remove(struct exchange *x, enum kind k, struct obj *o) {
    reply_object(x, 200, o->text, o->n);
    store_drop(x->s, k, o);
}

void rest_no_trash(struct exchange *x, const char *message) {
    reply_error(x, 501, "woocommerce_rest_trash_not_supported", message);
}

void rest_relink(struct buf *out, const struct obj *o, const char *links) {
    static const char key[] = ",\"_links\":";
    const char *at = NULL, *next = o->text;
    size_t left = o->n;
    while ((next = memmem(next, left, key, sizeof key - 1))) {
        at = next++;
        left = o->n - (size_t)(next - o->text);
    }
    size_t n = at ? (size_t)(at - o->text) : o->n - 1;
    buf_add(out, o->text, n);
    buf_adds(out, key);
    buf_adds(out, links);
    buf_addc(out, '}');
}

/* The collection of all variations links to itself, not to the parents. */
static void variation_show(struct exchange *x, const struct obj *o,
                           struct buf *out) {
    AUTO_BUF struct buf links = BUF_INIT;
    AUTO_BUF struct buf url = BUF_INIT;
    AUTO_BUF struct buf home = BUF_INIT;
    buf_addf(&home, "%s/wp-json/wc/v3", x->s->home);
    node_quote(&url, home.data, home.len);
    url.data[--url.len] = 0;
    buf_addf(&links,
             "{\"self\":[{\"href\":%s\\/variations\\/%" PRId64
             "\"}],\"collection\":[{\"href\":%s\\/variations\"}],"
             "\"up\":[{\"href\":%s\\/products\\/0\"}]}",
             url.data, o->id, url.data, url.data);
    rest_relink(out, o, links.data);
}

void rest_all_variations(struct exchange *x) {
    const struct list_spec spec = {.kind = K_VARIATION,
                                   .orderby = by_variation,
                                   .dates = true,
                                   .show = variation_show};
    list_reply(x, &spec);
}

/* /refunds tells the order, which /orders/{id}/refunds need not. */
static void refund_show(struct exchange *x, const struct obj *o,
                        struct buf *out) {
    (void)x;
    size_t n = strcspn(o->text, ",");
    buf_add(out, o->text, n);
    buf_addf(out, ",\"parent_id\":%" PRId64, o->parent);
    buf_add(out, o->text + n, o->n - n);
}

void rest_refunds(struct exchange *x) {
    const struct list_spec spec = {.kind = K_REFUND,
                                   .orderby = by_post,
                                   .dates = true,
                                   .show = refund_show};
    list_reply(x, &spec);
}

void rest_tags(struct exchange *x) {
    if (rest_is(x, "GET"))
        rest_list(x, K_TAG, false);
    else
        route_refuse(x);
}

/* Collections the shop has none of (reviews, attributes). */
void rest_empty(struct exchange *x) {
    if (!rest_is(x, "GET")) {
        route_refuse(x);
        return;
    }
    reply_node(x, 200, node_array(x->a));
    exchange_header(x, "X-WP-Total", "0");
    exchange_header(x, "X-WP-TotalPages", "0");
}
