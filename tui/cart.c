#include "tui/cart.h"

#include <string.h>

#include "common/json.h"
#include "common/jsonw.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/model.h"

#define ADDRESS(of)                                                            \
    {of ".first_name", TEXT_FORM_FIRST_NAME},                                  \
        {of ".last_name", TEXT_FORM_LAST_NAME},                                \
        {of ".company", TEXT_FORM_COMPANY},                                    \
        {of ".address_1", TEXT_FORM_ADDRESS_1},                                \
        {of ".address_2", TEXT_FORM_ADDRESS_2},                                \
        {of ".postcode", TEXT_FORM_POSTCODE}, {of ".city", TEXT_COL_CITY},     \
        {of ".state", TEXT_FORM_STATE}, {of ".country", TEXT_COL_COUNTRY}, {   \
        of ".phone", TEXT_COL_PHONE                                            \
    }

/* Members of one object stand together: they are written as they come. */
const struct cart_field cart_fields[CART_FIELDS] = {
    ADDRESS("billing"),
    {"billing.email", TEXT_COL_EMAIL},
    ADDRESS("shipping"),
    {"status", TEXT_COL_STATUS},
    {"payment_method_title", TEXT_FORM_PAYMENT},
    {"shipping_method", TEXT_FORM_SHIPPING_METHOD},
    {"shipping_total", TEXT_FORM_SHIPPING_COST},
    {"customer_note", TEXT_ORDER_NOTE},
};

void cart_done(struct cart *c) {
    for (int i = 0; i < CART_FIELDS; i++) {
        free(c->values[i]);
        c->values[i] = NULL;
    }
}

const char *cart_value(const struct cart *c, int field) {
    return c->values[field] ? c->values[field] : "";
}

void cart_set(struct cart *c, int field, const char *value) {
    free(c->values[field]);
    c->values[field] = str_empty(value) ? NULL : mem_dup(value);
}

/* --- lines ---------------------------------------------------------------- */

static int64_t there(const struct product_row *p) {
    int64_t n;
    if (str_eq(p->stock_status, "outofstock")) {
        return 0;
    }
    return str_eq(p->stock_status, "onbackorder") ||
                   str_to_i64(p->stock, INT64_MIN, INT64_MAX, &n) < 0
               ? -1
           : n < 0 ? 0
                   : n;
}

static int line_of(const struct cart *c, const char *ref) {
    int i = 0;
    while (i < c->n && !str_eq(c->lines[i].ref, ref)) {
        i++;
    }
    return i;
}

int cart_add(struct cart *c, const struct product_row *p, int64_t qty) {
    int i = line_of(c, p->ref), role;
    struct cart_line *l = &c->lines[i];
    if (i == CART_LINES) {
        return -1;
    }
    if (i == c->n) {
        c->n++;
        *l = (struct cart_line){.there = there(p)};
        (void)str_copy(l->ref, sizeof l->ref, p->ref);
        (void)str_copy(l->sku, sizeof l->sku, p->sku);
        (void)str_copy(l->name, sizeof l->name, p->name);
        (void)str_format(l->price, sizeof l->price, "%s %s", p->price,
                         p->currency);
        product_row_stock(p, l->stock, sizeof l->stock, &role);
    }
    c->at = i;
    cart_more(c, qty);
    return i;
}

void cart_more(struct cart *c, int64_t by) {
    if (c->at < c->n) {
        int64_t qty = c->lines[c->at].qty + by;
        c->lines[c->at].qty = qty < 1              ? 1
                              : qty > CART_QTY_MAX ? CART_QTY_MAX
                                                   : qty;
    }
}

void cart_drop(struct cart *c) {
    if (c->at < c->n) {
        c->n--;
        memmove(&c->lines[c->at], &c->lines[c->at + 1],
                (size_t)(c->n - c->at) * sizeof *c->lines);
    }
    if (c->at >= c->n && c->at > 0) {
        c->at = c->n - 1;
    }
}

bool cart_is_short(const struct cart_line *l) {
    return l->there >= 0 && l->qty > l->there;
}

/* --- whose ---------------------------------------------------------------- */

void cart_customer(struct cart *c, const struct json *customer) {
    const char *name = model_str(customer, "name");
    bool account = model_int(customer, "remote_id", 0) > 0;
    for (int i = 0; i < CART_FIELDS; i++) {
        const char *path = cart_fields[i].path;
        if (strchr(path, '.')) {
            cart_set(c, i, model_str(customer, path));
        }
    }
    (void)str_copy(c->customer, sizeof c->customer,
                   account ? model_str(customer, "ref") : "");
    (void)str_format(c->who, sizeof c->who, "%s%s%s", name, *name ? "  " : "",
                     model_str(customer, "email"));
}

void cart_name(struct cart *c) {
    if (!c->customer[0]) {
        (void)str_format(c->who, sizeof c->who, "%s%s%s  %s", cart_value(c, 0),
                         *cart_value(c, 0) ? " " : "", cart_value(c, 1),
                         cart_value(c, 10));
    }
}

/* --- what is sent --------------------------------------------------------- */

static void write_lines(const struct cart *c, struct jsonw *w) {
    char qty[24];
    jsonw_key(w, "lines");
    jsonw_begin_array(w);
    for (int i = 0; i < c->n; i++) {
        (void)str_format(qty, sizeof qty, "%lld", (long long)c->lines[i].qty);
        jsonw_begin_object(w);
        jsonw_kstring(w, "product", c->lines[i].ref);
        jsonw_kstring(w, "quantity", qty);
        jsonw_end_object(w);
    }
    jsonw_end_array(w);
}

/* "billing.city" is a member of billing. */
static void write_fields(const struct cart *c, struct jsonw *w) {
    char open[16] = "";
    for (int i = 0; i < CART_FIELDS; i++) {
        const char *path = cart_fields[i].path;
        const char *dot = strchr(path, '.');
        size_t n = dot ? (size_t)(dot - path) : 0;
        if (!c->values[i]) {
            continue;
        }
        if (open[0] && (strlen(open) != n || strncmp(open, path, n) != 0)) {
            jsonw_end_object(w);
            open[0] = '\0';
        }
        if (dot && !open[0]) {
            (void)str_format(open, sizeof open, "%.*s", (int)n, path);
            jsonw_key(w, open);
            jsonw_begin_object(w);
        }
        jsonw_kstring(w, dot ? dot + 1 : path, c->values[i]);
    }
    if (open[0]) {
        jsonw_end_object(w);
    }
}

void cart_params(const struct cart *c, const char *reason, struct buf *out) {
    struct jsonw w;
    jsonw_init(&w, out);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "store", c->store);
    if (c->customer[0]) {
        jsonw_kstring(&w, "customer", c->customer);
    }
    write_lines(c, &w);
    write_fields(c, &w);
    if (reason) {
        jsonw_kstring(&w, "reason", reason);
        jsonw_kbool(&w, "propose", true);
    }
    jsonw_end_object(&w);
}
