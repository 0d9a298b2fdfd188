/* Shops for the terminal tests: three stores, any number of orders, a few
 * products and customers, in the shapes of schema/rpc, at a fixed time. */
#pragma once

#include <stdbool.h>

struct fake_daemon;

/* 2026-11-23 14:02:00 UTC, in seconds, as the client sees the clock. */
#define SHOP_DATA_NOW 1795442520
#define SHOP_DATA_NOW_TEXT "TEST_NOW=1795442520"

struct shop_data {
    int orders;   /* how many orders.list has */
    int changed;  /* order with this index is "completed", -1 none */
    int inserted; /* orders newer than the first: "alpine:9001" ... */
    bool syncing; /* nordic's first sync runs */
};

/* Answer everything a client may ask; *s stays the caller's and may be changed
 * between events. */
void shop_data_serve(struct fake_daemon *d, struct shop_data *s);
