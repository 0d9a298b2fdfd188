/* Pages of orders as a shop answers them, in the recorded shape, from a seed:
 * the same number gives the same order. */
#pragma once

#include <stdint.h>

struct buf;

/* Append the JSON array of n orders, ids first .. first + n - 1. version 1
 * differs from version 0 in status and modified date. spread: how many
 * different people order. */
void order_json_page(struct buf *b, int64_t first, int n, int version,
                     int64_t spread);
