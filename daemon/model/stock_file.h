/* A file of stock (sheet.h).
 *
 * Columns by their names in the first row: stock, and ref or sku; others are
 * passed over. A row whose number is the one of now asks for nothing. The sum's
 * changes are rows, most is the largest change of a level. */
#pragma once

#include "model/sheet.h"

struct sheet *stock_file_new(int64_t store_id, const char *store);
