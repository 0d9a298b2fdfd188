/* Demand: lines of open orders (to do, held, or of a status nobody mapped) with
 * what of them was not picked yet. The shop has taken its number for them, an
 * order on hold too, so the warehouse must not promise the pieces again. A line
 * that is a bundle asks for its parts (model/line_part.h). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct db_tx;
struct order;

/* The order's status, lines or picks changed; fresh: its row was just made.
 * What its items have reserved follows. order_id: orders.id. */
int demand_write(struct db_tx *tx, int64_t order_id, bool fresh);

/* Has an order of that status and phase any? */
bool demand_wants(const char *status, const char *phase);

/* demand_write of one of many: its items are for the caller to refresh. */
int demand_rewrite(struct db_tx *tx, int64_t order_id);

/* What a job with many orders of one store asks only once; begins as zero, good
 * within one transaction that does nothing else. */
struct demand_store {
    bool known, plain;  /* plain: no more than the orders themselves to ask */
    bool asked, moving; /* moving: a status of the store is settling */
    size_t n;           /* of those seen, newest last until it is full */
    struct {
        char status[72];
        bool open;
    } seen[8];
};

/* demand_write of an order as it was just written, with its effective status.
 * was: the one it had when its lines are as they were, else NULL; an open order
 * that stays open asks for what it asked for. */
int demand_apply(struct db_tx *tx, struct demand_store *d, int64_t store_id,
                 int64_t order_id, const struct order *o, const char *status,
                 const char *was, bool fresh);

/* The same of an order by its remote id; one that is not there asks for
 * nothing. */
int demand_again(struct db_tx *tx, int64_t store_id, int64_t remote_id);

/* What open orders want of one product or variation, in the shop's units. */
int demand_of(struct db_tx *tx, int64_t store_id, int64_t remote_id,
              int64_t *ret_e3);
