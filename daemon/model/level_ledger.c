#include "model/level_ledger.h"

#include "common/arena.h"
#include "common/money.h"
#include "db/sql.h"

/* Two streams, each newest first; their next rows are compared. */
struct merge {
    struct db_tx *tx;
    struct arena *a;
    struct db_rows *moves, *changes; /* NULL: at the end */
    int64_t move, change;            /* ids given out last */
};

static void merge_done(struct merge *m) {
    db_rows_done(m->moves);
    db_rows_done(m->changes);
}

static int advance(struct db_rows **r) {
    int rc = *r ? db_step(*r) : 0;
    if (rc == 0)
        db_rows_done(TAKE_PTR(*r));
    return rc < 0 ? rc : 0;
}

static int begin(struct merge *m, int64_t store_id, int64_t remote_id) {
    int64_t item;
    int rc =
        db_value(m->tx, STMT_LISTING_ITEM, &item, "Si", store_id, remote_id);
    if (rc > 0)
        rc = db_query(m->tx, STMT_MOVEMENTS_OF, &m->moves, "ii", item, m->move);
    if (rc >= 0)
        rc = db_query(m->tx, STMT_STOCK_CHANGES_OF, &m->changes, "Sii",
                      store_id, remote_id, m->change);
    if (rc >= 0)
        rc = advance(&m->moves);
    return rc < 0 ? rc : advance(&m->changes);
}

/* An order of a shop the caller does not work for is not named. */
static void read_move(const struct merge *m, struct ledger_row *ret) {
    struct db_rows *r = m->moves;
    int64_t store = db_i64(r, 7);
    bool named = !store || db_scope_has(db_get_scope(m->tx), store);
    *ret =
        (struct ledger_row){.at_ms = db_i64(r, 1),
                            .qty_e3 = db_i64(r, 2),
                            .reason = list_keep(m->a, db_text(r, 3)),
                            .ref = named ? list_keep(m->a, db_text(r, 4)) : "",
                            .note = list_keep(m->a, db_text(r, 5)),
                            .author = list_keep(m->a, db_text(r, 6)),
                            .bin = list_keep(m->a, db_text(r, 8)),
                            .lot = list_keep(m->a, db_text(r, 9)),
                            .state = ""};
}

static void read_change(const struct merge *m, struct ledger_row *ret) {
    struct db_rows *r = m->changes;
    int64_t e3 = 0;
    (void)money_parse(db_text(r, 2), QTY_SCALE, &e3); /* it is ours */
    *ret = (struct ledger_row){.at_ms = db_i64(r, 1),
                               .qty_e3 = e3,
                               .reason = "shop",
                               .ref = list_keep(m->a, db_text(r, 6)),
                               .note = list_keep(m->a, db_text(r, 4)),
                               .author = list_keep(m->a, db_text(r, 5)),
                               .bin = "",
                               .lot = "",
                               .state = list_keep(m->a, db_text(r, 3))};
}

/* 1 and the newest of both, 0: no more. */
static int next(struct merge *m, struct ledger_row *ret) {
    bool change = m->changes &&
                  (!m->moves || db_i64(m->changes, 1) >= db_i64(m->moves, 1));
    struct db_rows **r = change ? &m->changes : &m->moves;
    if (!*r)
        return 0;
    if (change)
        read_change(m, ret);
    else
        read_move(m, ret);
    *(change ? &m->change : &m->move) = db_i64(*r, 0);
    int rc = advance(r);
    return rc < 0 ? rc : 1;
}

int level_ledger(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                 const struct list_request *r, struct arena *a,
                 struct ledger_page *ret, struct error *e) {
    CLEANUP(merge_done)
    struct merge m = {.tx = tx, .a = a, .move = INT64_MAX, .change = INT64_MAX};
    uint64_t hash = (uint64_t)store_id << 40 ^ (uint64_t)remote_id;
    struct list_key at;
    size_t limit = (size_t)r->limit;
    struct ledger_page page = {
        .items = arena_alloc(a, (limit + 1) * sizeof *page.items)};
    int rc = r->after ? list_cursor_read(r->after, hash, a, &at, e) : 0;
    if (rc >= 0 && r->after) {
        m.move = at.id;
        m.change = at.num;
    }
    if (rc >= 0)
        rc = begin(&m, store_id, remote_id);
    while (rc >= 0 && page.n < limit &&
           (rc = next(&m, &page.items[page.n])) > 0)
        page.n++;
    if (rc < 0)
        return rc;
    if (m.moves || m.changes)
        page.next = list_cursor(
            a, hash, &(struct list_key){.id = m.move, .num = m.change});
    *ret = page;
    return 0;
}
