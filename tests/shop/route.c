#include "tests/shop/route.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/shop/admin.h"
#include "tests/shop/auth.h"
#include "tests/shop/shop.h"

/* '#' stands for a number. Allow is what WordPress prints for the route. */
struct route {
    const char *path, *allow;
    route_handler *handler;
    bool open; /* needs no key */
};

#define LIST "GET, POST"
#define ITEM "GET, POST, PUT, PATCH, DELETE"
#define BATCH "POST, PUT, PATCH"

static const struct route routes[] = {
    {"/", "GET", info_root, true},
    {"/wc/v3", "GET", info_namespace, true},
    {"/wc/v3/system_status", "GET", info_system_status, false},
    {"/wc/v3/settings/general", "GET", info_settings_general, false},
    {"/wc/v3/data/currencies/current", "GET", info_currency, false},
    {"/wc/v3/payment_gateways", "GET", info_gateways, false},
    {"/wc/v3/reports/orders/totals", "GET", info_order_totals, false},
    {"/wc/v3/orders", LIST, rest_orders, false},
    {"/wc/v3/orders/statuses", "GET", info_statuses, true},
    {"/wc/v3/orders/batch", BATCH, rest_orders_batch, false},
    {"/wc/v3/orders/#", ITEM, rest_order, false},
    {"/wc/v3/orders/#/notes", LIST, rest_notes, false},
    {"/wc/v3/orders/#/notes/#", "GET, DELETE", rest_note, false},
    {"/wc/v3/orders/#/refunds", LIST, rest_order_refunds, false},
    {"/wc/v3/orders/#/refunds/#", "GET, DELETE", rest_order_refund, false},
    {"/wc/v3/orders/#/fulfillments", LIST, rest_fulfillments, false},
    {"/wc/v3/orders/#/fulfillments/#", ITEM, rest_fulfillment, false},
    {"/wc/v3/orders/#/fulfillments/#/metadata", ITEM, rest_fulfillment_meta,
     false},
    {"/wc/v3/orders/#/actions/email_templates", "GET", rest_email_templates,
     false},
    {"/wc/v3/orders/#/actions/send_email", "POST", rest_send_email, false},
    {"/wc/v3/orders/#/actions/send_order_details", "POST", rest_send_details,
     false},
    {"/wc/v3/orders/#/receipt", "POST, GET", rest_receipt, false},
    {"/wc/v3/refunds", "GET", rest_refunds, false},
    {"/wc/v3/products", LIST, rest_products, false},
    {"/wc/v3/products/batch", BATCH, rest_products_batch, false},
    {"/wc/v3/products/#", ITEM, rest_product, false},
    {"/wc/v3/products/#/variations/batch", BATCH, rest_variations_batch, false},
    {"/wc/v3/products/#/variations", LIST, rest_variations, false},
    {"/wc/v3/products/#/variations/#", ITEM, rest_variation, false},
    {"/wc/v3/variations", "GET", rest_all_variations, false},
    {"/wc/v3/products/categories", LIST, rest_terms, false},
    {"/wc/v3/products/categories/#", ITEM, rest_term, false},
    {"/wc/v3/products/tags", LIST, rest_tags, false},
    {"/wc/v3/products/reviews", LIST, rest_empty, false},
    {"/wc/v3/products/attributes", LIST, rest_empty, false},
    {"/wc/v3/customers", LIST, rest_customers, false},
    {"/wc/v3/customers/batch", BATCH, rest_customers_batch, false},
    {"/wc/v3/customers/#", ITEM, rest_customer, false},
    {"/wc/v3/coupons", LIST, rest_coupons, false},
    {"/wc/v3/coupons/#", ITEM, rest_coupon, false},
    {"/wc/v3/taxes", LIST, rest_taxes, false},
    {"/wc/v3/taxes/#", ITEM, rest_tax, false},
    {"/wc/v3/webhooks", LIST, rest_webhooks, false},
    {"/wc/v3/webhooks/#", ITEM, rest_webhook, false},
};

void route_refuse(struct exchange *x) {
    reply_error(x, 404, "rest_no_route",
                "No route was found matching the URL and request method.");
    x->allow = NULL;
}

void route_describe(struct arena *a, struct node *to) {
    for (size_t i = 1; i < sizeof routes / sizeof *routes; i++) {
        AUTO_BUF struct buf name = BUF_INIT;
        struct node *one = node_object(a), *verbs = node_array(a);
        for (const char *p = routes[i].path; *p; p++) {
            if (*p == '#')
                buf_adds(&name, "(?P<id>[\\d]+)");
            else
                buf_addc(&name, *p);
        }
        for (const char *p = routes[i].allow; *p;) {
            size_t n = strcspn(p, ",");
            node_add(verbs, node_str(a, arena_dupn(a, p, n)));
            p += n + (p[n] ? 2 : 0);
        }
        node_put(a, one, "methods", verbs);
        node_put(a, to, buf_str(&name), one);
    }
}

static bool path_match(const char *pattern, const char *p, int64_t *ids) {
    size_t n = 0;
    for (; *pattern; pattern++) {
        if (*pattern != '#') {
            if (*pattern != *p++)
                return false;
            continue;
        }
        char *end;
        if (*p < '0' || *p > '9')
            return false;
        ids[n++] = strtoll(p, &end, 10);
        p = end;
    }
    return !*p;
}

static const struct route *route_find(struct exchange *x) {
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
        int64_t ids[EXCHANGE_IDS] = {0};
        if (!path_match(routes[i].path, x->route, ids))
            continue;
        memcpy(x->id, ids, sizeof ids);
        return &routes[i];
    }
    return NULL;
}

static bool is_allowed(const struct route *r, const char *method) {
    size_t n = strlen(method);
    for (const char *p = r->allow; (p = strstr(p, method)); p += n)
        if ((p == r->allow || p[-1] == ' ') && (!p[n] || p[n] == ','))
            return true;
    return false;
}

/* PUT and PATCH act as POST does, HEAD as GET; a form may name the verb. */
static void method_settle(struct exchange *x) {
    const char *other = exchange_param(x, "_method");
    if (!strcmp(x->method, "POST") && (other || x->method_override))
        x->method = other ? other : x->method_override;
    if (!strcmp(x->method, "HEAD"))
        x->method = "GET";
}

/* JSON only when it says so; forms are read; all else is silently ignored. */
static bool body_read(struct exchange *x) {
    const char *type = x->content_type ? x->content_type : "";
    if (!x->body_n || !strcmp(x->method, "GET"))
        return true;
    if (strstr(type, "x-www-form-urlencoded"))
        exchange_form(x, x->body, x->body_n);
    if (!strstr(type, "application/json"))
        return true;
    x->json = node_parse(x->a, x->body, x->body_n);
    if (x->json)
        return true;
    struct node *data = node_object(x->a);
    node_puti(x->a, data, "json_error_code", 3);
    node_puts(x->a, data, "json_error_message",
              "Control character error, possibly incorrectly encoded");
    reply_error_data(x, 400, "rest_invalid_json", "Invalid JSON body passed.",
                     data);
    return false;
}

void route_dispatch(struct exchange *x) {
    method_settle(x);
    const struct route *r = x->route ? route_find(x) : NULL;
    if (!r || !is_allowed(r, x->method)) {
        route_refuse(x);
        return;
    }
    x->allow = r->allow;
    if (!r->open && !x->authorised)
        auth_refuse(x);
    else if (body_read(x))
        r->handler(x);
}
