/* How long what piles up is kept. Each class has its age by a setting; what is
 * older goes, a slice of a few milliseconds a transaction:
 *
 * - commands: what a command answered, kept for its repeat;
 * - changes: payload and answer of changes that are through, and what they set
 *   of a person (what they set of a product stays: its history); proposed
 *   orders and letters likewise;
 * - audit: details of the trail; rows and digests stay, its chain too;
 * - removed: objects that are gone from the shop, unless something of ours
 *   hangs on them (a change on its way, work, a pile on a shelf, orders);
 * - set_aside: rows the shop sends no more.
 *
 * What was solved of the last leaves at once (model/aside.c), webhook
 * deliveries after a minute (model/delivery.h). */
#pragma once

#include <stdint.h>

struct db_tx;

enum retain_class {
    RETAIN_OF_COMMANDS,
    RETAIN_OF_CHANGES,
    RETAIN_OF_AUDIT,
    RETAIN_OF_REMOVED,
    RETAIN_OF_SET_ASIDE,
    RETAIN_CLASSES
};

/* Ages, ms, by class. */
struct retain_ages {
    int64_t ms[RETAIN_CLASSES];
};

/* A round over all classes on its way; zeroed at its begin. */
struct retain_round {
    int class;            /* worked on; RETAIN_CLASSES: through */
    int64_t since_ms, id; /* removed: the last one looked at */
    int64_t gone;         /* rows so far */
};

/* Go on with the round for about max_ms: 1 there is more, 0 it is through. On
 * an error *r is as it was. */
int retain_slice(struct db_tx *tx, const struct retain_ages *ages,
                 int64_t max_ms, struct retain_round *r);

/* The oldest of each class that is still held; 0: there is none. */
int retain_oldest(struct db_tx *tx, int64_t ret[RETAIN_CLASSES]);
