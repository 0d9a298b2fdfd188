/* The queue of letters: each leaves at most once, whatever happens. */
#include "fixture.h"

#include <stdio.h>

#include "common/arena.h"
#include "common/str.h"
#include "model/change.h"
#include "model/list.h"
#include "model/mail.h"

static int add(struct db_tx *tx, const char *cause, const char *template,
               int64_t *ret_id) {
    static int n;
    char id[32];
    struct error e;
    (void)str_format(id, sizeof id, "<%d@x>", n++);
    struct mail_new m = {.store_id = 1,
                         .cause = cause,
                         .template = template,
                         .lang = "en",
                         .recipient = "zoe@example.org",
                         .sender = "Alpine",
                         .params = "{}",
                         .subject = "S",
                         .body = "B",
                         .message_id = id,
                         .author = "ayse"};
    return mail_add(tx, &m, ret_id, &e);
}

TX_TEST(one_of_a_kind) {
    int64_t id, other;
    assert_int_equal(add(tx, "R-1", "return_approved", &id), 0);
    assert_int_equal(add(tx, "R-1", "return_approved", &other), ERR_EXISTS);
    assert_true(add(tx, "R-1", "return_received", &other) >= 0);
    assert_true(add(tx, "R-2", "return_approved", &other) >= 0);
    assert_int_equal(mail_find(tx, "R-1", "return_approved", &other), 1);
    assert_int_equal(other, id);
    assert_int_equal(mail_find(tx, "R-3", "return_approved", &other), 0);
    return 0;
}

TX_TEST(taken_once) {
    struct arena *a = arena_new(4096);
    struct mail m;
    int64_t id, next = -1;
    assert_int_equal(mail_take(tx, a, &m, &next), 0);
    assert_int_equal(next, 0);
    (void)add(tx, "R-1", "t", &id);
    assert_int_equal(mail_take(tx, a, &m, &next), 1);
    assert_int_equal(m.id, id);
    assert_int_equal(m.state, MAIL_SENDING);
    assert_int_equal(m.attempts, 1);
    assert_int_equal(mail_take(tx, a, &m, &next), 0);
    /* back-off: not before its time */
    assert_true(mail_settle(tx, id, MAIL_QUEUED, db_now(tx) + 5, "451") >= 0);
    assert_int_equal(mail_take(tx, a, &m, &next), 0);
    assert_int_equal(next, db_now(tx) + 5);
    assert_int_equal(mail_settle(tx, id, MAIL_SENT, 0, ""), ERR_CONFLICT);
    arena_free(a);
    return 0;
}

TX_TEST(what_was_sending_is_unknown) {
    struct arena *a = arena_new(4096);
    struct mail m;
    struct error e;
    int64_t id, next;
    (void)add(tx, "R-1", "t", &id);
    (void)mail_take(tx, a, &m, &next);
    assert_int_equal(mail_recover(tx), 1);
    assert_int_equal(mail_take(tx, a, &m, &next), 0); /* not by itself */
    assert_int_equal(mail_get(tx, id, a, &m), 1);
    assert_int_equal(m.state, MAIL_UNKNOWN);
    assert_true(mail_retry(tx, &m, &e) >= 0); /* a person */
    assert_int_equal(mail_take(tx, a, &m, &next), 1);
    assert_int_equal(m.attempts, 2);
    arena_free(a);
    return 0;
}

TX_TEST(a_restored_file_parks) {
    struct arena *a = arena_new(4096);
    struct mail m;
    struct error e;
    int64_t id, other, next;
    (void)add(tx, "R-1", "t", &id);
    (void)add(tx, "R-2", "t", &other);
    (void)mail_take(tx, a, &m, &next);
    assert_int_equal(mail_park(tx), 2);
    assert_int_equal(change_hold(tx), 0);
    (void)mail_get(tx, id, a, &m);
    assert_int_equal(m.state, MAIL_PARKED);
    assert_true(mail_retry(tx, &m, &e) >= 0);
    assert_int_equal(mail_take(tx, a, &m, &next), 0); /* still held */
    assert_int_equal(change_resume(tx), 0);
    assert_int_equal(mail_take(tx, a, &m, &next), 1);
    assert_int_equal(m.id, id);
    assert_int_equal(mail_take(tx, a, &m, &next), 0); /* the other one waits */
    arena_free(a);
    return 0;
}

/* Every act in every state: what is sent stays sent. */
TX_TEST(people_may) {
    static const bool retry[MAIL_STATES] = {[MAIL_QUEUED] = true,
                                            [MAIL_FAILED] = true,
                                            [MAIL_UNKNOWN] = true,
                                            [MAIL_PARKED] = true,
                                            [MAIL_DISCARDED] = true};
    static const bool discard[MAIL_STATES] = {[MAIL_QUEUED] = true,
                                              [MAIL_FAILED] = true,
                                              [MAIL_UNKNOWN] = true,
                                              [MAIL_PARKED] = true};
    struct arena *a = arena_new(4096);
    struct error e;
    int64_t id;
    (void)add(tx, "R-1", "t", &id);
    for (int s = 0; s < MAIL_STATES; s++) {
        struct mail m = {.id = id,
                         .state = (enum mail_state)s,
                         .text = "",
                         .recipient = "zoe@example.org"};
        assert_int_equal(mail_retry(tx, &m, &e), retry[s] ? 0 : ERR_CONFLICT);
        assert_int_equal(mail_discard(tx, &m, &e),
                         discard[s] ? 0 : ERR_CONFLICT);
    }
    arena_free(a);
    return 0;
}

TX_TEST(listed_newest_first) {
    struct arena *a = arena_new(4096);
    struct mail_page page;
    struct error e;
    int64_t id, next, counts[MAIL_STATES];
    struct mail m, *of;
    size_t n;
    for (int i = 0; i < 5; i++) {
        char cause[16];
        (void)str_format(cause, sizeof cause, "R-%d", i);
        (void)add(tx, cause, "t", &id);
    }
    (void)mail_take(tx, a, &m, &next);
    struct list_request r = {.filter = "state:queued", .limit = 3};
    assert_int_equal(mail_list(tx, &r, a, &page, &e), 0);
    assert_int_equal(page.n, 3);
    assert_string_equal(page.items[0].cause, "R-4");
    r.after = page.next;
    assert_int_equal(mail_list(tx, &r, a, &page, &e), 0);
    assert_int_equal(page.n, 1);
    assert_null(page.next);
    assert_string_equal(page.items[0].cause, "R-1");
    r = (struct list_request){.filter = "about:R-0 zoe@", .limit = 3};
    assert_int_equal(mail_list(tx, &r, a, &page, &e), 0);
    assert_int_equal(page.n, 1);
    assert_int_equal(page.items[0].state, MAIL_SENDING);
    assert_true(mail_count(tx, counts) >= 0);
    assert_int_equal(counts[MAIL_QUEUED], 4);
    assert_int_equal(counts[MAIL_SENDING], 1);
    assert_true(mail_of(tx, 1, "R-0", a, &of, &n) >= 0);
    assert_int_equal(n, 1);
    assert_true(mail_of(tx, 2, "R-0", a, &of, &n) >= 0);
    assert_int_equal(n, 0); /* another store's */
    arena_free(a);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_of_a_kind),
        cmocka_unit_test(taken_once),
        cmocka_unit_test(what_was_sending_is_unknown),
        cmocka_unit_test(a_restored_file_parks),
        cmocka_unit_test(people_may),
        cmocka_unit_test(listed_newest_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
