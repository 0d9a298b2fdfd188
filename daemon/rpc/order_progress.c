#include "rpc/order_progress.h"

#include "model/fulfil.h"
#include "model/line_part.h"
#include "model/work.h"

int order_progress_read(struct rpc_call *call, struct db_tx *tx,
                        const struct order_item *o,
                        struct order_progress *ret) {
    struct order_progress g = {0};
    int rc = fulfil_lines(tx, o->store_id, o->remote_id, call_arena(call),
                          &g.lines, &g.n_lines);
    if (rc >= 0 && o->work_id)
        rc = work_lines(tx, o->work_id, call_arena(call), &g.work, &g.n_work);
    if (rc >= 0)
        rc = return_came_back(tx, o->store_id, o->remote_id, call_arena(call),
                              &g.back, &g.n_back);
    if (rc < 0)
        return rc;
    *ret = g;
    return 0;
}

struct steps {
    int64_t picked, packed, sent;
};

/* Of a line, or of a part of it, of which so many are in closed parcels. */
static struct steps steps_of(const struct order_progress *g, int64_t line_id,
                             int64_t part, int64_t sent) {
    struct steps s = {sent, sent, sent};
    for (size_t i = 0; i < g->n_work; i++) {
        const struct work_line *l = &g->work[i];
        if (l->line_id != line_id || l->part != part)
            continue;
        /* what is packed may be in a closed parcel, and be counted as sent */
        int64_t before = sent > l->packed_e3 ? sent - l->packed_e3 : 0;
        s.picked = before + l->picked_e3;
        s.packed = before + l->packed_e3;
    }
    s.picked = s.picked > sent ? s.picked : sent;
    s.packed = s.packed > sent ? s.packed : sent;
    return s;
}

static int64_t least(int64_t x, int64_t y) {
    return x < y ? x : y;
}

static int64_t whole(int64_t pieces_e3, int64_t per_e3) {
    int64_t e3 = line_part_bundles(pieces_e3, per_e3);
    return e3 - e3 % 1000;
}

/* A bundle is where its last required part is. */
static struct steps bundle_steps(const struct order_progress *g,
                                 const struct fulfil_line *l) {
    struct steps all = {INT64_MAX, INT64_MAX, l->shipped_e3};
    for (size_t i = 0; i < l->n_parts; i++) {
        const struct fulfil_part *p = &l->parts[i];
        struct steps s = steps_of(g, l->line_id, p->part, p->shipped_e3);
        if (p->optional)
            continue;
        all.picked = least(all.picked, whole(s.picked, p->per_e3));
        all.packed = least(all.packed, whole(s.packed, p->per_e3));
    }
    return all;
}

static void write_steps(struct jsonw *w, const struct steps *s) {
    jsonw_kqty(w, "picked", s->picked);
    jsonw_kqty(w, "packed", s->packed);
    jsonw_kqty(w, "shipped", s->sent);
}

static void write_parts(struct jsonw *w, const struct order_progress *g,
                        const struct fulfil_line *l) {
    jsonw_key(w, "parts");
    jsonw_begin_array(w);
    for (size_t i = 0; l && i < l->n_parts; i++) {
        const struct fulfil_part *p = &l->parts[i];
        struct steps s = steps_of(g, l->line_id, p->part, p->shipped_e3);
        jsonw_begin_object(w);
        jsonw_ki64(w, "part", p->part);
        jsonw_ki64(w, "product_id", p->product_id);
        jsonw_kstring(w, "sku", p->sku);
        jsonw_kstring(w, "name", p->name);
        jsonw_kqty(w, "quantity", p->due_e3);
        jsonw_kbool(w, "optional", p->optional);
        write_steps(w, &s);
        jsonw_end_object(w);
    }
    jsonw_end_array(w);
}

static int64_t back_of(const struct order_progress *g, int64_t line_id,
                       int64_t part) {
    for (size_t i = 0; i < g->n_back; i++)
        if (g->back[i].line_id == line_id && g->back[i].part == part)
            return g->back[i].qty_e3;
    return 0;
}

/* Whole bundles of which every required part is here again. */
static int64_t bundles_back(const struct order_progress *g,
                            const struct fulfil_line *l) {
    int64_t all = INT64_MAX;
    for (size_t i = 0; i < l->n_parts; i++)
        if (!l->parts[i].optional)
            all = least(all, whole(back_of(g, l->line_id, l->parts[i].part),
                                   l->parts[i].per_e3));
    return all == INT64_MAX ? 0 : all;
}

void order_progress_write(struct jsonw *w, const struct order_progress *g,
                          int64_t line_id) {
    const struct fulfil_line *l = NULL;
    for (size_t i = 0; i < g->n_lines; i++)
        if (g->lines[i].line_id == line_id)
            l = &g->lines[i];
    struct steps s = l && l->n_parts > 0
                         ? bundle_steps(g, l)
                         : steps_of(g, line_id, 0, l ? l->shipped_e3 : 0);
    write_steps(w, &s);
    int64_t back = back_of(g, line_id, 0);
    jsonw_kqty(w, "returned",
               l && l->n_parts > 0 ? back + bundles_back(g, l) : back);
    write_parts(w, g, l);
}
