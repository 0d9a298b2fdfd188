/* An order's row as the protocol shows it. Inside rpc only. */
#pragma once

#include <stdint.h>

#include "common/jsonw.h"
#include "model/order_list.h"

/* The members of an order_row named in fields (1 << enum rpc_order_row), into
 * an object already begun. */
void order_view_fields(const struct order_item *o, uint64_t fields,
                       int64_t now_ms, struct jsonw *w);
/* A whole order_row. */
void order_view_write(const struct order_item *o, int64_t now_ms,
                      struct jsonw *w);
