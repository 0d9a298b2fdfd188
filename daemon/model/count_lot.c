#include "model/count_lot.h"

#include "common/money.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/lot.h"
#include "model/movement.h"

enum { PIECE_E3 = 1000 };

/* How many rows there are, two at most; the first into `at`. */
static int read_two(struct db_rows *r, struct count_at *at) {
    int n = 0, rc = 0;
    while (n < 2 && (rc = db_step(r)) > 0)
        if (n++ == 0) {
            at->lot_id = db_i64(r, 0);
            at->item_id = db_i64(r, 1);
        }
    return rc < 0 ? rc : n;
}

/* The same name on lots of two items is told apart by what lies there; else by
 * the product, scanned first. */
int count_lot_of_code(struct db_tx *tx, const struct stock_count *c,
                      const char *code, struct count_at *at, struct error *e) {
    AUTO_ROWS struct db_rows *mine = NULL, *all = NULL;
    int rc = db_query(tx, STMT_COUNT_LOTS_OF_CODE, &mine, "sii", code, c->id,
                      at->bin_id);
    if (rc >= 0)
        rc = read_two(mine, at);
    if (rc == 0) {
        rc = db_query(tx, STMT_LOTS_OF_CODE, &all, "s", code);
        if (rc >= 0)
            rc = read_two(all, at);
    }
    if (rc == 2)
        return error_set(e, ERR_CONFLICT, "code",
                         "several products have a lot %.64s: scan the product "
                         "first",
                         code);
    return rc;
}

/* One piece in one place, and what somebody picked is in their tote. */
static int check_serial(struct db_tx *tx, const struct stock_count *c,
                        const struct count_at *at, const struct lot *l,
                        int64_t e3, struct error *e) {
    AUTO_ROWS struct db_rows *r = NULL;
    int64_t work = 0;
    if (e3 == 0)
        return 0;
    if (e3 != PIECE_E3)
        return error_set(e, ERR_CONFLICT, "lot",
                         "serial %s is one piece, and counted already",
                         l->code);
    int rc = db_query(tx, STMT_COUNT_LOT_BIN, &r, "iiii", c->id, at->bin_id,
                      at->item_id, at->lot_id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc > 0)
        return error_set(e, ERR_CONFLICT, "lot",
                         "serial %s was counted in %s already", l->code,
                         db_text(r, 0));
    if (rc >= 0)
        rc = lot_held(tx, l->id, &work);
    return rc <= 0 ? rc
                   : error_set(e, ERR_CONFLICT, "lot",
                               "serial %s was picked for P-%lld: it belongs "
                               "into its tote",
                               l->code, (long long)work);
}

int count_lot_check(struct db_tx *tx, const struct stock_count *c,
                    const struct count_at *at, int64_t e3, int64_t expected_e3,
                    struct error *e) {
    char few[MONEY_TEXT];
    enum lot_track t;
    struct lot l;
    int rc = lot_track_of(tx, at->item_id, &t);
    if (rc < 0 || (t == LOT_NONE && !at->lot_id))
        return rc;
    if (at->lot_id) {
        rc = lot_get(tx, at->lot_id, &l);
        if (rc <= 0 || l.item_id != at->item_id)
            return rc < 0 ? rc : ERR_NOT_FOUND;
        return t == LOT_SERIAL ? check_serial(tx, c, at, &l, e3, e) : 0;
    }
    if (e3 <= (expected_e3 > 0 ? expected_e3 : 0))
        return 0;
    return error_set(e, ERR_INVALID, "lot",
                     "it is kept by %s, and only %s there are from before: "
                     "name the one on the label",
                     lot_track_name(t),
                     money_format_qty(few, expected_e3 > 0 ? expected_e3 : 0));
}

int count_lot_found(struct db_tx *tx, const struct movement *m, int64_t *ret_e3,
                    bool *ret_here, struct error *e) {
    struct movement from = *m;
    enum lot_track t;
    *ret_e3 = 0;
    *ret_here = false;
    int rc = lot_track_of(tx, m->item_id, &t);
    if (rc < 0 || t != LOT_SERIAL || !m->lot_id || m->qty_e3 <= 0)
        return rc;
    rc = db_value(tx, STMT_LOT_BIN_ID, &from.bin_id, "i", m->lot_id);
    if (rc <= 0)
        return rc;
    *ret_here = from.bin_id == m->bin_id;
    if (*ret_here)
        return 0;
    from.qty_e3 = -PIECE_E3;
    rc = movement_add(tx, &from, e);
    if (rc >= 0)
        *ret_e3 = from.qty_e3;
    return rc < 0 ? rc : 0;
}
