/* What a shop hears of a return: stock that is counted back in, money that is
 * given back. Each is a change of the outbox, linked to the return in the
 * transaction that makes it. */
#include <string.h>

#include "common/digest.h"
#include "common/json.h"
#include "common/money.h"
#include "common/str.h"
#include "model/fulfil.h"
#include "model/line_part.h"
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

/* So many more of a product at the shop: the change in the arena. */
static int tell_shop(struct rpc_call *call, struct db_tx *tx,
                     const struct return_ *r, int64_t product_id, int64_t e3,
                     const char *what, const char **ret_change) {
    char delta[MONEY_TEXT], reason[RETURN_TEXT];
    struct change_path path = {.path = "stock",
                               .wanted = money_format_qty(delta, e3)};
    struct change_new n = {.store_id = r->store_id,
                           .remote_id = product_id,
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
                         what);
    if (rc < 0)
        return rc;
    *ret_change = arena_dupn(call_arena(call), made.uuid, strlen(made.uuid));
    return 0;
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
        (void)json_i64(json_get(l, "part"), false, &one->part);
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
                     l[k].part == put->pieces[i].part && l[k].restock_e3 > 0 &&
                     !*l[k].stock;
        if (!found)
            return call_fail(call, ERR_INVALID, "lines",
                             "nothing of line %lld is to be counted back in",
                             (long long)put->pieces[i].line_id);
    }
    return 0;
}

/* That line of the order as it is fulfilled; NULL: it has none. */
static int find_fulfil(struct rpc_call *call, struct db_tx *tx,
                       const struct return_ *r, int64_t line_id,
                       const struct fulfil_line **ret) {
    struct fulfil_line *f;
    size_t n;
    int rc =
        fulfil_lines(tx, r->store_id, r->remote_id, call_arena(call), &f, &n);
    *ret = NULL;
    for (size_t i = 0; rc >= 0 && i < n; i++)
        if (f[i].line_id == line_id)
            *ret = &f[i];
    return rc;
}

static bool is_due(const struct return_line *l) {
    return l->restock_e3 > 0 && !*l->stock;
}

/* What goes back with this call. */
struct restocking {
    const struct return_ *r;
    struct return_line *l;
    size_t n;
    const char **changes;
    size_t made, done;
};

static int64_t due_e3(const struct return_line *l) {
    return is_due(l) ? l->restock_e3 : 0;
}

/* The shop took a bundle from the bundle's number alone, never from its parts':
 * whole ones go back there, and a part is in its bin. */
static int tell_of_bundle(struct rpc_call *call, struct db_tx *tx,
                          struct restocking *s, int64_t line_id,
                          const char **ret_change) {
    const struct fulfil_line *f = NULL;
    int rc = find_fulfil(call, tx, s->r, line_id, &f);
    if (rc < 0)
        return rc;
    *ret_change = RETURN_BIN_ALONE;
    int64_t whole = f ? return_bundles(f, s->l, s->n, due_e3) : 0;
    if (whole == 0)
        return 0;
    rc = tell_shop(call, tx, s->r, f->product_id, whole, f->name, ret_change);
    if (rc >= 0)
        s->changes[s->made++] = *ret_change;
    return rc;
}

/* A line, or the first part of one: the others follow it. */
static int tell_of(struct rpc_call *call, struct db_tx *tx,
                   struct restocking *s, size_t i, const char **ret_change) {
    const struct return_line *l = &s->l[i];
    if (l->part == 0) {
        int rc = tell_shop(call, tx, s->r, l->product_id, l->restock_e3,
                           *l->sku ? l->sku : l->name, ret_change);
        if (rc >= 0)
            s->changes[s->made++] = *ret_change;
        return rc;
    }
    for (size_t k = 0; k < i; k++)
        if (s->l[k].line_id == l->line_id && is_due(&s->l[k]))
            return 0; /* told already: *ret_change is of that line */
    return tell_of_bundle(call, tx, s, l->line_id, ret_change);
}

static int restock_lines(struct rpc_call *call, struct db_tx *tx,
                         struct restocking *s) {
    struct return_put put;
    struct bin bin;
    const char *change = NULL;
    int rc = return_lines(tx, s->r->id, call_arena(call), &s->l, &s->n);
    if (rc >= 0)
        rc = read_put(call, tx, &bin, &put);
    if (rc >= 0)
        rc = check_named(call, &put, s->l, s->n);
    if (rc < 0)
        return rc;
    s->changes = arena_alloc(call_arena(call), (s->n + 1) * sizeof(char *));
    for (size_t i = 0; rc >= 0 && i < s->n; i++) {
        if (!is_due(&s->l[i]))
            continue;
        s->done++;
        rc = return_put(tx, s->r, &s->l[i], &put, &call->error);
        if (rc >= 0)
            rc = tell_of(call, tx, s, i, &change);
        if (rc >= 0)
            rc = return_stocked(tx, s->r, &s->l[i], change, call->actor);
    }
    return rc;
}

static int restock_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_returns_restock_params *p = call->params;
    char text[RETURN_TEXT];
    struct return_ r;
    struct restocking s = {.r = &r};
    int rc = return_view_find(call, tx, p->return_, &r);
    if (rc >= 0 && r.state != RETURN_INSPECTED && r.state != RETURN_REFUNDED)
        return call_fail(call, ERR_CONFLICT, "return", "%s is %s",
                         return_text(text, r.id), return_state_name(r.state));
    if (rc >= 0)
        rc = restock_lines(call, tx, &s);
    if (rc >= 0 && s.done == 0)
        return call_fail(call, ERR_CONFLICT, "return",
                         "nothing of %s is left to count back in",
                         return_text(text, r.id));
    if (rc < 0)
        return rc;
    outgoing_note(call, r.store_id);
    return return_view_done(call, tx, r.id, s.changes, s.made);
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
                    const struct return_line *l, int64_t back_e3) {
    const struct json *o = line_of(order, l->line_id);
    int64_t all = decimal_of(o, "quantity", QTY_SCALE), net = 0, tax = 0;
    if (!part_of(decimal_of(o, "total", MONEY_SCALE), back_e3, all, &net) ||
        !part_of(decimal_of(o, "total_tax", MONEY_SCALE), back_e3, all, &tax))
        return ERR_RANGE;
    if (!s->given &&
        (!money_add(&s->amount_e4, net) || !money_add(&s->amount_e4, tax)))
        return ERR_RANGE;
    jsonw_begin_object(&s->w);
    jsonw_ki64(&s->w, "id", l->line_id);
    jsonw_kqty(&s->w, "quantity", back_e3);
    jsonw_kmoney(&s->w, "amount", s->given ? 0 : net, 2);
    jsonw_end_object(&s->w);
    return 0;
}

static int64_t received_e3(const struct return_line *l) {
    return l->received_e3;
}

/* Of a bundle the shop refunds whole ones; what was paid for one part of it
 * nobody knows, so that a person gives the amount. */
static int add_bundle(struct refund_sum *s, const struct json *order,
                      const struct fulfil_line *f, const struct return_line *l,
                      size_t n, size_t first) {
    int64_t whole = return_bundles(f, l, n, received_e3);
    bool rest = false;
    for (size_t i = 0; i < f->n_parts; i++)
        for (size_t k = 0; k < n; k++)
            if (l[k].line_id == f->line_id && l[k].part == f->parts[i].part)
                rest |= l[k].received_e3 >
                        line_part_want(whole, f->parts[i].per_e3);
    if (rest && !s->given)
        return ERR_RANGE;
    return whole > 0 ? add_line(s, order, &l[first], whole) : 0;
}

/* Of the line at i; of a bundle with its first part. */
static int add_back(struct rpc_call *call, struct db_tx *tx,
                    const struct return_ *r, struct refund_sum *s,
                    const struct json *order, const struct return_line *l,
                    size_t n, size_t i) {
    const struct fulfil_line *f = NULL;
    if (l[i].part == 0)
        return l[i].received_e3 > 0
                   ? add_line(s, order, &l[i], l[i].received_e3)
                   : 0;
    if (i > 0 && l[i - 1].line_id == l[i].line_id)
        return 0;
    int rc = find_fulfil(call, tx, r, l[i].line_id, &f);
    return rc < 0 || !f ? rc : add_bundle(s, order, f, l, n, i);
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
        rc = add_back(call, tx, r, s, order, l, n, i);
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
