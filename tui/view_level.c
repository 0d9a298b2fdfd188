/* One product's stock: its numbers and bins, and everything that moved. */
#include "common/json.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/detail.h"
#include "tui/edits.h"
#include "tui/model.h"
#include "tui/pad.h"
#include "tui/tr.h"
#include "tui/views.h"

enum { PART_LEDGER = 1, TABS = 2 };

static void number(struct textview *t, const struct json *o, const char *path,
                   enum text_id label, int role) {
    const char *n = model_str(o, path);
    textview_add(t, *n ? role : ROLE_DIM, text_get(tr_lang, label), "%s",
                 *n ? n : "-");
}

static void bins(struct textview *t, const struct json *o) {
    const struct json *b = json_first(json_get(o, "bins"));
    const char *label = T(COL_BIN);
    for (; b; b = json_next(b)) {
        AUTO_BUF struct buf line = BUF_INIT;
        bool bad = model_flag(b, "quarantine");
        pad(&line, model_str(b, "bin"), 14);
        pad(&line, model_str(b, "quantity"), -8);
        buf_addf(&line, "  %s", bad ? T(UI_QUARANTINE) : "");
        AUTO_FREE char *link = mem_printf("bin %s", model_str(b, "bin"));
        textview_add(t, bad ? ROLE_WARN : ROLE_NORMAL, label, "%s",
                     buf_str(&line));
        textview_link(t, link);
        label = "";
    }
}

/* Where its lots lie, first what expires first. */
static void lots(struct textview *t, const struct json *o) {
    const struct json *l = json_first(json_get(o, "lots"));
    const char *label = T(COL_LOTS);
    for (; l; l = json_next(l)) {
        AUTO_BUF struct buf line = BUF_INIT;
        const char *state = model_str(l, "state");
        bool good = str_eq(state, "good");
        pad(&line, model_str(l, "lot"), 14);
        pad(&line, model_str(l, "quantity"), -8);
        buf_adds(&line, "  ");
        pad(&line, model_str(l, "bin"), 10);
        buf_addf(&line, " %s %s", model_str(l, "expires"),
                 good ? "" : tr_word("lot", state));
        textview_add(t, good ? ROLE_NORMAL : lot_role(state), label, "%s",
                     buf_str(&line));
        label = "";
    }
}

static void listings(struct textview *t, const struct json *o) {
    const struct json *l = json_first(json_get(o, "listings"));
    const char *label = T(COL_SHOPS);
    for (; l; l = json_next(l)) {
        int64_t units = model_int(l, "units", 1);
        textview_add(t, ROLE_NORMAL, label, units > 1 ? "%s  x%lld" : "%s",
                     model_str(l, "ref"), (long long)units);
        label = "";
    }
}

static void details(struct detail *d, struct textview *t, int width) {
    const struct json *o = detail_object(d);
    int low = model_flag(o, "low") ? ROLE_WARN : ROLE_NORMAL;
    int due = model_flag(o, "due") ? ROLE_WARN : ROLE_NORMAL;
    (void)width;
    textview_add(t, ROLE_NORMAL, T(COL_SKU), "%s", model_str(o, "sku"));
    number(t, o, "shop", TEXT_COL_SHOP, low);
    number(t, o, "on_hand", TEXT_COL_ON_HAND, ROLE_NORMAL);
    number(t, o, "reserved", TEXT_COL_RESERVED, ROLE_NORMAL);
    number(t, o, "blocked", TEXT_UI_QUARANTINE, ROLE_NORMAL);
    number(t, o, "available", TEXT_COL_AVAILABLE, due);
    number(t, o, "incoming", TEXT_COL_INCOMING, ROLE_NORMAL);
    number(t, o, "reorder", TEXT_FORM_REORDER, due);
    number(t, o, "threshold", TEXT_FORM_THRESHOLD, low);
    if (!str_eq(model_str(o, "tracking"), "none"))
        textview_add(t, ROLE_NORMAL, T(FORM_KEPT_BY), "%s",
                     tr_word("tracking", model_str(o, "tracking")));
    bins(t, o);
    lots(t, o);
    listings(t, o);
}

static void ledger(struct detail *d, struct textview *t, int width) {
    const struct json *r =
        json_first(json_get(detail_part(d, PART_LEDGER), "items"));
    (void)width;
    if (!r)
        textview_add(t, ROLE_DIM, NULL, "%s", T(UI_NO_MOVEMENTS));
    for (; r; r = json_next(r)) {
        AUTO_BUF struct buf when = BUF_INIT, line = BUF_INIT;
        app_when(d->base.app, model_time(r, "at"), &when);
        pad(&line, model_str(r, "delta"), -7);
        buf_addc(&line, ' ');
        pad(&line, tr_word("move", model_str(r, "reason")), 14);
        pad(&line, model_str(r, "bin"), 10);
        if (*model_str(r, "lot"))
            buf_addf(&line, "%s ", model_str(r, "lot"));
        buf_addf(&line, "%s %s %s %s", model_str(r, "author"),
                 model_str(r, "ref"),
                 tr_word("change.state", model_str(r, "state")),
                 model_str(r, "note"));
        textview_add(t, ROLE_NORMAL, buf_str(&when), "%s", buf_str(&line));
    }
}

static const struct detail_tab tabs[] = {
    {TEXT_TAB_DETAILS, details, NULL, 0},
    {TEXT_TAB_LEDGER, ledger, NULL, PART_LEDGER},
};

static void top(struct detail *d, struct textview *t, int width) {
    textview_prose(t, ROLE_KEY, NULL, model_str(detail_object(d), "name"),
                   width);
}

static const struct detail_def def = {
    .parts = {{"inventory.get", NULL}, {"inventory.ledger", NULL}},
    .param = "ref",
    .topic = "inventory",
    .tabs = tabs,
    .n_tabs = TABS,
    .top = top,
};

static struct view *level_open(struct app *a, const char *arg) {
    return detail_open(a, &view_level_ops, &def, arg);
}

static const char *tracking(struct detail *d) {
    return model_str(detail_object(d), "tracking");
}

static unsigned level_action(struct view *v, enum action_id action) {
    struct detail *d = (struct detail *)v;
    switch (action) {
    case ACTION_EDIT:
        edit_limits(v->app, d->key);
        return VIEW_DONE;
    case ACTION_STOCK:
        edit_correct(v->app, d->key, tracking(d));
        return VIEW_DONE;
    case ACTION_MOVE:
        edit_move(v->app, d->key, tracking(d));
        return VIEW_DONE;
    default:
        return detail_action(v, action);
    }
}

/* An owner sets no limits of the warehouse. */
static bool level_offers(struct view *v, enum action_id action) {
    return action != ACTION_EDIT || !app_is_owner(v->app);
}

const struct view_ops view_level_ops = {
    .id = VIEW_LEVEL,
    .title = TEXT_SCREEN_LEVEL,
    .open = level_open,
    DETAIL_OPS,
    .action = level_action,
    .offers = level_offers,
};
