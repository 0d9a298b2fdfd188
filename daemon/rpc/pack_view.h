/* The packing table as methods show it. Inside rpc only. */
#pragma once

#include "model/pack.h"
#include "rpc/call.h"

/* The fields of type pack, into an open object. */
void pack_view_fields(const struct rpc_call *call, const struct pack *p,
                      int64_t now_ms, struct jsonw *w);
/* A value of type pack_scan. */
struct ref;
void pack_view_scan(const struct rpc_call *call, const struct pack *p,
                    const struct pack_scanned *s, const char *code,
                    const char *order, int64_t now_ms, struct jsonw *w);
/* Append that an order is not to be shipped, and why: a sentence of
 * common/said.h. */
void pack_view_not_to_ship(const struct rpc_call *call, const char *why,
                           struct buf *out);
/* Why nothing may leave or be packed, in the session's language; "" nothing
 * speaks against it. */
void pack_view_why(const struct rpc_call *call, const struct pack *p,
                   int64_t now_ms, struct buf *out);
