/* What hook.c, hook_round.c and hook_ask.c share. Inside the engine only. */
#pragma once

#include "sync/hook_plan.h"
#include "sync/sync_internal.h"

/* A store's errand about our webhooks there. */
struct hook_errand {
    struct store_sync *ss;
    int64_t due;       /* monotonic: next round; 0: when something changes */
    int64_t judge_at;  /* monotonic: pings should have come; 0: none is due */
    int64_t enable_at; /* monotonic: disabled ones not before */
    int64_t enabled;   /* monotonic: when some were last; 0: never */
    int enables;       /* times in a row */
    int failures;      /* rounds in a row */
    bool busy;         /* a round or a job is under way */
    bool cut;          /* to be stopped: after what must not be cut */
    bool leaving;      /* the store was removed: ours are to go */
    bool left;         /* that was tried */
    bool tried_want;   /* what the last round was begun for */
    char tried_base[HOOK_URL];

    /* of this round */
    bool want, held;
    bool moved;  /* pings are due */
    bool enable; /* disabled ones are enabled */
    char url[HOOK_URL];
    char path[HOOK_PATH], secret[HOOK_SECRET];
    struct buf sealed; /* a door that is being made */
    struct hook_set known;
    struct hook_row rows[HOOK_ROWS];
    size_t n_rows;
    int page;
    struct hook_plan plan;
    size_t at;             /* step under way */
    struct hook made;      /* what it came to */
    struct shop_call *get; /* may be cut; NULL */
    int code;              /* how it ended */
    char text[300];
};

/* hook.c */
/* What is wanted there now? */
bool hook_wanted(const struct hook_errand *h);
/* The round is over: 0, or why it was not finished. */
void hook_end(struct hook_errand *h, int code, const char *text);

/* hook_round.c: from what we know to all steps done, then hook_end. ERR_BUSY:
 * it was not begun. */
int hook_round_start(struct hook_errand *h);
/* Did the shop's pings come? Keeps who is unreachable. */
void hook_round_judge(struct hook_errand *h);

/* hook_ask.c: requests, and what their answers say. */
/* The next page of what the shop lists. */
void hook_ask_list(struct hook_errand *h, shop_done_fn done);
/* Ours of the page into h->rows; returns how many rows the page had, or
 * ERR_SHOP_NOT_JSON. */
int hook_ask_listed(struct hook_errand *h, const struct shop_answer *a);
/* The step under way. */
void hook_ask_step(struct hook_errand *h, shop_done_fn done);
/* Overwrite and free. */
void hook_wipe(struct buf *b);
/* The id the shop gave; 0: none. */
int64_t hook_ask_id(const struct shop_answer *a);
