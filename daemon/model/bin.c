#include "model/bin.h"

#include <string.h>

#include "common/str.h"
#include "db/sql.h"
#include "model/feed.h"
#include "model/item.h"
#include "model/lot.h"

/* Columns of the bin statements; the one behind them is their own. */
static void read_bin(struct db_rows *r, struct bin *ret) {
    *ret = (struct bin){.id = db_i64(r, 0),
                        .place = db_i64(r, 3),
                        .quarantine = db_i64(r, 4) != 0,
                        .disabled = db_i64(r, 5) != 0,
                        .version = db_i64(r, 6)};
    (void)str_copy(ret->code, sizeof ret->code, db_text(r, 1));
    (void)str_copy(ret->zone, sizeof ret->zone, db_text(r, 2));
}

int bin_by_code(struct db_tx *tx, const char *code, struct bin *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_BIN_BY_CODE, &r, "s", code);
    if (rc >= 0)
        rc = db_step(r);
    if (rc > 0)
        read_bin(r, ret);
    return rc;
}

int bin_by_id(struct db_tx *tx, int64_t id, struct bin *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_BIN_BY_ID, &r, "i", id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc > 0)
        read_bin(r, ret);
    return rc;
}

int bin_list(struct db_tx *tx, const struct bin *after,
             int (*fn)(const struct bin *b, void *arg), void *arg) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc =
        db_query(tx, STMT_BIN_LIST, &r, "sis", after ? after->zone : "",
                 after ? after->place : INT64_MIN, after ? after->code : "");
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        struct bin b;
        read_bin(r, &b);
        b.items = db_i64(r, 7);
        rc = fn(&b, arg);
        if (rc != 0)
            return rc;
    }
    return rc;
}

/* What a barcode can hold and a person can tell apart: no blanks, nothing that
 * a line of text or a query would trip over. */
static bool is_code(const char *s) {
    for (const char *p = s; *p; p++)
        if (*p <= ' ' || *p > '~' || strchr("\"'\\,", *p))
            return false;
    return *s != '\0';
}

static int tell(struct db_tx *tx) {
    return feed_add(tx, "inventory", 0, 0, "");
}

int bin_create(struct db_tx *tx, struct bin *b, struct error *e) {
    if (!is_code(b->code))
        return error_set(e, ERR_INVALID, "code",
                         "a code is letters, digits and signs without blanks, "
                         "quotes and commas");
    int rc = db_run(tx, STMT_BIN_ADD, "ssiii", b->code, b->zone, b->place,
                    (int64_t)b->quarantine, db_now(tx));
    if (rc == ERR_EXISTS)
        return error_set(e, rc, "code", "there is a bin %s already", b->code);
    if (rc < 0)
        return rc;
    b->id = db_last_id(tx);
    b->version = 1;
    return tell(tx);
}

/* What lies in it may have become available, or not. */
static int refresh_items(struct db_tx *tx, int64_t bin_id) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_BIN_ITEMS, &r, "ii", bin_id, (int64_t)0);
    while (rc >= 0 && (rc = db_step(r)) > 0)
        rc = item_refresh(tx, db_i64(r, 0));
    return rc;
}

/* 1: something lies in it. */
static int is_filled(struct db_tx *tx, int64_t bin_id) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_BIN_ITEMS, &r, "ii", bin_id, (int64_t)0);
    return rc < 0 ? rc : db_step(r);
}

int bin_update(struct db_tx *tx, const struct bin *b, struct error *e) {
    int rc = b->disabled ? is_filled(tx, b->id) : 0;
    if (rc > 0)
        return error_set(e, ERR_CONFLICT, "disabled",
                         "something lies in %s: move it first", b->code);
    if (rc < 0)
        return rc;
    rc =
        db_run(tx, STMT_BIN_UPDATE, "siiiii", b->zone, b->place,
               (int64_t)b->quarantine, (int64_t)b->disabled, b->id, b->version);
    if (rc == 0)
        return error_set(e, ERR_CONFLICT, "if_version",
                         "%s was changed meanwhile: look at it again", b->code);
    if (rc >= 0)
        rc = refresh_items(tx, b->id);
    return rc < 0 ? rc : tell(tx);
}

int bin_of_item(struct db_tx *tx, int64_t item_id,
                int (*fn)(const struct bin *b, int64_t qty_e3, void *arg),
                void *arg) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_BINS_OF_ITEM, &r, "i", item_id);
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        struct bin b;
        read_bin(r, &b);
        rc = fn(&b, db_i64(r, 7), arg);
        if (rc != 0)
            return rc;
    }
    return rc;
}

static int first_good(const struct bin *b, int64_t qty_e3, void *arg) {
    if (qty_e3 <= 0 || b->quarantine || b->disabled)
        return 0;
    *(struct bin *)arg = *b;
    return 1;
}

struct choice {
    int64_t now_ms;
    struct bin *ret;
};

static int first_lot(const struct lot *l, const struct bin *b, int64_t qty_e3,
                     void *arg) {
    const struct choice *c = arg;
    if (!lot_pickable(l, b, qty_e3, c->now_ms))
        return 0;
    *c->ret = *b;
    return 1;
}

/* Of what is kept by lots, where the first to expire lies is the place to go;
 * of all else, the first along the walk. */
int bin_of(struct db_tx *tx, int64_t store_id, int64_t remote_id,
           struct bin *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    struct choice c = {.now_ms = db_now(tx), .ret = ret};
    int rc = db_query(tx, STMT_LISTING_TRACK, &r, "Si", store_id, remote_id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0)
        return rc == ERR_NOT_FOUND ? 0 : rc;
    int64_t item = db_i64(r, 0);
    rc = *db_text(r, 1) ? lot_each(tx, item, first_lot, &c) : 0;
    return rc != 0 ? rc : bin_of_item(tx, item, first_good, ret);
}
