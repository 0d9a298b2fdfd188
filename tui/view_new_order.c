/* Happy path: every printable key belongs to the line, which finds products of
 * the shop (a scanner's code and Enter is one more of it) or, after F2, its
 * customers; F3 fills in the rest; F10 sends it, or puts it before somebody who
 * may approve it.
 * Failure modes: nothing is found (said), there is less than is asked for (said
 * beside the line; the shop takes it all the same), the daemon refuses it (its
 * sentence, all that was put together stays), Enter comes before the answer (it
 * counts when the answer is there). */
#include <string.h>
#include <strings.h>

#include "common/json.h"
#include "common/jsonw.h"
#include "common/mem.h"
#include "common/str.h"
#include "common/utf8.h"
#include "tui/cart.h"
#include "tui/edit.h"
#include "tui/key.h"
#include "tui/link.h"
#include "tui/loop.h"
#include "tui/model.h"
#include "tui/new_order.h"
#include "tui/pad.h"
#include "tui/pick.h"
#include "tui/progress.h"
#include "tui/prompt.h"
#include "tui/textview.h"
#include "tui/tr.h"
#include "tui/views.h"

enum { FOUND = 20, SEARCH_MS = 120 };

struct order {
    struct view base;
    struct cart cart;
    struct prompt line;
    bool people;       /* the line finds customers */
    char asked[200];   /* what was asked for last */
    bool waiting;      /* for its answer */
    bool again, enter; /* typed over meanwhile; Enter was typed meanwhile */
    struct product_row products[FOUND];
    struct customer_row customers[FOUND];
    int n, at; /* of what was found */
    bool sending;
    char said[400];
    int said_role;
    struct textview text;
};

static void say(struct order *o, int role, const char *text) {
    (void)str_copy(o->said, sizeof o->said, text);
    o->said_role = role;
    app_dirty(o->base.app);
}

/* "3*harness": how many, and what is looked for. */
static const char *words_of(const char *text, int64_t *ret_qty) {
    size_t n = strspn(text, "0123456789");
    char digits[8];
    *ret_qty = 1;
    if (n == 0 || n >= sizeof digits || text[n] != '*') {
        return text;
    }
    (void)str_format(digits, sizeof digits, "%.*s", (int)n, text);
    (void)str_to_i64(digits, 1, CART_QTY_MAX, ret_qty);
    return text + n + 1;
}

static const char *looked_for(const struct order *o) {
    int64_t qty;
    return words_of(buf_str(&o->line.text), &qty);
}

static bool is_finding(const struct order *o) {
    return o->people || looked_for(o)[0];
}

/* --- finding -------------------------------------------------------------- */

static void take(struct order *o);
static void find(struct order *o);

/* A parent of variations is nothing that can be sold. */
static bool is_sold(const struct product_row *p) {
    return !str_starts(p->type, "variable") && !str_eq(p->type, "grouped") &&
           !str_eq(p->type, "external");
}

static void read_found(struct order *o, const struct json *items) {
    o->n = 0;
    for (const struct json *v = json_first(items); v && o->n < FOUND;
         v = json_next(v)) {
        struct product_row *p = &o->products[o->n];
        struct customer_row *c = &o->customers[o->n];
        *p = (struct product_row){0};
        *c = (struct customer_row){0};
        if (o->people ? customer_row_read(v, c) == 0
                      : product_row_read(v, p) == 0 && is_sold(p)) {
            o->n++;
        }
    }
    o->at = 0;
}

static void on_found(void *arg, const struct link_reply *r) {
    struct order *o = arg;
    bool enter = o->enter && !o->again;
    o->waiting = false;
    if (r->result) {
        read_found(o, json_get(r->result, "items"));
    } else {
        AUTO_FREE char *why =
            mem_printf("%s %s", r->message, r->hint ? r->hint : "");
        say(o, ROLE_BAD, why);
    }
    app_dirty(o->base.app);
    if (o->again) {
        find(o);
    } else if (enter) {
        o->enter = false;
        take(o);
    }
}

/* What means something to the query language is no part of a name. */
static void clean(const char *text, struct buf *out) {
    for (; *text; text++) {
        buf_addc(out, strchr("\"\\:*?,()<>=", *text) ? ' ' : *text);
    }
}

static void find(struct order *o) {
    AUTO_BUF struct buf params = BUF_INIT, words = BUF_INIT;
    struct jsonw w;
    const char *text = looked_for(o);
    o->again = o->waiting;
    if (o->waiting) {
        return;
    }
    (void)str_copy(o->asked, sizeof o->asked, text);
    clean(text, &words);
    jsonw_init(&w, &params);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "store", o->cart.store);
    jsonw_kstring(&w, "filter", buf_str(&words));
    if (!o->people) {
        jsonw_kstring(&w, "variations", "unfold");
    }
    jsonw_ki64(&w, "limit", FOUND);
    jsonw_end_object(&w);
    o->waiting = link_ask(app_link(o->base.app),
                          o->people ? "customers.list" : "products.list",
                          buf_str(&params), on_found, o) == 0;
}

static void find_due(void *arg) {
    struct order *o = arg;
    if (is_finding(o)) {
        find(o);
    }
}

static void typed(struct order *o) {
    struct loop *loop = app_loop(o->base.app);
    o->n = 0;
    o->said[0] = '\0';
    if (is_finding(o) && !loop_timer_pending(loop, find_due, o)) {
        loop_timer(loop, SEARCH_MS, find_due, o);
    }
}

/* --- taking --------------------------------------------------------------- */

static void add_product(struct order *o, const struct product_row *p,
                        int64_t qty) {
    AUTO_BUF struct buf b = BUF_INIT;
    char n[32], there[32];
    int i = cart_add(&o->cart, p, qty);
    if (i < 0) {
        say(o, ROLE_BAD, T(NEW_ORDER_FULL));
        return;
    }
    const struct cart_line *l = &o->cart.lines[i];
    const char *what = l->sku[0] ? l->sku : l->name;
    (void)progress_count(n, l->qty);
    if (cart_is_short(l)) {
        TF(&b, NEW_ORDER_SHORT, "what", what, "n", n, "there",
           progress_count(there, l->there));
    } else {
        TF(&b, NEW_ORDER_ADDED, "what", what, "n", n);
    }
    say(o, cart_is_short(l) ? ROLE_WARN : ROLE_GOOD, buf_str(&b));
}

static void on_customer(void *arg, const struct link_reply *r) {
    struct order *o = arg;
    if (!r->result) {
        AUTO_FREE char *why =
            mem_printf("%s %s", r->message, r->hint ? r->hint : "");
        say(o, ROLE_BAD, why);
        return;
    }
    cart_customer(&o->cart, r->result);
    app_dirty(o->base.app);
}

static void line_clear(struct order *o) {
    prompt_set(&o->line, "");
    o->n = 0;
    o->enter = false;
}

/* The one that is exactly it, else the one the cursor is on. */
static int chosen(const struct order *o, const char *text) {
    for (int i = 0; i < o->n && !o->people; i++) {
        if (strcasecmp(o->products[i].sku, text) == 0) {
            return i;
        }
    }
    return o->at;
}

static void take(struct order *o) {
    int64_t qty;
    const char *text = words_of(buf_str(&o->line.text), &qty);
    if (!is_finding(o)) {
        return;
    }
    if (o->waiting || !str_eq(o->asked, text)) {
        o->enter = true;
        find(o);
        return;
    }
    if (o->n == 0) {
        AUTO_BUF struct buf b = BUF_INIT;
        TF(&b, NEW_ORDER_NOTHING, "what", text);
        say(o, ROLE_WARN, buf_str(&b));
        return;
    }
    int i = chosen(o, text);
    if (o->people) {
        view_ask_ref(o->base.app, "customers.get", o->customers[i].ref,
                     on_customer, o);
        o->people = false;
    } else {
        add_product(o, &o->products[i], qty);
    }
    line_clear(o);
}

/* --- the rest of it ------------------------------------------------------- */

static void detail_fields(struct edit *e, const struct json *object) {
    const struct order *o = edit_arg(e);
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
    struct order *o = edit_arg(e);
    (void)ref;
    for (int i = 0; i < CART_FIELDS; i++) {
        cart_set(&o->cart, i, edit_value(e, cart_fields[i].path));
    }
    cart_name(&o->cart);
    app_dirty(a);
    return 0;
}

static void details(struct order *o) {
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
    struct order *o = arg;
    struct app *a = o->base.app;
    o->sending = false;
    if (!r->result) {
        AUTO_FREE char *why =
            mem_printf("%s %s", r->message, r->hint ? r->hint : "");
        say(o, ROLE_BAD, why);
        return;
    }
    app_change_made(a, r->result, o->cart.store);
    say_short(a, json_get(r->result, "short"));
    app_drop(a, &o->base);
}

static void send(struct order *o, const char *reason) {
    AUTO_BUF struct buf params = BUF_INIT;
    cart_params(&o->cart, reason, &params);
    say(o, ROLE_NORMAL, T(EDIT_SENDING));
    int err = link_write(app_link(o->base.app), "orders.create",
                         buf_str(&params), on_made, o);
    o->sending = err == 0;
    if (err < 0) {
        say(o, ROLE_BAD, text_error(tr_lang, err));
    }
}

static int take_reason(struct edit *e, struct app *a, const char *ref) {
    (void)a;
    (void)ref;
    send(edit_arg(e), edit_value(e, "reason"));
    return 0;
}

/* Who decides about it reads why. */
static void propose(struct order *o) {
    static const struct edit_field fields[] = {
        {"reason", TEXT_COL_REASON, -1, FORM_TEXT, .required = true}};
    static const struct edit_def def = {.title = TEXT_CREATE_ORDER,
                                        .fields = fields,
                                        .n = 1,
                                        .note = TEXT_EDIT_PROPOSES,
                                        .take = take_reason};
    edit_open_with(o->base.app, &def, o->cart.store, o, NULL);
}

static void place(struct order *o) {
    if (o->sending) {
        return;
    }
    if (o->cart.n == 0) {
        say(o, ROLE_WARN, T(NEW_ORDER_EMPTY));
    } else if (str_eq(link_session(app_link(o->base.app))->role, "owner")) {
        propose(o);
    } else {
        send(o, NULL);
    }
}

/* --- keys ----------------------------------------------------------------- */

static unsigned order_key(struct view *v, int key) {
    struct order *o = (struct order *)v;
    bool empty = o->line.text.len == 0;
    if (key == KEY_ENTER_) {
        take(o);
        return VIEW_DONE;
    }
    if (key == KEY_ESC_ && (!empty || o->people)) {
        line_clear(o);
        o->people = false;
        return VIEW_DONE;
    }
    if (key == KEY_BACKSPACE_ && empty) {
        return VIEW_DONE;
    }
    /* arrows are the cart's while the line is empty */
    if (key == KEY_ESC_ || key == KEY_TAB_ || key == KEY_UP_ ||
        key == KEY_DOWN_ || (empty && (key >= KEY_SPECIAL || key < ' ')) ||
        prompt_key(&o->line, key) == PROMPT_IGNORED) {
        return VIEW_IGNORED;
    }
    typed(o);
    return VIEW_DONE;
}

static void move(struct order *o, int by) {
    int *at = is_finding(o) ? &o->at : &o->cart.at;
    int n = is_finding(o) ? o->n : o->cart.n;
    if (*at + by >= 0 && *at + by < n) {
        *at += by;
    }
}

static void leave(void *arg, const char *word) {
    struct order *o = arg;
    (void)word;
    app_leave(o->base.app, &o->base);
}

static unsigned cancel(struct order *o) {
    AUTO_BUF struct buf b = BUF_INIT;
    if (o->cart.n == 0) {
        return VIEW_DONE | VIEW_CLOSE;
    }
    TF(&b, NEW_ORDER_LEAVE, "word", T(WORD_DROP));
    app_confirm(o->base.app, buf_str(&b), T(WORD_DROP), leave, o);
    return VIEW_DONE;
}

static unsigned order_action(struct view *v, enum action_id action) {
    struct order *o = (struct order *)v;
    switch (action) {
    case ACTION_UP:
    case ACTION_DOWN:
        move(o, action == ACTION_UP ? -1 : 1);
        return VIEW_DONE;
    case ACTION_CART_MORE:
    case ACTION_CART_LESS:
        cart_more(&o->cart, action == ACTION_CART_MORE ? 1 : -1);
        o->said[0] = '\0';
        return VIEW_DONE;
    case ACTION_CART_DROP:
        cart_drop(&o->cart);
        o->said[0] = '\0';
        return VIEW_DONE;
    case ACTION_ORDER_CUSTOMER:
        line_clear(o);
        o->people = !o->people;
        typed(o);
        return VIEW_DONE;
    case ACTION_ORDER_DETAILS:
        details(o);
        return VIEW_DONE;
    case ACTION_ORDER_PLACE:
        place(o);
        return VIEW_DONE;
    case ACTION_CANCEL:
        return cancel(o);
    default:
        return VIEW_IGNORED;
    }
}

/* --- drawing -------------------------------------------------------------- */

static void found_line(const struct order *o, int i, int width,
                       struct buf *out) {
    const struct product_row *p = &o->products[i];
    const struct customer_row *c = &o->customers[i];
    char stock[40], price[48];
    int role;
    if (o->people) {
        pad(out, c->name[0] ? c->name : c->email, width / 3);
        buf_addf(out, " %s  %s%s%s", c->email, c->city, c->guest ? "  " : "",
                 c->guest ? T(CUSTOMER_GUEST) : "");
        return;
    }
    product_row_stock(p, stock, sizeof stock, &role);
    (void)str_format(price, sizeof price, "%s %s", p->price, p->currency);
    pad(out, p->sku, 14);
    buf_addc(out, ' ');
    pad(out, p->name, width < 62 ? 12 : width - 48);
    pad(out, price, -14);
    buf_addf(out, "  %s", stock);
}

static void cart_line_text(const struct cart_line *l, int width,
                           struct buf *out) {
    char qty[24], there[32];
    (void)str_format(qty, sizeof qty, "%lld", (long long)l->qty);
    pad(out, qty, -4);
    buf_addc(out, ' ');
    pad(out, l->sku, 14);
    buf_addc(out, ' ');
    pad(out, l->name, width < 62 ? 10 : width - 54);
    if (width >= 62) {
        pad(out, l->price, -14);
    }
    buf_adds(out, "  ");
    if (cart_is_short(l)) {
        TF(out, NEW_ORDER_ONLY, "n", progress_count(there, l->there));
    } else {
        buf_adds(out, l->stock);
    }
}

static void head_text(const struct order *o, struct buf *out) {
    buf_addf(out, "%s  %s", o->cart.store,
             o->cart.who[0] ? o->cart.who : T(NEW_ORDER_NOBODY));
    if (o->cart.customer[0]) {
        buf_addf(out, "  %s", o->cart.customer);
    }
}

/* What was found, or what is in it; role and text of each row. */
static void make_rows(struct order *o, int width) {
    int n = is_finding(o) ? o->n : o->cart.n;
    textview_clear(&o->text);
    for (int i = 0; i < n; i++) {
        AUTO_BUF struct buf b = BUF_INIT;
        bool warn = !is_finding(o) && cart_is_short(&o->cart.lines[i]);
        if (is_finding(o)) {
            found_line(o, i, width, &b);
        } else {
            cart_line_text(&o->cart.lines[i], width, &b);
        }
        textview_add(&o->text, warn ? ROLE_WARN : ROLE_NORMAL, NULL, "%s",
                     buf_str(&b));
    }
    o->text.at = is_finding(o) ? o->at : o->cart.at;
}

static void foot_text(const struct order *o, struct buf *out) {
    char lines[32], pieces[32];
    int64_t n = 0;
    for (int i = 0; i < o->cart.n; i++) {
        n += o->cart.lines[i].qty;
    }
    if (o->said[0]) {
        buf_adds(out, o->said);
    } else if (is_finding(o)) {
        buf_adds(out, o->waiting ? T(FRAME_LOADING) : "");
    } else {
        TF(out, NEW_ORDER_SUM, "lines", progress_count(lines, o->cart.n), "n",
           progress_count(pieces, n));
    }
}

static void order_draw(struct view *v, const struct pane *body) {
    enum { TOP = 3 };
    struct order *o = (struct order *)v;
    AUTO_BUF struct buf head = BUF_INIT, typed_text = BUF_INIT, foot = BUF_INIT;
    struct pane p = pane_sub(body, 0, 1, body->h, body->w - 2);
    const char *label =
        o->people ? T(NEW_ORDER_FIND_CUSTOMER) : T(NEW_ORDER_FIND_PRODUCT);
    int x = (int)utf8_cells(label) + 3, cursor = 0;
    head_text(o, &head);
    (void)pane_text(&p, 0, 0, -1, ROLE_KEY, buf_str(&head));
    prompt_show(&o->line, p.w - x, &typed_text, &cursor);
    (void)pane_text(&p, 1, 0, -1, ROLE_DIM, label);
    (void)pane_text(&p, 1, x - 2, 1, ROLE_KEY, ">");
    (void)pane_text(&p, 1, x, -1, ROLE_INPUT, buf_str(&typed_text));
    struct pane rows = pane_sub(&p, TOP, 1, p.h - TOP - 1, p.w - 1);
    make_rows(o, rows.w);
    textview_draw(&o->text, &rows, true);
    if (o->text.n > 0) {
        (void)pane_text(&p, TOP + o->text.at - o->text.top, 0, 1, ROLE_KEY,
                        ">");
    }
    foot_text(o, &foot);
    (void)pane_text(&p, p.h - 1, 0, -1, o->said[0] ? o->said_role : ROLE_DIM,
                    buf_str(&foot));
    pane_cursor(&p, 1, x + cursor);
}

static void order_plain(struct view *v, struct buf *out) {
    struct order *o = (struct order *)v;
    head_text(o, out);
    buf_addc(out, '\n');
    make_rows(o, 100);
    for (int i = 0; i < o->text.n; i++) {
        buf_addf(out, "%d. %s\n", i + 1, o->text.lines[i].text);
    }
    foot_text(o, out);
    buf_addc(out, '\n');
}

static void order_pick(struct view *v, int number) {
    struct order *o = (struct order *)v;
    if (is_finding(o) && number >= 1 && number <= o->n) {
        o->at = number - 1;
        take(o);
    }
}

/* --- the view ------------------------------------------------------------- */

static struct view *order_open(struct app *a, const char *store) {
    struct order *o = NEW(struct order);
    o->base = (struct view){&view_new_order_ops, a};
    (void)str_copy(o->cart.store, sizeof o->cart.store, store);
    prompt_init(&o->line, "");
    return &o->base;
}

static void order_close(struct view *v) {
    struct order *o = (struct order *)v;
    app_forget(v->app, o);
    cart_done(&o->cart);
    prompt_done(&o->line);
    textview_done(&o->text);
    free(o);
}

const struct view_ops view_new_order_ops = {
    .id = VIEW_NEW_ORDER,
    .title = TEXT_CREATE_ORDER,
    .open = order_open,
    .close = order_close,
    .draw = order_draw,
    .action = order_action,
    .key = order_key,
    .plain = order_plain,
    .pick = order_pick,
};

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
    if (!str_eq(link_session(app_link(a))->role, "owner")) {
        choose_store(a, store);
        return;
    }
    int err = link_ask(app_link(a), "approvals.counts", "{}", on_may, a);
    if (err < 0) {
        app_say(a, ROLE_BAD, "%s", text_error(tr_lang, err));
    }
}
