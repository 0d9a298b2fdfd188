/* What the methods on mirrored objects share. Inside rpc only. */
#pragma once

#include "common/ref.h"
#include "model/mirror.h"
#include "model/store.h"
#include "rpc/call.h"

struct db_tx;

/* The store of a reference of that kind; ERR_NOT_FOUND names `ref`. *ret is to
 * be store_done. */
int mirrored_store(struct rpc_call *call, struct db_tx *tx,
                   const struct ref *ref, enum ref_kind kind,
                   struct store *ret);

/* "There is no such object." */
int mirrored_missing(struct rpc_call *call, const struct ref *ref);

/* When the shop was last asked for that collection; 0: never. */
int mirrored_checked(struct db_tx *tx, int64_t store_id, const char *collection,
                     int64_t *ret_ms);

/* The kept bytes as one line: ERR_NOT_FOUND, or they are in the arena. */
int mirrored_raw(struct rpc_call *call, struct db_tx *tx, enum mirror_kind k,
                 int64_t store_id, const struct ref *ref, const char **ret,
                 size_t *ret_n);

/* The same, parsed; NULL when it is not kept, which is no error. */
int mirrored_json(struct rpc_call *call, struct db_tx *tx, enum mirror_kind k,
                  int64_t store_id, const struct ref *ref,
                  const struct json **ret);

/* Answer {ref, checked, object}. */
int mirrored_answer_raw(struct rpc_call *call, struct db_tx *tx,
                        const struct ref *ref, enum ref_kind space,
                        enum mirror_kind k, const char *collection);
