/* What runs next for a store that was read once: sweeps and polling within the
 * hour's requests, the open orders before all else. */
#include <string.h>

#include "common/str.h"
#include "sync/sync_internal.h"
#include "tests/lib/test.h"

enum { NOW = 100 * 60000, PER_HOUR = 600, LATER = NOW + 1000000 };

static struct sync engine;

/* Ready, nothing due. */
static void make(struct store_sync *ss) {
    memset(ss, 0, sizeof *ss);
    memset(&engine, 0, sizeof engine);
    engine.o = (struct sync_options){.interval_s = 300,
                                     .open_s = 300,
                                     .stock_s = 3600,
                                     .sweep_s = 21600,
                                     .deep_s = 86400,
                                     .requests_per_hour = PER_HOUR};
    ss->engine = &engine;
    for (int c = 0; c < SYNC_COLLECTIONS; c++) {
        (void)str_copy(ss->cp[c].phase, sizeof ss->cp[c].phase, "ready");
        ss->cp[c].mark_ms = 1;
        ss->due_ms[c] = LATER;
    }
    for (int k = 0; k < SWEEPS; k++) {
        ss->sweeps[k].place = (struct sweep_place){-1, INT64_MAX, 0, 1, 1};
        ss->sweeps[k].next_ms = LATER;
    }
}

static struct sync_step next(const struct store_sync *ss, int slot) {
    struct sync_step step;
    plan_next(ss, slot, NOW, &step);
    return step;
}

static void nothing_is_due(void **arg) {
    (void)arg;
    struct store_sync ss;
    make(&ss);
    assert_null(next(&ss, SLOT_FAST).ops);
    assert_null(next(&ss, SLOT_SLOW).ops);
    assert_int_equal(plan_due(&ss, SLOT_FAST, NOW), LATER);
    assert_int_equal(plan_due(&ss, SLOT_SLOW, NOW), LATER);
}

static void a_store_may_have_a_budget_of_its_own(void **arg) {
    (void)arg;
    struct store_sync ss;
    make(&ss);
    ss.store.per_hour = 2 * PER_HOUR;
    assert_int_equal(sync_per_hour(&ss), 2 * PER_HOUR);
    ss.sweeps[SWEEP_OF_OPEN].next_ms = NOW;
    budget_add(&ss.budget, NOW, PER_HOUR);
    assert_int_equal(next(&ss, SLOT_SLOW).sweep, SWEEP_OF_OPEN);
    ss.store.per_hour = 0;
    assert_null(next(&ss, SLOT_SLOW).ops);
}

static void open_orders_go_before_what_was_due_first(void **arg) {
    (void)arg;
    struct store_sync ss;
    make(&ss);
    ss.sweeps[SWEEP_OF_ORDERS].next_ms = NOW - 9000;
    ss.sweeps[SWEEP_OF_IDS].next_ms = NOW - 5000;
    ss.sweeps[SWEEP_OF_STOCK].next_ms = NOW - 7000;
    ss.sweeps[SWEEP_OF_OPEN].next_ms = NOW;
    assert_int_equal(next(&ss, SLOT_SLOW).sweep, SWEEP_OF_OPEN);
    ss.sweeps[SWEEP_OF_OPEN].next_ms = LATER;
    assert_int_equal(next(&ss, SLOT_SLOW).sweep, SWEEP_OF_STOCK);
    ss.sweeps[SWEEP_OF_STOCK].next_ms = LATER;
    assert_int_equal(next(&ss, SLOT_SLOW).sweep, SWEEP_OF_IDS);
    ss.sweeps[SWEEP_OF_IDS].next_ms = LATER;
    assert_int_equal(next(&ss, SLOT_SLOW).sweep, SWEEP_OF_ORDERS);
}

static void an_hour_that_is_nearly_used_up_is_for_open_orders(void **arg) {
    (void)arg;
    struct store_sync ss;
    make(&ss);
    budget_add(&ss.budget, NOW, 580);
    ss.due_ms[SYNC_ORDERS] = NOW;
    ss.sweeps[SWEEP_OF_STOCK].next_ms = NOW;
    assert_null(next(&ss, SLOT_FAST).ops);
    assert_null(next(&ss, SLOT_SLOW).ops);
    ss.sweeps[SWEEP_OF_OPEN].next_ms = NOW;
    assert_int_equal(next(&ss, SLOT_SLOW).sweep, SWEEP_OF_OPEN);
}

/* Never a time at which nothing could begin: that would spin. */
static void what_the_hour_forbids_waits_for_the_next_minute(void **arg) {
    (void)arg;
    struct store_sync ss;
    make(&ss);
    budget_add(&ss.budget, NOW, PER_HOUR);
    ss.due_ms[SYNC_ORDERS] = NOW;
    ss.sweeps[SWEEP_OF_OPEN].next_ms = NOW;
    int64_t at = plan_due(&ss, SLOT_FAST, NOW);
    assert_int_equal(at, NOW + 61 * 60000);
    assert_int_equal(plan_due(&ss, SLOT_SLOW, NOW), at);
    struct sync_step step;
    plan_next(&ss, SLOT_FAST, at, &step);
    assert_ptr_equal(step.ops, &pass_changes_ops);
    assert_true(step.scheduled);
}

/* Somebody waits: neither the clock nor the hour is asked. */
static void by_hand_costs_nothing(void **arg) {
    (void)arg;
    struct store_sync ss;
    struct sync_run run = {.wanted = 1u << SYNC_ORDERS,
                           .all = 1u << SYNC_ORDERS};
    make(&ss);
    budget_add(&ss.budget, NOW, PER_HOUR);
    ss.runs = &run;
    assert_ptr_equal(next(&ss, SLOT_FAST).ops, &pass_changes_ops);
    assert_false(next(&ss, SLOT_FAST).scheduled);
}

static void a_first_sync_goes_before_sweeps(void **arg) {
    (void)arg;
    struct store_sync ss;
    make(&ss);
    (void)str_copy(ss.cp[SYNC_CUSTOMERS].phase, sizeof ss.cp[0].phase, "scan");
    ss.sweeps[SWEEP_OF_OPEN].next_ms = NOW;
    assert_ptr_equal(next(&ss, SLOT_SLOW).ops, &pass_scan_ops);
    ss.retry_ms = NOW + 5000; /* it failed: nothing else steals in */
    assert_null(next(&ss, SLOT_SLOW).ops);
    assert_int_equal(plan_due(&ss, SLOT_SLOW, NOW), NOW + 5000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_due),
        cmocka_unit_test(a_store_may_have_a_budget_of_its_own),
        cmocka_unit_test(open_orders_go_before_what_was_due_first),
        cmocka_unit_test(an_hour_that_is_nearly_used_up_is_for_open_orders),
        cmocka_unit_test(what_the_hour_forbids_waits_for_the_next_minute),
        cmocka_unit_test(by_hand_costs_nothing),
        cmocka_unit_test(a_first_sync_goes_before_sweeps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
