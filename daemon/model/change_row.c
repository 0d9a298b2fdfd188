#include "model/change_row.h"

#include <string.h>

#include "common/arena.h"
#include "common/check.h"
#include "common/str.h"
#include "model/feed.h"
#include "model/ledger.h"
#include "model/list.h"
#include "model/mirror_apply.h"
#include "model/overlay.h"
#include "model/return.h"

enum { PATHS_MAX = 64 };

int change_row_kind(const char *name) {
    for (int k = MIRROR_ORDER; k <= MIRROR_CATEGORY; k++)
        if (str_eq(mirror_kind_name((enum mirror_kind)k), name))
            return k;
    return ERR_DB_CORRUPT;
}

static const char *or_null(struct db_rows *r, int col, struct arena *a) {
    return db_null(r, col) ? NULL : list_keep(a, db_text(r, col));
}

static int read_paths(struct db_tx *tx, struct arena *a, struct change *c) {
    AUTO_ROWS struct db_rows *r = NULL;
    struct change_path got[PATHS_MAX];
    size_t n = 0;
    int rc = db_query(tx, STMT_CHANGE_PATHS, &r, "i", c->id);
    while (rc >= 0 && (rc = db_step(r)) > 0 && n < PATHS_MAX)
        got[n++] = (struct change_path){list_keep(a, db_text(r, 0)),
                                        or_null(r, 1, a), or_null(r, 2, a),
                                        or_null(r, 3, a), or_null(r, 4, a)};
    if (rc < 0)
        return rc;
    c->n_paths = n;
    c->paths = arena_alloc(a, (n + 1) * sizeof *got);
    if (n)
        memcpy(c->paths, got, n * sizeof *got);
    return 0;
}

static void read_texts(struct db_rows *r, struct arena *a, struct change *c) {
    c->payload = or_null(r, 8, a);
    c->author = list_keep(a, db_text(r, 9));
    c->approver = list_keep(a, db_text(r, 10));
    c->reason = list_keep(a, db_text(r, 11));
    c->code = list_keep(a, db_text(r, 19));
    c->text = list_keep(a, db_text(r, 20));
    c->cause = list_keep(a, db_text(r, 26));
    c->answer = or_null(r, 21, a);
    c->store = list_keep(a, db_text(r, 24));
}

int change_row_read(struct db_tx *tx, struct db_rows *r, struct arena *a,
                    struct change *ret) {
    struct change c = {.id = db_i64(r, 0),
                       .store_id = db_i64(r, 2),
                       .remote_id = db_i64(r, 4),
                       .parent_id = db_i64(r, 5),
                       .created_ms = db_i64(r, 12),
                       .changed_ms = db_i64(r, 13),
                       .sent_ms = db_i64(r, 14),
                       .next_ms = db_i64(r, 15),
                       .attempts = (int)db_i64(r, 16),
                       .looks = (int)db_i64(r, 17),
                       .ambiguous = db_i64(r, 18) != 0,
                       .result_id = db_i64(r, 22),
                       .epoch = db_i64(r, 23),
                       .mark = db_i64(r, 25)};
    int kind = change_row_kind(db_text(r, 3));
    int act = change_act_parse(db_text(r, 6));
    int state = change_state_parse(db_text(r, 7));
    if (kind < 0 || act < 0 || state < 0)
        return ERR_DB_CORRUPT;
    c.kind = (enum mirror_kind)kind;
    c.act = (enum change_act)act;
    c.state = (enum change_state)state;
    (void)str_copy(c.uuid, sizeof c.uuid, db_text(r, 1));
    read_texts(r, a, &c);
    int rc = read_paths(tx, a, &c);
    if (rc >= 0)
        *ret = c;
    return rc;
}

static int read_one(struct db_tx *tx, struct db_rows *r, struct arena *a,
                    struct change *ret) {
    int rc = db_step(r);
    if (rc <= 0 || !db_scope_has(db_get_scope(tx), db_i64(r, 2)))
        return rc < 0 ? rc : 0;
    rc = change_row_read(tx, r, a, ret);
    return rc < 0 ? rc : 1;
}

int change_row_get(struct db_tx *tx, int64_t id, struct arena *a,
                   struct change *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_CHANGE_BY_ID, &r, "i", id);
    return rc < 0 ? rc : read_one(tx, r, a, ret);
}

int change_get(struct db_tx *tx, const char *uuid, struct arena *a,
               struct change *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_CHANGE_BY_UUID, &r, "s", uuid);
    return rc < 0 ? rc : read_one(tx, r, a, ret);
}

int change_row_told(struct db_tx *tx, const struct change *c,
                    enum change_state state) {
    char data[96];
    (void)str_format(data, sizeof data, "{\"id\":\"%s\",\"state\":\"%s\"}",
                     c->uuid, change_state_name(state));
    int rc = overlay_refresh(tx, c->store_id, c->kind, c->remote_id);
    if (rc >= 0 && c->remote_id > 0)
        rc = feed_add(tx, mirror_topic(c->kind), c->store_id, c->remote_id, "");
    if (rc >= 0)
        rc = feed_add(tx, "change", c->store_id, c->remote_id, data);
    return rc < 0 ? rc : 0;
}

/* Whoever confirmed it: the delta counts from now on. */
static int book(struct db_tx *tx, const struct change *c) {
    int64_t delta = 0;
    if (c->act != CHANGE_STOCK || c->n_paths != 1 ||
        str_to_i64(c->paths[0].wanted, INT32_MIN, INT32_MAX, &delta) < 0)
        return 0;
    return ledger_sent(tx, c->store_id, c->remote_id, delta * 1000);
}

int change_row_move(struct db_tx *tx, const struct change *c,
                    const struct change_outcome *o) {
    if (!change_may(c->state, o->state))
        return ERR_CONFLICT;
    int rc = db_run(tx, STMT_CHANGE_MOVE, "siisssii",
                    change_state_name(o->state), db_now(tx), o->next_ms,
                    o->code ? o->code : "", o->text ? o->text : "",
                    o->cause ? o->cause : "", (int64_t)o->ambiguous, c->id);
    if (rc >= 0 && o->state == CHANGE_CONFIRMED)
        rc = book(tx, c);
    if (rc >= 0 && o->state == CHANGE_CONFIRMED && c->act == CHANGE_REFUND)
        rc = return_confirmed(tx, c->uuid, c->approver);
    return rc < 0 ? rc : change_row_told(tx, c, o->state);
}
