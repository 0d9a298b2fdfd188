/* Plan of an incremental pass, pure: keyset over "modified since", always page
 * one of a moving list.
 *
 * A cycle starts at mark - overlap (rows commit later than their stamp says)
 * and moves `after` to one second before the last row seen; a page that is all
 * one second is read to its end by id inside that second. The pass is through
 * when a page comes back short. Times are the shop's clock. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct walk {
    int64_t after_ms;  /* modified_after (exclusive), whole seconds */
    int64_t before_ms; /* modified_before (exclusive); 0: not inside a second */
    int64_t offset;    /* inside a second, else 0 */
    int size;          /* rows a page */
    bool finished;
};

void walk_init(struct walk *w, int64_t mark_ms, int64_t overlap_ms, int size);

/* A page of n rows arrived; first/last: modified date of its first and last
 * row (0 unknown). Afterwards either w->finished or the next request stands in
 * after/before/offset. Strictly moves forward. */
void walk_page(struct walk *w, int n, int64_t first_ms, int64_t last_ms);
