#include "model/bundle.h"

#include <string.h>

#include "common/arena.h"
#include "common/cleanup.h"
#include "common/mem.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/demand.h"
#include "model/feed.h"
#include "model/list.h"
#include "model/product_list.h"

/* --- reading -------------------------------------------------------------- */

static int read_parts(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                      struct arena *a, struct bundle *b) {
    AUTO_ROWS struct db_rows *r = NULL;
    b->parts = arena_alloc(a, BUNDLE_PARTS * sizeof *b->parts);
    b->n = 0;
    int rc = db_query(tx, STMT_BUNDLE_PARTS, &r, "Si", store_id, remote_id);
    while (rc >= 0 && b->n < BUNDLE_PARTS && (rc = db_step(r)) > 0)
        b->parts[b->n++] = (struct bundle_part){.part = db_i64(r, 0),
                                                .product_id = db_i64(r, 1),
                                                .per_e3 = db_i64(r, 2),
                                                .optional = db_i64(r, 3) != 0};
    return rc < 0 ? rc : 0;
}

int bundle_get(struct db_tx *tx, int64_t store_id, int64_t remote_id,
               struct arena *a, struct bundle *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_BUNDLE_GET, &r, "Si", store_id, remote_id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0)
        return rc;
    struct bundle b = {.discount = db_i64(r, 0),
                       .changed_ms = db_i64(r, 1),
                       .changed_by = list_keep(a, db_text(r, 2)),
                       .version = db_i64(r, 3)};
    rc = read_parts(tx, store_id, remote_id, a, &b);
    if (rc < 0)
        return rc;
    *ret = b;
    return 1;
}

int bundle_is(struct db_tx *tx, int64_t store_id, int64_t remote_id) {
    int64_t discount;
    return db_value(tx, STMT_BUNDLE_GET, &discount, "Si", store_id, remote_id);
}

int bundle_refuse(struct db_tx *tx, int64_t item_id, const char *field,
                  struct error *e) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_ITEM_BUNDLED, &r, "i", item_id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0 || db_null(r, 0))
        return rc < 0 ? rc : 0;
    return error_set(e, ERR_CONFLICT, field,
                     "it is a bundle, which has no pieces of its own: take its "
                     "parts, %.120s",
                     db_text(r, 0));
}

int bundle_with(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                struct arena *a, int64_t **ret, size_t *ret_n) {
    AUTO_ROWS struct db_rows *r = NULL;
    int64_t *ids = NULL;
    size_t n = 0, room = 0;
    int rc = db_query(tx, STMT_BUNDLES_WITH, &r, "Si", store_id, remote_id);
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        if (n == room) {
            room = room ? 2 * room : 8;
            int64_t *more = arena_alloc(a, room * sizeof *more);
            if (n)
                memcpy(more, ids, n * sizeof *more);
            ids = more;
        }
        ids[n++] = db_i64(r, 0);
    }
    if (rc < 0)
        return rc;
    *ret = ids;
    *ret_n = n;
    return 0;
}

/* --- what may be one ------------------------------------------------------ */

static bool no_pieces(const char *type) {
    return str_starts(type, "variable") || str_eq(type, "grouped") ||
           str_eq(type, "external");
}

/* A product that can lie on a shelf: 1, 0 there is none. */
static int look(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                struct arena *a, struct product_item *ret) {
    int rc = product_item_get(tx, store_id, remote_id, a, ret);
    return rc > 0 && ret->gone ? 0 : rc;
}

static int refuse_part(const char *name, const char *why, struct error *e) {
    return error_set(e, ERR_INVALID, "parts", "%.80s %s", name, why);
}

static int check_part(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                      const struct bundle_part *p, struct arena *a,
                      struct error *e) {
    struct product_item i;
    int rc = look(tx, store_id, p->product_id, a, &i);
    if (rc < 0)
        return rc;
    if (rc == 0)
        return error_set(e, ERR_INVALID, "parts",
                         "the store has no product %lld",
                         (long long)p->product_id);
    if (p->product_id == remote_id)
        return refuse_part(i.name, "cannot be a part of itself", e);
    if (no_pieces(i.type))
        return refuse_part(i.name,
                           "has no pieces of its own: name one of "
                           "its variations",
                           e);
    if (p->per_e3 <= 0 || p->per_e3 > BUNDLE_PER_MAX)
        return refuse_part(i.name, "needs a quantity above 0 and up to 10000",
                           e);
    rc = bundle_is(tx, store_id, p->product_id);
    if (rc > 0)
        return refuse_part(i.name,
                           "is a bundle itself: name what it is made of", e);
    return rc;
}

static int check_twice(const struct bundle *b, size_t at, struct error *e) {
    for (size_t i = 0; i < at; i++)
        if (b->parts[i].product_id == b->parts[at].product_id)
            return error_set(e, ERR_INVALID, "parts",
                             "product %lld is named twice: give it once, with "
                             "the sum",
                             (long long)b->parts[at].product_id);
    return 0;
}

static int check_itself(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                        struct arena *a, struct error *e) {
    struct product_item i;
    int64_t *in;
    size_t n;
    int rc = look(tx, store_id, remote_id, a, &i);
    if (rc <= 0)
        return rc < 0 ? rc : ERR_NOT_FOUND;
    if (no_pieces(i.type))
        return error_set(e, ERR_INVALID, "ref",
                         "%.80s is not sold as it is: make bundles of its "
                         "variations",
                         i.name);
    rc = bundle_with(tx, store_id, remote_id, a, &in, &n);
    if (rc >= 0 && n > 0)
        return error_set(e, ERR_CONFLICT, "ref",
                         "%.80s is a part of bundle %lld: a bundle is not made "
                         "of bundles",
                         i.name, (long long)in[0]);
    return rc;
}

static int check(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                 const struct bundle *b, struct arena *a, struct error *e) {
    size_t required = 0;
    int rc = check_itself(tx, store_id, remote_id, a, e);
    if (rc >= 0 && (b->discount < 0 || b->discount > 100))
        return error_set(e, ERR_RANGE, "discount", "0 to 100 per cent");
    if (rc >= 0 && b->n > BUNDLE_PARTS)
        return error_set(e, ERR_RANGE, "parts", "at most %d parts",
                         BUNDLE_PARTS);
    for (size_t i = 0; rc >= 0 && i < b->n; i++) {
        required += !b->parts[i].optional;
        rc = check_twice(b, i, e);
        if (rc >= 0)
            rc = check_part(tx, store_id, remote_id, &b->parts[i], a, e);
    }
    if (rc >= 0 && required == 0)
        return error_set(e, ERR_INVALID, "parts",
                         "at least one part that is not optional");
    return rc;
}

/* --- writing -------------------------------------------------------------- */

/* Orders whose demand is to be written anew. */
struct affected {
    int64_t *ids; /* owned */
    size_t n, room;
};

static void affected_done(struct affected *o) {
    free(o->ids);
}

static int add_orders(struct db_tx *tx, int64_t store_id, int64_t product_id,
                      struct affected *o) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_BUNDLE_ORDERS, &r, "Si", store_id, product_id);
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        if (o->n == o->room)
            o->ids = mem_resize(o->ids, o->room = o->room ? 2 * o->room : 64,
                                sizeof *o->ids);
        o->ids[o->n++] = db_i64(r, 0);
    }
    return rc < 0 ? rc : 0;
}

static int by_id(const void *x, const void *y) {
    const int64_t *a = x, *b = y;
    return (*a > *b) - (*a < *b);
}

/* An order asks for the bundle itself while it was none, for its parts while it
 * was one. */
static int find_orders(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                       struct arena *a, struct affected *o) {
    struct bundle was;
    int rc = add_orders(tx, store_id, remote_id, o);
    int any = rc < 0 ? rc : bundle_get(tx, store_id, remote_id, a, &was);
    rc = any;
    for (size_t i = 0; rc > 0 && i < was.n; i++)
        rc = add_orders(tx, store_id, was.parts[i].product_id, o) < 0 ? ERR_DB
                                                                      : 1;
    if (o->n > 1)
        qsort(o->ids, o->n, sizeof *o->ids, by_id);
    return rc;
}

static int ask_again(struct db_tx *tx, const struct affected *o) {
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < o->n; i++)
        if (i == 0 || o->ids[i] != o->ids[i - 1])
            rc = demand_write(tx, o->ids[i], false);
    return rc;
}

static int put(struct db_tx *tx, int64_t store_id, int64_t remote_id,
               const struct bundle *b, const char *who) {
    int rc = db_run(tx, STMT_BUNDLE_PUT, "Siiis", store_id, remote_id,
                    b->discount, db_now(tx), who);
    if (rc >= 0)
        rc = db_run(tx, STMT_BUNDLE_PARTS_DROP, "Si", store_id, remote_id);
    for (size_t i = 0; rc >= 0 && i < b->n; i++)
        rc = db_run(tx, STMT_BUNDLE_PART_ADD, "Siiiii", store_id, remote_id,
                    (int64_t)i + 1, b->parts[i].product_id, b->parts[i].per_e3,
                    (int64_t)b->parts[i].optional);
    return rc;
}

int bundle_set(struct db_tx *tx, int64_t store_id, int64_t remote_id,
               const struct bundle *b, const char *who, struct arena *a,
               struct error *e) {
    CLEANUP(affected_done) struct affected o = {0};
    int rc = check(tx, store_id, remote_id, b, a, e);
    if (rc >= 0)
        rc = find_orders(tx, store_id, remote_id, a, &o);
    if (rc >= 0)
        rc = put(tx, store_id, remote_id, b, who);
    if (rc >= 0)
        rc = ask_again(tx, &o);
    return rc < 0 ? rc : feed_add(tx, "product", store_id, remote_id, "");
}

int bundle_remove(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                  struct arena *a) {
    CLEANUP(affected_done) struct affected o = {0};
    int rc = find_orders(tx, store_id, remote_id, a, &o);
    if (rc == 0)
        return ERR_NOT_FOUND;
    if (rc >= 0)
        rc = db_run(tx, STMT_BUNDLE_PARTS_DROP, "Si", store_id, remote_id);
    if (rc >= 0)
        rc = db_run(tx, STMT_BUNDLE_DROP, "Si", store_id, remote_id);
    if (rc >= 0)
        rc = ask_again(tx, &o);
    return rc < 0 ? rc : feed_add(tx, "product", store_id, remote_id, "");
}

/* --- available ------------------------------------------------------------ */

DEFINE_CLEANUP(struct arena *, bundle_arena, arena_free)

/* What the shop says, less what it does not know of: it takes an order's
 * bundle from the bundle's number, never from its parts'. */
static int shop_says(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                     struct db_rows *r, int64_t *ret_e3) {
    int64_t promised = 0;
    if (db_i64(r, 1) == 0 || db_null(r, 2)) {
        *ret_e3 = str_eq(db_text(r, 3), "outofstock") ? 0 : BUNDLE_ANY;
        return 0;
    }
    int64_t have = db_i64(r, 2);
    int rc = db_value(tx, STMT_DEMAND_BUNDLED_OF, &promised, "Si", store_id,
                      remote_id);
    *ret_e3 = have > promised ? have - promised : 0;
    return rc < 0 ? rc : 0;
}

int bundle_part_available(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                          int64_t *ret_e3) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_BUNDLE_STOCK, &r, "Si", store_id, remote_id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc < 0)
        return rc;
    if (rc == 0 || db_i64(r, 0) != 0) {
        *ret_e3 = 0; /* the shop has it no more */
        return 0;
    }
    if (db_null(r, 4) || db_i64(r, 7) == 0)
        return shop_says(tx, store_id, remote_id, r, ret_e3);
    int64_t pieces = db_i64(r, 6);
    *ret_e3 = pieces > 0 ? pieces / db_i64(r, 5) : 0;
    return 0;
}

static int64_t whole(int64_t available_e3, int64_t per_e3) {
    return available_e3 == BUNDLE_ANY ? BUNDLE_ANY
                                      : available_e3 / per_e3 * 1000;
}

int bundle_available(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                     int64_t *ret_e3) {
    CLEANUP(bundle_arena) struct arena *a = arena_new(4096);
    int64_t least = BUNDLE_ANY;
    struct bundle b;
    int rc = bundle_get(tx, store_id, remote_id, a, &b);
    if (rc <= 0)
        return rc;
    for (size_t i = 0; rc >= 0 && i < b.n; i++) {
        int64_t e3 = 0;
        if (b.parts[i].optional)
            continue;
        rc = bundle_part_available(tx, store_id, b.parts[i].product_id, &e3);
        e3 = whole(e3, b.parts[i].per_e3);
        least = e3 < least ? e3 : least;
    }
    if (rc < 0)
        return rc;
    *ret_e3 = least;
    return 1;
}
