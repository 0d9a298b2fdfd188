/* An owner places orders: not before the tenant lets them; one is approved and
 * is at the shop, one is rejected with a reason the owner reads. */
#include <unistd.h>

#include "day.h"
#include "tests/lib/test.h"

struct shift {
    struct day d;
    struct desk owner, admin;
};

#define F3 "\x1bOR"
#define F10 "\x1b[21~"

static void not_before_they_may(struct shift *s) {
    desk_see(&s->owner, "alpine:");
    desk_type(&s->owner, "a");
    desk_see(&s->owner, "Owners place no orders here");
    desk_type(&s->admin, "gt");
    desk_see(&s->admin, "main");
    desk_type(&s->admin, "e");
    desk_see(&s->admin, "May order");
    desk_type(&s->admin, "\t \x13");
    desk_see_gone(&s->admin, "May order");
}

/* As one who is on the phone: a code, a name, a reason. */
static void place(struct shift *s, const char *sku, const char *name,
                  const char *reason) {
    desk_type(&s->owner, "a");
    desk_see(&s->owner, "Product >");
    desk_type(&s->owner, "2*%s\r", sku);
    desk_see(&s->owner, ": 2");
    desk_type(&s->owner, F3);
    desk_see(&s->owner, "Address, payment, shipping");
    desk_type(&s->owner, "%s" F10, name);
    desk_see(&s->owner, "%s", name);
    desk_type(&s->owner, F10);
    desk_see(&s->owner, "Reason");
    desk_type(&s->owner, "%s\r", reason);
    desk_see(&s->owner, "proposed as A-");
}

static void one_is_approved(struct shift *s, const char *sku) {
    place(s, sku, "Philippa", "rang at noon");
    desk_type(&s->admin, "gv");
    desk_see(&s->admin, "new order");
    desk_see(&s->admin, "rang at noon");
    assert_int_equal(day_count(&s->d, "orders", "Philippa"), 0);
    desk_type(&s->admin, "aapprove\r");
    desk_see(&s->admin, "approved");
    int64_t id = 0;
    for (int i = 0; i < 300 && day_count(&s->d, "orders", "Philippa") == 0; i++)
        (void)usleep(100000);
    assert_int_equal(day_count(&s->d, "orders", "Philippa"), 1);
    id = day_find(&s->d, "orders", "Philippa", 0);
    day_shop_has(&s->d, "orders", id, "\"quantity\":2");
    desk_type(&s->owner, "gvu");
    desk_see_row(&s->owner, "done", "new order");
}

static void one_is_rejected(struct shift *s, const char *sku) {
    desk_type(&s->owner, "go");
    place(s, sku, "Quentin", "by letter");
    desk_type(&s->admin, "gv");
    desk_see(&s->admin, "by letter");
    desk_type(&s->admin, "r");
    desk_see(&s->admin, "Reason");
    desk_type(&s->admin, "not paid\r");
    desk_see(&s->admin, "rejected.");
    desk_type(&s->owner, "gv");
    desk_see_row(&s->owner, "rejected", "new order");
    desk_type(&s->owner, "gg");
    desk_see(&s->owner, "not paid");
    assert_int_equal(day_count(&s->d, "orders", "Quentin"), 0);
}

static void the_day(void **state) {
    struct shift s;
    struct day_goods g;
    (void)state;
    day_begin(&s.d, "--storage", "hpos", "--trust-http", "--seed", "7",
              "--orders", "12", "--products", "20", "--customers", "6", NULL);
    day_goods(&s.d, &g, 1);
    day_person(&s.d, "olga", "owner", ",\"tenant\":\"main\"");
    day_person(&s.d, "can", "admin", "");
    desk_open(&s.owner, &s.d, "olga", "orders", 24, 80);
    desk_open(&s.admin, &s.d, "can", "approvals", 24, 80);
    not_before_they_may(&s);
    one_is_approved(&s, g.sku);
    one_is_rejected(&s, g.sku);
    desk_close(&s.owner);
    desk_close(&s.admin);
    day_end(&s.d);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_day)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
