/* A database in a folder of its own, a loop, and real clocks. */
#pragma once

#include <uv.h>

#include "common/env.h"
#include "db/db.h"
#include "db/sql.h"

struct fixture {
    char dir[64], path[80];
    uv_loop_t loop;
    struct env env;
    struct db *db;
    int jobs;        /* counted by a test's jobs */
    int done;        /* answers seen */
    int status;      /* of the last */
    int order[8192]; /* statuses in order of their answers */
};

/* cmocka setup and teardown: *state = struct fixture, not yet open. */
int fixture_setup(void **state);
int fixture_teardown(void **state);

/* Open with threads, or inline. */
int fixture_open(struct fixture *f, struct error *e);
int fixture_open_inline(struct fixture *f, const char *path);
/* Close and run the loop to its end. */
void fixture_close(struct fixture *f);

/* Run the loop until n answers have come (fails the test after 10 s). */
void fixture_wait(struct fixture *f, int n);
/* A db_done that counts; arg = the fixture. */
void fixture_done(int status, void *arg);

/* Run a write or read job with `arg` and wait; its status. */
int fixture_write(struct fixture *f, db_job job, void *arg);
int fixture_read(struct fixture *f, db_job job, void *arg);

/* SQL on a connection of its own, outside the engine. */
void fixture_sql(const char *path, const char *sql);
int64_t fixture_int(const char *path, const char *sql);

/* Write job: meta row named by arg. */
int job_put(struct db_tx *tx, void *key);
