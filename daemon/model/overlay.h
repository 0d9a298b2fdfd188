/* Inside the model only: what lists show of an object that has open changes.
 * Changes on their way (queued, sending, unknown) count as if the shop had
 * taken them; the shop's own values stay beside (orders.shop_status,
 * product_under). Nothing else writes these columns for such an object. */
#pragma once

#include "model/mirror.h"

struct arena;
struct db_tx;

/* 1: the store has open changes of that kind; one cheap look for a whole job.
 */
int overlay_any(struct db_tx *tx, int64_t store_id, enum mirror_kind kind);

/* The status an order is on its way to ("trash" too), in the arena; NULL: as
 * the shop has it. */
int overlay_order_status(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                         struct arena *a, const char **ret);

/* A product's row was just written from the shop: overlay it again. */
int overlay_product_written(struct db_tx *tx, int64_t store_id,
                            int64_t remote_id, int64_t id);

/* A change of the object moved: rewrite its derived row. An object that is not
 * (or not yet) mirrored has none, which is no error. */
int overlay_refresh(struct db_tx *tx, int64_t store_id, enum mirror_kind kind,
                    int64_t remote_id);
