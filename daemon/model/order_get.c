#include "model/order_get.h"

#include <string.h>

#include "common/arena.h"
#include "db/sql.h"
#include "model/list.h"

/* Room for one more of `n` in the arena: doubles at powers of two. */
static void *grow(struct arena *a, void *p, size_t n, size_t size) {
    if (n > 0 && (n < 8 || (n & (n - 1)) != 0))
        return p;
    void *more = arena_alloc(a, (n ? 2 * n : 8) * size);
    if (n)
        memcpy(more, p, n * size);
    return more;
}

static int load_lines(struct db_tx *tx, int64_t id, struct arena *a,
                      struct order_parts *ret) {
    struct db_rows *r AUTO_ROWS = NULL;
    int rc = db_query(tx, STMT_LINE_OF, &r, "i", id);
    while (rc >= 0 && (rc = db_step(r)) == 1) {
        ret->lines = grow(a, ret->lines, ret->n_lines, sizeof *ret->lines);
        ret->lines[ret->n_lines++] = (struct order_line){
            .line_id = db_i64(r, 0),
            .product_id = db_i64(r, 1),
            .variation_id = db_i64(r, 2),
            .sku = list_keep(a, db_text(r, 3)),
            .qty_e3 = db_i64(r, 4),
            .total_e4 = db_i64(r, 5),
            .reduced_e3 = db_i64(r, 6),
        };
    }
    return rc;
}

static int load_refunds(struct db_tx *tx, int64_t store, int64_t order,
                        struct arena *a, struct order_parts *ret) {
    struct db_rows *r AUTO_ROWS = NULL;
    int rc = db_query(tx, STMT_ORDER_REFUNDS, &r, "Si", store, order);
    while (rc >= 0 && (rc = db_step(r)) == 1) {
        ret->refunds =
            grow(a, ret->refunds, ret->n_refunds, sizeof *ret->refunds);
        ret->refunds[ret->n_refunds++] = (struct order_refund_item){
            .remote_id = db_i64(r, 0),
            .created_ms = db_i64(r, 1),
            .total_e4 = db_i64(r, 2),
            .reason = list_keep(a, db_text(r, 3)),
        };
    }
    return rc;
}

static int load_notes(struct db_tx *tx, int64_t store, int64_t order,
                      struct arena *a, struct order_parts *ret) {
    struct db_rows *r AUTO_ROWS = NULL;
    int rc = db_query(tx, STMT_ORDER_NOTES, &r, "Si", store, order);
    while (rc >= 0 && (rc = db_step(r)) == 1) {
        ret->notes = grow(a, ret->notes, ret->n_notes, sizeof *ret->notes);
        ret->notes[ret->n_notes++] = (struct order_note_item){
            .remote_id = db_i64(r, 0),
            .created_ms = db_i64(r, 1),
            .author = list_keep(a, db_text(r, 2)),
            .to_customer = db_i64(r, 3) != 0,
            .text = list_keep(a, db_text(r, 4)),
        };
    }
    return rc;
}

int order_parts_get(struct db_tx *tx, int64_t id, int64_t store_id,
                    int64_t remote_id, struct arena *a,
                    struct order_parts *ret) {
    struct order_parts p = {0};
    int rc = load_lines(tx, id, a, &p);
    if (rc >= 0)
        rc = load_refunds(tx, store_id, remote_id, a, &p);
    if (rc >= 0)
        rc = load_notes(tx, store_id, remote_id, a, &p);
    if (rc < 0)
        return rc;
    *ret = p;
    return 0;
}
