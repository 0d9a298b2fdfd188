#include "model/order.h"

#include "common/arena.h"
#include "common/cleanup.h"
#include "common/mem.h"
#include "common/str.h"
#include "model/contact.h"
#include "model/demand.h"
#include "model/erased.h"
#include "model/feed.h"
#include "model/order_row.h"
#include "model/overlay.h"
#include "model/refund.h"

/* One job: what all its orders share. */
struct job {
    struct mirror_apply m;
    /* written at the end */
    struct search_batch orders, contacts;
    struct order_counts counts;
    struct demand_store demand;
};

static void job_done(struct job *j) {
    search_done(&j->orders);
    search_done(&j->contacts);
    order_counts_done(&j->counts);
}

static int insert_lines(const struct job *j, int64_t id,
                        const struct order *o) {
    for (size_t i = 0; i < o->n_lines; i++) {
        const struct order_line *l = &o->lines[i];
        int rc = db_run(j->m.tx, STMT_LINE_INSERT, "iiSiisiii", id, l->line_id,
                        j->m.read->store_id, l->product_id, l->variation_id,
                        l->sku, l->qty_e3, l->total_e4, l->reduced_e3);
        if (rc < 0)
            return rc;
    }
    return 0;
}

static bool line_equal(struct db_rows *r, const struct order_line *l) {
    return db_i64(r, 0) == l->line_id && db_i64(r, 1) == l->product_id &&
           db_i64(r, 2) == l->variation_id && str_eq(db_text(r, 3), l->sku) &&
           db_i64(r, 4) == l->qty_e3 && db_i64(r, 5) == l->total_e4 &&
           db_i64(r, 6) == l->reduced_e3;
}

/* 1 equal, 0 not. Lines in another order than by id count as different: they
 * are only written once more. */
static int lines_equal(struct db_tx *tx, int64_t id, const struct order *o) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_LINE_OF, &r, "i", id);
    for (size_t i = 0; rc >= 0 && i < o->n_lines; i++) {
        rc = db_step(r);
        if (rc == 0 || (rc > 0 && !line_equal(r, &o->lines[i])))
            return 0;
    }
    if (rc >= 0)
        rc = db_step(r);
    return rc < 0 ? rc : rc == 0;
}

static int ask_for(struct job *j, int64_t id, const struct order *o,
                   const char *wanted, const char *was, bool fresh) {
    struct order_state s =
        order_state_of(o->status, order_trashed(o->status), wanted);
    return demand_apply(j->m.tx, &j->demand, j->m.read->store_id, id, o,
                        s.status, was, fresh);
}

/* And what they ask for. */
static int update_lines(struct job *j, const struct order_old *old,
                        const struct order *o) {
    int64_t id = old->found.id;
    int equal = lines_equal(j->m.tx, id, o);
    int rc = equal;
    if (rc == 0)
        rc = db_run(j->m.tx, STMT_LINE_CLEAR, "i", id);
    if (rc >= 0 && equal == 0)
        rc = insert_lines(j, id, o);
    if (rc >= 0 && !(equal && old->state_same))
        rc = ask_for(j, id, o, old->wanted, equal ? old->status : NULL, false);
    return rc < 0 ? rc : 0;
}

static int insert(struct job *j, const struct order *o) {
    int64_t contact, id;
    int rc = contact_resolve(j->m.tx, &j->contacts, j->m.read->store_id, o, 0,
                             &contact);
    if (rc >= 0)
        rc = order_row_insert(j->m.tx, &j->counts, j->m.read, o, contact, &id);
    if (rc < 0)
        return rc;
    search_add(&j->orders, id, o->o.search, true);
    rc = insert_lines(j, id, o);
    if (rc >= 0)
        rc = ask_for(j, id, o, NULL, NULL, true);
    if (rc >= 0)
        rc = mirror_keep(j->m.tx, STMT_ORDER_OBJECT_NEW, id, &o->o);
    /* we may have made it, and not know yet how that ended */
    if (rc >= 0 && j->m.changes)
        rc = overlay_refresh(j->m.tx, j->m.read->store_id, MIRROR_ORDER,
                             o->o.remote_id);
    return rc < 0 ? rc : mirror_told(&j->m, &o->o, o->o.remote_id);
}

/* The row is nearly always there: half the price of an upsert. */
static int keep_again(struct db_tx *tx, int64_t id,
                      const struct mirror_object *o) {
    if (!o->z)
        return 0;
    int rc =
        db_run(tx, STMT_ORDER_OBJECT_SET, "ibi", o->dict, o->z, o->z_n, id);
    return rc == 0 ? mirror_keep(tx, STMT_ORDER_OBJECT_NEW, id, o) : rc;
}

/* Everything an order feeds (row, counters, contact, lines, text, feed) is
 * written in the one transaction: a crash between them cannot leave a list that
 * disagrees with the order. The old contact is released after the row has left
 * it, for only then is it known whether it has any order left. */
static int update(struct job *j, const struct order_old *old,
                  const struct order *o) {
    int64_t contact, id = old->found.id;
    int rc = contact_resolve(j->m.tx, &j->contacts, j->m.read->store_id, o,
                             old->contact, &contact);
    if (rc >= 0)
        rc = order_row_update(j->m.tx, &j->counts, j->m.read, old, o, contact);
    if (rc >= 0 && contact != old->contact)
        rc = contact_release(j->m.tx, &j->contacts, old->contact, contact);
    if (rc >= 0)
        rc = update_lines(j, old, o);
    if (rc >= 0)
        rc = keep_again(j->m.tx, id, &o->o);
    if (rc < 0)
        return rc;
    search_add(&j->orders, id, o->o.search, false);
    return mirror_told(&j->m, &o->o, o->o.remote_id);
}

static int apply_plain(struct job *j, const struct order *o) {
    CLEANUP(order_old_done) struct order_old old = {0};
    int rc = order_row_find(&j->m, o, &old);
    if (rc < 0)
        return rc;
    switch (mirror_judge(&j->m, &old.found, order_trashed(o->status))) {
    case MIRROR_NEW:
        rc = insert(j, o);
        break;
    case MIRROR_CHANGED:
        rc = update(j, &old, o);
        break;
    case MIRROR_SEEN:
        return mirror_seen(&j->m, STMT_ORDER_SEEN, STMT_ORDER_OBJECT_PUT,
                           old.found.id, &o->o);
    case MIRROR_STALE:
        return mirror_late(&j->m, &o->o);
    case MIRROR_SAME:
        return 0;
    }
    /* a first fill reads all refunds behind its orders */
    if (rc >= 0 && !j->m.read->bulk && o->refunds)
        rc = refund_compare(j->m.tx, j->m.read->store_id, o->o.remote_id,
                            o->refunds, o->n_refunds);
    return rc;
}

DEFINE_CLEANUP(struct arena *, clean_arena, arena_free)

static int apply_one(struct job *j, const struct order *o) {
    int erased = j->m.erased ? erased_has(j->m.tx, j->m.read->store_id,
                                          MIRROR_ORDER, o->o.remote_id)
                             : 0;
    if (erased <= 0)
        return erased < 0 ? erased : apply_plain(j, o);
    CLEANUP(clean_arena) struct arena *a = arena_new(0);
    struct order clean;
    int rc = erased_order(a, o, &clean);
    return rc < 0 ? rc : apply_plain(j, &clean);
}

static int apply_all(struct job *j, const struct order *orders, size_t n) {
    for (size_t i = 0; i < n; i++) {
        int rc = apply_one(j, &orders[i]);
        if (rc < 0)
            return rc;
    }
    int rc = order_counts_write(&j->counts, j->m.tx, j->m.read->store_id);
    /* Full text comes last: a statement with a savepoint of its own (several
     * rows, an abort that must undo them) makes FTS5 flush all it holds. */
    if (rc >= 0)
        rc = search_flush(&j->orders, j->m.tx);
    if (rc >= 0)
        rc = search_flush(&j->contacts, j->m.tx);
    return rc < 0 ? rc : mirror_end(&j->m);
}

int order_apply(struct db_tx *tx, const struct mirror_read *read,
                const struct order *orders, size_t n, struct mirror_stats *st) {
    struct mirror_stats mine = {0};
    CLEANUP(job_done)
    struct job j = {.orders = SEARCH_INIT(&search_orders),
                    .contacts = SEARCH_INIT(&search_contacts)};
    int rc = mirror_begin(&j.m, tx, read, MIRROR_ORDER, &mine);
    if (rc >= 0)
        rc = apply_all(&j, orders, n);
    if (rc < 0)
        return rc;
    mirror_stats_add(st, &mine);
    return 0;
}

/* What the shop said last, of a stored row. */
static const char *shop_status(struct db_rows *r, int effective, int shop) {
    return db_text(r, db_null(r, shop) ? effective : shop);
}

int order_mark_gone(struct db_tx *tx, const struct mirror_read *read,
                    int64_t remote_id, int gone) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_ORDER_FIND, &r, "Si", read->store_id, remote_id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0)
        return rc < 0 ? rc : ERR_NOT_FOUND;
    if (db_i64(r, 1) > read->sent_seq || db_i64(r, 4) == gone)
        return 1;
    int64_t id = db_i64(r, 0);
    AUTO_FREE char *shop = mem_dup(shop_status(r, 5, 6));
    AUTO_FREE char *before = mem_dup(db_text(r, 5));
    db_rows_done(TAKE_PTR(r));
    AUTO_COUNTS struct order_counts counts = {0};
    struct order_state s = order_state_of(shop, gone, NULL);
    rc = order_row_state(tx, &counts, id, before, &s);
    if (rc >= 0)
        rc = order_counts_write(&counts, tx, read->store_id);
    if (rc >= 0)
        rc = db_run(tx, STMT_ORDER_READ, "ii", read->sent_seq, id);
    if (rc >= 0)
        rc = overlay_refresh(tx, read->store_id, MIRROR_ORDER, remote_id);
    if (rc >= 0 && !read->bulk)
        rc = feed_add(tx, "order", read->store_id, remote_id, "");
    return rc < 0 ? rc : 0;
}

int order_set_listed(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                     bool listed) {
    int rc = db_run(tx, STMT_ORDER_LISTED, "iSi", (int64_t)listed, store_id,
                    remote_id);
    return rc < 0 ? rc : 0;
}
