#include "rpc/propose.h"

#include <string.h>

#include "common/json.h"
#include "common/money.h"
#include "common/str.h"
#include "model/proposal.h"
#include "rpc/person.h"

/* --- limits ----------------------------------------------------------------
 */

/* A JSON text as an amount; -1: there is none. */
static int64_t amount(struct rpc_call *call, const char *json) {
    const struct json *v;
    int64_t e4;
    if (!json ||
        json_parse(call_arena(call), json, strlen(json), NULL, &v, NULL) < 0)
        return -1;
    return json_decimal(v, MONEY_SCALE, &e4) < 0 ? -1 : e4;
}

/* Further apart than the limit? A first price is nobody's loss; one that is
 * taken away has no bound. */
static bool far_apart(int64_t was, int64_t is, int64_t percent) {
    if (was <= 0 || was == is)
        return false;
    int64_t by = is > was ? is - was : was - is;
    return is < 0 || by / 100 > INT64_MAX / 100 ||
           by > was / 100 * percent + was % 100 * percent / 100;
}

struct prices {
    int64_t regular, sale;
};

static int64_t paid(const struct prices *p) {
    return p->sale >= 0 ? p->sale : p->regular;
}

static bool is_price(const struct change_path *p) {
    return str_ends(p->path, "_price");
}

static int price_now(struct rpc_call *call, struct db_tx *tx,
                     const struct change_new *n, const char *path,
                     int64_t *ret) {
    const char *json = NULL;
    int rc = proposal_value_now(tx, n->store_id, n->remote_id, path,
                                call_arena(call), &json);
    if (rc >= 0)
        *ret = amount(call, json);
    return rc;
}

/* What customers pay, and the price a sale goes back to. */
static int price_over(struct rpc_call *call, struct db_tx *tx,
                      const struct change_new *n) {
    int64_t percent = call->rpc->o.price_limit;
    struct prices was = {-1, -1};
    bool any = false;
    for (size_t i = 0; i < n->n_paths; i++)
        any |= is_price(&n->paths[i]);
    if (!percent || !any)
        return 0;
    int rc = price_now(call, tx, n, "regular_price", &was.regular);
    if (rc >= 0)
        rc = price_now(call, tx, n, "sale_price", &was.sale);
    if (rc < 0)
        return rc;
    struct prices is = was;
    for (size_t i = 0; i < n->n_paths; i++) {
        int64_t v = amount(call, n->paths[i].wanted);
        if (str_eq(n->paths[i].path, "regular_price"))
            is.regular = v;
        else if (str_eq(n->paths[i].path, "sale_price"))
            is.sale = v;
    }
    return far_apart(was.regular, is.regular, percent) ||
           far_apart(paid(&was), paid(&is), percent);
}

static int stock_over(struct rpc_call *call, const struct change_new *n) {
    int64_t limit = call->rpc->o.stock_limit, delta;
    if (!limit || n->n_paths != 1 ||
        proposal_whole(n->paths[0].wanted, &delta) < 0)
        return 0;
    return delta > limit || delta < -limit;
}

/* Is it more than staff do alone? 1, 0, or an error. */
static int over(struct rpc_call *call, struct db_tx *tx,
                const struct change_new *n) {
    if (call->who->role != RPC_ROLE_STAFF || n->kind != MIRROR_PRODUCT)
        return 0;
    return n->act == CHANGE_STOCK ? stock_over(call, n)
           : n->act == CHANGE_SET ? price_over(call, tx, n)
                                  : 0;
}

static int needs(struct rpc_call *call, bool owner) {
    if (owner)
        return call_fail(call, ERR_NEEDS_APPROVAL, "propose",
                         "what an owner changes is approved by somebody first: "
                         "propose it");
    return call_fail(call, ERR_NEEDS_APPROVAL, "propose",
                     "this is more than may be changed alone (at most %lld "
                     "pieces, %lld %% of a price; 0: any): propose it",
                     (long long)call->rpc->o.stock_limit,
                     (long long)call->rpc->o.price_limit);
}

int propose_edit(struct rpc_call *call, struct db_tx *tx,
                 const struct change *c, const struct change_path *paths,
                 size_t n) {
    struct change_path copy[OUTGOING_PATHS];
    struct change_new as = {.store_id = c->store_id,
                            .remote_id = c->remote_id,
                            .kind = c->kind,
                            .act = c->act,
                            .paths = copy,
                            .n_paths = n};
    if (c->state == CHANGE_AWAITING || !str_empty(c->approver) || n == 0 ||
        n > OUTGOING_PATHS)
        return 0;
    memcpy(copy, paths, n * sizeof *copy);
    int rc = over(call, tx, &as);
    return rc > 0 ? needs(call, false) : rc;
}

/* --- proposing ---------------------------------------------------------------
 */

/* Prices alone are a proposal of their own kind: they are what is looked for.
 */
static enum proposal_kind kind_of(const struct outgoing *o) {
    if (o->n.act == CHANGE_CREATE)
        return o->n.kind == MIRROR_ORDER ? PROPOSAL_NEW_ORDER
                                         : PROPOSAL_NEW_PRODUCT;
    if (o->n.act == CHANGE_STOCK)
        return o->level ? PROPOSAL_STOCK_SET : PROPOSAL_STOCK_ADJUST;
    for (size_t i = 0; i < o->n.n_paths; i++)
        if (!is_price(&o->n.paths[i]))
            return PROPOSAL_PRODUCT;
    return PROPOSAL_PRICE;
}

/* Orders only where their tenant's setting lets owners place them. */
static int may_order(struct outgoing *o) {
    if (o->n.kind != MIRROR_ORDER)
        return 0;
    int rc = proposal_orders_allowed(o->tx, o->n.store_id);
    if (rc == 0)
        return call_fail(o->call, ERR_DENIED, "",
                         "owners of this company place no orders here: an "
                         "administrator can allow it (tenants.update)");
    return rc;
}

static int propose(struct outgoing *o, bool over_limit) {
    char id[PROPOSAL_ID_TEXT], payload[48];
    int64_t made = 0;
    struct proposal_new n = {.kind = kind_of(o),
                             .change = &o->n,
                             .seen = o->seen,
                             .over_limit = over_limit};
    int rc =
        proposal_create(o->tx, &n, call_arena(o->call), &made, &o->call->error);
    if (rc < 0)
        return rc;
    (void)proposal_id_format(id, made);
    (void)str_format(payload, sizeof payload, "{\"proposal\":\"%s\"}", id);
    rc = call_audit(o->call, o->tx, o->object, payload);
    if (rc < 0)
        return rc;
    struct jsonw *w = call_result(o->call);
    jsonw_begin_object(w);
    jsonw_kstring(w, "change", NULL);
    jsonw_kstring(w, "proposal", id);
    jsonw_kstring(w, "state", proposal_state_name(PROPOSAL_PENDING));
    jsonw_end_object(w);
    return 1;
}

int propose_instead(struct outgoing *o) {
    bool owner = o->call->who->role == RPC_ROLE_OWNER;
    int rc = owner ? may_order(o) : over(o->call, o->tx, &o->n);
    bool more = !owner && rc > 0;
    if (rc < 0)
        return rc == ERR_NOT_FOUND ? 0 : rc; /* the outbox says it better */
    if (!owner && !more && !o->propose)
        return 0;
    return o->propose ? propose(o, more) : needs(o->call, owner);
}
