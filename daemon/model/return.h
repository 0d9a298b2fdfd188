/* Goods that come back (RMA), from an order.
 *
 * requested -> approved -> received -> inspected -> refunded -> closed
 *     requested, approved, inspected (nothing counted back in) -> rejected
 *     approved -> closed: it never came;  inspected -> closed: no money back
 *
 * Of each line: restock + quarantine + dispose = received <= want, and over all
 * returns of an order no more comes back than was ordered. Counting back in and
 * giving money back are changes of the outbox, each once; the refund is born
 * awaiting a second person, and the return is refunded when the shop has
 * confirmed it. Every function is one step inside the caller's transaction and
 * tells the feed (topics "return" and "order") and the order's timeline. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/err.h"

struct arena;
struct db_tx;
struct list_request;

enum return_state {
    RETURN_REQUESTED,
    RETURN_APPROVED,
    RETURN_RECEIVED,
    RETURN_INSPECTED,
    RETURN_REFUNDED,
    RETURN_CLOSED,
    RETURN_REJECTED,
    RETURN_STATES /* how many */
};
/* "requested"; and back: the state or ERR_INVALID. */
const char *return_state_name(enum return_state s);
int return_state_parse(const char *name);
/* May a return go from one to the other? */
bool return_may(enum return_state from, enum return_state to);

struct return_ {
    int64_t id, store_id, remote_id; /* of the order */
    const char *store;               /* name */
    const char *number, *customer;   /* of the order; "" when it is not there */
    enum return_state state;
    const char *reason, *note, *decision;
    const char *refund; /* ULID of the change, "" none */
    int64_t amount_e4;  /* of it */
    int64_t want_e3, received_e3;
    int64_t to_restock_e3; /* fit to be sold and not counted back in yet */
    int64_t created_ms, changed_ms, version;
    const char *created_by;
};

struct return_line {
    int64_t line_id, product_id;
    const char *sku, *name;
    int64_t want_e3, received_e3, restock_e3, quarantine_e3, dispose_e3;
    /* ULID of the change, "" none; RETURN_BIN_ALONE: a part, of which the
     * shop's number never knew */
    const char *stock;
    int64_t part; /* of its bundle; 0: the line itself */
};
#define RETURN_BIN_ALONE "-"
/* Whole bundles that the lines of a return make up of that line of the order:
 * every required part is among them; amount: which of their numbers counts. */
struct fulfil_line;
int64_t return_bundles(const struct fulfil_line *f, const struct return_line *l,
                       size_t n,
                       int64_t (*amount)(const struct return_line *l));

enum { RETURN_TEXT = 24 };
/* "R-318". */
const char *return_text(char dst[RETURN_TEXT], int64_t id);

/* By id: 1 found, 0 not (or outside the scope). Texts in the arena. */
int return_get(struct db_tx *tx, int64_t id, struct arena *a,
               struct return_ *ret);
int return_lines(struct db_tx *tx, int64_t id, struct arena *a,
                 struct return_line **ret, size_t *ret_n);

/* What of an order is here again, by line. */
struct return_back {
    int64_t line_id, part, qty_e3;
};
int return_came_back(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                     struct arena *a, struct return_back **ret, size_t *ret_n);

struct return_page {
    struct return_ *items;
    size_t n;
    const char *next;
    bool partial;
};
/* Newest first; filter keys of list "returns". Errors as order_list. */
int return_list(struct db_tx *tx, const struct list_request *r, struct arena *a,
                struct return_page *ret, struct error *e);
/* How many of each state in the scope. */
int return_count(struct db_tx *tx, int64_t counts[RETURN_STATES]);
/* Of one store, requested to inspected alone, added to what is in counts. */
int return_open_count_of(struct db_tx *tx, int64_t store_id,
                         int64_t counts[RETURN_STATES]);

/* --- acts ------------------------------------------------------------------
 */

struct return_want {
    int64_t line_id, qty_e3;
    const char *name; /* of the line */
    int64_t part;     /* of a bundle: that alone; 0: the line, all its parts */
};
struct return_new {
    int64_t store_id, remote_id;
    const char *reason, *note, *who;
    const struct return_want *lines;
    size_t n;
};
/* Open one: *ret_id. A bundle comes back as its parts, each a line of its own.
 * ERR_NOT_FOUND: no such order; ERR_INVALID: a line the
 * order has not, or more of it than was ordered and has not come back yet. */
int return_create(struct db_tx *tx, const struct return_new *n, struct arena *a,
                  int64_t *ret_id, struct error *e);

/* From here on ERR_CONFLICT: the state, as r has it, does not allow it. */
int return_approve(struct db_tx *tx, const struct return_ *r, const char *note,
                   const char *who, struct error *e);
int return_reject(struct db_tx *tx, const struct return_ *r, const char *reason,
                  const char *who, struct error *e);
/* So many of a line are here (negative: not, after all). ERR_NOT_FOUND: no such
 * line; ERR_RANGE: more than is expected, or less than none. */
int return_receive(struct db_tx *tx, const struct return_ *r, int64_t line_id,
                   int64_t part, int64_t qty_e3, const char *who,
                   struct error *e);
/* The line with that SKU (any case) or number that still expects some: 1; 0: no
 * line has that code; 2: one has, but all of it is here. */
int return_scan(struct db_tx *tx, const struct return_ *r, const char *code,
                struct arena *a, int64_t *ret_line_id, int64_t *ret_part);

struct return_fate {
    int64_t line_id, restock_e3, quarantine_e3, dispose_e3;
    int64_t part; /* 0: the line itself */
};
/* What becomes of what is here; each received line once. ERR_INVALID: it does
 * not add up. May be said anew until something was counted back in. */
int return_inspect(struct db_tx *tx, const struct return_ *r,
                   const struct return_fate *f, size_t n, const char *note,
                   const char *who, struct error *e);
/* That change counts a line back in: ERR_CONFLICT: one does already. */
int return_stocked(struct db_tx *tx, const struct return_ *r,
                   const struct return_line *l, const char *change,
                   const char *who);
/* May money be given back now? ERR_CONFLICT: the state, or a refund is open or
 * done. */
int return_may_refund(struct db_tx *tx, const struct return_ *r,
                      struct arena *a, struct error *e);
/* That change gives the money back, once it is approved and confirmed. */
int return_refund(struct db_tx *tx, const struct return_ *r, const char *change,
                  int64_t amount_e4, const char *who);
/* It ends. ERR_CONFLICT also while its refund is open. */
int return_close(struct db_tx *tx, const struct return_ *r, const char *note,
                 struct arena *a, const char *who, struct error *e);

/* A change was confirmed: the return whose refund it is, if any, is refunded.
 */
int return_confirmed(struct db_tx *tx, const char *change, const char *who);
