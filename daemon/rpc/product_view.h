/* A product's row as the protocol shows it. Inside rpc only. */
#pragma once

#include <stdint.h>

#include "common/jsonw.h"
#include "model/product_list.h"

/* The members of a product_row named in fields (1 << enum rpc_product_row),
 * into an object already begun. */
void product_view_fields(const struct product_item *p, uint64_t fields,
                         struct jsonw *w);
/* "alpine:34" */
void product_view_ref(struct jsonw *w, const char *key, const char *store,
                      int64_t remote_id);
