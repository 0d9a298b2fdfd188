/* The list: reading, beginning, and moving all its orders at once. What counts
 * is in pick_scan.c. */
#include "model/pick.h"

#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/list.h"
#include "model/work_room.h"

int64_t pick_left(const struct work_line *l) {
    return l->want_e3 - l->picked_e3 - l->short_e3;
}

bool pick_due(const struct work_line *l) {
    return !l->optional && pick_left(l) > 0;
}

/* --- reading ------------------------------------------------------------ */

static int by_place(const void *x, const void *y) {
    const struct pick_line *a = x, *b = y;
    int d = strcmp(a->l.zone, b->l.zone);
    if (d == 0)
        d = (a->l.place > b->l.place) - (a->l.place < b->l.place);
    if (d == 0)
        d = strcmp(a->l.bin, b->l.bin);
    if (d == 0)
        d = strcmp(a->l.sku, b->l.sku);
    if (d == 0)
        d = (a->work > b->work) - (a->work < b->work);
    if (d == 0)
        d = (a->l.line_id > b->l.line_id) - (a->l.line_id < b->l.line_id);
    return d ? d : (a->l.part > b->l.part) - (a->l.part < b->l.part);
}

static int add_lines(struct db_tx *tx, struct arena *a, struct pick *p,
                     size_t work) {
    struct work_line *l = NULL;
    size_t n = 0;
    int rc = work_lines(tx, p->works[work].id, a, &l, &n);
    if (rc < 0)
        return rc;
    struct pick_line *all = arena_alloc(a, (p->n_lines + n + 1) * sizeof *all);
    if (p->n_lines)
        memcpy(all, p->lines, p->n_lines * sizeof *all);
    for (size_t i = 0; i < n; i++)
        all[p->n_lines + i] = (struct pick_line){.work = work, .l = l[i]};
    p->lines = all;
    p->n_lines += n;
    return 0;
}

/* The newest scan over all its orders says where the person was. */
static int find_last(struct db_tx *tx, struct pick *p) {
    int64_t newest = 0;
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < p->n_works; i++) {
        AUTO_ROWS struct db_rows *r = NULL;
        rc = db_query(tx, STMT_SCAN_LINE_LAST, &r, "i", p->works[i].id);
        if (rc >= 0)
            rc = db_step(r);
        if (rc > 0 && db_i64(r, 0) > newest) {
            newest = db_i64(r, 0);
            p->last_work = p->works[i].id;
            p->last_line = db_i64(r, 1);
            p->last_part = db_i64(r, 2);
        }
    }
    return rc;
}

static int fill(struct db_tx *tx, struct arena *a, struct pick *p) {
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < p->n_works; i++)
        rc = add_lines(tx, a, p, i);
    if (rc < 0)
        return rc;
    if (p->n_lines)
        qsort(p->lines, p->n_lines, sizeof *p->lines, by_place);
    return find_last(tx, p);
}

/* The orders of a wave that are in the scope and were not dropped. */
static int wave_works(struct db_tx *tx, int64_t id, struct arena *a,
                      struct pick *p) {
    AUTO_ROWS struct db_rows *r = NULL;
    p->works = arena_alloc(a, PICK_ORDERS_MAX * sizeof *p->works);
    int rc = db_query(tx, STMT_WAVE_WORKS, &r, "i", id);
    while (rc >= 0 && p->n_works < PICK_ORDERS_MAX && (rc = db_step(r)) > 0) {
        struct work w;
        rc = work_get(tx, db_i64(r, 0), a, &w);
        if (rc > 0 && w.state != WORK_DROPPED)
            p->works[p->n_works++] = w;
    }
    return rc;
}

static int get_wave(struct db_tx *tx, int64_t id, struct arena *a,
                    struct pick *p) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_WAVE_BY_ID, &r, "i", id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0)
        return rc;
    p->wave_id = id;
    p->kind = list_keep(a, db_text(r, 1));
    rc = wave_works(tx, id, a, p);
    return rc < 0 ? rc : p->n_works > 0;
}

int pick_get(struct db_tx *tx, const char *id, struct arena *a,
             struct pick *ret) {
    struct pick p = {.kind = "single"};
    int64_t n;
    int rc;
    if (strlen(id) < 3 || id[1] != '-' ||
        str_to_i64(id + 2, 1, INT64_MAX, &n) < 0)
        return ERR_INVALID;
    if (id[0] == 'W' || id[0] == 'w') {
        rc = get_wave(tx, n, a, &p);
    } else if (id[0] == 'P' || id[0] == 'p') {
        p.works = arena_alloc(a, sizeof *p.works);
        rc = work_get(tx, n, a, p.works);
        p.n_works = rc > 0;
    } else {
        return ERR_INVALID;
    }
    if (rc <= 0)
        return rc;
    rc = fill(tx, a, &p);
    if (rc < 0)
        return rc;
    *ret = p;
    return 1;
}

/* --- beginning ---------------------------------------------------------- */

static int begin_one(struct db_tx *tx, const struct pick_order *o,
                     struct work_new *n, struct arena *a, struct work *ret,
                     struct error *e) {
    n->store_id = o->store_id;
    n->remote_id = o->remote_id;
    int rc = work_begin(tx, n, a, ret, e);
    if (rc < 0 && e && e->code) {
        (void)str_copy(e->where, sizeof e->where, o->ref);
        (void)error_wrap(e, "%s", o->ref);
    }
    return rc;
}

static int begin_wave(struct db_tx *tx, const char *kind, const char *who,
                      int64_t *ret) {
    int rc = db_run(tx, STMT_WAVE_INSERT, "sis", kind, db_now(tx), who);
    if (rc >= 0)
        *ret = db_last_id(tx);
    return rc;
}

int pick_begin(struct db_tx *tx, const struct pick_order *orders, size_t n,
               const char *kind, const char *who, struct arena *a,
               struct pick *ret, struct error *e) {
    struct pick p = {.kind = n > 1 ? kind : "single"};
    struct work_new w = {.tote = "", .who = who};
    char tote[8];
    if (n == 0 || n > PICK_ORDERS_MAX)
        return error_set(e, ERR_RANGE, "orders", "1 to %d orders at once",
                         PICK_ORDERS_MAX);
    int rc = n > 1 ? begin_wave(tx, kind, who, &p.wave_id) : 0;
    p.works = arena_alloc(a, n * sizeof *p.works);
    w.wave_id = p.wave_id;
    for (size_t i = 0; rc >= 0 && i < n; i++) {
        (void)str_format(tote, sizeof tote, "%zu", i + 1);
        w.tote = str_eq(p.kind, "wave") ? tote : "";
        rc = begin_one(tx, &orders[i], &w, a, &p.works[p.n_works++], e);
    }
    if (rc >= 0)
        rc = fill(tx, a, &p);
    if (rc < 0)
        return rc;
    *ret = p;
    return 0;
}

/* --- all its orders ----------------------------------------------------- */

static bool open(const struct work *w) {
    return w->state != WORK_DONE && w->state != WORK_DROPPED;
}

typedef int (*work_step)(struct db_tx *tx, struct work *w, const char *who,
                         struct error *e);

static int each(struct db_tx *tx, struct pick *p, work_step step,
                const char *who, struct error *e) {
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < p->n_works; i++)
        if (open(&p->works[i]))
            rc = step(tx, &p->works[i], who, e);
    return rc;
}

int pick_give_back(struct db_tx *tx, struct pick *p, const char *who,
                   struct error *e) {
    return each(tx, p, work_give_back, who, e);
}

int pick_take_over(struct db_tx *tx, struct pick *p, const char *who,
                   struct error *e) {
    return each(tx, p, work_take_over, who, e);
}

static int end_wave(struct db_tx *tx, const struct pick *p) {
    return p->wave_id ? db_run(tx, STMT_WAVE_DONE, "ii", db_now(tx), p->wave_id)
                      : 0;
}

static int drop_one(struct db_tx *tx, struct work *w, const char *who,
                    struct error *e) {
    if (w->state != WORK_PICKING)
        return error_set(e, ERR_CONFLICT, "pick",
                         "P-%lld is %s: it is past picking", (long long)w->id,
                         work_state_name(w->state));
    int rc = work_touch(tx, w, who, e);
    return rc < 0 ? rc : work_move(tx, w, WORK_DROPPED, who, e);
}

int pick_drop(struct db_tx *tx, struct pick *p, const char *who,
              struct error *e) {
    int rc = each(tx, p, drop_one, who, e);
    return rc < 0 ? rc : end_wave(tx, p);
}

static int finish_one(struct db_tx *tx, struct work *w, const char *who,
                      struct error *e) {
    if (w->state != WORK_PICKING)
        return 0;
    int rc = work_touch(tx, w, who, e);
    if (rc >= 0)
        rc = db_run(tx, STMT_LINES_WITHOUT, "i", w->id);
    return rc < 0 ? rc : work_move(tx, w, WORK_PICKED, who, e);
}

/* Nothing of it was there: there is nothing to pack. */
static bool empty_handed(const struct pick *p, size_t work) {
    for (size_t i = 0; i < p->n_lines; i++)
        if (p->lines[i].work == work && p->lines[i].l.picked_e3 > 0)
            return false;
    return true;
}

int pick_finish(struct db_tx *tx, struct pick *p, const char *who,
                struct error *e) {
    size_t left = 0;
    int rc = 0;
    for (size_t i = 0; i < p->n_lines; i++)
        left += pick_due(&p->lines[i].l);
    if (left)
        return error_set(e, ERR_CONFLICT, "pick",
                         "%zu lines are not picked: scan them, or say that "
                         "they are short",
                         left);
    for (size_t i = 0; rc >= 0 && i < p->n_works; i++)
        if (open(&p->works[i]))
            rc = (empty_handed(p, i) ? drop_one : finish_one)(tx, &p->works[i],
                                                              who, e);
    return rc < 0 ? rc : end_wave(tx, p);
}
