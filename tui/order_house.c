#include "tui/order_house.h"

#include "common/json.h"
#include "common/jsonw.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/detail.h"
#include "tui/edit.h"
#include "tui/link.h"
#include "tui/model.h"
#include "tui/once.h"
#include "tui/order_tabs.h"
#include "tui/pad.h"
#include "tui/tr.h"
#include "tui/views.h"

#define COUNT(a) ((int)(sizeof(a) / sizeof *(a)))
#define CHARGE "charge "
#define SHARE "share "

/* --- the tab -------------------------------------------------------------- */

static void one_charge(struct textview *t, const struct json *c) {
    AUTO_BUF struct buf b = BUF_INIT;
    char amount[40];
    bool billed = model_flag(c, "billed");
    model_money(amount, sizeof amount, model_str(c, "amount"));
    AUTO_FREE char *link = mem_printf(CHARGE "%s", model_str(c, "id"));
    AUTO_FREE char *sum = mem_printf("%s %s", amount, model_str(c, "currency"));
    pad(&b, model_str(c, "id"), 7);
    pad(&b, tr_word("charge", model_str(c, "type")), 14);
    pad(&b, sum, -16);
    buf_addf(&b, "  %s%s%s", billed ? T(ORDER_BILLED) : "", billed ? "  " : "",
             model_str(c, "note"));
    textview_add(t, billed ? ROLE_DIM : ROLE_NORMAL, NULL, "%s", buf_str(&b));
    if (!billed) {
        textview_link(t, link);
    }
}

/* The daemon tells of charges to admins alone. */
static void charges(struct textview *t, const struct json *list) {
    const struct json *c = json_first(list);
    if (!list) {
        return;
    }
    textview_add(t, ROLE_HEADER, NULL, "%s", T(ORDER_CHARGES));
    if (!c) {
        textview_add(t, ROLE_DIM, NULL, "%s", T(ORDER_NO_CHARGES));
    }
    for (; c; c = json_next(c)) {
        one_charge(t, c);
    }
    textview_add(t, ROLE_NORMAL, NULL, "%s", "");
}

static void one_link(struct detail *d, struct textview *t,
                     const struct json *s) {
    AUTO_BUF struct buf when = BUF_INIT, b = BUF_INIT;
    AUTO_FREE char *link = mem_printf(SHARE "%s", model_str(s, "id"));
    app_when(d->base.app, model_time(s, "until"), &when);
    pad(&b, model_str(s, "id"), 7);
    TF(&b, ORDER_LINK_UNTIL, "when", buf_str(&when), "who",
       model_str(s, "author"));
    textview_add(t, ROLE_NORMAL, NULL, "%s", buf_str(&b));
    textview_link(t, link);
}

void order_house(struct detail *d, struct textview *t, int width) {
    const struct json *s =
        json_first(json_get(detail_part(d, ORDER_PART_SHARES), "items"));
    (void)width;
    charges(t, json_get(detail_object(d), "charges"));
    textview_add(t, ROLE_HEADER, NULL, "%s", T(ORDER_LINKS));
    if (!s) {
        textview_add(t, ROLE_DIM, NULL, "%s", T(ORDER_NO_LINKS));
    }
    for (; s; s = json_next(s)) {
        one_link(d, t, s);
    }
}

/* --- making --------------------------------------------------------------- */

void order_charge(struct app *a, const char *ref) {
    static const struct edit_field fields[] = {
        {"type", TEXT_COL_TYPE, TEXT_FORM_CHOICE_HELP, FORM_CHOICE,
         "handling|packing|materials|shipping|storage|return|other", NULL,
         .required = true},
        {"amount", TEXT_FORM_AMOUNT, TEXT_FORM_CHARGE_HELP, FORM_TEXT,
         .required = true},
        {"note", TEXT_FORM_NOTE, -1, FORM_TEXT}};
    static const struct edit_def def = {.title = TEXT_EDIT_CHARGE,
                                        .method = "orders.charge",
                                        .param = "ref",
                                        .fields = fields,
                                        .n = COUNT(fields),
                                        .note = -1};
    edit_open(a, &def, ref);
}

/* The link is told here and nowhere else. */
static void shared(struct app *a, const char *ref, const struct json *result) {
    AUTO_BUF struct buf title = BUF_INIT, how = BUF_INIT, when = BUF_INIT;
    const char *url = model_str(result, "url");
    TF(&title, ONCE_SHARE, "ref", ref);
    struct once *o = once_open(a, buf_str(&title), url);
    if (!o) {
        return;
    }
    app_when(a, model_time(result, "until"), &when);
    TF(&how, ONCE_SHARE_HOW, "when", buf_str(&when), "id",
       model_str(result, "id"));
    once_add(o, ROLE_LINK, url);
    once_add(o, ROLE_NORMAL, buf_str(&how));
    once_add(o, ROLE_WARN, T(ONCE_WARNING));
}

void order_share(struct app *a, const char *ref) {
    static const struct edit_field fields[] = {
        {"hours", TEXT_FORM_HOURS, TEXT_FORM_HOURS_HELP, FORM_NUMBER, NULL,
         "24", .required = true}};
    static const struct edit_def def = {.title = TEXT_EDIT_SHARE,
                                        .method = "orders.share",
                                        .param = "ref",
                                        .fields = fields,
                                        .n = COUNT(fields),
                                        .note = TEXT_EDIT_SHARE_NOTE,
                                        .done = shared};
    edit_open(a, &def, ref);
}

/* --- taking back ---------------------------------------------------------- */

static void on_ended(void *arg, const struct link_reply *r) {
    struct detail *d = arg;
    if (!r->result) {
        app_say_error(d->base.app, r);
        return;
    }
    app_say(d->base.app, ROLE_GOOD, "%s", T(MESSAGE_MARKED));
    detail_reload(d);
}

static void send(struct detail *d, const char *method, const char *param,
                 const char *id) {
    AUTO_BUF struct buf params = BUF_INIT;
    view_param(&params, param, id);
    int err = link_write(app_link(d->base.app), method, buf_str(&params),
                         on_ended, d);
    if (err < 0) {
        app_say(d->base.app, ROLE_BAD, "%s", text_error(tr_lang, err));
    }
}

/* The line may have moved while the word was typed: the id is the word. */
static void charge_typed(void *arg, const char *id) {
    send(arg, "orders.uncharge", "charge", id);
}

static void share_typed(void *arg, const char *id) {
    send(arg, "orders.unshare", "share", id);
}

bool order_house_open(struct detail *d) {
    const char *target = textview_target(&d->text);
    AUTO_BUF struct buf question = BUF_INIT;
    if (target && str_starts(target, CHARGE) &&
        app_allows(d->base.app, ACTION_CHARGE)) {
        const char *id = target + sizeof CHARGE - 1;
        TF(&question, ASK_UNCHARGE, "id", id);
        app_confirm(d->base.app, buf_str(&question), id, charge_typed, d);
        return true;
    }
    if (target && str_starts(target, SHARE) &&
        app_allows(d->base.app, ACTION_SHARE)) {
        const char *id = target + sizeof SHARE - 1;
        TF(&question, ASK_UNSHARE, "id", id);
        app_confirm(d->base.app, buf_str(&question), id, share_typed, d);
        return true;
    }
    return false;
}
