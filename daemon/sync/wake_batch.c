/* Happy path: one list by `include` per place where the objects may be listed,
 * each asked only for what is still missing -> what no list has is asked for
 * by its id: 404 is gone, trash is trashed, an order that no list has is
 * flagged -> one job marks what is gone and takes the rows off the list.
 * Notes are told by their own id and nobody says whose they are: the orders
 * that changed last are asked for theirs until all are found; what is not
 * found is left to the sweep over notes.
 * Failure modes: any other fault teaches nothing and ends the batch; what was
 * answered before it is taken off the list, the rest stays on it. A crash
 * leaves all rows: they are read once more. */
#include "sync/wake_batch.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/str.h"
#include "db/db.h"
#include "model/order.h"

/* Where a lane's objects are listed. */
struct way {
    enum collection c;
    const char *status; /* NULL: as the shop lists by itself */
    size_t least;       /* with fewer missing, asking each is as cheap */
};

static const struct lane_row {
    enum mirror_kind kind;
    enum collection one; /* asked for by id here */
    size_t n;
    struct way ways[3];
} lanes[WAKE_LANES] = {
    [LANE_ORDER] = {MIRROR_ORDER,
                    COLLECTION_ORDERS,
                    2,
                    {{COLLECTION_ORDERS, NULL, 1},
                     {COLLECTION_ORDERS, "trash", 3}}},
    [LANE_PRODUCT] = {MIRROR_PRODUCT,
                      COLLECTION_PRODUCTS,
                      3,
                      {{COLLECTION_PRODUCTS, NULL, 1},
                       {COLLECTION_VARIATIONS, NULL, 1},
                       {COLLECTION_PRODUCTS, "trash", 3}}},
    [LANE_VARIATION] = {MIRROR_PRODUCT,
                        COLLECTION_VARIATIONS,
                        1,
                        {{COLLECTION_VARIATIONS, NULL, 1}}},
    [LANE_REFUND] = {MIRROR_REFUND,
                     COLLECTION_REFUNDS,
                     1,
                     {{COLLECTION_REFUNDS, NULL, 1}}},
    [LANE_CUSTOMER] = {MIRROR_CUSTOMER,
                       COLLECTION_CUSTOMERS,
                       1,
                       {{COLLECTION_CUSTOMERS, NULL, 1}}},
    [LANE_CATEGORY] = {MIRROR_CATEGORY,
                       COLLECTION_CATEGORIES,
                       1,
                       {{COLLECTION_CATEGORIES, NULL, 1}}},
    [LANE_NOTE] = {MIRROR_NOTE, COLLECTION_COUNT, 0, {{0}}},
};

struct wake_batch {
    struct pass_where at;
    struct wake_group g;
    size_t way;             /* lists read so far; notes: orders */
    size_t next;            /* next to be asked for by its id */
    struct shop_call *call; /* NULL: none is out */
    bool one;               /* it asks for one object */
    bool stopping;
    int status;
    struct error error;
    wake_done_fn done;
    void *arg;
};

enum wake_lane wake_batch_lane(const struct wake_batch *b) {
    return b->g.lane;
}

void wake_batch_free(struct wake_batch *b) {
    free(b);
}

static const struct lane_row *lane_of(const struct wake_batch *b) {
    return &lanes[b->g.lane];
}

static void fail(struct wake_batch *b, int code, const char *where,
                 const char *text) {
    b->status = error_set(&b->error, code, where, "%s", text);
}

/* -- the end --------------------------------------------------------------- */

static int settle_one(struct db_tx *tx, const struct wake_batch *b,
                      const struct wake_ask *a) {
    struct mirror_read read = {b->at.store_id, a->seq, false};
    int r = 0;
    if (a->state == ASK_GONE)
        r = mirror_mark_gone(tx, &read, a->w.kind, a->w.remote_id, 2);
    else if (b->g.lane == LANE_ORDER &&
             (a->state == ASK_LISTED || a->state == ASK_UNLISTED))
        r = order_set_listed(tx, b->at.store_id, a->w.remote_id,
                             a->state == ASK_LISTED);
    if (r < 0 && r != ERR_NOT_FOUND)
        return r;
    return wake_done(tx, b->at.store_id, &a->w);
}

static int settle_job(struct db_tx *tx, void *arg) {
    const struct wake_batch *b = arg;
    int r = 0;
    for (size_t i = 0; r >= 0 && i < b->g.n; i++)
        if (b->g.asks[i].state != ASK_WAITING)
            r = settle_one(tx, b, &b->g.asks[i]);
    return r;
}

static void settled(int status, void *arg) {
    struct wake_batch *b = arg;
    if (status < 0 && b->status == 0)
        fail(b, status, "", err_message(status));
    b->done(b->arg, b, b->status, &b->error, b->one);
}

static void settle(struct wake_batch *b) {
    if (db_write(b->at.db, DB_SYNC, settle_job, settled, b) < 0)
        settled(ERR_BUSY, b);
}

/* -- answers --------------------------------------------------------------- */

static void go(struct wake_batch *b);

static struct wake_ask *find(struct wake_batch *b, int64_t id) {
    for (size_t i = 0; i < b->g.n; i++)
        if (b->g.asks[i].w.remote_id == id)
            return &b->g.asks[i];
    return NULL;
}

static void listed(struct wake_batch *b, const struct page *page) {
    for (size_t i = 0; i < page->n_ids; i++) {
        struct wake_ask *a = find(b, page->ids[i]);
        if (a && a->state == ASK_WAITING)
            a->state = ASK_LISTED;
    }
    b->way++;
}

static void answered_alone(struct wake_batch *b, const struct page *page) {
    bool trash = page->kind == MIRROR_ORDER && page->n == 1 &&
                 str_eq(page->orders[0].status, "trash");
    bool read = page->n == 1;
    b->g.asks[b->next++].state = read && !trash ? ASK_UNLISTED : ASK_READ;
}

static void applied(void *arg, const struct intake_result *r) {
    struct wake_batch *b = arg;
    if (r->status < 0)
        fail(b, r->status, r->error.where, r->error.detail);
    else if (b->one)
        answered_alone(b, r->page);
    else
        listed(b, r->page);
    go(b);
}

static void on_fault(struct wake_batch *b, const struct shop_answer *a) {
    if (a->fault.code == ERR_SHOP_NOT_FOUND && b->one) {
        b->g.asks[b->next].seq = a->sent_seq;
        b->g.asks[b->next++].state = ASK_GONE;
    } else if (a->fault.code == ERR_SHOP_NOT_FOUND && b->g.lane == LANE_NOTE) {
        b->way++; /* the order is gone, its notes too */
    } else {
        fail(b, a->fault.code, a->fault.hop, a->fault.text);
    }
    go(b);
}

static void on_answer(void *arg, struct shop_answer *a) {
    struct wake_batch *b = arg;
    b->call = NULL;
    if (a->fault.code == 0 &&
        (a->json.n == 0 || a->json.p[0] != (b->one ? '{' : '['))) {
        a->fault.code = ERR_SHOP_NOT_JSON;
        (void)str_copy(a->fault.text, sizeof a->fault.text,
                       "the shop's answer is not what was asked for");
    }
    if (a->fault.code < 0) {
        on_fault(b, a);
        return;
    }
    struct intake_options o = {
        .db = b->at.db,
        .env = b->at.env,
        .read = {b->at.store_id, a->sent_seq, false},
        .kind = lane_of(b)->kind,
        .skip_same = !b->one && b->g.lane != LANE_NOTE,
        .done = applied,
        .arg = b,
    };
    if (b->g.lane == LANE_NOTE)
        o.parent_id = b->g.orders[b->way];
    else if (b->one)
        o.parent_id = b->g.asks[b->next].parent_id;
    intake_start(&o, &a->http->body, a->json);
}

/* -- questions ------------------------------------------------------------- */

static void send(struct wake_batch *b, const struct shop_request *r) {
    b->call = shop_get(b->at.shop, SHOP_WAKE, r, on_answer, b);
}

static size_t waiting(const struct wake_batch *b, int64_t ids[WAKE_BATCH]) {
    size_t n = 0;
    for (size_t i = 0; i < b->g.n; i++)
        if (b->g.asks[i].state == ASK_WAITING)
            ids[n++] = b->g.asks[i].w.remote_id;
    return n;
}

static bool ask_notes(struct wake_batch *b) {
    struct shop_request r;
    int64_t ids[WAKE_BATCH];
    if (b->way >= b->g.n_orders || waiting(b, ids) == 0)
        return false;
    request_notes(&r, b->g.orders[b->way]);
    send(b, &r);
    return true;
}

static bool ask_list(struct wake_batch *b) {
    const struct lane_row *lane = lane_of(b);
    struct shop_request r;
    int64_t ids[WAKE_BATCH];
    size_t n = waiting(b, ids);
    while (b->way < lane->n && n < lane->ways[b->way].least)
        b->way++;
    if (n == 0 || b->way >= lane->n)
        return false;
    const struct way *way = &lane->ways[b->way];
    request_list(&r, way->c, 1, (int)n, ORDER_BY_ID_ASC);
    request_include(&r, ids, n);
    if (way->status)
        request_status(&r, way->status);
    send(b, &r);
    return true;
}

/* Variations and refunds have no address without their parent; a product that
 * neither a list nor the mirror has is none (hooks confuse it with orders). */
static bool has_address(const struct wake_batch *b, const struct wake_ask *a) {
    switch (b->g.lane) {
    case LANE_VARIATION:
    case LANE_REFUND:
        return a->parent_id > 0;
    case LANE_PRODUCT:
        return a->known;
    case LANE_NOTE:
        return false;
    default:
        return true;
    }
}

static bool ask_one(struct wake_batch *b) {
    struct shop_request r;
    for (; b->next < b->g.n; b->next++) {
        struct wake_ask *a = &b->g.asks[b->next];
        if (a->state != ASK_WAITING)
            continue;
        if (has_address(b, a)) {
            b->one = true;
            request_one(&r, lane_of(b)->one, a->parent_id, a->w.remote_id);
            send(b, &r);
            return true;
        }
        a->state = ASK_NOTHING;
    }
    return false;
}

static void go(struct wake_batch *b) {
    bool more = !b->stopping && b->status == 0;
    if (more && b->g.lane == LANE_NOTE && ask_notes(b))
        return;
    if (more && b->g.lane != LANE_NOTE && !b->one && ask_list(b))
        return;
    if (more && ask_one(b))
        return;
    settle(b);
}

struct wake_batch *wake_batch_start(const struct pass_where *at,
                                    const struct wake_group *g,
                                    wake_done_fn done, void *arg) {
    struct wake_batch *b = NEW(struct wake_batch);
    b->at = *at;
    b->g = *g;
    b->done = done;
    b->arg = arg;
    go(b);
    return b;
}

bool wake_batch_stop(struct wake_batch *b) {
    b->stopping = true;
    if (!b->call)
        return false;
    shop_cancel(b->call);
    b->call = NULL;
    return true;
}
