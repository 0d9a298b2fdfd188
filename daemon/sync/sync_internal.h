/* The engine's own structures, shared by sync.c, store_sync.c and run.c. */
#pragma once

#include "common/env.h"
#include "shop/shop.h"
#include "sync/errand.h"
#include "sync/pass.h"
#include "sync/sweep.h"
#include "sync/sync.h"

/* Somebody waits for a store to be up to date, or verified. */
struct sync_run {
    struct sync_run *next;
    struct store_sync *ss;
    unsigned wanted; /* collections not yet done */
    unsigned all;    /* collections asked for */
    unsigned full;   /* read everything again */
    bool verify;     /* wanted collections are compared */
    int64_t since;   /* monotonic: a pass must have begun after this */
    int64_t started; /* monotonic */
    int status;
    struct error error;
    struct sync_collection_result by[SYNC_COLLECTIONS];
    struct buf rows;    /* verify: members of rows {collection: n} */
    struct buf report;  /* verify: the whole, once all are compared */
    int64_t compared;   /* verify: objects */
    struct buf details; /* verify: elements of list */
    int64_t listed;
    int64_t differences;
    bool cancelled;
    sync_progress_fn progress;
    sync_done_fn done;
    void *arg;
};

enum { SLOT_FAST, SLOT_SLOW, SLOTS };

/* One store. States, derived: stopped, paused, busy (a slot is taken), waiting
 * (timer), as store_sync_tick decides. */
struct store_sync {
    struct store_sync *next;
    struct sync *engine;
    struct store store;
    struct shop *shop; /* NULL: keys could not be opened */
    struct checkpoint cp[SYNC_COLLECTIONS];
    int64_t due_ms[SYNC_COLLECTIONS]; /* monotonic: next changes */
    struct sweep_state sweeps[SWEEPS];
    struct budget budget; /* requests of the schedule */
    int64_t poll_s;       /* between two passes for changes, as the budget
                             allows */
    char open_slugs[512];
    struct pass *slot[SLOTS];
    struct sync_run *slot_run[SLOTS]; /* verify: whose pass it is */
    struct sync_run *runs;
    void *errands[ERRANDS]; /* errand.c; NULL: not started */
    bool pushed;            /* a change is said to wait: the push is to look */
    struct env_timer *timer;
    int failures;     /* in a row, of scheduled passes */
    int64_t retry_ms; /* monotonic: no scheduled pass before; 0 none */
    int jobs;         /* database jobs under way */
    bool loaded;      /* store and checkpoints are read */
    bool reload;      /* read them again when idle */
    int64_t load_ms;  /* monotonic: but not before; 0 at once */
    bool gone;        /* removed: free when idle */
    bool woken;       /* something was put on the wake list */
    bool bulk;        /* this store switched the writer to bulk */
    int64_t fresh_ms; /* wall: last finished pass of orders */
    int hook_code;    /* why our webhooks were not looked after; 0 */
    char hook_text[300];
    int last_code;
    char last_text[300];
};

struct sync {
    struct sync_options o;
    struct shop_hub *hub;
    struct store_sync *stores;
    char *public_url;     /* without trailing slash; NULL: no webhooks */
    int64_t seq, seq_end; /* reserved sequence numbers */
    bool seq_asked;
    bool attention;
    bool started;            /* stores are listed, sequence numbers reserved */
    struct env_timer *again; /* asks for them once more; NULL: not needed */
    bool stopping;
    int jobs;       /* database jobs of the engine itself */
    bool bulk_used; /* one store had its turn */
    void (*stopped)(void *arg);
    void *stopped_arg;
};

/* store_sync.c */
struct store_sync *store_sync_new(struct sync *s, int64_t id);
/* Read the store and its checkpoints again, then tick. */
void store_sync_load(struct store_sync *ss);
/* Start what should run now, and set the timer for what is due later. */
void store_sync_tick(struct store_sync *ss);
/* End passes and runs; store_sync_idle once all are back. */
void store_sync_stop(struct store_sync *ss);
bool store_sync_idle(const struct store_sync *ss);
/* Only when idle. */
void store_sync_free(struct store_sync *ss);
struct store_sync *store_sync_find(const struct sync *s, int64_t id);

/* Tell the outside that its status is another. */
void store_sync_changed(struct store_sync *ss);
int64_t store_sync_mono(const struct store_sync *ss);

/* store_after.c */
void store_sync_state(struct store_sync *ss, int code, const char *text);
/* A pass reached its end: when the next is due, the place it left off, the
 * state without a fault, and its runs are told. */
void store_sync_through(struct store_sync *ss, struct pass *p);
/* A pass ended with an error: the state, and when to try again. */
void store_sync_failed(struct store_sync *ss, struct pass *p);
/* What a full pass looked for one by one and did not find: marked gone in a
 * write job. */
void store_sync_mark_gone(struct store_sync *ss, struct pass *p);

/* plan.c: what should run next; pure. */
struct sync_step {
    const struct pass_ops *ops; /* NULL: nothing */
    enum sync_collection c;
    bool scheduled;          /* nobody asked for it */
    enum sweep_kind sweep;   /* a slice of it; SWEEPS: none */
    struct sync_run *verify; /* compare, for this run */
};
/* What the slot should run at `mono`; ret->ops NULL: nothing. */
void plan_next(const struct store_sync *ss, int slot, int64_t mono,
               struct sync_step *ret);
/* Monotonic time at which the slot may have something to do; 0: not by time. */
int64_t plan_due(const struct store_sync *ss, int slot, int64_t mono);
/* Is the first sync not through yet? */
bool plan_first(const struct store_sync *ss);

/* run.c */
void run_progress(struct store_sync *ss, struct pass *p);
/* A pass some runs waited for went well; sums it up for them. */
void run_pass_done(struct store_sync *ss, struct pass *p);
/* The same, with the error of the pass. */
void run_pass_failed(struct store_sync *ss, struct pass *p);
void run_verified(struct store_sync *ss, struct sync_run *run, struct pass *p);
/* Ends runs that have all they want, were cancelled, or (all) every one. */
void run_sweep(struct store_sync *ss, int all_status);

/* hook.c: our webhooks there. */
extern const struct errand_ops hook_errand_ops;

/* sync.c */
void sync_maybe_stopped(struct sync *s);
/* Between two passes for changes: the store's own, else the default. */
int64_t sync_interval_ms(const struct store_sync *ss);
/* Requests an hour for passes and sweeps: the store's own, else the default. */
int64_t sync_per_hour(const struct store_sync *ss);
