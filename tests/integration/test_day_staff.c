/* A day in the warehouse: an order comes by webhook onto the open screen, is
 * picked short and the rest put off, packed and sent in two parcels; the shop
 * completes it with the second. One piece comes back, is counted in, put on the
 * shelf and refunded after a second person's yes, and the customer got each
 * letter once. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/str.h"
#include "day.h"
#include "tests/lib/test.h"

#define F8 "\x1b[19~"
#define F10 "\x1b[21~"

enum { LINES = 3 };

struct shift {
    struct day d;
    struct desk staff, admin;
    int64_t order;
    struct day_goods goods[LINES];
    char ref[40];
};

static const int pieces[LINES] = {2, 3, 1};

/* Somebody buys, at the shop: nobody here asks for it. */
static void an_order_comes(struct shift *s) {
    desk_lacks(&s->staff, "Ada");
    s->order = day_order(&s->d, s->goods, pieces, LINES);
    (void)snprintf(s->ref, sizeof s->ref, "alpine:%lld", (long long)s->order);
    desk_see_row(&s->staff, s->ref, "processing");
    desk_see_row(&s->staff, s->ref, "Ada");
}

static void to_the_order(struct shift *s) {
    desk_type(&s->staff, "go");
    desk_type(&s->staff, "/\x15number:%lld\r", (long long)s->order);
    desk_see(&s->staff, "1-1 of 1");
    desk_see(&s->staff, ">%s", s->ref);
}

static void scan(struct desk *k, const char *sku, int n) {
    for (int i = 0; i < n; i++)
        desk_type(k, "%s\r", sku);
}

static void picked_short(struct shift *s) {
    struct desk *k = &s->staff;
    to_the_order(s);
    desk_type(k, "p");
    desk_see(k, "Scan");
    desk_see(k, "%s", s->goods[1].sku);
    scan(k, s->goods[0].sku, 2);
    desk_see_row(k, s->goods[0].sku, "2 / 2");
    scan(k, s->goods[1].sku, 2);
    desk_see_row(k, s->goods[1].sku, "2 / 3");
    desk_type(k, "\x1bOQ"); /* F2 */
    desk_see(k, "Missing: wait for goods");
    desk_type(k, "\r");
    desk_see_row(k, s->goods[1].sku, "2 / 3");
    scan(k, s->goods[2].sku, 1);
    desk_see(k, "all picked: F10");
    desk_type(k, F10);
    desk_see(k, "is picked: the packers have it.");
}

/* From the list to the parcel that has left. */
static void pack(struct shift *s, const char *tracking) {
    struct desk *k = &s->staff;
    desk_type(k, F10);
    desk_see(k, "Packed:");
    desk_type(k, F8);
    desk_see(k, "Carrier");
    desk_type(k, "ups\t\t%s\x13", tracking);
    desk_see(k, "1 parcel of %s has left.", s->ref);
    desk_see(k, "Orders"); /* nothing lies on the table */
}

static void the_first_parcel(struct shift *s) {
    struct desk *k = &s->staff;
    to_the_order(s);
    desk_type(k, "P");
    desk_see(k, "PACK %s", s->ref);
    scan(k, s->goods[0].sku, 2);
    scan(k, s->goods[1].sku, 2);
    scan(k, s->goods[2].sku, 1);
    desk_see(k, "left 0");
    scan(k, s->goods[2].sku, 1);
    desk_see(k, "ONE TOO MANY");
    desk_lacks(k, "orders changed"); /* this work is no news of the shop */
    pack(s, "1Z-A");
    day_shop_has(&s->d, "orders", s->order, "1Z-A");
    day_shop_has(&s->d, "orders", s->order, "\"status\":\"processing\"");
}

static void the_rest_follows(struct shift *s) {
    struct desk *k = &s->staff;
    to_the_order(s);
    desk_type(k, "p");
    desk_see_row(k, s->goods[1].sku, "0 / 1");
    desk_lacks(k, s->goods[0].sku);
    scan(k, s->goods[1].sku, 1);
    desk_see(k, "all picked: F10");
    desk_type(k, F10);
    desk_see(k, "is picked: the packers have it.");
    to_the_order(s);
    desk_type(k, "P");
    desk_see(k, "PACK %s", s->ref);
    scan(k, s->goods[1].sku, 1);
    desk_see(k, "left 0");
    pack(s, "1Z-B");
    desk_see(k, "completed at the shop");
    day_shop_has(&s->d, "orders", s->order, "\"status\":\"completed\"");
    day_shop_has(&s->d, "orders", s->order, "1Z-B");
}

/* --- it comes back -------------------------------------------------------- */

static void a_return_is_opened(struct shift *s) {
    struct desk *k = &s->staff;
    to_the_order(s);
    desk_type(k, "B");
    desk_see(k, "Customer says");
    desk_type(k, " \t1\x13");
    desk_see_gone(k, "Customer says"); /* what is said may be gone as soon */
    desk_type(k, "gr");
    desk_see_row(k, "R-1", "requested");
    desk_type(k, "a");
    desk_see(k, "Approve R-1");
    desk_type(k, "Liman Cd. 4\x13");
    desk_see_row(k, "R-1", "approved");
}

/* What it says is seen first; it goes out once. */
static void a_letter_goes(struct shift *s, const char *keys, const char *name,
                          int letters) {
    struct desk *k = &s->staff;
    desk_type(k, "m");
    desk_see(k, "Write to the customer");
    desk_type(k, "%s", keys);
    desk_see(k, ">%s", name);
    desk_type(k, "\r");
    desk_see(k, "ada@example.test");
    desk_see(k, "Nothing was sent yet.");
    desk_type(k, "\r");
    desk_see(k, "is on its way to ada@example.test.");
    assert_true(smtp_server_wait(s->d.mail, letters, DAY_MS));
    desk_type(k, "gr");
    desk_see(k, "R-1");
}

static void it_is_counted_in(struct shift *s) {
    struct desk *k = &s->staff;
    desk_type(k, "c");
    desk_see(k, "Scan item >");
    desk_type(k, "%s\r", s->goods[0].sku);
    desk_see(k, "1 of 1");
    desk_type(k, "\x1b");
    desk_see_row(k, "R-1", "received");
    desk_type(k, "i");
    desk_see(k, "Inspect");
    desk_type(k, "\x13");
    desk_see_row(k, "R-1", "inspected");
}

static void back_on_the_shelf(struct shift *s) {
    struct desk *k = &s->staff;
    int64_t before =
        day_number(&s->d, "products", s->goods[0].id, "stock_quantity");
    desk_type(k, "+");
    desk_see(k, "Count R-1 back in");
    desk_type(k, "\x13");
    char wanted[64];
    (void)snprintf(wanted, sizeof wanted, "\"stock_quantity\":%lld",
                   (long long)before + 1);
    day_shop_has(&s->d, "products", s->goods[0].id, wanted);
}

/* Whoever asks for the money back is not who gives it. */
static void refunded_by_two(struct shift *s) {
    struct desk *k = &s->staff;
    int before = day_count(&s->d, "refunds", "\"id\":");
    desk_type(k, "R");
    desk_see(k, "before a second person has approved it");
    desk_type(k, "\x13");
    desk_see(&s->admin, "refund");
    assert_int_equal(day_count(&s->d, "refunds", "\"id\":"), before);
    desk_type(&s->admin, "gg");
    desk_see_row(&s->admin, ">approval", "refund");
    desk_type(&s->admin, "a");
    desk_see(&s->admin, "Type");
    desk_type(&s->admin, "approve\r");
    desk_see_row(k, "R-1", "refunded");
    assert_int_equal(day_count(&s->d, "refunds", "\"id\":"), before + 1);
}

static void told_once_each(struct shift *s) {
    struct desk *k = &s->staff;
    a_letter_goes(s, "j", "refund", 2);
    desk_type(k, "z");
    desk_type(k, "close\r");
    desk_see_row(k, "R-1", "closed");
    assert_int_equal(smtp_server_letters(s->d.mail), 2);
}

/* Each step and whose it was. */
static void the_order_tells_it(struct shift *s) {
    struct desk *k = &s->staff;
    to_the_order(s);
    desk_type(k, "\r");
    desk_see(k, "Timeline");
    term_resize(k->t, 60, 100);
    desk_tab(k, "[Timeline]");
    desk_see_row(k, "R-1: refunded.", "can");
    desk_see_row(k, "Approved by can.", "ali");
    desk_see_row(k, "R-1: counted back into stock.", "ali");
    desk_see_row(k, "Parcel left: S-2 ups 1Z-B", "ali");
    desk_see_row(k, "Parcel left: S-1 ups 1Z-A", "ali");
    desk_see_row(k, "Not there: ", "ali");
    desk_see_row(k, "Picking begun.", "ali");
}

/* The shop told its customer of each parcel once, too. */
static void the_shop_agrees(struct shift *s) {
    world_assert_true(&s->d.w, 12);
    assert_int_equal(day_count(&s->d, "notes", "1Z-A"), 1);
    assert_int_equal(day_count(&s->d, "notes", "1Z-B"), 1);
    for (int i = 1; i < LINES; i++)
        assert_int_equal(
            day_number(&s->d, "products", s->goods[i].id, "stock_quantity"),
            s->goods[i].stock - pieces[i]);
    assert_int_equal(
        day_number(&s->d, "products", s->goods[0].id, "stock_quantity"),
        s->goods[0].stock - pieces[0] + 1);
}

static void the_day(void **state) {
    struct shift s;
    (void)state;
    day_begin(&s.d, "--storage", "hpos", "--trust-http", "--seed", "7",
              "--orders", "12", "--products", "20", "--customers", "6", NULL);
    day_person(&s.d, "ali", "staff", ",\"stores\":[\"alpine\"]");
    day_person(&s.d, "can", "admin", "");
    day_goods(&s.d, s.goods, LINES);
    desk_open(&s.staff, &s.d, "ali", "orders", 24, 80);
    desk_open(&s.admin, &s.d, "can", "changes", 24, 80);
    an_order_comes(&s);
    picked_short(&s);
    the_first_parcel(&s);
    the_rest_follows(&s);
    a_return_is_opened(&s);
    a_letter_goes(&s, "", "return approved", 1);
    it_is_counted_in(&s);
    back_on_the_shelf(&s);
    refunded_by_two(&s);
    told_once_each(&s);
    the_order_tells_it(&s);
    the_shop_agrees(&s);
    desk_close(&s.staff);
    desk_close(&s.admin);
    day_end(&s.d);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_day)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
