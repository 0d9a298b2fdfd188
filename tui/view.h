/* What a screen is to the program around it, and what it may ask of that
 * program. A view keeps its state, answers keys with actions and draws when
 * asked; it never paints by itself, never knows colours or the terminal. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "actions.gen.h"
#include "common/buf.h"
#include "tui/pane.h"

struct app;
struct json;
struct view;

/* What a handler says to the loop. Painting happens once a turn. */
enum view_result {
    VIEW_IGNORED = 0,
    VIEW_HANDLED = 1,
    VIEW_REDRAW = 2,
    VIEW_CLOSE = 4, /* leave this view */
};
#define VIEW_DONE (VIEW_HANDLED | VIEW_REDRAW)

/* Is what a view shows here? */
enum view_here {
    VIEW_HERE,
    VIEW_COMING,     /* it was asked for */
    VIEW_NOT_COMING, /* refused, or nobody could be asked */
};

/* A change told by the daemon. */
struct view_event {
    const char *topic; /* order product customer change store job sync
                          attention system */
    const char *store; /* "" when no single one is meant */
    const char *ref;   /* "" when many changed */
    const struct json *data;
};

/* Does it change what a store's row says: a pass's progress, a job's end. */
bool view_event_moves_store(const struct view_event *e);

struct view_ops {
    enum action_view id;
    enum text_id title;
    /* arg: a reference, a filter, or NULL. */
    struct view *(*open)(struct app *app, const char *arg);
    void (*close)(struct view *v);
    void (*draw)(struct view *v, const struct pane *body);
    unsigned (*action)(struct view *v, enum action_id action);

    /* The rest may be NULL. */
    unsigned (*key)(struct view *v, int key); /* before the keymap: forms */
    void (*event)(struct view *v, const struct view_event *e);
    void (*shown)(struct view *v);                     /* on top again */
    void (*name)(struct view *v, struct buf *out);     /* behind the title */
    void (*head)(struct view *v, struct buf *out);     /* counts, second line */
    void (*position)(struct view *v, struct buf *out); /* "1-17 of 148" */
    const char *(*filter)(struct view *v);
    void (*set_filter)(struct view *v, const char *filter);
    bool tall;         /* has the line of the counts, too */
    const char *query; /* list whose query keys the filter knows */
    const char *(*ref)(struct view *v); /* what `y` copies */
    /* The same as lines for --plain; numbered lines can be picked. */
    void (*plain)(struct view *v, struct buf *out);
    void (*pick)(struct view *v, int number);
    /* Can this be done with what is selected? What cannot is no hint and does
     * nothing. */
    bool (*offers)(struct view *v, enum action_id action);
    /* What its acts are about; NULL: they need nothing. While it is coming,
     * acts and the keys behind them wait for it. */
    enum view_here (*here)(struct view *v);
};

struct view {
    const struct view_ops *ops;
    struct app *app;
};

/* --- what views ask of the program --- */

struct link *app_link(struct app *a);
struct loop *app_loop(struct app *a);
struct screen *app_screen(struct app *a);
struct keymap *app_keymap(struct app *a);
int64_t app_now(const struct app *a); /* wall clock, ms */
/* The stores as the frame knows them, until the next turn. */
struct store_row;
const struct store_row *app_stores(const struct app *a, int *ret_n);
/* Their names as the choices of a form: "alpine|nordic"; the caller frees. */
char *app_store_names(const struct app *a);
/* They were read and there are none; and what to do about it. */
bool app_without_stores(const struct app *a);
const char *app_no_store_text(struct app *a);

/* "22 Nov 15:12" in the warehouse's zone; "" for 0. */
void app_when(const struct app *a, int64_t ms, struct buf *out);
/* Age of an instant: "3m"; "-" for 0. */
const char *app_age(const struct app *a, int64_t ms);

/* Paint at the end of this turn. */
void app_dirty(struct app *a);

/* Copy by OSC 52. It may be dropped on the way: the text is shown as well. */
void app_copy(struct app *a, const char *text);

/* One line above the hints, until the next; news of others leave it alone for
 * five seconds. printf style. */
void app_say(struct app *a, int role, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* The same for an answer that failed: sentence and cure. */
struct link_reply;
void app_say_error(struct app *a, const struct link_reply *r);

/* Open a view on top; arg as in view_ops.open. */
void app_push(struct app *a, const struct view_ops *ops, const char *arg);
/* The same with a view that is made already; false: there is no room, it is
 * closed. */
bool app_push_view(struct app *a, struct view *v);
/* Close the view on top at once: its memory is gone. */
void app_pop(struct app *a);
/* Close a view that is on top, now or after its handler; if it is not on top
 * any more nothing happens. */
void app_leave(struct app *a, struct view *v);
/* Close a view wherever it stands; its memory is gone. */
void app_drop(struct app *a, struct view *v);
/* Go to a root screen; filter NULL keeps the one it has. */
void app_go(struct app *a, enum action_view screen, const char *filter);

/* Follow a link of a text line: "order alpine:1779", "product alpine:34",
 * "store alpine", "alpine:customer/12", "orders status:processing". An address
 * of the web is copied. */
void app_open(struct app *a, const char *link);

/* May this action run here: role, read-only session, what is selected. */
bool app_allows(struct app *a, enum action_id action);
bool app_read_only(const struct app *a);
/* Whose shop it is looks on, proposes and asks. */
bool app_is_owner(const struct app *a);

/* Speak this language ("tr") from now on. */
void app_speak(struct app *a, const char *lang);

/* Ask to type a word; done(arg, word) runs when it was typed, nothing
 * otherwise. */
void app_confirm(struct app *a, const char *question, const char *word,
                 void (*done)(void *arg, const char *word), void *arg);
/* Forget a confirm, prompt or job of this arg. */
void app_forget(struct app *a, void *arg);

/* Begin a long method and show how far it is in the message line. params as
 * in link_ask; write adds a request_id; label is copied. */
void app_job(struct app *a, const char *method, const char *params, bool write,
             const char *label);

/* Send a write that makes or moves a change of an object ("" while it has no
 * name). Its acceptance and what becomes of it at the shop are said in the
 * message line. */
void app_write(struct app *a, const char *method, const char *params,
               const char *ref);
/* The same for a write whose answer somebody else got. */
void app_change_made(struct app *a, const struct json *ack, const char *ref);

/* Run an action as if its key had been typed in view v. */
void app_act(struct app *a, enum action_id action);

/* The same once this view has closed, in the next turn. */
void app_act_after(struct app *a, enum action_id action);
/* Which view is on top. */
enum action_view app_view_id(struct app *a);

/* The registry: NULL when there is no such screen. */
const struct view_ops *view_find(const char *name);
const struct view_ops *view_of(enum action_view id);
