/* An empty object of every kind: all keys, in the order WooCommerce prints
 * them, with the values of an object nobody filled in. */
#pragma once

#include "tests/shop/store.h"

extern const char SHAPE_ORDER[];
extern const char SHAPE_LINE[];
extern const char SHAPE_SHIPPING[];
extern const char SHAPE_FEE[];
extern const char SHAPE_COUPON_LINE[];
extern const char SHAPE_TAX_LINE[];
extern const char SHAPE_PRODUCT[];
extern const char SHAPE_VARIATION[];
extern const char SHAPE_CUSTOMER[];
extern const char SHAPE_REFUND[];
extern const char SHAPE_COUPON[];
extern const char SHAPE_CATEGORY[];
extern const char SHAPE_TAX[];
extern const char SHAPE_WEBHOOK[];
extern const char SHAPE_NOTE[];

/* A fresh tree of a shape. */
struct node *shape_tree(struct arena *a, const char *shape);

/* Fill _links of an object: self and collection below `path` ("orders"), and
 * `up` when not NULL. allow: "GET,POST" for targetHints; NULL leaves them out.
 */
void shape_links(const struct store *s, struct arena *a, struct node *v,
                 const char *path, const char *allow, const char *up);

extern const char SHAPE_ALLOW_ALL[]; /* GET, POST, PUT, PATCH, DELETE */
