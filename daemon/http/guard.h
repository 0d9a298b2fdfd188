/* Sources whose webhooks do not verify are slowed down: a bucket of BURST
 * refusals an address (IPv6: its /64), one more every REFILL_MS. Pure: the
 * caller brings the clock. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "http/address.h"

enum {
    GUARD_BURST = 30,
    GUARD_REFILL_MS = 2000,
    GUARD_SOURCES = 1024, /* remembered; the quietest gives way */
};

struct guard {
    struct guard_source {
        struct address who;
        int64_t full_ms; /* when its bucket is full again; <= now: it is */
    } sources[GUARD_SOURCES];
};

enum guard_verdict {
    GUARD_FIRST, /* first of a burst: worth a line in the log */
    GUARD_MORE,
    GUARD_LIMITED /* its bucket is empty */
};

/* Is its bucket empty? Takes nothing. */
bool guard_limited(const struct guard *g, const struct address *who,
                   int64_t mono_ms);
/* One more refusal of that source. */
enum guard_verdict guard_refuse(struct guard *g, const struct address *who,
                                int64_t mono_ms);
