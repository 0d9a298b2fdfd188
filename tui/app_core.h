/* The program's state, shared by the app_*.c files alone. */
#pragma once

#include <signal.h>

#include "common/zone.h"
#include "tui/app.h"
#include "tui/key.h"
#include "tui/keymap.h"
#include "tui/link.h"
#include "tui/loop.h"
#include "tui/model.h"
#include "tui/prompt.h"
#include "tui/tr.h"
#include "tui/view.h"

enum { APP_DEPTH = 12, APP_STORES = 128, APP_CHANGES = 64 };

enum app_input {
    INPUT_KEYS,    /* keys run actions */
    INPUT_FILTER,  /* the filter line is being typed */
    INPUT_CONFIRM, /* a word is being typed */
};

struct app_confirm {
    char *question, *word; /* owned */
    void (*done)(void *arg, const char *word);
    void *arg;
};

struct app_job {
    char id[40]; /* "" while not begun */
    char *label; /* owned; NULL: no job */
    char method[40];
    int64_t done, total, rate, eta_s; /* over all stores; -1 unknown */
};

/* A change this terminal made: what becomes of it is said here. */
struct app_change {
    struct app *app;
    char id[28]; /* "" while the daemon has not answered */
    char ref[REF_TEXT];
    bool over; /* nothing more comes of it without a person */
};

/* Keys that wait for what a view is about. */
enum { APP_AHEAD = 64 };
struct app_ahead {
    int keys[APP_AHEAD], n; /* n 0: none */
    const struct view *view;
};

struct app {
    struct loop *loop;
    struct link *link;
    struct screen *screen; /* NULL in --plain */
    struct keymap keymap;
    struct zone *zone;
    bool read_only, plain;

    struct view *roots[VIEW_COUNT]; /* opened root screens, kept */
    struct view *stack[APP_DEPTH];  /* stack[0] is one of the roots */
    int depth;

    enum app_input input;
    struct prompt prompt;
    struct prompt_history history[VIEW_COUNT];
    struct app_confirm confirm;
    int prefix;           /* first key of a sequence, 0 none */
    int64_t stray_ms;     /* a key that meant nothing came then; 0: none */
    struct key_tail tail; /* late escape tails */
    bool pasting;

    char message[400];
    int message_role;
    int64_t said_ms; /* when it was said, monotonic; 0: it is news of others */
    struct app_job job;

    struct app_change own[APP_CHANGES]; /* a ring, newest before own_next */
    int own_next;

    struct store_row stores[APP_STORES]; /* for freshness in the frame */
    int n_stores;
    bool stores_known; /* they were read once */
    int64_t changed;   /* events counted for the next message */
    char changed_store[33], changed_topic[16], changed_ref[REF_TEXT];

    struct app_ahead ahead;
    int after; /* action to run next turn, -1 none */
    bool dirty, quit;
    bool was_up;  /* the link had been up before */
    bool signing; /* the daemon asked who this is */
    int exit_status;
};

/* app_input.c: one key; everything typed goes through here. */
void app_key(struct app *a, int key);
void app_filter_begin(struct app *a, const char *text);

/* app_ahead.c: true: the key of that action, or any key behind it, waits. */
bool app_ahead_begin(struct app *a, enum action_id action, int prefix, int key);
bool app_ahead_key(struct app *a, int key);
/* Once a turn: what waited goes on, or is given up. */
void app_ahead_turn(struct app *a);

/* app_frame.c: paint all. */
void app_paint(struct app *a);
/* The hint line of the top view. */
void app_hints(struct app *a, struct buf *out);
/* Freshness of the stores: "alpine <1m  peak blocked". */
void app_freshness(struct app *a, struct buf *out, int *ret_role);
/* The bar's title: "Orders", "Order alpine:1779". */
void app_title(struct app *a, struct buf *out);

/* app_events.c */
void app_on_event(void *arg, const struct json *params);
void app_stores_read(struct app *a);
void app_job_event(struct app *a, const struct json *data);

/* app_changes.c: an event of topic "change", or after a gap of the feed. */
void app_change_event(struct app *a, const struct json *data);
void app_changes_read(struct app *a);
/* Is this object one we just wrote to? */
bool app_change_ours(const struct app *a, const char *ref);

/* app_view.c: why an action may not run here, TEXT_COUNT: it may. */
enum text_id app_refuses(struct app *a, enum action_id action);
/* app_saved.c: go to the list behind g and that digit (1..9); keep the list on
 * top behind a key that is picked then. */
void app_saved_open(struct app *a, int slot);
void app_saved_keep(struct app *a);

/* The stack. */
struct view *app_top(struct app *a);
void app_close_all(struct app *a);

/* app_complete.c: candidates for the filter line. */
prompt_complete_cb app_complete;
void app_keys_read(struct app *a, const char *list);
/* Is the typed filter right? Otherwise says where and why, cursor there. */
bool app_filter_check(struct app *a);

/* app_plain.c: the line mode's loop. */
void app_plain_run(struct app *a);
