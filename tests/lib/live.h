/* A demo shop and the engine in this process, with a store that runs by itself
 * once live_run is called: for what happens without anybody asking. */
#pragma once

#include <stddef.h>

#include "model/mirror.h"
#include "tests/lib/engine.h"
#include "tests/lib/shop_proc.h"

struct live {
    struct engine e;
    struct shop_proc shop;
    int64_t store;
};

/* A shop with these arguments (NULL ends them), mirrored whole and paused.
 * so: as engine_start_with. */
void live_start(struct live *l, const struct sync_options *so, ...)
    __attribute__((sentinel));
void live_done(struct live *l);
/* Stop the engine and start it again on the same folder. */
void live_restart(struct live *l, const struct sync_options *so);

/* Pause the store; returns when it is at rest. */
void live_pause(struct live *l);
/* Let it run; returns when its first passes are over, or at once. */
void live_run(struct live *l);
void live_run_on(struct live *l);

/* POST to the shop's admin door. */
void live_door(struct live *l, const char *path, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* The n-th id of a kind, counted from 0. */
int64_t live_id(struct live *l, const char *kind, int n);
/* Requests the shop got on that route, as in "GET /wc/v3/orders/{id}" ("": on
 * all), since the last call. */
int64_t live_requests(struct live *l, const char *route);

/* One integer from the mirror by SQL; INT64_MIN: no row. */
int64_t live_sql(struct live *l, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Turn until the SQL gives that number; fails the test after a minute. */
void live_until(struct live *l, int64_t wanted, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Put it on the wake list and tell the engine. */
void live_told(struct live *l, enum mirror_kind kind, int64_t id);
/* Turn until nothing waits on the wake list. */
void live_heard(struct live *l);

/* Verify, and fail the test on any difference. */
void live_assert_true(struct live *l);
