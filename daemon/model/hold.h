/* Holds: what keeps an order from leaving, with its reason; and tags, both our
 * own marks on an order. At most one hold of a reason an order. Placing and
 * releasing tell the timeline and the feed, and rewrite the list columns. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/err.h"

struct arena;
struct db_tx;

/* fraud address payment operator date; more are one word here and a text. */
bool hold_reason_known(const char *reason);

struct hold_new {
    int64_t store_id, remote_id;
    const char *reason, *note, *who;
    int64_t until_ms; /* ends by itself then; 0: does not */
};
/* ERR_NOT_FOUND; ERR_INVALID: unknown reason, `date` without a date, or one
 * that has passed; ERR_EXISTS: it is held for that already. */
int hold_place(struct db_tx *tx, const struct hold_new *h, struct error *e);

/* Release it (reason NULL: all), with a note for the log. ERR_NOT_FOUND;
 * ERR_CONFLICT: it is not held (for that). */
int hold_release(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                 const char *reason, const char *who, const char *note,
                 struct error *e);

/* Those whose date has come end: how many. At most 100 at once. */
int hold_expire(struct db_tx *tx);

struct hold {
    const char *reason, *note, *held_by;
    int64_t held_ms, until_ms;
    const char *released_by, *release_note; /* of the log; NULL: open */
    int64_t released_ms;
};
/* Open ones by reason; those whose date has come left out. order_id: of the
 * orders row, whose scope was checked. */
int hold_list(struct db_tx *tx, int64_t order_id, struct arena *a,
              struct hold **ret, size_t *ret_n);

enum { TAGS_MAX = 20, TAG_TEXT = 33 };
/* Is it a tag: 1 to 32 bytes without blanks, commas, colons, quotes. `none` and
 * `any` mean something to filters. */
bool tag_valid(const char *tag);
/* ERR_NOT_FOUND, ERR_INVALID, ERR_TOO_BIG (TAGS_MAX). One that is (not) there
 * already is no error. */
int tag_add(struct db_tx *tx, int64_t store_id, int64_t remote_id,
            const char *tag, const char *who, struct error *e);
int tag_remove(struct db_tx *tx, int64_t store_id, int64_t remote_id,
               const char *tag, const char *who);
