/* Inside the model only: a shop's object without what is about a person. What
 * stays is named, so that a field nobody knew of goes. */
#pragma once

#include <stddef.h>

#include "model/mirror.h"

struct buf;

/* The object of an order or refund (others: {}) as JSON into `out`: numbers,
 * amounts, lines and dates; addresses keep their members, empty. ERR_PARSE. */
int redact_object(enum mirror_kind k, struct arena *a, const char *raw,
                  size_t n, struct buf *out);

/* The same as redact_object of kept bytes: unpacked, redacted, packed again
 * into the arena; an object without kept bytes stays without. */
int redact_kept(enum mirror_kind k, struct arena *a, struct mirror_object *o);
