/* An order that is being put together: whose it is, what is in it, how it is
 * paid and sent. Prices, tax and totals are the shop's: none stands here. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/ref.h"
#include "common/text.h"

struct buf;
struct customer_row;
struct json;
struct product_row;

enum { CART_LINES = 100, CART_FIELDS = 26, CART_QTY_MAX = 9999 };

struct cart_line {
    char ref[REF_TEXT], sku[64], name[160], price[48];
    char stock[40]; /* in words */
    int64_t there;  /* pieces; -1: nobody counts them, or it is sold without */
    int64_t qty;
};

/* What is typed by a form: paths of orders.create and what to call them. */
struct cart_field {
    const char *path;
    enum text_id label;
};
extern const struct cart_field cart_fields[CART_FIELDS];

struct cart {
    char store[33];
    char customer[400];        /* reference of an account; "": a guest */
    char who[200];             /* as people read it; "" nobody yet */
    char *values[CART_FIELDS]; /* owned; NULL: empty */
    struct cart_line lines[CART_LINES];
    int n, at;
};

void cart_done(struct cart *c);
const char *cart_value(const struct cart *c, int field);
void cart_set(struct cart *c, int field, const char *value);

/* So many more of it; its line, or -1: no room. */
int cart_add(struct cart *c, const struct product_row *p, int64_t qty);
/* At least one stays. */
void cart_more(struct cart *c, int64_t by);
void cart_drop(struct cart *c);
/* Are there fewer than the line asks for? */
bool cart_is_short(const struct cart_line *l);

/* An answer of customers.get: name and addresses become the order's. A guest is
 * no account. */
void cart_customer(struct cart *c, const struct json *customer);
/* A name that was typed is whose order it is, while no account is. */
void cart_name(struct cart *c);

/* Parameters of orders.create; reason NULL: it is not proposed. */
void cart_params(const struct cart *c, const char *reason, struct buf *out);
