/* The bare floor of applying orders: one thread, prepared statements, the
 * product's schema and file, nothing else. Each call is one transaction. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct bare;
struct order;

/* Open a file that has the schema and no orders. bulk: as db_bulk does. */
struct bare *bare_open(const char *path, bool bulk);
void bare_close(struct bare *b);

/* Insert the orders' rows: order, lines, kept object, guest, search texts,
 * counters. */
void bare_insert(struct bare *b, const struct order *orders, size_t n);

/* Find each order by its remote id and write what changes with its status, as
 * an incremental pass does: each is told to clients. */
void bare_update(struct bare *b, const struct order *orders, size_t n);

/* Split a page, hash each row, read its stored hash; returns how many are
 * equal. */
size_t bare_compare(struct bare *b, const char *page, size_t n);
