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

static int64_t stock_of(struct pushing *p, int64_t id) {
    int64_t n = -1;
    (void)json_i64(
        json_get(pushing_object(p, "products", id), "stock_quantity"), true,
        &n);
    return n;
}

/* In a restored file, say: an older change that had waited for its approval was
 * sent after it. Its marker tells nothing of the younger one. */
static void a_marker_that_came_since_tells_nothing(void **state) {
    (void)state;
    struct pushing p;
    pushing_start(&p, "hpos", NULL);
    int64_t id = pushing_sql(&p, "SELECT min(remote_id) FROM product WHERE "
                                 "manage = 1 AND parent_id = 0 AND gone = 0");
    int64_t was = stock_of(&p, id);
    struct change_path path = {.path = "stock", .wanted = "-1"};
    struct change_new n = {.kind = MIRROR_PRODUCT,
                           .remote_id = id,
                           .act = CHANGE_STOCK,
                           .paths = &path,
                           .n_paths = 1,
                           .awaiting = true};
    struct change older = pushing_quietly(&p, &n);
    pushing_door(&p, "faults",
                 "{\"kind\":\"lost\",\"method\":\"write\",\"next\":1}");
    struct change c = pushing_set(&p, MIRROR_PRODUCT, id, "stock", "-2");
    (void)pushing_until(&p, &c, CHANGE_UNKNOWN);
    pushing_door(&p, "edit",
                 "{\"kind\":\"products\",\"id\":%lld,\"patch\":{\"meta_data\":"
                 "[{\"key\":\"_fulexo_op\",\"value\":\"%s\"}]}}",
                 (long long)id, older.uuid);
    for (int ms = 0; ms < 30000 && !c.ambiguous; ms += 10) {
        engine_turn(&p.e, 10);
        c = pushing_now(&p, &c);
        assert_int_not_equal(c.state, CHANGE_CONFIRMED);
    }
    assert_true(c.ambiguous);
    assert_int_equal(c.state, CHANGE_UNKNOWN);
    assert_int_equal(c.attempts, 1);
    assert_int_equal(stock_of(&p, id), was - 2);
    pushing_stop(&p);
}

/* The marker that stood there before it was sent still does: it never came. */
static void
a_marker_that_was_there_before_tells_that_it_never_came(void **state) {
    (void)state;
    struct pushing p;
    pushing_start(&p, "hpos", NULL);
    int64_t id = pushing_sql(&p, "SELECT min(remote_id) FROM product WHERE "
                                 "manage = 1 AND parent_id = 0 AND gone = 0");
    int64_t was = stock_of(&p, id);
    struct change one = pushing_set(&p, MIRROR_PRODUCT, id, "stock", "-1");
    (void)pushing_until(&p, &one, CHANGE_CONFIRMED);
    pushing_door(&p, "faults",
                 "{\"kind\":\"gateway\",\"method\":\"write\",\"next\":1}");
    struct change two = pushing_set(&p, MIRROR_PRODUCT, id, "stock", "-2");
    two = pushing_until(&p, &two, CHANGE_CONFIRMED);
    assert_int_equal(two.attempts, 2);
    assert_int_equal(two.mark, one.id);
    assert_int_equal(stock_of(&p, id), was - 3);
    pushing_stop(&p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_write_that_never_came_through_is_sent_again),
        cmocka_unit_test(a_write_under_way_when_the_daemon_ends_is_found),
        cmocka_unit_test(the_same_words_twice_are_two_notes),
        cmocka_unit_test(a_marker_that_came_since_tells_nothing),
        cmocka_unit_test(
            a_marker_that_was_there_before_tells_that_it_never_came),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
