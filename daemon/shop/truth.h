/* The truth of an object: its canonical form over a named list of paths and
 * the hash of it. Two answers with the same truth are the same object, however
 * the shop ordered or decorated them.
 *
 * Not part of the truth: _links, related_ids, price_html, counters, the order's
 * needs_* / is_editable / payment_url / currency_symbol, line `price` floats
 * and images. meta_data is sorted by (key, id), refunds by id. Numbers and
 * strings that say the same are the same ("12" and 12, 0 and false differ). */
#pragma once

#include <stdint.h>

#include "model/mirror.h"

struct buf;
struct json;

/* Append the canonical form. */
void truth_canon(struct buf *out, enum mirror_kind kind, const struct json *v);

/* Hash of the canonical form; scratch is overwritten. */
void truth_hash(struct buf *scratch, enum mirror_kind kind,
                const struct json *v, uint8_t ret[16]);
