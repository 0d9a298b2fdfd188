/* What a write does to an order. */
#pragma once

#include "tests/shop/exchange.h"

/* Apply the body to the tree. false: an error was answered and nothing in the
 * store has changed but stock of lines already handled. */
bool order_write_apply(struct exchange *x, struct obj *o, struct node *v);

/* The four kinds of lines; same result. */
bool order_write_lines(struct exchange *x, struct obj *o, struct node *v);

/* Move to another status with all that follows: dates, stock, note. */
void order_write_status(struct store *s, struct arena *a, struct obj *o,
                        struct node *v, const char *status);

/* Out of the trash by WordPress itself: the status before it returns. */
void order_write_untrash(struct store *s, struct arena *a, struct obj *o,
                         struct node *v);

/* Into the trash, with the marks each storage leaves. */
void order_write_trash(struct store *s, struct arena *a, struct obj *o,
                       struct node *v);
