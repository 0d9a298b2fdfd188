/* A product's row as the protocol shows it. Inside rpc only. */
#pragma once

#include <stdint.h>

#include "common/jsonw.h"
#include "model/product_list.h"
#include "rpc/change_view.h"

/* Changes on their way to a product; nothing is read when it has none. */
int product_view_pending(struct rpc_call *call, struct db_tx *tx,
                         const struct product_item *p, struct pending *ret);
/* The members of a product_row named in fields (1 << enum rpc_product_row),
 * into an object already begun. */
void product_view_fields(const struct product_item *p,
                         const struct pending *pending, uint64_t fields,
                         struct jsonw *w);
/* "alpine:34" */
void product_view_ref(struct jsonw *w, const char *key, const char *store,
                      int64_t remote_id);
