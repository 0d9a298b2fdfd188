/* customers.erase.
 *
 * Happy path: one write finds the customer, asks the model whether it may be,
 * erases all but the orders, writes the audit row and, last of all, the line of
 * the journal beside the database; the orders follow a few at a time, so that
 * nobody's scan waits for two thousand of them; then it is answered.
 * Failure modes: the journal cannot be written: nothing was erased. The line is
 * there but the commit fails (the disk is full): the caller hears of it, and
 * the next start does what was asked for. Killed or stopped among the orders:
 * the next start does the rest before it serves anybody. */
#include <string.h>

#include "common/digest.h"
#include "common/str.h"
#include "common/ulid.h"
#include "db/db.h"
#include "db/sql.h"
#include "model/erase.h"
#include "ops/erasures.h"
#include "rpc/customer_ref.h"
#include "rpc_handlers.gen.h"

static int check_confirm(struct rpc_call *call, const struct customer_item *c) {
    const struct rpc_customers_erase_params *p = call->params;
    const char *wanted = str_empty(c->email) ? p->ref : c->email;
    if (str_eq(p->confirm, wanted))
        return 0;
    return call_fail(call, ERR_INVALID, "confirm",
                     "type the customer's %s once more",
                     str_empty(c->email) ? "reference" : "e-mail");
}

static int add_store(const char *store, void *arg) {
    struct jsonw *w = arg;
    jsonw_string(w, store);
    return 0;
}

static int answer(struct rpc_call *call, struct db_tx *tx,
                  const struct erase *e) {
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_ki64(w, "orders", (int64_t)e->n_orders);
    jsonw_ki64(w, "changes", (int64_t)e->n_changes);
    jsonw_key(w, "elsewhere");
    jsonw_begin_array(w);
    int rc = erase_elsewhere(tx, e, add_store, w);
    jsonw_end_array(w);
    jsonw_end_object(w);
    return rc;
}

/* The trail says which account, and of a guest only in which store. */
static int audit(struct rpc_call *call, struct db_tx *tx, const struct erase *e,
                 const char *uuid) {
    const struct rpc_customers_erase_params *p = call->params;
    AUTO_BUF struct buf payload = BUF_INIT;
    struct jsonw w;
    jsonw_init(&w, &payload);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "erasure", uuid);
    jsonw_ki64(&w, "orders", (int64_t)e->n_orders);
    if (p->has_reason)
        jsonw_kstring(&w, "reason", p->reason);
    jsonw_end_object(&w);
    return call_audit(call, tx, e->remote_id ? p->ref : e->store,
                      buf_str(&payload));
}

static int journal(struct rpc_call *call, struct db_tx *tx,
                   const struct erase *e, const char *uuid) {
    AUTO_BUF struct buf line = BUF_INIT;
    struct jsonw w;
    char store[27];
    int rc = erase_store_uuid(tx, e->store_id, store);
    if (rc < 0)
        return rc;
    jsonw_init(&w, &line);
    erase_write(e, store, uuid, call->actor, &w);
    return erasures_append(call->rpc->o.data, buf_str(&line));
}

static int erase_all(struct rpc_call *call, struct db_tx *tx,
                     const struct erase *e) {
    char uuid[ULID_TEXT];
    uint8_t random[10];
    digest_random(random, sizeof random);
    ulid_format(uuid, db_now(tx), random);
    int rc = answer(call, tx, e); /* while it is known who that was */
    if (rc >= 0)
        rc = erase_begin(tx, e, uuid, call->actor);
    if (rc >= 0)
        rc = audit(call, tx, e, uuid);
    return rc < 0 ? rc : journal(call, tx, e, uuid);
}

static int erase_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_customers_erase_params *p = call->params;
    CLEANUP(erase_done) struct erase e = {0};
    struct customer_item c = {0};
    int rc = customer_ref_find(call, tx, p->ref, &c);
    if (rc >= 0)
        rc = check_confirm(call, &c);
    if (rc >= 0)
        rc = erase_find(tx, c.store_id, c.store, c.id, c.remote_id,
                        c.email ? c.email : "", &e, &call->error);
    return rc < 0 ? rc : erase_all(call, tx, &e);
}

/* --- the orders, a few at a time -------------------------------------------
 */

static int rest_work(struct db_tx *tx, void *arg) {
    (void)arg;
    return erase_rest(tx, ERASE_AT_ONCE);
}

static void rest_done(int status, void *arg) {
    struct rpc_call *call = arg;
    int rc = status;
    if (status > 0)
        rc = db_write(call->rpc->o.db, DB_SYNC, rest_work, rest_done, call);
    if (status <= 0 || rc < 0)
        call_finish(call, rc);
}

static int erase_then(struct rpc_call *call) {
    int rc = db_write(call->rpc->o.db, DB_SYNC, rest_work, rest_done, call);
    return rc < 0 ? rc : call_hold(call);
}

int method_customers_erase(struct rpc_call *call,
                           const struct rpc_customers_erase_params *p) {
    (void)p;
    return call_write(call, erase_work, erase_then);
}
