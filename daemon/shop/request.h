/* What is asked of a shop, before it has a URL: the REST route and its query.
 * Builders for everything sync reads. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/http.h"

enum {
    REQUEST_PATH = 160,
    REQUEST_QUERY = 1600, /* longer queries break shops (Link header) */
    REQUEST_INCLUDE_MAX = 50
};

/* Which latencies are comparable (limit.h). */
enum request_class { REQUEST_ONE, REQUEST_PAGE, REQUEST_IDS, REQUEST_WRITE };

struct shop_request {
    enum http_method method;
    enum request_class cls;
    char path[REQUEST_PATH];   /* "/wc/v3/orders" */
    char query[REQUEST_QUERY]; /* "a=b&c=d", RFC 3986 encoded */
    size_t query_n;
    bool overflowed;  /* something did not fit: shop_send answers ERR_TOO_BIG */
    const void *body; /* JSON; borrowed until shop_send returns */
    size_t body_n;
    int64_t total_ms;  /* 0: the shop's */
    int64_t within_ms; /* not sent by then: ERR_CANCELLED, it never left; 0:
                          it waits as long as the shop makes it */
    int retries;       /* GET: how often again on busy, timeout, cut; -1: none,
                          0: default 3 */
};

enum collection {
    COLLECTION_ORDERS,
    COLLECTION_REFUNDS,
    COLLECTION_PRODUCTS,
    COLLECTION_VARIATIONS,
    COLLECTION_CUSTOMERS,
    COLLECTION_CATEGORIES,
    COLLECTION_COUNT
};
/* As people and checkpoints write it: "orders". */
const char *collection_name(enum collection c);
const char *collection_path(enum collection c); /* "/wc/v3/orders" */
/* Does it honour modified_after and orderby=modified? */
bool collection_has_modified(enum collection c);

/* Begin; method and path (copied), no parameters. */
void request_init(struct shop_request *r, enum http_method m, const char *path);
void request_param(struct shop_request *r, const char *name,
                   const char *value); /* raw; encoded here */
void request_param_i64(struct shop_request *r, const char *name, int64_t v);

enum request_order {
    ORDER_BY_ID_ASC,
    ORDER_BY_MODIFIED_ASC,
    ORDER_BY_DATE_DESC
};

/* One page of a collection; per_page 1..100, page 1.. */
void request_list(struct shop_request *r, enum collection c, int64_t page,
                  int per_page, enum request_order order);
/* Narrow a list. Times are UTC ms, exclusive, sent as ...Z without the flag. */
void request_modified_after(struct shop_request *r, int64_t ms);
/* As request_modified_after, the other end. */
void request_modified_before(struct shop_request *r, int64_t ms);
/* Slugs, a comma between. */
void request_status(struct shop_request *r, const char *slugs);
/* At most REQUEST_INCLUDE_MAX ids; also sets per_page to n when it
 * was not set. */
void request_include(struct shop_request *r, const int64_t *ids, size_t n);
/* Only these members of each object, a comma between: "id". */
void request_fields(struct shop_request *r, const char *fields);

/* One object; parent_id: of a variation (products/P/variations/ID), else 0. */
void request_one(struct shop_request *r, enum collection c, int64_t parent_id,
                 int64_t id);
/* All notes of an order (never paged). */
void request_notes(struct shop_request *r, int64_t order_id);
