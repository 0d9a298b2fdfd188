/* What is done about our webhooks, from what the shop lists and what we know.
 */
#include "sync/hook_plan.h"

#include <string.h>

#include "tests/lib/test.h"

enum { NOW = 5000, PINGED = 77 };

struct world {
    struct hook_row rows[HOOK_ROWS];
    size_t n;
    struct hook_set known;
    struct hook_plan plan;
};

static void row(struct world *w, int64_t id, int topic, enum hook_status s) {
    w->rows[w->n++] = (struct hook_row){.id = id, .topic = topic, .status = s};
}

/* Every topic there, active, known and pinged; ids from 100. */
static struct world whole(void) {
    struct world w = {0};
    for (int t = 0; t < HOOK_TOPICS; t++) {
        row(&w, 100 + t, t, HOOK_ACTIVE);
        w.known.by[t] = (struct hook){
            .status = HOOK_ACTIVE, .remote_id = 100 + t, .ping_ms = PINGED};
    }
    return w;
}

static void plan(struct world *w, bool want, bool enable) {
    const struct hook_plan_in in = {.rows = w->rows,
                                    .n = w->n,
                                    .known = &w->known,
                                    .want = want,
                                    .enable = enable,
                                    .now_ms = NOW};
    hook_plan_make(&in, &w->plan);
}

static void is_step(const struct world *w, size_t i, enum hook_act act,
                    int topic, int64_t id) {
    assert_true(i < w->plan.n);
    assert_int_equal(w->plan.step[i].act, act);
    assert_int_equal(w->plan.step[i].topic, topic);
    assert_int_equal(w->plan.step[i].remote_id, id);
}

static void all_is_well(void **state) {
    (void)state;
    struct world w = whole();
    plan(&w, true, true);
    assert_int_equal(w.plan.n, 0);
    assert_int_equal(w.plan.found[3].remote_id, 103);
    assert_int_equal(w.plan.found[3].status, HOOK_ACTIVE);
}

static void an_empty_shop_gets_all(void **state) {
    (void)state;
    struct world w = {0};
    plan(&w, true, true);
    assert_int_equal(w.plan.n, HOOK_TOPICS);
    for (int t = 0; t < HOOK_TOPICS; t++) {
        is_step(&w, (size_t)t, HOOK_CREATE, t, 0);
        assert_int_equal(w.plan.found[t].status, HOOK_NEW);
    }
}

/* The answer to POST was lost: the shop has it, we know no id. */
static void what_the_shop_has_is_adopted(void **state) {
    (void)state;
    struct world w = whole();
    w.known.by[4] = (struct hook){.status = HOOK_NEW};
    plan(&w, true, true);
    assert_int_equal(w.plan.n, 0);
    assert_int_equal(w.plan.found[4].remote_id, 104);
    assert_int_equal(w.plan.found[4].status, HOOK_ACTIVE);
}

static void of_two_the_known_one_stays(void **state) {
    (void)state;
    struct world w = whole();
    row(&w, 50, 2, HOOK_ACTIVE);
    plan(&w, true, true);
    assert_int_equal(w.plan.n, 1);
    is_step(&w, 0, HOOK_REMOVE, -1, 50);
    assert_int_equal(w.plan.found[2].remote_id, 102);
}

static void of_two_unknown_the_older_stays(void **state) {
    (void)state;
    struct world w = whole();
    row(&w, 50, 2, HOOK_ACTIVE);
    w.known.by[2].remote_id = 0;
    plan(&w, true, true);
    assert_int_equal(w.plan.n, 1);
    is_step(&w, 0, HOOK_REMOVE, -1, 102);
    assert_int_equal(w.plan.found[2].remote_id, 50);
}

static void another_versions_topic_goes(void **state) {
    (void)state;
    struct world w = whole();
    row(&w, 900, -1, HOOK_ACTIVE);
    plan(&w, true, true);
    assert_int_equal(w.plan.n, 1);
    is_step(&w, 0, HOOK_REMOVE, -1, 900);
}

static void one_that_was_deleted_is_made_again(void **state) {
    (void)state;
    struct world w = whole();
    w.rows[6] = w.rows[--w.n];
    plan(&w, true, true);
    assert_int_equal(w.plan.n, 1);
    is_step(&w, 0, HOOK_CREATE, 6, 0);
    assert_int_equal(w.plan.found[6].status, HOOK_NEW);
    assert_int_equal(w.plan.found[6].remote_id, 0);
}

static void disabled_ones_are_enabled(void **state) {
    (void)state;
    struct world w = whole();
    w.rows[1].status = HOOK_DISABLED;
    w.rows[2].status = HOOK_PAUSED;
    w.known.by[2].disabled_ms = 1000;
    plan(&w, true, true);
    assert_int_equal(w.plan.n, 2);
    is_step(&w, 0, HOOK_ENABLE, 1, 101);
    is_step(&w, 1, HOOK_ENABLE, 2, 102);
    assert_int_equal(w.plan.disabled, 2);
    assert_int_equal(w.plan.found[1].disabled_ms, NOW);
    assert_int_equal(w.plan.found[2].disabled_ms, 1000); /* since then */
}

static void while_backing_off_they_are_shown_alone(void **state) {
    (void)state;
    struct world w = whole();
    w.rows[1].status = HOOK_DISABLED;
    plan(&w, true, false);
    assert_int_equal(w.plan.n, 0);
    assert_int_equal(w.plan.disabled, 1);
    assert_int_equal(w.plan.found[1].status, HOOK_DISABLED);
}

static void another_address_is_told(void **state) {
    (void)state;
    struct world w = whole();
    w.rows[5].moved = true;
    w.rows[5].status = HOOK_DISABLED;
    plan(&w, true, true);
    assert_int_equal(w.plan.n, 2);
    is_step(&w, 0, HOOK_ENABLE, 5, 105);
    is_step(&w, 1, HOOK_MOVE, 5, 105);
}

static void without_a_ping_one_is_asked_for(void **state) {
    (void)state;
    struct world w = whole();
    for (int t = 0; t < HOOK_TOPICS; t++) {
        w.known.by[t].ping_ms = 0;
        w.known.by[t].status = HOOK_UNREACHABLE;
    }
    plan(&w, true, true);
    assert_int_equal(w.plan.n, 1);
    is_step(&w, 0, HOOK_MOVE, 0, 100);
    assert_int_equal(w.plan.found[3].status, HOOK_UNREACHABLE);
    w.rows[7].moved = true;
    plan(&w, true, true);
    assert_int_equal(w.plan.n, 1); /* that one is pinged anyway */
    is_step(&w, 0, HOOK_MOVE, 7, 107);
}

static void none_is_wanted(void **state) {
    (void)state;
    struct world w = whole();
    row(&w, 900, -1, HOOK_DISABLED);
    plan(&w, false, true);
    assert_int_equal(w.plan.n, HOOK_TOPICS + 1);
    for (size_t i = 0; i < w.plan.n; i++)
        assert_int_equal(w.plan.step[i].act, HOOK_REMOVE);
    is_step(&w, HOOK_TOPICS, HOOK_REMOVE, -1, 900);
}

static void only_our_own_are_ours(void **state) {
    (void)state;
    struct hook_row r = {0};
    assert_true(
        hook_row_ours("01A", "fulexo:01A:order.created", "order.created", &r));
    assert_int_equal(r.topic, 0);
    /* somebody made it for another topic: ours, and no good */
    assert_true(
        hook_row_ours("01A", "fulexo:01A:order.created", "coupon.created", &r));
    assert_int_equal(r.topic, -1);
    assert_true(
        hook_row_ours("01A", "fulexo:01A:old.topic", "order.created", &r));
    assert_int_equal(r.topic, -1);
    assert_false(
        hook_row_ours("01A", "fulexo:01B:order.created", "order.created", &r));
    assert_false(
        hook_row_ours("01A", "fulexo order.created", "order.created", &r));
    assert_false(hook_row_ours("01A", "", "", &r));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_is_well),
        cmocka_unit_test(an_empty_shop_gets_all),
        cmocka_unit_test(what_the_shop_has_is_adopted),
        cmocka_unit_test(of_two_the_known_one_stays),
        cmocka_unit_test(of_two_unknown_the_older_stays),
        cmocka_unit_test(another_versions_topic_goes),
        cmocka_unit_test(one_that_was_deleted_is_made_again),
        cmocka_unit_test(disabled_ones_are_enabled),
        cmocka_unit_test(while_backing_off_they_are_shown_alone),
        cmocka_unit_test(another_address_is_told),
        cmocka_unit_test(without_a_ping_one_is_asked_for),
        cmocka_unit_test(none_is_wanted),
        cmocka_unit_test(only_our_own_are_ours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
