/* Bundles: what products are made of. */
#include "common/money.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/bundle.h"
#include "model/product_list.h"
#include "rpc/level_view.h"
#include "rpc/mirrored.h"
#include "rpc/product_view.h"
#include "rpc_handlers.gen.h"

/* --- as it is --------------------------------------------------------------
 */

/* A product that was asked for, and what it is made of. */
struct shown {
    struct product_item p;
    struct bundle b; /* n 0: no bundle */
    int64_t *in;
    size_t n_in;
    int64_t available_e3; /* BUNDLE_ANY */
};

static int find(struct rpc_call *call, struct db_tx *tx, const struct ref *ref,
                struct product_item *ret) {
    struct store s = {0};
    int rc = mirrored_store(call, tx, ref, REF_OBJECT, &s);
    if (rc >= 0)
        rc = product_item_get(tx, s.id, ref->id, call_arena(call), ret);
    store_done(&s);
    return rc == 0 ? mirrored_missing(call, ref) : rc < 0 ? rc : 0;
}

static int load(struct rpc_call *call, struct db_tx *tx, const struct ref *ref,
                struct shown *ret) {
    struct shown s = {.available_e3 = BUNDLE_ANY};
    int rc = find(call, tx, ref, &s.p);
    if (rc >= 0)
        rc = bundle_get(tx, s.p.store_id, ref->id, call_arena(call), &s.b);
    if (rc >= 0)
        rc = bundle_with(tx, s.p.store_id, ref->id, call_arena(call), &s.in,
                         &s.n_in);
    if (rc >= 0)
        rc = bundle_available(tx, s.p.store_id, ref->id, &s.available_e3);
    if (rc < 0)
        return rc;
    *ret = s;
    return 0;
}

static void write_available(struct jsonw *w, int64_t e3) {
    level_view_qty(w, "available", e3 == BUNDLE_ANY ? ITEM_NONE : e3);
}

/* What of the part costs in one bundle is added to *sum; false: nobody knows.
 */
static bool add_cost(const struct bundle_part *part, int64_t price_e4,
                     int64_t *sum) {
    int64_t e7;
    if (part->optional)
        return true;
    return price_e4 != PRODUCT_NONE &&
           !__builtin_mul_overflow(price_e4, part->per_e3, &e7) &&
           money_add(sum, e7 / 1000);
}

static int write_part(struct rpc_call *call, struct db_tx *tx, struct jsonw *w,
                      const struct shown *s, const struct bundle_part *part,
                      int64_t *ret_price_e4) {
    struct product_item p = {.sku = "", .name = "", .price_e4 = PRODUCT_NONE};
    int64_t e3 = 0;
    int rc = product_item_get(tx, s->p.store_id, part->product_id,
                              call_arena(call), &p);
    if (rc >= 0)
        rc = bundle_part_available(tx, s->p.store_id, part->product_id, &e3);
    jsonw_begin_object(w);
    jsonw_ki64(w, "part", part->part);
    product_view_ref(w, "ref", s->p.store, part->product_id);
    jsonw_kstring(w, "sku", p.sku);
    jsonw_kstring(w, "name", p.name);
    jsonw_kqty(w, "quantity", part->per_e3);
    jsonw_kbool(w, "optional", part->optional);
    if (p.price_e4 == PRODUCT_NONE)
        jsonw_kstring(w, "price", "");
    else
        jsonw_kmoney(w, "price", p.price_e4, 2);
    write_available(w, e3);
    jsonw_end_object(w);
    *ret_price_e4 = p.price_e4;
    return rc < 0 ? rc : 0;
}

static void write_cost(struct jsonw *w, const struct shown *s, bool known,
                       int64_t sum_e4) {
    int64_t cost;
    if (s->b.n == 0 || !known ||
        __builtin_mul_overflow(sum_e4, 100 - s->b.discount, &cost))
        jsonw_kstring(w, "cost", NULL);
    else
        jsonw_kmoney(w, "cost", (cost + 50) / 100, 2);
}

static int write_parts(struct rpc_call *call, struct db_tx *tx, struct jsonw *w,
                       const struct shown *s) {
    int64_t sum = 0, price = 0;
    bool known = true;
    int rc = 0;
    jsonw_key(w, "parts");
    jsonw_begin_array(w);
    for (size_t i = 0; rc >= 0 && i < s->b.n; i++) {
        rc = write_part(call, tx, w, s, &s->b.parts[i], &price);
        known = known && add_cost(&s->b.parts[i], price, &sum);
    }
    jsonw_end_array(w);
    write_cost(w, s, known, sum);
    return rc;
}

static int answer(struct rpc_call *call, struct db_tx *tx,
                  const struct ref *ref) {
    struct shown s;
    int rc = load(call, tx, ref, &s);
    if (rc < 0)
        return rc;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    product_view_ref(w, "ref", s.p.store, s.p.remote_id);
    jsonw_kbool(w, "bundle", s.b.n > 0);
    jsonw_ki64(w, "discount", s.b.discount);
    jsonw_kstring(w, "currency", s.p.currency);
    write_available(w, s.available_e3);
    rc = write_parts(call, tx, w, &s);
    jsonw_key(w, "in");
    jsonw_begin_array(w);
    for (size_t i = 0; i < s.n_in; i++) {
        char text[REF_TEXT];
        struct ref in = *ref;
        in.id = s.in[i];
        jsonw_string(w, ref_format(text, &in));
    }
    jsonw_end_array(w);
    jsonw_ktime(w, "changed", s.b.changed_ms);
    jsonw_kstring(w, "changed_by", s.b.n > 0 ? s.b.changed_by : NULL);
    jsonw_ki64(w, "version", s.b.version);
    jsonw_end_object(w);
    return rc;
}

static int get_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_bundles_get_params *p = call->params;
    return answer(call, tx, &p->ref);
}

int method_bundles_get(struct rpc_call *call,
                       const struct rpc_bundles_get_params *p) {
    (void)p;
    return call_read(call, get_work, NULL);
}

/* --- made and unmade -------------------------------------------------------
 */

/* Nobody else was quicker. */
static int check_version(struct rpc_call *call, struct db_tx *tx,
                         const struct product_item *p, bool asked,
                         int64_t version) {
    struct bundle b = {0};
    int rc = bundle_get(tx, p->store_id, p->remote_id, call_arena(call), &b);
    if (rc >= 0 && asked && b.version != version)
        return call_fail(call, ERR_CONFLICT, "if_version",
                         "it was changed meanwhile: it is version %lld",
                         (long long)b.version);
    return rc < 0 ? rc : 0;
}

/* The one product of the store with that SKU. */
static int by_sku(struct rpc_call *call, struct db_tx *tx, int64_t store_id,
                  const char *sku, int64_t *ret_id) {
    AUTO_ROWS struct db_rows *r = NULL;
    int n = 0;
    int rc = db_query(tx, STMT_STOCK_OF_SKU, &r, "sS", sku, store_id);
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        *ret_id = db_i64(r, 0);
        n++;
    }
    if (rc >= 0 && n != 1)
        return call_fail(call, ERR_INVALID, "parts",
                         n ? "the store has %.100s more than once: name it by "
                             "its reference"
                           : "the store has no product %.100s",
                         sku);
    return rc < 0 ? rc : 0;
}

static int read_part(struct rpc_call *call, struct db_tx *tx,
                     const struct product_item *of, const struct json *l,
                     struct bundle_part *p) {
    const char *name = json_string(json_get(l, "product"));
    struct ref ref;
    (void)json_bool(json_get(l, "optional"), false, &p->optional);
    (void)json_decimal(json_get(l, "quantity"), QTY_SCALE, &p->per_e3);
    if (ref_parse(name, &ref) < 0)
        return by_sku(call, tx, of->store_id, name, &p->product_id);
    if (ref.kind != REF_OBJECT || !str_eq(ref.store, of->store))
        return call_fail(call, ERR_INVALID, "parts",
                         "%.100s is no product of %s: a bundle is made of "
                         "products of its own store",
                         name, of->store);
    p->product_id = ref.id;
    return 0;
}

static int read_parts(struct rpc_call *call, struct db_tx *tx,
                      const struct product_item *of, const struct json *list,
                      struct bundle *b) {
    int rc = 0;
    b->parts = arena_alloc(call_arena(call), BUNDLE_PARTS * sizeof *b->parts);
    for (const struct json *l = json_first(list);
         rc >= 0 && l && b->n < BUNDLE_PARTS; l = json_next(l)) {
        b->parts[b->n] = (struct bundle_part){0};
        rc = read_part(call, tx, of, l, &b->parts[b->n++]);
    }
    return rc;
}

static int done(struct rpc_call *call, struct db_tx *tx, const struct ref *ref,
                const struct bundle *b) {
    AUTO_BUF struct buf payload = BUF_INIT;
    char text[REF_TEXT], qty[MONEY_TEXT];
    struct jsonw w;
    jsonw_init(&w, &payload);
    jsonw_begin_object(&w);
    jsonw_ki64(&w, "discount", b->discount);
    jsonw_key(&w, "parts");
    jsonw_begin_array(&w);
    for (size_t i = 0; i < b->n; i++) {
        char part[120];
        (void)str_format(part, sizeof part, "%s x %lld%s",
                         money_format_qty(qty, b->parts[i].per_e3),
                         (long long)b->parts[i].product_id,
                         b->parts[i].optional ? " (optional)" : "");
        jsonw_string(&w, part);
    }
    jsonw_end_array(&w);
    jsonw_end_object(&w);
    int rc = call_audit(call, tx, ref_format(text, ref), buf_str(&payload));
    return rc < 0 ? rc : answer(call, tx, ref);
}

static int set_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_bundles_set_params *p = call->params;
    struct bundle b = {.discount = p->discount};
    struct product_item item;
    int rc = find(call, tx, &p->ref, &item);
    if (rc >= 0)
        rc = check_version(call, tx, &item, p->has_if_version, p->if_version);
    if (rc >= 0)
        rc = read_parts(call, tx, &item, p->parts, &b);
    /* an emptied form: it is none any more */
    if (rc >= 0 && b.n == 0 && item.bundle)
        rc = bundle_remove(tx, item.store_id, item.remote_id, call_arena(call));
    else if (rc >= 0)
        rc = bundle_set(tx, item.store_id, item.remote_id, &b, call->actor,
                        call_arena(call), &call->error);
    if (rc == ERR_NOT_FOUND)
        return mirrored_missing(call, &p->ref);
    return rc < 0 ? rc : done(call, tx, &p->ref, &b);
}

int method_bundles_set(struct rpc_call *call,
                       const struct rpc_bundles_set_params *p) {
    (void)p;
    return call_write(call, set_work, NULL);
}

static int remove_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_bundles_remove_params *p = call->params;
    const struct bundle none = {0};
    struct product_item item;
    int rc = find(call, tx, &p->ref, &item);
    if (rc >= 0)
        rc = check_version(call, tx, &item, p->has_if_version, p->if_version);
    if (rc >= 0)
        rc = bundle_remove(tx, item.store_id, item.remote_id, call_arena(call));
    if (rc == ERR_NOT_FOUND)
        return call_fail(call, rc, "ref", "it is no bundle");
    return rc < 0 ? rc : done(call, tx, &p->ref, &none);
}

int method_bundles_remove(struct rpc_call *call,
                          const struct rpc_bundles_remove_params *p) {
    (void)p;
    return call_write(call, remove_work, NULL);
}
