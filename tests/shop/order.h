/* Building blocks of an order, used by the generator, the checkout and the
 * REST writes alike. */
#pragma once

#include "tests/shop/store.h"

/* A new order object and its tree: ids, key, version, links to itself. */
struct node *order_new(struct store *s, struct arena *a, struct obj **ret);

/* A line of qty pieces of a product (variation may be NULL) at its price. Both
 * NULL: the empty line of an unknown product. */
struct node *order_line(struct store *s, struct arena *a,
                        const struct obj *product, const struct obj *variation,
                        int64_t qty);

/* Amount of a line before and after discount, x10^4. */
void order_line_amount(struct arena *a, struct node *line, int64_t subtotal,
                       int64_t total);

/* {"id","key","value"} appended to a meta_data array; with `display` the two
 * display fields of line items too. Takes `value`. */
struct node *order_meta_add(struct store *s, struct arena *a, struct node *list,
                            const char *key, struct node *value, bool display);

/* Entry of a meta_data array by key; NULL when absent. */
struct node *order_meta(const struct node *list, const char *key);

/* Add the totals up and set every derived field. */
void order_derive(struct store *s, struct arena *a, struct node *v);

/* Derive, and save into the store. */
void order_save(struct store *s, struct arena *a, struct obj *o,
                struct node *v);

/* Processing, completed or on-hold: stock is taken. Pending, cancelled: not. */
bool order_takes_stock(const char *status);

/* Take the stock of every line that has none taken yet / give back what lines
 * have taken. Products change and their dates move. */
void order_stock_take(struct store *s, struct arena *a, struct node *v);
void order_stock_give(struct store *s, struct arena *a, struct node *v);

/* A note on an order. user: added by the key's user. */
struct obj *order_note(struct store *s, struct arena *a, int64_t order_id,
                       const char *text, bool to_customer, bool user);

/* Name of a status as people read it ("Processing"); the slug if unknown. */
const char *order_status_name(const char *slug);

struct order_status {
    const char *slug, *name;
};
extern const struct order_status ORDER_STATUSES[]; /* ends with NULL */
