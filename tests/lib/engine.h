/* The sync engine in one process, without sockets of ours: a uv loop, a real
 * database in a scratch folder, curl, and stores with the demo shop's keys. */
#pragma once

#include <uv.h>

#include "common/env.h"
#include "db/db.h"
#include "net/http.h"
#include "sync/sync.h"

struct kept;

struct engine {
    char dir[64];
    uv_loop_t loop;
    struct env env;
    struct db *db;
    struct http *http;
    struct http_transport transport;
    struct kept *kept;
    struct sync *sync;
    bool done; /* the wait that is going on is over */
    struct sync_result result;
    char report[8192];
    int progress; /* calls seen */
};

/* Start on a folder; NULL: a new scratch folder. Fails the test on error. */
void engine_start(struct engine *e, const char *dir);
/* The same with these intervals and ceilings; NULL: the defaults. */
void engine_start_with(struct engine *e, const char *dir,
                       const struct sync_options *more);
/* Stop; `keep` leaves the folder for a restart. */
void engine_stop(struct engine *e, bool keep);

/* Insert a paused store (nothing runs by itself); returns its id. */
int64_t engine_store(struct engine *e, const char *name, const char *url,
                     const char *auth);

/* Run and wait; the outcome stands in e->result. Returns its status. */
int engine_sync(struct engine *e, int64_t store, unsigned collections,
                bool full);
int engine_verify(struct engine *e, int64_t store);
/* Turn the loop for that long. */
void engine_turn(struct engine *e, int64_t ms);

/* Run a job on the database and wait. */
int engine_job(struct engine *e, db_job job, void *arg);
