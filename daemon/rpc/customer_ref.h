/* alpine:customer/12, or of a guest alpine:guest/<e-mail>. Inside rpc only. */
#pragma once

#include "model/customer_list.h"
#include "rpc/call.h"

/* The customer of that reference, in the call's arena; ERR_NOT_FOUND. */
int customer_ref_find(struct rpc_call *call, struct db_tx *tx, const char *ref,
                      struct customer_item *ret);

/* "tags": [..] of ",a,b,". */
void customer_tags_write(struct jsonw *w, const char *tags);
