/* What the engine asks of the outbox and tells it. */
#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/check.h"
#include "common/mem.h"
#include "common/str.h"
#include "model/cause.h"
#include "model/change.h"
#include "model/change_row.h"
#include "model/feed.h"
#include "model/overlay.h"

/* --- what is due --------------------------------------------------------- */

/* One open change as CHANGE_WAITING lists it. */
struct waiting {
    int64_t id, remote_id, next_ms;
    char kind[16];
    enum change_state state;
    bool ambiguous;
};

/* The walk over all open changes of a store, by object. */
struct due_walk {
    int64_t now;
    struct waiting turn; /* whose turn it is of the object; id 0: nobody's */
    int64_t next_ms;
    int64_t *ids;
    size_t n, max;
};

/* Perhaps at the shop: whatever is written there now covers its tracks. */
static bool in_doubt(const struct waiting *c) {
    return c->state == CHANGE_SENDING ||
           (c->state == CHANGE_UNKNOWN && !c->ambiguous);
}

static bool same_object(const struct waiting *x, const struct waiting *y) {
    /* objects to be created have no number: each is one of its own */
    return x->remote_id != 0 && x->remote_id == y->remote_id &&
           str_eq(x->kind, y->kind);
}

/* The object is seen to its end. */
static void take(struct due_walk *w) {
    const struct waiting *c = &w->turn;
    if (c->id == 0 || c->state == CHANGE_SENDING || c->ambiguous)
        return;
    if (c->next_ms > w->now) {
        if (w->next_ms == 0 || c->next_ms < w->next_ms)
            w->next_ms = c->next_ms;
    } else if (w->n < w->max) {
        w->ids[w->n++] = c->id;
    } else {
        w->next_ms = w->now; /* more than there is room for: ask again */
    }
}

/* The oldest in doubt comes first, whatever is older and still to be sent; then
 * the oldest queued, or what a person is to decide, which holds back the rest.
 */
static void judge(struct due_walk *w, const struct waiting *c) {
    if (!same_object(&w->turn, c)) {
        take(w);
        w->turn.id = 0;
    }
    bool moves = c->state == CHANGE_QUEUED || c->state == CHANGE_UNKNOWN;
    if (w->turn.id == 0 ? moves || in_doubt(c)
                        : in_doubt(c) && !in_doubt(&w->turn))
        w->turn = *c;
}

static int walk(struct db_tx *tx, int64_t store_id, struct due_walk *w) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_CHANGE_WAITING, &r, "S", store_id);
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        struct waiting c = {.id = db_i64(r, 0),
                            .remote_id = db_i64(r, 2),
                            .next_ms = db_i64(r, 4),
                            .ambiguous = db_i64(r, 5) != 0};
        int state = change_state_parse(db_text(r, 3));
        if (state < 0)
            return ERR_DB_CORRUPT;
        c.state = (enum change_state)state;
        (void)str_copy(c.kind, sizeof c.kind, db_text(r, 1));
        judge(w, &c);
    }
    take(w);
    return rc;
}

int change_due(struct db_tx *tx, int64_t store_id, int64_t now_ms,
               struct arena *a, struct change *ret, size_t max, size_t *ret_n,
               int64_t *ret_next_ms) {
    struct due_walk w = {.now = now_ms, .max = max};
    size_t n = 0;
    int rc = change_held(tx);
    if (rc != 0) {
        *ret_n = 0;
        *ret_next_ms = 0;
        return rc < 0 ? rc : 0;
    }
    w.ids = arena_alloc(a, (max + 1) * sizeof *w.ids);
    rc = walk(tx, store_id, &w);
    for (size_t i = 0; rc >= 0 && i < w.n; i++) {
        rc = change_row_get(tx, w.ids[i], a, &ret[n]);
        n += rc > 0;
    }
    if (rc < 0)
        return rc;
    *ret_n = n;
    *ret_next_ms = w.next_ms;
    return 0;
}

/* --- transitions --------------------------------------------------------- */

DEFINE_CLEANUP(struct arena *, engine_arena, arena_free)
#define AUTO_ARENA CLEANUP(engine_arena)

static bool same_paths(const struct change *x, const struct change *y) {
    if (x->n_paths != y->n_paths)
        return false;
    for (size_t i = 0; i < x->n_paths; i++)
        if (!str_eq(x->paths[i].path, y->paths[i].path) ||
            !str_eq(x->paths[i].wanted, y->paths[i].wanted) ||
            !str_eq(x->paths[i].base, y->paths[i].base))
            return false;
    return true;
}

int change_unchanged(struct db_tx *tx, const struct change *seen) {
    AUTO_ARENA struct arena *a = arena_new(4096);
    struct change c;
    int rc = change_row_get(tx, seen->id, a, &c);
    if (rc <= 0)
        return rc;
    return c.state == seen->state && c.attempts == seen->attempts &&
           str_eq(c.payload, seen->payload) && same_paths(&c, seen);
}

int change_sending(struct db_tx *tx, const struct change *seen, int64_t mark) {
    int rc = change_held(tx);
    if (rc != 0)
        return rc < 0 ? rc : ERR_CONFLICT;
    rc = change_unchanged(tx, seen);
    if (rc < 0)
        return rc;
    if (rc == 0 || seen->state != CHANGE_QUEUED)
        return ERR_CONFLICT;
    rc = db_run(tx, STMT_CHANGE_SENT, "iii", db_now(tx), mark, seen->id);
    return rc < 0 ? rc
                  : change_row_move(
                        tx, seen,
                        &(struct change_outcome){.state = CHANGE_SENDING});
}

static int put_theirs(struct db_tx *tx, const struct change *c,
                      const struct change_outcome *o) {
    int rc = 0;
    for (size_t i = 0; rc >= 0 && o->theirs && i < c->n_paths; i++)
        rc = db_run(tx, STMT_CHANGE_THEIRS, "sis", o->theirs[i], c->id,
                    c->paths[i].path);
    return rc;
}

/* What was to come after it had its wanted value as base: without it a person
 * decides anew. */
static int stop_dependents(struct db_tx *tx, const struct change *c,
                           struct arena *a) {
    enum { AT_ONCE = 64 };
    int64_t ids[AT_ONCE];
    size_t n = 0;
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_CHANGE_DEPENDENTS, &r, "Ssii", c->store_id,
                      mirror_kind_name(c->kind), c->remote_id, c->id);
    while (rc >= 0 && n < AT_ONCE && (rc = db_step(r)) > 0)
        ids[n++] = db_i64(r, 0);
    db_rows_done(TAKE_PTR(r));
    for (size_t i = 0; rc >= 0 && i < n; i++) {
        struct change later;
        rc = change_row_get(tx, ids[i], a, &later);
        if (rc > 0)
            rc = change_row_move(tx, &later,
                                 &(struct change_outcome){
                                     .state = CHANGE_CONFLICT,
                                     .code = "depends",
                                     .cause = cause_plain(CAUSE_BEFORE_IT)});
    }
    return rc < 0 ? rc : 0;
}

int change_settle(struct db_tx *tx, int64_t id,
                  const struct change_outcome *o) {
    AUTO_ARENA struct arena *a = arena_new(4096);
    struct change c;
    int rc = change_row_get(tx, id, a, &c);
    if (rc <= 0)
        return rc < 0 ? rc : ERR_NOT_FOUND;
    if (!change_may(c.state, o->state))
        return ERR_CONFLICT;
    rc = put_theirs(tx, &c, o);
    if (rc >= 0)
        rc = db_run(tx, STMT_CHANGE_ANSWERED, "siii", o->answer, o->result_id,
                    (int64_t)o->looked, id);
    if (rc >= 0 && c.remote_id == 0 && o->result_id > 0)
        c.remote_id = o->result_id;
    if (rc >= 0)
        rc = change_row_move(tx, &c, o);
    if (rc >= 0 && c.remote_id > 0 &&
        (o->state == CHANGE_CONFLICT || o->state == CHANGE_REFUSED))
        rc = stop_dependents(tx, &c, a);
    return rc < 0 ? rc : 0;
}

int change_recover(struct db_tx *tx, int64_t store_id, int64_t quiet_ms) {
    int n = db_run(tx, STMT_CHANGE_RECOVER, "iiS", db_now(tx),
                   db_now(tx) + quiet_ms, store_id);
    int rc = n > 0 ? feed_add(tx, "change", store_id, 0, "") : n;
    return rc < 0 ? rc : n;
}

int change_barrier(struct db_tx *tx, int64_t store_id, enum mirror_kind kind,
                   int64_t remote_id, int64_t seq) {
    if (kind != MIRROR_ORDER && kind != MIRROR_PRODUCT)
        return 0;
    int rc = db_run(
        tx, kind == MIRROR_ORDER ? STMT_ORDER_BARRIER : STMT_PRODUCT_BARRIER,
        "iSi", seq, store_id, remote_id);
    return rc < 0 ? rc : 0;
}

/* --- held ---------------------------------------------------------------- */

int change_held(struct db_tx *tx) {
    int64_t held = 0;
    int rc = db_value(tx, STMT_CHANGE_HELD, &held, "");
    return rc < 0 ? rc : held != 0;
}

/* An object whose list row is to be written anew. */
struct touched {
    int64_t store_id, remote_id;
    enum mirror_kind kind;
};

/* Those that what waits for approval is about: it overlays as soon as it may
 * have been sent. */
static int awaited(struct db_tx *tx, struct touched **ret, size_t *ret_n) {
    AUTO_ROWS struct db_rows *r = NULL;
    size_t n = 0;
    int rc = db_query(tx, STMT_CHANGE_AWAITED, &r, "");
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        int kind = change_row_kind(db_text(r, 1));
        if (kind < 0)
            return kind;
        *ret = mem_resize(*ret, n + 1, sizeof **ret);
        (*ret)[n++] = (struct touched){db_i64(r, 0), db_i64(r, 2),
                                       (enum mirror_kind)kind};
        *ret_n = n;
    }
    return rc;
}

static int hold_all(struct db_tx *tx, const struct touched *t, size_t n) {
    int rc = db_run(tx, STMT_META_SET, "ss", "held", "1");
    if (rc >= 0)
        rc = db_run(tx, STMT_CHANGE_HOLD, "i", db_now(tx));
    for (size_t i = 0; rc >= 0 && i < n; i++)
        rc = overlay_refresh(tx, t[i].store_id, t[i].kind, t[i].remote_id);
    return rc < 0 ? rc : feed_add(tx, "change", 0, 0, "");
}

int change_hold(struct db_tx *tx) {
    struct touched *objects = NULL;
    size_t n = 0;
    int rc = awaited(tx, &objects, &n);
    if (rc >= 0)
        rc = hold_all(tx, objects, n);
    free(objects);
    return rc < 0 ? rc : 0;
}

int change_resume(struct db_tx *tx) {
    int rc = db_run(tx, STMT_META_SET, "ss", "held", "0");
    return rc < 0 ? rc : 0;
}
