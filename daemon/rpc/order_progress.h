/* How far each line of an order is in this house. Inside rpc only. */
#pragma once

#include "model/order_list.h"
#include "model/return.h"
#include "rpc/call.h"

struct db_tx;
struct fulfil_line;
struct work_line;

struct order_progress {
    struct fulfil_line *lines;
    struct work_line *work; /* of the work that is open */
    struct return_back *back;
    size_t n_lines, n_work, n_back;
};

/* In the call's arena. */
int order_progress_read(struct rpc_call *call, struct db_tx *tx,
                        const struct order_item *o, struct order_progress *ret);
/* picked, packed, shipped, returned and parts of one line, into an object
 * already begun. */
void order_progress_write(struct jsonw *w, const struct order_progress *g,
                          int64_t line_id);
