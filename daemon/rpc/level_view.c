#include "rpc/level_view.h"

#include "common/digest.h"
#include "common/mem.h"
#include "common/str.h"
#include "common/when.h"
#include "db/sql.h"
#include "rpc/call.h"
#include "rpc/person.h"
#include "rpc/product_view.h"
#include "sync/sync.h"

void level_view_qty(struct jsonw *w, const char *key, int64_t e3) {
    if (e3 != ITEM_NONE) {
        jsonw_kqty(w, key, e3);
        return;
    }
    jsonw_key(w, key);
    jsonw_null(w);
}

void level_view_text(struct jsonw *w, const char *key, const char *text) {
    if (!str_empty(text)) {
        jsonw_kstring(w, key, text);
        return;
    }
    jsonw_key(w, key);
    jsonw_null(w);
}

static void write_day(struct jsonw *w, const char *key, int64_t ms) {
    char day[WHEN_DAY];
    level_view_text(w, key, ms ? when_day_text(day, ms) : NULL);
}

static int64_t if_kept(const struct level *l, int64_t e3) {
    return l->kept ? e3 : ITEM_NONE;
}

void level_view_fields(struct jsonw *w, const struct level *l) {
    product_view_ref(w, "ref", l->store, l->remote_id);
    jsonw_kstring(w, "store", l->store);
    jsonw_ki64(w, "remote_id", l->remote_id);
    jsonw_kstring(w, "sku", l->sku);
    jsonw_kstring(w, "name", l->name);
    level_view_qty(w, "shop", l->shop_e3);
    jsonw_kbool(w, "low", l->low);
    jsonw_kqty(w, "wanted", l->wanted_e3);
    level_view_qty(w, "on_hand", if_kept(l, l->on_hand_e3));
    level_view_qty(w, "reserved", if_kept(l, l->reserved_e3));
    level_view_qty(w, "blocked", if_kept(l, l->blocked_e3));
    level_view_qty(w, "available",
                   l->bundle ? l->available_e3 : if_kept(l, l->available_e3));
    level_view_qty(w, "incoming", if_kept(l, l->incoming_e3));
    level_view_qty(w, "reorder", l->reorder_e3);
    level_view_qty(w, "threshold", l->low_e3);
    jsonw_kbool(w, "due", l->due);
    jsonw_ki64(w, "units", l->units);
    jsonw_kstring(w, "tracking", lot_track_name(l->track));
    write_day(w, "expires", l->expires_ms);
    jsonw_kbool(w, "expiring", l->expiring);
    level_view_text(w, "bin", l->bin);
    jsonw_kbool(w, "bundle", l->bundle);
}

void level_view_lot_fields(struct jsonw *w, const struct lot *l, int64_t e3,
                           int64_t now_ms) {
    jsonw_kstring(w, "lot", l->code);
    write_day(w, "expires", l->expires_ms);
    jsonw_kstring(w, "state",
                  lot_expired(l, now_ms)        ? "expired"
                  : lot_expires_soon(l, now_ms) ? "soon"
                                                : "good");
    jsonw_kqty(w, "quantity", e3);
}

/* --- telling shops ---------------------------------------------------------
 */

void level_view_told(struct rpc_call *call, struct jsonw *w, const char *key,
                     const struct shop_told *told, size_t n) {
    jsonw_key(w, key);
    jsonw_begin_array(w);
    for (size_t i = 0; i < n; i++) {
        const struct shop_told *t = &told[i];
        if (!db_scope_has(&call->who->scope, t->store_id))
            continue;
        jsonw_begin_object(w);
        product_view_ref(w, "ref", t->store, t->remote_id);
        level_view_text(w, "change", t->change);
        level_view_text(w, "state",
                        t->change ? change_state_name(t->state) : NULL);
        jsonw_ksaid(w, "why", call->lang, t->why);
        jsonw_end_object(w);
    }
    jsonw_end_array(w);
}

/* Stores that have something to send, in the call's arena. */
struct outbox {
    size_t n, cap;
    int64_t *stores;
};

static void remember(struct rpc_call *call, int64_t store_id) {
    struct outbox *o = call->data;
    if (!o) {
        o = arena_alloc(call_arena(call), sizeof *o);
        *o = (struct outbox){0};
        call->data = o;
    }
    for (size_t i = 0; i < o->n; i++)
        if (o->stores[i] == store_id)
            return;
    if (o->n == o->cap) {
        size_t cap = o->cap ? 2 * o->cap : 16;
        int64_t *more = arena_alloc(call_arena(call), cap * sizeof *more);
        for (size_t i = 0; i < o->n; i++)
            more[i] = o->stores[i];
        o->stores = more;
        o->cap = cap;
    }
    o->stores[o->n++] = store_id;
}

int level_view_tell(struct rpc_call *call, struct db_tx *tx, int64_t item_id,
                    int64_t delta_e3, const char *reason,
                    struct shop_told **ret, size_t *ret_n) {
    struct shop_news news = {.item_id = item_id,
                             .delta_e3 = delta_e3,
                             .author = call->actor,
                             .reason = reason,
                             .random = digest_random};
    int rc = shop_delta(tx, &news, call_arena(call), ret, ret_n);
    for (size_t i = 0; rc >= 0 && i < *ret_n; i++)
        if ((*ret)[i].change)
            remember(call, (*ret)[i].store_id);
    return rc;
}

int level_view_then(struct rpc_call *call) {
    const struct outbox *o = call->data;
    for (size_t i = 0; call->rpc->sync && o && i < o->n; i++)
        sync_push(call->rpc->sync, o->stores[i]);
    return 0;
}

/* --- things named ------------------------------------------------------------
 */

int level_view_get(struct rpc_call *call, struct db_tx *tx,
                   const struct ref *ref, struct level *ret) {
    struct store s = {0};
    int rc = mirrored_store(call, tx, ref, REF_OBJECT, &s);
    if (rc >= 0)
        rc = level_get(tx, s.id, ref->id, call_arena(call), ret);
    store_done(&s);
    return rc == 0 ? mirrored_missing(call, ref) : rc < 0 ? rc : 0;
}

int level_view_item(struct rpc_call *call, struct db_tx *tx,
                    const struct ref *ref, int64_t *ret_item) {
    struct store s = {0};
    int rc = mirrored_store(call, tx, ref, REF_OBJECT, &s);
    if (rc >= 0)
        rc = item_ensure(tx, s.id, ref->id, ret_item);
    store_done(&s);
    if (rc == ERR_NOT_FOUND)
        return mirrored_missing(call, ref);
    if (rc == ERR_INVALID)
        return call_fail(call, rc, "ref",
                         "it has no pieces of its own: name one of its "
                         "variations");
    return rc;
}

int level_view_bin(struct rpc_call *call, struct db_tx *tx, const char *param,
                   const char *code, struct bin *ret) {
    int rc = bin_by_code(tx, code, ret);
    if (rc == 0)
        return call_fail(call, ERR_NOT_FOUND, param, "there is no bin %.60s",
                         code);
    return rc < 0 ? rc : 0;
}

int level_view_day(struct rpc_call *call, const char *param, const char *text,
                   int64_t *ret_ms) {
    if (!*text) {
        *ret_ms = 0;
        return 0;
    }
    return when_day(text, ret_ms) >= 0
               ? 0
               : call_fail(call, ERR_INVALID, param,
                           "must be a day, as in 2026-11-30");
}

int level_view_lot(struct rpc_call *call, struct db_tx *tx, int64_t item_id,
                   const char *code, const char *expires, bool make,
                   int64_t *ret_id) {
    int64_t day = 0;
    struct lot l;
    if (str_empty(code))
        return 0;
    int rc = expires ? level_view_day(call, "expires", expires, &day) : 0;
    if (rc >= 0 && make)
        return lot_name(tx, item_id, code, day, ret_id, &call->error);
    if (rc >= 0)
        rc = lot_by_code(tx, item_id, code, &l);
    if (rc == 0)
        return call_fail(call, ERR_NOT_FOUND, "lot",
                         "it has no lot or serial %.64s", code);
    if (rc < 0)
        return rc;
    *ret_id = l.id;
    return 0;
}

/* A code that is something else was scanned by somebody who has moved on: it
 * would be the name of a lot for good. */
int level_view_no_lot(struct rpc_call *call, struct db_tx *tx,
                      int64_t tenant_id, const char *code) {
    struct bin b;
    int64_t item;
    int rc = bin_by_code(tx, code, &b);
    if (rc == 0)
        rc = item_by_sku(tx, tenant_id, code, &item);
    if (rc > 0)
        return call_fail(call, ERR_INVALID, "lot",
                         "%.64s is a bin or a product, not a lot: scan the "
                         "product again to begin anew",
                         code);
    return rc;
}

int level_view_number(struct rpc_call *call, char letter, const char *text,
                      int64_t *ret) {
    bool fits = (*text | 32) == (letter | 32) && text[1] == '-' &&
                str_to_i64(text + 2, 1, INT64_MAX, ret) >= 0;
    if (fits)
        return 0;
    return call_fail(call, ERR_NOT_FOUND, "id",
                     "there is no %.20s here: it "
                     "is written as %c-12",
                     text, letter);
}
