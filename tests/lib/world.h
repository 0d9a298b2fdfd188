/* A demo shop, a real fulexod and a client of it: what most tests of the whole
 * begin with. */
#pragma once

#include "tests/lib/daemon.h"
#include "tests/lib/shop_proc.h"

enum { WORLD_JOB_MS = 60000 }; /* longest a job may take on a loaded machine */

struct world {
    struct shop_proc shop; /* pid 0: none */
    struct daemon_proc d;
    struct rpc_client c;
    bool connected;
    char store[40]; /* of world_store last; "": none */
};

/* The shop with these arguments (NULL ends them), a daemon, a client. */
void world_start(struct world *w, ...) __attribute__((sentinel));
/* The daemon and a client alone. */
void world_start_daemon(struct world *w);
void world_done(struct world *w);

/* Connect the client again, to a daemon that was started again. */
void world_connect(struct world *w);
void world_disconnect(struct world *w);

/* stores.create of the shop under that name; more: further members as JSON
 * text behind a comma, or "". Fails the test unless it is connected. */
void world_store(struct world *w, const char *name, const char *more);

/* Parameters as printf: the result of a job that must end done. */
const struct json *world_job(struct world *w, const char *method,
                             const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* The same of a short method. */
const struct json *world_call(struct world *w, const char *method,
                              const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* A member of an object as a number; fails the test when it is none. */
int64_t world_number(const struct json *v, const char *key);

/* stores.verify of that store, else of all; fails the test unless there is no
 * difference (they are printed) in `rows` objects or more. */
void world_assert_true(struct world *w, int64_t rows);

/* POST to the shop's admin door. */
void world_door(struct world *w, const char *path, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Ids of the shop's objects of a kind; at most n, returns how many. */
size_t world_ids(struct world *w, const char *kind, int64_t *ids, size_t n);

/* Milliseconds of a steady clock. */
int64_t world_mono(void);
/* Poll until fn(w, arg) is true; false after timeout_ms. */
bool world_until(struct world *w, bool (*fn)(struct world *w, void *arg),
                 void *arg, int timeout_ms);
