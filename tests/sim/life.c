#include "tests/sim/life.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/check.h"
#include "common/mem.h"
#include "db/room.h"
#include "model/change.h"
#include "model/kept.h"
#include "model/store.h"
#include "sync/sync.h"
#include "tests/sim/check.h"
#include "tests/sim/sim.h"
#include "tests/sim/spite.h"
#include "tests/sim/wire.h"

enum { STOP_TURNS = 100000, UNKNOWN_QUIET_MS = 120000 };

/* -- its world ------------------------------------------------------------ */

static int64_t wall(void *self) {
    const struct life *l = self;
    return l->sim->wall_ms + l->sim->agenda.now;
}

/* A new life may be another machine's: its clock begins elsewhere. */
static int64_t mono(void *self) {
    const struct life *l = self;
    return 1000000 + l->sim->agenda.now;
}

static void chance(void *self, void *dst, size_t n) {
    const struct life *l = self;
    chance_bytes(&l->sim->entropy, dst, n);
}

static struct env_timer *timer(void *self, int64_t delay_ms, void (*fn)(void *),
                               void *arg) {
    struct life *l = self;
    return agenda_add(&l->sim->agenda, l, delay_ms, fn, arg);
}

static void cancel(void *self, struct env_timer *t) {
    const struct life *l = self;
    agenda_cancel(&l->sim->agenda, t);
}

static int open_keys(void *self, const struct store *s, struct arena *a,
                     const char **key, const char **secret) {
    (void)self;
    (void)s;
    *key = arena_dupn(a, "ck_demo", 7);
    *secret = arena_dupn(a, "cs_demo", 7);
    return 0;
}

/* -- images --------------------------------------------------------------- */

/* What a new connection begins with; NULL: nothing. Migrations run once for
 * all histories. */
static const void *image;
static int64_t image_n;

static int load_image(sqlite3 *sq, char **error, const void *api) {
    (void)error;
    (void)api;
    if (!image)
        return SQLITE_OK;
    unsigned char *bytes = sqlite3_malloc64((sqlite3_uint64)image_n);
    REQUIRE(bytes);
    memcpy(bytes, image, (size_t)image_n);
    return sqlite3_deserialize(sq, "main", bytes, image_n, image_n,
                               SQLITE_DESERIALIZE_FREEONCLOSE |
                                   SQLITE_DESERIALIZE_RESIZEABLE);
}

static void *take_image(struct db *db, int64_t *ret_n) {
    sqlite3_int64 n = 0;
    void *bytes = sqlite3_serialize(db->writer->sq, "main", &n, 0);
    REQUIRE(bytes);
    *ret_n = n;
    return bytes;
}

/* Sees every move of a change, and a row that shows an older state of the shop
 * than it did; lives as long as the connection. */
#define BACK(table)                                                            \
    "CREATE TEMP TRIGGER sim_back_" table                                      \
    " AFTER UPDATE OF modified_ms ON main." table                              \
    " WHEN new.modified_ms < old.modified_ms BEGIN "                           \
    "INSERT INTO sim_back VALUES ('" table " ' || new.remote_id); END;"
/* The same of what spite.c did: its edits count upwards whatever clocks do. */
#define UNDONE                                                                 \
    "CREATE TEMP TRIGGER sim_undone AFTER UPDATE OF name ON main.orders "      \
    "WHEN old.name GLOB '" SPITE_NAME "*' AND new.name GLOB '" SPITE_NAME      \
    "*' AND CAST(substr(new.name, length('" SPITE_NAME "') + 1) AS INTEGER) "  \
    "< CAST(substr(old.name, length('" SPITE_NAME "') + 1) AS INTEGER) BEGIN " \
    "INSERT INTO sim_undone VALUES (new.remote_id || ': ' || old.name || "     \
    "' became ' || new.name); END;"
#define MOVED                                                                  \
    "CREATE TEMP TRIGGER sim_moved AFTER UPDATE OF state ON main.change "      \
    "WHEN old.state <> new.state BEGIN "                                       \
    "INSERT INTO sim_move VALUES (old.state, new.state); END;"
static const char witness[] =
    "CREATE TEMP TABLE sim_move (was TEXT, is_now TEXT);"
    "CREATE TEMP TABLE sim_back (what TEXT);"
    "CREATE TEMP TABLE sim_undone (what TEXT);" MOVED UNDONE BACK("orders")
        BACK("product");

static struct db *open_db(struct life *l, const void *bytes, int64_t n) {
    struct error e = {0};
    struct db *db;
    struct db_options o = {.path = ":memory:",
                           .env = &l->env,
                           .inline_mode = true,
                           .stepped = true};
    image = bytes;
    image_n = n;
    if (db_open(&o, &db, &e) < 0)
        REQUIRE(!e.detail[0]);
    image = NULL;
    REQUIRE(conn_exec(db->writer, witness) == 0);
    return db;
}

/* -- start ---------------------------------------------------------------- */

static int load_job(struct db_tx *tx, void *arg) {
    return kept_load(arg, tx);
}

static int hold_job(struct db_tx *tx, void *arg) {
    (void)arg;
    return change_hold(tx);
}

static int create_job(struct db_tx *tx, void *arg) {
    static const struct store_status statuses[] = {
        {.slug = "pending", .name = "Pending payment", .phase = PHASE_UNPAID},
        {.slug = "processing", .name = "Processing", .phase = PHASE_TODO},
        {.slug = "on-hold", .name = "On hold", .phase = PHASE_HELD},
        {.slug = "completed", .name = "Completed", .phase = PHASE_DONE},
        {.slug = "cancelled", .name = "Cancelled", .phase = PHASE_DEAD},
        {.slug = "refunded", .name = "Refunded", .phase = PHASE_DEAD},
        {.slug = "failed", .name = "Failed", .phase = PHASE_DEAD},
    };
    struct life *l = arg;
    uint8_t random[10];
    struct error e = {0};
    struct store s = {.name = "shop",
                      .title = "Shop",
                      .url = "https://shop.test",
                      .auth = "basic",
                      .rest = "path",
                      .state = "new",
                      .can_write = true};
    chance_bytes(&l->sim->entropy, random, sizeof random);
    s.caps.hpos = l->sim->style.hpos;
    s.caps.decimals = 2;
    s.caps.php_time_limit_s = 30;
    s.caps.clock_offset_ms = l->sim->style.offset_s * 1000;
    (void)snprintf(s.caps.home, sizeof s.caps.home, "%s", s.url);
    (void)snprintf(s.caps.zone, sizeof s.caps.zone, "%s", l->sim->style.zone);
    int r = store_create(tx, random, &s, &e);
    if (r >= 0)
        r = store_set_caps(tx, &s);
    l->store = s.id;
    return r < 0 ? r
                 : store_statuses_put(tx, s.id, statuses,
                                      sizeof statuses / sizeof *statuses);
}

static struct life *life_new(struct sim *s) {
    struct life *l = NEW(struct life);
    l->sim = s;
    l->env = (struct env){l, wall, mono, chance, timer, cancel};
    l->transport = wire_transport(l);
    return l;
}

static void start_sync(struct life *l) {
    const struct sim_style *y = &l->sim->style;
    l->kept = kept_new();
    kept_use(l->kept);
    REQUIRE(db_write_sync(l->db, load_job, l->kept) >= 0);
    struct sync_options o = {
        .db = l->db,
        .env = &l->env,
        .http = &l->transport,
        .interval_s = y->interval_s,
        .interval_open_s = y->interval_s,
        .open_s = y->interval_s,
        .stock_s = y->sweep_s,
        .sweep_s = y->sweep_s,
        /* the engine reads all seven times as seldom on HPOS */
        .deep_s = y->hpos ? (y->sweep_s + 6) / 7 : y->sweep_s,
        .requests_per_hour = 100000,
        .page_rows = y->page_rows,
        .soon_ms = y->page_rows ? 1 : 0, /* open orders first */
        .open_keys = open_keys,
    };
    REQUIRE(sync_start(&o, &l->sync) >= 0);
    l->sim->life = l;
}

/* Every history begins with the same empty tables. */
static void *blank;
static int64_t blank_n;

static void make_blank(struct sim *s) {
    struct chance was = s->entropy;
    struct life *l = life_new(s);
    chance_seed(&s->entropy, 0, 0);
    l->db = open_db(l, NULL, 0);
    blank = take_image(l->db, &blank_n);
    db_close(l->db, NULL, NULL);
    free(l);
    s->entropy = was;
    (void)sqlite3_auto_extension((void (*)(void))load_image);
}

void life_begin(struct sim *s) {
    if (!blank)
        make_blank(s);
    struct life *l = life_new(s);
    l->db = open_db(l, blank, blank_n);
    REQUIRE(db_write_sync(l->db, create_job, l) >= 0);
    start_sync(l);
}

/* -- end ------------------------------------------------------------------ */

static void on_stopped(void *arg) {
    struct life *l = arg;
    l->stopped = true;
}

/* Everything of this life comes to its end: for itself it takes as long as it
 * takes (what waits until then would wait for ever in front of a clock that
 * stands), for the world no time passes. */
static void unwind(struct life *l) {
    struct sim *s = l->sim;
    int64_t now = s->agenda.now;
    wire_abandon(l);
    sync_stop(l->sync, on_stopped, l);
    int turns = 0;
    while (!l->stopped && turns++ < STOP_TURNS) {
        db_drain(l->db);
        if (!l->stopped && !agenda_fire_of(&s->agenda, l) && !life_busy(l)) {
            sim_fail(s, "the engine does not stop: nothing is under way");
            break;
        }
    }
    s->agenda.now = now;
    if (!l->stopped)
        sim_fail(s, "the engine does not stop");
}

static void life_free(struct life *l) {
    unwind(l);
    if (!l->stopped)
        return; /* leaked: the history has failed */
    db_close(l->db, NULL, NULL);
    kept_use(NULL);
    kept_free(l->kept);
    while (l->calls)
        l->transport.cancel(l->transport.self, l->calls);
    free(l);
}

void life_end(struct sim *s) {
    if (!s->life)
        return;
    s->life->dead = true;
    life_free(s->life);
    s->life = NULL;
    sqlite3_free(s->copy.data);
    s->copy.data = NULL;
}

void life_copy(struct sim *s) {
    sqlite3_free(s->copy.data);
    s->copy.data = take_image(s->life->db, &s->copy.n);
    s->copy.at_ms = s->agenda.now;
    sim_note(s, "COPY taken");
}

void life_crash(struct sim *s) {
    struct life *old = s->life, *l = life_new(s);
    bool restore = s->restoring && s->copy.data;
    int64_t n = s->copy.n;
    void *bytes = restore ? s->copy.data : take_image(old->db, &n);
    s->counts.crashes++;
    s->counts.restores += restore;
    if (!s->failed)
        check_moves(s);
    sim_note(s, restore ? "CRASH, and an old copy is restored" : "CRASH");
    l->store = old->store;
    old->dead = true;
    life_free(old);
    l->db = open_db(l, bytes, n);
    sqlite3_free(bytes);
    if (restore) {
        s->copy.data = NULL;
        s->restoring = false;
        s->restored_at = s->agenda.now;
        oracle_restored(s, s->copy.at_ms);
        REQUIRE(db_write_sync(l->db, hold_job, NULL) >= 0);
    }
    start_sync(l);
    if (restore || chance_hit(&s->plan, 1000))
        check_derived(s);
}

/* -- turning -------------------------------------------------------------- */

static const struct job_list *queue(const struct db *db, int i) {
    return i & 1 ? &db->write_jobs[i >> 1] : &db->read_jobs[i >> 1];
}

bool life_busy(const struct life *l) {
    for (int i = 0; i < 4; i++)
        if (queue(l->db, i)->head)
            return true;
    return l->db->answers.head != NULL || l->db->fed;
}

static enum db_fate fate(struct sim *s) {
    if (s->quiet)
        return DB_FATE_RUN;
    if (chance_hit(&s->disk, s->style.disk_full))
        return DB_FATE_FULL;
    return chance_hit(&s->disk, s->style.disk_again) ? DB_FATE_AGAIN
                                                     : DB_FATE_RUN;
}

void life_step(struct sim *s) {
    struct db *db = s->life->db;
    int full[5], n = 0;
    for (int i = 0; i < 4; i++)
        if (queue(db, i)->head)
            full[n++] = i;
    if (db->answers.head || db->fed)
        full[n++] = 4;
    int which = full[chance_below(&s->disk, (size_t)n)];
    if (which == 4) {
        (void)db_pump(db);
        return;
    }
    s->counts.jobs++;
    (void)db_turn(db, which & 1, (enum db_lane)(which >> 1), fate(s));
    if (s->style.disk_ms && !s->quiet)
        s->disk_free = s->agenda.now + chance_of(&s->disk, 0, s->style.disk_ms);
}

/* -- looking -------------------------------------------------------------- */

int life_job(struct life *l, db_job job, void *arg) {
    return db_write_sync(l->db, job, arg);
}

int64_t life_number(struct life *l, const char *fmt, ...) {
    int64_t v = -1;
    va_list ap;
    va_start(ap, fmt);
    AUTO_FREE char *sql = mem_vprintf(fmt, ap);
    va_end(ap);
    REQUIRE(conn_get_i64(l->db->writer, sql, &v) == 0);
    return v;
}
