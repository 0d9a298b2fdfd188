/* One scan: which line it is for, and whether it counts. */
#include <string.h>
#include <strings.h>

#include "common/arena.h"
#include "common/check.h"
#include "common/gtin.h"
#include "common/ref.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/list.h"
#include "model/pick.h"
#include "model/work_lot.h"
#include "model/work_room.h"

const char *pick_verdict_name(enum pick_verdict v) {
    static const char *const names[] = {
        [PICK_OK] = "ok",           [PICK_WRONG] = "wrong",
        [PICK_UNKNOWN] = "unknown", [PICK_EXCESS] = "excess",
        [PICK_SERIAL] = "serial",   [PICK_EXPIRED] = "expired",
        [PICK_USED] = "used",       [PICK_QUARANTINE] = "quarantine"};
    REQUIRE((size_t)v < sizeof names / sizeof *names);
    return names[v];
}

/* --- what was scanned --------------------------------------------------- */

bool work_line_is(const struct work *w, const struct work_line *l,
                  const char *code) {
    struct ref ref;
    int64_t id;
    if ((l->sku[0] && strcasecmp(l->sku, code) == 0) || gtin_same(l->ean, code))
        return true;
    if (ref_parse(code, &ref) == 0)
        return ref.kind == REF_OBJECT && str_eq(ref.store, w->store) &&
               ref.id == l->product_id;
    /* a number is an id where no product of the order has it for its SKU */
    return l->product_id > 0 && str_to_i64(code, 1, INT64_MAX, &id) == 0 &&
           id == l->product_id;
}

int work_line_clash(const struct work_line *a, const struct work_line *b,
                    bool one_store, const char *code, struct error *e) {
    if (a->sku[0] ? strcasecmp(a->sku, b->sku) == 0
                  : one_store && a->product_id == b->product_id)
        return 0;
    return error_set(e, ERR_CONFLICT, "code",
                     "%.40s is on several goods here, %.60s and %.60s: scan "
                     "the SKU",
                     code, a->sku[0] ? a->sku : a->name,
                     b->sku[0] ? b->sku : b->name);
}

/* Two goods with one number in bars: nobody can say which it was. */
static int clash(const struct pick *p, const char *code, struct error *e) {
    const struct pick_line *first = NULL;
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < p->n_lines; i++) {
        const struct pick_line *l = &p->lines[i];
        const struct work *w = &p->works[l->work];
        if (!work_line_is(w, &l->l, code))
            continue;
        if (first)
            rc = work_line_clash(&first->l, &l->l,
                                 p->works[first->work].store_id == w->store_id,
                                 code, e);
        first = first ? first : l;
    }
    return rc;
}

/* The first line that it is for and that wants it; else one it is for. */
static const struct pick_line *match(const struct pick *p, const char *code,
                                     int64_t qty_e3, bool *ret_wants) {
    const struct pick_line *found = NULL;
    *ret_wants = false;
    for (size_t i = 0; i < p->n_lines; i++) {
        const struct pick_line *l = &p->lines[i];
        if (!work_line_is(&p->works[l->work], &l->l, code))
            continue;
        if (pick_left(&l->l) >= qty_e3) {
            *ret_wants = true;
            return l;
        }
        if (!found)
            found = l;
    }
    return found;
}

/* Of the rows (store first) one of a store of the list: what stands in `col`.
 */
static int of_stores(struct db_rows *r, const struct pick *p, int col,
                     struct arena *a, const char **ret) {
    int rc;
    while ((rc = db_step(r)) > 0)
        for (size_t i = 0; i < p->n_works; i++)
            if (p->works[i].store_id == db_i64(r, 0)) {
                *ret = list_keep(a, db_text(r, col));
                return 0;
            }
    return rc;
}

/* The name of another product with that code in a store of the list. */
static int name_of(struct db_tx *tx, const struct pick *p, const char *code,
                   struct arena *a, const char **ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    char key[GTIN_TEXT];
    *ret = "";
    int rc = db_query(tx, STMT_PRODUCT_OF_CODE, &r, "s", code);
    if (rc >= 0)
        rc = of_stores(r, p, 1, a, ret);
    db_rows_done(TAKE_PTR(r));
    if (rc < 0 || **ret || !*gtin_key(key, code))
        return rc;
    rc = db_query(tx, STMT_PRODUCTS_OF_GTIN, &r, "si", key, (int64_t)50);
    return rc < 0 ? rc : of_stores(r, p, 2, a, ret);
}

/* --- counting ----------------------------------------------------------- */

static int note(struct db_tx *tx, const struct pick_scan *s, const char *code,
                int64_t qty_e3, const char *verdict, int64_t undoes,
                const char *who) {
    int rc = db_run(tx, STMT_SCAN_ADD, "isiiissisii", s->work_id, "pick",
                    s->line_id, s->part, qty_e3, code, verdict, undoes, who,
                    db_now(tx), s->lot_id);
    return rc < 0 ? rc : 0;
}

static struct work *work_by_id(struct pick *p, int64_t id) {
    for (size_t i = 0; i < p->n_works; i++)
        if (p->works[i].id == id)
            return &p->works[i];
    return NULL;
}

static struct pick_line *line_by_id(struct pick *p, int64_t work_id,
                                    int64_t line_id, int64_t part) {
    for (size_t i = 0; i < p->n_lines; i++) {
        struct pick_line *l = &p->lines[i];
        if (p->works[l->work].id == work_id && l->l.line_id == line_id &&
            l->l.part == part)
            return l;
    }
    return NULL;
}

/* It is in this hand, and still being picked. */
static int touch(struct db_tx *tx, struct work *w, const char *who,
                 struct error *e) {
    if (w->state != WORK_PICKING && w->state != WORK_DONE &&
        w->state != WORK_DROPPED)
        return error_set(e, ERR_CONFLICT, "pick",
                         "P-%lld is %s already: nothing was counted",
                         (long long)w->id, work_state_name(w->state));
    return work_touch(tx, w, who, e);
}

static int count(struct db_tx *tx, struct pick_line *l, int64_t work_id,
                 int64_t qty_e3) {
    int rc = db_run(tx, STMT_LINE_PICKED, "iiii", qty_e3, work_id, l->l.line_id,
                    l->l.part);
    if (rc == 0) /* read in this transaction: it cannot have moved */
        return ERR_DB;
    if (rc > 0)
        l->l.picked_e3 += qty_e3;
    return rc < 0 ? rc : 0;
}

/* As match, of a lot or serial; nothing else has that code. */
static int match_lot(struct db_tx *tx, const struct pick *p, const char *code,
                     int64_t qty_e3, const struct pick_line **ret_line,
                     struct lot *ret, bool *ret_wants) {
    int rc = 0;
    for (size_t i = 0; rc >= 0 && !*ret_wants && i < p->n_lines; i++) {
        const struct pick_line *l = &p->lines[i];
        struct lot found;
        rc = work_lot_of(tx, &p->works[l->work], &l->l, code, &found);
        if (rc <= 0)
            continue;
        *ret_wants = pick_left(&l->l) >= qty_e3;
        *ret_line = l;
        *ret = found;
    }
    return rc < 0 ? rc : 0;
}

static int judge_lot(struct db_tx *tx, const struct pick *p,
                     const struct pick_line *l, const struct lot *lot,
                     int64_t qty_e3, struct pick_scan *s) {
    static const enum pick_verdict verdicts[] = {
        [WORK_LOT_OK] = PICK_OK,
        [WORK_LOT_SERIAL] = PICK_SERIAL,
        [WORK_LOT_EXPIRED] = PICK_EXPIRED,
        [WORK_LOT_USED] = PICK_USED,
        [WORK_LOT_QUARANTINE] = PICK_QUARANTINE};
    const struct work_lot_scan scan = {.lot = lot,
                                       .step = WORK_LOT_PICK,
                                       .e3 = qty_e3,
                                       .overruled = p->overrules != NULL};
    enum work_lot_verdict v;
    int rc = work_lot_judge(tx, &p->works[l->work], &l->l, &scan, &v);
    if (rc >= 0)
        s->verdict = verdicts[v];
    return rc;
}

static int judge(struct db_tx *tx, const struct pick *p, const char *code,
                 int64_t qty_e3, struct arena *a, struct pick_scan *s) {
    struct lot lot = {0};
    bool wants;
    const struct pick_line *l = match(p, code, qty_e3, &wants);
    int rc = l ? 0 : match_lot(tx, p, code, qty_e3, &l, &lot, &wants);
    if (rc < 0)
        return rc;
    if (!l) {
        rc = name_of(tx, p, code, a, &s->name);
        s->verdict = s->name[0] ? PICK_WRONG : PICK_UNKNOWN;
        return rc < 0 ? rc : 0;
    }
    s->verdict = wants ? PICK_OK : PICK_EXCESS;
    s->name = l->l.name;
    s->work_id = p->works[l->work].id;
    s->line_id = l->l.line_id;
    s->part = l->l.part;
    s->tote = p->works[l->work].tote;
    s->lot_id = lot.id;
    return wants ? judge_lot(tx, p, l, &lot, qty_e3, s) : 0;
}

/* Counted, with the lot it is of; why what has expired went out is for the
 * order's timeline. */
static int count_scan(struct db_tx *tx, struct pick *p,
                      const struct pick_scan *s, int64_t qty_e3,
                      const char *who) {
    struct pick_line *l = line_by_id(p, s->work_id, s->line_id, s->part);
    const struct work *w = work_by_id(p, s->work_id);
    int rc = count(tx, l, s->work_id, qty_e3);
    if (rc >= 0)
        rc = work_lot_count(tx, s->work_id, &l->l, s->lot_id, WORK_LOT_PICK,
                            qty_e3);
    if (rc >= 0 && p->overrules)
        rc = work_told(tx, w, "expired", who, p->overrules);
    return rc;
}

int pick_scan(struct db_tx *tx, struct pick *p, const char *code,
              int64_t qty_e3, const char *who, struct arena *a,
              struct pick_scan *ret, struct error *e) {
    struct pick_scan s = {.name = "", .tote = "", .work_id = p->works[0].id};
    if (str_empty(code) || strlen(code) >= PICK_CODE || qty_e3 <= 0)
        return error_set(e, ERR_INVALID, "code", "nothing was scanned");
    int rc = clash(p, code, e);
    if (rc >= 0)
        rc = judge(tx, p, code, qty_e3, a, &s);
    struct work *w = work_by_id(p, s.work_id);
    if (rc >= 0)
        rc = touch(tx, w, who, e);
    if (rc >= 0 && s.verdict == PICK_OK)
        rc = count_scan(tx, p, &s, qty_e3, who);
    if (rc >= 0)
        rc = note(tx, &s, code, qty_e3,
                  s.verdict == PICK_UNKNOWN ? "wrong"
                                            : pick_verdict_name(s.verdict),
                  0, who);
    if (rc >= 0)
        rc = work_told(tx, w, NULL, NULL, NULL);
    if (rc < 0)
        return rc;
    if (s.line_id) {
        p->last_work = s.work_id;
        p->last_line = s.line_id;
        p->last_part = s.part;
    }
    *ret = s;
    return 0;
}

/* --- taking back -------------------------------------------------------- */

struct last {
    struct pick_scan at;
    int64_t id, qty_e3;
    const char *code;
    bool was_short;
};

/* The newest over all its orders; id 0: there is none. */
static int last_scan(struct db_tx *tx, const struct pick *p, struct arena *a,
                     struct last *ret) {
    int rc = 0;
    *ret = (struct last){0};
    for (size_t i = 0; rc >= 0 && i < p->n_works; i++) {
        AUTO_ROWS struct db_rows *r = NULL;
        rc = db_query(tx, STMT_SCAN_LAST, &r, "is", p->works[i].id, "pick");
        if (rc >= 0)
            rc = db_step(r);
        if (rc > 0 && db_i64(r, 0) > ret->id)
            *ret = (struct last){.id = db_i64(r, 0),
                                 .at = {.work_id = p->works[i].id,
                                        .line_id = db_i64(r, 1),
                                        .part = db_i64(r, 2),
                                        .lot_id = db_i64(r, 6),
                                        .tote = p->works[i].tote},
                                 .qty_e3 = db_i64(r, 3),
                                 .code = list_keep(a, db_text(r, 4)),
                                 .was_short = str_eq(db_text(r, 5), "short")};
    }
    return rc;
}

static int put_short(struct db_tx *tx, struct pick_line *l, int64_t work_id,
                     int64_t qty_e3, const char *reason, const char *way) {
    bool none = l->l.short_e3 + qty_e3 == 0;
    int rc = db_run(tx, STMT_LINE_SHORT, "issiii", qty_e3, none ? "" : reason,
                    none ? "" : way, work_id, l->l.line_id, l->l.part);
    if (rc == 0)
        return ERR_DB;
    if (rc > 0) {
        l->l.short_e3 += qty_e3;
        l->l.short_reason = none ? "" : reason;
        l->l.short_way = none ? "" : way;
    }
    return rc < 0 ? rc : 0;
}

int pick_undo(struct db_tx *tx, struct pick *p, const char *who,
              struct arena *a, struct pick_scan *ret, struct error *e) {
    struct last s;
    int rc = last_scan(tx, p, a, &s);
    if (rc >= 0 && s.id == 0)
        return error_set(e, ERR_CONFLICT, "pick", "there is no scan to undo");
    if (rc < 0)
        return rc;
    struct work *w = work_by_id(p, s.at.work_id);
    struct pick_line *l = line_by_id(p, s.at.work_id, s.at.line_id, s.at.part);
    REQUIRE(w && l); /* scans outlive no line */
    rc = touch(tx, w, who, e);
    if (rc >= 0)
        rc = s.was_short ? put_short(tx, l, w->id, -s.qty_e3, l->l.short_reason,
                                     l->l.short_way)
                         : count(tx, l, w->id, -s.qty_e3);
    if (rc >= 0 && !s.was_short)
        rc = work_lot_count(tx, w->id, &l->l, s.at.lot_id, WORK_LOT_PICK,
                            -s.qty_e3);
    if (rc >= 0)
        rc = note(tx, &s.at, s.code, -s.qty_e3, "undo", s.id, who);
    if (rc >= 0)
        rc = work_told(tx, w, NULL, NULL, NULL);
    if (rc < 0)
        return rc;
    s.at.name = l->l.name;
    *ret = s.at;
    return 0;
}

/* --- what is not there -------------------------------------------------- */

static bool one_of(const char *s, const char *const *words) {
    for (; *words; words++)
        if (str_eq(*words, s))
            return true;
    return false;
}

static int check_short(const struct pick_short *s, const struct pick_line *l,
                       int64_t *ret_e3, struct error *e) {
    static const char *const reasons[] = {"missing", "damaged", "misplaced",
                                          "other", NULL};
    static const char *const ways[] = {"backorder", "split", NULL};
    if (!one_of(s->reason, reasons))
        return error_set(e, ERR_INVALID, "reason",
                         "a reason is missing, damaged, misplaced or other");
    if (!one_of(s->way, ways))
        return error_set(e, ERR_INVALID, "way", "backorder or split");
    if (!l)
        return error_set(e, ERR_NOT_FOUND, "line", "it has no such line");
    *ret_e3 = s->qty_e3 ? s->qty_e3 : pick_left(&l->l);
    if (*ret_e3 <= 0 || *ret_e3 > pick_left(&l->l))
        return error_set(e, ERR_CONFLICT, "quantity",
                         "so many are not left to pick of that line");
    return 0;
}

int pick_short(struct db_tx *tx, struct pick *p, const struct pick_short *s,
               const char *who, struct error *e) {
    struct pick_line *l = line_by_id(p, s->work_id, s->line_id, s->part);
    struct work *w = work_by_id(p, s->work_id);
    struct pick_scan at = {
        .work_id = s->work_id, .line_id = s->line_id, .part = s->part};
    char detail[200];
    int64_t e3 = 0;
    int rc = check_short(s, l, &e3, e);
    if (rc >= 0)
        rc = touch(tx, w, who, e);
    if (rc >= 0)
        rc = put_short(tx, l, w->id, e3, s->reason, s->way);
    if (rc >= 0)
        rc = note(tx, &at, s->reason, e3, "short", 0, who);
    if (rc < 0)
        return rc;
    (void)str_format(detail, sizeof detail, "%s: %s, %s",
                     l->l.sku[0] ? l->l.sku : l->l.name, s->reason, s->way);
    p->last_work = s->work_id;
    p->last_line = s->line_id;
    p->last_part = s->part;
    return work_told(tx, w, "short", who, detail);
}
