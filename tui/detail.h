/* The page every detail screen is: one object asked for by its reference,
 * kept as it was answered, shown as lines under tabs. A screen adds what the
 * lines of each tab are. */
#pragma once

#include "tui/textview.h"
#include "tui/touch.h"
#include "tui/view.h"

struct arena;
struct json;
struct link_reply;

enum { DETAIL_TABS = 11, DETAIL_PARTS = 7 };

struct detail;

struct detail_tab {
    enum text_id title; /* may hold {n}: the count below */
    /* Lines of the tab; width for prose. */
    void (*lines)(struct detail *d, struct textview *t, int width);
    const char *count; /* path of an array in the object, or NULL; "pending"
                          counts changes, not their fields */
    int part;          /* which further answer it needs, 0: the object alone */
    bool staff;        /* nothing for an owner: not even its title */
};

struct detail_part {
    const char *method; /* "orders.timeline"; part 0 is the object */
    const char *query;  /* NULL, or a list's key: the filter is QUERY:KEY */
    bool number;        /* its key goes as one */
};

struct detail_def {
    struct detail_part parts[DETAIL_PARTS];
    int beside; /* a part asked for with the object, which lines of other tabs
                   show when it is there; 0: none */
    const char *param; /* "ref" or "store"; NULL: none */
    const char *topic; /* events that touch it */
    const struct detail_tab *tabs;
    int n_tabs;
    /* Lines above the tabs, whatever tab is shown; may be NULL. They take at
     * most half of the page. */
    void (*top)(struct detail *d, struct textview *t, int width);
};

/* An answer kept: its own memory. */
struct detail_doc {
    struct arena *arena;
    const struct json *value; /* NULL: not here */
    bool asked, again;        /* touched while asked: once more */
};

struct detail {
    struct view base;
    const struct detail_def *def;
    char key[400];
    struct detail_doc docs[DETAIL_PARTS];
    char error[400];
    int tab;
    struct textview text;
    int lines_width;      /* the lines were made for this width; 0: make anew */
    int64_t lines_minute; /* and in this minute, as they hold ages */
    int lines_stores;     /* and when so many stores were known */
    struct touch touch;   /* when it was asked for */
};

struct view *detail_open(struct app *a, const struct view_ops *ops,
                         const struct detail_def *def, const char *key);
/* The object, NULL while it is not here. */
const struct json *detail_object(const struct detail *d);
const struct json *detail_part(const struct detail *d, int part);
/* Ask for everything again; what is shown stays until the answer. */
void detail_reload(struct detail *d);

void detail_close(struct view *v);
void detail_draw(struct view *v, const struct pane *body);
unsigned detail_action(struct view *v, enum action_id action);
void detail_event(struct view *v, const struct view_event *e);
void detail_shown(struct view *v);
void detail_name(struct view *v, struct buf *out);
const char *detail_ref(struct view *v);
void detail_plain(struct view *v, struct buf *out);
void detail_pick(struct view *v, int number);
enum view_here detail_here(struct view *v);

#define DETAIL_OPS                                                             \
    .close = detail_close, .draw = detail_draw, .event = detail_event,         \
    .shown = detail_shown, .name = detail_name, .ref = detail_ref,             \
    .plain = detail_plain, .pick = detail_pick, .here = detail_here

/* --- lines that several screens have --- */

/* The address v under a label: name, street, place, phone, mail. */
void detail_address(struct textview *t, const char *label,
                    const struct json *v);
/* The changes of part `part`, a list of them; each a link to its page. */
void detail_changes(struct detail *d, struct textview *t, int width, int part);
/* A raw object as indented JSON, one member a line; long texts wrap. */
void detail_raw(struct textview *t, const struct json *v, int width);
