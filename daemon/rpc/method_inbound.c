/* Inbound shipments: announced, looked at. Receiving is in
 * method_inbound_receive.c. */
#include "common/json.h"
#include "common/money.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/at_bin.h"
#include "model/user.h"
#include "rpc/inbound_view.h"
#include "rpc_handlers.gen.h"

/* --- list --------------------------------------------------------------- */

struct listing {
    struct jsonw *w;
    int64_t left, last;
    bool more;
};

static int list_one(const struct inbound *i, void *arg) {
    struct listing *l = arg;
    if (l->left-- == 0) {
        l->more = true;
        return 1;
    }
    l->last = i->id;
    jsonw_begin_object(l->w);
    inbound_view_fields(l->w, i);
    jsonw_end_object(l->w);
    return 0;
}

static int list_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_inbound_list_params *p = call->params;
    struct listing l = {.left = p->limit};
    int64_t before = INT64_MAX;
    char next[24];
    int rc = 0;
    if (p->has_after)
        rc = level_view_number(call, 'I', p->after, &before);
    if (rc < 0)
        return rc;
    l.w = call_list_begin(call);
    rc = inbound_list(tx, p->state == RPC_INBOUND_LIST_STATE_OPEN, before,
                      call_arena(call), list_one, &l);
    call_list_end(l.w, l.more ? inbound_name(next, l.last) : NULL, false);
    return rc < 0 ? rc : 0;
}

int method_inbound_list(struct rpc_call *call,
                        const struct rpc_inbound_list_params *p) {
    (void)p;
    return call_read(call, list_work, NULL);
}

static int get_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_inbound_get_params *p = call->params;
    struct inbound i;
    int rc = inbound_view_find(call, tx, p->id, &i);
    return rc < 0 ? rc : inbound_view_answer(call, tx, i.id);
}

int method_inbound_get(struct rpc_call *call,
                       const struct rpc_inbound_get_params *p) {
    (void)p;
    return call_read(call, get_work, NULL);
}

/* --- create ----------------------------------------------------------------
 */

/* The company by its name; one the caller does not work for is not there. */
static int find_tenant(struct rpc_call *call, struct db_tx *tx,
                       const char *name, struct tenant *ret) {
    int rc = tenant_by_name(tx, name, ret);
    if (rc > 0)
        rc = item_seen(tx, ret->id);
    if (rc == 0)
        return call_fail(call, ERR_NOT_FOUND, "tenant",
                         "there is no client company %.40s here", name);
    return rc < 0 ? rc : 0;
}

static int expect_line(struct rpc_call *call, struct db_tx *tx,
                       const struct inbound *i, const char *code, int64_t e3) {
    int64_t item = 0;
    int rc = at_bin_item(tx, i->tenant_id, code, &item, &call->error);
    return rc < 0 ? rc : inbound_expect(tx, i, item, e3, &call->error);
}

static int expect_lines(struct rpc_call *call, struct db_tx *tx,
                        struct inbound *i, const struct json *lines) {
    int rc = 0;
    for (const struct json *l = json_first(lines); l && rc >= 0;
         l = json_next(l)) {
        int64_t e3 = 0;
        (void)json_decimal(json_get(l, "qty"), QTY_SCALE, &e3);
        rc = expect_line(call, tx, i, json_string(json_get(l, "code")), e3);
        i->lines++;
    }
    return rc;
}

static int create_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_inbound_create_params *p = call->params;
    struct tenant t;
    int64_t day = 0;
    int rc = find_tenant(call, tx, p->has_tenant ? p->tenant : "main", &t);
    if (rc >= 0 && p->has_expected_on)
        rc = level_view_day(call, "expected_on", p->expected_on, &day);
    if (rc < 0)
        return rc;
    struct inbound i = {.tenant_id = t.id,
                        .tenant = t.name,
                        .reference = p->reference,
                        .supplier = p->supplier,
                        .note = p->note,
                        .open = true,
                        .shop = p->shop == RPC_INBOUND_CREATE_SHOP_YES,
                        .expected_ms = day,
                        .created_by = call->actor};
    rc = inbound_create(tx, &i, &call->error);
    if (rc >= 0)
        rc = expect_lines(call, tx, &i, p->lines);
    if (rc >= 0)
        rc = inbound_view_audit(call, tx, i.id);
    return rc < 0 ? rc : inbound_view_answer(call, tx, i.id);
}

int method_inbound_create(struct rpc_call *call,
                          const struct rpc_inbound_create_params *p) {
    (void)p;
    return call_write(call, create_work, NULL);
}

/* --- expect ------------------------------------------------------------------
 */

static int expect_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_inbound_expect_params *p = call->params;
    struct inbound_line line = {.expected_e3 = p->qty};
    struct inbound i;
    struct item it;
    int64_t item = 0;
    int rc = inbound_view_find(call, tx, p->id, &i);
    if (rc >= 0)
        rc = at_bin_item(tx, i.tenant_id, p->code, &item, &call->error);
    if (rc >= 0)
        rc = inbound_expect(tx, &i, item, p->qty, &call->error);
    if (rc >= 0)
        rc = item_get(tx, item, call_arena(call), &it);
    if (rc >= 0)
        rc = inbound_line_of(tx, i.id, item, &line);
    if (rc >= 0)
        rc = inbound_view_audit(call, tx, i.id);
    if (rc < 0)
        return rc;
    line.sku = it.sku;
    line.title = it.title;
    inbound_view_line(call_result(call), &line);
    return 0;
}

int method_inbound_expect(struct rpc_call *call,
                          const struct rpc_inbound_expect_params *p) {
    (void)p;
    return call_write(call, expect_work, NULL);
}
