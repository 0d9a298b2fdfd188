/* All that is known of an order, for its detail and its timeline. Inside rpc
 * only. */
#pragma once

#include "common/json.h"
#include "common/ref.h"
#include "model/fulfil.h"
#include "model/order_get.h"
#include "model/order_list.h"
#include "model/work.h"
#include "rpc/call.h"
#include "rpc/change_view.h"

struct db_tx;

/* In the call's arena. */
struct order_whole {
    struct order_item row;
    struct order_parts parts;
    struct pending pending;
    const struct json *raw; /* with what is on its way; NULL: not kept */
    int64_t checked_ms;
};

/* ERR_NOT_FOUND names `ref`. */
int order_whole_read(struct rpc_call *call, struct db_tx *tx,
                     const struct ref *ref, struct order_whole *o);
