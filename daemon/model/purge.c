#include "model/purge.h"

#include "common/mem.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/audit_list.h"
#include "model/demand.h"
#include "model/drop.h"

enum { BATCH = 20, AUDIT_STRETCH = 500 };

int purge_find(struct db_tx *tx, const char *name, struct purge *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    struct purge p = {0};
    int rc = db_query(tx, STMT_PURGE_STORE, &r, "s", name);
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0)
        return rc < 0 ? rc : ERR_NOT_FOUND;
    if (db_i64(r, 1) == 0)
        return ERR_CONFLICT;
    p.store_id = db_i64(r, 0);
    (void)str_copy(p.name, sizeof p.name, name);
    rc = db_value(tx, STMT_PURGE_TOTAL, &p.total, "S", p.store_id);
    if (rc >= 0)
        *ret = p;
    return rc < 0 ? rc : 0;
}

/* --- with what hangs on it ------------------------------------------------ */

struct found {
    int64_t id, remote_id;
    char *status; /* of orders; owned */
};

struct batch {
    struct found rows[BATCH];
    int n;
};

static void batch_done(struct batch *b) {
    for (int i = 0; i < b->n; i++)
        free(b->rows[i].status);
}

/* All first: the rows are walked by an index that is written. */
static int read_batch(struct db_tx *tx, const struct purge *p,
                      enum stmt_id list, int columns, struct batch *b) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, list, &r, "Si", p->store_id, (int64_t)BATCH);
    while (rc >= 0 && b->n < BATCH && (rc = db_step(r)) > 0)
        b->rows[b->n++] = (struct found){
            .id = db_i64(r, 0),
            .remote_id = columns > 1 ? db_i64(r, 1) : 0,
            .status = columns > 2 ? mem_dup(db_text(r, 2)) : NULL};
    return rc;
}

/* What it asks of the stock is given back before it goes. */
static int one_order(struct drop *d, const struct purge *p,
                     const struct found *f) {
    const struct drop_order o = {.store_id = p->store_id,
                                 .remote_id = f->remote_id,
                                 .id = f->id,
                                 .status = f->status};
    int rc =
        db_run(d->tx, STMT_ORDER_STATUS, "snii", "gone", (int64_t)2, f->id);
    if (rc >= 0)
        rc = demand_write(d->tx, f->id, false);
    return rc < 0 ? rc : drop_order(d, &o);
}

static int orders(struct db_tx *tx, struct purge *p) {
    AUTO_DROP struct drop d = DROP_INIT(tx);
    CLEANUP(batch_done) struct batch b = {.n = 0};
    int rc = read_batch(tx, p, STMT_PURGE_ORDERS, 3, &b);
    for (int i = 0; rc >= 0 && i < b.n; i++)
        rc = one_order(&d, p, &b.rows[i]);
    if (rc >= 0)
        rc = drop_flush(&d);
    p->done += b.n;
    return rc < 0 ? rc : b.n;
}

static int products(struct db_tx *tx, struct purge *p) {
    AUTO_DROP struct drop d = DROP_INIT(tx);
    struct batch b = {.n = 0};
    int rc = read_batch(tx, p, STMT_PURGE_PRODUCTS, 2, &b);
    for (int i = 0; rc >= 0 && i < b.n; i++)
        rc = drop_product(&d, p->store_id, b.rows[i].remote_id, b.rows[i].id);
    if (rc >= 0)
        rc = drop_flush(&d);
    p->done += b.n;
    return rc < 0 ? rc : b.n;
}

static int contacts(struct db_tx *tx, struct purge *p) {
    AUTO_DROP struct drop d = DROP_INIT(tx);
    struct batch b = {.n = 0};
    int rc = read_batch(tx, p, STMT_PURGE_CONTACTS, 1, &b);
    for (int i = 0; rc >= 0 && i < b.n; i++)
        rc = drop_contact(&d, b.rows[i].id);
    if (rc >= 0)
        rc = drop_flush(&d);
    p->done += b.n;
    return rc < 0 ? rc : b.n;
}

/* Children before what they hang on. */
static int with_children(struct db_tx *tx, const struct purge *p,
                         enum stmt_id list, const enum stmt_id *rows,
                         size_t n) {
    struct batch b = {.n = 0};
    int rc = read_batch(tx, p, list, 1, &b);
    for (int i = 0; rc >= 0 && i < b.n; i++) {
        for (size_t k = 0; rc >= 0 && k < n; k++)
            rc = db_run(tx, rows[k], "i", b.rows[i].id);
    }
    return rc < 0 ? rc : b.n;
}

#define WITH_CHILDREN(name, list, ...)                                         \
    static int name(struct db_tx *tx, struct purge *p) {                       \
        static const enum stmt_id rows[] = {__VA_ARGS__};                      \
        return with_children(tx, p, list, rows, sizeof rows / sizeof *rows);   \
    }

WITH_CHILDREN(refunds, STMT_PURGE_REFUNDS, STMT_DROP_REFUND_OBJECT,
              STMT_DROP_REFUND)
WITH_CHILDREN(change_rows, STMT_PURGE_CHANGES, STMT_PURGE_CHANGE_PATHS,
              STMT_PURGE_CHANGE)
WITH_CHILDREN(proposals, STMT_PURGE_PROPOSALS, STMT_PURGE_PROPOSAL_ITEMS,
              STMT_PROPOSAL_RESERVE_CLEAR, STMT_PURGE_PROPOSAL)
WITH_CHILDREN(parcels, STMT_PURGE_PARCELS, STMT_PURGE_PARCEL_LINES,
              STMT_PURGE_PARCEL)
WITH_CHILDREN(returns, STMT_PURGE_RETURNS, STMT_PURGE_RETURN_LINES,
              STMT_PURGE_RETURN)
WITH_CHILDREN(tickets, STMT_PURGE_TICKETS, STMT_PURGE_TICKET_FILES,
              STMT_PURGE_TICKET_MESSAGES, STMT_PURGE_TICKET_READ,
              STMT_PURGE_TICKET)
WITH_CHILDREN(work, STMT_PURGE_WORK, STMT_PURGE_SCANS, STMT_PURGE_WORK_LINES,
              STMT_PURGE_WORK_ROW)

static int changes(struct db_tx *tx, struct purge *p) {
    int rc = change_rows(tx, p);
    p->done += rc > 0 ? rc : 0;
    return rc;
}

/* --- by the store alone --------------------------------------------------- */

static int simple(struct db_tx *tx, struct purge *p) {
    static const enum stmt_id sliced[] = {
        STMT_PURGE_NOTES,      STMT_PURGE_CATEGORIES,  STMT_PURGE_ASIDE,
        STMT_PURGE_TOMBSTONES, STMT_PURGE_WAKE,        STMT_PURGE_HOLD_LOG,
        STMT_PURGE_EVENTS,     STMT_PURGE_SHARES,      STMT_PURGE_LEDGER,
        STMT_PURGE_LISTINGS,   STMT_PURGE_DELIVERIES,  STMT_PURGE_ERASED,
        STMT_PURGE_MAILS,      STMT_PURGE_MOVEMENTS,   STMT_PURGE_CHARGES,
        STMT_PURGE_BUNDLES,    STMT_PURGE_BUNDLE_PARTS};
    for (size_t i = 0; i < sizeof sliced / sizeof *sliced; i++) {
        int rc = db_run(tx, sliced[i], "Si", p->store_id, (int64_t)BATCH);
        if (rc != 0)
            return rc;
    }
    return 0;
}

/* A handful of rows each. */
static int few(struct db_tx *tx, struct purge *p) {
    static const enum stmt_id all[] = {
        STMT_PURGE_STATUSES, STMT_PURGE_SETTLING, STMT_PURGE_CHECKPOINTS,
        STMT_PURGE_SWEEPS,   STMT_PURGE_HOOKS,    STMT_PURGE_HOOK_SECRET,
        STMT_PURGE_COUNTS,   STMT_PURGE_USERS,    STMT_PURGE_TOKENS};
    int rc = 0, n = 0;
    for (size_t i = 0; rc >= 0 && i < sizeof all / sizeof *all; i++) {
        rc = db_run(tx, all[i], "S", p->store_id);
        n += rc > 0 ? rc : 0;
    }
    return rc < 0 ? rc : n;
}

/* --- the trail and kept answers ------------------------------------------- */

/* References of its objects begin with "alpine:"; what was done to the store
 * itself is told for as long as the trail is. */
static int trail(struct db_tx *tx, struct purge *p) {
    char prefix[40];
    int64_t last;
    uint8_t mac[32];
    int rc = audit_head(tx, &last, mac);
    if (rc < 0 || p->audit >= last)
        return rc < 0 ? rc : 0;
    (void)str_format(prefix, sizeof prefix, "%s:", p->name);
    int64_t until = p->audit + AUDIT_STRETCH;
    rc = db_run(tx, STMT_PURGE_AUDIT, "iis", p->audit, until, prefix);
    p->audit = until;
    return rc < 0 ? rc : 1;
}

static int answers(struct db_tx *tx, struct purge *p) {
    char prefix[40];
    (void)str_format(prefix, sizeof prefix, "%s:", p->name);
    return db_run(tx, STMT_PURGE_REQUESTS, "s", prefix);
}

/* --- slices --------------------------------------------------------------- */

/* Each answers how many rows it took, 0 when there are none left. What refers
 * comes before what it refers to. */
static int (*const steps[])(struct db_tx *tx, struct purge *p) = {
    orders,  products, contacts, refunds, changes, proposals, parcels,
    returns, tickets,  work,     simple,  few,     answers,   trail};
enum { STEPS = sizeof steps / sizeof *steps };

/* A read that was on its way when the store was removed may have put rows
 * behind us: a pass that found something is followed by another. */
static int end_of_pass(struct db_tx *tx, struct purge *p) {
    if (p->this_pass > 0) {
        p->step = 0;
        p->this_pass = 0;
        return 1;
    }
    int rc = db_run(tx, STMT_PURGE_STUB, "S", p->store_id);
    return rc < 0 ? rc : 0;
}

int purge_slice(struct db_tx *tx, int64_t max_ms, struct purge *p) {
    struct purge now = *p;
    int64_t end = db_mono(tx) + max_ms;
    int rc = 1;
    do {
        int n = steps[now.step](tx, &now);
        if (n < 0)
            return n;
        if (steps[now.step] != trail)
            now.this_pass += n;
        if (n == 0 && ++now.step == STEPS)
            rc = end_of_pass(tx, &now);
        if (rc < 0)
            return rc;
    } while (rc > 0 && db_mono(tx) < end);
    *p = now;
    return rc;
}
