/* Inside the model only: rows of `store`, and its capabilities as JSON. */
#pragma once

#include "db/sql.h"
#include "model/store.h"

struct buf;

/* Write caps as a JSON object into `out` (emptied before). */
void store_caps_write(struct buf *out, const struct store_caps *c);

/* Read what store_caps_write wrote; what is missing or unreadable keeps its
 * default (unknown). */
void store_caps_read(const char *json, struct store_caps *ret);

/* Fill *ret from the current row of a STORE_* query; the caller owns it. */
void store_read_row(struct db_rows *r, struct store *ret);
