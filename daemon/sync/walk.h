/* Plan of an incremental pass, pure: keyset over "modified since", always page
 * one of a moving list.
 *
 * A cycle starts at mark - overlap (rows commit later than their stamp says)
 * and moves `after` to one second before the last row seen. A page that is all
 * one second, and rows that carry no date, are read as a list of their own by
 * id: its first page tells how long it is, then from its end to its start,
 * where rows that leave it only make others repeat (scan.h). The pass is
 * through when a dated page comes back short. Times are the shop's clock. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct walk {
    int64_t after_ms;  /* modified_after (exclusive), whole seconds */
    int64_t before_ms; /* modified_before (exclusive); 0: none */
    int64_t offset;    /* of a list of its own */
    int size;          /* rows a page */
    bool listed;       /* inside a list of its own: ask by id */
    bool probing;      /* its length is not known yet */
    bool dated;        /* rows carry a modified date */
    bool finished;
};

void walk_init(struct walk *w, bool dated, int64_t mark_ms, int64_t overlap_ms,
               int size);

/* A page of n rows arrived; first/last: modified date of its first and last
 * row (0 unknown), total: X-WP-Total (-1 absent). Afterwards either
 * w->finished or the next request stands in after/before/offset. */
void walk_page(struct walk *w, int n, int64_t first_ms, int64_t last_ms,
               int64_t total);
