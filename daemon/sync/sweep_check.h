/* A page of a sweep beside the mirror: what differs goes on the wake list, in
 * the transaction that moves the sweep's place. */
#pragma once

#include "common/buf.h"
#include "common/json.h"
#include "sync/sweep.h"

struct db;

struct sweep_check {
    struct db *db;
    int64_t store_id, sent_seq;
    enum sweep_kind kind;
    /* what came: a body with a list of objects (owned), or bare ids */
    struct buf body;
    struct json_slice json;
    struct sweep_item *items; /* owned; ascending after the look */
    size_t n;
    bool probe;        /* only how many there are matters */
    bool last;         /* of the round: open orders are compared as a whole */
    int64_t low, high; /* ids that this page speaks of; low 0: from its first */
    const int64_t *seen; /* open orders: of earlier pages; borrowed */
    size_t n_seen;
    /* what the look found */
    int64_t live; /* objects of that kind in the mirror; -1: not asked */
    int64_t compared, missing;
    int64_t *told; /* ids for the wake list; owned */
    size_t n_told;
    /* to be written */
    struct sweep_place place;
    const char *doubt; /* not NULL: tell people instead of the wake list */
    void (*done)(struct sweep_check *c, int status);
    void *arg;
};

/* Parse and compare on a reader; done on the loop. 0, or ERR_BUSY: not begun.
 */
int sweep_check_look(struct sweep_check *c);
/* Write told or doubt, and the place; done on the loop. 0 or ERR_BUSY. */
int sweep_check_save(struct sweep_check *c);
/* Frees what it owns and itself. */
void sweep_check_free(struct sweep_check *c);
