/* Passwords: which are taken, that hashes are salted yescrypt, what a hash
 * costs (printed), and that the loop turns meanwhile. */
#include "tests/lib/test.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <uv.h>

#include "auth/hasher.h"
#include "auth/password.h"
#include "common/str.h"

static void short_plain_and_named_ones_are_refused(void **state) {
    (void)state;
    assert_null(password_fault("correct horse battery", "ayse"));
    assert_null(password_fault("şğüöçışğüöçı", "ayse"));
    assert_null(password_fault("ayse likes Tuesdays", "ayse"));
    assert_string_equal(password_fault("hunter2", "ayse"), "short");
    assert_string_equal(password_fault("şğüöçışğüöç", "ayse"), "short");
    assert_string_equal(password_fault("ababababababab", "ayse"), "plain");
    assert_string_equal(password_fault("Ayse2026ayse", "ayse"), "name");
}

static int64_t now_us(void) {
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void a_hash_fits_its_password_alone(void **state) {
    char a[PASSWORD_HASH], b[PASSWORD_HASH];
    (void)state;
    int64_t began = now_us();
    assert_true(password_hash("correct horse battery", a));
    print_message("a password is hashed in %lld us\n",
                  (long long)(now_us() - began));
    assert_true(password_hash("correct horse battery", b));
    assert_memory_equal(a, "$y$", 3);
    assert_string_not_equal(a, b);
    assert_true(password_fits("correct horse battery", a));
    assert_true(password_fits("correct horse battery", b));
    assert_false(password_fits("correct horse batterz", a));
    assert_false(password_fits("", a));
    assert_false(password_fits("correct horse battery", "no hash"));
    assert_false(password_fits("x", NULL));
}

/* Nobody's hash takes as long as somebody's. */
static void who_is_there_cannot_be_timed(void **state) {
    char hash[PASSWORD_HASH];
    int64_t mine = INT64_MAX, nobodys = INT64_MAX;
    (void)state;
    assert_true(password_hash("correct horse battery", hash));
    for (int i = 0; i < 5; i++) {
        int64_t t = now_us();
        (void)password_fits("wrong horse battery", hash);
        mine = now_us() - t < mine ? now_us() - t : mine;
        t = now_us();
        (void)password_fits("wrong horse battery", NULL);
        nobodys = now_us() - t < nobodys ? now_us() - t : nobodys;
    }
    assert_true(nobodys > mine / 2 && nobodys < mine * 2);
}

struct seen {
    struct hasher *h;
    int n, fits;
    char made[PASSWORD_HASH];
};

static void on_made(void *arg, const char *hash) {
    struct seen *s = arg;
    (void)str_copy(s->made, sizeof s->made, hash);
    s->n++;
}

static void on_checked(void *arg, bool fits) {
    struct seen *s = arg;
    s->fits += fits;
    s->n++;
}

static void run(uv_loop_t *loop, struct seen *s) {
    while (hasher_busy(s->h) > 0)
        (void)uv_run(loop, UV_RUN_ONCE);
}

static void they_wait_for_each_other(void **state) {
    uv_loop_t loop;
    struct seen s = {0};
    (void)state;
    assert_int_equal(uv_loop_init(&loop), 0);
    s.h = hasher_new(&loop);
    assert_int_equal(hasher_make(s.h, "correct horse battery", on_made, &s), 0);
    run(&loop, &s);
    for (int i = 0; i < 5; i++)
        assert_int_equal(hasher_check(s.h,
                                      i % 2 ? "wrong horse battery"
                                            : "correct horse battery",
                                      s.made, on_checked, &s),
                         0);
    assert_int_equal(hasher_busy(s.h), 5);
    run(&loop, &s);
    assert_int_equal(s.n, 6);
    assert_int_equal(s.fits, 3);
    hasher_free(s.h);
    assert_int_equal(uv_loop_close(&loop), 0);
}

static void a_storm_is_turned_away(void **state) {
    uv_loop_t loop;
    struct seen s = {0};
    (void)state;
    assert_int_equal(uv_loop_init(&loop), 0);
    s.h = hasher_new(&loop);
    for (int i = 0; i < HASHER_MAX; i++) /* no hash of ours: soon done */
        assert_int_equal(hasher_check(s.h, "x", "bad", on_checked, &s), 0);
    assert_int_equal(hasher_check(s.h, "x", "bad", on_checked, &s), ERR_BUSY);
    run(&loop, &s);
    assert_int_equal(s.n, HASHER_MAX);
    hasher_free(s.h);
    assert_int_equal(uv_loop_close(&loop), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(short_plain_and_named_ones_are_refused),
        cmocka_unit_test(a_hash_fits_its_password_alone),
        cmocka_unit_test(who_is_there_cannot_be_timed),
        cmocka_unit_test(they_wait_for_each_other),
        cmocka_unit_test(a_storm_is_turned_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
