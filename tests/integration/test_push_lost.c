/* Writes that were done though no answer came: each is found, and happens once.
 */
#include "tests/integration/pushing.h"

/* Applied, and the connection ended without a word. curl must not send it again
 * on a new one by itself. */
ON_BOTH(a_write_whose_answer_is_lost_is_found) {
    struct pushing p;
    struct pushing_batch b;
    pushing_start(&p, storage, NULL);
    pushing_door(&p, "faults",
                 "{\"kind\":\"lost\",\"method\":\"write\",\"next\":4}");
    pushing_batch(&p, &b);
    pushing_batch_once(&p, &b);
    assert_int_equal(b.note.attempts, 1);
    assert_int_equal(b.refund.attempts, 1);
    assert_int_equal(b.delta.attempts, 1);
    pushing_stop(&p);
}

/* The connection died, and the shop did it two seconds later: after the first
 * look, before the second. */
ON_BOTH(a_write_applied_after_the_timeout_is_confirmed_once) {
    struct pushing p;
    struct pushing_batch b;
    pushing_start(&p, storage, NULL);
    pushing_door(&p, "faults",
                 "{\"kind\":\"late\",\"method\":\"write\",\"next\":4,"
                 "\"value\":2000}");
    pushing_batch(&p, &b);
    pushing_batch_unknown(&p, &b);
    pushing_batch_once(&p, &b);
    assert_int_equal(b.note.attempts, 1);
    assert_int_equal(b.refund.attempts, 1);
    assert_int_equal(b.delta.attempts, 1);
    pushing_stop(&p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        BOTH(a_write_whose_answer_is_lost_is_found),
        BOTH(a_write_applied_after_the_timeout_is_confirmed_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
