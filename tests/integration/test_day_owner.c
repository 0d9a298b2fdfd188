/* An owner's day: a price is proposed, somebody else lets it go out, the shop
 * has it and says so; another is refused with a reason, a third is stale by the
 * time it is looked at. The warehouse is none of an owner's business. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/str.h"
#include "day.h"
#include "tests/lib/test.h"

#define NOT_ALLOWED "Your role does not allow this."

struct goods {
    int64_t id;
    char sku[64], ref[40];
};

/* The n-th simple product with a SKU and a price. */
static void goods_find(struct day *d, int n, struct goods *ret) {
    const struct json *l =
        world_call(&d->w, "products.list", "{\"filter\":\"type:simple\"}");
    for (const struct json *p = json_first(json_get(l, "items")); p;
         p = json_next(p)) {
        const char *sku = json_string(json_get(p, "sku"));
        if (str_empty(sku) || n-- > 0)
            continue;
        (void)str_copy(ret->sku, sizeof ret->sku, sku);
        (void)str_copy(ret->ref, sizeof ret->ref,
                       json_string(json_get(p, "ref")));
        ret->id = strtoll(strchr(ret->ref, ':') + 1, NULL, 10);
        return;
    }
    fail_msg("the shop has too few products");
}

struct shift {
    struct day d;
    struct desk owner, admin;
};

static void open_product(struct desk *k, const struct goods *g) {
    desk_type(k, "gp");
    desk_see(k, "Products");
    desk_type(k, "/\x15sku:%s\r", g->sku);
    desk_see(k, "1-1 of 1");
    desk_see_row(k, g->ref, g->sku);
}

/* From the list of products; the number it got is in ret. */
static void propose_price(struct desk *k, const struct goods *g,
                          const char *price) {
    open_product(k, g);
    desk_type(k, "e");
    desk_see(k, "This is proposed");
    desk_type(k, "\t\t\t\t\x15%s\t\t\t\t\t\t\t\tthe season\x13", price);
    desk_see(k, "proposed as A-");
}

static void one_is_approved(struct shift *s) {
    struct goods g;
    goods_find(&s->d, 0, &g);
    propose_price(&s->owner, &g, "123.45");
    desk_see_row(&s->admin, g.sku, "123.45");
    desk_type(&s->admin, "\r");
    desk_see(&s->admin, "Proposed");
    desk_type(&s->admin, "a");
    desk_type(&s->admin, "approve\r");
    desk_see(&s->admin, "approved");
    day_shop_has(&s->d, "products", g.id, "\"regular_price\":\"123.45\"");
    desk_type(&s->owner, "gvu");
    desk_see(&s->owner, "approved 1");
    desk_see_row(&s->owner, g.sku, "123.45");
    desk_type(&s->owner, "\r");
    desk_see(&s->owner, "confirmed");
    desk_type(&s->owner, "q");
}

static void one_is_rejected(struct shift *s) {
    struct goods g;
    goods_find(&s->d, 1, &g);
    propose_price(&s->owner, &g, "1.00");
    desk_type(&s->admin, "gv");
    desk_see_row(&s->admin, g.sku, "1.00");
    desk_type(&s->admin, "r");
    desk_see(&s->admin, "Reason");
    desk_type(&s->admin, "below cost\r");
    desk_see(&s->admin, "rejected.");
    desk_type(&s->owner, "gv");
    desk_see_row(&s->owner, "rejected", g.sku);
    desk_type(&s->owner, "gg");
    desk_see(&s->owner, "below cost");
    assert_int_equal(day_count(&s->d, "products", "\"regular_price\":\"1.00\""),
                     0);
}

/* Somebody bought one since: what was to be added is added to what is there. */
static void one_is_stale(struct shift *s) {
    struct goods g;
    goods_find(&s->d, 3, &g);
    int64_t before = day_number(&s->d, "products", g.id, "stock_quantity");
    open_product(&s->owner, &g);
    desk_type(&s->owner, "+");
    desk_see(&s->owner, "This is proposed");
    desk_type(&s->owner, "25\tdelivery of 25\r");
    desk_see(&s->owner, "proposed as A-3");
    desk_type(&s->admin, "gv");
    desk_see_row(&s->admin, "pending", g.sku);
    desk_see(&s->admin, "pending 1");
    world_door(&s->d.w, "sell",
               "{\"lines\":[{\"product_id\":%lld,\"quantity\":2}]}",
               (long long)g.id);
    desk_see(&s->admin, "Approving adds +25");
    desk_see_row(&s->admin, "stale", g.sku);
    desk_type(&s->admin, "aapprove\r");
    desk_see(&s->admin, "approved.");
    desk_see(&s->admin, "Nothing matches");
    char wanted[64];
    (void)snprintf(wanted, sizeof wanted, "\"stock_quantity\":%lld",
                   (long long)before + 23);
    day_shop_has(&s->d, "products", g.id, wanted);
    desk_type(&s->owner, "gv");
    desk_see_row(&s->owner, "done", g.sku);
}

/* Not a key of it does anything, and none is offered. */
static void the_warehouse_is_not_hers(struct shift *s) {
    static const char *const keys[] = {"p", "P", "H", "s", "B", "R", "T"};
    static const char *const acts[] = {"Pick the order", "Pack the order",
                                       "Ship what is packed", "Hold the order",
                                       "Open a return"};
    desk_type(&s->owner, "go");
    desk_see(&s->owner, "alpine:");
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        desk_type(&s->owner, "%s", keys[i]);
        desk_see(&s->owner, NOT_ALLOWED);
        desk_type(&s->owner, "j");
        desk_see_gone(&s->owner, NOT_ALLOWED);
    }
    desk_lacks(&s->owner, "p pick");
    desk_lacks(&s->owner, "P pack");
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
        desk_type(&s->owner, "?%.8s", acts[i]);
        desk_see(&s->owner, "? %.8s", acts[i]);
        desk_lacks(&s->owner, acts[i]);
        desk_type(&s->owner, "\x1b");
        desk_see(&s->owner, "to do");
    }
}

/* Whatever a key, a tab or a row leads to is there for her. */
static void nothing_refuses_her(struct shift *s) {
    static const struct {
        const char *keys, *title;
    } stops[] = {{"gd", "Dashboard"}, {"gs", "Stores"},     {"gb", "Shipments"},
                 {"gr", "Returns"},   {"gq", "Support"},    {"gv", "Approvals"},
                 {"ge", "Sessions"},  {"gk", "API tokens"}, {"gm", "Profile"},
                 {"go", "Orders"},    {"\r", "Order "},     {"gp", "Products"},
                 {"\r", "Product "},  {"gc", "Customers"},  {"\r", "Customer "},
                 {"gi", "Inventory"}, {"\r", "Stock "}};
    struct desk *k = &s->owner;
    for (size_t i = 0; i < sizeof stops / sizeof *stops; i++) {
        desk_type(k, "%s", stops[i].keys);
        desk_see(k, "%s", stops[i].title);
        for (int tab = 0; stops[i].keys[0] == '\r' && tab < 8; tab++) {
            desk_lacks(k, "not allowed");
            desk_type(k, "\t");
        }
        desk_lacks(k, "not allowed");
    }
}

/* Of one store alone nobody is asked which. */
static void she_asks_for_help(struct shift *s) {
    desk_type(&s->owner, "gqM");
    desk_see(&s->owner, "< alpine >");
    desk_type(&s->owner, "\tBoxes\tPlease use the small ones.\r\r");
    desk_see(&s->owner, "T-1 is open");
}

static void the_day(void **state) {
    struct shift s;
    (void)state;
    day_begin(&s.d, "--storage", "hpos", "--trust-http", "--seed", "7",
              "--orders", "12", "--products", "20", "--customers", "6", NULL);
    day_person(&s.d, "olga", "owner", ",\"tenant\":\"main\"");
    day_person(&s.d, "can", "admin", "");
    desk_open(&s.owner, &s.d, "olga", "products", 24, 80);
    desk_open(&s.admin, &s.d, "can", "approvals", 24, 80);
    one_is_approved(&s);
    one_is_rejected(&s);
    one_is_stale(&s);
    the_warehouse_is_not_hers(&s);
    nothing_refuses_her(&s);
    she_asks_for_help(&s);
    desk_close(&s.owner);
    desk_close(&s.admin);
    day_end(&s.d);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_day)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
