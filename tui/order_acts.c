/* One order is changed at once or by a form; several are shown first
 * (tui/bulk). What cannot be taken back by us is typed out, also of one. */
#include "tui/order_acts.h"

#include <string.h>

#include "common/json.h"
#include "common/jsonw.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/bulk.h"
#include "tui/edits.h"
#include "tui/link.h"
#include "tui/model.h"
#include "tui/order_marks.h"
#include "tui/order_status.h"
#include "tui/pack_acts.h"
#include "tui/papers.h"
#include "tui/pick.h"
#include "tui/return_acts.h"
#include "tui/tr.h"
#include "tui/views.h"

struct order_set *order_set_new(void) {
    return NEW(struct order_set);
}

void order_set_add(struct order_set *s, const char *ref, const char *status) {
    if (s->n == s->cap) {
        s->cap = s->cap ? s->cap * 2 : 8;
        s->rows = mem_resize(s->rows, (size_t)s->cap, sizeof *s->rows);
    }
    s->rows[s->n++] = (struct order_seen){mem_dup(ref), mem_dup(status)};
}

void order_set_free(struct order_set *s) {
    for (int i = 0; i < s->n; i++) {
        free(s->rows[i].ref);
        free(s->rows[i].status);
    }
    free(s->rows);
    free(s);
}

void order_set_bulk(struct app *a, const struct order_set *s,
                    const struct bulk_act *act, const char *value,
                    const char *more) {
    struct bulk *b = bulk_create(a, act, value, more);
    for (int i = 0; i < s->n; i++) {
        bulk_add(b, s->rows[i].ref, s->rows[i].status);
    }
    bulk_show(b);
}

static void trash(struct app *a, const struct order_set *s) {
    static const struct bulk_act act = {.method = "orders.trash",
                                        .param = "ref",
                                        .title = TEXT_SCREEN_TRASH,
                                        .question = TEXT_BULK_TRASH,
                                        .word = TEXT_WORD_TRASH,
                                        .preview = "trash"};
    order_set_bulk(a, s, &act, "", NULL);
}

/* --- what of one order can be edited ------------------------------------- */

static const struct {
    const char *name;
    enum text_id text;
    void (*open)(struct app *a, const char *ref);
} menu[] = {
    {"shipping", TEXT_ORDER_SHIP_TO, edit_order_shipping},
    {"billing", TEXT_ORDER_BILL_TO, edit_order_billing},
    {"customer_note", TEXT_EDIT_MENU_NOTE, edit_order_customer_note},
    {"note", TEXT_ACTION_NOTE_HELP, edit_order_note},
    {"track", TEXT_ACTION_TRACK_HELP, edit_order_track},
    {"refund", TEXT_ACTION_REFUND_HELP, edit_order_refund},
};

static void menu_picked(struct app *a, void *arg, const char *value) {
    const struct order_set *s = arg;
    for (size_t i = 0; i < sizeof menu / sizeof *menu; i++) {
        if (str_eq(menu[i].name, value)) {
            menu[i].open(a, s->rows[0].ref);
        }
    }
}

static void menu_drop(void *arg) {
    order_set_free(arg);
}

static void open_menu(struct app *a, struct order_set *s) {
    AUTO_BUF struct buf title = BUF_INIT;
    TF(&title, SCREEN_EDIT_ORDER, "ref", s->rows[0].ref);
    struct pick *p =
        pick_open(a, buf_str(&title), "", menu_picked, menu_drop, s);
    for (size_t i = 0; p && i < sizeof menu / sizeof *menu; i++) {
        pick_add(p, menu[i].name, text_get(tr_lang, menu[i].text));
    }
    if (p) {
        pick_ready(p);
    }
}

static void pack(struct app *a, const char *ref) {
    app_push(a, &view_pack_ops, ref);
}

/* Acts on one order by a form or a screen; NULL for others. */
static void (*form_of(enum action_id action))(struct app *a, const char *ref) {
    return action == ACTION_NOTE            ? edit_order_note
           : action == ACTION_PACK          ? pack
           : action == ACTION_SHIP          ? pack_acts_ship
           : action == ACTION_TRACK         ? edit_order_track
           : action == ACTION_REFUND        ? edit_order_refund
           : action == ACTION_RETURN_CREATE ? create_return
           : action == ACTION_HOLD          ? edit_order_hold
           : action == ACTION_RELEASE       ? edit_order_release
           : action == ACTION_TAG           ? edit_order_tag
                                            : NULL;
}

static void begin_walk(struct app *a, const char *refs) {
    app_push(a, &view_picking_ops, refs);
}

/* Begin on all of them that may, or go on with the one somebody has begun. */
static void begin_pick(struct app *a, const struct order_set *s) {
    static const struct bulk_act act = {.method = "picks.begin",
                                        .param = "ref",
                                        .title = TEXT_SCREEN_BULK_PICK,
                                        .question = TEXT_BULK_PICK,
                                        .word = -1,
                                        .preview = "pick",
                                        .together = begin_walk};
    if (s->n == 1) {
        begin_walk(a, s->rows[0].ref);
    } else {
        order_set_bulk(a, s, &act, "", NULL);
    }
}

static bool is_act(enum action_id action) {
    return action == ACTION_STATUS || action == ACTION_TRASH ||
           action == ACTION_UNTRASH || action == ACTION_EDIT ||
           action == ACTION_PICK || action == ACTION_PAPER || form_of(action);
}

/* Of several in one piece. */
static void choose_papers(struct app *a, const struct order_set *s) {
    AUTO_BUF struct buf refs = BUF_INIT;
    if (s->n > PAPERS_ORDERS) {
        AUTO_BUF struct buf b = BUF_INIT;
        AUTO_FREE char *most = mem_printf("%d", (int)PAPERS_ORDERS);
        TF(&b, PAPER_TOO_MANY, "n", most);
        app_say(a, ROLE_WARN, "%s", buf_str(&b));
        return;
    }
    for (int i = 0; i < s->n; i++) {
        buf_addf(&refs, "%s%s", i > 0 ? " " : "", s->rows[i].ref);
    }
    papers_choose(a, buf_str(&refs));
}

/* Whether the set lives on is the act's. */
static bool act_keeps(struct app *a, enum action_id action,
                      struct order_set *s) {
    bool one = action == ACTION_EDIT || form_of(action);
    if (s->n > 1 && order_marks_many(a, action, s)) {
        return true;
    }
    if (one && s->n > 1) {
        app_say(a, ROLE_WARN, "%s", T(UI_ONE_AT_A_TIME));
    } else if (action == ACTION_EDIT) {
        open_menu(a, s);
        return true;
    } else if (action == ACTION_PAPER) {
        choose_papers(a, s);
    } else if (one) {
        form_of(action)(a, s->rows[0].ref);
    } else if (action == ACTION_PICK) {
        begin_pick(a, s);
    } else if (action == ACTION_TRASH) {
        trash(a, s);
    } else {
        order_status_pick(a, s, action == ACTION_UNTRASH);
        return true;
    }
    return false;
}

bool order_offers(struct view *v, enum action_id action) {
    return action != ACTION_EDIT || !app_is_owner(v->app);
}

unsigned order_act(struct app *a, enum action_id action, struct order_set *s) {
    bool known = is_act(action);
    if (!known || s->n == 0 || !act_keeps(a, action, s)) {
        order_set_free(s);
    }
    return known ? VIEW_DONE : VIEW_IGNORED;
}
