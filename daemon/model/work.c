#include "model/work.h"

#include <string.h>

#include "common/arena.h"
#include "common/check.h"
#include "common/str.h"
#include "common/when.h"
#include "db/sql.h"
#include "model/demand.h"
#include "model/feed.h"
#include "model/list.h"
#include "model/order_event.h"
#include "model/work_room.h"

/* --- states ------------------------------------------------------------- */

static const char *const names[WORK_STATES] = {
    [WORK_PICKING] = "picking", [WORK_PICKED] = "picked",
    [WORK_PACKING] = "packing", [WORK_PACKED] = "packed",
    [WORK_DONE] = "done",       [WORK_DROPPED] = "dropped"};

const char *work_state_name(enum work_state s) {
    REQUIRE((unsigned)s < WORK_STATES);
    return names[s];
}

int work_state_parse(const char *name) {
    for (int s = 0; s < WORK_STATES; s++)
        if (str_eq(names[s], name))
            return s;
    return ERR_INVALID;
}

/* Bits of the states that may follow. */
static const unsigned follows[WORK_STATES] = {
    [WORK_PICKING] =
        1U << WORK_PICKED | 1U << WORK_PACKING | 1U << WORK_DROPPED,
    [WORK_PICKED] =
        1U << WORK_PICKING | 1U << WORK_PACKING | 1U << WORK_DROPPED,
    [WORK_PACKING] = 1U << WORK_PICKED | 1U << WORK_PACKED | 1U << WORK_DROPPED,
    [WORK_PACKED] = 1U << WORK_PACKING | 1U << WORK_DONE | 1U << WORK_DROPPED};

bool work_may(enum work_state from, enum work_state to) {
    return (unsigned)from < WORK_STATES && (unsigned)to < WORK_STATES &&
           (follows[from] & 1U << to);
}

/* --- reading ------------------------------------------------------------ */

static void read_row(struct db_tx *tx, struct db_rows *r, struct arena *a,
                     struct work *w) {
    size_t n;
    int state = work_state_parse(db_text(r, 3));
    REQUIRE(state >= 0);
    *w = (struct work){.id = db_i64(r, 0),
                       .store_id = db_i64(r, 1),
                       .remote_id = db_i64(r, 2),
                       .state = (enum work_state)state,
                       .wave_id = db_i64(r, 4),
                       .tote = list_keep(a, db_text(r, 5)),
                       .lease_user = list_keep(a, db_text(r, 6)),
                       .lease_since_ms = db_i64(r, 7),
                       .lease_ms = db_i64(r, 8),
                       .idle_ms = db_mono(tx) - db_i64(r, 9),
                       .begun_ms = db_i64(r, 11),
                       .begun_by = list_keep(a, db_text(r, 12)),
                       .picked_ms = db_i64(r, 13),
                       .packed_ms = db_i64(r, 14),
                       .ended_ms = db_i64(r, 15),
                       .version = db_i64(r, 16),
                       .store = list_keep(a, db_text(r, 17))};
    const void *basis = db_blob(r, 10, &n);
    if (n == sizeof w->basis)
        memcpy(w->basis, basis, n);
}

int work_get(struct db_tx *tx, int64_t id, struct arena *a, struct work *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_WORK_BY_ID, &r, "i", id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0 || !db_scope_has(db_get_scope(tx), db_i64(r, 1)))
        return rc < 0 ? rc : 0;
    read_row(tx, r, a, ret);
    return 1;
}

int work_of(struct db_tx *tx, int64_t store_id, int64_t remote_id,
            struct arena *a, struct work *ret) {
    int64_t id;
    int rc = db_value(tx, STMT_WORK_OF, &id, "Si", store_id, remote_id);
    return rc <= 0 ? rc : work_get(tx, id, a, ret);
}

static void read_line(struct db_rows *r, struct arena *a, struct work_line *l) {
    *l = (struct work_line){.line_id = db_i64(r, 0),
                            .part = db_i64(r, 1),
                            .product_id = db_i64(r, 2),
                            .sku = list_keep(a, db_text(r, 3)),
                            .name = list_keep(a, db_text(r, 4)),
                            .bin = list_keep(a, db_text(r, 5)),
                            .want_e3 = db_i64(r, 6),
                            .picked_e3 = db_i64(r, 7),
                            .short_e3 = db_i64(r, 8),
                            .short_reason = list_keep(a, db_text(r, 9)),
                            .short_way = list_keep(a, db_text(r, 10)),
                            .packed_e3 = db_i64(r, 11),
                            .ean = list_keep(a, db_text(r, 12)),
                            .zone = list_keep(a, db_text(r, 13)),
                            .place = db_i64(r, 14),
                            .per_e3 = db_i64(r, 15),
                            .optional = db_i64(r, 16) != 0,
                            .bundle = list_keep(a, db_text(r, 17))};
}

int work_lines(struct db_tx *tx, int64_t id, struct arena *a,
               struct work_line **ret, size_t *ret_n) {
    AUTO_ROWS struct db_rows *r = NULL;
    struct work_line *lines = NULL;
    size_t n = 0, room = 0;
    int rc = db_query(tx, STMT_WORK_LINES, &r, "i", id);
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        if (n == room) {
            room = room ? 2 * room : 16;
            struct work_line *more = arena_alloc(a, room * sizeof *more);
            if (n)
                memcpy(more, lines, n * sizeof *more);
            lines = more;
        }
        read_line(r, a, &lines[n++]);
    }
    if (rc < 0)
        return rc;
    *ret = lines;
    *ret_n = n;
    return 0;
}

/* --- telling ------------------------------------------------------------ */

int work_told(struct db_tx *tx, const struct work *w, const char *what,
              const char *who, const char *detail) {
    int rc =
        what ? order_event_add(tx, w->store_id, w->remote_id, what, who, detail)
             : 0;
    return rc < 0 ? rc
                  : feed_add(tx, "order", w->store_id, w->remote_id, FEED_STEP);
}

/* --- the lease ---------------------------------------------------------- */

static int put_lease(struct db_tx *tx, struct work *w, const char *who) {
    bool same = str_eq(w->lease_user, who);
    int64_t now = db_now(tx);
    int64_t since = same ? w->lease_since_ms : now;
    int rc = db_run(tx, STMT_WORK_LEASE, "siiii", who, since, now, db_mono(tx),
                    w->id);
    if (rc < 0)
        return rc;
    w->lease_user = who;
    w->lease_since_ms = since;
    w->lease_ms = now;
    w->idle_ms = 0;
    w->version++;
    return 0;
}

static bool ended(const struct work *w) {
    return w->state == WORK_DONE || w->state == WORK_DROPPED;
}

static int refuse_ended(const struct work *w, struct error *e) {
    return error_set(e, ERR_CONFLICT, "work", "P-%lld has ended: %s",
                     (long long)w->id, work_state_name(w->state));
}

static int refuse_taken(struct db_tx *tx, const struct work *w,
                        struct error *e) {
    char age[WHEN_TEXT];
    return error_set(e, ERR_CONFLICT, "work",
                     "%s has P-%lld in hand (since %s): nothing was counted",
                     w->lease_user, (long long)w->id,
                     when_age(age, db_now(tx) - w->lease_since_ms));
}

int work_touch(struct db_tx *tx, struct work *w, const char *who,
               struct error *e) {
    if (ended(w))
        return refuse_ended(w, e);
    if (!str_empty(w->lease_user) && !str_eq(w->lease_user, who))
        return refuse_taken(tx, w, e);
    return put_lease(tx, w, who);
}

int work_take_over(struct db_tx *tx, struct work *w, const char *who,
                   struct error *e) {
    const char *before = w->lease_user;
    if (ended(w))
        return refuse_ended(w, e);
    if (str_empty(before) || str_eq(before, who))
        return work_touch(tx, w, who, e);
    if (w->idle_ms < WORK_IDLE_MS)
        return error_set(e, ERR_CONFLICT, "work",
                         "%s works on P-%lld, the last scan was %lld min ago: "
                         "it can be taken over %d min after the last",
                         before, (long long)w->id,
                         (long long)(w->idle_ms / 60000), WORK_IDLE_MS / 60000);
    int rc = put_lease(tx, w, who);
    return rc < 0 ? rc : work_told(tx, w, "taken_over", who, before);
}

int work_give_back(struct db_tx *tx, struct work *w, const char *who,
                   struct error *e) {
    int rc = work_touch(tx, w, who, e);
    if (rc >= 0)
        rc = put_lease(tx, w, "");
    return rc < 0 ? rc : work_told(tx, w, "given_back", who, "");
}

int work_restart(struct db_tx *tx) {
    int rc = db_run(tx, STMT_WORK_RESTART, "i", db_mono(tx));
    return rc < 0 ? rc : 0;
}

/* --- moving ------------------------------------------------------------- */

/* What the timeline says of a move; back to an earlier state it says so. */
static const char *event_of(enum work_state from, enum work_state to) {
    return to < from ? "reopened" : work_state_name(to);
}

int work_move(struct db_tx *tx, struct work *w, enum work_state to,
              const char *who, struct error *e) {
    if (!work_may(w->state, to))
        return error_set(e, ERR_CONFLICT, "work",
                         "P-%lld is %s and cannot become %s", (long long)w->id,
                         work_state_name(w->state), work_state_name(to));
    const char *what = event_of(w->state, to);
    char spoken[32];
    int64_t now = db_now(tx);
    struct work next = *w;
    next.state = to;
    next.picked_ms = to == WORK_PICKED    ? w->picked_ms ? w->picked_ms : now
                     : to == WORK_PICKING ? 0
                                          : w->picked_ms;
    next.packed_ms = to == WORK_PACKED  ? now
                     : to < WORK_PACKED ? 0
                                        : w->packed_ms;
    next.ended_ms = ended(&next) ? now : 0;
    next.version++;
    (void)str_format(spoken, sizeof spoken, "P-%lld", (long long)w->id);
    int rc = db_run(tx, STMT_WORK_STATE, "siiii", work_state_name(to),
                    next.picked_ms, next.packed_ms, next.ended_ms, w->id);
    if (rc >= 0 && to != WORK_PICKING && to != WORK_PACKING)
        rc = put_lease(tx, &next, "");
    if (rc >= 0)
        rc = work_goods(tx, &next, w->state, who, e);
    /* its lines are what their bundles are made of now */
    if (rc >= 0 && to == WORK_DROPPED)
        rc = demand_again(tx, w->store_id, w->remote_id);
    if (rc >= 0)
        rc = work_told(tx, &next, what, who, spoken);
    if (rc < 0)
        return rc;
    *w = next;
    return 0;
}
