/* From a shop's JSON to the structs of daemon/model, tolerantly: numbers as
 * strings and back, null anywhere, 0/1 for booleans, decimals. What cannot be
 * trusted (a missing id, an id beyond 2^53, an amount that is no number) makes
 * the row "not decode", with the path and the reason. Pure; any thread. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "model/customer.h"
#include "model/order.h"
#include "model/product.h"
#include "model/refund.h"

struct arena;
struct buf;
struct json;

/* Why a row did not decode. */
struct decode_fault {
    char path[96];    /* "line_items.2.product_id"; "" the row itself */
    char reason[160]; /* one English sentence */
};

/* Each fills *ret (all but o.raw_hash, o.z, o.dict) from v; strings are
 * copies in the arena, never NULL: the tree may go away. `scratch` is reused
 * between calls. Returns 0 or ERR_INVALID with *f filled. */
int decode_order(struct arena *a, struct buf *scratch, const struct json *v,
                 struct order *ret, struct decode_fault *f);
/* parent_id: the product when the answer does not name it
 * (products/N/variations of old versions); else 0. */
int decode_product(struct arena *a, struct buf *scratch, const struct json *v,
                   int64_t parent_id, struct product *ret,
                   struct decode_fault *f);
/* The members of a product that tell its stock, alone. */
struct decode_stock {
    enum product_manage manage;
    int64_t stock_e3; /* PRODUCT_NONE: not managed */
    const char *stock_status;
};
int decode_stock(struct arena *a, const struct json *v,
                 struct decode_stock *ret);
/* A registered customer; guests come with their orders. */
int decode_customer(struct arena *a, struct buf *scratch, const struct json *v,
                    struct customer *ret, struct decode_fault *f);
/* parent_id: the order when the answer does not name it (orders/N/refunds);
 * 0: it must. */
int decode_refund(struct arena *a, struct buf *scratch, const struct json *v,
                  int64_t parent_id, struct refund *ret,
                  struct decode_fault *f);
/* A product category, its name and slug as text. */
int decode_category(struct arena *a, struct buf *scratch, const struct json *v,
                    struct category *ret, struct decode_fault *f);
/* A note of an order; which order is known from the request. */
int decode_note(struct arena *a, struct buf *scratch, const struct json *v,
                struct note *ret, struct decode_fault *f);
