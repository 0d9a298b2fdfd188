/* A pass: one walk over one collection of one store, from first request to
 * last commit. What differs between kinds of passes stands in pass_ops; what
 * they share (fetching, intake, counting, ending) stands here.
 *
 * Happy path: pass_start -> ops.pump sends requests within the pass's budget
 * -> each good answer goes through intake -> ops.parsed plans on -> ops.applied
 * -> when the ops say finished and nothing is outstanding, the end callback.
 * Failure modes: a fault ends the pass (ops.fault may cure it); pass_stop ends
 * it early. Either way the end callback comes only when the last request and
 * the last job are back, so that the owner may free everything. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/env.h"
#include "shop/shop.h"
#include "sync/collection.h"
#include "sync/intake.h"
#include "sync/rate.h"
#include "sync/scan.h"
#include "sync/walk.h"

struct pass;
struct fetch;

struct pass_ops {
    const char *step; /* "open" "scan" "changes" "notes" "full" "sweep" */
    /* Send what may be sent now (pass_fetch); called after every event. */
    void (*pump)(struct pass *p);
    /* A good answer: true when the ops took it over whole (its body too), and
     * will call pass_turn. NULL or false: it goes through intake. */
    bool (*take)(struct pass *p, struct fetch *f, struct shop_answer *a);
    /* A page is parsed: plan on; may call intake_checkpoint. */
    void (*parsed)(struct pass *p, struct fetch *f, struct intake *in,
                   const struct page *page);
    /* Its rows are in the mirror (or compared). */
    void (*applied)(struct pass *p, struct fetch *f,
                    const struct intake_result *r);
    /* A fault: true = cured, the pass goes on. NULL: never. */
    bool (*fault)(struct pass *p, struct fetch *f, const struct shop_fault *e);
    bool (*finished)(const struct pass *p);
    void (*done)(struct pass *p); /* free what the ops allocated; may be NULL */
};

enum { PASS_FETCHES = 36 };

/* One request of a pass with its way through intake. */
struct fetch {
    struct pass *pass;
    struct shop_call *call;     /* while at the shop */
    struct scan_window *window; /* scans */
    int64_t id;                 /* single objects, notes: the order */
    size_t at;                  /* full: which suspect */
    int64_t total;              /* X-WP-Total of the answer, -1 absent */
    int64_t date_ms;            /* the shop's clock */
    int64_t sent_seq;           /* of the request */
    int asked;                  /* rows asked for */
    bool used;
    bool one; /* an object was asked for, not a list */
};

struct pass_counts {
    int64_t rows, inserted, changed, same, stale, aside, gone, requests;
    int64_t told; /* put on the wake list */
};

struct pass_where { /* what a pass works on; borrowed */
    struct db *db;
    const struct env *env;
    struct shop *shop;
    int64_t store_id;
};

typedef void (*pass_end_fn)(struct pass *p, void *arg);
typedef void (*pass_progress_fn)(struct pass *p, void *arg);

struct pass {
    const struct pass_ops *ops;
    struct pass_where w;
    enum sync_collection c;
    enum shop_prio prio;
    int rows; /* a page asked for */
    bool compare, skip_same, bulk;
    bool scheduled;       /* nobody asked for it: its requests count */
    int64_t charged;      /* of them, counted so far */
    struct checkpoint cp; /* as the pass knows it; the owner takes it over */
    int64_t started_mono;
    int64_t done, total; /* rows */
    struct rate rate;
    struct pass_counts counts;
    int status; /* 0, or why it ended */
    struct error error;
    bool stopping;
    struct fetch fetches[PASS_FETCHES];
    int outstanding;        /* fetches in use */
    struct env_timer *turn; /* a turn is due from the loop */
    pass_end_fn end;
    pass_progress_fn progress;
    void *arg;

    /* state of the kinds */
    struct scan scan;
    bool scan_known; /* the total is known, windows can be made */
    struct walk walk;
    int stage;            /* open, changes, full: which part */
    int64_t page, parsed; /* open orders: pages asked for, and parsed */
    int64_t soon_ms;      /* the same: as in sync_options */
    int64_t shop_date_ms; /* shop's clock at the first answer */
    int64_t overlap_ms;   /* changes: rows commit later than stamped */
    bool resumed;         /* a scan that goes on where a crash left it */
    int64_t *ids;         /* notes: orders; full: ids seen */
    size_t n_ids, at_id, cap_ids;
    struct full *full;       /* pass_full.c */
    struct sweep *sweep;     /* pass_sweep.c */
    bool noted;              /* notes: a slice of the sweep */
    int64_t notes_left;      /* of it: orders behind this slice */
    char open_statuses[512]; /* comma list for the open pass */
};

/* New pass; nothing is sent before pass_start. */
struct pass *pass_new(const struct pass_ops *ops, const struct pass_where *w,
                      enum sync_collection c, const struct checkpoint *cp);
/* Begin to send. `end` is called exactly once, `progress` after each page. */
void pass_start(struct pass *p, pass_end_fn end, pass_progress_fn progress,
                void *arg);
/* End early with `status` (0 = as a success); end follows when all is back. */
void pass_stop(struct pass *p, int status);
/* Only after end was called, or never started. NULL is fine. */
void pass_free(struct pass *p);

/* For the ops: look again whether something can be sent or all is over (an own
 * job came back). */
void pass_turn(struct pass *p);
/* For the ops: a free fetch or NULL (budget used up). */
struct fetch *pass_room(struct pass *p);
/* Send; `f` came from pass_room. kind/parent for intake are the pass's own. */
void pass_fetch(struct pass *p, struct fetch *f, const struct shop_request *r);
/* End with an error of our own. */
void pass_fail(struct pass *p, int code, const char *where, const char *text);
/* Remember an id that was seen (verify, full scans). */
void pass_saw(struct pass *p, const int64_t *ids, size_t n);

extern const struct pass_ops pass_scan_ops;    /* pass_scan.c */
extern const struct pass_ops pass_changes_ops; /* pass_changes.c */
extern const struct pass_ops pass_open_ops;    /* pass_open.c */
extern const struct pass_ops pass_notes_ops;   /* pass_notes.c */
extern const struct pass_ops pass_full_ops;    /* pass_full.c */
extern const struct pass_ops pass_sweep_ops;   /* pass_sweep.c */

/* The parts of a scan that a full pass shares (pass_scan.c). */
void scan_pump(struct pass *p);
void scan_parsed(struct pass *p, struct fetch *f, struct intake *in,
                 const struct page *page);
bool scan_fault(struct pass *p, struct fetch *f, const struct shop_fault *e);
bool scan_over(const struct pass *p);
