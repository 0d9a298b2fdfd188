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

/* Takes the set over. untrash: out of the trash with that status. */
void order_status_pick(struct app *a, struct order_set *s, bool untrash);
