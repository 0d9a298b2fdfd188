#include "rpc/order_whole.h"

#include "rpc/mirrored.h"
#include "rpc/order_view.h"

int order_whole_read(struct rpc_call *call, struct db_tx *tx,
                     const struct ref *ref, struct order_whole *o) {
    struct store s = {0};
    *o = (struct order_whole){0};
    int rc = mirrored_store(call, tx, ref, REF_OBJECT, &s);
    if (rc >= 0)
        rc = order_item_get(tx, s.id, ref->id, call->rpc->o.late_s * 1000,
                            call_arena(call), &o->row);
    store_done(&s);
    if (rc <= 0)
        return rc < 0 ? rc : mirrored_missing(call, ref);
    rc = order_parts_get(tx, o->row.id, o->row.store_id, ref->id,
                         call_arena(call), &o->parts);
    if (rc >= 0)
        rc = mirrored_checked(tx, o->row.store_id, "orders", &o->checked_ms);
    if (rc >= 0)
        rc = mirrored_json(call, tx, MIRROR_ORDER, o->row.store_id, ref,
                           &o->raw);
    if (rc >= 0)
        rc = order_view_pending(call, tx, &o->row, &o->pending);
    if (rc >= 0 && o->pending.now)
        o->raw = o->pending.now;
    return rc < 0 ? rc : 0;
}
