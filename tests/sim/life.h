/* One life of the daemon: from a start to a crash. Its database is in memory;
 * what was committed is carried over into the next life, nothing else. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/env.h"
#include "db/db.h"
#include "net/http.h"

struct http_call;
struct kept;
struct sim;
struct sync;

struct life {
    struct sim *sim;
    struct env env;
    struct db *db;
    struct kept *kept;
    struct sync *sync;
    struct http_transport transport;
    struct http_call *calls; /* requests nobody answered yet */
    int64_t store;           /* id of the one store */
    bool dead, stopped;
};

/* The first start: an empty database, a store. */
void life_begin(struct sim *s);
/* Kill it at this moment; jobs not run are lost, answers not heard too. Start
 * again from what was committed, or from the old copy when that is to be
 * restored. */
void life_crash(struct sim *s);
/* Stop in good order and free. */
void life_end(struct sim *s);
/* Take a copy of the database as a backup would. */
void life_copy(struct sim *s);

/* Is a database job waiting, or an answer of one? */
bool life_busy(const struct life *l);
/* Run one job, or hand out what is done. */
void life_step(struct sim *s);

/* One integer of the database; -1 no row. */
int64_t life_number(struct life *l, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Run a job at once. */
int life_job(struct life *l, db_job job, void *arg);
