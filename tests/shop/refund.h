/* Refunds: objects of their own, summed up in their order. */
#pragma once

#include "tests/shop/store.h"

/* New refund of an order, tree still to be filled with lines. */
struct node *refund_new(struct store *s, struct arena *a,
                        const struct obj *order, struct obj **ret);

/* Line of the refund for qty pieces worth `total` of an order's line. */
struct node *refund_line(struct store *s, struct arena *a,
                         const struct node *order_line, int64_t qty,
                         int64_t total, int64_t tax);

/* Save it, and write refunds[] of the order's tree anew (not saved). */
void refund_save(struct store *s, struct arena *a, struct obj *refund,
                 struct node *v);
void refund_list_refresh(struct store *s, struct arena *a,
                         const struct obj *order, struct node *order_tree);

/* For the generator: refund all, or one piece of the first line. */
void refund_generate(struct store *s, struct arena *a, struct obj *order,
                     struct node *order_tree, bool all);
