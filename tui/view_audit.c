/* Who did what, from where; and one row of it with all that changed. */
#include "common/json.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/detail.h"
#include "tui/list_view.h"
#include "tui/model.h"
#include "tui/model_people.h"
#include "tui/screen.h"
#include "tui/tr.h"
#include "tui/user_acts.h"
#include "tui/views.h"

enum {
    COL_WHEN,
    COL_WHO,
    COL_ACTION,
    COL_OBJECT,
    COL_OK,
    COL_WHAT,
    COL_FROM,
    COLS
};

static const struct column columns[COLS] = {
    [COL_WHEN] = {TEXT_COL_WHEN, 12, 12, 2, false},
    [COL_WHO] = {TEXT_COL_WHO, 9, 16, 1, false},
    [COL_ACTION] = {TEXT_COL_ACTION, 16, 26, 1, false},
    [COL_OBJECT] = {TEXT_COL_OBJECT, 12, 26, 3, false},
    [COL_OK] = {TEXT_COL_RESULT, 7, 8, 4, false},
    [COL_WHAT] = {TEXT_COL_WHAT, 10, 90, 5, false},
    [COL_FROM] = {TEXT_COL_FROM, 10, 24, 6, false},
};

static void cell(struct app *a, const void *row, int column, struct buf *out,
                 int *ret_role) {
    const struct audit_row *r = row;
    *ret_role = column == COL_WHEN || column == COL_FROM ? ROLE_DIM
                : r->ok                                  ? ROLE_NORMAL
                                                         : ROLE_WARN;
    switch (column) {
    case COL_WHEN:
        app_when(a, r->at_ms, out);
        break;
    case COL_WHO:
        buf_adds(out, r->who);
        break;
    case COL_ACTION:
        buf_adds(out, r->action);
        break;
    case COL_OBJECT:
        buf_adds(out, r->object);
        break;
    case COL_OK:
        buf_adds(out, r->ok ? T(AUDIT_OK) : T(AUDIT_REFUSED));
        break;
    case COL_WHAT:
        buf_adds(out, r->what);
        break;
    default:
        buf_adds(out, r->from);
        break;
    }
}

static const struct list_def list_def = {
    .rows = {"audit.list", sizeof(struct audit_row), audit_row_read,
             audit_row_key},
    .topic = "people",
    .columns = columns,
    .n_columns = COLS,
    .cell = cell,
    .detail = &view_audit_row_ops,
    .empty = TEXT_FRAME_EMPTY,
    .count = TEXT_COUNTS_AUDIT,
};

static struct view *audit_open(struct app *a, const char *filter) {
    return list_view_open(a, &view_audit_ops, &list_def, filter);
}

/* A file belongs to the shell of whoever asks: the command is shown, and
 * copied where the terminal takes it. */
static void show_export(struct view *v) {
    const char *filter = list_view_filter(v);
    AUTO_FREE char *command =
        mem_printf("fulexo audit list --all --csv%s%s%s > audit.csv",
                   *filter ? " --filter '" : "", filter, *filter ? "'" : "");
    AUTO_BUF struct buf b = BUF_INIT;
    if (app_screen(v->app)) {
        app_screen(v->app)->ops->copy(app_screen(v->app), command);
    }
    TF(&b, AUDIT_EXPORT, "command", command);
    app_say(v->app, ROLE_NORMAL, "%s", buf_str(&b));
}

static unsigned audit_action(struct view *v, enum action_id action) {
    switch (action) {
    case ACTION_VERIFY_TRAIL:
        app_job(v->app, "audit.verify", "{}", false, T(AUDIT_VERIFYING));
        return VIEW_DONE;
    case ACTION_EXPORT_TRAIL:
        show_export(v);
        return VIEW_DONE;
    default:
        return list_view_action(v, action);
    }
}

const struct view_ops view_audit_ops = {
    .id = VIEW_AUDIT,
    .title = TEXT_SCREEN_AUDIT,
    .open = audit_open,
    .close = list_view_close,
    .draw = list_view_draw,
    .action = audit_action,
    .event = list_view_event,
    .shown = people_shown,
    .position = list_view_position,
    .filter = list_view_filter,
    .set_filter = list_view_set_filter,
    .ref = list_view_ref,
    .plain = list_view_plain,
    .pick = list_view_pick,
    .query = "audit",
};

/* --- one row -------------------------------------------------------------- */

static void lines(struct detail *d, struct textview *t, int width) {
    const struct json *o = detail_object(d);
    struct audit_row r = {0};
    AUTO_BUF struct buf when = BUF_INIT;
    (void)audit_row_read(o, &r);
    app_when(d->base.app, r.at_ms, &when);
    textview_add(t, ROLE_NORMAL, T(COL_WHEN), "%s  (%s)", buf_str(&when),
                 model_str(o, "at"));
    textview_add(t, ROLE_NORMAL, T(COL_WHO), "%s", r.who);
    textview_add(t, ROLE_NORMAL, T(COL_FROM), "%s", r.from[0] ? r.from : "-");
    textview_add(t, ROLE_NORMAL, T(COL_ACTION), "%s", r.action);
    textview_add(t, ROLE_NORMAL, T(COL_OBJECT), "%s",
                 r.object[0] ? r.object : "-");
    textview_add(t, r.ok ? ROLE_NORMAL : ROLE_WARN, T(COL_RESULT), "%s",
                 r.ok ? T(AUDIT_OK) : T(AUDIT_REFUSED));
    textview_add(t, ROLE_NORMAL, NULL, "%s", "");
    if (json_type(json_get(o, "what")) == JSON_OBJECT) {
        detail_raw(t, json_get(o, "what"), width);
    } else {
        textview_add(t, ROLE_DIM, NULL, "%s", T(AUDIT_ERASED));
    }
}

static const struct detail_tab tabs[] = {{TEXT_TAB_DETAILS, lines, NULL, 0}};

static const struct detail_def row_def = {
    .parts = {{.method = "audit.get", .number = true}},
    .param = "id",
    .topic = "none",
    .tabs = tabs,
    .n_tabs = 1,
};

static struct view *row_open(struct app *a, const char *arg) {
    return detail_open(a, &view_audit_row_ops, &row_def, arg);
}

const struct view_ops view_audit_row_ops = {
    .id = VIEW_AUDIT_ROW,
    .title = TEXT_SCREEN_AUDIT_ROW,
    .open = row_open,
    DETAIL_OPS,
    .action = detail_action,
};
