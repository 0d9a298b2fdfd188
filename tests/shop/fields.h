/* The _fields parameter, on JSON text (no tree). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/buf.h"

/* Append the object with only the members of the comma list `wanted`
 * ("id,billing.email,line_items.sku"), in the object's own order. links: keep
 * _links too, as answers with one object do. */
void fields_pick(struct buf *out, const char *text, size_t n,
                 const char *wanted, bool links);
