#include "model/line_part.h"

#include <string.h>

#include "common/arena.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/list.h"

int line_part_begun(struct db_tx *tx, int64_t store_id, int64_t order_id,
                    struct arena *a, struct line_begun *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    struct line_begun b = {0};
    size_t room = 0;
    int rc = db_query(tx, STMT_LINE_PARTS_BEGUN, &r, "Si", store_id, order_id);
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        if (b.n == room) {
            room = room ? 2 * room : 16;
            struct line_begun_part *more = arena_alloc(a, room * sizeof *more);
            if (b.n)
                memcpy(more, b.parts, b.n * sizeof *more);
            b.parts = more;
        }
        b.parts[b.n++] =
            (struct line_begun_part){.line_id = db_i64(r, 0),
                                     .p = {.part = db_i64(r, 1),
                                           .product_id = db_i64(r, 2),
                                           .per_e3 = db_i64(r, 3),
                                           .optional = db_i64(r, 4) != 0},
                                     .bundle = list_keep(a, db_text(r, 5))};
    }
    if (rc < 0)
        return rc;
    *ret = b;
    return 0;
}

/* 1: the line was begun, *ret are its parts. */
static bool as_begun(const struct line_begun *begun, int64_t line_id,
                     struct arena *a, struct bundle_part **ret, size_t *ret_n) {
    bool any = false;
    size_t n = 0;
    for (size_t i = 0; i < begun->n; i++)
        if (begun->parts[i].line_id == line_id) {
            any = true;
            n += begun->parts[i].p.part > 0;
        }
    *ret = arena_alloc(a, (n + 1) * sizeof **ret);
    *ret_n = 0;
    for (size_t i = 0; i < begun->n; i++)
        if (begun->parts[i].line_id == line_id && begun->parts[i].p.part > 0)
            (*ret)[(*ret_n)++] = begun->parts[i].p;
    return any;
}

int line_part_of(struct db_tx *tx, const struct line_begun *begun,
                 int64_t store_id, int64_t line_id, int64_t product_id,
                 struct arena *a, struct bundle_part **ret, size_t *ret_n) {
    struct bundle b;
    if (as_begun(begun, line_id, a, ret, ret_n) || product_id <= 0)
        return 0;
    int rc = bundle_get(tx, store_id, product_id, a, &b);
    if (rc <= 0)
        return rc;
    *ret = b.parts;
    *ret_n = b.n;
    return 0;
}

int64_t line_part_want(int64_t bundles_e3, int64_t per_e3) {
    int64_t e6;
    if (bundles_e3 <= 0)
        return 0;
    return __builtin_mul_overflow(bundles_e3, per_e3, &e6) ? INT64_MAX / 1000
                                                           : e6 / 1000;
}

int64_t line_part_bundles(int64_t pieces_e3, int64_t per_e3) {
    int64_t e6;
    if (pieces_e3 <= 0 || per_e3 <= 0)
        return 0;
    return __builtin_mul_overflow(pieces_e3, (int64_t)1000, &e6)
               ? INT64_MAX / per_e3
               : e6 / per_e3;
}
