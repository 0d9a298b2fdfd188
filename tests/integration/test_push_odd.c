/* Shops that do other things than they say: what is kept decides. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/str.h"
#include "tests/integration/pushing.h"

ON_BOTH(what_a_shop_echoes_without_keeping_is_refused) {
    struct pushing p;
    pushing_start(&p, storage, NULL);
    int64_t id = pushing_id(&p, "orders", "processing", 0);
    pushing_door(&p, "faults", "{\"kind\":\"echo\",\"method\":\"write\"}");
    struct change c =
        pushing_set(&p, MIRROR_ORDER, id, "status", "\"completed\"");
    c = pushing_until(&p, &c, CHANGE_REFUSED);
    assert_string_equal(c.cause,
                        "{\"name\":\"not_kept\",\"path\":\"status\","
                        "\"asked\":\"completed\",\"is\":\"processing\"}");
    pushing_assert_true(&p);
    pushing_stop(&p);
}

/* A plugin of the shop puts the value back while it saves. */
ON_BOTH(a_value_the_shop_makes_another_is_refused) {
    struct pushing p;
    pushing_start(&p, storage, NULL);
    int64_t id = pushing_id(&p, "orders", "processing", 0);
    pushing_door(&p, "faults",
                 "{\"kind\":\"other\",\"method\":\"write\",\"value\":1}");
    struct change c =
        pushing_set(&p, MIRROR_ORDER, id, "status", "\"completed\"");
    c = pushing_until(&p, &c, CHANGE_REFUSED);
    assert_string_equal(c.cause, "{\"name\":\"made_other\",\"path\":\"status\","
                                 "\"asked\":\"completed\",\"is\":\"on-hold\"}");
    pushing_assert_true(&p);
    pushing_stop(&p);
}

/* The answer is not the truth: reading again is. */
ON_BOTH(an_answer_with_the_other_writers_value_is_read_again) {
    struct pushing p;
    pushing_start(&p, storage, NULL);
    int64_t id = pushing_id(&p, "orders", "processing", 0);
    pushing_door(&p, "faults", "{\"kind\":\"other\",\"method\":\"write\"}");
    struct change c =
        pushing_set(&p, MIRROR_ORDER, id, "status", "\"completed\"");
    c = pushing_until(&p, &c, CHANGE_CONFIRMED);
    assert_string_equal(c.cause, "");
    assert_string_equal(pushing_text(&p, "orders", id, "status"), "completed");
    pushing_assert_true(&p);
    pushing_stop(&p);
}

ON_BOTH(fields_that_are_reset_are_told) {
    struct pushing p;
    pushing_start(&p, storage, NULL);
    int64_t id = pushing_id(&p, "orders", "processing", 0);
    pushing_door(&p, "edit",
                 "{\"kind\":\"orders\",\"id\":%lld,\"patch\":"
                 "{\"customer_note\":\"ring twice\"}}",
                 (long long)id);
    pushing_door(&p, "faults", "{\"kind\":\"resets\",\"method\":\"write\"}");
    struct change c =
        pushing_set(&p, MIRROR_ORDER, id, "status", "\"completed\"");
    c = pushing_until(&p, &c, CHANGE_CONFIRMED);
    assert_string_equal(c.cause,
                        "{\"name\":\"touched\",\"path\":\"customer_note\","
                        "\"is\":\"\",\"was\":\"ring twice\"}");
    pushing_assert_true(&p);
    pushing_stop(&p);
}

static void a_variation_whose_backorders_are_reset_is_told(void **state) {
    (void)state;
    struct pushing p;
    pushing_start(&p, "hpos", NULL);
    int64_t id = pushing_sql(&p, "SELECT min(remote_id) FROM product WHERE "
                                 "parent_id > 0 AND manage = 1");
    pushing_door(&p, "edit",
                 "{\"kind\":\"variations\",\"id\":%lld,\"patch\":"
                 "{\"backorders\":\"yes\"}}",
                 (long long)id);
    struct change c =
        pushing_set(&p, MIRROR_PRODUCT, id, "manage_stock", "false");
    c = pushing_until(&p, &c, CHANGE_CONFIRMED);
    if (!strstr(c.cause, "backorders"))
        fail_msg("%s%s", c.cause, c.text);
    pushing_stop(&p);
}

/* Neither clock says anything about what was done; further than a quarter of
 * an hour and the shop would not take what we sign. */
ON_BOTH(a_shop_that_changes_its_clock_loses_nothing) {
    struct pushing p;
    struct pushing_batch b;
    pushing_start(&p, storage, NULL);
    pushing_door(&p, "faults",
                 "{\"kind\":\"lost\",\"method\":\"write\",\"next\":2}");
    pushing_door(&p, "clock", "{\"jump_s\":-600}");
    pushing_batch(&p, &b);
    pushing_door(&p, "clock", "{\"jump_s\":1100}");
    pushing_batch_once(&p, &b);
    pushing_stop(&p);
}

/* Its orders move to their own tables between the look and the write. */
static void a_shop_that_turns_hpos_on_loses_nothing(void **state) {
    (void)state;
    struct pushing p;
    pushing_start(&p, "posts", NULL);
    int64_t id = pushing_id(&p, "orders", "processing", 0);
    pushing_door(&p, "latency", "{\"ms\":150}");
    struct change c =
        pushing_set(&p, MIRROR_ORDER, id, "status", "\"completed\"");
    engine_turn(&p.e, 100); /* the look is under way */
    pushing_door(&p, "storage", "{\"storage\":\"hpos\"}");
    c = pushing_until(&p, &c, CHANGE_CONFIRMED);
    assert_int_equal(c.attempts, 1);
    pushing_door(&p, "latency", "{\"ms\":0}");
    assert_string_equal(pushing_text(&p, "orders", id, "status"), "completed");
    pushing_assert_true(&p);
    pushing_stop(&p);
}

/* Somebody deletes the order between the look and the write. */
static void what_is_deleted_while_it_is_written_is_refused(void **state) {
    (void)state;
    struct pushing p;
    pushing_start(&p, "hpos", NULL);
    int64_t id = pushing_id(&p, "orders", "processing", 0);
    pushing_door(&p, "latency", "{\"ms\":300}");
    struct change c =
        pushing_set(&p, MIRROR_ORDER, id, "status", "\"completed\"");
    while (pushing_now(&p, &c).state == CHANGE_QUEUED)
        engine_turn(&p.e, 5);
    pushing_door(&p, "delete", "{\"kind\":\"orders\",\"id\":%lld}",
                 (long long)id);
    c = pushing_until(&p, &c, CHANGE_REFUSED);
    pushing_door(&p, "latency", "{\"ms\":0}");
    /* it is read again, and marked */
    for (int i = 0; i < 1000 && pushing_sql(&p,
                                            "SELECT gone FROM orders WHERE "
                                            "remote_id = %lld",
                                            (long long)id) != 2;
         i++)
        engine_turn(&p.e, 10);
    pushing_assert_true(&p);
    pushing_stop(&p);
}

static void one_odd_object_does_not_hold_the_others_up(void **state) {
    (void)state;
    struct pushing p;
    pushing_start(&p, "hpos", NULL);
    int64_t odd = pushing_id(&p, "orders", "processing", 0);
    int64_t good = pushing_id(&p, "orders", "processing", 1);
    pushing_door(&p, "faults",
                 "{\"kind\":\"login\",\"path\":\"/wc/v3/orders/%lld\"}",
                 (long long)odd);
    struct change c =
        pushing_set(&p, MIRROR_ORDER, odd, "status", "\"completed\"");
    struct change d =
        pushing_set(&p, MIRROR_ORDER, good, "status", "\"completed\"");
    (void)pushing_until(&p, &d, CHANGE_CONFIRMED);
    for (int i = 0; i < 2000 && pushing_now(&p, &c).next_ms == 0; i++)
        engine_turn(&p.e, 10);
    c = pushing_now(&p, &c);
    assert_int_equal(c.state, CHANGE_QUEUED);
    assert_string_equal(c.code, "shop_not_json");
    assert_int_equal(c.attempts, 0);
    d = pushing_set(&p, MIRROR_ORDER, good, "status", "\"on-hold\"");
    (void)pushing_until(&p, &d, CHANGE_CONFIRMED);
    pushing_stop(&p);
}

/* An outage delays, and nothing else. */
static void a_shop_that_was_away_gets_what_waited(void **state) {
    (void)state;
    struct pushing p;
    pushing_start(&p, "hpos", NULL);
    int64_t id = pushing_id(&p, "orders", "processing", 0);
    pushing_door(&p, "faults", "{\"kind\":\"gateway\"}");
    struct change c =
        pushing_set(&p, MIRROR_ORDER, id, "status", "\"completed\"");
    for (int i = 0; i < 2000 && pushing_now(&p, &c).next_ms == 0; i++)
        engine_turn(&p.e, 10);
    c = pushing_now(&p, &c);
    assert_int_equal(c.state, CHANGE_QUEUED);
    assert_string_equal(c.code, "shop_busy");
    free(shop_proc_delete(&p.shop, "faults"));
    c = pushing_until(&p, &c, CHANGE_CONFIRMED);
    assert_int_equal(c.attempts, 1);
    pushing_stop(&p);
}

/* Nothing goes out with a key that may only read. */
static void a_key_that_may_not_write_any_more_stops_all(void **state) {
    (void)state;
    struct pushing p;
    pushing_start(&p, "hpos", NULL);
    pushing_door(&p, "permission", "{\"permission\":\"read\"}");
    int64_t id = pushing_id(&p, "orders", "processing", 0);
    int64_t other = pushing_id(&p, "orders", "processing", 1);
    struct change c =
        pushing_set(&p, MIRROR_ORDER, id, "status", "\"completed\"");
    for (int i = 0; i < 500 && pushing_now(&p, &c).attempts == 0; i++)
        engine_turn(&p.e, 10);
    engine_turn(&p.e, 200);
    c = pushing_now(&p, &c);
    assert_int_equal(c.state, CHANGE_QUEUED);
    assert_string_equal(c.code, "shop_permission");
    assert_int_equal(pushing_sql(&p, "SELECT can_write FROM store"), 0);
    (void)other;
    pushing_stop(&p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        BOTH(what_a_shop_echoes_without_keeping_is_refused),
        BOTH(a_value_the_shop_makes_another_is_refused),
        BOTH(an_answer_with_the_other_writers_value_is_read_again),
        BOTH(fields_that_are_reset_are_told),
        cmocka_unit_test(a_variation_whose_backorders_are_reset_is_told),
        BOTH(a_shop_that_changes_its_clock_loses_nothing),
        cmocka_unit_test(a_shop_that_turns_hpos_on_loses_nothing),
        cmocka_unit_test(what_is_deleted_while_it_is_written_is_refused),
        cmocka_unit_test(one_odd_object_does_not_hold_the_others_up),
        cmocka_unit_test(a_shop_that_was_away_gets_what_waited),
        cmocka_unit_test(a_key_that_may_not_write_any_more_stops_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
