/* An order's row as the protocol shows it. Inside rpc only. */
#pragma once

#include <stdint.h>

#include "common/jsonw.h"
#include "model/order_list.h"
#include "rpc/change_view.h"

/* Changes on their way to an order; nothing is read when it has none. */
int order_view_pending(struct rpc_call *call, struct db_tx *tx,
                       const struct order_item *o, struct pending *ret);
/* The members of an order_row named in fields (1 << enum rpc_order_row), into
 * an object already begun. */
void order_view_fields(const struct order_item *o, const struct pending *p,
                       uint64_t fields, int64_t now_ms, struct jsonw *w);
/* Whole order_rows. The changes of all are read first, on the database's
 * thread: *ret has one for each, in the call's arena. */
int order_view_pendings(struct rpc_call *call, struct db_tx *tx,
                        const struct order_page *page, struct pending **ret);
void order_view_write(const struct order_item *o, const struct pending *p,
                      int64_t now_ms, struct jsonw *w);
