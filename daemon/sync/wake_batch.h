/* Inside the engine only: some objects of one kind, read again from the shop
 * because somebody said that they may have changed. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/err.h"
#include "model/wake.h"
#include "sync/pass.h"

/* What can be read together; a variation is a product to the mirror only. */
enum wake_lane {
    LANE_ORDER,
    LANE_PRODUCT,
    LANE_VARIATION,
    LANE_REFUND,
    LANE_CUSTOMER,
    LANE_CATEGORY,
    LANE_NOTE,
    WAKE_LANES /* how many */
};

enum { WAKE_BATCH = REQUEST_INCLUDE_MAX, WAKE_ORDERS = WAKE_BATCH + 16 };

struct wake_ask {
    struct wake w;
    int64_t parent_id; /* of what the mirror knows: product, order; else 0 */
    bool known;        /* the mirror has it */
    enum {
        ASK_WAITING,  /* not answered: stays on the list */
        ASK_LISTED,   /* read from a list */
        ASK_UNLISTED, /* read by its id, and no list has it */
        ASK_READ,     /* read by its id: trashed, or not readable */
        ASK_GONE,     /* 404 */
        ASK_NOTHING,  /* neither the shop nor the mirror has it */
    } state;
    int64_t seq; /* ASK_GONE: of the request */
};

struct wake_group {
    enum wake_lane lane;
    size_t n;
    struct wake_ask asks[WAKE_BATCH];
    /* notes: the orders they may belong to, likeliest first */
    size_t n_orders;
    int64_t orders[WAKE_ORDERS];
};

struct wake_batch;
/* status: 0, or the fault that ended it; `single`: it was met asking for one
 * object, the shop itself may be well. Frees nothing: the owner does. */
typedef void (*wake_done_fn)(void *arg, struct wake_batch *b, int status,
                             const struct error *e, bool single);

/* Begin; g is copied. done is called once, never from inside this call. */
struct wake_batch *wake_batch_start(const struct pass_where *at,
                                    const struct wake_group *g,
                                    wake_done_fn done, void *arg);
enum wake_lane wake_batch_lane(const struct wake_batch *b);
/* End early. True: it is over, done will not be called; false: a job is under
 * way, done comes. */
bool wake_batch_stop(struct wake_batch *b);
/* Only when it is over. */
void wake_batch_free(struct wake_batch *b);
