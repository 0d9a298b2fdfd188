#include "shop/request.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/check.h"
#include "common/when.h"
#include "shop/url.h"

static const struct {
    const char *name, *path;
    bool modified;
} collections[COLLECTION_COUNT] = {
    [COLLECTION_ORDERS] = {"orders", "/wc/v3/orders", true},
    [COLLECTION_REFUNDS] = {"refunds", "/wc/v3/refunds", true},
    [COLLECTION_PRODUCTS] = {"products", "/wc/v3/products", true},
    [COLLECTION_VARIATIONS] = {"variations", "/wc/v3/variations", true},
    [COLLECTION_CUSTOMERS] = {"customers", "/wc/v3/customers", false},
    [COLLECTION_CATEGORIES] = {"categories", "/wc/v3/products/categories",
                               false},
};

const char *collection_name(enum collection c) {
    REQUIRE(c < COLLECTION_COUNT);
    return collections[c].name;
}

const char *collection_path(enum collection c) {
    REQUIRE(c < COLLECTION_COUNT);
    return collections[c].path;
}

bool collection_has_modified(enum collection c) {
    REQUIRE(c < COLLECTION_COUNT);
    return collections[c].modified;
}

void request_init(struct shop_request *r, enum http_method m,
                  const char *path) {
    memset(r, 0, sizeof *r);
    r->method = m;
    r->cls = m == HTTP_GET ? REQUEST_ONE : REQUEST_WRITE;
    if (strlen(path) >= sizeof r->path)
        r->overflowed = true;
    else
        memcpy(r->path, path, strlen(path) + 1);
}

static void append(struct shop_request *r, const char *s, size_t n) {
    if (r->query_n + n >= sizeof r->query) {
        r->overflowed = true;
        return;
    }
    memcpy(r->query + r->query_n, s, n);
    r->query_n += n;
    r->query[r->query_n] = 0;
}

void request_param(struct shop_request *r, const char *name,
                   const char *value) {
    AUTO_BUF struct buf b = BUF_INIT;
    if (r->query_n)
        buf_addc(&b, '&');
    url_encode(&b, name, strlen(name));
    buf_addc(&b, '=');
    url_encode(&b, value, strlen(value));
    append(r, b.data, b.len);
}

void request_param_i64(struct shop_request *r, const char *name, int64_t v) {
    char text[24];
    (void)snprintf(text, sizeof text, "%" PRId64, v);
    request_param(r, name, text);
}

/* customers lists the role "customer" only and sorts by name unless told. */
void request_list(struct shop_request *r, enum collection c, int64_t page,
                  int per_page, enum request_order order) {
    REQUIRE(per_page >= 1 && per_page <= 100 && page >= 1);
    REQUIRE(order == ORDER_BY_ID_ASC || collection_has_modified(c));
    request_init(r, HTTP_GET, collection_path(c));
    r->cls = REQUEST_PAGE;
    request_param_i64(r, "page", page);
    request_param_i64(r, "per_page", per_page);
    request_param(r, "orderby",
                  order == ORDER_BY_ID_ASC         ? "id"
                  : order == ORDER_BY_MODIFIED_ASC ? "modified"
                                                   : "date");
    request_param(r, "order", order == ORDER_BY_DATE_DESC ? "desc" : "asc");
    if (c == COLLECTION_CUSTOMERS)
        request_param(r, "role", "all");
}

static void time_param(struct shop_request *r, const char *name, int64_t ms) {
    char text[WHEN_TEXT];
    request_param(r, name, when_iso(text, ms));
}

void request_modified_after(struct shop_request *r, int64_t ms) {
    time_param(r, "modified_after", ms);
}

void request_modified_before(struct shop_request *r, int64_t ms) {
    time_param(r, "modified_before", ms);
}

void request_status(struct shop_request *r, const char *slugs) {
    request_param(r, "status", slugs);
}

void request_include(struct shop_request *r, const int64_t *ids, size_t n) {
    AUTO_BUF struct buf list = BUF_INIT;
    REQUIRE(n >= 1 && n <= REQUEST_INCLUDE_MAX);
    for (size_t i = 0; i < n; i++)
        buf_addf(&list, "%s%" PRId64, i ? "," : "", ids[i]);
    request_param(r, "include", list.data);
    if (!strstr(r->query, "per_page="))
        request_param_i64(r, "per_page", (int64_t)n);
}

void request_fields(struct shop_request *r, const char *fields) {
    r->cls = REQUEST_IDS;
    request_param(r, "_fields", fields);
}

void request_one(struct shop_request *r, enum collection c, int64_t parent_id,
                 int64_t id) {
    char path[REQUEST_PATH];
    if (parent_id && c == COLLECTION_VARIATIONS)
        (void)snprintf(path, sizeof path,
                       "/wc/v3/products/%" PRId64 "/variations/%" PRId64,
                       parent_id, id);
    else if (parent_id && c == COLLECTION_REFUNDS)
        (void)snprintf(path, sizeof path,
                       "/wc/v3/orders/%" PRId64 "/refunds/%" PRId64, parent_id,
                       id);
    else
        (void)snprintf(path, sizeof path, "%s/%" PRId64,
                       c == COLLECTION_VARIATIONS
                           ? collection_path(COLLECTION_PRODUCTS)
                           : collection_path(c),
                       id);
    request_init(r, HTTP_GET, path);
}

void request_notes(struct shop_request *r, int64_t order_id) {
    char path[REQUEST_PATH];
    (void)snprintf(path, sizeof path, "/wc/v3/orders/%" PRId64 "/notes",
                   order_id);
    request_init(r, HTTP_GET, path);
}
