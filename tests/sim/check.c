#include "tests/sim/check.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "db/conn.h"
#include "db/room.h"
#include "model/change.h"
#include "model/customer.h"
#include "model/order.h"
#include "model/product.h"
#include "model/refund.h"
#include "shop/page.h"
#include "sync/sync.h"
#include "tests/sim/door.h"
#include "tests/sim/life.h"
#include "tests/sim/people.h"
#include "tests/sim/sim.h"

enum {
    REST_MS = 15 * 60000,
    SWEEP_ROUNDS = 2, /* one may have begun before the last change */
    WAIT_MS = 48 * 3600000,
    ROUNDS = 30,
    ROUND_MS = 3 * 60000
};

/* -- rest ----------------------------------------------------------------- */

static void pass_time(struct sim *s, int64_t ms) {
    int64_t until = s->agenda.now + ms;
    while (!s->failed && s->agenda.now < until)
        if (!sim_turn(s))
            return;
}

enum { DATED_KINDS = 3, ALL_KINDS = 6 };

struct wait {
    bool over;
    int status;
    char text[400];
};

static void run_done(const struct sync_result *r, void *arg) {
    struct wait *w = arg;
    w->over = true;
    w->status = r->status;
    (void)snprintf(w->text, sizeof w->text, "%s: %s", r->error.where,
                   r->error.detail);
}

static void run_full(struct sim *s, bool full) {
    struct wait w = {0};
    int64_t give_up = s->agenda.now + WAIT_MS;
    int r = sync_run(s->life->sync, s->life->store, SYNC_ALL_COLLECTIONS, full,
                     NULL, run_done, &w, NULL);
    if (r < 0)
        sim_fail(s, "a sync by hand is refused: %s", err_name(r));
    while (!s->failed && !w.over && s->agenda.now < give_up)
        if (!sim_turn(s))
            break;
    if (!s->failed && !w.over)
        sim_fail(s, "a sync by hand does not end");
    if (w.status < 0)
        sim_fail(s, "a sync by hand fails in a quiet world: %s %s",
                 err_name(w.status), w.text);
}

/* -- S1: the mirror is the shop -------------------------------------------- */

struct truth {
    struct sim *s;
    const char *kind, *twin; /* twin: a second kind in the same table */
    enum mirror_kind mirror;
    struct buf json;
    size_t n; /* rows the shop has */
};

static int compare_row(struct truth *t, struct db_tx *tx,
                       const struct mirror_object *o) {
    uint8_t hash[16];
    int gone = 0;
    bool trashed = door_look(t->s, t->kind, o->remote_id) == DOOR_TRASHED;
    int r = mirror_hash(tx, t->mirror, t->s->life->store, o->remote_id, hash,
                        &gone);
    if (r < 0)
        return r;
    if (r == 0 && !trashed)
        sim_fail(t->s, "S1: %s %" PRId64 " is at the shop, not in the mirror",
                 t->kind, o->remote_id);
    else if (r && (gone != 0) != trashed)
        sim_fail(t->s, "S1: %s %" PRId64 " is %s at the shop, gone %d here",
                 t->kind, o->remote_id, trashed ? "trashed" : "there", gone);
    else if (r && !trashed && memcmp(hash, o->hash, sizeof hash) != 0)
        sim_fail(t->s, "S1: %s %" PRId64 " differs from the shop's", t->kind,
                 o->remote_id);
    return 0;
}

/* Live rows of the mirror are live at the shop. */
static int compare_ids(struct truth *t, struct db_tx *tx) {
    enum { MAX = 4096 };
    int64_t ids[MAX];
    int n = mirror_ids(tx, t->mirror, t->s->life->store, 0, ids, MAX);
    for (int i = 0; i < n; i++)
        if (door_look(t->s, t->kind, ids[i]) == DOOR_NONE &&
            (!t->twin || door_look(t->s, t->twin, ids[i]) == DOOR_NONE))
            sim_fail(t->s, "S1: the mirror has %s %" PRId64 ", the shop not",
                     t->kind, ids[i]);
    return n < 0 ? n : 0;
}

static int compare_job(struct db_tx *tx, void *arg) {
    struct truth *t = arg;
    struct page *p = NULL;
    struct error e;
    struct page_options o = {.kind = t->mirror, .max_rows = 100000};
    int r = page_prepare(&o, t->json.data, t->json.len, &p, &e);
    if (r < 0 || p->n_aside || p->n != t->n)
        sim_fail(t->s, "the shop's own %s cannot be read", t->kind);
    for (size_t i = 0; r == 0 && i < p->n; i++)
        r = compare_row(t, tx, page_object(p, i));
    page_free(p);
    return r < 0 ? r : compare_ids(t, tx);
}

static void check_mirror(struct sim *s, size_t n) {
    static const struct {
        const char *kind, *twin;
        enum mirror_kind mirror;
    } kinds[] = {
        {"orders", NULL, MIRROR_ORDER},
        {"products", "variations", MIRROR_PRODUCT},
        {"variations", "products", MIRROR_PRODUCT},
        {"refunds", NULL, MIRROR_REFUND},
        {"customers", NULL, MIRROR_CUSTOMER},
        {"categories", NULL, MIRROR_CATEGORY},
    };
    for (size_t i = 0; i < n && !s->failed; i++) {
        struct truth t = {.s = s,
                          .kind = kinds[i].kind,
                          .twin = kinds[i].twin,
                          .mirror = kinds[i].mirror};
        t.n = door_rows(s, t.kind, &t.json);
        int r = life_job(s->life, compare_job, &t);
        buf_done(&t.json);
        if (r < 0)
            sim_fail(s, "the mirror cannot be read: %s", err_name(r));
    }
}

static char *text_of(struct db_tx *tx, const char *sql) {
    size_t size = 1 << 20;
    char *text = mem_zalloc(size, 1);
    if (conn_get_text(tx->conn, sql, text, size) < 0)
        text[0] = '\0';
    return text;
}

/* Notes of open orders are there, and no others of them. */
static int notes_job(struct db_tx *tx, void *arg) {
    struct sim *s = arg;
    AUTO_FREE char *all = text_of(
        tx, "SELECT ',' || group_concat(n.remote_id) || ',' FROM note n JOIN "
            "orders o ON o.store_id = n.store_id AND o.remote_id = "
            "n.order_remote_id WHERE o.gone = 0 AND coalesce(o.shop_status, "
            "o.status) IN ('pending', 'processing', 'on-hold')");
    char one[32];
    for (const char *p = all; p[0] && p[1]; p += 1 + strcspn(p + 1, ",")) {
        int64_t id = strtoll(p + 1, NULL, 10);
        if (door_note_open(s, id) == DOOR_NONE)
            sim_fail(s, "S1: the mirror has note %" PRId64 ", the shop not",
                     id);
    }
    for (int64_t id = 0; (id = door_note_next(s, id)) && !s->failed;) {
        (void)snprintf(one, sizeof one, ",%" PRId64 ",", id);
        if (!strstr(all, one))
            sim_fail(s, "S1: note %" PRId64 " of an open order is missing", id);
    }
    return 0;
}

/* -- S5: what lists show is what truth gives --------------------------------
 */

static char *derived(struct db_tx *tx) {
    AUTO_FREE char *rows =
        text_of(tx, "SELECT group_concat(id || status || "
                    "ifnull(shop_status, '') || gone || ifnull(tags, '') || "
                    "ifnull(holds, '') || pending) FROM orders");
    AUTO_FREE char *counts =
        text_of(tx, "SELECT group_concat(store_id || status || n) FROM "
                    "(SELECT * FROM order_count WHERE n > 0 ORDER BY store_id, "
                    "status)");
    return mem_printf("%s|%s", rows, counts);
}

static int rebuild_job(struct db_tx *tx, void *arg) {
    struct sim *s = arg;
    AUTO_FREE char *before = derived(tx);
    int64_t at = 0;
    do
        at = order_rebuild(tx, at, 100);
    while (at > 0);
    AUTO_FREE char *after = derived(tx);
    if (strcmp(before, after) != 0)
        sim_fail(s,
                 "S5: lists and counters are not what a rebuild gives: "
                 "%.600s\nrebuilt: %.600s",
                 before, after);
    return at < 0 ? (int)at : 0;
}

void check_derived(struct sim *s) {
    int r = life_job(s->life, rebuild_job, s);
    if (r < 0)
        sim_fail(s, "the rebuild fails: %s", err_name(r));
}

/* Every move a change made in this life is one of the table's. */
static int moves_job(struct db_tx *tx, void *arg) {
    struct sim *s = arg;
    AUTO_FREE char *text = text_of(
        tx, "SELECT group_concat(was || ' ' || is_now || ' ') FROM sim_move");
    char was[24], now[24];
    int used = 0;
    for (const char *p = text; sscanf(p, "%23s %23s %n", was, now, &used) == 2;
         p += used + (p[used] == ',')) {
        int from = change_state_parse(was), to = change_state_parse(now);
        if (from < 0 || to < 0 ||
            !change_may((enum change_state)from, (enum change_state)to))
            sim_fail(s, "a change went from %s to %s", was, now);
    }
    return 0;
}

/* Nor did what was sent before an answer overwrite what it said. */
static int back_job(struct db_tx *tx, void *arg) {
    struct sim *s = arg;
    AUTO_FREE char *text =
        text_of(tx, "SELECT group_concat(what) FROM sim_back");
    AUTO_FREE char *undone =
        text_of(tx, "SELECT group_concat(what) FROM sim_undone");
    if (*text && !s->set_back)
        sim_fail(s, "S1: went back to an older state: %.200s", text);
    if (*undone)
        sim_fail(s, "S1: went back to an older state: order %.200s", undone);
    return 0;
}

void check_moves(struct sim *s) {
    (void)life_job(s->life, moves_job, s);
    (void)life_job(s->life, back_job, s);
}

static void check_none(struct sim *s, const char *what, const char *sql) {
    int64_t n = life_number(s->life, "%s", sql);
    if (n != 0)
        sim_fail(s, "%s: %" PRId64, what, n);
}

static void check_sound(struct sim *s) {
    check_none(s, "orders without contact",
               "SELECT count(*) FROM orders WHERE contact_id <> 0 AND "
               "contact_id NOT IN (SELECT id FROM contact)");
    check_none(s, "lines without order",
               "SELECT count(*) FROM line WHERE order_id NOT IN (SELECT id "
               "FROM orders)");
    check_none(s, "the store is not shown as connected",
               "SELECT count(*) FROM store WHERE state <> 'connected' OR "
               "reason <> ''");
    check_none(s, "rows set aside", "SELECT count(*) FROM aside");
    check_none(s, "references that lead nowhere",
               "SELECT count(*) FROM pragma_foreign_key_check");
}

/* What moved a date is in the mirror without any sweep. */
static void check_dated(struct sim *s) {
    if (!s->style.dated)
        return;
    pass_time(s, 3 * s->style.interval_s * 1000);
    if (!s->failed)
        check_mirror(s, DATED_KINDS);
}

/* All that waits for people is decided, as often as it takes. */
static void decide_all(struct sim *s) {
    for (int i = 0; i < ROUNDS && !s->failed; i++) {
        if (life_number(s->life, "SELECT count(*) FROM change WHERE state NOT "
                                 "IN ('confirmed', 'discarded')") == 0)
            return;
        people_decide(s);
        pass_time(s, ROUND_MS);
    }
}

void check_all(struct sim *s) {
    pass_time(s, REST_MS);
    decide_all(s);
    if (!s->failed)
        oracle_check(s);
    if (!s->failed)
        check_moves(s);
    if (!s->failed)
        check_dated(s);
    if (!s->failed && s->style.swept)
        pass_time(s, SWEEP_ROUNDS * s->style.sweep_s * 1000 + REST_MS);
    else if (!s->failed)
        run_full(s, true);
    if (!s->failed)
        check_mirror(s, ALL_KINDS);
    if (!s->failed)
        (void)life_job(s->life, notes_job, s);
    if (!s->failed)
        check_derived(s);
    if (!s->failed)
        check_sound(s);
}
