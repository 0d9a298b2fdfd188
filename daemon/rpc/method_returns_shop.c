/* What a shop hears of a return: stock that is counted back in, money that is
 * given back. Each is a change of the outbox, linked to the return in the
 * transaction that makes it. */
#include <string.h>

#include "common/digest.h"
#include "common/json.h"
#include "common/money.h"
#include "common/str.h"
#include "model/return_put.h"
#include "rpc/level_view.h"
#include "rpc/mirrored.h"
#include "rpc/outgoing.h"
#include "rpc/return_view.h"
#include "rpc_handlers.gen.h"

static int make_change(struct rpc_call *call, struct db_tx *tx,
                       struct change_new *n, struct change *ret) {
    uint8_t random[10];
    digest_random(random, sizeof random);
    n->author = call->actor;
    n->random = random;
    return change_create(tx, n, call_arena(call), ret, &call->error);
}

/* --- stock -----------------------------------------------------------------
 */

static int put_back(struct rpc_call *call, struct db_tx *tx,
                    const struct return_ *r, const struct return_line *l,
                    const char **ret_change) {
    char delta[MONEY_TEXT], reason[RETURN_TEXT];
    struct change_path path = {
        .path = "stock", .wanted = money_format_qty(delta, l->restock_e3)};
    struct change_new n = {.store_id = r->store_id,
                           .remote_id = l->product_id,
                           .kind = MIRROR_PRODUCT,
                           .act = CHANGE_STOCK,
                           .paths = &path,
                           .n_paths = 1,
                           .reason = return_text(reason, r->id)};
    struct change made;
    int rc = make_change(call, tx, &n, &made);
    if (rc == ERR_NOT_FOUND || rc == ERR_INVALID || rc == ERR_CONFLICT)
        return call_fail(call, rc, "return",
                         "%.60s cannot be counted back in at the shop: inspect "
                         "it again and set it aside",
                         *l->sku ? l->sku : l->name);
    if (rc < 0)
        return rc;
    *ret_change = arena_dupn(call_arena(call), made.uuid, strlen(made.uuid));
    return return_stocked(tx, r, l->line_id, made.uuid, call->actor);
}

/* Where it goes and by which lots, as it was asked for; quantities are checked
 * with the rest. */
static int read_put(struct rpc_call *call, struct db_tx *tx, struct bin *b,
                    struct return_put *ret) {
    const struct rpc_returns_restock_params *p = call->params;
    struct return_piece *pieces = arena_alloc(
        call_arena(call), (json_count(p->lines) + 1) * sizeof *pieces);
    *ret = (struct return_put){.pieces = pieces,
                               .unsent = p->has_unsent ? p->unsent : NULL,
                               .who = call->actor};
    for (const struct json *l = json_first(p->lines); l; l = json_next(l)) {
        struct return_piece *one = &pieces[ret->n++];
        *one = (struct return_piece){.lot = json_string(json_get(l, "lot"))};
        (void)json_i64(json_get(l, "line"), false, &one->line_id);
        (void)json_decimal(json_get(l, "quantity"), QTY_SCALE, &one->pieces_e3);
    }
    int rc = p->has_bin ? level_view_bin(call, tx, "bin", p->bin, b) : 0;
    if (rc >= 0 && p->has_bin)
        ret->bin = b;
    return rc;
}

/* A line that is not among those counted back in is a slip of the hand. */
static int check_named(struct rpc_call *call, const struct return_put *put,
                       const struct return_line *l, size_t n) {
    for (size_t i = 0; i < put->n; i++) {
        bool found = false;
        for (size_t k = 0; k < n; k++)
            found |= l[k].line_id == put->pieces[i].line_id &&
                     l[k].restock_e3 > 0 && !*l[k].stock;
        if (!found)
            return call_fail(call, ERR_INVALID, "lines",
                             "nothing of line %lld is to be counted back in",
                             (long long)put->pieces[i].line_id);
    }
    return 0;
}

static int restock_lines(struct rpc_call *call, struct db_tx *tx,
                         const struct return_ *r, const char ***ret,
                         size_t *ret_n) {
    struct return_put put;
    struct bin bin;
    struct return_line *l;
    size_t n, made = 0;
    int rc = return_lines(tx, r->id, call_arena(call), &l, &n);
    if (rc >= 0)
        rc = read_put(call, tx, &bin, &put);
    if (rc >= 0)
        rc = check_named(call, &put, l, n);
    if (rc < 0)
        return rc;
    *ret = arena_alloc(call_arena(call), (n + 1) * sizeof **ret);
    for (size_t i = 0; rc >= 0 && i < n; i++) {
        if (l[i].restock_e3 <= 0 || *l[i].stock)
            continue;
        rc = return_put(tx, r, &l[i], &put, &call->error);
        if (rc >= 0)
            rc = put_back(call, tx, r, &l[i], &(*ret)[made++]);
    }
    *ret_n = made;
    return rc;
}

static int restock_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_returns_restock_params *p = call->params;
    char text[RETURN_TEXT];
    const char **changes;
    struct return_ r;
    size_t n = 0;
    int rc = return_view_find(call, tx, p->return_, &r);
    if (rc >= 0 && r.state != RETURN_INSPECTED && r.state != RETURN_REFUNDED)
        return call_fail(call, ERR_CONFLICT, "return", "%s is %s",
                         return_text(text, r.id), return_state_name(r.state));
    if (rc >= 0)
        rc = restock_lines(call, tx, &r, &changes, &n);
    if (rc >= 0 && n == 0)
        return call_fail(call, ERR_CONFLICT, "return",
                         "nothing of %s is left to count back in",
                         return_text(text, r.id));
    if (rc < 0)
        return rc;
    outgoing_note(call, r.store_id);
    return return_view_done(call, tx, r.id, changes, n);
}

int method_returns_restock(struct rpc_call *call,
                           const struct rpc_returns_restock_params *p) {
    (void)p;
    return call_write(call, restock_work, outgoing_then);
}

/* --- money -----------------------------------------------------------------
 */

/* A refund under way. */
struct refund_sum {
    int64_t amount_e4; /* tax included */
    bool given;        /* by a person: the lines carry none then */
    struct buf lines;
    struct jsonw w;
};

/* So many of `all`, rounded to cents. */
static bool part_of(int64_t e4, int64_t some_e3, int64_t all_e3, int64_t *ret) {
    int64_t product;
    if (all_e3 <= 0 || __builtin_mul_overflow(e4, some_e3, &product))
        return false;
    *ret = (product / all_e3 + 50) / 100 * 100;
    return true;
}

static int64_t decimal_of(const struct json *o, const char *name, int scale) {
    int64_t v = 0;
    (void)json_decimal(json_get(o, name), scale, &v); /* else 0 */
    return v;
}

static const struct json *line_of(const struct json *order, int64_t id) {
    for (const struct json *l = json_first(json_get(order, "line_items")); l;
         l = json_next(l)) {
        int64_t at = 0;
        if (json_i64(json_get(l, "id"), true, &at) == 0 && at == id)
            return l;
    }
    return NULL;
}

static int add_line(struct refund_sum *s, const struct json *order,
                    const struct return_line *l) {
    const struct json *o = line_of(order, l->line_id);
    int64_t all = decimal_of(o, "quantity", QTY_SCALE), net = 0, tax = 0;
    if (!part_of(decimal_of(o, "total", MONEY_SCALE), l->received_e3, all,
                 &net) ||
        !part_of(decimal_of(o, "total_tax", MONEY_SCALE), l->received_e3, all,
                 &tax))
        return ERR_RANGE;
    if (!s->given &&
        (!money_add(&s->amount_e4, net) || !money_add(&s->amount_e4, tax)))
        return ERR_RANGE;
    jsonw_begin_object(&s->w);
    jsonw_ki64(&s->w, "id", l->line_id);
    jsonw_kqty(&s->w, "quantity", l->received_e3);
    jsonw_kmoney(&s->w, "amount", s->given ? 0 : net, 2);
    jsonw_end_object(&s->w);
    return 0;
}

/* What was paid for what is here. */
static int add_up(struct rpc_call *call, struct db_tx *tx,
                  const struct return_ *r, struct refund_sum *s) {
    struct ref ref = {.kind = REF_OBJECT, .id = r->remote_id};
    const struct json *order;
    struct return_line *l;
    size_t n;
    (void)str_copy(ref.store, sizeof ref.store, r->store);
    int rc = mirrored_json(call, tx, MIRROR_ORDER, r->store_id, &ref, &order);
    if (rc >= 0)
        rc = return_lines(tx, r->id, call_arena(call), &l, &n);
    if (rc < 0)
        return rc;
    jsonw_begin_array(&s->w);
    for (size_t i = 0; rc >= 0 && i < n; i++)
        if (l[i].received_e3 > 0)
            rc = add_line(s, order, &l[i]);
    if (rc == ERR_RANGE || s->amount_e4 <= 0)
        return call_fail(call, ERR_INVALID, "amount",
                         "what was paid for it is not known: give the amount");
    if (rc >= 0)
        jsonw_end_array(&s->w);
    return rc;
}

static const char *payload_of(struct rpc_call *call,
                              const struct refund_sum *s) {
    const struct rpc_returns_refund_params *p = call->params;
    AUTO_BUF struct buf payload = BUF_INIT;
    struct jsonw w;
    jsonw_init(&w, &payload);
    jsonw_begin_object(&w);
    jsonw_kmoney(&w, "amount", s->amount_e4, 2);
    jsonw_kstring(&w, "reason", p->has_reason ? p->reason : "");
    jsonw_kbool(&w, "restock", false); /* what is fit goes back by itself */
    jsonw_kbool(&w, "api", p->gateway);
    jsonw_key(&w, "lines");
    jsonw_raw(&w, buf_str(&s->lines), s->lines.len);
    jsonw_end_object(&w);
    return outgoing_keep(call, &payload);
}

static int ask_refund(struct rpc_call *call, struct db_tx *tx,
                      const struct return_ *r, struct refund_sum *s) {
    const struct rpc_returns_refund_params *p = call->params;
    char text[RETURN_TEXT];
    struct change made;
    int rc = return_may_refund(tx, r, call_arena(call), &call->error);
    if (rc >= 0)
        rc = add_up(call, tx, r, s);
    if (rc < 0)
        return rc;
    struct change_new n = {.store_id = r->store_id,
                           .remote_id = r->remote_id,
                           .kind = MIRROR_ORDER,
                           .act = CHANGE_REFUND,
                           .payload = payload_of(call, s),
                           .reason = p->has_reason ? p->reason
                                                   : return_text(text, r->id),
                           .awaiting = true};
    rc = make_change(call, tx, &n, &made);
    if (rc >= 0)
        rc = return_refund(tx, r, made.uuid, s->amount_e4, call->actor);
    if (rc < 0)
        return rc;
    const char *change = made.uuid;
    outgoing_note(call, r->store_id);
    return return_view_done(call, tx, r->id, &change, 1);
}

static int refund_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_returns_refund_params *p = call->params;
    struct refund_sum s = {.given = p->has_amount};
    struct return_ r;
    s.amount_e4 = p->has_amount ? p->amount : 0;
    int rc = return_view_find(call, tx, p->return_, &r);
    jsonw_init(&s.w, &s.lines);
    if (rc >= 0)
        rc = ask_refund(call, tx, &r, &s);
    buf_done(&s.lines);
    return rc;
}

int method_returns_refund(struct rpc_call *call,
                          const struct rpc_returns_refund_params *p) {
    if (p->has_amount && p->amount <= 0)
        return call_fail(call, ERR_INVALID, "amount", "must be above zero");
    return call_write(call, refund_work, outgoing_then);
}
