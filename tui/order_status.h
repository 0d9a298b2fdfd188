/* Another status for orders: picked from those all their stores have. */
#pragma once

#include <stdbool.h>

#include "tui/order_acts.h"

struct order_seen {
    char *ref, *status; /* owned */
};

struct order_set {
    struct order_seen *rows;
    int n, cap;
};

void order_set_free(struct order_set *s);

/* Show one act on all of them, and do it from there (tui/bulk.h). */
struct bulk_act;
void order_set_bulk(struct app *a, const struct order_set *s,
                    const struct bulk_act *act, const char *value,
                    const char *more);

/* Takes the set over. untrash: out of the trash with that status. */
void order_status_pick(struct app *a, struct order_set *s, bool untrash);
