/* The tabs of an order. Amounts stand under each other at the right edge;
 * names give way first when it gets narrow. */
#include "tui/order_tabs.h"

#include <string.h>

#include "common/field.h"
#include "common/json.h"
#include "common/mem.h"
#include "common/str.h"
#include "common/utf8.h"
#include "tui/detail.h"
#include "tui/model.h"
#include "tui/model_pack.h"
#include "tui/pad.h"
#include "tui/tr.h"
#include "tui/web_address.h"

void order_paid(struct detail *d, struct buf *out) {
    const struct json *o = detail_object(d);
    AUTO_BUF struct buf when = BUF_INIT;
    int64_t paid = model_time(o, "date_paid");
    if (paid == 0) {
        buf_adds(out, T(ORDER_UNPAID));
        return;
    }
    app_when(d->base.app, paid, &when);
    TF(out, ORDER_PAID, "method", model_str(o, "payment_method_title"), "when",
       buf_str(&when));
}

enum { CELLS = 9, STEPS = 4 };

struct line_widths {
    int sku, name, qty, step, price, total;
};

/* Price goes first, then how far it is, then the SKU; name, quantity and total
 * stay. */
static struct line_widths widths(int width) {
    struct line_widths w = {14, 0, 5, 6, 11, 12};
    if (width < 90) {
        w.price = 0;
    }
    if (width < 68) {
        w.step = 0;
    }
    if (width < 44) {
        w.sku = 0;
    }
    w.name = width - w.sku - w.qty - STEPS * w.step - w.price - w.total - 4;
    w.name = w.name < 8 ? 8 : w.name;
    return w;
}

static void line_row(struct buf *b, const struct line_widths *w,
                     const char *const cells[CELLS]) {
    if (w->sku) {
        pad(b, cells[0], w->sku);
        buf_addc(b, ' ');
    }
    pad(b, cells[1], w->name);
    buf_addc(b, ' ');
    pad(b, cells[2], -w->qty);
    for (int i = 0; i < STEPS && w->step; i++) {
        pad(b, cells[3 + i], -w->step);
    }
    if (w->price) {
        pad(b, cells[CELLS - 2], -w->price);
    }
    pad(b, cells[CELLS - 1], -w->total);
}

/* How many of a line got so far. */
static const char *step(const struct json *line, const char *name) {
    const char *n = model_str(line, name);
    return str_empty(n) || str_eq(n, "0") ? "-" : n;
}

static void one_line(struct detail *d, struct textview *t,
                     const struct json *line, const struct line_widths *w) {
    AUTO_BUF struct buf b = BUF_INIT;
    char price[40], total[40];
    model_money(price, sizeof price, model_str(line, "price"));
    model_money(total, sizeof total, model_str(line, "total"));
    const char *cells[CELLS] = {model_str(line, "sku"),
                                model_str(line, "name"),
                                model_str(line, "quantity"),
                                step(line, "picked"),
                                step(line, "packed"),
                                step(line, "shipped"),
                                step(line, "returned"),
                                price,
                                total};
    line_row(&b, w, cells);
    textview_add(t, ROLE_NORMAL, NULL, "%s", buf_str(&b));
    int64_t product = model_int(line, "variation_id", 0);
    if (product == 0) {
        product = model_int(line, "product_id", 0);
    }
    if (product > 0) {
        AUTO_FREE char *ref =
            mem_printf("product %s:%lld", model_str(detail_object(d), "store"),
                       (long long)product);
        textview_link(t, ref);
    }
}

/* What a bundle is packed as, below it. */
static void line_parts(struct textview *t, const struct json *line,
                       const struct line_widths *w) {
    const struct json *p = json_first(json_get(line, "parts"));
    for (; p; p = json_next(p)) {
        AUTO_BUF struct buf b = BUF_INIT;
        AUTO_BUF struct buf name = BUF_INIT;
        buf_addf(&name, "- %s%s%s", model_str(p, "name"),
                 model_flag(p, "optional") ? ", " : "",
                 model_flag(p, "optional") ? T(BUNDLE_OPTIONAL) : "");
        const char *cells[CELLS] = {model_str(p, "sku"),
                                    buf_str(&name),
                                    model_str(p, "quantity"),
                                    step(p, "picked"),
                                    step(p, "packed"),
                                    step(p, "shipped"),
                                    "",
                                    "",
                                    ""};
        line_row(&b, w, cells);
        textview_add(t, ROLE_DIM, NULL, "%s", buf_str(&b));
    }
}

static void line_meta(struct textview *t, const struct json *line,
                      const struct line_widths *w) {
    const struct json *m = json_first(json_get(line, "meta"));
    for (; m; m = json_next(m)) {
        textview_add(t, ROLE_DIM, NULL, "%*s%s: %s", w->sku ? w->sku + 3 : 2,
                     "", model_str(m, "key"), model_str(m, "value"));
    }
}

static void sum(struct textview *t, int width, int role, const char *label,
                const char *amount, const char *currency) {
    AUTO_BUF struct buf b = BUF_INIT;
    AUTO_BUF struct buf value = BUF_INIT;
    char human[40];
    model_money(human, sizeof human, amount);
    buf_addf(&value, "%s %s", human, currency);
    pad(&b, label, -(width - 20));
    pad(&b, buf_str(&value), -20);
    textview_add(t, role, NULL, "%s", buf_str(&b));
}

/* By its text: no amount is worth a rounding here. */
static bool is_zero(const char *amount) {
    return strspn(amount, "-0.") == strlen(amount);
}

static void charges(struct textview *t, int width, const struct json *o,
                    const char *path, const char *currency) {
    const struct json *c = json_first(json_get(o, path));
    for (; c; c = json_next(c)) {
        sum(t, width, ROLE_NORMAL, model_str(c, "name"), model_str(c, "total"),
            currency);
    }
}

static void coupons(struct textview *t, int width, const struct json *o,
                    const char *currency) {
    const struct json *c = json_first(json_get(o, "coupon_lines"));
    for (; c; c = json_next(c)) {
        AUTO_BUF struct buf b = BUF_INIT;
        AUTO_FREE char *off = mem_printf("-%s", model_str(c, "discount"));
        TF(&b, ORDER_COUPON, "code", model_str(c, "code"));
        sum(t, width, ROLE_DIM, buf_str(&b), off, currency);
    }
}

/* What the shop says was paid: how, when, and by which transaction. */
static void payment(struct detail *d, struct textview *t, int width) {
    const struct json *o = detail_object(d);
    const char *id = model_str(o, "transaction_id");
    AUTO_BUF struct buf what = BUF_INIT;
    if (model_time(o, "date_paid") == 0) {
        return;
    }
    order_paid(d, &what);
    buf_addf(&what, "%s%s", *id ? "  " : "", id);
    sum(t, width, ROLE_GOOD, buf_str(&what), model_str(o, "total"),
        model_str(o, "currency"));
}

static void totals(struct detail *d, struct textview *t, int width) {
    const struct json *o = detail_object(d);
    const char *currency = model_str(o, "currency");
    charges(t, width, o, "shipping_lines", currency);
    charges(t, width, o, "fee_lines", currency);
    coupons(t, width, o, currency);
    if (!is_zero(model_str(o, "total_tax"))) {
        sum(t, width, ROLE_NORMAL, T(ORDER_TAX), model_str(o, "total_tax"),
            currency);
    }
    sum(t, width, ROLE_KEY, T(ORDER_TOTAL), model_str(o, "total"), currency);
    payment(d, t, width);
    if (!is_zero(model_str(o, "refund_total"))) {
        AUTO_FREE char *back = mem_printf("-%s", model_str(o, "refund_total"));
        sum(t, width, ROLE_WARN, T(ORDER_REFUNDED), back, currency);
    }
}

static void pending(struct textview *t, const struct json *o) {
    const struct json *p = json_first(json_get(o, "pending"));
    for (; p; p = json_next(p)) {
        AUTO_BUF struct buf b = BUF_INIT;
        const char *path = model_str(p, "path");
        AUTO_BUF struct buf field = BUF_INIT;
        if (field_known(path)) {
            field_words(&field, tr_lang, path);
        } else { /* what sets no field is named by its act */
            buf_adds(&field, tr_word("act", path));
        }
        TF(&b, ORDER_PENDING, "value", buf_str(&field), "state",
           change_state_word(model_str(p, "state")));
        textview_add(t, ROLE_WARN, NULL, "%s", buf_str(&b));
    }
}

/* --- why it does not leave ------------------------------------------------ */

/* What its status says is said above. */
static bool over(const struct json *blocker) {
    const char *what = model_str(blocker, "what");
    return str_eq(what, "done") || str_eq(what, "dead");
}

/* All that is in the way on one line; Enter tells who can clear it. */
static void why_line(struct detail *d, struct textview *t) {
    const struct json *why = detail_part(d, ORDER_PART_WHY);
    const struct json *b = json_first(json_get(why, "blockers"));
    AUTO_BUF struct buf all = BUF_INIT;
    AUTO_BUF struct buf line = BUF_INIT;
    AUTO_FREE char *link = mem_printf("why %s", d->key);
    if (!b || over(b)) {
        return;
    }
    for (; b; b = json_next(b)) {
        const char *text = model_str(b, "text");
        size_t n = strlen(text);
        n -= n > 0 && text[n - 1] == '.';
        buf_adds(&all, all.len ? " · " : "");
        buf_add(&all, text, n);
    }
    TF(&line, ORDER_WHY, "what", buf_str(&all));
    textview_add(t, ROLE_WARN, NULL, "%s", buf_str(&line));
    textview_link(t, link);
}

void order_why(struct detail *d, struct textview *t, int width) {
    const struct json *why = detail_part(d, ORDER_PART_WHY);
    const struct json *b = json_first(json_get(why, "blockers"));
    if (!b) {
        textview_add(t, ROLE_GOOD, NULL, "%s", T(WHY_CLEAR));
    }
    for (; b; b = json_next(b)) {
        textview_prose(t, ROLE_WARN, NULL, model_str(b, "text"), width);
        textview_prose(t, ROLE_DIM, NULL, model_str(b, "who"), width);
    }
}

/* --- lines ---------------------------------------------------------------- */

static const struct store_row *store_of(const struct detail *d) {
    int n;
    const struct store_row *s = app_stores(d->base.app, &n);
    size_t name = strcspn(d->key, ":");
    for (int i = 0; i < n; i++) {
        if (strlen(s[i].name) == name && !memcmp(s[i].name, d->key, name)) {
            return &s[i];
        }
    }
    return NULL;
}

/* Its page in the shop's own administration; an address that may have been cut
 * is none. */
static void at_shop(struct detail *d, struct textview *t, int width) {
    const struct store_row *s = store_of(d);
    const char *id = strchr(d->key, ':');
    if (!s || !id || str_empty(s->url) || strlen(s->url) == sizeof s->url - 1) {
        return;
    }
    AUTO_FREE char *address =
        str_eq(s->storage, "hpos")
            ? mem_printf("%s/wp-admin/admin.php?page=wc-orders&action=edit"
                         "&id=%s",
                         s->url, id + 1)
            : mem_printf("%s/wp-admin/post.php?post=%s&action=edit", s->url,
                         id + 1);
    textview_add(t, ROLE_NORMAL, NULL, "%s", "");
    web_address_add(t, T(ORDER_AT_SHOP), address, width - t->label_width);
}

void order_lines(struct detail *d, struct textview *t, int width) {
    const struct json *o = detail_object(d);
    struct line_widths w = widths(width);
    AUTO_BUF struct buf head = BUF_INIT;
    const char *titles[CELLS] = {T(COL_SKU),    T(COL_NAME),   T(COL_QTY),
                                 T(COL_PICKED), T(COL_PACKED), T(COL_SENT),
                                 T(COL_BACK),   T(COL_PRICE),  T(COL_TOTAL)};
    why_line(d, t);
    line_row(&head, &w, titles);
    textview_add(t, ROLE_HEADER, NULL, "%s", buf_str(&head));
    const struct json *line = json_first(json_get(o, "line_items"));
    for (; line; line = json_next(line)) {
        one_line(d, t, line, &w);
        line_parts(t, line, &w);
        line_meta(t, line, &w);
    }
    totals(d, t, width);
    pending(t, o);
    at_shop(d, t, width);
}

void order_addresses(struct detail *d, struct textview *t, int width) {
    const struct json *o = detail_object(d);
    (void)width;
    detail_address(t, T(ORDER_SHIP_TO), json_get(o, "shipping"));
    textview_add(t, ROLE_NORMAL, NULL, "%s", "");
    detail_address(t, T(ORDER_BILL_TO), json_get(o, "billing"));
}

void order_notes(struct detail *d, struct textview *t, int width) {
    const struct json *n = json_first(json_get(detail_object(d), "notes"));
    if (!n) {
        textview_add(t, ROLE_DIM, NULL, "%s", T(ORDER_NO_NOTES));
    }
    for (; n; n = json_next(n)) {
        AUTO_BUF struct buf when = BUF_INIT;
        app_when(d->base.app, model_time(n, "date_created"), &when);
        textview_add(t, ROLE_DIM, NULL, "%s  %s  %s", buf_str(&when),
                     model_str(n, "author"),
                     model_flag(n, "customer_note") ? T(ORDER_NOTE_CUSTOMER)
                                                    : T(ORDER_NOTE_PRIVATE));
        textview_prose(t, ROLE_NORMAL, NULL, model_str(n, "note"), width);
    }
}

void order_refunds(struct detail *d, struct textview *t, int width) {
    const struct json *o = detail_object(d);
    const struct json *r = json_first(json_get(o, "refunds"));
    (void)width;
    if (!r) {
        textview_add(t, ROLE_DIM, NULL, "%s", T(ORDER_NO_REFUNDS));
    }
    for (; r; r = json_next(r)) {
        AUTO_BUF struct buf when = BUF_INIT;
        char amount[40];
        app_when(d->base.app, model_time(r, "date_created"), &when);
        model_money(amount, sizeof amount, model_str(r, "amount"));
        textview_add(t, ROLE_WARN, NULL, "%s  %s %s  %s", buf_str(&when),
                     amount, model_str(o, "currency"), model_str(r, "reason"));
        const struct json *l = json_first(json_get(r, "lines"));
        for (; l; l = json_next(l)) {
            textview_add(t, ROLE_NORMAL, NULL, "  %s  %s  %s",
                         model_str(l, "quantity"), model_str(l, "sku"),
                         model_str(l, "name"));
        }
    }
}

/* --- parcels -------------------------------------------------------------- */

static void one_parcel(struct detail *d, struct textview *t,
                       const struct json *v, int width) {
    struct shipment_row r = {0};
    AUTO_BUF struct buf b = BUF_INIT;
    if (shipment_row_read(v, &r) < 0) {
        return;
    }
    AUTO_FREE char *link = mem_printf("shipment %s", r.id);
    int64_t when = r.changed_ms ? r.changed_ms : r.shipped_ms;
    pad(&b, r.id, 7);
    pad(&b, tr_word("parcel", r.state), 17);
    TF(&b, ORDER_PIECES, "n", r.pieces);
    buf_addf(&b, "  %s%s%s  %s", r.carrier, r.service[0] ? " " : "", r.service,
             r.tracking);
    buf_addf(&b, "  %s%s%s", when ? app_age(d->base.app, when) : "",
             r.told[0] ? "  " : "", r.told[0] ? change_state_word(r.told) : "");
    textview_add(t, shipment_state_role(r.state), NULL, "%s", buf_str(&b));
    textview_link(t, link);
    web_address_add(t, "", r.url, width - t->label_width);
}

void order_parcels(struct detail *d, struct textview *t, int width) {
    const struct json *o = detail_part(d, ORDER_PART_PARCELS);
    const struct json *p = json_first(json_get(o, "parcels"));
    const char *why = model_str(o, "why");
    if (!p) {
        textview_add(t, ROLE_DIM, NULL, "%s", T(ORDER_NO_PARCELS));
    }
    for (; p; p = json_next(p)) {
        one_parcel(d, t, p, width);
    }
    if (*why) {
        textview_prose(t, ROLE_WARN, NULL, why, width);
    }
}

void order_timeline(struct detail *d, struct textview *t, int width) {
    const struct json *row = json_first(json_get(detail_part(d, 1), "items"));
    for (; row; row = json_next(row)) {
        AUTO_BUF struct buf when = BUF_INIT;
        const char *who = model_str(row, "who");
        app_when(d->base.app, model_time(row, "at"), &when);
        AUTO_FREE char *text =
            mem_printf("%s%s%s", model_str(row, "text"), *who ? "  " : "", who);
        textview_prose(t, ROLE_NORMAL, buf_str(&when), text,
                       width - t->label_width);
    }
}

void order_raw(struct detail *d, struct textview *t, int width) {
    detail_raw(t, json_get(detail_part(d, 2), "object"), width);
}
