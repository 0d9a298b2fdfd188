/* Happy path: opening asks for the object; its answer is kept, and the tab
 * shown turns it into lines once a width and minute.
 * Failure modes: the object is gone or refused (its sentence stands in place
 * of the lines), a further part fails (the same, in its tab alone), an event
 * touches it (it is asked for again, the old lines stay until then). */
#include "tui/detail.h"

#include <string.h>

#include "common/arena.h"
#include "common/check.h"
#include "common/json.h"
#include "common/jsonw.h"
#include "common/mem.h"
#include "common/str.h"
#include "common/utf8.h"
#include "tui/link.h"
#include "tui/listbox.h"
#include "tui/loop.h"
#include "tui/model.h"
#include "tui/tr.h"

enum { LABEL_WIDTH = 14, TOP_LABEL = 10 };
enum { TAB_GAP = 2, TAB_MARKS = 4 };

static struct detail *detail(struct view *v) {
    return (struct detail *)v;
}

const struct json *detail_object(const struct detail *d) {
    return d->docs[0].value;
}

const struct json *detail_part(const struct detail *d, int part) {
    REQUIRE(part >= 0 && part < DETAIL_PARTS);
    return d->docs[part].value;
}

/* Keep an answer past its callback. */
static void doc_keep(struct detail_doc *doc, const struct json *v) {
    AUTO_BUF struct buf text = BUF_INIT;
    struct arena *fresh = arena_new(16 * 1024);
    const struct json *copy;
    json_print(&text, v);
    if (json_parse(fresh, buf_str(&text), text.len, NULL, &copy, NULL) < 0) {
        arena_free(fresh); /* what was printed did not read: keep the old */
        return;
    }
    arena_free(doc->arena);
    doc->arena = fresh;
    doc->value = copy;
}

static void ask(struct detail *d, int part);

/* A failed answer leaves what was shown before. */
static void accept(struct detail *d, int part, const struct link_reply *r) {
    d->docs[part].asked = false;
    d->lines_width = 0;
    if (r->result) {
        d->error[0] = '\0';
        doc_keep(&d->docs[part], r->result);
    } else if (part == 0 || part != d->def->beside) {
        (void)str_format(d->error, sizeof d->error, "%s %s", r->message,
                         r->hint ? r->hint : "");
    }
    app_dirty(d->base.app);
    if (d->docs[part].again) {
        ask(d, part);
    }
}

static void on_part0(void *arg, const struct link_reply *r) {
    accept(arg, 0, r);
}
static void on_part1(void *arg, const struct link_reply *r) {
    accept(arg, 1, r);
}
static void on_part2(void *arg, const struct link_reply *r) {
    accept(arg, 2, r);
}
static void on_part3(void *arg, const struct link_reply *r) {
    accept(arg, 3, r);
}
static void on_part4(void *arg, const struct link_reply *r) {
    accept(arg, 4, r);
}
static void on_part5(void *arg, const struct link_reply *r) {
    accept(arg, 5, r);
}
static void on_part6(void *arg, const struct link_reply *r) {
    accept(arg, 6, r);
}

/* One question a part at a time. */
static void ask(struct detail *d, int part) {
    static link_cb *const answers[DETAIL_PARTS] = {
        on_part0, on_part1, on_part2, on_part3, on_part4, on_part5, on_part6};
    const struct detail_part *p = &d->def->parts[part];
    AUTO_BUF struct buf b = BUF_INIT;
    struct jsonw w;
    int64_t n;
    if (d->docs[part].asked || !p->method) {
        return;
    }
    d->docs[part].again = false;
    jsonw_init(&w, &b);
    jsonw_begin_object(&w);
    if (p->query) {
        AUTO_FREE char *filter = mem_printf("%s:\"%s\"", p->query, d->key);
        jsonw_kstring(&w, "filter", filter);
    } else if (p->number && str_to_i64(d->key, 1, INT64_MAX, &n) == 0) {
        jsonw_ki64(&w, d->def->param, n);
    } else if (d->def->param) {
        jsonw_kstring(&w, d->def->param, d->key);
    }
    jsonw_end_object(&w);
    d->docs[part].asked = link_ask(app_link(d->base.app), p->method,
                                   buf_str(&b), answers[part], d) == 0;
}

struct view *detail_open(struct app *a, const struct view_ops *ops,
                         const struct detail_def *def, const char *key) {
    struct detail *d = NEW(struct detail);
    REQUIRE(key != NULL && def->n_tabs <= DETAIL_TABS);
    d->base = (struct view){ops, a};
    d->def = def;
    d->text.label_width = LABEL_WIDTH;
    (void)str_copy(d->key, sizeof d->key, key);
    ask(d, 0);
    if (def->beside > 0) {
        ask(d, def->beside);
    }
    return &d->base;
}

/* An answer on its way may be older than what touched it. */
static void ask_anew(struct detail *d, int part) {
    d->docs[part].again = d->docs[part].asked;
    ask(d, part);
}

void detail_reload(struct detail *d) {
    int part = d->def->tabs[d->tab].part;
    int beside = d->def->beside;
    ask_anew(d, 0);
    if (part > 0) {
        ask_anew(d, part);
    }
    if (beside > 0 && beside != part) {
        ask_anew(d, beside);
    }
}

void detail_close(struct view *v) {
    struct detail *d = detail(v);
    app_forget(v->app, d);
    for (int i = 0; i < DETAIL_PARTS; i++) {
        arena_free(d->docs[i].arena);
    }
    textview_done(&d->text);
    free(d);
}

static void touch_due(void *arg) {
    struct detail *d = arg;
    touch_done(&d->touch, loop_mono());
    detail_reload(d);
}

/* A change is known by its id, whatever it is about. */
static bool is_mine(const struct detail *d, const struct view_event *e) {
    if (str_eq(d->def->topic, "change") && str_eq(e->topic, "change")) {
        return str_eq(model_str(e->data, "id"), d->key);
    }
    return str_eq(e->topic, "system") ||
           (str_eq(e->topic, d->def->topic) &&
            (str_empty(e->ref) || str_eq(e->ref, d->key))) ||
           (str_eq(d->def->topic, "store") && view_event_moves_store(e));
}

void detail_event(struct view *v, const struct view_event *e) {
    struct detail *d = detail(v);
    struct loop *loop = app_loop(v->app);
    if (is_mine(d, e) && !loop_timer_pending(loop, touch_due, d)) {
        loop_timer(loop, touch_wait(&d->touch, loop_mono()), touch_due, d);
    }
}

void detail_shown(struct view *v) {
    detail_reload(detail(v));
}

enum view_here detail_here(struct view *v) {
    const struct detail_doc *doc = &detail(v)->docs[0];
    return doc->value ? VIEW_HERE : doc->asked ? VIEW_COMING : VIEW_NOT_COMING;
}

void detail_name(struct view *v, struct buf *out) {
    buf_adds(out, detail(v)->key);
}

const char *detail_ref(struct view *v) {
    return detail(v)->key;
}

/* --- drawing --- */

/* One change may set several fields: its id counts once. */
static size_t count_changes(const struct json *pending) {
    size_t n = 0;
    const char *last = "";
    for (const struct json *p = json_first(pending); p; p = json_next(p)) {
        n += !str_eq(model_str(p, "id"), last);
        last = model_str(p, "id");
    }
    return n;
}

static void tab_title(struct detail *d, int i, struct buf *out) {
    const struct detail_tab *tab = &d->def->tabs[i];
    char n[32] = "";
    if (tab->count && detail_object(d)) {
        const struct json *list = json_path(detail_object(d), tab->count);
        size_t count = str_eq(tab->count, "pending") ? count_changes(list)
                                                     : json_count(list);
        (void)str_format(n, sizeof n, "%zu", count);
    }
    text_format(out, tr_lang, tab->title, "n", n, NULL);
    while (out->len && out->data[out->len - 1] == ' ') {
        buf_truncate(out, out->len - 1);
    }
}

static bool is_there(const struct detail *d, int i) {
    return !d->def->tabs[i].staff || !app_is_owner(d->base.app);
}

/* The title as drawn: the one shown stands in brackets, not by colour alone.
 * Nothing and no room when there is none. */
static int tab_text(struct detail *d, int i, struct buf *out) {
    bool shown = i == d->tab;
    if (!is_there(d, i)) {
        return 0;
    }
    buf_adds(out, shown ? "[" : "");
    tab_title(d, i, out);
    buf_adds(out, shown ? "]" : "");
    return (int)utf8_cells(buf_str(out)) + TAB_GAP;
}

/* The first tab drawn, such that the one shown fits into `width`. */
static int first_tab(struct detail *d, int width) {
    int first = d->tab;
    int used = 0;
    for (; first >= 0; first--) {
        AUTO_BUF struct buf b = BUF_INIT;
        used += tab_text(d, first, &b);
        if (used > width) {
            break;
        }
    }
    return first + 1 > d->tab ? d->tab : first + 1;
}

/* A tab that does not fit is not drawn in part: "<" and ">" say that there is
 * more on that side. */
static void draw_tabs(struct detail *d, const struct pane *p, int y) {
    int i = first_tab(d, p->w - TAB_MARKS);
    int x = i > 0 ? pane_text(p, y, 0, -1, ROLE_DIM, "<") + 1 : 0;
    for (bool first = true; i < d->def->n_tabs; i++, first = false) {
        AUTO_BUF struct buf b = BUF_INIT;
        int width = tab_text(d, i, &b);
        if (width == 0) {
            continue;
        }
        if (!first && x + width - TAB_GAP > p->w - TAB_GAP) {
            (void)pane_text(p, y, p->w - 1, 1, ROLE_DIM, ">");
            return;
        }
        (void)pane_text(p, y, x, -1, i == d->tab ? ROLE_KEY : ROLE_DIM,
                        buf_str(&b));
        x += width;
    }
}

/* What stands above the tabs never takes the page from them. */
static int draw_top(struct detail *d, const struct pane *p) {
    struct textview t = {.label_width = TOP_LABEL};
    if (!d->def->top || p->h < 6) {
        return 0;
    }
    d->def->top(d, &t, p->w);
    struct pane lines = pane_sub(p, 0, 0, p->h / 2 - 1, p->w);
    textview_draw(&t, &lines, false);
    int n = t.n < lines.h ? t.n : lines.h;
    textview_done(&t);
    return n;
}

/* Once a width and minute: ages are part of the lines. */
static void make_lines(struct detail *d, int width) {
    const struct detail_tab *tab = &d->def->tabs[d->tab];
    int64_t minute = app_now(d->base.app) / 60000;
    int stores;
    (void)app_stores(d->base.app, &stores);
    if (d->lines_width == width && d->lines_minute == minute &&
        d->lines_stores == stores) {
        return;
    }
    d->lines_minute = minute;
    d->lines_stores = stores;
    textview_clear(&d->text);
    if (tab->part > 0 && !detail_part(d, tab->part)) {
        ask(d, tab->part);
        textview_add(&d->text, ROLE_DIM, NULL, "%s",
                     d->error[0] ? d->error : T(FRAME_LOADING));
        d->lines_width = d->error[0] ? width : 0;
        return;
    }
    tab->lines(d, &d->text, width);
    d->lines_width = width;
}

void detail_draw(struct view *v, const struct pane *body) {
    struct detail *d = detail(v);
    if (!detail_object(d)) {
        (void)textview_show(body, 0, d->error[0] ? ROLE_BAD : ROLE_DIM,
                            d->error[0] ? d->error : T(FRAME_LOADING));
        pane_cursor(body, 0, 0);
        return;
    }
    struct pane p = pane_sub(body, 0, 1, body->h, body->w - 1);
    int y = draw_top(d, &p);
    if (d->def->n_tabs > 1) {
        draw_tabs(d, &p, y++);
    }
    struct pane lines = pane_sub(&p, y, 0, body->h - y, body->w - 1);
    make_lines(d, lines.w);
    textview_draw(&d->text, &lines, true);
}

/* --- actions --- */

static void go_tab(struct detail *d, int step) {
    REQUIRE(d->tab >= 0 && d->tab < d->def->n_tabs);
    int n = d->def->n_tabs;
    do {
        d->tab = (d->tab + step + n) % n;
    } while (!is_there(d, d->tab));
    d->text.at = d->text.top = 0;
    d->lines_width = 0;
    d->error[0] = '\0';
    if (!detail_object(d)) {
        ask(d, 0);
    }
}

static void open_link(struct detail *d) {
    const char *target = textview_target(&d->text);
    if (target) {
        app_open(d->base.app, target);
    }
}

unsigned detail_action(struct view *v, enum action_id action) {
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
    struct detail *d = detail(v);
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
        if (moves[i].action == action) {
            (void)textview_move(&d->text, moves[i].move);
            return VIEW_DONE;
        }
    }
    switch (action) {
    case ACTION_NEXT_TAB:
        go_tab(d, 1);
        return VIEW_DONE;
    case ACTION_PREVIOUS_TAB:
        go_tab(d, -1);
        return VIEW_DONE;
    case ACTION_OPEN:
        open_link(d);
        return VIEW_DONE;
    default:
        return VIEW_IGNORED;
    }
}

/* --- lines for --plain --- */

enum { PLAIN_WIDTH = 100 };

static void plain_line(const struct text_line *l, struct buf *out) {
    buf_addf(out, "%s%s%s\n", l->label ? l->label : "",
             l->label && l->label[0] ? ": " : "", l->text);
}

static void plain_top(struct detail *d, struct buf *out) {
    struct textview t = {.label_width = TOP_LABEL};
    if (d->def->top) {
        d->def->top(d, &t, PLAIN_WIDTH);
    }
    for (int i = 0; i < t.n; i++) {
        plain_line(&t.lines[i], out);
    }
    textview_done(&t);
}

void detail_plain(struct view *v, struct buf *out) {
    struct detail *d = detail(v);
    if (!detail_object(d)) {
        buf_addf(out, "%s\n", d->error[0] ? d->error : T(FRAME_LOADING));
        return;
    }
    plain_top(d, out);
    tab_title(d, d->tab, out);
    buf_addc(out, '\n');
    make_lines(d, PLAIN_WIDTH);
    for (int i = 0; i < d->text.n; i++) {
        if (d->text.lines[i].link) {
            buf_addf(out, "%d. ", i + 1);
        }
        plain_line(&d->text.lines[i], out);
    }
}

void detail_pick(struct view *v, int number) {
    struct detail *d = detail(v);
    if (number >= 1 && number <= d->text.n) {
        d->text.at = number - 1;
        open_link(d);
    }
}
