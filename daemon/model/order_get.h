/* What belongs to one order besides its row: lines, refunds, notes. The detail
 * fields are in the kept object (mirror_raw). */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "model/order.h"

struct arena;
struct db_tx;

struct order_refund_item {
    int64_t remote_id, created_ms, total_e4;
    const char *reason;
};

struct order_note_item {
    int64_t remote_id, created_ms;
    const char *author, *text;
    bool to_customer;
};

struct order_parts {
    struct order_line *lines;
    size_t n_lines;
    struct order_refund_item *refunds; /* newest first */
    size_t n_refunds;
    struct order_note_item *notes; /* newest first */
    size_t n_notes;
};

/* All in the arena. id: order_item.id, whose scope was checked. */
int order_parts_get(struct db_tx *tx, int64_t id, int64_t store_id,
                    int64_t remote_id, struct arena *a,
                    struct order_parts *ret);
