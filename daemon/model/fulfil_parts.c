/* Lines of an order that are packed as parts. */
#include "common/arena.h"
#include "common/err.h"
#include "common/money.h"
#include "model/fulfil_room.h"
#include "model/line_part.h"
#include "model/product_list.h"

/* Of what was ordered, what is still to be had: never negative. */
static int64_t due(const struct fulfil_line *l) {
    int64_t e3 = l->ordered_e3;
    return money_add(&e3, -l->refunded_e3) && e3 > 0 ? e3 : 0;
}

/* A part whose product is gone keeps its number: somebody has to look. */
static int describe(struct fulfil *f, struct fulfil_part *p) {
    struct product_item i;
    int rc = product_item_get(f->tx, f->store_id, p->product_id, f->a, &i);
    if (rc > 0) {
        p->sku = i.sku;
        p->name = i.name;
    }
    return rc < 0 ? rc : fulfil_ean(f, p->product_id, &p->ean);
}

static int one_line(struct fulfil *f, const struct line_begun *begun,
                    struct fulfil_line *l) {
    struct bundle_part *p = NULL;
    size_t n = 0;
    int rc = line_part_of(f->tx, begun, f->store_id, l->line_id, l->product_id,
                          f->a, &p, &n);
    if (rc < 0 || n == 0)
        return rc;
    l->parts = arena_alloc(f->a, n * sizeof *l->parts);
    for (size_t i = 0; rc >= 0 && i < n; i++) {
        l->parts[i] =
            (struct fulfil_part){.part = p[i].part,
                                 .product_id = p[i].product_id,
                                 .per_e3 = p[i].per_e3,
                                 .optional = p[i].optional,
                                 .sku = "",
                                 .name = "",
                                 .ean = "",
                                 .due_e3 = line_part_want(due(l), p[i].per_e3)};
        rc = describe(f, &l->parts[i]);
    }
    l->n_parts = n;
    return rc < 0 ? rc : 0;
}

int fulfil_parts(struct fulfil *f, int64_t order_id) {
    struct line_begun begun = {0};
    int rc = line_part_begun(f->tx, f->store_id, order_id, f->a, &begun);
    for (size_t i = 0; rc >= 0 && i < f->n; i++)
        rc = one_line(f, &begun, &f->lines[i]);
    return rc;
}

static void add(int64_t *sum, int64_t qty_e3) {
    if (!money_add(sum, qty_e3))
        *sum = INT64_MAX;
}

void fulfil_parcelled(struct fulfil_line *l, int64_t part, int64_t qty_e3) {
    if (part == 0)
        add(&l->shipped_e3, qty_e3);
    for (size_t i = 0; i < l->n_parts; i++)
        if (l->parts[i].part == part)
            add(&l->parts[i].shipped_e3, qty_e3);
}

/* A bundle has left when the last of its required parts has. */
static int64_t bundles(const struct fulfil_line *l) {
    int64_t least = INT64_MAX;
    for (size_t i = 0; i < l->n_parts; i++) {
        const struct fulfil_part *p = &l->parts[i];
        int64_t e3 = line_part_bundles(p->shipped_e3, p->per_e3);
        if (!p->optional && e3 < least)
            least = e3;
    }
    if (least == INT64_MAX)
        return 0;
    int64_t whole = least - least % 1000;
    return least >= due(l) && whole < due(l) ? due(l) : whole;
}

void fulfil_whole(struct fulfil *f) {
    for (size_t i = 0; i < f->n; i++)
        if (f->lines[i].n_parts > 0)
            f->lines[i].shipped_e3 = bundles(&f->lines[i]);
}

int64_t fulfil_part_open(const struct fulfil_part *p) {
    int64_t open = p->due_e3;
    return money_add(&open, -p->shipped_e3) && open > 0 ? open : 0;
}
