/* One-time codes: RFC 6238, appendix B (SHA-1); the window; no code twice. */
#include "tests/lib/test.h"

#include <stdio.h>
#include <string.h>

#include "auth/totp.h"
#include "common/err.h"

static const char secret[] = "12345678901234567890";
enum { N = 20 };

static void known_answers(void **state) {
    static const struct {
        int64_t s;
        uint32_t code;
    } rows[] = {{59, 94287082},         {1111111109, 7081804},
                {1111111111, 14050471}, {1234567890, 89005924},
                {2000000000, 69279037}, {20000000000, 65353130}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(totp_code(secret, N, rows[i].s / 30, 8), rows[i].code);
}

static void a_clock_may_be_a_step_apart(void **state) {
    (void)state;
    for (int64_t off = -3; off <= 3; off++) {
        int64_t now = 59000 + off * TOTP_STEP_MS + 300000;
        char typed[8];
        (void)snprintf(typed, sizeof typed, "%06u",
                       totp_code(secret, N, 59000 / 30000 + 10, 6));
        int64_t step = totp_check(secret, N, typed, now, 0);
        assert_int_equal(step, off >= -1 && off <= 1 ? 11 : ERR_INVALID);
    }
}

static void no_code_works_twice(void **state) {
    (void)state;
    assert_int_equal(totp_check(secret, N, "287 082", 59000, 0), 1);
    assert_int_equal(totp_check(secret, N, "287082", 59000, 1), ERR_INVALID);
    assert_int_equal(totp_check(secret, N, "287082", 59000, 7), ERR_INVALID);
}

static void nonsense_is_no_code(void **state) {
    static const char *const bad[] = {"",         "28708",  "2870820",
                                      "94287082", "28708x", "-87082",
                                      "287082\n", "١٢٣٤٥٦"};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(totp_check(secret, N, bad[i], 59000, 0), ERR_INVALID);
}

static void the_uri_escapes_names(void **state) {
    AUTO_BUF struct buf b = BUF_INIT;
    (void)state;
    totp_uri(secret, N, "Fulexo Depo/1", "ay&se", &b);
    assert_string_equal(buf_str(&b),
                        "otpauth://totp/Fulexo%20Depo%2F1:ay%26se?secret="
                        "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer="
                        "Fulexo%20Depo%2F1");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_answers),
        cmocka_unit_test(a_clock_may_be_a_step_apart),
        cmocka_unit_test(no_code_works_twice),
        cmocka_unit_test(nonsense_is_no_code),
        cmocka_unit_test(the_uri_escapes_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
