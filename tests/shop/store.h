/* The shop's objects: JSON text rendered once, with the few fields beside it
 * that lists filter and sort by. Everything here runs under the shop's lock. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/shop/demo.h"
#include "tests/shop/node.h"

struct zone;
struct faults;
struct timers;
struct hooks;

enum kind {
    K_ORDER,
    K_REFUND,
    K_PRODUCT,
    K_VARIATION,
    K_COUPON,
    K_CUSTOMER,
    K_CATEGORY,
    K_TAG,
    K_TAX,
    K_WEBHOOK,
    K_NOTE,
    K_FULFILLMENT,
    KINDS
};

struct obj {
    int64_t id, parent;        /* parent: order, product or category, by kind */
    int64_t customer;          /* of an order */
    int64_t created, modified; /* UTC seconds; modified 0 = null */
    char status[24];
    bool hidden;   /* trash, auto-draft, checkout-draft: not in "any" */
    bool unlisted; /* an order's status nobody registers */
    char *text;    /* JSON as lists show it */
    size_t n;
    char *name; /* name, title or code: what lists sort and search by */
    char *sku;  /* SKU of a product, e-mail of a customer, secret of a hook */
    int64_t stash; /* kind's own: failures of a hook, note's user */
};

struct table {
    struct obj **v; /* by rising id */
    size_t n, cap;
    uint64_t generation; /* moves with every change */
    struct obj **by_date, **by_modified;
    uint64_t sorted_at[2]; /* generation of the two orders above, plus 1 */
    bool all_listed;       /* no row is hidden or unlisted ... */
    uint64_t listed_at;    /* ... at this generation, plus 1 */
};

struct store {
    struct table t[KINDS];
    int64_t next_id;         /* orders, products and their kin */
    int64_t next_own[KINDS]; /* kinds with a sequence of their own */
    int64_t next_item, next_meta, next_line_meta;
    bool hpos, mixed_currency;
    const char *home;
    struct zone *zone;
    int64_t clock_offset_s, clock_fixed_s, clock_started_s;
    const int64_t *clock_s; /* in place of the system's; NULL: that */
    int64_t clock_pin_s;    /* not 0: what now is, while data is generated */
    bool frozen_dates;      /* fault: date_modified stands still */
    uint64_t rng;
    const char *rest;    /* "/wp-json" */
    struct hooks *hooks; /* deliveries; NULL while the shop is generated */
    /* hears of every event besides, whoever listens; NULL: nobody */
    void (*told)(void *arg, const char *topic, int64_t id);
    void *told_arg;
};

/* Seconds the shop's clock is driven by. */
int64_t store_tick(const struct store *s);
/* The shop's clock, UTC seconds. */
int64_t store_now(const struct store *s);

struct obj *store_find(const struct store *s, enum kind k, int64_t id);

/* New object with the next id of its sequence; text still empty. */
struct obj *store_new(struct store *s, enum kind k);

/* Parse the object for editing; print it back and refresh the fields beside it
 * (status, parent, customer, name, sku). */
struct node *store_edit(struct arena *a, const struct obj *o);
void store_save(struct store *s, enum kind k, struct obj *o,
                const struct node *v);

/* Gone for good. */
void store_drop(struct store *s, enum kind k, struct obj *o);

/* Set modified to the shop's now, in the tree and beside it. */
void store_touch(struct store *s, struct arena *a, struct obj *o,
                 struct node *v);

/* date fields `key` and `key_gmt`; 0 writes null in both. */
void store_put_date(const struct store *s, struct arena *a, struct node *v,
                    const char *key, int64_t utc);

/* "2026-11-22T15:20:47" of UTC seconds, without a zone. */
const char *store_iso(char dst[32], int64_t utc);

/* First child object of `parent` in kind k after `prev` (NULL = first). */
struct obj *store_child(const struct store *s, enum kind k, int64_t parent,
                        const struct obj *prev);

/* Rows by rising date or modified (id breaks ties); rebuilt when stale. */
struct obj **store_sorted(struct store *s, enum kind k, bool by_modified);

/* No row of the kind is hidden from a list without filters. */
bool store_all_listed(struct store *s, enum kind k);

/* Next number of the seeded generator, and one in [0, n). */
uint64_t store_rand(struct store *s);
int64_t store_below(struct store *s, int64_t n);

void store_free(struct store *s);

/* Name of a kind as admin door and error codes spell it ("orders"). */
const char *store_kind_name(enum kind k);
int store_kind_of(const char *name); /* -1 when unknown */
