#include "tests/sim/sim.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/shop/shop.h"
#include "tests/sim/bell.h"
#include "tests/sim/check.h"
#include "tests/sim/door.h"
#include "tests/sim/keeper.h"
#include "tests/sim/life.h"
#include "tests/sim/people.h"
#include "tests/sim/wire.h"

enum { MINUTE = 60000, HOUR = 60 * MINUTE, STEPS_MAX = 2000000 };

/* -- words ---------------------------------------------------------------- */

void sim_fail(struct sim *s, const char *fmt, ...) {
    va_list ap;
    if (s->failed)
        return;
    s->failed = true;
    va_start(ap, fmt);
    (void)vsnprintf(s->why, sizeof s->why, fmt, ap);
    va_end(ap);
    sim_note(s, "BROKEN: %s", s->why);
}

void sim_note(struct sim *s, const char *fmt, ...) {
    va_list ap;
    if (!s->verbose)
        return;
    int64_t ms = s->agenda.now;
    (void)printf("%3lld:%02lld:%02lld.%03lld ", (long long)(ms / HOUR),
                 (long long)(ms / MINUTE % 60), (long long)(ms / 1000 % 60),
                 (long long)(ms % 1000));
    va_start(ap, fmt);
    (void)vprintf(fmt, ap);
    va_end(ap);
    (void)printf("\n");
}

void sim_mark(struct sim *s, uint64_t what) {
    s->digest = (s->digest ^ what) * 0x100000001b3ull + 0x9e3779b97f4a7c15ull;
}

/* -- what kind of history ------------------------------------------------- */

static void draw_world(struct sim_style *y, struct chance *c) {
    static const char *const zones[] = {"-12:00", "-06:00", "+03:00",
                                        "+05:30", "+14:00", "UTC"};
    static const int64_t latencies[] = {20, 200, 2000};
    static const int64_t offsets[] = {0, 0, 2, -3, 90, -90, 7200, -86400};
    y->hpos = chance_hit(c, 5000);
    y->zone = CHANCE_PICK(c, zones);
    y->orders = (int)chance_of(c, 0, 12);
    y->products = (int)chance_of(c, 1, 5);
    y->customers = (int)chance_of(c, 0, 4);
    y->swept = chance_hit(c, 3000);
    y->dated = chance_hit(c, 3000);
    y->hpos |= y->dated;
    y->page_rows = chance_hit(c, 6000) ? (int)chance_of(c, 5, 9) : 0;
    if (y->page_rows)
        y->orders *= 4;
    y->latency_ms = CHANCE_PICK(c, latencies);
    y->jitter_ms = chance_hit(c, 7000) ? y->latency_ms * 5 : 0;
    y->offset_s = CHANCE_PICK(c, offsets);
    y->interval_s = chance_of(c, 1, 10) * 60;
    y->sweep_s = y->interval_s * chance_of(c, 2, 8);
}

static void draw_trouble(struct sim_style *y, struct chance *c) {
    static const int64_t faults[] = {0, 100, 1000, 3000};
    static const int64_t crashes[] = {0, 0, 5, 50};
    static const int64_t disks[] = {0, 0, 20, 3000};
    y->faults = CHANCE_PICK(c, faults);
    y->crashes = CHANCE_PICK(c, crashes);
    y->restores = chance_hit(c, 2500) ? 3000 : 0;
    y->disk_ms = CHANCE_PICK(c, disks);
    y->disk_full = chance_hit(c, 2000) ? 100 : 0;
    y->disk_again = chance_hit(c, 5000) ? 500 : 0;
    y->keeper_ms = chance_hit(c, 9000) ? chance_of(c, 5, 300) * 1000 : 0;
    y->bell_ms = chance_hit(c, 5000) ? chance_of(c, 1, 600) * 1000 : 0;
    y->bell_lost = chance_hit(c, 5000) ? 2000 : 0;
    y->people_ms = chance_hit(c, 8000) ? chance_of(c, 5, 200) * 1000 : 0;
    y->length_ms = chance_of(c, 5, 40) * MINUTE;
}

/* From a stream of its own: histories without it stay as they were. */
static void draw_spite(struct sim_style *y, struct chance *c) {
    static const int64_t late[] = {0, 1000, 3000};
    y->late = y->faults ? CHANCE_PICK(c, late) : 0;
}

static void draw(struct sim *s, uint64_t seed) {
    s->seed = seed;
    chance_seed(&s->plan, seed, 1);
    chance_seed(&s->net, seed, 2);
    chance_seed(&s->disk, seed, 3);
    chance_seed(&s->keeper, seed, 4);
    chance_seed(&s->entropy, seed, 5);
    chance_seed(&s->people, seed, 6);
    chance_seed(&s->spite, seed, 7);
    draw_world(&s->style, &s->plan);
    draw_trouble(&s->style, &s->plan);
    draw_spite(&s->style, &s->spite);
    s->wall_ms = SIM_EPOCH_S * INT64_C(1000);
    const struct sim_style *y = &s->style;
    sim_note(
        s,
        "seed %llu: %s, %s, %d orders, %d products, %d customers; "
        "latency %lld+%lld, offset %lld s, every %lld s, sweep %lld s; "
        "faults %lld, crashes %lld, restores %lld, disk %lld ms, full "
        "%lld, again %lld, keeper %lld ms, people %lld ms, bell %lld ms, rows "
        "%d, %lld min",
        (unsigned long long)seed, y->hpos ? "HPOS" : "posts", y->zone,
        y->orders, y->products, y->customers, (long long)y->latency_ms,
        (long long)y->jitter_ms, (long long)y->offset_s,
        (long long)y->interval_s, (long long)y->sweep_s, (long long)y->faults,
        (long long)y->crashes, (long long)y->restores, (long long)y->disk_ms,
        (long long)y->disk_full, (long long)y->disk_again,
        (long long)y->keeper_ms, (long long)y->people_ms, (long long)y->bell_ms,
        y->page_rows, (long long)(y->length_ms / MINUTE));
}

/* -- turning -------------------------------------------------------------- */

/* A database job can be done now, or at s->disk_free. */
static bool disk_first(const struct sim *s) {
    int64_t next = agenda_next(&s->agenda);
    int64_t at = s->disk_free > s->agenda.now ? s->disk_free : s->agenda.now;
    return next < 0 || at <= next;
}

bool sim_turn(struct sim *s) {
    s->counts.steps++;
    sim_mark(s, (uint64_t)s->agenda.now);
    if (life_busy(s->life) && disk_first(s)) {
        if (s->disk_free > s->agenda.now)
            s->agenda.now = s->disk_free;
        life_step(s);
    } else if (agenda_next(&s->agenda) >= 0) {
        agenda_fire(&s->agenda);
    } else {
        return false;
    }
    if (!s->quiet && chance_hit(&s->plan, s->style.crashes)) {
        s->restoring = chance_hit(&s->plan, s->style.restores);
        life_crash(s);
    }
    return !s->failed;
}

/* A copy is taken now and then; the world is denied now and then. */
static void weather(void *arg) {
    struct sim *s = arg;
    if (s->quiet)
        return;
    if (s->style.restores && chance_hit(&s->plan, 3000))
        life_copy(s);
    if (s->style.faults > 500 && chance_hit(&s->plan, 500))
        s->denied_until = s->agenda.now + chance_of(&s->plan, 1, 300) * 1000;
    (void)agenda_add(&s->agenda, NULL, MINUTE, weather, s);
}

static void live(struct sim *s) {
    while (s->agenda.now < s->style.length_ms) {
        if (!sim_turn(s))
            break;
        if (s->counts.steps > STEPS_MAX) {
            sim_fail(s, "the engine does not come to rest");
            break;
        }
    }
}

bool sim_run(struct sim *s, uint64_t seed, bool verbose) {
    *s = (struct sim){.verbose = verbose, .restored_at = -1};
    draw(s, seed);
    door_open(s);
    life_begin(s);
    weather(s);
    bell_begin(s);
    keeper_begin(s);
    people_begin(s);
    live(s);
    s->quiet = true;
    sim_note(s, "QUIET");
    if (!s->failed)
        check_all(s);
    life_end(s);
    wire_done(s);
    /* what was still to come knows that it is too late, and frees itself */
    while (agenda_fire_of(&s->agenda, NULL))
        continue;
    oracle_done(s);
    door_close(s);
    agenda_done(&s->agenda);
    return !s->failed;
}
