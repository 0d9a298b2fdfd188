/* What a scanned code is, and what it does. */
#include <string.h>
#include <strings.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/gtin.h"
#include "common/ref.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/list.h"
#include "model/order_event.h"
#include "model/pack_room.h"
#include "model/parcel_row.h"
#include "model/store.h"
#include "model/work_lot.h"

enum { PIECE_E3 = 1000, QTY_MAX_E3 = 1000000000 };

/* A scan on its way. */
struct scanning {
    struct db_tx *tx;
    struct pack *p;
    const char *code, *who;
    int64_t qty_e3;
    struct arena *a;
    struct pack_scanned *ret;
    struct error *e;
    struct lot lot; /* that the code names, id 0: none */
};

/* --- which line ---------------------------------------------------------- */

/* Can it take a piece more? What was said to be short may turn up. */
static bool has_room(const struct work_line *l) {
    return l->packed_e3 < l->want_e3;
}

static struct work_line *better(struct work_line *found, struct work_line *l) {
    return !found || (!has_room(found) && has_room(l)) ? l : found;
}

/* By SKU, or by the code printed on the goods. */
static bool is_line(const struct work_line *l, const char *code) {
    return strcasecmp(l->sku, code) == 0 || gtin_same(l->ean, code);
}

/* ERR_CONFLICT: it is on several goods. */
static int line_of(const struct scanning *s, const struct work_line **ret) {
    struct work_line *found = NULL;
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < s->p->n_lines; i++) {
        struct work_line *l = &s->p->lines[i];
        if (!is_line(l, s->code))
            continue;
        if (found)
            rc = work_line_clash(found, l, true, s->code, s->e);
        found = better(found, l);
    }
    if (rc >= 0)
        *ret = found;
    return rc;
}

/* By the lot or serial of a piece, when the code is of no product. */
static int line_of_lot(struct scanning *s, const struct work_line **ret) {
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < s->p->n_lines; i++) {
        struct work_line *l = &s->p->lines[i];
        struct lot lot;
        rc = work_lot_of(s->tx, &s->p->w, l, s->code, &lot);
        if (rc <= 0)
            continue;
        s->lot = lot;
        *ret = *ret && (has_room(*ret) || !has_room(l)) ? *ret : l;
    }
    return rc < 0 ? rc : 0;
}

/* --- counting ------------------------------------------------------------ */

static int note(const struct scanning *s, const struct work_line *l,
                int64_t parcel_id, int64_t qty_e3) {
    const struct pack_note n = {.work_id = s->p->w.id,
                                .line_id = l ? l->line_id : 0,
                                .part = l ? l->part : 0,
                                .parcel_id = parcel_id,
                                .qty_e3 = qty_e3,
                                .code = s->code,
                                .verdict = pack_verdict_name(s->ret->verdict),
                                .who = s->who,
                                .lot_id = s->lot.id};
    return pack_note_scan(s->tx, &n);
}

/* How much one scan is: a piece, or the rest of what is cut. */
static int64_t amount(const struct scanning *s, const struct work_line *l) {
    int64_t room = l->want_e3 - l->packed_e3;
    if (s->qty_e3 > 0)
        return s->qty_e3;
    return room > 0 && room < PIECE_E3 ? room : PIECE_E3;
}

static int refuse(const struct scanning *s, const struct work_line *l,
                  enum pack_verdict why) {
    s->ret->verdict = why;
    s->ret->due = *l;
    s->ret->line = &s->ret->due;
    s->ret->name = l->name;
    return note(s, l, 0, 0);
}

static int in_parcel(const struct scanning *s, int64_t *ret_id) {
    struct pack *p = s->p;
    *ret_id = p->parcel_id;
    return p->parcel_id ? 0
                        : parcel_open(s->tx, p->w.store_id, p->w.remote_id,
                                      p->w.id, s->who, ret_id);
}

/* What was short is there after all. */
static int found_again(const struct scanning *s, const struct work_line *l,
                       int64_t qty_e3) {
    int64_t over = l->packed_e3 + qty_e3 + l->short_e3 - l->want_e3;
    if (over <= 0)
        return 0;
    int64_t left = l->short_e3 - over;
    int rc = db_run(
        s->tx, STMT_PACK_SHORT, "issiii", left, left > 0 ? l->short_reason : "",
        left > 0 ? l->short_way : "", s->p->w.id, l->line_id, l->part);
    return rc < 0 ? rc : 0;
}

/* May a piece of that lot go with the order? A serial is scanned itself: it is
 * what the customer's guarantee will be asked about. */
static int judge_lot(const struct scanning *s, const struct work_line *l,
                     int64_t qty_e3) {
    static const enum pack_verdict verdicts[] = {
        [WORK_LOT_OK] = PACK_OK,
        [WORK_LOT_SERIAL] = PACK_SERIAL,
        [WORK_LOT_EXPIRED] = PACK_EXPIRED,
        [WORK_LOT_USED] = PACK_USED,
        [WORK_LOT_QUARANTINE] = PACK_QUARANTINE};
    const struct work_lot_scan scan = {.lot = &s->lot,
                                       .step = WORK_LOT_PACK,
                                       .e3 = qty_e3,
                                       .overruled = s->p->overrules != NULL};
    enum work_lot_verdict v;
    int rc = work_lot_judge(s->tx, &s->p->w, l, &scan, &v);
    if (rc >= 0)
        s->ret->verdict = verdicts[v];
    return rc;
}

static int tell_overruled(const struct scanning *s) {
    return s->p->overrules
               ? order_event_add(s->tx, s->p->w.store_id, s->p->w.remote_id,
                                 "expired", s->who, s->p->overrules)
               : 0;
}

static int count(const struct scanning *s, const struct work_line *l) {
    int64_t qty = amount(s, l), parcel = 0;
    if (qty > l->want_e3 - l->packed_e3)
        return refuse(s, l, PACK_EXCESS);
    int lot = judge_lot(s, l, qty);
    if (lot < 0)
        return lot;
    if (s->ret->verdict != PACK_OK)
        return refuse(s, l, s->ret->verdict);
    s->ret->qty_e3 = qty;
    s->ret->name = l->name;
    int rc = in_parcel(s, &parcel);
    if (rc >= 0)
        rc = found_again(s, l, qty);
    if (rc >= 0)
        rc = pack_count(s->tx, s->p->w.id, parcel, l, qty);
    if (rc >= 0)
        rc =
            work_lot_count(s->tx, s->p->w.id, l, s->lot.id, WORK_LOT_PACK, qty);
    if (rc >= 0)
        rc = tell_overruled(s);
    if (rc >= 0)
        rc = note(s, l, parcel, qty);
    int64_t line_id = l->line_id, part = l->part;
    if (rc >= 0)
        rc = pack_again(s->tx, s->p, s->a);
    for (size_t i = 0; rc >= 0 && i < s->p->n_lines; i++)
        if (s->p->lines[i].line_id == line_id && s->p->lines[i].part == part)
            s->ret->due = s->p->lines[i];
    s->ret->line = &s->ret->due;
    return rc;
}

/* --- what is no line ------------------------------------------------------ */

static int go_to(const struct scanning *s, int64_t store_id,
                 int64_t remote_id) {
    s->ret->verdict = PACK_ORDER;
    s->ret->order_store = store_id;
    s->ret->order_id = remote_id;
    return 1;
}

/* Packing goes on in another parcel of this work. */
static int switch_parcel(const struct scanning *s, const struct parcel *to) {
    const struct parcel *open = pack_parcel(s->p, s->p->parcel_id);
    int rc = 0;
    s->ret->verdict = PACK_PARCEL;
    if (to->state == PARCEL_OPEN)
        return 1;
    if (open)
        rc = parcel_move(s->tx, open,
                         open->pieces_e3 > 0 ? PARCEL_CREATED : PARCEL_VOID,
                         s->e);
    if (rc >= 0)
        rc = parcel_move(s->tx, to, PARCEL_OPEN, s->e);
    if (rc >= 0)
        rc = pack_again(s->tx, s->p, s->a);
    return rc < 0 ? rc : 1;
}

static int as_parcel(const struct scanning *s) {
    struct parcel p;
    int64_t id;
    if ((s->code[0] != 'S' && s->code[0] != 's') ||
        parcel_parse(s->code, &id) < 0)
        return 0;
    int rc = parcel_get(s->tx, id, s->a, &p);
    if (rc <= 0)
        return rc;
    const struct parcel *mine = pack_parcel(s->p, id);
    if (mine && (mine->state == PARCEL_OPEN || mine->state == PARCEL_CREATED))
        return switch_parcel(s, mine);
    return mine ? 0 : go_to(s, p.store_id, p.remote_id);
}

/* "alpine:1779", or the number of an order of the same store. */
static int as_order(const struct scanning *s) {
    struct ref ref;
    struct store store = {0};
    int64_t id;
    int rc = 0;
    if (ref_parse(s->code, &ref) < 0) {
        rc = db_value(s->tx, STMT_PACK_ORDER_OF_NUMBER, &id, "sS", s->code,
                      s->p->w.store_id);
        return rc <= 0 || id == s->p->w.remote_id
                   ? rc
                   : go_to(s, s->p->w.store_id, id);
    }
    if (ref.kind != REF_OBJECT)
        return 0;
    rc = store_by_name(s->tx, ref.store, &store);
    int64_t store_id = store.id;
    store_done(&store);
    if (rc > 0)
        rc = db_value(s->tx, STMT_ORDER_ITEM_ID, &id, "Si", store_id, ref.id);
    return rc <= 0 ? rc : go_to(s, store_id, ref.id);
}

static int name_of_gtin(const struct scanning *s) {
    AUTO_ROWS struct db_rows *r = NULL;
    char key[GTIN_TEXT];
    if (!*gtin_key(key, s->code))
        return 0;
    int rc = db_query(s->tx, STMT_PRODUCTS_OF_GTIN, &r, "si", key, (int64_t)50);
    while (rc >= 0 && (rc = db_step(r)) > 0)
        if (db_i64(r, 0) == s->p->w.store_id) {
            s->ret->name = list_keep(s->a, db_text(r, 2));
            return 1;
        }
    return rc;
}

static int name_of(const struct scanning *s) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(s->tx, STMT_PACK_PRODUCT_NAME, &r, "sS", s->code,
                      s->p->w.store_id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc > 0)
        s->ret->name = list_keep(s->a, db_text(r, 0));
    db_rows_done(TAKE_PTR(r));
    return rc == 0 ? name_of_gtin(s) : rc;
}

static int wrong(const struct scanning *s) {
    s->ret->verdict = PACK_WRONG;
    for (size_t i = 0; i < s->p->n_lines; i++)
        if (pack_open(&s->p->lines[i]) > 0) {
            s->ret->expected = s->p->lines[i].sku;
            break;
        }
    return note(s, NULL, 0, 0);
}

static int no_line(const struct scanning *s) {
    int rc = name_of(s);
    /* a product's code is never taken for an order's number */
    if (rc == 0)
        rc = as_parcel(s);
    else if (rc > 0)
        return wrong(s);
    if (rc == 0)
        rc = as_order(s);
    return rc != 0 ? rc : wrong(s);
}

int pack_scan(struct db_tx *tx, struct pack *p, const char *code,
              int64_t qty_e3, const char *who, struct arena *a,
              struct pack_scanned *ret, struct error *e) {
    *ret = (struct pack_scanned){.name = "", .expected = ""};
    struct scanning s = {tx, p, code, who, qty_e3, a, ret, e, {0}};
    if (qty_e3 < 0 || qty_e3 > QTY_MAX_E3)
        return error_set(e, ERR_INVALID, "quantity", "above zero");
    int rc = pack_check(tx, p, who, e);
    if (rc < 0)
        return rc;
    if (pack_stopped(p)) {
        ret->verdict = PACK_STOP;
        return 0;
    }
    const struct work_line *l = NULL;
    rc = line_of(&s, &l);
    if (rc >= 0 && !l)
        rc = line_of_lot(&s, &l);
    if (rc >= 0)
        rc = l ? count(&s, l) : no_line(&s);
    if (rc >= 0)
        rc = parcel_tell(tx, p->w.store_id, p->w.remote_id);
    return rc < 0 ? rc : 0;
}

/* What is kept by serials is packed one by one, and nothing that has expired
 * goes along unseen. */
static const char *why_not(enum pack_verdict v) {
    return v == PACK_SERIAL    ? "of %s each serial is scanned by itself"
           : v == PACK_EXPIRED ? "what is left of %s has expired"
                               : "what is left of %s lies in quarantine";
}

static int refuse_rest(const struct scanning *s) {
    for (size_t i = 0; i < s->p->n_lines; i++) {
        const struct work_line *l = &s->p->lines[i];
        if (pack_open(l) == 0)
            continue;
        int rc = judge_lot(s, l, pack_open(l));
        if (rc < 0)
            return rc;
        if (s->ret->verdict != PACK_OK)
            return error_set(s->e, ERR_CONFLICT, "ref",
                             why_not(s->ret->verdict),
                             *l->sku ? l->sku : l->name);
    }
    return 0;
}

int pack_rest(struct db_tx *tx, struct pack *p, const char *who,
              struct arena *a, struct error *e) {
    struct pack_scanned ret = {.verdict = PACK_OK};
    int64_t parcel = 0;
    int rc = pack_check(tx, p, who, e);
    if (rc >= 0 && pack_stopped(p))
        return error_set(e, ERR_CONFLICT, "ref",
                         "the order changed since work on it began");
    struct scanning s = {tx, p, "", who, 0, a, &ret, e, {0}};
    if (rc >= 0)
        rc = refuse_rest(&s);
    if (rc >= 0 && pack_left(p) > 0)
        rc = in_parcel(&s, &parcel);
    for (size_t i = 0; rc >= 0 && i < p->n_lines; i++) {
        const struct work_line *l = &p->lines[i];
        int64_t qty = pack_open(l);
        if (qty == 0)
            continue;
        s.code = l->sku;
        rc = pack_count(tx, p->w.id, parcel, l, qty);
        if (rc >= 0)
            rc = note(&s, l, parcel, qty);
    }
    return rc < 0 ? rc : pack_again(tx, p, a);
}

/* --- back and short ------------------------------------------------------- */

int pack_undo(struct db_tx *tx, struct pack *p, const char *who,
              struct arena *a, struct error *e) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = pack_check(tx, p, who, e);
    if (rc >= 0)
        rc = db_query(tx, STMT_PACK_SCAN_LAST, &r, "i", p->w.id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc < 0)
        return rc;
    if (rc == 0)
        return error_set(e, ERR_CONFLICT, "ref", "there is no scan to undo");
    const struct pack_note n = {.work_id = p->w.id,
                                .line_id = db_i64(r, 1),
                                .part = db_i64(r, 2),
                                .parcel_id = db_i64(r, 3),
                                .qty_e3 = -db_i64(r, 4),
                                .undoes = db_i64(r, 0),
                                .code = list_keep(a, db_text(r, 5)),
                                .verdict = "undo",
                                .who = who,
                                .lot_id = db_i64(r, 6)};
    const struct work_line l = {.line_id = n.line_id, .part = n.part};
    rc = pack_count(tx, p->w.id, n.parcel_id, &l, n.qty_e3);
    if (rc >= 0)
        rc = work_lot_count(tx, p->w.id, &l, n.lot_id, WORK_LOT_PACK, n.qty_e3);
    if (rc >= 0)
        rc = pack_note_scan(tx, &n);
    if (rc >= 0)
        rc = parcel_tell(tx, p->w.store_id, p->w.remote_id);
    return rc < 0 ? rc : pack_again(tx, p, a);
}

static const struct work_line *short_line(const struct pack *p,
                                          const struct pack_short *s) {
    for (size_t i = 0; i < p->n_lines; i++)
        if (p->lines[i].line_id == s->line_id && p->lines[i].part == s->part)
            return &p->lines[i];
    return NULL;
}

static int tell_short(struct db_tx *tx, const struct pack *p,
                      const struct pack_note *n, const char *sku,
                      const struct pack_short *s) {
    AUTO_BUF struct buf b = BUF_INIT;
    pack_say_pieces(&b, n->qty_e3, sku);
    buf_addf(&b, ", %s, %s", s->reason, s->way);
    return order_event_add(tx, p->w.store_id, p->w.remote_id, "short", n->who,
                           buf_str(&b));
}

int pack_short(struct db_tx *tx, struct pack *p, const struct pack_short *s,
               const char *who, struct arena *a, struct error *e) {
    const struct work_line *l = short_line(p, s);
    int rc = pack_check(tx, p, who, e);
    if (rc < 0)
        return rc;
    if (!l)
        return error_set(e, ERR_NOT_FOUND, "line", "it has no such line");
    int64_t rest = l->want_e3 - l->packed_e3;
    int64_t qty = s->qty_e3 < 0 ? rest : s->qty_e3;
    if (qty > rest)
        return error_set(e, ERR_INVALID, "quantity",
                         "more than is not packed of it");
    const struct pack_note n = {.work_id = p->w.id,
                                .line_id = l->line_id,
                                .part = l->part,
                                .qty_e3 = qty,
                                .code = l->sku,
                                .verdict = "short",
                                .who = who};
    rc = db_run(tx, STMT_PACK_SHORT, "issiii", qty, qty > 0 ? s->reason : "",
                qty > 0 ? s->way : "", p->w.id, l->line_id, l->part);
    if (rc >= 0)
        rc = pack_note_scan(tx, &n);
    if (rc >= 0 && qty > 0)
        rc = tell_short(tx, p, &n, l->sku, s);
    if (rc >= 0)
        rc = parcel_tell(tx, p->w.store_id, p->w.remote_id);
    return rc < 0 ? rc : pack_again(tx, p, a);
}
