#include <string.h>

#include "common/arena.h"
#include "common/mem.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/store.h"

static const char *const phase_names[] = {
    [PHASE_UNPAID] = "unpaid", [PHASE_TODO] = "todo",
    [PHASE_HELD] = "held",     [PHASE_DONE] = "done",
    [PHASE_DEAD] = "dead",     [PHASE_UNMAPPED] = "unmapped"};

/* Core's statuses. A failed payment may still be tried again; an order on hold
 * waits for money by another way (a bank transfer) and has its pieces already.
 * trash and gone are no statuses of the shop's map but show as such here. */
static const struct {
    const char *slug;
    enum status_phase phase;
} defaults[] = {
    {"pending", PHASE_UNPAID},    {"checkout-draft", PHASE_UNPAID},
    {"auto-draft", PHASE_UNPAID}, {"failed", PHASE_UNPAID},
    {"processing", PHASE_TODO},   {"on-hold", PHASE_HELD},
    {"completed", PHASE_DONE},    {"cancelled", PHASE_DEAD},
    {"refunded", PHASE_DEAD},     {"trash", PHASE_DEAD},
    {"gone", PHASE_DEAD},
};

enum status_phase status_phase_of(const char *slug) {
    for (size_t i = 0; i < sizeof defaults / sizeof defaults[0]; i++)
        if (str_eq(defaults[i].slug, slug))
            return defaults[i].phase;
    return PHASE_UNMAPPED;
}

const char *status_phase_name(enum status_phase p) {
    return (size_t)p < sizeof phase_names / sizeof phase_names[0]
               ? phase_names[p]
               : "unmapped";
}

enum status_phase status_phase_parse(const char *name) {
    for (int p = PHASE_UNPAID; p < PHASE_UNMAPPED; p++)
        if (str_eq(phase_names[p], name))
            return (enum status_phase)p;
    return PHASE_UNMAPPED;
}

/* All statuses of a store into a new array; returns how many. */
static int read_all(struct db_tx *tx, int64_t store_id,
                    struct store_status **ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    AUTO_FREE struct store_status *all = NULL;
    int n = 0;
    int rc = db_query(tx, STMT_STATUS_LIST, &r, "S", store_id);
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        all = mem_resize(all, (size_t)n + 1, sizeof *all);
        struct store_status *s = &all[n++];
        (void)str_copy(s->slug, sizeof s->slug, db_text(r, 0));
        (void)str_copy(s->name, sizeof s->name, db_text(r, 1));
        s->phase = status_phase_parse(db_text(r, 2));
    }
    if (rc < 0)
        return rc;
    *ret = TAKE_PTR(all);
    return n;
}

int store_statuses(struct db_tx *tx, int64_t store_id, struct arena *a,
                   struct store_status **ret, size_t *ret_n) {
    AUTO_FREE struct store_status *all = NULL;
    int n = read_all(tx, store_id, &all);
    if (n < 0)
        return n;
    *ret = arena_alloc(a, (size_t)n * sizeof **ret);
    if (n > 0)
        memcpy(*ret, all, (size_t)n * sizeof **ret);
    *ret_n = (size_t)n;
    return 0;
}

static bool has(const struct store_status *s, size_t n, const char *slug) {
    for (size_t i = 0; i < n; i++)
        if (str_eq(s[i].slug, slug))
            return true;
    return false;
}

/* The shop lists those that are registered now. When the plug-in that made one
 * is switched off, its orders keep the slug (HPOS lists them no more): without
 * a row they count as unmapped, that is as open. */
int store_statuses_put(struct db_tx *tx, int64_t store_id,
                       const struct store_status *s, size_t n) {
    AUTO_FREE struct store_status *old = NULL;
    int n_old = read_all(tx, store_id, &old);
    int rc = n_old < 0 ? n_old : 0;
    for (int i = 0; rc >= 0 && i < n_old; i++)
        if (!has(s, n, old[i].slug))
            rc = db_run(tx, STMT_STATUS_DROP, "Ss", store_id, old[i].slug);
    for (size_t i = 0; rc >= 0 && i < n; i++)
        rc = db_run(tx, STMT_STATUS_PUT, "Ssssi", store_id, s[i].slug,
                    s[i].name, status_phase_name(s[i].phase),
                    (int64_t)(s[i].phase == PHASE_TODO));
    return rc < 0 ? rc : 0;
}
