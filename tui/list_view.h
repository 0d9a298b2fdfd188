/* The list every list screen is: filter, sort, columns, marks, live rows, and
 * the detail beside it when there is room. A screen adds what its rows are. */
#pragma once

#include "tui/columns.h"
#include "tui/listbox.h"
#include "tui/pager.h"
#include "tui/touch.h"
#include "tui/view.h"

struct list_view;

struct list_def {
    struct pager_def rows;
    const char *topic; /* events that touch its rows */
    const struct column *columns;
    int n_columns;
    const char *const *sorts; /* NULL-ended; the first is the default */
    /* Text and role of one cell. */
    void (*cell)(struct app *a, const void *row, int column, struct buf *out,
                 int *ret_role);
    /* What a person sees of the row that an act on it starts from: goes with
     * its mark. May be NULL. */
    const char *(*seen)(const void *row);
    const struct view_ops *detail; /* opened with the row's key; may be NULL */
    /* How many there are in all when the daemon did not say, -1 unknown: from
     * counts the screen has anyway. May be NULL. */
    int64_t (*total)(struct list_view *l);
    /* Rows came, or the reason why none do; may be NULL. */
    void (*arrived)(struct list_view *l);
    enum text_id empty;    /* what to say when there is nothing */
    enum text_id no_match; /* when nothing fits the filter; 0: the usual */
    enum text_id count;    /* "{n} products", for list_view_head */
};

enum { LIST_MARKS_MAX = 500 };

struct list_mark {
    char *key, *seen; /* owned */
};

struct list_view {
    struct view base; /* first: a view is a list_view */
    const struct list_def *def;
    struct pager *pager;
    struct listbox box;
    char *filter, *extra;
    int sort;
    char selected[400]; /* key of the selected row */
    struct list_mark marks[LIST_MARKS_MAX];
    int n_marks;
    struct touch touch;  /* when its rows were asked for */
    struct view *beside; /* detail at the right, or NULL */
    char beside_key[400];
    bool chasing; /* on the way to the last row, page by page */
};

/* Build the common part: `v` is zeroed memory of the screen's own struct that
 * begins with a list_view. */
void list_view_init(struct list_view *l, struct app *a,
                    const struct view_ops *ops, const struct list_def *def,
                    const char *filter);
void list_view_done(struct list_view *l);

/* Ask for the list again with other parameters (JSON members, or NULL). */
void list_view_extra(struct list_view *l, const char *extra);

/* The selected row, or NULL. */
const void *list_view_row(struct list_view *l);
/* Call fn for each marked row, else for the selected one, with its key and what
 * was seen of it; returns how many. */
typedef void list_row_fn(const char *key, const char *seen, void *arg);
int list_view_each(struct list_view *l, list_row_fn *fn, void *arg);
/* Why there is no row: loading, an error, a filter nothing matches ... */
const char *list_view_why_empty(const struct list_view *l);
/* Re-read the rows on the screen as soon as tui/touch.h says. */
void list_view_touch(struct list_view *l);

/* Ready-made view_ops of a list. */
struct view *list_view_open(struct app *a, const struct view_ops *ops,
                            const struct list_def *def, const char *filter);
void list_view_close(struct view *v);
void list_view_draw(struct view *v, const struct pane *body);
unsigned list_view_action(struct view *v, enum action_id action);
void list_view_event(struct view *v, const struct view_event *e);
void list_view_shown(struct view *v);
/* How many there are in all, when known. */
void list_view_head(struct view *v, struct buf *out);
void list_view_position(struct view *v, struct buf *out);
const char *list_view_filter(struct view *v);
void list_view_set_filter(struct view *v, const char *filter);
const char *list_view_ref(struct view *v);
/* The sort it is in, "" when it has none; and by name, "" the list's own. */
const char *list_view_sort(struct view *v);
void list_view_sort_by(struct view *v, const char *sort);
void list_view_plain(struct view *v, struct buf *out);
void list_view_pick(struct view *v, int number);

#define LIST_VIEW_OPS                                                          \
    .close = list_view_close, .draw = list_view_draw,                          \
    .shown = list_view_shown, .position = list_view_position,                  \
    .filter = list_view_filter, .set_filter = list_view_set_filter,            \
    .ref = list_view_ref, .plain = list_view_plain, .pick = list_view_pick
