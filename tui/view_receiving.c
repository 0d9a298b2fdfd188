/* What is to be received, and what is being counted: two lists whose rows open
 * the screen one scans in. */
#include <string.h>

#include "common/mem.h"
#include "common/str.h"
#include "tui/edits.h"
#include "tui/list_view.h"
#include "tui/model.h"
#include "tui/tr.h"
#include "tui/views.h"

/* --- receiving ---------------------------------------------------------- */

enum { IN_ID, IN_REF, IN_SUPPLIER, IN_RECEIVED, IN_DAY, IN_TENANT, IN_COLS };

static const struct column inbound_columns[IN_COLS] = {
    [IN_ID] = {TEXT_COL_OBJECT, 6, 8, 1, false},
    [IN_REF] = {TEXT_COL_REF, 10, 24, 2, false},
    [IN_SUPPLIER] = {TEXT_COL_SUPPLIER, 10, 30, 4, false},
    [IN_RECEIVED] = {TEXT_COL_RECEIVED, 9, 14, 3, true},
    [IN_DAY] = {TEXT_COL_EXPECTED, 8, 13, 5, false},
    [IN_TENANT] = {TEXT_COL_TENANT, 8, 14, 6, false},
};

/* A day is announced, not an hour. */
static void day_only(struct buf *when) {
    const char *hour = strrchr(buf_str(when), ' ');
    if (hour)
        buf_truncate(when, (size_t)(hour - buf_str(when)));
}

static void inbound_cell(struct app *a, const void *row, int column,
                         struct buf *out, int *ret_role) {
    const struct inbound_row *r = row;
    switch (column) {
    case IN_ID:
        buf_adds(out, r->id);
        break;
    case IN_REF:
        buf_adds(out, r->reference);
        break;
    case IN_SUPPLIER:
        buf_adds(out, r->supplier);
        break;
    case IN_RECEIVED:
        buf_addf(out, "%s / %s", r->received, r->expected);
        break;
    case IN_DAY:
        *ret_role = ROLE_DIM;
        app_when(a, r->expected_ms, out);
        day_only(out);
        break;
    default:
        *ret_role = ROLE_DIM;
        buf_adds(out, r->tenant);
        break;
    }
}

static const struct list_def inbound_def = {
    .rows = {"inbound.list", sizeof(struct inbound_row), inbound_row_read,
             inbound_row_key},
    .topic = "inventory",
    .columns = inbound_columns,
    .n_columns = IN_COLS,
    .cell = inbound_cell,
    .empty = TEXT_UI_NO_INBOUND,
};

static struct view *receiving_open(struct app *a, const char *arg) {
    (void)arg;
    return list_view_open(a, &view_receiving_ops, &inbound_def, NULL);
}

static unsigned receiving_action(struct view *v, enum action_id action) {
    const struct inbound_row *r = list_view_row((struct list_view *)v);
    if (action == ACTION_CREATE)
        create_inbound(v->app);
    else if (action == ACTION_OPEN && r)
        app_push(v->app, &view_scan_ops, r->id);
    else
        return list_view_action(v, action);
    return VIEW_DONE;
}

const struct view_ops view_receiving_ops = {
    .id = VIEW_RECEIVING,
    .title = TEXT_SCREEN_RECEIVING,
    .open = receiving_open,
    LIST_VIEW_OPS,
    .event = list_view_event,
    .action = receiving_action,
};

/* --- counts --------------------------------------------------------------- */

enum { CO_ID, CO_STATE, CO_BINS, CO_BY, CO_WHEN, CO_NOTE, CO_COLS };

static const struct column count_columns[CO_COLS] = {
    [CO_ID] = {TEXT_COL_OBJECT, 6, 8, 1, false},
    [CO_STATE] = {TEXT_COL_STATE, 10, 14, 2, false},
    [CO_BINS] = {TEXT_COL_BINS, 7, 9, 3, true},
    [CO_BY] = {TEXT_COL_AUTHOR, 8, 14, 4, false},
    [CO_WHEN] = {TEXT_COL_WHEN, 5, 5, 5, true},
    [CO_NOTE] = {TEXT_COL_DETAIL, 12, 60, 6, false},
};

static void count_cell(struct app *a, const void *row, int column,
                       struct buf *out, int *ret_role) {
    const struct count_row *r = row;
    switch (column) {
    case CO_ID:
        buf_adds(out, r->id);
        break;
    case CO_STATE:
        *ret_role = str_eq(r->state, "submitted") ? ROLE_WARN : ROLE_NORMAL;
        buf_adds(out, tr_word("count", r->state));
        break;
    case CO_BINS:
        buf_addf(out, "%lld / %lld", (long long)r->visited, (long long)r->bins);
        break;
    case CO_BY:
        *ret_role = ROLE_DIM;
        buf_adds(out, r->by);
        break;
    case CO_WHEN:
        *ret_role = ROLE_DIM;
        buf_adds(out, app_age(a, r->begun_ms));
        break;
    default:
        buf_adds(out, r->note);
        break;
    }
}

static const struct list_def count_def = {
    .rows = {"counts.list", sizeof(struct count_row), count_row_read,
             count_row_key},
    .topic = "inventory",
    .columns = count_columns,
    .n_columns = CO_COLS,
    .cell = count_cell,
    .empty = TEXT_UI_NO_COUNTS,
};

static struct view *counts_open(struct app *a, const char *arg) {
    (void)arg;
    return list_view_open(a, &view_counts_ops, &count_def, NULL);
}

static unsigned counts_action(struct view *v, enum action_id action) {
    const struct count_row *r = list_view_row((struct list_view *)v);
    if (action == ACTION_CREATE)
        create_count(v->app);
    else if (action == ACTION_OPEN && r)
        app_push(v->app, &view_scan_ops, r->id);
    else
        return list_view_action(v, action);
    return VIEW_DONE;
}

const struct view_ops view_counts_ops = {
    .id = VIEW_COUNTS,
    .title = TEXT_SCREEN_COUNTS,
    .open = counts_open,
    LIST_VIEW_OPS,
    .event = list_view_event,
    .action = counts_action,
};
