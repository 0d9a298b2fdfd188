/* What a full pass found to differ (pass_full.c). */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "sync/diff.h"

struct pass;

enum full_what {
    FULL_DIFFERS, /* both have it, with different truth */
    FULL_MISSING, /* the shop has it, the mirror has not */
    FULL_EXTRA,   /* the mirror has it, the shop has not */
};

struct full_difference {
    int64_t remote_id;
    enum full_what what;
    struct diff diff; /* FULL_DIFFERS: where */
};

/* Differences that persisted. In a full read (not compare) these are the rows
 * to be marked gone. Valid until pass_free. */
const struct full_difference *pass_full_found(const struct pass *p,
                                              size_t *ret_n);
