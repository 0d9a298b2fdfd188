#include "model/inbound.h"

#include "common/arena.h"
#include "common/money.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/at_bin.h"
#include "model/bundle.h"
#include "model/feed.h"
#include "model/item.h"
#include "model/list.h"
#include "model/movement.h"

enum { LINES_MAX = 2000 };

const char *inbound_name(char dst[24], int64_t id) {
    (void)str_format(dst, 24, "I-%lld", (long long)id);
    return dst;
}

static void read_row(struct db_rows *r, struct arena *a, struct inbound *ret) {
    *ret = (struct inbound){.id = db_i64(r, 0),
                            .tenant_id = db_i64(r, 1),
                            .tenant = list_keep(a, db_text(r, 2)),
                            .reference = list_keep(a, db_text(r, 3)),
                            .supplier = list_keep(a, db_text(r, 4)),
                            .note = list_keep(a, db_text(r, 5)),
                            .open = str_eq(db_text(r, 6), "open"),
                            .shop = db_i64(r, 7) != 0,
                            .expected_ms = db_i64(r, 8),
                            .created_ms = db_i64(r, 9),
                            .created_by = list_keep(a, db_text(r, 10)),
                            .closed_ms = db_i64(r, 11),
                            .closed_by = list_keep(a, db_text(r, 12)),
                            .version = db_i64(r, 13),
                            .lines = db_i64(r, 14),
                            .expected_e3 = db_i64(r, 15),
                            .received_e3 = db_i64(r, 16)};
}

int inbound_get(struct db_tx *tx, int64_t id, struct arena *a,
                struct inbound *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_INBOUND_GET, &r, "i", id);
    if (rc >= 0)
        rc = db_step(r);
    /* of a number that was never given too: it takes as long */
    int seen = rc < 0 ? 0 : item_seen(tx, rc > 0 ? db_i64(r, 1) : 0);
    if (seen < 0)
        return seen;
    if (rc > 0 && seen)
        read_row(r, a, ret);
    return rc > 0 ? seen : rc;
}

int inbound_list(struct db_tx *tx, bool open, int64_t before, struct arena *a,
                 int (*fn)(const struct inbound *i, void *arg), void *arg) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = open ? db_query(tx, STMT_INBOUND_LIST, &r, "si", "open", before)
                  : db_query(tx, STMT_INBOUND_LIST_ALL, &r, "i", before);
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        struct inbound i;
        rc = inbound_get(tx, db_i64(r, 0), a, &i);
        if (rc > 0)
            rc = fn(&i, arg);
        if (rc != 0)
            return rc;
    }
    return rc;
}

int inbound_lines(struct db_tx *tx, int64_t id, struct arena *a,
                  struct inbound_line **ret, size_t *ret_n) {
    AUTO_ROWS struct db_rows *r = NULL;
    struct inbound_line *l = arena_alloc(a, LINES_MAX * sizeof *l);
    size_t n = 0;
    int rc = db_query(tx, STMT_INBOUND_LINES, &r, "i", id);
    while (rc >= 0 && n < LINES_MAX && (rc = db_step(r)) > 0)
        l[n++] = (struct inbound_line){.item_id = db_i64(r, 0),
                                       .sku = list_keep(a, db_text(r, 1)),
                                       .title = list_keep(a, db_text(r, 2)),
                                       .expected_e3 = db_i64(r, 3),
                                       .received_e3 = db_i64(r, 4),
                                       .told_e3 = db_i64(r, 5)};
    if (rc < 0)
        return rc;
    *ret = l;
    *ret_n = n;
    return 0;
}

int inbound_line_of(struct db_tx *tx, int64_t id, int64_t item_id,
                    struct inbound_line *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_INBOUND_LINE_GET, &r, "ii", id, item_id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc < 0)
        return rc;
    *ret = (struct inbound_line){.item_id = item_id};
    if (rc > 0) {
        ret->received_e3 = db_i64(r, 0);
        ret->expected_e3 = db_i64(r, 1);
        ret->told_e3 = db_i64(r, 2);
    }
    return 0;
}

static int tell(struct db_tx *tx) {
    return feed_add(tx, "inventory", 0, 0, "");
}

int inbound_create(struct db_tx *tx, struct inbound *i, struct error *e) {
    int rc = db_run(tx, STMT_INBOUND_ADD, "isssiiis", i->tenant_id,
                    i->reference, i->supplier, i->note, (int64_t)i->shop,
                    i->expected_ms, db_now(tx), i->created_by);
    if (rc == ERR_EXISTS)
        return error_set(e, rc, "reference",
                         "%s has an inbound shipment %.60s already", i->tenant,
                         i->reference);
    if (rc < 0)
        return rc;
    i->id = db_last_id(tx);
    return tell(tx);
}

int inbound_check_open(const struct inbound *i, struct error *e) {
    char name[24];
    if (i->open)
        return 0;
    return error_set(e, ERR_CONFLICT, "id",
                     "%s is closed: make another one for what still comes",
                     inbound_name(name, i->id));
}

/* Lines are bounded, so that what was announced can always be shown whole. */
static int room(struct db_tx *tx, const struct inbound *i, int64_t item_id,
                struct error *e) {
    int64_t have;
    int rc = db_value(tx, STMT_INBOUND_LINE_GET, &have, "ii", i->id, item_id);
    if (rc != 0 || i->lines < LINES_MAX)
        return rc < 0 ? rc : 0;
    return error_set(e, ERR_TOO_BIG, "id", "it has %d lines already",
                     LINES_MAX);
}

int inbound_expect(struct db_tx *tx, const struct inbound *i, int64_t item_id,
                   int64_t e3, struct error *e) {
    enum { MOST = 1000 * 1000 * 1000 };
    int rc = inbound_check_open(i, e);
    if (rc >= 0 && (e3 < 0 || e3 > MOST))
        rc = error_set(e, ERR_RANGE, "qty", "0 to 1,000,000 can be announced");
    if (rc >= 0 && e3 > 0)
        rc = bundle_refuse(tx, item_id, "code", e);
    if (rc >= 0)
        rc = room(tx, i, item_id, e);
    if (rc >= 0)
        rc = db_run(tx, STMT_INBOUND_EXPECT, "iii", i->id, item_id, e3);
    if (rc >= 0)
        rc = db_run(tx, STMT_INBOUND_LINE_DROP, "ii", i->id, item_id);
    if (rc >= 0)
        rc = item_refresh(tx, item_id);
    return rc < 0 ? rc : tell(tx);
}

int inbound_receive(struct db_tx *tx, const struct inbound *i,
                    const struct inbound_piece *p, const char *author,
                    struct error *e) {
    char name[24];
    struct movement m = {.item_id = p->item_id,
                         .bin_id = p->bin_id,
                         .lot_id = p->lot_id,
                         .qty_e3 = p->e3,
                         .reason = "receive",
                         .ref = inbound_name(name, i->id),
                         .author = author};
    int64_t have = 0;
    int rc = inbound_check_open(i, e);
    if (rc >= 0)
        rc =
            db_value(tx, STMT_INBOUND_LINE_GET, &have, "ii", i->id, p->item_id);
    if (rc >= 0 && p->e3 < 0 && have + p->e3 < 0)
        rc = error_set(e, ERR_CONFLICT, "qty", "so many did not come");
    if (rc >= 0 && p->e3 > 0)
        rc = bundle_refuse(tx, p->item_id, "code", e);
    if (rc >= 0)
        rc = room(tx, i, p->item_id, e);
    /* before the movement, whose item then awaits as much less */
    if (rc >= 0)
        rc = db_run(tx, STMT_INBOUND_RECEIVED, "iii", i->id, p->item_id, p->e3);
    if (rc >= 0)
        rc = movement_add(tx, &m, e);
    if (rc >= 0)
        rc = db_run(tx, STMT_INBOUND_LINE_DROP, "ii", i->id, p->item_id);
    return rc < 0 ? rc : tell(tx);
}

int inbound_close(struct db_tx *tx, const struct inbound *i, const char *author,
                  struct error *e) {
    char name[24];
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = inbound_check_open(i, e);
    if (rc >= 0)
        rc = db_run(tx, STMT_INBOUND_CLOSE, "isi", db_now(tx), author, i->id);
    if (rc >= 0)
        rc = at_bin_end(tx, inbound_name(name, i->id));
    if (rc >= 0)
        rc = db_query(tx, STMT_INBOUND_LINES, &r, "i", i->id);
    while (rc >= 0 && (rc = db_step(r)) > 0)
        rc = item_refresh(tx, db_i64(r, 0));
    return rc < 0 ? rc : tell(tx);
}

int inbound_told(struct db_tx *tx, int64_t id) {
    int rc = db_run(tx, STMT_INBOUND_TOLD, "i", id);
    return rc < 0 ? rc : 0;
}
