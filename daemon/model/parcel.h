/* What leaves the house. A parcel is filled while its order is packed, gets a
 * carrier and a tracking number, and leaves; from then on it is only told of.
 *
 * open      -> created | void
 * created   -> open (packing goes on in it) | label | shipped | void
 * label     -> shipped | void
 * shipped   -> in_transit | out_for_delivery | delivered | exception
 * in_transit, out_for_delivery, exception -> each other | delivered
 *
 * delivered and void are final. What lay in a void parcel is not packed any
 * more; its lines stay written down. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/err.h"

struct arena;
struct db_tx;
struct list_request;

enum parcel_state {
    PARCEL_OPEN,
    PARCEL_CREATED,
    PARCEL_LABEL,
    PARCEL_SHIPPED,
    PARCEL_IN_TRANSIT,
    PARCEL_OUT_FOR_DELIVERY,
    PARCEL_DELIVERED,
    PARCEL_EXCEPTION,
    PARCEL_VOID,
    PARCEL_STATES /* how many */
};
/* "in_transit"; and back: the state or ERR_INVALID. */
const char *parcel_state_name(enum parcel_state s);
int parcel_state_parse(const char *name);
/* May a parcel go from one to the other? */
bool parcel_may(enum parcel_state from, enum parcel_state to);
/* Has it left the house? */
bool parcel_left(enum parcel_state s);

struct parcel_line {
    int64_t line_id, part, qty_e3;
    const char *sku, *name; /* of the work's line */
    int64_t per_e3;         /* of a part: in one bundle */
    const char *bundle;     /* whose part it is, "" none */
};

struct parcel {
    int64_t id, store_id, remote_id, work_id, n;
    enum parcel_state state;
    const char *store;  /* name */
    const char *number; /* of the order, for people */
    const char *carrier, *service, *tracking, *url;
    int64_t weight_g, length_mm, width_mm, height_mm;
    int64_t created_ms, shipped_ms, state_ms, change_id, version;
    const char *created_by;
    const char *change, *change_state; /* that tells the shop; "" none */
    int64_t pieces_e3;
};

enum { PARCEL_TEXT = 24, PARCEL_ORDER_MAX = 200 };
/* "S-15"; and back, also "15": the id or ERR_INVALID. */
const char *parcel_format(char dst[PARCEL_TEXT], int64_t id);
int parcel_parse(const char *text, int64_t *ret_id);

/* 1 found, 0 not (or outside the scope); texts in the arena. */
int parcel_get(struct db_tx *tx, int64_t id, struct arena *a,
               struct parcel *ret);
/* All of an order, oldest first; of all its work. */
int parcel_of_order(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                    struct arena *a, struct parcel **ret, size_t *ret_n);
int parcel_lines(struct db_tx *tx, int64_t parcel_id, struct arena *a,
                 struct parcel_line **ret, size_t *ret_n);

/* A new open one of that work; the caller holds that none is open. *ret_id. */
int parcel_open(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                int64_t work_id, const char *who, int64_t *ret_id);
/* Add to what of a line lies in it (qty may be negative; at nothing the line
 * goes). */
int parcel_put(struct db_tx *tx, int64_t id, int64_t line_id, int64_t part,
               int64_t qty_e3);
/* Move it; the feed is told. ERR_CONFLICT: not a move the states know. */
int parcel_move(struct db_tx *tx, const struct parcel *p, enum parcel_state to,
                struct error *e);

/* How it travels; NULL and -1 leave what is there. ERR_CONFLICT: it is void, or
 * it has left and the shop was told. ERR_INVALID. */
struct parcel_facts {
    const char *carrier, *service, *tracking, *url;
    int64_t weight_g, length_mm, width_mm, height_mm;
};
int parcel_describe(struct db_tx *tx, const struct parcel *p,
                    const struct parcel_facts *f, struct error *e);

struct parcel_page {
    struct parcel *items;
    size_t n;
    const char *next;
    bool partial;
};
/* Newest first; filter keys of list "shipments". Errors as order_list. */
int parcel_list(struct db_tx *tx, const struct list_request *r, struct arena *a,
                struct parcel_page *ret, struct error *e);
