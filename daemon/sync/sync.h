/* The sync engine: one small state machine per store keeps the mirror true.
 *
 * Happy path: sync_start loads the stores; each gets a struct shop and a
 * schedule. A store is `new` until its first sync is through: open orders,
 * then products, then all else (useful first). From then on incremental
 * passes run every `interval`, customers and categories by sweep, and by hand
 * through sync_run. All rows travel shop -> parse job -> write job, and each
 * write job carries the checkpoint that led to it.
 * Failure modes: a shop's error ends the pass with its class, sets the store's
 * state with reason, and backs off; a failed write drops the pass, memory is
 * rebuilt from checkpoints; a crash is the same. Rows that do not decode are
 * set aside and never stop a page. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/err.h"
#include "model/store.h"

struct arena;
struct buf;
struct db;
struct env;
struct http_transport;
struct sync;

/* Names for --only, in first-sync order. */
enum sync_collection {
    SYNC_ORDERS,
    SYNC_PRODUCTS,
    SYNC_VARIATIONS,
    SYNC_CATEGORIES,
    SYNC_REFUNDS,
    SYNC_CUSTOMERS,
    SYNC_NOTES,
    SYNC_COLLECTIONS /* how many */
};
const char *sync_collection_name(enum sync_collection c);
/* Index, or ERR_INVALID. */
int sync_collection_parse(const char *name);
enum { SYNC_ALL_COLLECTIONS = (1u << SYNC_COLLECTIONS) - 1 };

enum {
    SYNC_UNKNOWN_QUIET_S = 120,
    SYNC_PER_HOUR_MIN = 20, /* requests; below it nothing would be fresh */
};

struct sync_options {
    struct db *db;
    const struct env *env;
    const struct http_transport *http;
    const char *user_agent;
    int64_t interval_open_s; /* something is open on a screen; default 60 */
    int64_t interval_s;      /* else; default 300 */
    int64_t open_s;          /* open orders are read in full; default 300 */
    int64_t stock_s;         /* stock is looked over; default 1 h */
    int64_t sweep_s; /* ids, trash, notes, what has no dates; default 6 h */
    int64_t deep_s;  /* all is read in full; default 1 day, where orders have
                        tables of their own seven times that */
    int64_t requests_per_hour; /* of all these and the passes for changes, for
                                  a store; default 600. They get rarer */
    int64_t overlap_s;         /* incremental overlap; default 120 */
    int page_rows;             /* asked for at once; default 100 */
    int64_t soon_ms;           /* a first scan of orders that takes no longer
                                  needs no open ones before it; default 20 s */
    int64_t unknown_quiet_s;   /* a write without an answer is looked for after
                                  that, at least; less than the default of
                                  120: after just that */
    int ceiling_first;         /* requests in flight in a first sync; 4 */
    int ceiling;               /* otherwise; 2 */
    int timeout_s;             /* one request; default 60 */
    /* Opens sealed keys: 0 and texts in the arena, or an error. */
    int (*open_keys)(void *self, const struct store *s, struct arena *a,
                     const char **key, const char **secret);
    void *open_keys_self;
    /* Where shops reach us, "https://fulexo.example"; NULL or "": they do not,
     * and no webhooks are made. Copied. */
    const char *public_url;
    /* Seal the secret of a store's webhooks (appends), and open it again; self
     * is open_keys_self. Not asked for without a public_url. */
    void (*seal_hook)(void *self, const struct store *s, const char *secret,
                      struct buf *ret_sealed);
    int (*open_hook)(void *self, const struct store *s, const void *sealed,
                     size_t n, struct buf *ret_secret);
    /* A store's status changed (progress too: often); may be NULL. */
    void (*changed)(void *self, int64_t store_id);
    void *changed_self;
};

/* Load stores and start their schedules. */
int sync_start(const struct sync_options *o, struct sync **ret);
/* Cancel what is in flight; stopped(arg) fires on the loop when nothing runs
 * any more, and only then may the db be closed. The sync is freed by then. */
void sync_stop(struct sync *s, void (*stopped)(void *arg), void *arg);

/* A store was created, changed (keys, pause, interval ...) or removed: read it
 * again from the database and act on it. */
void sync_store_changed(struct sync *s, int64_t store_id);

/* A change of that store was committed: it is sent without waiting for the next
 * pass. Nothing happens for a store that is not there (yet). */
void sync_push(struct sync *s, int64_t store_id);
/* Of every store: a restored file was resumed. */
void sync_push_all(struct sync *s);
/* The same for objects to be read again (wake_put): now, not with the next
 * pass. */
void sync_wake(struct sync *s, int64_t store_id);

/* Other intervals and requests an hour, from the next pass of each store on:
 * these members of the options, the others are not looked at. */
void sync_set_schedule(struct sync *s, const struct sync_options *o);

/* Another address, or NULL or "", as in the options: webhooks are moved, made
 * or deleted. */
void sync_set_public_url(struct sync *s, const char *url);

/* Somebody has something open on a screen: the shorter interval applies. */
void sync_attention(struct sync *s, bool on);

/* Progress of a run: called on every page and at state changes. */
struct sync_progress {
    int64_t store_id;
    const char *collection; /* "" between collections */
    const char *step;       /* "open", "scan", "changes", "notes", "verify" */
    int64_t done, total;    /* rows; total 0: unknown */
    int64_t rate_milli;     /* rows per 1000 s, over the last seconds */
    int64_t eta_s;          /* -1 unknown */
};

/* What happened to one collection in a run. */
struct sync_collection_result {
    bool used; /* the run touched it */
    int64_t rows, inserted, changed, same, aside, gone, requests, ms;
};

/* One store's outcome of a run or verify. */
struct sync_result {
    int64_t store_id;
    int status; /* 0 or ERR_* */
    struct error error;
    struct sync_collection_result by[SYNC_COLLECTIONS];
    int64_t requests, elapsed_ms;
    int64_t rows; /* of the shop */
    /* verify: JSON {"rows":{collection:n},"differences":n,"list":[{ref,
       collection,what,path,mirror,shop}],"more":n}; valid during done */
    const char *report;
    int64_t differences;
};

struct sync_run;
typedef void (*sync_progress_fn)(const struct sync_progress *p, void *arg);
typedef void (*sync_done_fn)(const struct sync_result *r, void *arg);

/* Bring collections (bit mask) of a store up to date now: the first sync if it
 * is not through, else changes, sweeps and notes. full = read everything again.
 * done is called once. ERR_NOT_FOUND, ERR_BUSY (paused). Runs of one store
 * are merged: a second one rides on what is already on its way. */
int sync_run(struct sync *s, int64_t store_id, unsigned collections, bool full,
             sync_progress_fn progress, sync_done_fn done, void *arg,
             struct sync_run **ret);
/* Compare every object with the shop; nothing is written but the result. */
int sync_verify(struct sync *s, int64_t store_id, sync_progress_fn progress,
                sync_done_fn done, void *arg, struct sync_run **ret);
/* Stop waiting: done is called with ERR_CANCELLED; verify stops. */
void sync_cancel(struct sync *s, struct sync_run *run);

/* Read one order again from the shop, with its notes and refunds; done gets 0,
 * ERR_SHOP_NOT_FOUND (now marked gone) or the error. */
int sync_refresh_order(struct sync *s, int64_t store_id, int64_t remote_id,
                       void (*done)(int status, const struct error *e,
                                    void *arg),
                       void *arg);

/* How fresh what one kind of sweep looks at is. */
struct sync_sweep {
    const char *kind;         /* "open", "stock_products" ... */
    int64_t last_ms, next_ms; /* wall: a whole round ended, the next slice;
                                 0: never, not known */
    int64_t period_s;         /* of whole rounds */
};
enum { SYNC_SWEEPS_MAX = 16 };

/* What a store is doing, for stores.list, monitor and screens. */
struct sync_status {
    bool running; /* a pass is on its way */
    bool first;   /* first sync not through */
    char step[16];
    char collection[16];
    int64_t done, total, rate_milli, eta_s;
    int queue, in_flight; /* requests */
    int concurrency;      /* what AIMD allows now */
    int64_t requests_per_min_milli;
    int64_t latency_us; /* of requests, smoothed; 0: none yet */
    int64_t errors;     /* requests that failed since the start */
    bool circuit_open;
    int64_t retry_at_ms; /* wall clock, 0: none */
    int64_t next_run_ms; /* wall clock, 0: none */
    int64_t fresh_ms;    /* last finished pass of orders, wall clock */
    bool public_url;     /* shops could reach us */
    int hook_code;       /* why its webhooks were not looked after; 0 */
    char hook_text[300];
    int n_sweeps; /* 0 while the store is not read */
    struct sync_sweep sweeps[SYNC_SWEEPS_MAX];
    int64_t per_hour, used; /* requests of the schedule: allowed, and made in
                               the last hour */
    int64_t poll_s;         /* between two passes for changes */
    char last_error[32];    /* error name */
    char last_error_text[300];
};
/* 0 or ERR_NOT_FOUND. Loop thread only. */
int sync_get_status(const struct sync *s, int64_t store_id,
                    struct sync_status *ret);
