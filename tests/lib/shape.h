/* Does a value have the shape a JSON Schema of the protocol says? */
#pragma once

#include <stdbool.h>

#include "common/buf.h"
#include "common/json.h"

/* type, required, properties, items, additionalProperties, enum, anyOf, $ref
 * into `document`. False: ret_fault says where and what. A member the schema
 * does not know is a fault too. */
bool shape_matches(const struct json *document, const struct json *schema,
                   const struct json *value, struct buf *ret_fault);
