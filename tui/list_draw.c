/* A list on the screen: its rows in columns, the detail beside them, and how
 * many there are. */
#include "common/mem.h"
#include "common/str.h"
#include "tui/link.h"
#include "tui/list_room.h"
#include "tui/loop.h"
#include "tui/progress.h"
#include "tui/textview.h"
#include "tui/tr.h"

enum { BESIDE_MS = 120, BESIDE_WIDTH = 120 };

/* --- the detail beside --- */

void list_close_beside(struct list_view *l) {
    if (l->beside) {
        app_forget(l->base.app, l->beside);
        l->beside->ops->close(l->beside);
        l->beside = NULL;
        l->beside_key[0] = '\0';
    }
}

static void beside_due(void *arg) {
    struct list_view *l = arg;
    const char *key = list_key(l, list_view_row(l));
    if (str_eq(key, l->beside_key)) {
        return;
    }
    list_close_beside(l);
    if (key[0]) {
        (void)str_copy(l->beside_key, sizeof l->beside_key, key);
        l->beside = l->def->detail->open(l->base.app, key);
    }
    app_dirty(l->base.app);
}

/* What belongs to another row is not shown for this one. */
static void draw_beside(struct list_view *l, const struct pane *body, int x) {
    struct loop *loop = app_loop(l->base.app);
    const char *key = list_key(l, list_view_row(l));
    if (!str_eq(key, l->beside_key) &&
        !loop_timer_pending(loop, beside_due, l)) {
        loop_timer(loop, l->beside ? BESIDE_MS : 0, beside_due, l);
    }
    for (int y = 0; y < body->h; y++) {
        (void)pane_text(body, y, x, 1, ROLE_DIM, "|");
    }
    if (l->beside && str_eq(key, l->beside_key)) {
        struct pane p = pane_sub(body, 0, x + 2, body->h, body->w - x - 2);
        l->beside->ops->draw(l->beside, &p);
    }
}

/* --- drawing --- */

static void draw_titles(struct list_view *l, const struct pane *p,
                        const struct columns_fit *fit) {
    for (int i = 0; i < l->def->n_columns; i++) {
        const struct column *c = &l->def->columns[i];
        const char *title = text_get(tr_lang, (enum text_id)c->title);
        if (fit->width[i] && c->right) {
            pane_right(p, 0, 1 + fit->x[i], fit->width[i], ROLE_HEADER, title);
        } else if (fit->width[i]) {
            (void)pane_text(p, 0, 1 + fit->x[i], fit->width[i], ROLE_HEADER,
                            title);
        }
    }
}

static void draw_cell(struct list_view *l, const struct pane *p, int y,
                      const void *row, int i, const struct columns_fit *fit) {
    AUTO_BUF struct buf b = BUF_INIT;
    int role = ROLE_NORMAL;
    l->def->cell(l->base.app, row, i, &b, &role);
    if (l->def->columns[i].right) {
        pane_right(p, y, 1 + fit->x[i], fit->width[i], role, buf_str(&b));
    } else {
        (void)pane_text(p, y, 1 + fit->x[i], fit->width[i], role, buf_str(&b));
    }
}

/* The bar runs through the whole row; marks keep their own sign. */
static void draw_row(struct list_view *l, const struct pane *pane, int y,
                     int64_t at, const struct columns_fit *fit) {
    const void *row = pager_row(l->pager, at);
    bool selected = at == l->box.selected;
    bool marked = row && list_mark_of(l, list_key(l, row)) >= 0;
    struct pane p = *pane;
    if (selected) {
        p.added_role = ROLE_SELECTED;
        pane_fill(&p, y, ROLE_NORMAL);
    }
    (void)pane_text(&p, y, 0, 1, marked ? ROLE_MARK : ROLE_NORMAL,
                    marked     ? "*"
                    : selected ? ">"
                               : " ");
    if (!row) {
        (void)pane_text(&p, y, 1, -1, ROLE_DIM, "..");
        return;
    }
    for (int i = 0; i < l->def->n_columns; i++) {
        if (fit->width[i]) {
            draw_cell(l, &p, y, row, i, fit);
        }
    }
}

/* Of what shops have there is nothing while there is no shop. */
static bool no_store(const struct list_view *l) {
    static const char *const topics[] = {"order", "product", "customer",
                                         "inventory"};
    for (size_t i = 0; i < sizeof topics / sizeof *topics; i++) {
        if (str_eq(l->def->topic, topics[i])) {
            return app_without_stores(l->base.app);
        }
    }
    return false;
}

/* Six reasons for an empty list, told apart. */
const char *list_view_why_empty(const struct list_view *l) {
    const char *error = pager_error(l->pager);
    return error[0]                  ? error
           : pager_loading(l->pager) ? T(FRAME_LOADING)
           : !pager_ended(l->pager)  ? T(UI_SEARCHING)
           : no_store(l)             ? app_no_store_text(l->base.app)
           : l->filter[0]
               ? text_get(tr_lang, l->def->no_match ? l->def->no_match
                                                    : TEXT_FRAME_NO_MATCH)
               : text_get(tr_lang, l->def->empty);
}

static void draw_empty(struct list_view *l, const struct pane *p) {
    int role = pager_error(l->pager)[0] ? ROLE_BAD : ROLE_DIM;
    (void)textview_show(p, 1, role, list_view_why_empty(l));
    pane_cursor(p, 1, 0);
}

static void draw_list(struct list_view *l, const struct pane *p) {
    struct columns_fit fit;
    columns_fit(l->def->columns, l->def->n_columns, p->w - 1, &fit);
    draw_titles(l, p, &fit);
    l->box.height = p->h > 1 ? p->h - 1 : 1;
    listbox_fix(&l->box);
    pager_want(l->pager, l->box.top, l->box.top + l->box.height);
    if (l->box.count == 0) {
        draw_empty(l, p);
        return;
    }
    for (int y = 0; y < l->box.height && l->box.top + y < l->box.count; y++) {
        draw_row(l, p, y + 1, l->box.top + y, &fit);
    }
    pane_cursor(p, 1 + (int)(l->box.selected - l->box.top), 0);
}

void list_view_draw(struct view *v, const struct pane *body) {
    struct list_view *l = (struct list_view *)v;
    if (!l->def->detail || body->w < BESIDE_WIDTH) {
        list_close_beside(l);
        draw_list(l, body);
        return;
    }
    int width = body->w * 3 / 5;
    /* The list draws last: the cursor rests on its selection. */
    draw_beside(l, body, width + 1);
    struct pane p = pane_sub(body, 0, 0, body->h, width);
    draw_list(l, &p);
}

/* How many in all: the list's own word, else what the screen knows. */
static int64_t total_of(struct list_view *l) {
    int64_t n = pager_total(l->pager);
    return n < 0 && l->def->total ? l->def->total(l) : n;
}

void list_view_head(struct view *v, struct buf *out) {
    struct list_view *l = (struct list_view *)v;
    char n[32];
    int64_t total = total_of(l);
    if (total >= 0) {
        text_format(out, tr_lang, l->def->count, "n", progress_count(n, total),
                    NULL);
    }
}

/* A list whose length nobody counted says how far it is known: "of 200+". */
void list_view_position(struct view *v, struct buf *out) {
    struct list_view *l = (struct list_view *)v;
    char first[32], last[32], total[32];
    int64_t n = total_of(l);
    int64_t end = l->box.top + l->box.height;
    if (l->n_marks) {
        TF(out, UI_MARKED, "n", progress_count(first, l->n_marks));
        buf_adds(out, "  ");
    }
    if (l->box.count == 0) {
        return;
    }
    end = end > l->box.count ? l->box.count : end;
    buf_addf(out, "%s-%s ", progress_count(first, l->box.top + 1),
             progress_count(last, end));
    bool known = n >= end;
    (void)progress_count(total, known ? n : l->box.count);
    AUTO_FREE char *text = mem_printf("%s%s", total, known ? "" : "+");
    TF(out, UI_OF, "total", text);
}
