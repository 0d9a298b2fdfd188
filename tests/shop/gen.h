/* Generated data: the same seed gives the same shop. */
#pragma once

#include "tests/shop/store.h"

/* Fill an empty store: terms, customers, products, coupons, then orders with
 * refunds and notes over the three years before now. */
void gen_shop(struct store *s, const struct demo_options *o);

/* n more orders, created now, as a checkout would (no stock is taken when
 * `quiet`: the stock generated is what is left after all orders). */
void gen_orders(struct store *s, int n, int64_t from_s, int64_t until_s,
                bool quiet);

/* Parts, in the order gen_shop calls them. */
void gen_terms(struct store *s, struct arena *a);
void gen_customers(struct store *s, struct arena *a, int n);
void gen_products(struct store *s, struct arena *a, int n);

/* A person from the pools; email is "g<n>@example.test" unless customer. */
struct gen_person {
    const char *first, *last, *company;
    const char *street, *city, *state, *postcode, *country;
};
struct gen_person gen_person(struct store *s);

/* Write a person into an address object (keys that exist there only). */
void gen_address(struct store *s, struct arena *a, struct node *address,
                 const struct gen_person *p, const char *email);
