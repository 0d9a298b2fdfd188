/* The audit trail as people read it, and walked in slices to be verified. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/err.h"

struct db_tx;
struct query;
struct zone;

struct audit_item {
    int64_t id, at_ms;
    const char *actor, *action, *object; /* good during fn alone */
    const char *payload;                 /* JSON; NULL: erased */
};

/* Rows older than `before` that the terms let through, newest first, for at
 * most ms, but some at least (db_deadline): fn answers 0 to go on, more to end
 * there. *ret_last: the last row looked at; *ret_end: there are no older ones.
 * ERR_BUSY: none could be looked at. */
int audit_each(struct db_tx *tx, int64_t before, const struct query *q,
               const struct zone *zone, int64_t ms,
               int (*fn)(const struct audit_item *a, void *arg), void *arg,
               int64_t *ret_last, bool *ret_end);

/* A verification on its way; zeroed at its begin. */
struct audit_walk {
    int64_t rows;    /* checked so far: the id of the last one */
    uint8_t mac[32]; /* of it */
};
/* Check at most max rows more: 1 there are more, 0 the end, ERR_DB_CORRUPT with
 * the id of the first bad row in e->where. */
int audit_walk(struct db_tx *tx, const uint8_t key[32], struct audit_walk *w,
               int64_t max, struct error *e);
/* Id and mac of the newest row; 0 and zeros: none. */
int audit_head(struct db_tx *tx, int64_t *ret_id, uint8_t ret_mac[32]);
