/* Happy path: the pager brings rows, the listbox keeps the place, a paint
 * draws what is in view and asks for what comes next. End goes on asking until
 * the last row is here.
 * Failure modes: rows come or go while they are looked at (the selection
 * follows its key), an answer fails (the rows stay, the sentence is shown only
 * where there are none), the row beside which a detail stands goes away (so
 * does the detail), a list too long to read to its end (End stops at a bound
 * and says that this is not the last row). */
#include "tui/list_room.h"

#include <string.h>

#include "common/check.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/link.h"
#include "tui/loop.h"
#include "tui/model.h"
#include "tui/tr.h"

/* Rows End reads at most: 50 answers, below half a second. */
enum { CHASE_MAX = 5000 };

static struct list_view *list(struct view *v) {
    return (struct list_view *)v;
}

const char *list_key(struct list_view *l, const void *row) {
    return row ? l->def->rows.key(row) : "";
}

const void *list_view_row(struct list_view *l) {
    return pager_row(l->pager, l->box.selected);
}

static void remember(struct list_view *l) {
    const void *row = list_view_row(l);
    if (row) {
        (void)str_copy(l->selected, sizeof l->selected, list_key(l, row));
    }
}

/* On the way to the last row: its end is reached, or given up with a word. */
static void chase(struct list_view *l) {
    if (pager_ended(l->pager) || pager_error(l->pager)[0]) {
        l->chasing = false;
    } else if (l->box.count >= CHASE_MAX) {
        l->chasing = false;
        app_say(l->base.app, ROLE_WARN, "%s", T(UI_LAST_SO_FAR));
    }
    (void)listbox_move(&l->box, LISTBOX_LAST);
}

/* Rows came: keep the selection on its row, wherever that is now. */
static void on_changed(void *arg) {
    struct list_view *l = arg;
    l->box.count = pager_count(l->pager);
    if (l->selected[0] && !str_eq(list_key(l, list_view_row(l)), l->selected)) {
        int64_t i = pager_find(l->pager, l->selected);
        if (i >= 0) {
            listbox_follow(&l->box, i);
        }
    }
    listbox_fix(&l->box);
    if (l->chasing) {
        chase(l);
    }
    remember(l);
    if (l->def->arrived) {
        l->def->arrived(l);
    }
    pager_want(l->pager, l->box.top, l->box.top + l->box.height);
    /* Rows that only pass by on the way to the end are not worth a picture. */
    if (!l->chasing) {
        app_dirty(l->base.app);
    }
}

/* Another list: the place in the old one means nothing. */
static void reload(struct list_view *l) {
    l->box.selected = l->box.top = 0;
    l->chasing = false;
    l->selected[0] = '\0';
    pager_set(l->pager, l->filter,
              l->def->sorts ? l->def->sorts[l->sort] : NULL, l->extra);
    app_dirty(l->base.app);
}

void list_view_init(struct list_view *l, struct app *a,
                    const struct view_ops *ops, const struct list_def *def,
                    const char *filter) {
    REQUIRE(def->n_columns <= COLUMNS_MAX);
    l->base = (struct view){ops, a};
    l->def = def;
    l->box.height = 20;
    l->filter = mem_dup(filter ? filter : "");
    l->pager = pager_create(app_link(a), &def->rows, on_changed, l);
    reload(l);
}

static void clear_marks(struct list_view *l) {
    for (int i = 0; i < l->n_marks; i++) {
        free(l->marks[i].key);
        free(l->marks[i].seen);
    }
    l->n_marks = 0;
}

void list_view_done(struct list_view *l) {
    list_close_beside(l);
    clear_marks(l);
    app_forget(l->base.app, l);
    pager_destroy(l->pager);
    free(l->filter);
    free(l->extra);
}

struct view *list_view_open(struct app *a, const struct view_ops *ops,
                            const struct list_def *def, const char *filter) {
    struct list_view *l = NEW(struct list_view);
    list_view_init(l, a, ops, def, filter);
    return &l->base;
}

void list_view_close(struct view *v) {
    list_view_done(list(v));
    free(v);
}

void list_view_extra(struct list_view *l, const char *extra) {
    free(l->extra);
    l->extra = mem_dup(extra);
    reload(l);
}

const char *list_view_filter(struct view *v) {
    return list(v)->filter;
}

void list_view_set_filter(struct view *v, const char *filter) {
    struct list_view *l = list(v);
    char *copy = mem_dup(filter);
    free(l->filter);
    l->filter = copy;
    reload(l);
}

const char *list_view_ref(struct view *v) {
    remember(list(v));
    return list(v)->selected;
}

/* --- live rows --- */

static void touch_due(void *arg) {
    struct list_view *l = arg;
    touch_done(&l->touch, loop_mono());
    pager_refresh(l->pager, l->box.top, l->box.top + l->box.height);
}

void list_view_touch(struct list_view *l) {
    struct loop *loop = app_loop(l->base.app);
    if (!loop_timer_pending(loop, touch_due, l)) {
        loop_timer(loop, touch_wait(&l->touch, loop_mono()), touch_due, l);
    }
}

/* Which events may change a row of this list. Notes are in no row; a shop tells
 * of one with every change of a status, and often before that change. */
static bool touches(const struct list_view *l, const struct view_event *e) {
    const char *part = json_string(json_get(e->data, "part"));
    if (str_eq(part, "notes") || str_eq(part, "work")) {
        return false;
    }
    return str_eq(e->topic, l->def->topic) || str_eq(e->topic, "system") ||
           (str_eq(l->def->topic, "store") && view_event_moves_store(e));
}

void list_view_event(struct view *v, const struct view_event *e) {
    struct list_view *l = list(v);
    if (touches(l, e)) {
        list_view_touch(l);
    }
    if (l->beside && l->beside->ops->event) {
        l->beside->ops->event(l->beside, e);
    }
}

void list_view_shown(struct view *v) {
    pager_want(list(v)->pager, list(v)->box.top,
               list(v)->box.top + list(v)->box.height);
}

/* --- marks --- */

int list_mark_of(const struct list_view *l, const char *key) {
    for (int i = 0; i < l->n_marks; i++) {
        if (str_eq(l->marks[i].key, key)) {
            return i;
        }
    }
    return -1;
}

static const char *seen_of(struct list_view *l, const void *row) {
    return row && l->def->seen ? l->def->seen(row) : "";
}

/* Marking goes on to the next row, so that Space marks a run. */
static void toggle_mark(struct list_view *l) {
    const char *key = list_key(l, list_view_row(l));
    int i = list_mark_of(l, key);
    if (i >= 0) {
        free(l->marks[i].key);
        free(l->marks[i].seen);
        l->marks[i] = l->marks[--l->n_marks];
    } else if (key[0] && l->n_marks < LIST_MARKS_MAX) {
        l->marks[l->n_marks++] = (struct list_mark){
            mem_dup(key), mem_dup(seen_of(l, list_view_row(l)))};
    }
    (void)listbox_move(&l->box, LISTBOX_DOWN);
}

/* What the row shows now, if it is here; else what it showed when marked. */
static const char *seen_mark(struct list_view *l, const struct list_mark *m) {
    int64_t i = pager_find(l->pager, m->key);
    return i >= 0 ? seen_of(l, pager_row(l->pager, i)) : m->seen;
}

int list_view_each(struct list_view *l, list_row_fn *fn, void *arg) {
    REQUIRE(fn != NULL);
    const void *row = list_view_row(l);
    const char *key = list_key(l, row);
    if (l->n_marks == 0) {
        if (key[0]) {
            fn(key, seen_of(l, row), arg);
        }
        return key[0] ? 1 : 0;
    }
    for (int i = 0; i < l->n_marks; i++) {
        fn(l->marks[i].key, seen_mark(l, &l->marks[i]), arg);
    }
    return l->n_marks;
}

/* --- actions --- */

static bool move_action(enum action_id action, enum listbox_move *ret) {
    static const struct {
        enum action_id action;
        enum listbox_move move;
    } moves[] = {
        {ACTION_UP, LISTBOX_UP},
        {ACTION_DOWN, LISTBOX_DOWN},
        {ACTION_PAGE_UP, LISTBOX_PAGE_UP},
        {ACTION_PAGE_DOWN, LISTBOX_PAGE_DOWN},
        {ACTION_FIRST, LISTBOX_FIRST},
        {ACTION_LAST, LISTBOX_LAST},
    };
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
        if (moves[i].action == action) {
            *ret = moves[i].move;
            return true;
        }
    }
    return false;
}

static void next_sort(struct list_view *l) {
    AUTO_BUF struct buf b = BUF_INIT;
    char name[40];
    l->sort = l->def->sorts[l->sort + 1] ? l->sort + 1 : 0;
    reload(l);
    const char *sort = l->def->sorts[l->sort];
    (void)str_format(name, sizeof name, "%s%s", *sort == '-' ? "desc_" : "",
                     sort + (*sort == '-'));
    TF(&b, MESSAGE_SORTED, "column", tr_word("sort", name));
    app_say(l->base.app, ROLE_NORMAL, "%s", buf_str(&b));
}

const char *list_view_sort(struct view *v) {
    struct list_view *l = list(v);
    return l->def->sorts ? l->def->sorts[l->sort] : "";
}

void list_view_sort_by(struct view *v, const char *sort) {
    struct list_view *l = list(v);
    int was = l->sort;
    l->sort = 0;
    for (int i = 0; l->def->sorts && l->def->sorts[i]; i++) {
        if (str_eq(l->def->sorts[i], sort)) {
            l->sort = i;
        }
    }
    if (l->sort != was) {
        reload(l);
    }
}

unsigned list_view_action(struct view *v, enum action_id action) {
    struct list_view *l = list(v);
    enum listbox_move move;
    l->chasing = action == ACTION_LAST && !pager_ended(l->pager);
    if (move_action(action, &move)) {
        (void)listbox_move(&l->box, move);
        remember(l);
        pager_want(l->pager, l->box.top, l->box.top + l->box.height);
        return VIEW_DONE;
    }
    switch (action) {
    case ACTION_OPEN:
        remember(l);
        if (l->def->detail && list_view_row(l)) {
            app_push(v->app, l->def->detail, l->selected);
        }
        return VIEW_DONE;
    case ACTION_FILTER_CLEAR:
        clear_marks(l);
        list_view_set_filter(v, "");
        return VIEW_DONE;
    case ACTION_MARK:
        toggle_mark(l);
        remember(l);
        return VIEW_DONE;
    case ACTION_SORT:
        if (l->def->sorts) {
            next_sort(l);
        }
        return VIEW_DONE;
    default:
        return VIEW_IGNORED;
    }
}
