/* Plan of a full scan, pure: which rows of a list (ordered by id, ascending) to
 * ask for next, walking from the end to the start.
 *
 * Removals shift rows towards the start, new ids land at the end: a backward
 * walk sees a row twice, never not at all. Several windows in flight break
 * that: a row may slip from window u into its lower neighbour w after w was
 * read and before u was. So neighbours share one row: w's last id must be u's
 * first. If it is not and the two were in flight together, w is asked again,
 * now after u, where the plain rule holds. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { SCAN_WINDOWS = 8, SCAN_SIZE_MAX = 100, SCAN_SIZE_MIN = 5 };

struct scan_window {
    enum { SCAN_FREE, SCAN_DUE, SCAN_SENT, SCAN_READ } state;
    int64_t from;              /* offset of the first row asked for */
    int n;                     /* rows asked for */
    int64_t first_id, last_id; /* of the answer, 0: none */
    uint64_t sent, read;       /* ticks */
};

struct scan {
    int64_t low;       /* rows at this offset and behind are accepted */
    int64_t next;      /* windows were made down to this offset */
    int64_t low_id;    /* first id of the window accepted last, 0: none */
    uint64_t low_read; /* tick at which that window was read */
    bool top;          /* no window accepted yet */
    int size, most;    /* rows a window now, and at best */
    uint64_t tick;
    struct scan_window w[SCAN_WINDOWS];
};

/* Rows [0, pos) are still to be read, at most `most` a window
 * (SCAN_SIZE_MIN..SCAN_SIZE_MAX). */
void scan_init(struct scan *s, int64_t pos, int most);

/* Next window to ask for, or NULL (all made, or SCAN_WINDOWS are open). The
 * caller sends it: from, n. */
struct scan_window *scan_next(struct scan *s);

/* The answer of a window arrived and is handed on for applying. */
void scan_read(struct scan *s, struct scan_window *w, int64_t first_id,
               int64_t last_id);

/* It failed in a way that a smaller page may cure: ask again in halves. False
 * when it is as small as it gets. */
bool scan_shrink(struct scan *s, struct scan_window *w);

/* It failed for now: ask again later as it is. */
void scan_again(struct scan *s, struct scan_window *w);

/* Everything accepted? */
bool scan_finished(const struct scan *s);
