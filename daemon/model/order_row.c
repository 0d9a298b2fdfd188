#include "model/order_row.h"

#include "common/arena.h"
#include "common/buf.h"
#include "common/cleanup.h"
#include "common/mem.h"
#include "common/str.h"
#include "model/demand.h"
#include "model/overlay.h"

/* What is to be seen of an order. Deleted for good beats what somebody wants of
 * it: nothing can be written there any more. What is wanted beats the trash: a
 * status that is written takes the order out of it. */
struct order_state order_state_of(const char *shop, int gone,
                                  const char *wanted) {
    const char *status = gone == 2   ? "gone"
                         : wanted    ? wanted
                         : gone == 1 ? "trash"
                                     : shop;
    return (struct order_state){.status = status,
                                .shop_status =
                                    str_eq(status, shop) ? NULL : shop,
                                .gone = gone};
}

int order_trashed(const char *shop_status) {
    return str_eq(shop_status, "trash");
}

void order_counts_done(struct order_counts *c) {
    for (size_t i = 0; i < c->n; i++)
        free(c->rows[i].status);
    free(c->rows);
    *c = (struct order_counts){0};
}

/* A job meets a handful of statuses: a walk finds them. */
static void count(struct order_counts *c, const char *status, int64_t n) {
    size_t i = 0;
    while (i < c->n && !str_eq(c->rows[i].status, status))
        i++;
    if (i == c->n) {
        c->rows = mem_resize(c->rows, c->n + 1, sizeof *c->rows);
        c->rows[c->n++] = (struct order_count){.status = mem_dup(status)};
    }
    c->rows[i].n += n;
}

int order_counts_write(struct order_counts *c, struct db_tx *tx,
                       int64_t store_id) {
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < c->n; i++)
        if (c->rows[i].n != 0)
            rc = db_run(tx, STMT_ORDER_COUNT_ADD, "Ssi", store_id,
                        c->rows[i].status, c->rows[i].n);
    order_counts_done(c);
    return rc < 0 ? rc : 0;
}

void order_old_done(struct order_old *old) {
    free(TAKE_PTR(old->status));
    free(TAKE_PTR(old->wanted));
}

int order_row_insert(struct db_tx *tx, struct order_counts *counts,
                     const struct mirror_read *read, const struct order *o,
                     int64_t contact, int64_t *ret_id) {
    struct order_state s =
        order_state_of(o->status, order_trashed(o->status), NULL);
    int rc =
        db_run(tx, STMT_ORDER_INSERT, "Sisssisiiiissiiiibb", read->store_id,
               o->o.remote_id, o->number, s.status, s.shop_status,
               (int64_t)s.gone, o->currency, o->total_e4, o->created_ms,
               o->modified_ms, contact, o->name, o->email, (int64_t)o->n_lines,
               o->items_e3, (int64_t)o->flags, read->sent_seq, o->o.raw_hash,
               sizeof o->o.raw_hash, o->o.hash, sizeof o->o.hash);
    if (rc < 0)
        return rc;
    *ret_id = db_last_id(tx);
    count(counts, s.status, 1);
    return 0;
}

DEFINE_CLEANUP(struct arena *, row_arena, arena_free)

static int wanted_of(const struct mirror_apply *m, const struct order *o,
                     char **ret) {
    CLEANUP(row_arena) struct arena *a = arena_new(1024);
    const char *status = NULL;
    int rc = overlay_order_status(m->tx, m->read->store_id, o->o.remote_id, a,
                                  &status);
    if (rc >= 0 && status)
        *ret = mem_dup(status);
    return rc;
}

int order_row_find(const struct mirror_apply *m, const struct order *o,
                   struct order_old *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    struct order_old old = {0};
    int rc = mirror_find(m, STMT_ORDER_FIND, &o->o, &old.found, &r);
    if (rc < 0)
        return rc;
    if (r) {
        if (m->changes)
            rc = wanted_of(m, o, &old.wanted);
        struct order_state s =
            order_state_of(o->status, order_trashed(o->status), old.wanted);
        const char *shop = db_null(r, 6) ? NULL : db_text(r, 6);
        old.state_same = old.found.gone == s.gone &&
                         str_eq(db_text(r, 5), s.status) &&
                         str_eq(shop, s.shop_status);
        old.keys_same =
            str_eq(db_text(r, 7), o->number) && db_i64(r, 8) == o->created_ms;
        old.contact = db_i64(r, 9);
        if (!old.state_same)
            old.status = mem_dup(db_text(r, 5));
    }
    if (rc < 0) {
        order_old_done(&old);
        return rc;
    }
    *ret = old;
    return 0;
}

/* Number and date are keys of most lists; they hardly ever change, and an
 * update that does not name them leaves those indexes alone. Tags and holds are
 * keyed by the order's date as well. */
static int update_keys(struct db_tx *tx, int64_t id, const struct order *o,
                       int64_t contact) {
    int rc = db_run(tx, STMT_ORDER_KEYS, "siii", o->number, o->created_ms,
                    contact, id);
    if (rc >= 0)
        rc = db_run(tx, STMT_ORDER_TAG_DATE, "ii", o->created_ms, id);
    if (rc >= 0)
        rc = db_run(tx, STMT_ORDER_HOLD_DATE, "ii", o->created_ms, id);
    return rc;
}

static int update_plain(struct db_tx *tx, const struct mirror_read *read,
                        int64_t id, const struct order *o) {
    return db_run(tx, STMT_ORDER_UPDATE, "siissiiiibbi", o->currency,
                  o->total_e4, o->modified_ms, o->name, o->email,
                  (int64_t)o->n_lines, o->items_e3, (int64_t)o->flags,
                  read->sent_seq, o->o.raw_hash, sizeof o->o.raw_hash,
                  o->o.hash, sizeof o->o.hash, id);
}

static int update_state(struct db_tx *tx, struct order_counts *counts,
                        const struct mirror_read *read,
                        const struct order_old *old, const struct order *o) {
    struct order_state s =
        order_state_of(o->status, order_trashed(o->status), old->wanted);
    int rc = db_run(tx, STMT_ORDER_UPDATE_STATE, "siissiiiibbssii", o->currency,
                    o->total_e4, o->modified_ms, o->name, o->email,
                    (int64_t)o->n_lines, o->items_e3, (int64_t)o->flags,
                    read->sent_seq, o->o.raw_hash, sizeof o->o.raw_hash,
                    o->o.hash, sizeof o->o.hash, s.status, s.shop_status,
                    (int64_t)s.gone, old->found.id);
    if (rc < 0)
        return rc;
    count(counts, old->status, -1);
    count(counts, s.status, 1);
    return 0;
}

int order_row_update(struct db_tx *tx, struct order_counts *counts,
                     const struct mirror_read *read,
                     const struct order_old *old, const struct order *o,
                     int64_t contact) {
    int64_t id = old->found.id;
    int rc = old->state_same ? update_plain(tx, read, id, o)
                             : update_state(tx, counts, read, old, o);
    if (rc >= 0 && !(old->keys_same && old->contact == contact))
        rc = update_keys(tx, id, o, contact);
    return rc < 0 ? rc : 0;
}

int order_row_state(struct db_tx *tx, struct order_counts *counts, int64_t id,
                    const char *before, const struct order_state *s) {
    int rc = db_run(tx, STMT_ORDER_STATUS, "ssii", s->status, s->shop_status,
                    (int64_t)s->gone, id);
    if (rc < 0)
        return rc;
    count(counts, before, -1);
    count(counts, s->status, 1);
    return demand_write(tx, id, false);
}

/* ",a,b," of a statement's first column; NULL when there is no row. */
static int joined(struct db_tx *tx, enum stmt_id list, int64_t id,
                  struct buf *out) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, list, &r, "i", id);
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        buf_adds(out, out->len ? "" : ",");
        buf_adds(out, db_text(r, 0));
        buf_addc(out, ',');
    }
    return rc;
}

/* The lists show tags and holds of every row: they stand in the order's own, so
 * that a page is not one look more for each of them. */
int order_row_marks(struct db_tx *tx, int64_t id) {
    AUTO_BUF struct buf tags = BUF_INIT, holds = BUF_INIT;
    int rc = joined(tx, STMT_ORDER_TAGS_OF, id, &tags);
    if (rc >= 0)
        rc = joined(tx, STMT_ORDER_HOLDS_OF, id, &holds);
    if (rc >= 0)
        rc = db_run(tx, STMT_ORDER_MARKS, "ssi", tags.data, holds.data, id);
    return rc < 0 ? rc : 0;
}
