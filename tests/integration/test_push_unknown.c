/* Writes of which nobody knows: proven not to be there they are sent again. */
#include "tests/integration/pushing.h"

/* The shop's server gave up before its code ran: two looks prove it. */
static void a_write_that_never_came_through_is_sent_again(void **state) {
    (void)state;
    struct pushing p;
    struct pushing_batch b;
    pushing_start(&p, "hpos", NULL);
    pushing_door(&p, "faults",
                 "{\"kind\":\"gateway\",\"method\":\"write\",\"next\":4}");
    pushing_batch(&p, &b);
    pushing_batch_unknown(&p, &b);
    pushing_batch_once(&p, &b);
    assert_int_equal(b.note.attempts, 2);
    assert_int_equal(b.refund.attempts, 2);
    assert_int_equal(b.delta.attempts, 2);
    pushing_stop(&p);
}

/* The daemon is gone between sending and the answer. */
static void a_write_under_way_when_the_daemon_ends_is_found(void **state) {
    (void)state;
    struct pushing p;
    struct pushing_batch b;
    pushing_start(&p, "hpos", NULL);
    pushing_door(&p, "faults",
                 "{\"kind\":\"slow\",\"method\":\"write\","
                 "\"next\":4,\"value\":5000}");
    pushing_batch(&p, &b);
    while (pushing_sql(&p, "SELECT count(*) FROM change WHERE state = "
                           "'sending'") == 0)
        engine_turn(&p.e, 10);
    pushing_restart(&p);
    pushing_batch_once(&p, &b);
    pushing_stop(&p);
}

/* Two notes of the same words are two notes. */
static void the_same_words_twice_are_two_notes(void **state) {
    (void)state;
    struct pushing p;
    pushing_start(&p, "hpos", NULL);
    int64_t id = pushing_id(&p, "orders", "processing", 0);
    const char *text = "{\"text\":\"called & wrote\",\"customer\":false}";
    struct change one = pushing_act(&p, MIRROR_ORDER, id, CHANGE_NOTE, text);
    (void)pushing_until(&p, &one, CHANGE_CONFIRMED);
    pushing_door(&p, "faults",
                 "{\"kind\":\"gateway\",\"method\":\"write\",\"next\":1}");
    struct change two = pushing_act(&p, MIRROR_ORDER, id, CHANGE_NOTE, text);
    two = pushing_until(&p, &two, CHANGE_CONFIRMED);
    assert_int_equal(two.attempts, 2);
    assert_int_equal(pushing_notes(&p, "called &amp; wrote"), 2);
    pushing_stop(&p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_write_that_never_came_through_is_sent_again),
        cmocka_unit_test(a_write_under_way_when_the_daemon_ends_is_found),
        cmocka_unit_test(the_same_words_twice_are_two_notes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
