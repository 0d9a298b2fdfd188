/* Why an order does not leave: everything that is in the way, not only the
 * first of it. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct arena;
struct db_tx;

enum why {
    WHY_GONE,   /* the shop has it in its trash, or no more */
    WHY_UNPAID, /* its status, by phase */
    WHY_HELD_BY_SHOP,
    WHY_DONE,
    WHY_DEAD,
    WHY_UNMAPPED,
    WHY_HOLD,     /* ours; a: reason, b: who, c: note */
    WHY_CONFLICT, /* a change of ours; a: who */
    WHY_REFUSED,
    WHY_UNKNOWN,
    WHY_AWAITING,
    WHY_BACKORDER, /* a: SKU, b: why */
    WHY_STOCK,     /* a: SKU; the shop has less than none */
    WHY_NOTHING_LEFT,
    WHY_NOT_BEGUN,
    WHY_NOT_PICKED, /* n lines; a: who */
    WHY_NOT_PACKED,
    WHY_NOT_SENT,
    WHYS /* how many */
};
/* "not_picked". */
const char *why_name(enum why w);

struct blocker {
    enum why what;
    const char *a, *b, *c; /* never NULL */
    int64_t n;
};

enum { WHY_MAX = 64 };

/* ERR_NOT_FOUND. In the arena. */
int why_list(struct db_tx *tx, int64_t store_id, int64_t remote_id,
             struct arena *a, struct blocker **ret, size_t *ret_n);
