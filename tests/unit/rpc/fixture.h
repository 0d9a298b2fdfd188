/* The protocol's server in one process: a database without threads, a clock
 * that only moves when told, clients on socket pairs. */
#pragma once

#include <uv.h>

#include "common/arena.h"
#include "common/env.h"
#include "common/frame.h"
#include "common/json.h"
#include "db/db.h"
#include "rpc/room.h"
#include "tests/lib/test.h"

enum { FX_NOW = 1700000000, FX_STEP_UP_S = 600 };

struct fx {
    uv_loop_t loop;
    struct env env;
    int64_t clock;            /* ms, of both clocks */
    struct env_timer *timers; /* that wait */
    struct db *db;
    struct rpc *rpc;
    struct seal_ring *ring;
    char dir[40];
    bool ended;
};

/* cmocka's set-up and tear-down: a server over an empty database with the
 * stores alpine (id 1) and baltic (id 2). */
int fx_setup(void **state);
int fx_teardown(void **state);
/* Stop the server, close the file, and begin again with the same file. */
void fx_restart(struct fx *f);

/* Let everything happen that can without time passing. */
void fx_turn(struct fx *f);
/* Time passes; what is due happens in order. */
void fx_pass(struct fx *f, int64_t ms);
/* A write job of the test's own, then a turn. */
void fx_job(struct fx *f, db_job job, void *arg);
/* n events of that topic in the feed, about objects 1..n of the store. */
void fx_events(struct fx *f, const char *topic, int64_t store_id, int64_t n);

struct fx_client {
    struct fx *f;
    int fd; /* does not block; -1: closed */
    struct frame_reader in;
    struct arena *arena; /* of what was read */
    bool ended;          /* the server hung up */
};

/* session: parameters of session.open; NULL: not opened. */
void fx_connect(struct fx *f, struct fx_client *c, const char *session);
/* Opened, by an account of that number (which /etc/passwd does not know). */
void fx_connect_as(struct fx *f, struct fx_client *c, unsigned uid);
/* A user whose account that number is; tenant 0: none, else an owner's. */
void fx_person(struct fx *f, const char *name, const char *role, unsigned uid,
               int64_t tenant);
void fx_close(struct fx_client *c);
/* A line as it is. */
void fx_send(struct fx_client *c, const char *line);
/* The next message after a turn; NULL: there is none. */
const struct json *fx_read(struct fx_client *c);
/* A request with id 1 and its answer; events before it are skipped. */
const struct json *fx_ask(struct fx_client *c, const char *method,
                          const char *params);
/* The same, only its result, or its error: the other fails the test. */
const struct json *fx_ok(struct fx_client *c, const char *method,
                         const char *params);
/* The error's code: "" when it has a result. */
const char *fx_code(const struct json *answer);
/* A text below v, "" when there is none. */
const char *fx_text(const struct json *v, const char *path);
int64_t fx_number(const struct json *v, const char *path);

/* The session most tests speak in. */
#define FX_SESSION "{\"client\":\"test/1\",\"version\":1}"
