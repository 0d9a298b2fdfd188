/* Building blocks of products and variations. */
#pragma once

#include "tests/shop/store.h"

/* New object and tree with ids, slug, dates and links. Variations hang below
 * `parent` and carry its size as name. */
struct node *product_new(struct store *s, struct arena *a, const char *name,
                         struct obj **ret);
struct node *product_variation_new(struct store *s, struct arena *a,
                                   const struct obj *parent, const char *size,
                                   struct obj **ret);

/* Price, stock status and links follow from the fields; then save. */
void product_save(struct store *s, struct arena *a, enum kind k, struct obj *o,
                  struct node *v);

/* Change the managed stock and the date (the parent's date too). false, and
 * nothing changed, when the shop does not manage its stock. A variation whose
 * stock is its parent's changes the parent. */
bool product_stock_add(struct store *s, struct arena *a, enum kind k,
                       struct obj *o, int64_t delta);

/* A variation was saved: its parent's date moves. */
void product_parent_touch(struct store *s, struct arena *a, int64_t parent_id);

/* Variations that follow the parent's managed stock show its number. */
void product_followers_show(struct store *s, struct arena *a,
                            const struct obj *parent);

/* List of variation ids in the parent, and its price range, after one came or
 * went. */
void product_children_refresh(struct store *s, struct arena *a,
                              int64_t parent_id);

/* Lower-case, ASCII, dashes; other bytes percent-encoded. */
void product_slug(struct buf *out, const char *name);
