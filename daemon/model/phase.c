#include "model/phase.h"

#include "common/str.h"
#include "db/sql.h"
#include "model/demand.h"
#include "model/feed.h"
#include "model/item.h"

/* --- saying --------------------------------------------------------------- */

static int find(struct db_tx *tx, int64_t store_id, const char *slug,
                struct store_status *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_STATUS_KNOWN, &r, "Ss", store_id, slug);
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0)
        return rc < 0 ? rc : ERR_NOT_FOUND;
    (void)str_copy(ret->slug, sizeof ret->slug, slug);
    (void)str_copy(ret->name, sizeof ret->name, db_text(r, 0));
    ret->phase = status_phase_parse(db_text(r, 1));
    return 0;
}

int phase_say(struct db_tx *tx, int64_t store_id, const char *slug,
              enum status_phase phase, struct store_status *ret) {
    struct store_status was = {0};
    if (status_phase_of(slug) != PHASE_UNMAPPED)
        return ERR_INVALID;
    int rc = find(tx, store_id, slug, &was);
    if (rc < 0)
        return rc;
    *ret = was;
    if (was.phase == phase)
        return 0;
    rc = db_run(tx, STMT_STATUS_SAY, "Ssssi", store_id, slug, was.name,
                status_phase_name(phase), (int64_t)(phase == PHASE_TODO));
    if (rc >= 0 && demand_wants(slug, status_phase_name(was.phase)) !=
                       demand_wants(slug, status_phase_name(phase)))
        rc = db_run(tx, STMT_SETTLING_PUT, "Ss", store_id, slug);
    if (rc >= 0)
        rc = feed_add(tx, "store", store_id, 0, "");
    if (rc >= 0)
        rc = feed_add(tx, "order", store_id, 0, "");
    return rc < 0 ? rc : 1;
}

/* --- settling ------------------------------------------------------------- */

enum { ORDERS, ITEMS, THROUGH };
enum { AT_ONCE = 64 }; /* as SETTLING_ORDERS reads */

/* One status on its way. */
struct place {
    int64_t store_id;
    char slug[72];
    int64_t step, created_ms, at;
};

static int next(struct db_tx *tx, struct place *p) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_SETTLING_NEXT, &r, "");
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0)
        return rc;
    *p = (struct place){.store_id = db_i64(r, 0),
                        .step = db_i64(r, 2),
                        .created_ms = db_i64(r, 3),
                        .at = db_i64(r, 4)};
    (void)str_copy(p->slug, sizeof p->slug, db_text(r, 1));
    return 1;
}

static int keep(struct db_tx *tx, const struct place *p) {
    int rc = p->step == THROUGH
                 ? db_run(tx, STMT_SETTLING_DONE, "Ss", p->store_id, p->slug)
                 : db_run(tx, STMT_SETTLING_AT, "iiiSs", p->step, p->created_ms,
                          p->at, p->store_id, p->slug);
    if (rc >= 0 && p->step == THROUGH)
        rc = feed_add(tx, "store", p->store_id, 0, "");
    return rc < 0 ? rc : 0;
}

static int read_orders(struct db_tx *tx, const struct place *p, int64_t *ids,
                       int64_t *created) {
    AUTO_ROWS struct db_rows *r = NULL;
    int n = 0;
    int rc = db_query(tx, STMT_SETTLING_ORDERS, &r, "Ssii", p->store_id,
                      p->slug, p->created_ms, p->at);
    while (rc >= 0 && n < AT_ONCE && (rc = db_step(r)) > 0) {
        ids[n] = db_i64(r, 0);
        created[n++] = db_i64(r, 1);
    }
    return rc < 0 ? rc : n;
}

static int some_orders(struct db_tx *tx, struct place *p, int64_t end) {
    int64_t ids[AT_ONCE], created[AT_ONCE];
    int n = read_orders(tx, p, ids, created), rc = n < 0 ? n : 0;
    for (int i = 0; rc >= 0 && i < n && (i == 0 || db_mono(tx) < end); i++) {
        rc = demand_rewrite(tx, ids[i]);
        p->created_ms = created[i];
        p->at = ids[i];
    }
    if (n == 0) {
        p->step = ITEMS;
        p->at = 0;
    }
    return rc;
}

/* An item that many orders ask for takes milliseconds of its own. */
static int one_item(struct db_tx *tx, struct place *p) {
    int64_t item;
    {
        AUTO_ROWS struct db_rows *r = NULL;
        int rc = db_query(tx, STMT_SETTLING_ITEM, &r, "Si", p->store_id, p->at);
        if (rc >= 0)
            rc = db_step(r);
        if (rc == 0)
            p->step = THROUGH;
        if (rc <= 0)
            return rc;
        p->at = db_i64(r, 0);
        item = db_i64(r, 1);
    }
    return item_refresh(tx, item);
}

int phase_settle(struct db_tx *tx, int64_t max_ms) {
    int64_t end = db_mono(tx) + max_ms;
    struct place p;
    int rc = next(tx, &p);
    if (rc <= 0)
        return rc;
    do
        rc = p.step == ORDERS ? some_orders(tx, &p, end) : one_item(tx, &p);
    while (rc >= 0 && p.step != THROUGH && db_mono(tx) < end);
    if (rc >= 0)
        rc = keep(tx, &p);
    return rc < 0 ? rc : p.step != THROUGH ? 1 : next(tx, &p);
}

int phase_settling(struct db_tx *tx, int64_t store_id, const char *slug,
                   bool *ret) {
    int64_t one;
    int rc = db_value(tx, STMT_SETTLING_OF, &one, "Ss", store_id, slug);
    if (rc >= 0)
        *ret = rc > 0;
    return rc < 0 ? rc : 0;
}
