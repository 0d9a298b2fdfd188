/* What a link shows: the number, the status, what was ordered, where its
 * parcels are. No name, no address, no price: a link travels further than it
 * was meant to. */
#include <string.h>

#include "auth/share_token.h"
#include "common/arena.h"
#include "common/entities.h"
#include "common/env.h"
#include "common/json.h"
#include "common/money.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/mirror.h"
#include "model/order_list.h"
#include "model/parcel.h"
#include "model/share.h"
#include "model/store.h"
#include "rpc/room.h"

enum { ITEMS = 500 };

int rpc_share_check(const struct rpc *r, const char *token,
                    uint8_t ret_uuid[16]) {
    return share_token_read(r->o.audit_key, token, env_now(r->o.env),
                            ret_uuid) < 0
               ? ERR_NOT_FOUND
               : 0;
}

static const char *text_of(struct arena *a, const struct json *o,
                           const char *name) {
    char number[40];
    AUTO_BUF struct buf b = BUF_INIT;
    const char *s = json_text(json_get(o, name), number);
    entities_decode(&b, s ? s : "");
    return arena_dupn(a, buf_str(&b), b.len);
}

static void read_items(const struct json *o, struct arena *a,
                       struct rpc_share *ret) {
    size_t n = json_count(json_get(o, "line_items"));
    n = n < ITEMS ? n : ITEMS;
    ret->items = arena_alloc(a, (n + 1) * sizeof *ret->items);
    for (const struct json *l = json_first(json_get(o, "line_items"));
         l && ret->n_items < n; l = json_next(l)) {
        char qty[MONEY_TEXT];
        int64_t e3 = 0;
        if (json_decimal(json_get(l, "quantity"), QTY_SCALE, &e3) < 0)
            e3 = 0;
        (void)money_format_qty(qty, e3);
        ret->items[ret->n_items++] = (struct rpc_share_item){
            .name = text_of(a, l, "name"),
            .quantity = arena_dupn(a, qty, strlen(qty)),
        };
    }
}

static int read_raw(struct db_tx *tx, const struct share *s, struct arena *a,
                    struct rpc_share *ret) {
    const struct json *o = NULL;
    const char *raw;
    size_t n;
    int rc =
        mirror_raw(tx, MIRROR_ORDER, s->store_id, s->remote_id, a, &raw, &n);
    if (rc > 0)
        rc = json_parse(a, raw, n, NULL, &o, NULL);
    if (rc >= 0)
        read_items(o, a, ret);
    return rc;
}

/* Parcels that have left; the others are nobody's business yet. */
static int read_parcels(struct db_tx *tx, const struct share *s,
                        struct arena *a, struct rpc_share *ret) {
    struct parcel *all = NULL;
    size_t n = 0;
    int rc = parcel_of_order(tx, s->store_id, s->remote_id, a, &all, &n);
    if (rc < 0)
        return rc;
    ret->parcels = arena_alloc(a, (n + 1) * sizeof *ret->parcels);
    for (size_t i = 0; i < n; i++) {
        if (!parcel_left(all[i].state))
            continue;
        ret->parcels[ret->n_parcels++] = (struct rpc_share_parcel){
            .state = parcel_state_name(all[i].state),
            .carrier = all[i].carrier,
            .tracking = all[i].tracking,
        };
    }
    return 0;
}

/* The shop's own word for its status. */
static int read_status(struct db_tx *tx, int64_t store_id, const char *slug,
                       struct arena *a, struct rpc_share *ret) {
    struct store_status *all = NULL;
    size_t n = 0;
    int rc = store_statuses(tx, store_id, a, &all, &n);
    ret->status = slug;
    for (size_t i = 0; rc >= 0 && i < n; i++)
        if (str_eq(all[i].slug, slug))
            ret->status = all[i].name;
    return rc;
}

static int read_order(struct db_tx *tx, const struct share *s, struct arena *a,
                      struct rpc_share *ret) {
    struct order_item o = {0};
    struct store store = {0};
    int rc = store_by_id(tx, s->store_id, &store);
    if (rc > 0 && store.removed)
        rc = 0;
    if (rc > 0) {
        const char *title = *store.title ? store.title : store.name;
        ret->store = arena_dupn(a, title, strlen(title));
        rc = order_item_get(tx, s->store_id, s->remote_id, 0, a, &o);
    }
    store_done(&store);
    if (rc <= 0 || o.gone)
        return rc < 0 ? rc : ERR_NOT_FOUND;
    ret->number = o.number;
    return read_status(tx, s->store_id, o.status, a, ret);
}

int rpc_share_read(struct db_tx *tx, const uint8_t uuid[16], struct arena *a,
                   struct rpc_share *ret) {
    struct share s;
    struct rpc_share out = {0};
    int rc = share_open(tx, uuid, a, &s);
    if (rc <= 0)
        return rc < 0 ? rc : ERR_NOT_FOUND;
    rc = read_order(tx, &s, a, &out);
    if (rc >= 0)
        rc = read_raw(tx, &s, a, &out);
    if (rc >= 0)
        rc = read_parcels(tx, &s, a, &out);
    if (rc < 0)
        return rc;
    out.until_ms = s.until_ms;
    *ret = out;
    return 0;
}
