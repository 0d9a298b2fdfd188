/* Parcels: how they travel, leaving, and what becomes of them. */
#include <string.h>

#include "common/digest.h"
#include "common/json.h"
#include "common/str.h"
#include "common/text.h"
#include "db/sql.h"
#include "model/list.h"
#include "model/ship.h"
#include "model/store.h"
#include "rpc/mirrored.h"
#include "rpc/outgoing.h"
#include "rpc/pack_view.h"
#include "rpc/shipment_view.h"
#include "rpc_handlers.gen.h"

/* --- reading ------------------------------------------------------------ */

static int list_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_shipments_list_params *p = call->params;
    struct list_request r = {.filter = p->filter,
                             .limit = (int)p->limit,
                             .after = p->after,
                             .zone = call->rpc->zone};
    struct parcel_page page = {0};
    int rc = parcel_list(tx, &r, call_arena(call), &page, &call->error);
    if (rc < 0)
        return rc;
    struct jsonw *w = call_list_begin(call);
    for (size_t i = 0; i < page.n; i++) {
        jsonw_begin_object(w);
        shipment_view_fields(&page.items[i], w);
        jsonw_end_object(w);
    }
    call_list_end(w, page.next, page.partial);
    return 0;
}

int method_shipments_list(struct rpc_call *call,
                          const struct rpc_shipments_list_params *p) {
    (void)p;
    return call_read(call, list_work, NULL);
}

static int find(struct rpc_call *call, struct db_tx *tx, const char *name,
                struct parcel *ret) {
    int64_t id;
    int rc = parcel_parse(name, &id);
    if (rc < 0)
        return call_fail(call, ERR_INVALID, "id",
                         "a parcel is named like S-15");
    rc = parcel_get(tx, id, call_arena(call), ret);
    if (rc == 0)
        return call_fail(call, ERR_NOT_FOUND, "id", "there is no parcel S-%lld",
                         (long long)id);
    return rc < 0 ? rc : 0;
}

static void write_lines(struct jsonw *w, const struct parcel_line *l,
                        size_t n) {
    jsonw_key(w, "lines");
    jsonw_begin_array(w);
    for (size_t i = 0; i < n; i++) {
        jsonw_begin_object(w);
        jsonw_ki64(w, "line", l[i].line_id);
        jsonw_ki64(w, "part", l[i].part);
        jsonw_kstring(w, "sku", l[i].sku);
        jsonw_kstring(w, "name", l[i].name);
        jsonw_kqty(w, "quantity", l[i].qty_e3);
        jsonw_end_object(w);
    }
    jsonw_end_array(w);
}

static int get_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_shipments_get_params *p = call->params;
    struct parcel_line *l;
    struct parcel c;
    size_t n;
    int rc = find(call, tx, p->id, &c);
    if (rc >= 0)
        rc = parcel_lines(tx, c.id, call_arena(call), &l, &n);
    if (rc < 0)
        return rc;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    shipment_view_fields(&c, w);
    write_lines(w, l, n);
    jsonw_end_object(w);
    return 0;
}

int method_shipments_get(struct rpc_call *call,
                         const struct rpc_shipments_get_params *p) {
    (void)p;
    return call_read(call, get_work, NULL);
}

/* --- of an order ------------------------------------------------------- */

static int order_known(struct rpc_call *call, struct db_tx *tx,
                       const struct ref *ref, int64_t *ret_store) {
    struct store s = {0};
    int64_t id;
    int rc = mirrored_store(call, tx, ref, REF_OBJECT, &s);
    if (rc >= 0)
        rc = db_value(tx, STMT_ORDER_ITEM_ID, &id, "Si", s.id, ref->id);
    *ret_store = s.id;
    store_done(&s);
    return rc == 0 ? mirrored_missing(call, ref) : rc < 0 ? rc : 0;
}

static int why_not(struct rpc_call *call, struct db_tx *tx,
                   const struct ref *ref, int64_t store, const struct pack *p,
                   struct buf *out) {
    struct error e = {0};
    if (p) {
        pack_view_why(call, p, db_now(tx), out);
        return 0;
    }
    int rc = work_may_ship(tx, store, ref->id, call_arena(call), &e);
    if (rc == ERR_CONFLICT)
        pack_view_not_to_ship(call, e.detail, out);
    return rc < 0 && rc != ERR_CONFLICT ? rc : 0;
}

static int order_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_shipments_order_params *p = call->params;
    AUTO_BUF struct buf why = BUF_INIT;
    char text[REF_TEXT];
    struct pack pack;
    struct parcel *all;
    size_t n;
    int64_t store;
    int rc = order_known(call, tx, &p->ref, &store);
    int any =
        rc < 0 ? rc : pack_get(tx, store, p->ref.id, call_arena(call), &pack);
    rc = any < 0 ? any
                 : why_not(call, tx, &p->ref, store, any ? &pack : NULL, &why);
    if (rc >= 0)
        rc = parcel_of_order(tx, store, p->ref.id, call_arena(call), &all, &n);
    if (rc < 0)
        return rc;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_kstring(w, "ref", ref_format(text, &p->ref));
    jsonw_kstring(w, "work", any ? work_state_name(pack.w.state) : NULL);
    jsonw_kqty(w, "left", any ? pack_left(&pack) : 0);
    jsonw_kstring(w, "why", buf_str(&why));
    shipment_view_all(all, n, w);
    jsonw_end_object(w);
    return 0;
}

int method_shipments_order(struct rpc_call *call,
                           const struct rpc_shipments_order_params *p) {
    (void)p;
    return call_read(call, order_work, NULL);
}

/* --- writing ----------------------------------------------------------- */

/* The row as it is now. */
static int answer(struct rpc_call *call, struct db_tx *tx, int64_t id) {
    char name[PARCEL_TEXT];
    struct parcel c;
    int rc = call_audit(call, tx, parcel_format(name, id), "{}");
    if (rc >= 0)
        rc = parcel_get(tx, id, call_arena(call), &c);
    if (rc < 0)
        return rc;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    shipment_view_fields(&c, w);
    jsonw_end_object(w);
    return 0;
}

static int create_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_shipments_create_params *p = call->params;
    struct pack_begin b = {.remote_id = p->ref.id,
                           .who = call->actor,
                           .pick_first = call->rpc->pick_first};
    struct arena *a = call_arena(call);
    struct pack pack;
    int64_t id = 0;
    int rc = order_known(call, tx, &p->ref, &b.store_id);
    if (rc >= 0)
        rc = pack_begin(tx, &b, a, &pack, &call->error);
    if (rc >= 0)
        rc = pack_rest(tx, &pack, call->actor, a, &call->error);
    if (rc >= 0)
        id = pack.parcel_id;
    if (rc >= 0)
        rc = pack_finish(tx, &pack, call->actor, a, &call->error);
    for (size_t i = 0; rc >= 0 && id == 0 && i < pack.n_parcels; i++)
        id = pack.parcels[i].id;
    return rc < 0 ? rc : answer(call, tx, id);
}

int method_shipments_create(struct rpc_call *call,
                            const struct rpc_shipments_create_params *p) {
    (void)p;
    return call_write(call, create_work, NULL);
}

/* How it travels, with the carrier's page where nobody gave another. */
static int describe(struct rpc_call *call, struct db_tx *tx,
                    const struct parcel *c, struct parcel_facts *f) {
    const char *carriers = call->data;
    const char *carrier = f->carrier ? f->carrier : c->carrier;
    const char *tracking = f->tracking ? f->tracking : c->tracking;
    if (!f->url && (f->tracking || f->carrier) && tracking[0])
        f->url = ship_url(carriers, carrier, tracking, call_arena(call));
    return parcel_describe(tx, c, f, &call->error);
}

static int update_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_shipments_update_params *p = call->params;
    struct parcel_facts f = {.carrier = p->carrier,
                             .service = p->service,
                             .tracking = p->tracking,
                             .url = p->url,
                             .weight_g = p->has_weight ? p->weight : -1,
                             .length_mm = p->has_length ? p->length : -1,
                             .width_mm = p->has_width ? p->width : -1,
                             .height_mm = p->has_height ? p->height : -1};
    struct parcel c;
    int rc = find(call, tx, p->id, &c);
    if (rc >= 0)
        rc = describe(call, tx, &c, &f);
    return rc < 0 ? rc : answer(call, tx, c.id);
}

/* The settings may be read again while the work runs. */
static void keep_carriers(struct rpc_call *call) {
    const char *c = call->rpc->carriers ? call->rpc->carriers : "";
    call->data = arena_dupn(call_arena(call), c, strlen(c));
}

int method_shipments_update(struct rpc_call *call,
                            const struct rpc_shipments_update_params *p) {
    (void)p;
    keep_carriers(call);
    return call_write(call, update_work, NULL);
}

static int mark_work(struct rpc_call *call, struct db_tx *tx) {
    static const enum parcel_state states[] = {
        [RPC_SHIPMENTS_MARK_STATE_IN_TRANSIT] = PARCEL_IN_TRANSIT,
        [RPC_SHIPMENTS_MARK_STATE_OUT_FOR_DELIVERY] = PARCEL_OUT_FOR_DELIVERY,
        [RPC_SHIPMENTS_MARK_STATE_DELIVERED] = PARCEL_DELIVERED,
        [RPC_SHIPMENTS_MARK_STATE_EXCEPTION] = PARCEL_EXCEPTION};
    const struct rpc_shipments_mark_params *p = call->params;
    struct parcel c;
    int rc = find(call, tx, p->id, &c);
    if (rc >= 0)
        rc = ship_mark(tx, &c, states[p->state], call->actor,
                       p->has_note ? p->note : "", &call->error);
    return rc < 0 ? rc : answer(call, tx, c.id);
}

int method_shipments_mark(struct rpc_call *call,
                          const struct rpc_shipments_mark_params *p) {
    (void)p;
    return call_write(call, mark_work, NULL);
}

static int void_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_shipments_void_params *p = call->params;
    struct parcel c;
    int rc = find(call, tx, p->id, &c);
    if (rc >= 0)
        rc = pack_void(tx, &c, call->actor, call_arena(call), &call->error);
    return rc < 0 ? rc : answer(call, tx, c.id);
}

int method_shipments_void(struct rpc_call *call,
                          const struct rpc_shipments_void_params *p) {
    (void)p;
    return call_write(call, void_work, NULL);
}

/* --- ship
 * ---------------------------------------------------------------------- */

static int64_t number(const struct json *v, const char *key) {
    int64_t n = -1;
    (void)json_i64(json_get(v, key), false, &n);
    return n;
}

/* What is said of one parcel, when anything is; its id is kept. */
static int take_one(struct rpc_call *call, struct db_tx *tx,
                    const struct json *v, int64_t *ret_id) {
    struct parcel_facts f = {.carrier = json_string(json_get(v, "carrier")),
                             .service = json_string(json_get(v, "service")),
                             .tracking = json_string(json_get(v, "tracking")),
                             .url = json_string(json_get(v, "url")),
                             .weight_g = number(v, "weight"),
                             .length_mm = number(v, "length"),
                             .width_mm = number(v, "width"),
                             .height_mm = number(v, "height")};
    struct parcel c;
    int rc = find(call, tx, json_string(json_get(v, "id")), &c);
    if (rc < 0)
        return rc;
    *ret_id = c.id;
    /* pressed twice: it stays as it left */
    return json_count(v) > 1 && !parcel_left(c.state)
               ? describe(call, tx, &c, &f)
               : 0;
}

static int answer_shipped(struct rpc_call *call, struct db_tx *tx,
                          const struct ship *s, const struct shipped *done) {
    const struct rpc_shipments_ship_params *p = call->params;
    char text[REF_TEXT];
    struct parcel *all;
    size_t n;
    int rc = call_audit(call, tx, ref_format(text, &p->ref), "{}");
    if (rc >= 0)
        rc = parcel_of_order(tx, s->store_id, s->remote_id, call_arena(call),
                             &all, &n);
    if (rc < 0)
        return rc;
    if (done->any_change)
        outgoing_note(call, s->store_id);
    else
        call->data = NULL;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_kstring(w, "ref", text);
    jsonw_ki64(w, "shipped", (int64_t)done->n);
    jsonw_kbool(w, "completed", done->completed);
    shipment_view_all(all, n, w);
    jsonw_end_object(w);
    return 0;
}

static int ship_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_shipments_ship_params *p = call->params;
    int64_t ids[SHIP_MAX];
    struct ship s = {.remote_id = p->ref.id, .who = call->actor};
    struct shipped done;
    int rc = order_known(call, tx, &p->ref, &s.store_id);
    for (const struct json *v = json_first(p->parcels);
         rc >= 0 && v && s.n < SHIP_MAX; v = json_next(v))
        rc = take_one(call, tx, v, &ids[s.n++]);
    s.ids = s.n ? ids : NULL;
    digest_random(s.random, sizeof s.random);
    if (rc >= 0)
        rc = ship_order(tx, &s, call_arena(call), &done, &call->error);
    return rc < 0 ? rc : answer_shipped(call, tx, &s, &done);
}

int method_shipments_ship(struct rpc_call *call,
                          const struct rpc_shipments_ship_params *p) {
    (void)p;
    keep_carriers(call);
    return call_write(call, ship_work, outgoing_then);
}
