/* Happy path: every printable key belongs to the line, which finds products of
 * the shop (a scanner's code and Enter is one more of it) or, after F2, its
 * customers; F3 fills in the rest; F10 sends it, or puts it before somebody who
 * may approve it.
 * Failure modes: nothing is found (said), there is less than is asked for (said
 * beside the line; the shop takes it all the same), the daemon refuses it (its
 * sentence, all that was put together stays), Enter comes before the answer (it
 * counts when the answer is there). */
#include "common/mem.h"
#include "common/str.h"
#include "common/utf8.h"
#include "tui/key.h"
#include "tui/new_order_room.h"
#include "tui/pad.h"
#include "tui/progress.h"
#include "tui/tr.h"
#include "tui/views.h"

/* --- keys ----------------------------------------------------------------- */

static unsigned order_key(struct view *v, int key) {
    struct new_order *o = (struct new_order *)v;
    bool empty = o->line.text.len == 0;
    if (key == KEY_ENTER_) {
        new_order_take(o);
        return VIEW_DONE;
    }
    if (key == KEY_ESC_ && (!empty || o->people)) {
        new_order_clear(o);
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
    new_order_typed(o);
    return VIEW_DONE;
}

static void move(struct new_order *o, int by) {
    int *at = new_order_finds(o) ? &o->at : &o->cart.at;
    int n = new_order_finds(o) ? o->n : o->cart.n;
    if (*at + by >= 0 && *at + by < n) {
        *at += by;
    }
}

static void leave(void *arg, const char *word) {
    struct new_order *o = arg;
    (void)word;
    app_leave(o->base.app, &o->base);
}

static unsigned cancel(struct new_order *o) {
    AUTO_BUF struct buf b = BUF_INIT;
    if (o->cart.n == 0) {
        return VIEW_DONE | VIEW_CLOSE;
    }
    TF(&b, NEW_ORDER_LEAVE, "word", T(WORD_DROP));
    app_confirm(o->base.app, buf_str(&b), T(WORD_DROP), leave, o);
    return VIEW_DONE;
}

static unsigned order_action(struct view *v, enum action_id action) {
    struct new_order *o = (struct new_order *)v;
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
        new_order_clear(o);
        o->people = !o->people;
        new_order_typed(o);
        return VIEW_DONE;
    case ACTION_ORDER_DETAILS:
        new_order_details(o);
        return VIEW_DONE;
    case ACTION_ORDER_PLACE:
        new_order_place(o);
        return VIEW_DONE;
    case ACTION_CANCEL:
        return cancel(o);
    default:
        return VIEW_IGNORED;
    }
}

/* --- drawing -------------------------------------------------------------- */

static void found_line(const struct new_order *o, int i, int width,
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

static void head_text(const struct new_order *o, struct buf *out) {
    buf_addf(out, "%s  %s", o->cart.store,
             o->cart.who[0] ? o->cart.who : T(NEW_ORDER_NOBODY));
    if (o->cart.customer[0]) {
        buf_addf(out, "  %s", o->cart.customer);
    }
}

/* What was found, or what is in it; role and text of each row. */
static void make_rows(struct new_order *o, int width) {
    int n = new_order_finds(o) ? o->n : o->cart.n;
    textview_clear(&o->text);
    for (int i = 0; i < n; i++) {
        AUTO_BUF struct buf b = BUF_INIT;
        bool warn = !new_order_finds(o) && cart_is_short(&o->cart.lines[i]);
        if (new_order_finds(o)) {
            found_line(o, i, width, &b);
        } else {
            cart_line_text(&o->cart.lines[i], width, &b);
        }
        textview_add(&o->text, warn ? ROLE_WARN : ROLE_NORMAL, NULL, "%s",
                     buf_str(&b));
    }
    o->text.at = new_order_finds(o) ? o->at : o->cart.at;
}

static void foot_text(const struct new_order *o, struct buf *out) {
    char lines[32], pieces[32];
    int64_t n = 0;
    for (int i = 0; i < o->cart.n; i++) {
        n += o->cart.lines[i].qty;
    }
    if (o->said[0]) {
        buf_adds(out, o->said);
    } else if (new_order_finds(o)) {
        buf_adds(out, o->waiting ? T(FRAME_LOADING) : "");
    } else {
        TF(out, NEW_ORDER_SUM, "lines", progress_count(lines, o->cart.n), "n",
           progress_count(pieces, n));
    }
}

static void order_draw(struct view *v, const struct pane *body) {
    enum { TOP = 3 };
    struct new_order *o = (struct new_order *)v;
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
    struct new_order *o = (struct new_order *)v;
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
    struct new_order *o = (struct new_order *)v;
    if (new_order_finds(o) && number >= 1 && number <= o->n) {
        o->at = number - 1;
        new_order_take(o);
    }
}

/* --- the view ------------------------------------------------------------- */

static struct view *order_open(struct app *a, const char *store) {
    struct new_order *o = NEW(struct new_order);
    o->base = (struct view){&view_new_order_ops, a};
    (void)str_copy(o->cart.store, sizeof o->cart.store, store);
    prompt_init(&o->line, "");
    return &o->base;
}

static void order_close(struct view *v) {
    struct new_order *o = (struct new_order *)v;
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
