/* A new order: what is typed by hand, sending it, and how it is begun. */
#include "common/json.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/edit.h"
#include "tui/link.h"
#include "tui/new_order.h"
#include "tui/new_order_room.h"
#include "tui/pick.h"
#include "tui/tr.h"
#include "tui/views.h"

/* --- the rest of it ------------------------------------------------------- */

static void detail_fields(struct edit *e, const struct json *object) {
    const struct new_order *o = edit_arg(e);
    (void)object;
    for (int i = 0; i < CART_FIELDS; i++) {
        AUTO_FREE char *title = mem_printf(
            "%s%s", text_get(tr_lang, cart_fields[i].label),
            str_starts(cart_fields[i].path, "shipping.") ? " *" : "");
        edit_add(e, cart_fields[i].path, title, FORM_TEXT, NULL);
        edit_fill(e, cart_fields[i].path, cart_value(&o->cart, i));
    }
}

static int take_details(struct edit *e, struct app *a, const char *ref) {
    struct new_order *o = edit_arg(e);
    (void)ref;
    for (int i = 0; i < CART_FIELDS; i++) {
        cart_set(&o->cart, i, edit_value(e, cart_fields[i].path));
    }
    cart_name(&o->cart);
    app_dirty(a);
    return 0;
}

void new_order_details(struct new_order *o) {
    static const struct edit_def def = {.title = TEXT_EDIT_NEW_ORDER,
                                        .note = TEXT_EDIT_NEW_ORDER_NOTE,
                                        .prepare = detail_fields,
                                        .take = take_details};
    edit_open_with(o->base.app, &def, o->cart.store, o, NULL);
}

/* --- sending -------------------------------------------------------------- */

static void say_short(struct app *a, const struct json *list) {
    AUTO_BUF struct buf b = BUF_INIT, all = BUF_INIT;
    for (const struct json *v = json_first(list); v; v = json_next(v)) {
        const char *sku = model_str(v, "sku");
        buf_addf(&all, "%s%s %s/%s", all.len ? ", " : "",
                 *sku ? sku : model_str(v, "name"), model_str(v, "free"),
                 model_str(v, "wanted"));
    }
    if (all.len) {
        TF(&b, NEW_ORDER_SENT_SHORT, "what", buf_str(&all));
        app_say(a, ROLE_WARN, "%s", buf_str(&b));
    }
}

static void on_made(void *arg, const struct link_reply *r) {
    struct new_order *o = arg;
    struct app *a = o->base.app;
    o->sending = false;
    if (!r->result) {
        AUTO_FREE char *why =
            mem_printf("%s %s", r->message, r->hint ? r->hint : "");
        new_order_say(o, ROLE_BAD, why);
        return;
    }
    app_change_made(a, r->result, o->cart.store);
    say_short(a, json_get(r->result, "short"));
    app_drop(a, &o->base);
}

static void send(struct new_order *o, const char *reason) {
    AUTO_BUF struct buf params = BUF_INIT;
    cart_params(&o->cart, reason, &params);
    new_order_say(o, ROLE_NORMAL, T(EDIT_SENDING));
    int err = link_write(app_link(o->base.app), "orders.create",
                         buf_str(&params), on_made, o);
    o->sending = err == 0;
    if (err < 0) {
        new_order_say(o, ROLE_BAD, text_error(tr_lang, err));
    }
}

static int take_reason(struct edit *e, struct app *a, const char *ref) {
    (void)a;
    (void)ref;
    send(edit_arg(e), edit_value(e, "reason"));
    return 0;
}

/* Who decides about it reads why. */
static void propose(struct new_order *o) {
    static const struct edit_field fields[] = {
        {"reason", TEXT_COL_REASON, -1, FORM_TEXT, .required = true}};
    static const struct edit_def def = {.title = TEXT_CREATE_ORDER,
                                        .fields = fields,
                                        .n = 1,
                                        .note = TEXT_EDIT_PROPOSES,
                                        .take = take_reason};
    edit_open_with(o->base.app, &def, o->cart.store, o, NULL);
}

void new_order_place(struct new_order *o) {
    if (o->sending) {
        return;
    }
    if (o->cart.n == 0) {
        new_order_say(o, ROLE_WARN, T(NEW_ORDER_EMPTY));
    } else if (app_is_owner(o->base.app)) {
        propose(o);
    } else {
        send(o, NULL);
    }
}

/* --- opening -------------------------------------------------------------- */

static void store_picked(struct app *a, void *arg, const char *store) {
    (void)arg;
    app_push(a, &view_new_order_ops, store);
}

static void choose_store(struct app *a, const char *suggested) {
    int n;
    const struct store_row *s = app_stores(a, &n);
    if (n == 1) {
        app_push(a, &view_new_order_ops, s[0].name);
        return;
    }
    if (n == 0) { /* none is known yet */
        app_say(a, ROLE_WARN, "%s", T(FRAME_LOADING));
        return;
    }
    struct pick *p = pick_open(a, T(CREATE_ORDER), T(NEW_ORDER_WHERE),
                               store_picked, NULL, NULL);
    for (int i = 0; p && i < n; i++) {
        pick_add(p, s[i].name, s[i].name);
    }
    if (p) {
        pick_select(p, suggested);
        pick_ready(p);
    }
}

static void on_may(void *arg, const struct link_reply *r) {
    struct app *a = arg;
    if (!r->result) {
        app_say_error(a, r);
    } else if (!model_flag(r->result, "orders")) {
        app_say(a, ROLE_WARN, "%s", T(NEW_ORDER_NOT_ALLOWED));
    } else {
        choose_store(a, "");
    }
}

void new_order(struct app *a, const char *store) {
    if (!app_is_owner(a)) {
        choose_store(a, store);
        return;
    }
    int err = link_ask(app_link(a), "approvals.counts", "{}", on_may, a);
    if (err < 0) {
        app_say(a, ROLE_BAD, "%s", text_error(tr_lang, err));
    }
}
