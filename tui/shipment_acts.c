#include "tui/shipment_acts.h"

#include "common/jsonw.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/edit.h"
#include "tui/link.h"
#include "tui/model_pack.h"
#include "tui/pack_acts.h"
#include "tui/pick.h"
#include "tui/tr.h"
#include "tui/views.h"

bool shipment_acts_has(enum action_id action) {
    return action == ACTION_SHIP || action == ACTION_PARCEL_STATE ||
           action == ACTION_PARCEL_EDIT || action == ACTION_PARCEL_VOID;
}

static bool has_left(const struct shipment_row *r) {
    return !shipment_waits(r->state) && !str_eq(r->state, "open") &&
           !str_eq(r->state, "void");
}

bool shipment_acts_may(const struct shipment_row *r, enum action_id action) {
    switch (action) {
    case ACTION_SHIP:
    case ACTION_PARCEL_EDIT:
        return r && shipment_waits(r->state);
    case ACTION_PARCEL_VOID:
        return r && !has_left(r) && !str_eq(r->state, "void");
    case ACTION_PARCEL_STATE:
        return r && has_left(r) && !str_eq(r->state, "delivered");
    default:
        return true;
    }
}

static void on_done(void *arg, const struct link_reply *r) {
    struct app *a = arg;
    if (!r->result) {
        app_say_error(a, r);
    }
}

static void send(struct app *a, const char *method, const char *params) {
    int err = link_write(app_link(a), method, params, on_done, a);
    if (err < 0) {
        app_say(a, ROLE_BAD, "%s", text_error(tr_lang, err));
    }
}

/* --- where it is --------------------------------------------------------- */

static void state_picked(struct app *a, void *id, const char *value) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct jsonw w;
    jsonw_init(&w, &b);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "id", id);
    jsonw_kstring(&w, "state", value);
    jsonw_end_object(&w);
    send(a, "shipments.mark", buf_str(&b));
}

static void pick_state(struct app *a, const struct shipment_row *r) {
    static const char *const states[] = {"in_transit", "out_for_delivery",
                                         "delivered", "exception"};
    AUTO_BUF struct buf title = BUF_INIT;
    TF(&title, SCREEN_SHIPMENT, "ref", r->id);
    struct pick *p = pick_open(a, buf_str(&title), T(SHIPMENT_WHERE),
                               state_picked, free, mem_dup(r->id));
    for (size_t i = 0; p && i < sizeof states / sizeof *states; i++) {
        if (!str_eq(states[i], r->state)) {
            pick_add(p, states[i], tr_word("parcel", states[i]));
        }
    }
    if (p) {
        pick_ready(p);
    }
}

/* --- how it travels ---------------------------------------------------- */

static void edit_made(struct app *a, const struct json *result,
                      const char *ref) {
    (void)result;
    AUTO_BUF struct buf b = BUF_INIT;
    TF(&b, SHIPMENT_WRITTEN, "ref", ref);
    app_say(a, ROLE_GOOD, "%s", buf_str(&b));
}

/* Numbers of 0 are not known: the field is empty. */
static void edit_parcel(struct app *a, const struct shipment_row *r) {
    static const struct edit_field fields[] = {
        {"carrier", TEXT_FORM_CARRIER, -1, FORM_TEXT, NULL, NULL, false},
        {"service", TEXT_FORM_SERVICE, -1, FORM_TEXT, NULL, NULL, false},
        {"tracking", TEXT_COL_TRACKING, -1, FORM_TEXT, NULL, NULL, false},
        {"url", TEXT_FORM_URL, -1, FORM_TEXT, NULL, NULL, false},
        {"weight", TEXT_FORM_WEIGHT_G, -1, FORM_NUMBER, NULL, NULL, false},
        {"length", TEXT_FORM_LENGTH_MM, -1, FORM_NUMBER, NULL, NULL, false},
        {"width", TEXT_FORM_WIDTH_MM, -1, FORM_NUMBER, NULL, NULL, false},
        {"height", TEXT_FORM_HEIGHT_MM, -1, FORM_NUMBER, NULL, NULL, false}};
    static const struct edit_def def = {.title = TEXT_EDIT_PARCEL,
                                        .get = "shipments.get",
                                        .method = "shipments.update",
                                        .param = "id",
                                        .fields = fields,
                                        .n = sizeof fields / sizeof *fields,
                                        .note = -1,
                                        .made = edit_made};
    edit_open(a, &def, r->id);
}

/* --- given up
 * ------------------------------------------------------------------ */

struct voiding {
    struct app *app;
    char id[24];
};

static void void_typed(void *arg, const char *word) {
    struct voiding *v = arg;
    AUTO_BUF struct buf b = BUF_INIT;
    (void)word;
    view_param(&b, "id", v->id);
    send(v->app, "shipments.void", buf_str(&b));
}

static void ask_void(struct app *a, const struct shipment_row *r) {
    /* one question at a time is open: its parcel is remembered here */
    static struct voiding asked;
    AUTO_BUF struct buf b = BUF_INIT;
    asked.app = a;
    (void)str_copy(asked.id, sizeof asked.id, r->id);
    TF(&b, ASK_VOID, "ref", r->id);
    app_confirm(a, buf_str(&b), T(WORD_VOID), void_typed, &asked);
}

void shipment_act(struct app *a, enum action_id action,
                  const struct shipment_row *r) {
    if (action == ACTION_SHIP) {
        pack_acts_ship(a, r->ref);
    } else if (action == ACTION_PARCEL_STATE) {
        pick_state(a, r);
    } else if (action == ACTION_PARCEL_EDIT) {
        edit_parcel(a, r);
    } else {
        ask_void(a, r);
    }
}
