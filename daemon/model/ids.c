#include "model/ids.h"

#include <stdio.h>
#include <string.h>

#include "common/arena.h"
#include "common/cleanup.h"
#include "db/sql.h"
#include "model/store.h"

DEFINE_CLEANUP(struct arena *, arena_freep, arena_free)

static bool is_open(const struct store_status *s) {
    return s->phase != PHASE_DONE && s->phase != PHASE_DEAD &&
           strcmp(s->slug, "checkout-draft") != 0;
}

static int take_ids(struct db_rows *rows, int64_t *ids, size_t max) {
    size_t n = 0;
    int r = 0;
    while (n < max && (r = db_step(rows)) == 1)
        ids[n++] = db_i64(rows, 0);
    return r < 0 ? r : (int)n;
}

static int ids_of_status(struct db_tx *tx, int64_t store_id, const char *slug,
                         int64_t *ids, size_t max) {
    struct db_rows *rows AUTO_ROWS = NULL;
    int r = db_query(tx, STMT_ORDER_OPEN_IDS, &rows, "Ssi", store_id, slug,
                     (int64_t)max);
    return r < 0 ? r : take_ids(rows, ids, max);
}

/* What is open while a store's map is empty. */
static const char *const core_open[] = {"processing", "on-hold", "pending"};
enum { CORE_OPEN = sizeof core_open / sizeof *core_open };

int order_open_ids(struct db_tx *tx, int64_t store_id, int64_t *ids,
                   size_t max) {
    struct arena *a CLEANUP(arena_freep) = arena_new(0);
    struct store_status *s;
    size_t n_status, n = 0;
    int r = store_statuses(tx, store_id, a, &s, &n_status);
    bool core = n_status == 0;
    for (size_t i = 0; r >= 0 && n < max; i++) {
        if (i == (core ? (size_t)CORE_OPEN : n_status))
            break;
        if (!core && !is_open(&s[i]))
            continue;
        r = ids_of_status(tx, store_id, core ? core_open[i] : s[i].slug,
                          ids + n, max - n);
        if (r > 0)
            n += (size_t)r;
    }
    return r < 0 ? r : (int)n;
}

int order_open_slugs(struct db_tx *tx, int64_t store_id, char *dst,
                     size_t size) {
    struct arena *a CLEANUP(arena_freep) = arena_new(0);
    struct store_status *s;
    size_t n_status, at = 0;
    int r = store_statuses(tx, store_id, a, &s, &n_status);
    if (r < 0)
        return r;
    dst[0] = '\0';
    for (size_t i = 0; i < n_status; i++) {
        if (!is_open(&s[i]) || at + strlen(s[i].slug) + 2 > size)
            continue;
        at += (size_t)snprintf(dst + at, size - at, "%s%s", at ? "," : "",
                               s[i].slug);
    }
    if (at == 0)
        (void)snprintf(dst, size, "%s", "processing,on-hold,pending");
    return 0;
}

int product_ids(struct db_tx *tx, int64_t store_id, bool variations,
                int64_t after, int64_t *ids, size_t max) {
    struct db_rows *rows AUTO_ROWS = NULL;
    int r =
        db_query(tx, variations ? STMT_VARIATION_IDS : STMT_PRODUCT_IDS_PARENT,
                 &rows, "Sii", store_id, after, (int64_t)max);
    return r < 0 ? r : take_ids(rows, ids, max);
}

int variation_count(struct db_tx *tx, int64_t store_id, int64_t *ret) {
    int r = db_value(tx, STMT_VARIATION_COUNT, ret, "S", store_id);
    return r < 0 ? r : 0;
}
