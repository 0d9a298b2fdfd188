#include "sync/sweep_check.h"

#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/check.h"
#include "common/mem.h"
#include "common/str.h"
#include "db/db.h"
#include "model/ids.h"
#include "model/product.h"
#include "model/wake.h"
#include "shop/decode.h"
#include "sync/collection.h"

enum { ITEMS_MAX = 20000, OPEN_MAX = 100000, ROWS_MAX = 1000 };

DEFINE_CLEANUP(struct arena *, arena_freep, arena_free)

void sweep_check_free(struct sweep_check *c) {
    buf_done(&c->body);
    free(c->items);
    free(c->told);
    free(c);
}

static enum mirror_kind kind_of(const struct sweep_check *c) {
    return collection_row(sweep_info(c->kind)->c)->kind;
}

/* -- what came ------------------------------------------------------------- */

static void read_item(struct arena *a, const struct json *v,
                      struct sweep_item *ret) {
    struct decode_stock s;
    ret->remote_id = 0;
    (void)json_i64(json_get(v, "id"), true, &ret->remote_id); /* else 0 */
    if (decode_stock(a, v, &s) < 0) {
        ret->remote_id = 0; /* does not read: no word about it */
        return;
    }
    ret->manage = (int)s.manage;
    ret->stock_e3 = s.stock_e3;
    (void)str_copy(ret->stock_status, sizeof ret->stock_status, s.stock_status);
}

static int by_id(const void *a, const void *b) {
    const struct sweep_item *x = a, *y = b;
    return x->remote_id < y->remote_id ? -1 : x->remote_id > y->remote_id;
}

static int read_items(struct sweep_check *c) {
    struct arena *a CLEANUP(arena_freep) = arena_new(64 * 1024);
    const struct json *v = NULL;
    if (c->json.n == 0)
        return 0;
    if (json_parse(a, c->json.p, c->json.n, NULL, &v, NULL) < 0 ||
        json_type(v) != JSON_ARRAY)
        return ERR_SHOP_NOT_JSON;
    size_t n = json_count(v);
    if (n > ROWS_MAX)
        return ERR_TOO_BIG;
    c->items = mem_zalloc(n ? n : 1, sizeof *c->items);
    for (const struct json *o = json_first(v); o; o = json_next(o)) {
        read_item(a, o, &c->items[c->n]);
        c->n += c->items[c->n].remote_id > 0;
    }
    return 0;
}

/* -- beside the mirror ----------------------------------------------------- */

static void tell(struct sweep_check *c, int64_t id) {
    if ((c->n_told & (c->n_told - 1)) == 0)
        c->told =
            mem_resize(c->told, c->n_told ? c->n_told * 2 : 1, sizeof *c->told);
    c->told[c->n_told++] = id;
}

static bool stock_equal(const struct sweep_item *x,
                        const struct sweep_item *y) {
    return x->manage == y->manage && x->stock_e3 == y->stock_e3 &&
           str_eq(x->stock_status, y->stock_status);
}

/* The mirror knows more than this list when it was read after it was sent. */
static void compare_one(struct sweep_check *c, const struct sweep_item *ours,
                        const struct sweep_item *theirs) {
    c->compared += ours != NULL;
    if (ours && ours->read_seq >= c->sent_seq)
        return;
    if (!theirs) {
        c->missing += !ours->unlisted;
        if (!ours->unlisted)
            tell(c, ours->remote_id);
    } else if (!ours) {
        tell(c, theirs->remote_id);
    } else if (ours->unlisted) {
        tell(c, ours->remote_id);
    } else if (sweep_info(c->kind)->mode == SWEEP_STOCK &&
               !stock_equal(ours, theirs)) {
        tell(c, ours->remote_id);
    }
}

/* Both ascending. Rows of the page beyond the range were on the page before. */
static void merge(struct sweep_check *c, const struct sweep_item *ours,
                  size_t n) {
    size_t i = 0, k = 0, end = c->n;
    while (end > 0 && c->items[end - 1].remote_id >= c->high)
        end--;
    while (i < n || k < end) {
        int64_t x = i < n ? ours[i].remote_id : INT64_MAX;
        int64_t y = k < end ? c->items[k].remote_id : INT64_MAX;
        compare_one(c, x <= y ? &ours[i] : NULL, y <= x ? &c->items[k] : NULL);
        i += x <= y;
        k += y <= x;
    }
}

static int compare_range(struct db_tx *tx, struct sweep_check *c) {
    const struct sweep_info *info = sweep_info(c->kind);
    struct sweep_range range = {.kind = kind_of(c),
                                .variations = info->c == SYNC_VARIATIONS,
                                .trashed = info->trash,
                                .low = c->low,
                                .high = c->high};
    if (c->low < 0) /* from the first row of the page on */
        c->low = range.low = c->n ? c->items[0].remote_id : c->high;
    AUTO_FREE struct sweep_item *ours = mem_zalloc(ITEMS_MAX, sizeof *ours);
    int n = sweep_items(tx, c->store_id, &range, ours, ITEMS_MAX);
    if (n >= 0)
        merge(c, ours, (size_t)n);
    return n < 0 ? n : 0;
}

static int by_value(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

/* Open for the mirror, and not in the shop's list of what is open. */
static int compare_open(struct db_tx *tx, struct sweep_check *c) {
    size_t n_seen = c->n_seen + c->n;
    AUTO_FREE int64_t *seen = mem_zalloc(n_seen ? n_seen : 1, sizeof *seen);
    AUTO_FREE int64_t *ours = mem_zalloc(OPEN_MAX, sizeof *ours);
    for (size_t i = 0; i < n_seen; i++)
        seen[i] =
            i < c->n_seen ? c->seen[i] : c->items[i - c->n_seen].remote_id;
    qsort(seen, n_seen, sizeof *seen, by_value);
    int n = order_open_ids(tx, c->store_id, ours, OPEN_MAX);
    for (int i = 0; i < n; i++)
        if (!bsearch(&ours[i], seen, n_seen, sizeof *seen, by_value)) {
            c->missing++;
            tell(c, ours[i]);
        }
    c->compared = n;
    return n < 0 ? n : 0;
}

static int count_live(struct db_tx *tx, struct sweep_check *c) {
    enum sync_collection of = sweep_info(c->kind)->c;
    int64_t variations = 0, all = 0;
    int r = 0;
    if (kind_of(c) == MIRROR_PRODUCT)
        r = variation_count(tx, c->store_id, &variations);
    if (r >= 0 && of != SYNC_VARIATIONS)
        r = mirror_count(tx, kind_of(c), c->store_id, &all);
    c->live = of == SYNC_VARIATIONS ? variations : all - variations;
    return r;
}

static int look_job(struct db_tx *tx, void *arg) {
    struct sweep_check *c = arg;
    const struct sweep_info *info = sweep_info(c->kind);
    c->live = -1;
    int r = read_items(c);
    if (r < 0)
        return r;
    if (c->n)
        qsort(c->items, c->n, sizeof *c->items, by_id);
    if (c->probe && !info->trash && !info->open)
        r = count_live(tx, c);
    if (r < 0 || c->probe)
        return r < 0 ? r : 0;
    if (info->open)
        return c->last ? compare_open(tx, c) : 0;
    return compare_range(tx, c);
}

static void finished(int status, void *arg) {
    struct sweep_check *c = arg;
    c->done(c, status);
}

int sweep_check_look(struct sweep_check *c) {
    return db_read(c->db, DB_SYNC, look_job, finished, c);
}

/* -- writing --------------------------------------------------------------- */

static int save_job(struct db_tx *tx, void *arg) {
    struct sweep_check *c = arg;
    enum mirror_kind kind = kind_of(c);
    int r = 0;
    if (c->doubt)
        r = sweep_doubt(tx, c->store_id, kind, c->doubt);
    else if (c->place.left < 0)
        r = sweep_trust(tx, c->store_id, kind);
    for (size_t i = 0; r >= 0 && !c->doubt && i < c->n_told; i++)
        r = wake_put(tx, c->store_id, kind, c->told[i]);
    return r < 0 ? r
                 : sweep_put(tx, c->store_id, sweep_info(c->kind)->name,
                             &c->place);
}

int sweep_check_save(struct sweep_check *c) {
    return db_write(c->db, DB_SYNC, save_job, finished, c);
}
