#include "model/pack.h"

#include <string.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/check.h"
#include "common/money.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/list.h"
#include "model/pack_room.h"
#include "model/parcel_row.h"

static const char *const verdicts[PACK_VERDICTS] = {
    [PACK_OK] = "ok",         [PACK_WRONG] = "wrong",
    [PACK_EXCESS] = "excess", [PACK_PARCEL] = "parcel",
    [PACK_ORDER] = "order",   [PACK_STOP] = "stop",
    [PACK_SERIAL] = "serial", [PACK_EXPIRED] = "expired",
    [PACK_USED] = "used",     [PACK_QUARANTINE] = "quarantine"};

const char *pack_verdict_name(enum pack_verdict v) {
    REQUIRE(v < PACK_VERDICTS);
    return verdicts[v];
}

/* --- reading ------------------------------------------------------------ */

static int load_parcels(struct db_tx *tx, struct pack *p, struct arena *a) {
    struct parcel *all;
    size_t n;
    int rc = parcel_of_order(tx, p->w.store_id, p->w.remote_id, a, &all, &n);
    if (rc < 0)
        return rc;
    p->parcels = all;
    p->n_parcels = 0;
    p->parcel_id = 0;
    for (size_t i = 0; i < n; i++) {
        if (all[i].work_id != p->w.id)
            continue;
        if (all[i].state == PARCEL_OPEN)
            p->parcel_id = all[i].id;
        p->parcels[p->n_parcels++] = all[i];
    }
    return 0;
}

static int load_here(struct db_tx *tx, struct pack *p, struct arena *a) {
    struct parcel_line *l = NULL;
    size_t n = 0;
    int rc = p->parcel_id ? parcel_lines(tx, p->parcel_id, a, &l, &n) : 0;
    if (rc < 0)
        return rc;
    p->here_e3 = arena_alloc(a, (p->n_lines + 1) * sizeof *p->here_e3);
    for (size_t i = 0; i < p->n_lines; i++) {
        p->here_e3[i] = 0;
        for (size_t k = 0; k < n; k++)
            if (l[k].line_id == p->lines[i].line_id &&
                l[k].part == p->lines[i].part)
                p->here_e3[i] = l[k].qty_e3;
    }
    return 0;
}

/* May it be shipped as it is, and is it still what it was? */
static int load_stop(struct db_tx *tx, struct pack *p, struct arena *a) {
    AUTO_ROWS struct db_rows *r = NULL;
    struct error e = {0};
    uint8_t now[WORK_BASIS];
    int rc = work_basis_now(tx, p->w.store_id, p->w.remote_id, a, now);
    if (rc < 0)
        return rc;
    p->stop = work_basis_differs(&p->w, now);
    rc = work_may_ship(tx, p->w.store_id, p->w.remote_id, a, &e);
    if (rc < 0 && rc != ERR_CONFLICT)
        return rc;
    p->why = rc < 0 ? list_keep(a, e.detail) : "";
    rc = db_query(tx, STMT_PACK_ORDER_SAYS, &r, "Si", p->w.store_id,
                  p->w.remote_id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0)
        return rc < 0 ? rc : ERR_NOT_FOUND;
    p->status = list_keep(a, db_text(r, 0));
    p->stop_ms = db_i64(r, 1);
    p->number = list_keep(a, db_text(r, 2));
    return 0;
}

int pack_again(struct db_tx *tx, struct pack *p, struct arena *a) {
    int rc = work_lines(tx, p->w.id, a, &p->lines, &p->n_lines);
    if (rc >= 0)
        rc = load_parcels(tx, p, a);
    return rc < 0 ? rc : load_here(tx, p, a);
}

static int load(struct db_tx *tx, struct pack *p, struct arena *a) {
    int rc = pack_again(tx, p, a);
    return rc < 0 ? rc : load_stop(tx, p, a);
}

int pack_get(struct db_tx *tx, int64_t store_id, int64_t remote_id,
             struct arena *a, struct pack *ret) {
    struct pack p = {0};
    int rc = work_of(tx, store_id, remote_id, a, &p.w);
    if (rc > 0)
        rc = load(tx, &p, a);
    else if (rc == 0)
        return 0;
    if (rc < 0)
        return rc;
    *ret = p;
    return 1;
}

int64_t pack_open(const struct work_line *l) {
    int64_t open = l->want_e3 - l->packed_e3 - l->short_e3;
    return open > 0 ? open : 0;
}

int64_t pack_left(const struct pack *p) {
    int64_t left = 0;
    for (size_t i = 0; i < p->n_lines; i++)
        if (!p->lines[i].optional && !money_add(&left, pack_open(&p->lines[i])))
            return INT64_MAX;
    return left;
}

bool pack_stopped(const struct pack *p) {
    return p->stop != 0 || p->why[0] != '\0';
}

const struct parcel *pack_parcel(const struct pack *p, int64_t id) {
    for (size_t i = 0; i < p->n_parcels; i++)
        if (p->parcels[i].id == id)
            return &p->parcels[i];
    return NULL;
}

void pack_say_pieces(struct buf *out, int64_t qty_e3, const char *sku) {
    char n[MONEY_TEXT];
    buf_addf(out, "%s%s x %s", out->len ? ", " : "",
             money_format(n, qty_e3, QTY_SCALE, 0), sku);
}

/* --- steps --------------------------------------------------------------- */

int pack_note_scan(struct db_tx *tx, const struct pack_note *n) {
    int rc = db_run(tx, STMT_PACK_SCAN_ADD, "iiiiissisii", n->work_id,
                    n->line_id, n->part, n->parcel_id, n->qty_e3, n->code,
                    n->verdict, n->undoes, n->who, db_now(tx), n->lot_id);
    return rc < 0 ? rc : 0;
}

int pack_count(struct db_tx *tx, int64_t work_id, int64_t parcel_id,
               const struct work_line *l, int64_t qty_e3) {
    int rc = db_run(tx, STMT_PACK_COUNT, "iiii", qty_e3, work_id, l->line_id,
                    l->part);
    return rc < 0 ? rc : parcel_put(tx, parcel_id, l->line_id, l->part, qty_e3);
}

int pack_check(struct db_tx *tx, struct pack *p, const char *who,
               struct error *e) {
    if (p->w.state != WORK_PACKING)
        return error_set(e, ERR_CONFLICT, "ref", "P-%lld is %s, not packing",
                         (long long)p->w.id, work_state_name(p->w.state));
    return work_touch(tx, &p->w, who, e);
}

/* From whatever it is to being packed. */
static int move_on(struct db_tx *tx, struct work *w, const struct pack_begin *b,
                   struct error *e) {
    if (w->state == WORK_PICKING && b->pick_first)
        return error_set(e, ERR_CONFLICT, "ref",
                         "it is still being picked: P-%lld", (long long)w->id);
    if (w->state == WORK_PACKING || (w->state == WORK_PACKED && !b->again))
        return 0;
    return work_move(tx, w, WORK_PACKING, b->who, e);
}

static int begin_new(struct db_tx *tx, const struct pack_begin *b,
                     struct arena *a, struct work *ret, struct error *e) {
    const struct work_new n = {.store_id = b->store_id,
                               .remote_id = b->remote_id,
                               .tote = "",
                               .who = b->who};
    if (b->pick_first)
        return error_set(e, ERR_CONFLICT, "ref", "it was not picked yet");
    return work_begin(tx, &n, a, ret, e);
}

int pack_begin(struct db_tx *tx, const struct pack_begin *b, struct arena *a,
               struct pack *ret, struct error *e) {
    struct pack p = {0};
    int rc = work_of(tx, b->store_id, b->remote_id, a, &p.w);
    if (rc == 0)
        rc = begin_new(tx, b, a, &p.w, e);
    else if (rc > 0 && (p.w.state != WORK_PACKED || b->again))
        rc = b->take ? work_take_over(tx, &p.w, b->who, e)
                     : work_touch(tx, &p.w, b->who, e);
    if (rc >= 0)
        rc = move_on(tx, &p.w, b, e);
    if (rc >= 0)
        rc = load(tx, &p, a);
    if (rc < 0)
        return rc;
    *ret = p;
    return 0;
}

/* Close the open parcel; an empty one is none. */
static int close_parcel(struct db_tx *tx, const struct pack *p,
                        struct error *e) {
    const struct parcel *open = pack_parcel(p, p->parcel_id);
    return !open
               ? 0
               : parcel_move(tx, open,
                             open->pieces_e3 > 0 ? PARCEL_CREATED : PARCEL_VOID,
                             e);
}

int pack_new_parcel(struct db_tx *tx, struct pack *p, const char *who,
                    struct arena *a, struct error *e) {
    const struct parcel *open = pack_parcel(p, p->parcel_id);
    int64_t id;
    int rc = pack_check(tx, p, who, e);
    if (rc < 0 || (open && open->pieces_e3 == 0))
        return rc;
    rc = close_parcel(tx, p, e);
    if (rc >= 0)
        rc = parcel_open(tx, p->w.store_id, p->w.remote_id, p->w.id, who, &id);
    if (rc >= 0)
        rc = parcel_tell(tx, p->w.store_id, p->w.remote_id);
    return rc < 0 ? rc : pack_again(tx, p, a);
}

static int refuse_unfinished(const struct pack *p, struct error *e) {
    AUTO_BUF struct buf b = BUF_INIT;
    for (size_t i = 0; i < p->n_lines; i++)
        if (!p->lines[i].optional && pack_open(&p->lines[i]) > 0)
            pack_say_pieces(&b, pack_open(&p->lines[i]),
                            str_empty(p->lines[i].sku) ? p->lines[i].name
                                                       : p->lines[i].sku);
    return error_set(e, ERR_CONFLICT, "ref",
                     "not packed yet: %.300s. Scan it, or say that it is short",
                     buf_str(&b));
}

static bool any_packed(const struct pack *p) {
    for (size_t i = 0; i < p->n_lines; i++)
        if (p->lines[i].packed_e3 > 0)
            return true;
    return false;
}

int pack_finish(struct db_tx *tx, struct pack *p, const char *who,
                struct arena *a, struct error *e) {
    int rc = pack_check(tx, p, who, e);
    if (rc < 0)
        return rc;
    if (pack_stopped(p))
        return error_set(e, ERR_CONFLICT, "ref",
                         "the order changed: accept what is new, or put it "
                         "back");
    if (pack_left(p) > 0)
        return refuse_unfinished(p, e);
    if (!any_packed(p))
        return error_set(e, ERR_CONFLICT, "ref",
                         "nothing is packed: put it back");
    rc = close_parcel(tx, p, e);
    if (rc >= 0)
        rc = db_run(tx, STMT_PACK_WITHOUT, "i", p->w.id);
    if (rc >= 0)
        rc = work_move(tx, &p->w, WORK_PACKED, who, e);
    return rc < 0 ? rc : pack_again(tx, p, a);
}
