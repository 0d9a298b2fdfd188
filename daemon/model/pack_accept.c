/* When what was packed is not what is wanted: the order as it is now, or all of
 * it back on the shelf. */
#include <string.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/fulfil.h"
#include "model/list.h"
#include "model/order_event.h"
#include "model/pack_room.h"
#include "model/parcel_row.h"
#include "model/work_lot.h"
#include "model/work_room.h"

struct accepting {
    struct db_tx *tx;
    struct pack *p;
    const char *who;
    struct arena *a;
    struct error *e;
    struct buf *out; /* what is to be taken out, in words */
};

static int64_t least(int64_t x, int64_t y) {
    return x < y ? x : y;
}

/* --- taking out ----------------------------------------------------------- */

static int take_from(const struct accepting *c, const struct parcel *p,
                     const struct work_line *l, int64_t *left) {
    struct parcel_line *in;
    size_t n;
    int rc = parcel_lines(c->tx, p->id, c->a, &in, &n);
    for (size_t i = 0; rc >= 0 && i<n && * left> 0; i++) {
        if (in[i].line_id != l->line_id || in[i].part != l->part)
            continue;
        int64_t qty = least(*left, in[i].qty_e3);
        const struct pack_note note = {.work_id = c->p->w.id,
                                       .line_id = l->line_id,
                                       .part = l->part,
                                       .parcel_id = p->id,
                                       .qty_e3 = -qty,
                                       .code = l->sku,
                                       .verdict = "undo",
                                       .who = c->who};
        *left -= qty;
        rc = pack_count(c->tx, c->p->w.id, p->id, l, -qty);
        if (rc >= 0)
            rc = work_lot_unpack(c->tx, c->p->w.id, p->id, l, qty);
        if (rc >= 0)
            rc = pack_note_scan(c->tx, &note);
    }
    return rc < 0 ? rc : 0;
}

/* Out of the newest parcels first; what has left the house stays packed. */
static int take_out(const struct accepting *c, const struct work_line *l,
                    int64_t over, int64_t *ret_left) {
    int64_t left = over;
    int rc = 0;
    for (size_t i = c->p->n_parcels; rc >= 0 && i-- > 0 && left > 0;) {
        const struct parcel *p = &c->p->parcels[i];
        if (p->state != PARCEL_VOID && !parcel_left(p->state))
            rc = take_from(c, p, l, &left);
    }
    if (rc >= 0 && left < over)
        pack_say_pieces(c->out, over - left, l->sku);
    *ret_left = left;
    return rc;
}

/* --- the order as it is now -------------------------------------------- */

/* What this work has in parcels that count as gone from what is left. */
static int64_t made_up(const struct accepting *c, const struct work_line *l,
                       int *rc) {
    int64_t sum = 0;
    for (size_t i = 0; *rc >= 0 && i < c->p->n_parcels; i++) {
        struct parcel_line *in;
        size_t n;
        const struct parcel *p = &c->p->parcels[i];
        if (p->state == PARCEL_OPEN || p->state == PARCEL_VOID)
            continue;
        *rc = parcel_lines(c->tx, p->id, c->a, &in, &n);
        for (size_t k = 0; *rc >= 0 && k < n; k++)
            if (in[k].line_id == l->line_id && in[k].part == l->part)
                sum += in[k].qty_e3;
    }
    return sum;
}

static int set_want(const struct accepting *c, const struct work_line *l,
                    int64_t want) {
    int64_t over = l->packed_e3 - want, left = 0;
    int rc = over > 0 ? take_out(c, l, over, &left) : 0;
    int64_t packed = over > 0 ? want + left : l->packed_e3;
    int64_t now = want > packed ? want : packed;
    if (rc >= 0 && now == 0)
        rc = db_run(c->tx, STMT_PACK_LINE_DROP, "iii", c->p->w.id, l->line_id,
                    l->part);
    else if (rc >= 0)
        rc = db_run(c->tx, STMT_PACK_WANT, "iiiii", now,
                    least(l->short_e3, now - packed), c->p->w.id, l->line_id,
                    l->part);
    return rc < 0 ? rc : 0;
}

static const struct fulfil_line *order_line(const struct fulfil_line *f,
                                            size_t n, int64_t line_id) {
    for (size_t i = 0; i < n; i++)
        if (f[i].line_id == line_id)
            return &f[i];
    return NULL;
}

/* What is wanted of a line of work now: what is open of it and what this work
 * has in parcels, but never more than is due. Parts of a bundle keep the
 * proportion they were begun with. */
static int64_t wanted(const struct fulfil_line *now, int64_t part,
                      int64_t in_parcels) {
    if (part == 0)
        return least(fulfil_open(now) + in_parcels,
                     now->ordered_e3 -
                         least(now->refunded_e3, now->ordered_e3));
    for (size_t i = 0; i < now->n_parts; i++)
        if (now->parts[i].part == part)
            return least(fulfil_part_open(&now->parts[i]) + in_parcels,
                         now->parts[i].due_e3);
    return 0;
}

static int old_lines(const struct accepting *c, const struct fulfil_line *f,
                     size_t n) {
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < c->p->n_lines; i++) {
        const struct work_line *l = &c->p->lines[i];
        const struct fulfil_line *now = order_line(f, n, l->line_id);
        int64_t want = now ? wanted(now, l->part, made_up(c, l, &rc)) : 0;
        if (rc >= 0)
            rc = set_want(c, l, want);
    }
    return rc;
}

static bool has_line(const struct pack *p, int64_t line_id) {
    for (size_t i = 0; i < p->n_lines; i++)
        if (p->lines[i].line_id == line_id)
            return true;
    return false;
}

static int new_lines(const struct accepting *c, const struct fulfil_line *f,
                     size_t n) {
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < n; i++)
        if (!has_line(c->p, f[i].line_id))
            rc =
                work_add_line(c->tx, c->p->w.store_id, c->p->w.id, &f[i], c->a);
    return rc < 0 ? rc : 0;
}

static int rewrite(const struct accepting *c) {
    struct fulfil_line *f;
    size_t n;
    int rc =
        fulfil_lines(c->tx, c->p->w.store_id, c->p->w.remote_id, c->a, &f, &n);
    if (rc >= 0)
        rc = old_lines(c, f, n);
    if (rc >= 0)
        rc = new_lines(c, f, n);
    if (rc >= 0)
        rc = work_basis_accept(c->tx, &c->p->w, c->a);
    return rc;
}

int pack_accept(struct db_tx *tx, struct pack *p, const char *who,
                struct arena *a, const char **ret_out, struct error *e) {
    AUTO_BUF struct buf out = BUF_INIT;
    const struct accepting c = {tx, p, who, a, e, &out};
    struct work w = p->w;
    if (p->why[0])
        return error_set(e, ERR_CONFLICT, "ref", "%s: put it back", p->why);
    int rc = work_touch(tx, &p->w, who, e);
    if (rc >= 0)
        rc = rewrite(&c);
    if (rc >= 0)
        rc = order_event_add(tx, w.store_id, w.remote_id, "accepted", who,
                             buf_str(&out));
    if (rc >= 0)
        rc = pack_again(tx, p, a);
    /* what came to it has to be packed first */
    if (rc >= 0 && p->w.state == WORK_PACKED && pack_left(p) > 0)
        rc = work_move(tx, &p->w, WORK_PACKING, who, e);
    if (rc >= 0)
        rc = parcel_tell(tx, w.store_id, w.remote_id);
    if (rc < 0)
        return rc;
    p->stop = 0;
    *ret_out = list_keep(a, buf_str(&out));
    return 0;
}

/* --- back on the shelf ------------------------------------------------- */

static int empty(struct db_tx *tx, const struct parcel *p, struct arena *a,
                 struct error *e) {
    struct parcel_line *in;
    size_t n;
    int rc = parcel_move(tx, p, PARCEL_VOID, e);
    if (rc >= 0)
        rc = parcel_lines(tx, p->id, a, &in, &n);
    for (size_t i = 0; rc >= 0 && i < n; i++) {
        rc = db_run(tx, STMT_PACK_COUNT, "iiii", -in[i].qty_e3, p->work_id,
                    in[i].line_id, in[i].part);
        const struct work_line l = {.line_id = in[i].line_id,
                                    .part = in[i].part};
        if (rc >= 0)
            rc = work_lot_unpack(tx, p->work_id, p->id, &l, in[i].qty_e3);
    }
    return rc < 0 ? rc : 0;
}

int pack_put_back(struct db_tx *tx, struct pack *p, const char *who,
                  struct arena *a, struct error *e) {
    bool any_left = false;
    int rc = work_touch(tx, &p->w, who, e);
    for (size_t i = 0; rc >= 0 && i < p->n_parcels; i++) {
        any_left |= parcel_left(p->parcels[i].state);
        if (parcel_may(p->parcels[i].state, PARCEL_VOID))
            rc = empty(tx, &p->parcels[i], a, e);
    }
    if (rc >= 0 && any_left && p->w.state == WORK_PACKING)
        rc = work_move(tx, &p->w, WORK_PACKED, who, e);
    if (rc >= 0)
        rc = work_move(tx, &p->w, any_left ? WORK_DONE : WORK_DROPPED, who, e);
    return rc < 0 ? rc : pack_again(tx, p, a);
}

int pack_void(struct db_tx *tx, const struct parcel *p, const char *who,
              struct arena *a, struct error *e) {
    char name[PARCEL_TEXT];
    struct work w;
    int rc = work_get(tx, p->work_id, a, &w);
    bool open = rc > 0 && (w.state == WORK_PACKING || w.state == WORK_PACKED);
    if (open) /* what somebody packs right now is not emptied under their hands
               */
        rc = work_touch(tx, &w, who, e);
    if (rc >= 0)
        rc = empty(tx, p, a, e);
    if (rc >= 0 && open && w.state == WORK_PACKED)
        rc = work_move(tx, &w, WORK_PACKING, who, e);
    if (rc >= 0)
        rc = order_event_add(tx, p->store_id, p->remote_id, "voided", who,
                             parcel_format(name, p->id));
    return rc < 0 ? rc : parcel_tell(tx, p->store_id, p->remote_id);
}
