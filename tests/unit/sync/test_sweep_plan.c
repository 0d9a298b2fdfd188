/* The promise about requests, over shops of every size. */
#include "sync/sweep_plan.h"
#include "tests/lib/test.h"

enum { PER_HOUR = 600, OPEN, POLL, NOTES, STOCK, IDS, CUSTOMERS, DEEP, LOADS };

/* A shop with that many orders, of which one in `open` is open. */
static int make(struct sweep_load l[], int64_t orders, int64_t open) {
    const struct sweep_load all[] = {
        {RANK_OPEN, sweep_cost(orders / open), 300},
        {RANK_POLL, 6, 60},
        {RANK_LOOK, orders / open + 1, 21600},
        {RANK_LOOK, sweep_cost(orders / 20), 3600},
        {RANK_LOOK, sweep_cost(orders), 21600},
        {RANK_LOOK, sweep_cost(orders / 2), 21600},
        {RANK_DEEP, sweep_cost(orders), 86400},
    };
    int n = sizeof all / sizeof *all;
    for (int i = 0; i < n; i++)
        l[i] = all[i];
    return n;
}

static int64_t per_hour_e3(const struct sweep_load *l, int n) {
    int64_t sum = 0;
    for (int i = 0; i < n; i++)
        sum += l[i].cost * 3600 * 1000 / l[i].period_s;
    return sum;
}

static void any_shop_costs_no_more_than_the_budget(void **arg) {
    (void)arg;
    struct sweep_load l[LOADS];
    for (int64_t orders = 10; orders <= 1000000; orders = orders * 5 / 2)
        for (int64_t open = 2; open <= 2000; open *= 10)
            for (int64_t budget = 20; budget <= 6000; budget *= 3) {
                int n = make(l, orders, open);
                sweep_spread(l, n, budget);
                assert_true(per_hour_e3(l, n) <= budget * 1000);
            }
}

static void a_small_shop_has_all_it_wants(void **arg) {
    (void)arg;
    struct sweep_load l[LOADS], wanted[LOADS];
    int n = make(l, 1000, 50);
    make(wanted, 1000, 50);
    sweep_spread(l, n, PER_HOUR);
    for (int i = 0; i < n; i++)
        assert_int_equal(l[i].period_s, wanted[i].period_s);
}

static int64_t stretch_e3(const struct sweep_load *l,
                          const struct sweep_load *wanted, int i) {
    return l[i].period_s * 1000 / wanted[i].period_s;
}

/* What is needed most is slowed last. */
static void deep_slows_first_open_orders_last(void **arg) {
    (void)arg;
    struct sweep_load l[LOADS], wanted[LOADS];
    for (int64_t orders = 1000; orders <= 1000000; orders *= 2) {
        int n = make(l, orders, 200);
        make(wanted, orders, 200);
        sweep_spread(l, n, PER_HOUR);
        int64_t open = stretch_e3(l, wanted, 0),
                poll = stretch_e3(l, wanted, 1);
        int64_t look = stretch_e3(l, wanted, 4),
                deep = stretch_e3(l, wanted, 6);
        if (open > 1000)
            assert_true(poll > 1000);
        if (poll > 1000)
            assert_true(look > 1000);
        if (orders > 200000) /* below, its own share is enough */
            assert_true(deep > 1000);
    }
}

static void nothing_stops_for_good(void **arg) {
    (void)arg;
    struct sweep_load l[LOADS];
    int n = make(l, 1000000, 200);
    sweep_spread(l, n, PER_HOUR);
    assert_true(l[0].period_s <= 1800); /* open orders: 5,000 of them */
    assert_true(l[1].period_s <= 300);  /* polling */
    assert_true(l[n - 1].period_s <= 8 * 86400); /* a million, full */
}

/* -- the hour ---------------------------------------------------------------
 */

enum { MINUTE = 60000, HOUR = 60 * MINUTE };

static void an_hour_slides(void **arg) {
    (void)arg;
    struct budget b = {0};
    budget_add(&b, HOUR, 500);
    budget_add(&b, HOUR + 30 * MINUTE, 60);
    assert_int_equal(budget_used(&b, 2 * HOUR - 1), 560);
    assert_int_equal(budget_used(&b, 2 * HOUR + MINUTE), 60);
    assert_int_equal(budget_used(&b, 4 * HOUR), 0);
}

static void lower_ranks_leave_room_for_higher(void **arg) {
    (void)arg;
    struct budget b = {0};
    budget_add(&b, 0, 430);
    assert_int_equal(budget_room(&b, 0, RANK_DEEP, PER_HOUR), 0);
    assert_int_equal(budget_room(&b, 0, RANK_LOOK, PER_HOUR), 50);
    assert_int_equal(budget_room(&b, 0, RANK_POLL, PER_HOUR), 140);
    assert_int_equal(budget_room(&b, 0, RANK_OPEN, PER_HOUR), 170);
}

/* Two days of a shop, by the rules of plan.c: in slices, all due at once when
 * it begins. No sixty minutes cost more than the budget. */
static void live(int64_t orders, int64_t open) {
    enum { SLICE = 10, STEP = 5000 };
    struct sweep_load l[LOADS];
    int64_t due[LOADS] = {0}, made[48 * 60] = {0};
    struct budget b = {0};
    int n = make(l, orders, open);
    sweep_spread(l, n, PER_HOUR);
    for (int64_t t = 0; t < 48 * (int64_t)HOUR; t += STEP)
        for (int i = 0; i < n; i++) {
            int64_t room = budget_room(&b, t, l[i].rank, PER_HOUR);
            int64_t slice = l[i].cost < SLICE ? l[i].cost : SLICE;
            if (t < due[i] || room == 0)
                continue;
            slice = slice < room ? slice : room;
            due[i] = t + l[i].period_s * 1000 * slice / l[i].cost;
            budget_add(&b, t, slice);
            made[t / MINUTE] += slice;
        }
    for (int at = 0; at + 60 <= 48 * 60; at++) {
        int64_t sum = 0;
        for (int i = 0; i < 60; i++)
            sum += made[at + i];
        assert_true(sum <= PER_HOUR);
    }
}

static void no_hour_of_two_days_costs_more(void **arg) {
    (void)arg;
    for (int64_t orders = 10; orders <= 1000000; orders *= 10)
        live(orders, 20);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_shop_costs_no_more_than_the_budget),
        cmocka_unit_test(a_small_shop_has_all_it_wants),
        cmocka_unit_test(deep_slows_first_open_orders_last),
        cmocka_unit_test(nothing_stops_for_good),
        cmocka_unit_test(an_hour_slides),
        cmocka_unit_test(lower_ranks_leave_room_for_higher),
        cmocka_unit_test(no_hour_of_two_days_costs_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
