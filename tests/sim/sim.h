/* One history: a shop, a daemon, people and time, all drawn from a seed.
 *
 * Happy path: sim_run makes the world, turns it until the history is long
 * enough, quiets it, turns it on until nothing is under way, and checks the
 * promises of sync.md. All of it runs on one thread; time is a number; the
 * same seed gives the same history to the last byte.
 * Failure modes: the first broken promise ends the history with one sentence;
 * an abort of the engine is reported with its seed by main.c. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/buf.h"
#include "tests/sim/agenda.h"
#include "tests/sim/chance.h"
#include "tests/sim/oracle.h"

struct demo_shop;
struct life;
struct parcel;

enum { SIM_EPOCH_S = 1795000000 }; /* the wall clock where a history begins */

/* What kind of history this is. Chances are per 10,000. */
struct sim_style {
    bool hpos;
    bool swept; /* the schedule alone must find everything */
    bool dated; /* whatever happens moves a date: no sweep is needed */
    const char *zone;
    int orders, products, customers;
    int64_t length_ms;             /* of faults and people */
    int64_t latency_ms, jitter_ms; /* of requests */
    int64_t faults;                /* a request */
    int64_t crashes;               /* a step */
    int64_t disk_ms;               /* longest wait of a database job */
    int64_t disk_full, disk_again; /* a job */
    int64_t keeper_ms, people_ms;  /* between two acts; 0: nobody is there */
    int64_t restores;              /* a crash that is a restore */
    int64_t interval_s, sweep_s;
    int page_rows;     /* asked for at once; 0: as the daemon does */
    int64_t bell_ms;   /* latest a webhook comes; 0: there are none */
    int64_t bell_lost; /* a webhook */
    int64_t late;      /* a write lands when it is looked for */
    int64_t offset_s;  /* the shop's clock minus ours */
};

struct sim_counts {
    int64_t steps, requests, faults, writes, crashes, restores, acts, jobs,
        commands;
};

struct sim {
    uint64_t seed;
    bool verbose;
    struct sim_style style;
    struct chance plan, net, disk, keeper, people, entropy, spite;
    struct agenda agenda;
    int64_t wall_ms;   /* our wall clock at agenda.now = 0 */
    int64_t shop_s;    /* the ticks of the shop's clock */
    int64_t spites;    /* edits behind the back of a read */
    bool set_back;     /* it was: a later edit may bear an earlier date */
    int64_t disk_free; /* virtual ms: no database job before */
    bool quiet;        /* no more faults, acts, crashes */
    bool restoring;    /* the next crash is a restore */
    struct demo_shop *shop;
    struct life *life;
    struct parcel *parcels; /* on their way to the shop */
    int64_t restored_at;    /* virtual ms of the last restore; -1: none */
    int64_t denied_until;   /* virtual ms: the shop answers 401 */
    struct {
        void *data;
        int64_t n, at_ms;
    } copy; /* an old copy of the database; n 0: none */
    struct oracle oracle;
    struct sim_counts counts;
    uint64_t digest; /* of all that happened: equal in a replay */
    bool failed;
    char why[2000];
};

/* Run one history. false: a promise was broken, s->why says which. */
bool sim_run(struct sim *s, uint64_t seed, bool verbose);

/* A promise is broken. Only the first is kept. */
void sim_fail(struct sim *s, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* For people who replay: a line with the virtual time. */
void sim_note(struct sim *s, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* This happened: part of the digest. */
void sim_mark(struct sim *s, uint64_t what);

/* Let the next thing happen; false: nothing will. */
bool sim_turn(struct sim *s);
