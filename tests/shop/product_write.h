/* What a write does to a product or variation. */
#pragma once

#include "tests/shop/exchange.h"

/* Apply the body to the tree. false: an error was answered. */
bool product_write_apply(struct exchange *x, enum kind k, const struct obj *o,
                         struct node *v);

/* Out of the trash by WordPress itself. */
void product_write_untrash(struct store *s, struct arena *a, enum kind k,
                           struct obj *o, struct node *v);

/* Into the trash, with the marks WordPress leaves. */
void product_write_trash(struct store *s, struct arena *a, enum kind k,
                         struct obj *o, struct node *v);
