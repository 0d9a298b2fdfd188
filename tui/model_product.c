/* Products and customers. */
#include <stdio.h>

#include "common/err.h"
#include "common/json.h"
#include "common/str.h"
#include "tui/model.h"
#include "tui/screen.h"
#include "tui/tr.h"

#define TEXT(field, key) model_text(r->field, sizeof r->field, v, key)

int product_row_read(const struct json *v, void *row) {
    struct product_row *r = row;
    TEXT(ref, "ref");
    TEXT(store, "store");
    TEXT(sku, "sku");
    TEXT(name, "name");
    TEXT(type, "type");
    TEXT(status, "status");
    TEXT(currency, "currency");
    TEXT(stock, "stock_quantity");
    TEXT(stock_status, "stock_status");
    TEXT(low_amount, "low_stock_amount");
    model_money(r->price, sizeof r->price, model_str(v, "price"));
    model_money(r->sale, sizeof r->sale, model_str(v, "sale_price"));
    model_join(r->categories, sizeof r->categories, v, "categories");
    r->variations = model_int(v, "variations", 0);
    r->parent_id = model_int(v, "parent_id", 0);
    model_pending(r->pending, json_get(v, "pending"));
    TEXT(available, "available");
    r->bundle = model_flag(v, "bundle");
    r->low = model_flag(v, "low_stock");
    return r->ref[0] ? 0 : ERR_INVALID;
}

const char *product_row_key(const void *row) {
    return ((const struct product_row *)row)->ref;
}

void product_row_stock(const struct product_row *r, char *dst, size_t size,
                       int *ret_role) {
    bool out = str_eq(r->stock_status, "outofstock");
    const char *word = out           ? T(FLAG_OUT)
                       : r->low      ? T(FLAG_LOW)
                       : r->stock[0] ? ""
                       : str_eq(r->stock_status, "onbackorder")
                           ? T(PRODUCT_ONBACKORDER)
                           : T(PRODUCT_INSTOCK);
    *ret_role = out ? ROLE_BAD : r->low ? ROLE_WARN : ROLE_NORMAL;
    (void)str_format(dst, size, "%s%s%s", r->stock,
                     r->stock[0] && word[0] ? " " : "", word);
}

int customer_row_read(const struct json *v, void *row) {
    struct customer_row *r = row;
    TEXT(ref, "ref");
    TEXT(store, "store");
    TEXT(name, "name");
    TEXT(email, "email");
    TEXT(phone, "phone");
    TEXT(city, "city");
    TEXT(country, "country");
    model_amounts(r->spent, sizeof r->spent, v, "spent");
    model_join(r->tags, sizeof r->tags, v, "tags");
    r->orders = model_int(v, "orders", 0);
    r->last_order_ms = model_time(v, "last_order");
    r->guest = str_eq(model_str(v, "kind"), "guest");
    return r->ref[0] ? 0 : ERR_INVALID;
}

const char *customer_row_key(const void *row) {
    return ((const struct customer_row *)row)->ref;
}

int category_row_read(const struct json *v, void *row) {
    struct category_row *r = row;
    TEXT(ref, "ref");
    TEXT(store, "store");
    TEXT(name, "name");
    TEXT(path, "path");
    r->products = model_int(v, "products", 0);
    return r->ref[0] ? 0 : ERR_INVALID;
}

const char *category_row_key(const void *row) {
    return ((const struct category_row *)row)->ref;
}
