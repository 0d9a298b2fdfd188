/* Returns: looking, opening, deciding, counting in. What a shop hears of one is
 * in method_returns_shop.c, what the customer reads in method_returns_mail.c.
 */
#include <string.h>

#include "common/json.h"
#include "common/money.h"
#include "model/list.h"
#include "rpc/mirrored.h"
#include "rpc/return_view.h"
#include "rpc_handlers.gen.h"

enum { LINES = 100 }; /* maxItems */

/* --- looking ---------------------------------------------------------------
 */

static int list_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_returns_list_params *p = call->params;
    struct list_request r = {.filter = p->filter,
                             .limit = (int)p->limit,
                             .after = p->after,
                             .zone = call->rpc->zone};
    struct return_page page = {0};
    int rc = return_list(tx, &r, call_arena(call), &page, &call->error);
    if (rc < 0)
        return rc;
    struct jsonw *w = call_list_begin(call);
    for (size_t i = 0; i < page.n; i++) {
        jsonw_begin_object(w);
        return_view_fields(&page.items[i], w);
        jsonw_end_object(w);
    }
    call_list_end(w, page.next, page.partial);
    return 0;
}

int method_returns_list(struct rpc_call *call,
                        const struct rpc_returns_list_params *p) {
    (void)p;
    return call_read(call, list_work, NULL);
}

static int get_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_returns_get_params *p = call->params;
    struct return_ r;
    int rc = return_view_find(call, tx, p->return_, &r);
    if (rc < 0)
        return rc;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    return_view_fields(&r, w);
    rc = return_view_whole(call, tx, &r, w);
    if (rc >= 0)
        jsonw_end_object(w);
    return rc;
}

int method_returns_get(struct rpc_call *call,
                       const struct rpc_returns_get_params *p) {
    (void)p;
    return call_read(call, get_work, NULL);
}

static int count_work(struct rpc_call *call, struct db_tx *tx) {
    int64_t n[RETURN_STATES], open = 0;
    int rc = return_count(tx, n);
    if (rc < 0)
        return rc;
    for (int s = 0; s < RETURN_CLOSED; s++)
        open += n[s];
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_ki64(w, "open", open);
    for (int s = 0; s < RETURN_STATES; s++)
        jsonw_ki64(w, return_state_name((enum return_state)s), n[s]);
    jsonw_end_object(w);
    return 0;
}

int method_returns_count(struct rpc_call *call,
                         const struct rpc_returns_count_params *p) {
    (void)p;
    return call_read(call, count_work, NULL);
}

/* --- opening ---------------------------------------------------------------
 */

static int64_t number_of(const struct json *o, const char *name) {
    int64_t v = 0;
    (void)json_i64(json_get(o, name), false, &v); /* checked with the rest */
    return v;
}

static int64_t quantity_of(const struct json *o, const char *name) {
    int64_t e3 = 0;
    (void)json_decimal(json_get(o, name), QTY_SCALE, &e3); /* the same */
    return e3;
}

/* What the shop calls a line. */
static const char *name_of(const struct json *order, int64_t line_id) {
    const struct json *l = json_first(json_get(order, "line_items"));
    while (l && number_of(l, "id") != line_id)
        l = json_next(l);
    const char *name = l ? json_string(json_get(l, "name")) : NULL;
    return name ? name : "";
}

static int open_return(struct rpc_call *call, struct db_tx *tx,
                       struct return_new *n, const struct ref *ref,
                       int64_t *ret_id) {
    const struct rpc_returns_create_params *p = call->params;
    struct return_want *lines =
        arena_alloc(call_arena(call), LINES * sizeof *lines);
    const struct json *order;
    int rc = mirrored_json(call, tx, MIRROR_ORDER, n->store_id, ref, &order);
    if (rc < 0)
        return rc;
    for (const struct json *l = json_first(p->lines); l; l = json_next(l)) {
        int64_t id = number_of(l, "line");
        lines[n->n++] =
            (struct return_want){id, quantity_of(l, "quantity"),
                                 name_of(order, id), number_of(l, "part")};
    }
    n->lines = lines;
    rc = return_create(tx, n, call_arena(call), ret_id, &call->error);
    return rc == ERR_NOT_FOUND ? mirrored_missing(call, ref) : rc;
}

static int create_work(struct rpc_call *call, struct db_tx *tx) {
    static const char *const reasons[] = {
        [RPC_RETURNS_CREATE_REASON_DEFECTIVE] = "defective",
        [RPC_RETURNS_CREATE_REASON_WRONG_ITEM] = "wrong_item",
        [RPC_RETURNS_CREATE_REASON_NOT_AS_DESCRIBED] = "not_as_described",
        [RPC_RETURNS_CREATE_REASON_CHANGED_MIND] = "changed_mind",
        [RPC_RETURNS_CREATE_REASON_OTHER] = "other"};
    const struct rpc_returns_create_params *p = call->params;
    struct store s = {0};
    int64_t id;
    int rc = mirrored_store(call, tx, &p->ref, REF_OBJECT, &s);
    struct return_new n = {.store_id = s.id,
                           .remote_id = p->ref.id,
                           .reason = reasons[p->reason],
                           .note = p->note,
                           .who = call->actor};
    store_done(&s);
    if (rc >= 0)
        rc = open_return(call, tx, &n, &p->ref, &id);
    return rc < 0 ? rc : return_view_done(call, tx, id, NULL, 0);
}

int method_returns_create(struct rpc_call *call,
                          const struct rpc_returns_create_params *p) {
    (void)p;
    return call_write(call, create_work, NULL);
}

/* --- deciding --------------------------------------------------------------
 */

static int approve_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_returns_approve_params *p = call->params;
    struct return_ r;
    int rc = return_view_find(call, tx, p->return_, &r);
    if (rc >= 0)
        rc = return_approve(tx, &r, p->note, call->actor, &call->error);
    return rc < 0 ? rc : return_view_done(call, tx, r.id, NULL, 0);
}

int method_returns_approve(struct rpc_call *call,
                           const struct rpc_returns_approve_params *p) {
    (void)p;
    return call_write(call, approve_work, NULL);
}

static int reject_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_returns_reject_params *p = call->params;
    struct return_ r;
    int rc = return_view_find(call, tx, p->return_, &r);
    if (rc >= 0)
        rc = return_reject(tx, &r, p->reason, call->actor, &call->error);
    return rc < 0 ? rc : return_view_done(call, tx, r.id, NULL, 0);
}

int method_returns_reject(struct rpc_call *call,
                          const struct rpc_returns_reject_params *p) {
    (void)p;
    return call_write(call, reject_work, NULL);
}

static int close_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_returns_close_params *p = call->params;
    struct return_ r;
    int rc = return_view_find(call, tx, p->return_, &r);
    if (rc >= 0)
        rc = return_close(tx, &r, p->note, call_arena(call), call->actor,
                          &call->error);
    return rc < 0 ? rc : return_view_done(call, tx, r.id, NULL, 0);
}

int method_returns_close(struct rpc_call *call,
                         const struct rpc_returns_close_params *p) {
    (void)p;
    return call_write(call, close_work, NULL);
}

/* --- counting in -----------------------------------------------------------
 */

static int scanned(struct rpc_call *call, struct db_tx *tx,
                   const struct return_ *r, const char *code, int64_t *ret,
                   int64_t *ret_part) {
    char text[RETURN_TEXT];
    int rc = return_scan(tx, r, code, call_arena(call), ret, ret_part);
    if (rc == 0)
        return call_fail(call, ERR_NOT_FOUND, "code",
                         "nothing with the code %.60s is to come back with %s: "
                         "put it aside",
                         code, return_text(text, r->id));
    return rc == 2 ? call_fail(call, ERR_RANGE, "code",
                               "all of %.60s that was expected with %s is "
                               "here: put it aside",
                               code, return_text(text, r->id))
                   : rc;
}

static int write_received(struct rpc_call *call, struct db_tx *tx, int64_t id,
                          int64_t line_id, int64_t part) {
    char text[RETURN_TEXT];
    struct return_line *l;
    size_t n, i = 0;
    int rc = call_audit(call, tx, return_text(text, id), "{}");
    if (rc >= 0)
        rc = return_lines(tx, id, call_arena(call), &l, &n);
    while (rc >= 0 && i < n && (l[i].line_id != line_id || l[i].part != part))
        i++;
    if (rc < 0 || i == n)
        return rc < 0 ? rc : ERR_INTERNAL;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_kstring(w, "return", text);
    jsonw_kstring(w, "state", return_state_name(RETURN_RECEIVED));
    jsonw_ki64(w, "line", line_id);
    jsonw_ki64(w, "part", part);
    jsonw_kstring(w, "sku", l[i].sku);
    jsonw_kstring(w, "name", l[i].name);
    jsonw_kqty(w, "received", l[i].received_e3);
    jsonw_kqty(w, "quantity", l[i].want_e3);
    jsonw_end_object(w);
    return 0;
}

static int receive_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_returns_receive_params *p = call->params;
    int64_t line = p->line, part = p->part,
            qty = p->has_quantity ? p->quantity : 1000;
    struct return_ r;
    int rc = return_view_find(call, tx, p->return_, &r);
    if (rc >= 0 && p->has_code)
        rc = scanned(call, tx, &r, p->code, &line, &part);
    if (rc >= 0)
        rc = return_receive(tx, &r, line, part, qty, call->actor, &call->error);
    return rc < 0 ? rc : write_received(call, tx, r.id, line, part);
}

int method_returns_receive(struct rpc_call *call,
                           const struct rpc_returns_receive_params *p) {
    if (p->has_code == p->has_line)
        return call_fail(call, ERR_INVALID, "code",
                         "give either a code or a line");
    if (p->has_quantity && p->quantity % 1000)
        return call_fail(call, ERR_INVALID, "quantity", "a whole quantity");
    return call_write(call, receive_work, NULL);
}

/* --- inspecting ------------------------------------------------------------
 */

/* What a line's own numbers leave goes where the rest goes. */
static void add_rest(struct return_fate *f, int64_t received_e3, int fate) {
    int64_t rest =
        received_e3 - f->restock_e3 - f->quarantine_e3 - f->dispose_e3;
    if (rest <= 0) /* more than is here: the model says so */
        return;
    if (fate == RPC_RETURNS_INSPECT_FATE_RESTOCK)
        f->restock_e3 += rest;
    else if (fate == RPC_RETURNS_INSPECT_FATE_QUARANTINE)
        f->quarantine_e3 += rest;
    else
        f->dispose_e3 += rest;
}

static size_t fates_given(const struct json *lines, struct return_fate *f) {
    enum { MOST_E3 = 1000000000 }; /* sums of three stay far from overflow */
    size_t n = 0;
    for (const struct json *l = json_first(lines); l; l = json_next(l), n++) {
        f[n] = (struct return_fate){
            number_of(l, "line"), quantity_of(l, "restock"),
            quantity_of(l, "quarantine"), quantity_of(l, "dispose"),
            number_of(l, "part")};
        if (f[n].restock_e3 > MOST_E3 || f[n].quarantine_e3 > MOST_E3 ||
            f[n].dispose_e3 > MOST_E3)
            f[n].restock_e3 = -1; /* never adds up */
    }
    return n;
}

static struct return_fate *fate_of(struct return_fate *f, size_t *n,
                                   const struct return_line *l) {
    for (size_t i = 0; i < *n; i++)
        if (f[i].line_id == l->line_id && f[i].part == l->part)
            return &f[i];
    f[*n] = (struct return_fate){.line_id = l->line_id, .part = l->part};
    return &f[(*n)++];
}

static int inspect_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_returns_inspect_params *p = call->params;
    struct return_line *lines;
    struct return_ r;
    size_t n_lines = 0;
    int rc = return_view_find(call, tx, p->return_, &r);
    if (rc >= 0)
        rc = return_lines(tx, r.id, call_arena(call), &lines, &n_lines);
    if (rc < 0)
        return rc;
    struct return_fate *f =
        arena_alloc(call_arena(call), (n_lines + LINES) * sizeof *f);
    size_t n = fates_given(p->lines, f);
    for (size_t i = 0; p->has_fate && i < n_lines; i++)
        add_rest(fate_of(f, &n, &lines[i]), lines[i].received_e3, (int)p->fate);
    rc = return_inspect(tx, &r, f, n, p->note, call->actor, &call->error);
    return rc < 0 ? rc : return_view_done(call, tx, r.id, NULL, 0);
}

int method_returns_inspect(struct rpc_call *call,
                           const struct rpc_returns_inspect_params *p) {
    if (!p->has_fate && !p->has_lines)
        return call_fail(call, ERR_INVALID, "fate",
                         "give one fate for all, or lines");
    return call_write(call, inspect_work, NULL);
}
