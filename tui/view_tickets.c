/* Support: the tickets one sees, the newest word first; what one has not read
 * has a star. */
#include "common/json.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/link.h"
#include "tui/list_view.h"
#include "tui/loop.h"
#include "tui/model.h"
#include "tui/progress.h"
#include "tui/tickets.h"
#include "tui/tr.h"
#include "tui/views.h"

enum {
    COL_ID,
    COL_PRIORITY,
    COL_STATE,
    COL_SUBJECT,
    COL_WHEN,
    COL_ASSIGNEE,
    COL_STORE,
    COL_AUTHOR,
    COLS
};

static const struct column columns[COLS] = {
    [COL_ID] = {TEXT_COL_TICKET, 7, 10, 1, false},
    [COL_PRIORITY] = {TEXT_COL_PRIORITY, 8, 9, 3, false},
    [COL_STATE] = {TEXT_COL_STATE, 15, 16, 4, false},
    [COL_SUBJECT] = {TEXT_COL_SUBJECT, 20, 70, 2, false},
    [COL_WHEN] = {TEXT_COL_WHEN, 5, 5, 5, true},
    [COL_ASSIGNEE] = {TEXT_COL_ASSIGNEE, 9, 14, 6, false},
    [COL_STORE] = {TEXT_COL_STORE, 8, 14, 7, false},
    [COL_AUTHOR] = {TEXT_COL_AUTHOR, 8, 14, 8, false},
};

struct tickets {
    struct list_view list;
    int64_t unread; /* -1 not known */
};

static void cell(struct app *a, const void *row, int column, struct buf *out,
                 int *ret_role) {
    const struct ticket_row *r = row;
    switch (column) {
    case COL_ID:
        *ret_role = r->unread ? ROLE_KEY : ROLE_NORMAL;
        buf_addf(out, "%s%s", r->unread ? "*" : " ", r->id);
        break;
    case COL_PRIORITY:
        *ret_role = ticket_priority_role(r->priority);
        buf_adds(out, tr_word("ticket.priority", r->priority));
        break;
    case COL_STATE:
        *ret_role = ticket_state_role(r->state);
        buf_adds(out, tr_word("ticket.state", r->state));
        break;
    case COL_SUBJECT:
        *ret_role = r->unread ? ROLE_KEY : ROLE_NORMAL;
        buf_adds(out, r->subject);
        break;
    case COL_WHEN:
        *ret_role = ROLE_DIM;
        buf_adds(out, app_age(a, r->changed_ms));
        break;
    case COL_ASSIGNEE:
        buf_adds(out, r->assignee);
        break;
    case COL_STORE:
        buf_adds(out, r->store);
        break;
    default:
        *ret_role = ROLE_DIM;
        buf_adds(out, r->author);
        break;
    }
}

static const struct list_def def = {
    .rows = {"tickets.list", sizeof(struct ticket_row), ticket_row_read,
             ticket_row_key},
    .topic = "ticket",
    .columns = columns,
    .n_columns = COLS,
    .cell = cell,
    .detail = &view_ticket_ops,
    .empty = TEXT_TICKET_NONE,
};

static void on_counts(void *arg, const struct link_reply *r) {
    struct tickets *k = arg;
    if (r->result) {
        k->unread = model_int(r->result, "unread", -1);
    }
    app_dirty(k->list.base.app);
}

static void ask_counts(void *arg) {
    struct tickets *k = arg;
    /* A full queue only leaves the old count standing. */
    (void)link_ask(app_link(k->list.base.app), "tickets.counts", "{}",
                   on_counts, k);
}

static struct view *tickets_open(struct app *a, const char *filter) {
    struct tickets *k = NEW(struct tickets);
    k->unread = -1;
    list_view_init(&k->list, a, &view_tickets_ops, &def, filter);
    ask_counts(k);
    return &k->list.base;
}

static void tickets_event(struct view *v, const struct view_event *e) {
    enum { COUNTS_MS = 300 };
    struct loop *loop = app_loop(v->app);
    list_view_event(v, e);
    if ((str_eq(e->topic, "ticket") || str_eq(e->topic, "system")) &&
        !loop_timer_pending(loop, ask_counts, v)) {
        loop_timer(loop, COUNTS_MS, ask_counts, v);
    }
}

/* What was read on a page is no news to anybody else: no event tells it. */
static void tickets_shown(struct view *v) {
    list_view_shown(v);
    list_view_touch((struct list_view *)v);
    ask_counts(v);
}

static void tickets_head(struct view *v, struct buf *out) {
    const struct tickets *k = (const struct tickets *)v;
    char n[32];
    if (k->unread >= 0) {
        TF(out, TICKET_UNREAD, "n", progress_count(n, k->unread));
    }
}

static unsigned tickets_action(struct view *v, enum action_id action) {
    static const char active[] = "state:active";
    if (action == ACTION_TICKET_NEW) {
        ticket_new(v->app, "");
        return VIEW_DONE;
    }
    if (action == ACTION_ONLY_ACTIVE) {
        bool on = str_eq(list_view_filter(v), active);
        list_view_set_filter(v, on ? "" : active);
        return VIEW_DONE;
    }
    return list_view_action(v, action);
}

const struct view_ops view_tickets_ops = {
    .id = VIEW_TICKETS,
    .title = TEXT_SCREEN_TICKETS,
    .open = tickets_open,
    .close = list_view_close,
    .draw = list_view_draw,
    .action = tickets_action,
    .event = tickets_event,
    .shown = tickets_shown,
    .position = list_view_position,
    .filter = list_view_filter,
    .set_filter = list_view_set_filter,
    .ref = list_view_ref,
    .plain = list_view_plain,
    .pick = list_view_pick,
    .head = tickets_head,
    .query = "tickets",
};
