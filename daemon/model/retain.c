#include "model/retain.h"

#include "common/str.h"
#include "db/sql.h"
#include "model/drop.h"
#include "model/feed.h"
#include "model/mirror_apply.h"

/* Rows between two looks at the clock. */
enum { BATCH = 20 };

/* --- what is through ------------------------------------------------------ */

static int one_change(struct db_tx *tx, int64_t id, bool person) {
    int rc = db_run(tx, STMT_RETAIN_CHANGE, "i", id);
    if (rc >= 0 && person)
        rc = db_run(tx, STMT_ERASE_CHANGE_PATHS, "i", id);
    return rc;
}

struct batch {
    int64_t ids[BATCH];
    bool person[BATCH];
    int n;
};

/* All ids first: the rows are walked by the index that is written. */
static int read_batch(struct db_tx *tx, enum stmt_id list, int64_t before,
                      struct batch *b) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, list, &r, "ii", before, (int64_t)BATCH);
    b->n = 0;
    while (rc >= 0 && b->n < BATCH && (rc = db_step(r)) > 0) {
        b->person[b->n] = list == STMT_RETAIN_CHANGES && db_i64(r, 1) != 0;
        b->ids[b->n++] = db_i64(r, 0);
    }
    return rc;
}

static int proposals(struct db_tx *tx, int64_t before) {
    struct batch b;
    int rc = read_batch(tx, STMT_RETAIN_PROPOSALS, before, &b);
    for (int i = 0; rc >= 0 && i < b.n; i++) {
        rc = db_run(tx, STMT_ERASE_PROPOSAL_ITEMS, "i", b.ids[i]);
        if (rc >= 0)
            rc = db_run(tx, STMT_RETAIN_PROPOSAL, "i", b.ids[i]);
    }
    return rc < 0 ? rc : b.n;
}

static int letters(struct db_tx *tx, int64_t before) {
    return db_run(tx, STMT_RETAIN_MAILS, "ii", before, (int64_t)BATCH);
}

static int changes(struct db_tx *tx, int64_t before) {
    struct batch b;
    int rc = read_batch(tx, STMT_RETAIN_CHANGES, before, &b);
    for (int i = 0; rc >= 0 && i < b.n; i++)
        rc = one_change(tx, b.ids[i], b.person[i]);
    if (rc < 0)
        return rc;
    rc = b.n > 0 ? b.n : proposals(tx, before);
    return rc != 0 ? rc : letters(tx, before);
}

/* --- removed at the shop -------------------------------------------------- */

struct tombstone {
    int64_t id, store_id, remote_id, since_ms;
    int kind;
};

static int kind_of(const char *name) {
    for (int k = MIRROR_ORDER; k <= MIRROR_CATEGORY; k++) {
        if (str_eq(name, mirror_kind_name((enum mirror_kind)k)))
            return k;
    }
    return -1;
}

static int next_tombstone(struct db_tx *tx, int64_t before,
                          const struct retain_round *round,
                          struct tombstone *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_GONE_NEXT, &r, "iii", round->since_ms, round->id,
                      before);
    if (rc >= 0)
        rc = db_step(r);
    if (rc > 0)
        *ret = (struct tombstone){.id = db_i64(r, 0),
                                  .store_id = db_i64(r, 1),
                                  .kind = kind_of(db_text(r, 2)),
                                  .remote_id = db_i64(r, 3),
                                  .since_ms = db_i64(r, 4)};
    return rc;
}

static enum stmt_id look_of(int kind) {
    switch (kind) {
    case MIRROR_ORDER:
        return STMT_GONE_ORDER;
    case MIRROR_REFUND:
        return STMT_GONE_REFUND;
    case MIRROR_PRODUCT:
        return STMT_GONE_PRODUCT;
    case MIRROR_CUSTOMER:
        return STMT_GONE_CONTACT;
    case MIRROR_CATEGORY:
        return STMT_GONE_CATEGORY;
    default:
        return STMT_COUNT;
    }
}

static int drop_row(struct drop *d, const struct tombstone *t,
                    const struct drop_order *o) {
    switch (t->kind) {
    case MIRROR_ORDER:
        return drop_order(d, o);
    case MIRROR_REFUND:
        return drop_refund(d, o->id);
    case MIRROR_PRODUCT:
        return drop_product(d, t->store_id, t->remote_id, o->id);
    case MIRROR_CUSTOMER:
        return drop_contact(d, o->id);
    default:
        return drop_category(d, t->store_id, t->remote_id, o->id);
    }
}

/* 1: it may be forgotten (its row went, or is there again), 0: it is needed. */
static int bury(struct drop *d, const struct tombstone *t) {
    AUTO_ROWS struct db_rows *r = NULL;
    struct drop_order o = {
        .store_id = t->store_id, .remote_id = t->remote_id, .status = "gone"};
    if (look_of(t->kind) == STMT_COUNT)
        return 1;
    int rc =
        db_query(d->tx, look_of(t->kind), &r, "Si", t->store_id, t->remote_id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0)
        return rc < 0 ? rc : 1;
    if (db_i64(r, 1) == 0)
        return 0;
    o.id = db_i64(r, 0);
    if (t->kind == MIRROR_ORDER)
        o.contact_id = db_i64(r, 2);
    db_rows_done(TAKE_PTR(r));
    rc = drop_row(d, t, &o);
    if (rc >= 0)
        rc = feed_add(d->tx, mirror_topic((enum mirror_kind)t->kind),
                      t->store_id,
                      t->kind == MIRROR_REFUND || t->kind == MIRROR_CATEGORY
                          ? 0
                          : t->remote_id,
                      "");
    return rc < 0 ? rc : 1;
}

static int removed(struct db_tx *tx, int64_t before,
                   struct retain_round *round) {
    AUTO_DROP struct drop d = DROP_INIT(tx);
    struct tombstone t;
    int rc = 0, seen = 0;
    while (seen < BATCH && (rc = next_tombstone(tx, before, round, &t)) > 0) {
        seen++;
        round->since_ms = t.since_ms;
        round->id = t.id;
        rc = bury(&d, &t);
        if (rc > 0)
            rc = db_run(tx, STMT_GONE_FORGET, "i", t.id);
        if (rc < 0)
            return rc;
    }
    if (rc >= 0)
        rc = drop_flush(&d);
    return rc < 0 ? rc : seen;
}

/* --- a round -------------------------------------------------------------- */

/* Rows of the class that went or were looked at; 0: it is through. */
static int batch_of(struct db_tx *tx, int64_t before, struct retain_round *r) {
    switch (r->class) {
    case RETAIN_OF_COMMANDS:
        return db_run(tx, STMT_RETAIN_COMMANDS, "ii", before, (int64_t)BATCH);
    case RETAIN_OF_CHANGES:
        return changes(tx, before);
    case RETAIN_OF_AUDIT:
        return db_run(tx, STMT_RETAIN_AUDIT, "ii", (int64_t)BATCH, before);
    case RETAIN_OF_REMOVED:
        return removed(tx, before, r);
    default:
        return db_run(tx, STMT_RETAIN_ASIDE, "ii", before, (int64_t)BATCH);
    }
}

int retain_slice(struct db_tx *tx, const struct retain_ages *ages,
                 int64_t max_ms, struct retain_round *ret) {
    struct retain_round r = *ret;
    int64_t end = db_mono(tx) + max_ms;
    while (r.class < RETAIN_CLASSES) {
        int rc = batch_of(tx, db_now(tx) - ages->ms[r.class], &r);
        if (rc < 0)
            return rc;
        r.gone += rc;
        if (rc == 0)
            r.class ++;
        else if (db_mono(tx) >= end)
            break;
    }
    *ret = r;
    return r.class < RETAIN_CLASSES;
}

int retain_oldest(struct db_tx *tx, int64_t ret[RETAIN_CLASSES]) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_RETAIN_OLDEST, &r, "");
    if (rc >= 0)
        rc = db_step(r);
    for (int i = 0; rc > 0 && i < RETAIN_CLASSES; i++)
        ret[i] = db_i64(r, i);
    return rc < 0 ? rc : 0;
}
