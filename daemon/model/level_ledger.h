/* The ledger of a listing: everything that moved of its pile, and what was
 * changed of its shop's number, newest first. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "model/list.h"

struct ledger_row {
    int64_t at_ms, qty_e3;
    const char *reason; /* name of move_reason; of a change: "shop" */
    const char *ref;    /* what it is of, "" nothing or not for the caller */
    const char *note, *author;
    const char *bin;   /* "" of a change */
    const char *lot;   /* or serial; "" none */
    const char *state; /* of a change, else "" */
};

struct ledger_page {
    struct ledger_row *items;
    size_t n;
    const char *next; /* NULL: the end */
};

/* One page; r->limit and r->after count. */
int level_ledger(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                 const struct list_request *r, struct arena *a,
                 struct ledger_page *ret, struct error *e);
