/* The line of a new order: products of the shop, or its customers. */
#include <string.h>
#include <strings.h>

#include "common/json.h"
#include "common/jsonw.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/link.h"
#include "tui/loop.h"
#include "tui/new_order_room.h"
#include "tui/progress.h"
#include "tui/tr.h"
#include "tui/views.h"

void new_order_say(struct new_order *o, int role, const char *text) {
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

static const char *looked_for(const struct new_order *o) {
    int64_t qty;
    return words_of(buf_str(&o->line.text), &qty);
}

bool new_order_finds(const struct new_order *o) {
    return o->people || looked_for(o)[0];
}

/* --- finding -------------------------------------------------------------- */

static void find(struct new_order *o);

/* A parent of variations is nothing that can be sold. */
static bool is_sold(const struct product_row *p) {
    return !str_starts(p->type, "variable") && !str_eq(p->type, "grouped") &&
           !str_eq(p->type, "external");
}

static void read_found(struct new_order *o, const struct json *items) {
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
    struct new_order *o = arg;
    bool enter = o->enter && !o->again;
    o->waiting = false;
    if (r->result) {
        read_found(o, json_get(r->result, "items"));
    } else {
        AUTO_FREE char *why =
            mem_printf("%s %s", r->message, r->hint ? r->hint : "");
        new_order_say(o, ROLE_BAD, why);
    }
    app_dirty(o->base.app);
    if (o->again) {
        find(o);
    } else if (enter) {
        o->enter = false;
        new_order_take(o);
    }
}

/* What means something to the query language is no part of a name. */
static void clean(const char *text, struct buf *out) {
    for (; *text; text++) {
        buf_addc(out, strchr("\"\\:*?,()<>=", *text) ? ' ' : *text);
    }
}

static void find(struct new_order *o) {
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
    struct new_order *o = arg;
    if (new_order_finds(o)) {
        find(o);
    }
}

void new_order_typed(struct new_order *o) {
    struct loop *loop = app_loop(o->base.app);
    o->n = 0;
    o->said[0] = '\0';
    if (new_order_finds(o) && !loop_timer_pending(loop, find_due, o)) {
        loop_timer(loop, SEARCH_MS, find_due, o);
    }
}

/* --- taking --------------------------------------------------------------- */

static void add_product(struct new_order *o, const struct product_row *p,
                        int64_t qty) {
    AUTO_BUF struct buf b = BUF_INIT;
    char n[32], there[32];
    int i = cart_add(&o->cart, p, qty);
    if (i < 0) {
        new_order_say(o, ROLE_BAD, T(NEW_ORDER_FULL));
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
    new_order_say(o, cart_is_short(l) ? ROLE_WARN : ROLE_GOOD, buf_str(&b));
}

static void on_customer(void *arg, const struct link_reply *r) {
    struct new_order *o = arg;
    if (!r->result) {
        AUTO_FREE char *why =
            mem_printf("%s %s", r->message, r->hint ? r->hint : "");
        new_order_say(o, ROLE_BAD, why);
        return;
    }
    cart_customer(&o->cart, r->result);
    app_dirty(o->base.app);
}

void new_order_clear(struct new_order *o) {
    prompt_set(&o->line, "");
    o->n = 0;
    o->enter = false;
}

/* The one that is exactly it, else the one the cursor is on. */
static int chosen(const struct new_order *o, const char *text) {
    for (int i = 0; i < o->n && !o->people; i++) {
        if (strcasecmp(o->products[i].sku, text) == 0) {
            return i;
        }
    }
    return o->at;
}

void new_order_take(struct new_order *o) {
    int64_t qty;
    const char *text = words_of(buf_str(&o->line.text), &qty);
    if (!new_order_finds(o)) {
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
        new_order_say(o, ROLE_WARN, buf_str(&b));
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
    new_order_clear(o);
}
