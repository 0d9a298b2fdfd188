/* What the fuzzers of the decoders share. */
#pragma once

#include "shop/page.h"
#include "tests/fuzz/fuzz.h"

/* Any bytes as an answer of the kind: every row is decoded, equal or set aside,
 * ids and amounts are within their range, and twice gives the same hashes. */
void fuzz_decode(enum mirror_kind kind, const uint8_t *data, size_t n);
