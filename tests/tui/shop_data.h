/* Shops for the terminal tests: three stores, any number of orders, a few
 * products and customers, in the shapes of schema/rpc, at a fixed time. */
#pragma once

#include <stdbool.h>

struct fake_daemon;

/* 2026-11-23 14:02:00 UTC, in seconds, as the client sees the clock. */
#define SHOP_DATA_NOW 1795442520
#define SHOP_DATA_NOW_TEXT "TEST_NOW=1795442520"

struct shop_data {
    int orders;          /* how many orders.list has */
    int changed;         /* order with this index is "completed", -1 none */
    int inserted;        /* orders newer than the first: "alpine:9001" ... */
    bool syncing;        /* nordic's first sync runs */
    bool held;           /* nothing is sent: restored */
    const char *status;  /* wanted of the first order, NULL none */
    const char *pending; /* state of a change of the first order and product */
};

/* The change every write of the fake makes; changes.get tells it confirmed. */
#define SHOP_CHANGE_NEW "01K9QF3E3M7Q2W8R5T1Y6Z0ABD"
/* The one in conflict. */
#define SHOP_CHANGE_CONFLICT "01K9QF3E3M7Q2W8R5T1Y6Z0ABC"

/* Changes in each state, statuses, and an answer to every write; part of
 * shop_data_serve. */
void shop_changes_serve(struct fake_daemon *d);
/* Returns and letters; the same. */
void shop_returns_serve(struct fake_daemon *d);
/* approvals.*, and writes that answer as for an owner. */
void shop_approvals_serve(struct fake_daemon *d);
/* session.open of an owner. */
#define SHOP_OWNER_SESSION                                                     \
    "{\"version\":1,\"daemon\":\"fulexod test\",\"read_only\":false,"          \
    "\"user\":\"zoe\",\"role\":\"owner\",\"seq\":10,\"zone\":\"UTC\"}"
/* Levels, bins, receiving, counts, parcels, packing: shop_stock.c. */
void shop_stock_serve(struct fake_daemon *d);
/* tickets.*: shop_tickets.c. */
void shop_tickets_serve(struct fake_daemon *d);
/* Work on them: shop_work.c. */
void shop_work_serve(struct fake_daemon *d);

/* Answer everything a client may ask; *s stays the caller's and may be changed
 * between events. */
void shop_data_serve(struct fake_daemon *d, struct shop_data *s);
