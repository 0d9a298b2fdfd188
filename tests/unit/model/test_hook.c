#include "model/hook.h"
#include "tests/unit/model/fixture.h"

TX_TEST(what_is_put_is_read) {
    struct hook_set s;
    const struct hook h = {
        .status = HOOK_DISABLED, .remote_id = 7, .disabled_ms = 5};
    assert_int_equal(hook_put(tx, 1, 3, &h), 0);
    assert_int_equal(hook_door_put(tx, 1, "a1b2", "secret", 6), 0);
    assert_int_equal(hook_read(tx, 1, &s), 0);
    assert_int_equal(s.by[3].status, HOOK_DISABLED);
    assert_int_equal(s.by[3].remote_id, 7);
    assert_int_equal(s.by[3].disabled_ms, 5);
    assert_int_equal(s.by[0].status, HOOK_NONE);
    assert_int_equal(hook_count(&s, HOOK_NONE), HOOK_TOPICS - 1);
    assert_string_equal(s.door.path, "a1b2");
    assert_int_equal(s.door.sealed.len, 6);
    assert_memory_equal(s.door.sealed.data, "secret", 6);
    hook_set_done(&s);
    return 0;
}

TX_TEST(another_store_has_its_own) {
    struct hook_set s;
    const struct hook h = {.status = HOOK_ACTIVE, .remote_id = 7};
    assert_int_equal(hook_put(tx, 1, 3, &h), 0);
    assert_int_equal(hook_door_put(tx, 1, "a1b2", "secret", 6), 0);
    assert_int_equal(hook_read(tx, 2, &s), 0);
    assert_int_equal(hook_count(&s, HOOK_NONE), HOOK_TOPICS);
    assert_string_equal(s.door.path, "");
    hook_set_done(&s);
    return 0;
}

TX_TEST(a_ping_that_is_due_has_not_come) {
    struct hook_set s;
    const struct hook h = {.status = HOOK_ACTIVE, .remote_id = 7};
    assert_int_equal(hook_put(tx, 1, 3, &h), 0);
    (void)fx_sql(tx, "UPDATE hook SET ping_ms = 9 RETURNING 1");
    /* what is put leaves what deliveries wrote */
    assert_int_equal(hook_put(tx, 1, 3, &h), 0);
    assert_int_equal(hook_read(tx, 1, &s), 0);
    assert_true(hook_reached(&s));
    hook_set_done(&s);
    assert_int_equal(hook_ping_due(tx, 1, 3), 0);
    assert_int_equal(hook_read(tx, 1, &s), 0);
    assert_false(hook_reached(&s));
    hook_set_done(&s);
    return 0;
}

TX_TEST(another_door_forgets_the_copy) {
    struct hook_set s;
    assert_int_equal(hook_door_put(tx, 1, "a1b2", "secret", 6), 0);
    (void)fx_sql(tx, "UPDATE hook_secret SET copied_source = 'x', "
                     "copied_ms = 4 RETURNING 1");
    assert_int_equal(hook_read(tx, 1, &s), 0);
    assert_string_equal(s.door.copied_source, "x");
    assert_int_equal(s.door.copied_ms, 4);
    hook_set_done(&s);
    assert_int_equal(hook_door_put(tx, 1, "c3d4", "other", 5), 0);
    assert_int_equal(hook_read(tx, 1, &s), 0);
    assert_string_equal(s.door.path, "c3d4");
    assert_string_equal(s.door.copied_source, "");
    hook_set_done(&s);
    return 0;
}

TX_TEST(what_is_forgotten_is_gone) {
    struct hook_set s;
    const struct hook h = {.status = HOOK_ACTIVE, .remote_id = 7};
    assert_int_equal(hook_put(tx, 1, 3, &h), 0);
    assert_int_equal(hook_put(tx, 1, 4, &h), 0);
    assert_int_equal(hook_door_put(tx, 1, "a1b2", "secret", 6), 0);
    assert_int_equal(hook_forget(tx, 1), 0);
    assert_int_equal(hook_read(tx, 1, &s), 0);
    assert_int_equal(hook_count(&s, HOOK_NONE), HOOK_TOPICS);
    assert_string_equal(s.door.path, "");
    hook_set_done(&s);
    return 0;
}

static void names_and_back(void **state) {
    (void)state;
    for (int i = 0; i < HOOK_TOPICS; i++)
        assert_int_equal(hook_topic_of(hook_topic(i)), i);
    assert_int_equal(hook_topic_of("coupon.created"), ERR_INVALID);
    for (int i = HOOK_NEW; i < HOOK_STATES; i++)
        assert_int_equal(hook_status_of(hook_status_name((enum hook_status)i)),
                         i);
    assert_int_equal(hook_status_of("odd"), HOOK_DISABLED);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_put_is_read),
        cmocka_unit_test(another_store_has_its_own),
        cmocka_unit_test(a_ping_that_is_due_has_not_come),
        cmocka_unit_test(another_door_forgets_the_copy),
        cmocka_unit_test(what_is_forgotten_is_gone),
        cmocka_unit_test(names_and_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
