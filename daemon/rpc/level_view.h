/* What the methods of stock share: levels as the protocol shows them, who is
 * told, things named by people. Inside rpc only. */
#pragma once

#include "common/jsonw.h"
#include "model/bin.h"
#include "model/level_list.h"
#include "model/shop_delta.h"
#include "rpc/mirrored.h"

/* The members of a level_row, into an object already begun. */
void level_view_fields(struct jsonw *w, const struct level *l);

/* A quantity, or null for ITEM_NONE. */
void level_view_qty(struct jsonw *w, const char *key, int64_t e3);
/* A text, or null for "". */
void level_view_text(struct jsonw *w, const char *key, const char *text);

/* [{ref, change, state, why}] of the caller's stores. */
void level_view_told(struct rpc_call *call, struct jsonw *w, const char *key,
                     const struct shop_told *told, size_t n);

/* Tell the shops of what an item has more or less; remembers which stores have
 * something to send, for level_view_then. */
int level_view_tell(struct rpc_call *call, struct db_tx *tx, int64_t item_id,
                    int64_t delta_e3, const char *reason,
                    struct shop_told **ret, size_t *ret_n);
/* The `then` of a write that told shops. */
int level_view_then(struct rpc_call *call);

/* The product of a reference: ERR_NOT_FOUND names `ref`. */
int level_view_get(struct rpc_call *call, struct db_tx *tx,
                   const struct ref *ref, struct level *ret);
/* Its item, made if need be: ERR_NOT_FOUND, or ERR_INVALID: it only has
 * variations. */
int level_view_item(struct rpc_call *call, struct db_tx *tx,
                    const struct ref *ref, int64_t *ret_item);
/* A bin by its code: ERR_NOT_FOUND names the parameter. */
int level_view_bin(struct rpc_call *call, struct db_tx *tx, const char *param,
                   const char *code, struct bin *ret);
/* A day as typed, "2026-11-30"; empty: 0. ERR_INVALID names the parameter. */
int level_view_day(struct rpc_call *call, const char *param, const char *text,
                   int64_t *ret_ms);
/* A lot or serial of an item by its code; NULL: 0. It must be known, unless
 * `make`, where the day it expires may be given too (NULL: not). ERR_NOT_FOUND
 * and as lot_name. */
int level_view_lot(struct rpc_call *call, struct db_tx *tx, int64_t item_id,
                   const char *code, const char *expires, bool make,
                   int64_t *ret_id);
/* What was scanned for a lot is none: ERR_INVALID (lot), when it is a bin or a
 * product of that company. */
int level_view_no_lot(struct rpc_call *call, struct db_tx *tx,
                      int64_t tenant_id, const char *code);
/* Members `lot`, `expires`, `state` and `quantity`. */
void level_view_lot_fields(struct jsonw *w, const struct lot *l, int64_t e3,
                           int64_t now_ms);
/* "I-12": the number behind the letter; ERR_NOT_FOUND names `id`. */
int level_view_number(struct rpc_call *call, char letter, const char *text,
                      int64_t *ret);
