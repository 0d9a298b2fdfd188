/* Where something about a customer may stand, row by row. */
#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/fold.h"
#include "common/mem.h"
#include "common/ref.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/contact.h"
#include "model/contact_mark.h"
#include "model/erase.h"
#include "model/feed.h"
#include "model/kept.h"
#include "model/redact.h"
#include "model/ticket.h"

/* --- orders ----------------------------------------------------------------
 */

/* Number and SKUs, as erased_search makes them of an order that comes. */
static int search_text(struct db_tx *tx, const struct erase_row *o,
                       struct search_batch *texts) {
    AUTO_ROWS struct db_rows *r = NULL;
    AUTO_BUF struct buf b = BUF_INIT;
    fold_text(&b, o->text, strlen(o->text));
    int rc = db_query(tx, STMT_LINE_OF, &r, "i", o->id);
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        const char *sku = db_text(r, 3);
        if (*sku) {
            buf_addc(&b, '\n');
            fold_text(&b, sku, strlen(sku));
        }
    }
    if (rc >= 0)
        search_add(texts, o->id, buf_str(&b), false);
    return rc;
}

static int redact(struct db_tx *tx, struct arena *a, enum mirror_kind k,
                  enum stmt_id put, const struct erase *e, int64_t remote_id,
                  int64_t id) {
    struct mirror_object o = {0};
    AUTO_BUF struct buf text = BUF_INIT;
    const char *raw;
    size_t n;
    arena_reset(a);
    int rc = mirror_raw(tx, k, e->store_id, remote_id, a, &raw, &n);
    if (rc <= 0)
        return rc;
    rc = redact_object(k, a, raw, n, &text);
    if (rc >= 0)
        rc = kept_pack(kept_current(), a, k, text.data, text.len, &o.z, &o.z_n,
                       &o.dict);
    return rc < 0 ? rc : db_run(tx, put, "iib", id, o.dict, o.z, o.z_n);
}

static int refunds(struct db_tx *tx, struct arena *a, const struct erase *e,
                   int64_t order) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_ERASE_REFUNDS, &r, "Si", e->store_id, order);
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        int64_t id = db_i64(r, 0);
        rc = redact(tx, a, MIRROR_REFUND, STMT_REFUND_OBJECT_PUT, e,
                    db_i64(r, 1), id);
        if (rc >= 0)
            rc = db_run(tx, STMT_ERASE_REFUND, "i", id);
    }
    return rc;
}

/* By the shop's id: what stands beside the order. */
static int beside(struct db_tx *tx, const struct erase *e, int64_t order) {
    static const enum stmt_id all[] = {
        STMT_ERASE_NOTES,   STMT_ERASE_HOLD_LOG,  STMT_ERASE_PARCELS,
        STMT_ERASE_EVENTS,  STMT_ERASE_MOVEMENTS, STMT_ERASE_MAILS,
        STMT_ERASE_RETURNS, STMT_ERASE_CHARGES};
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < sizeof all / sizeof *all; i++)
        rc = db_run(tx, all[i], "Si", e->store_id, order);
    return rc;
}

static int one_order(struct db_tx *tx, struct arena *a, const struct erase *e,
                     const struct erase_row *o, struct search_batch *texts) {
    int rc = beside(tx, e, o->remote_id);
    if (rc >= 0)
        rc = refunds(tx, a, e, o->remote_id);
    if (rc < 0 || o->id == 0)
        return rc;
    rc =
        db_run(tx, STMT_ERASE_ORDER, "ii", (int64_t)(e->remote_id == 0), o->id);
    if (rc >= 0)
        rc = db_run(tx, STMT_ERASE_HOLDS, "i", o->id);
    if (rc >= 0)
        rc = redact(tx, a, MIRROR_ORDER, STMT_ORDER_OBJECT_PUT, e, o->remote_id,
                    o->id);
    if (rc >= 0)
        rc = search_text(tx, o, texts);
    if (rc >= 0)
        rc = feed_add(tx, "order", e->store_id, o->remote_id, "");
    return rc;
}

/* Of a replay the contact is known from the orders alone. */
static int guest_of(struct db_tx *tx, const struct erase *e,
                    const struct erase_row *o, int64_t *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_ORDER_FIND, &r, "Si", e->store_id, o->remote_id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc > 0)
        *ret = db_i64(r, 9);
    return rc;
}

DEFINE_CLEANUP(struct arena *, erase_arena, arena_free)

int erase_orders(struct db_tx *tx, const struct erase *e) {
    CLEANUP(erase_arena) struct arena *a = arena_new(0);
    AUTO_SEARCH struct search_batch texts = SEARCH_INIT(&search_orders);
    AUTO_SEARCH struct search_batch contacts = SEARCH_INIT(&search_contacts);
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < e->n_orders; i++) {
        int64_t guest = 0;
        if (e->remote_id == 0)
            rc = guest_of(tx, e, &e->orders[i], &guest);
        if (rc >= 0)
            rc = one_order(tx, a, e, &e->orders[i], &texts);
        if (rc >= 0)
            rc = contact_release(tx, &contacts, guest, 0);
    }
    if (rc >= 0)
        rc = search_flush(&texts, tx);
    return rc < 0 ? rc : search_flush(&contacts, tx);
}

/* --- contact ---------------------------------------------------------------
 */

static int forget_contact(struct db_tx *tx, const struct erase *e, bool drop) {
    AUTO_SEARCH struct search_batch texts = SEARCH_INIT(&search_contacts);
    int rc = 0;
    if (e->contact_id == 0)
        return 0;
    search_add(&texts, e->contact_id, NULL, false);
    rc = contact_marks_leave(tx, e->contact_id, 0);
    if (rc >= 0 && drop) {
        /* most often gone with its last order */
        rc = db_run(tx, STMT_CONTACT_DROP, "i", e->contact_id);
    } else if (rc >= 0) {
        rc = db_run(tx, STMT_ERASE_CONTACT, "i", e->contact_id);
        if (rc >= 0)
            rc = db_run(tx, STMT_ERASE_CONTACT_OBJECT, "i", e->contact_id);
    }
    if (rc >= 0)
        rc = search_flush(&texts, tx);
    return rc < 0 ? rc
                  : feed_add(tx, "customer", e->store_id, e->remote_id, "");
}

int erase_contact(struct db_tx *tx, const struct erase *e) {
    return forget_contact(tx, e, e->remote_id == 0);
}

int erase_contact_begin(struct db_tx *tx, const struct erase *e) {
    return forget_contact(tx, e, e->remote_id == 0 && e->n_orders == 0);
}

/* --- changes ---------------------------------------------------------------
 */

int erase_changes(struct db_tx *tx, const struct erase *e) {
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < e->n_changes; i++) {
        rc = db_run(tx, STMT_ERASE_CHANGE, "i", e->changes[i].id);
        if (rc >= 0)
            rc = db_run(tx, STMT_ERASE_CHANGE_PATHS, "i", e->changes[i].id);
    }
    return rc;
}

static bool has_change(const struct erase *e, int64_t id) {
    for (size_t i = 0; id > 0 && i < e->n_changes; i++) {
        if (e->changes[i].id == id)
            return true;
    }
    return false;
}

/* Proposed orders, whatever became of them. */
static int proposals(struct db_tx *tx, const struct erase *e) {
    AUTO_ROWS struct db_rows *r = NULL;
    CLEANUP(erase_arena) struct arena *a = arena_new(0);
    int rc = db_query(tx, STMT_ERASE_PROPOSALS, &r, "S", e->store_id);
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        int64_t id = db_i64(r, 0);
        arena_reset(a);
        if (!has_change(e, db_i64(r, 2)) &&
            !erase_is_about(a, db_text(r, 1), e))
            continue;
        rc = db_run(tx, STMT_ERASE_PROPOSAL, "i", id);
        if (rc >= 0)
            rc = db_run(tx, STMT_ERASE_PROPOSAL_ITEMS, "i", id);
    }
    return rc;
}

/* --- remains ---------------------------------------------------------------
 */

static int remains_of(struct db_tx *tx, const struct erase *e,
                      enum mirror_kind k, int64_t id) {
    const char *kind = mirror_kind_name(k);
    char text[REF_TEXT];
    struct ref ref = {.kind = k == MIRROR_CUSTOMER ? REF_CUSTOMER : REF_OBJECT,
                      .id = id};
    (void)str_copy(ref.store, sizeof ref.store, e->store);
    int rc = db_run(tx, STMT_ERASE_ASIDE, "Ssi", e->store_id, kind, id);
    if (rc >= 0)
        rc = db_run(tx, STMT_ERASE_DELIVERY, "Ssi", e->store_id, kind, id);
    if (rc >= 0)
        rc = ticket_erase(tx, e->store_id, kind, id);
    if (rc >= 0)
        rc = db_run(tx, STMT_ERASE_AUDIT, "s", ref_format(text, &ref));
    return rc;
}

static int by_remote(const void *key, const void *row) {
    int64_t x = *(const int64_t *)key;
    int64_t y = ((const struct erase_row *)row)->remote_id;
    return (x > y) - (x < y);
}

static int by_order(const void *a, const void *b) {
    return by_remote(&((const struct erase_row *)a)->remote_id, b);
}

/* Does a text name one of the orders or the account, as "alpine:12"? orders by
 * remote id. */
static bool names(const struct erase *e, const struct erase_row *orders,
                  const char *text) {
    size_t n = strlen(e->store);
    for (const char *at = strstr(text, e->store); at;
         at = strstr(at + n, e->store)) {
        bool account = str_starts(at + n, ":customer/");
        int64_t id = 0;
        const char *p = at + n + (account ? strlen(":customer/") : 1);
        if (at[n] != ':')
            continue;
        for (; *p >= '0' && *p <= '9' && id < INT64_MAX / 20; p++)
            id = id * 10 + (*p - '0');
        if (account ? id > 0 && id == e->remote_id
                    : bsearch(&id, orders, e->n_orders, sizeof *orders,
                              by_remote) != NULL)
            return true;
    }
    /* people type it as they like */
    AUTO_BUF struct buf folded = BUF_INIT;
    if (*e->email_key)
        fold_text(&folded, text, strlen(text));
    return *e->email_key && strstr(buf_str(&folded), e->email_key);
}

/* What commands answered, kept for a repeat: a repeat is told that it was
 * done. */
static int answers(struct db_tx *tx, const struct erase *e) {
    AUTO_ROWS struct db_rows *r = NULL;
    AUTO_FREE struct erase_row *orders =
        mem_alloc((e->n_orders + 1) * sizeof *orders);
    if (e->n_orders)
        memcpy(orders, e->orders, e->n_orders * sizeof *orders);
    qsort(orders, e->n_orders, sizeof *orders, by_order);
    int rc = db_query(tx, STMT_ERASE_REQUESTS, &r, "");
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        if (names(e, orders, db_text(r, 2)))
            rc = db_run(tx, STMT_ERASE_REQUEST, "ss", db_text(r, 0),
                        db_text(r, 1));
    }
    return rc;
}

int erase_order_remains(struct db_tx *tx, const struct erase *e) {
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < e->n_orders; i++)
        rc = remains_of(tx, e, MIRROR_ORDER, e->orders[i].remote_id);
    return rc < 0 ? rc : 0;
}

int erase_remains(struct db_tx *tx, const struct erase *e) {
    int rc = 0;
    if (e->remote_id > 0)
        rc = remains_of(tx, e, MIRROR_CUSTOMER, e->remote_id);
    if (rc >= 0 && *e->email_key)
        rc = db_run(tx, STMT_ERASE_ASIDE_NAMELESS, "Ss", e->store_id,
                    e->email_key);
    if (rc >= 0 && *e->email_key)
        rc = db_run(tx, STMT_ERASE_VIEWS, "s", e->email_key);
    if (rc >= 0)
        rc = proposals(tx, e);
    return rc < 0 ? rc : answers(tx, e);
}
