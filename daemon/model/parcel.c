#include "model/parcel.h"

#include <string.h>

#include "common/arena.h"
#include "common/check.h"
#include "common/mem.h"
#include "common/money.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/feed.h"
#include "model/list.h"
#include "model/parcel_row.h"

enum { WEIGHT_MAX_G = 1000000, SIDE_MAX_MM = 10000, TEXT_MAX = 100 };

static const char *const states[PARCEL_STATES] = {
    [PARCEL_OPEN] = "open",
    [PARCEL_CREATED] = "created",
    [PARCEL_LABEL] = "label",
    [PARCEL_SHIPPED] = "shipped",
    [PARCEL_IN_TRANSIT] = "in_transit",
    [PARCEL_OUT_FOR_DELIVERY] = "out_for_delivery",
    [PARCEL_DELIVERED] = "delivered",
    [PARCEL_EXCEPTION] = "exception",
    [PARCEL_VOID] = "void"};

#define TO(s) (1u << PARCEL_##s)
#define ON_ITS_WAY                                                             \
    (TO(IN_TRANSIT) | TO(OUT_FOR_DELIVERY) | TO(DELIVERED) | TO(EXCEPTION))

static const unsigned moves[PARCEL_STATES] = {
    [PARCEL_OPEN] = TO(CREATED) | TO(VOID),
    [PARCEL_CREATED] = TO(OPEN) | TO(LABEL) | TO(SHIPPED) | TO(VOID),
    [PARCEL_LABEL] = TO(SHIPPED) | TO(VOID),
    /* carriers tell late and out of order: any step may follow any other */
    [PARCEL_SHIPPED] = ON_ITS_WAY,
    [PARCEL_IN_TRANSIT] = ON_ITS_WAY & ~TO(IN_TRANSIT),
    [PARCEL_OUT_FOR_DELIVERY] = ON_ITS_WAY & ~TO(OUT_FOR_DELIVERY),
    [PARCEL_EXCEPTION] = ON_ITS_WAY & ~TO(EXCEPTION),
};

const char *parcel_state_name(enum parcel_state s) {
    REQUIRE(s < PARCEL_STATES);
    return states[s];
}

int parcel_state_parse(const char *name) {
    for (int i = 0; i < PARCEL_STATES; i++)
        if (str_eq(states[i], name))
            return i;
    return ERR_INVALID;
}

bool parcel_may(enum parcel_state from, enum parcel_state to) {
    REQUIRE(from < PARCEL_STATES && to < PARCEL_STATES);
    return (moves[from] & 1u << to) != 0;
}

bool parcel_left(enum parcel_state s) {
    return s >= PARCEL_SHIPPED && s != PARCEL_VOID;
}

const char *parcel_format(char dst[PARCEL_TEXT], int64_t id) {
    (void)str_format(dst, PARCEL_TEXT, "S-%lld", (long long)id);
    return dst;
}

int parcel_parse(const char *text, int64_t *ret_id) {
    bool prefixed = str_starts(text, "S-") || str_starts(text, "s-");
    return str_to_i64(text + (prefixed ? 2 : 0), 1, INT64_MAX, ret_id) < 0
               ? ERR_INVALID
               : 0;
}

/* --- reading ------------------------------------------------------------ */

int parcel_row_read(struct db_rows *r, struct arena *a, struct parcel *ret) {
    int state = parcel_state_parse(db_text(r, 5));
    if (state < 0)
        return ERR_DB_CORRUPT;
    *ret = (struct parcel){.id = db_i64(r, 0),
                           .store_id = db_i64(r, 1),
                           .remote_id = db_i64(r, 2),
                           .work_id = db_i64(r, 3),
                           .n = db_i64(r, 4),
                           .state = (enum parcel_state)state,
                           .carrier = list_keep(a, db_text(r, 6)),
                           .service = list_keep(a, db_text(r, 7)),
                           .tracking = list_keep(a, db_text(r, 8)),
                           .url = list_keep(a, db_text(r, 9)),
                           .weight_g = db_i64(r, 10),
                           .length_mm = db_i64(r, 11),
                           .width_mm = db_i64(r, 12),
                           .height_mm = db_i64(r, 13),
                           .created_ms = db_i64(r, 14),
                           .created_by = list_keep(a, db_text(r, 15)),
                           .shipped_ms = db_i64(r, 16),
                           .state_ms = db_i64(r, 17),
                           .change_id = db_i64(r, 18),
                           .version = db_i64(r, 19),
                           .store = list_keep(a, db_text(r, 20)),
                           .number = list_keep(a, db_text(r, 21)),
                           .change = list_keep(a, db_text(r, 22)),
                           .change_state = list_keep(a, db_text(r, 23)),
                           .pieces_e3 = db_i64(r, 24)};
    return 0;
}

int parcel_get(struct db_tx *tx, int64_t id, struct arena *a,
               struct parcel *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    struct parcel p;
    int rc = db_query(tx, STMT_PARCEL_BY_ID, &r, "i", id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0 || !db_scope_has(db_get_scope(tx), db_i64(r, 1)))
        return rc < 0 ? rc : 0;
    rc = parcel_row_read(r, a, &p);
    if (rc < 0)
        return rc;
    *ret = p;
    return 1;
}

int parcel_of_order(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                    struct arena *a, struct parcel **ret, size_t *ret_n) {
    AUTO_ROWS struct db_rows *r = NULL;
    struct parcel *all = arena_alloc(a, PARCEL_ORDER_MAX * sizeof *all);
    size_t n = 0;
    int rc = db_query(tx, STMT_PARCEL_OF_ORDER, &r, "Si", store_id, remote_id);
    while (rc >= 0 && n < PARCEL_ORDER_MAX && (rc = db_step(r)) > 0)
        rc = parcel_row_read(r, a, &all[n++]);
    if (rc < 0)
        return rc;
    *ret = all;
    *ret_n = n;
    return 0;
}

int parcel_lines(struct db_tx *tx, int64_t parcel_id, struct arena *a,
                 struct parcel_line **ret, size_t *ret_n) {
    AUTO_ROWS struct db_rows *r = NULL;
    AUTO_FREE struct parcel_line *all = NULL;
    size_t n = 0;
    int rc = db_query(tx, STMT_PARCEL_LINES, &r, "i", parcel_id);
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        all = mem_resize(all, n + 1, sizeof *all);
        all[n++] = (struct parcel_line){.line_id = db_i64(r, 0),
                                        .part = db_i64(r, 1),
                                        .qty_e3 = db_i64(r, 2),
                                        .sku = list_keep(a, db_text(r, 3)),
                                        .name = list_keep(a, db_text(r, 4)),
                                        .per_e3 = db_i64(r, 5),
                                        .bundle = list_keep(a, db_text(r, 6))};
    }
    if (rc < 0)
        return rc;
    *ret = arena_alloc(a, (n + 1) * sizeof **ret);
    if (n)
        memcpy(*ret, all, n * sizeof *all);
    *ret_n = n;
    return 0;
}

/* --- writing ------------------------------------------------------------ */

int parcel_tell(struct db_tx *tx, int64_t store_id, int64_t remote_id) {
    return feed_add(tx, "order", store_id, remote_id, FEED_WORK);
}

int parcel_open(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                int64_t work_id, const char *who, int64_t *ret_id) {
    int rc = db_run(tx, STMT_PARCEL_INSERT, "Siiis", store_id, remote_id,
                    work_id, db_now(tx), who);
    if (rc < 0)
        return rc;
    *ret_id = db_last_id(tx);
    return 0;
}

int parcel_put(struct db_tx *tx, int64_t id, int64_t line_id, int64_t part,
               int64_t qty_e3) {
    int rc = db_run(tx, STMT_PARCEL_PUT, "iiii", id, line_id, part, qty_e3);
    if (rc >= 0)
        rc = db_run(tx, STMT_PARCEL_EMPTIED, "iii", id, line_id, part);
    return rc < 0 ? rc : 0;
}

int parcel_move(struct db_tx *tx, const struct parcel *p, enum parcel_state to,
                struct error *e) {
    char text[PARCEL_TEXT];
    if (!parcel_may(p->state, to))
        return error_set(e, ERR_CONFLICT, "id", "%s is %s and cannot become %s",
                         parcel_format(text, p->id), states[p->state],
                         states[to]);
    int rc = db_run(tx, STMT_PARCEL_MOVE, "sii", states[to], db_now(tx), p->id);
    return rc < 0 ? rc : parcel_tell(tx, p->store_id, p->remote_id);
}

int parcel_told(struct db_tx *tx, int64_t id, int64_t change_id) {
    int rc = db_run(tx, STMT_PARCEL_TOLD, "ii", change_id, id);
    return rc < 0 ? rc : 0;
}

static int check_text(const char *name, const char *text, size_t max,
                      struct error *e) {
    return !text || strlen(text) <= max
               ? 0
               : error_set(e, ERR_INVALID, name, "at most %zu bytes", max);
}

static int check_facts(const struct parcel_facts *f, struct error *e) {
    const int64_t sides[] = {f->length_mm, f->width_mm, f->height_mm};
    int rc = check_text("carrier", f->carrier, TEXT_MAX, e);
    if (rc >= 0)
        rc = check_text("service", f->service, TEXT_MAX, e);
    if (rc >= 0)
        rc = check_text("tracking", f->tracking, TEXT_MAX, e);
    if (rc >= 0)
        rc = check_text("url", f->url, 500, e);
    if (rc >= 0 && f->weight_g > WEIGHT_MAX_G)
        rc = error_set(e, ERR_INVALID, "weight", "at most %d g", WEIGHT_MAX_G);
    for (size_t i = 0; rc >= 0 && i < 3; i++)
        if (sides[i] > SIDE_MAX_MM)
            rc = error_set(e, ERR_INVALID, "size", "a side is at most %d mm",
                           SIDE_MAX_MM);
    return rc;
}

int parcel_describe(struct db_tx *tx, const struct parcel *p,
                    const struct parcel_facts *f, struct error *e) {
    char text[PARCEL_TEXT];
    /* the shop was told how it travels: another number would be news to the
     * customer, who is told once */
    if (p->state >= PARCEL_SHIPPED)
        return error_set(e, ERR_CONFLICT, "id", "%s is %s: it stays as it is",
                         parcel_format(text, p->id), states[p->state]);
    int rc = check_facts(f, e);
    if (rc >= 0)
        rc = db_run(tx, STMT_PARCEL_DESCRIBE, "ssssiiiii", f->carrier,
                    f->service, f->tracking, f->url, f->weight_g, f->length_mm,
                    f->width_mm, f->height_mm, p->id);
    return rc < 0 ? rc : parcel_tell(tx, p->store_id, p->remote_id);
}
