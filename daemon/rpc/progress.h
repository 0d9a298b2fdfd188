/* How far work is, as the protocol spells it. Inside rpc only. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/jsonw.h"
#include "rpc/room.h"
#include "sync/sync.h"

/* A progress object. */
void progress_write(struct jsonw *w, const char *collection, int64_t done,
                    int64_t total, int64_t rate_milli, int64_t eta_s);

/* Of a store's pass; null when none runs. */
void progress_of_status(struct jsonw *w, const struct sync_status *st);

/* Data of a "sync" event; false when the store is not known (yet). */
bool progress_event(struct rpc *r, int64_t store_id, char name[33],
                    struct buf *data);
