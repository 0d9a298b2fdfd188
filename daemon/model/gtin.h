/* Goods by the number in bars on them (common/gtin.h): what is filled in for
 * products that were mirrored before it was kept. */
#pragma once

#include <stdint.h>

struct db_tx;

/* From the kept objects of the next at most n products behind that id. The last
 * one, or 0: there is none. */
int64_t gtin_rebuild(struct db_tx *tx, int64_t after, int n);
