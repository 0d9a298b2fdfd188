#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/digest.h"

static void assert_hex(const uint8_t *p, size_t n, const char *want) {
    char hex[2 * DIGEST_SHA256 + 1];
    digest_hex(p, n, hex);
    assert_string_equal(hex, want);
}

/* FIPS 180-2 appendix B. */
static void sha256_vectors(void **state) {
    (void)state;
    uint8_t d[DIGEST_SHA256];
    digest_sha256("abc", 3, d);
    assert_hex(
        d, sizeof d,
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    digest_sha256(NULL, 0, d);
    assert_hex(
        d, sizeof d,
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    digest_truth("abc", 3, d);
    assert_hex(d, DIGEST_KEY, "ba7816bf8f01cfea414140de5dae2223");
}

/* RFC 4231, test case 2. */
static void hmac_vector(void **state) {
    (void)state;
    uint8_t d[DIGEST_SHA256];
    digest_hmac("Jefe", 4, "what do ya want for nothing?", 28, d);
    assert_hex(
        d, sizeof d,
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    digest_hmac(NULL, 0, NULL, 0, d);
    assert_hex(
        d, sizeof d,
        "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

/* The published XXH3-128 of the empty text. */
static void raw_is_canonical_xxh3(void **state) {
    (void)state;
    uint8_t d[DIGEST_KEY], e[DIGEST_KEY];
    digest_raw(NULL, 0, d);
    assert_hex(d, sizeof d, "99aa06d3014798d86001c324468d497f");
    digest_raw("a", 1, d);
    digest_raw("b", 1, e);
    assert_memory_not_equal(d, e, sizeof d);
}

/* RFC 4648 chapter 10. */
static void base64_vectors(void **state) {
    (void)state;
    static const char *const want[] = {
        "", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"};
    for (size_t n = 0; n <= 6; n++) {
        char dst[9];
        digest_base64("foobar", n, dst);
        assert_string_equal(dst, want[n]);
    }
}

static void equal_sees_every_byte(void **state) {
    char a[33] = "0123456789abcdef0123456789abcdef";
    char b[33] = "0123456789abcdef0123456789abcdef";
    (void)state;
    assert_true(digest_equal(a, b, 32));
    for (size_t i = 0; i < 32; i++) {
        b[i] ^= 1;
        assert_false(digest_equal(a, b, 32));
        b[i] ^= 1;
    }
}

static void random_fills_all_of_it(void **state) {
    (void)state;
    uint8_t seen[64] = {0}, p[64];
    for (int i = 0; i < 20; i++) {
        digest_random(p, sizeof p);
        for (size_t j = 0; j < sizeof p; j++)
            seen[j] |= p[j];
    }
    /* A byte that stays zero twenty times: 2^-160. */
    for (size_t j = 0; j < sizeof seen; j++)
        assert_int_not_equal(seen[j], 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_vectors),
        cmocka_unit_test(hmac_vector),
        cmocka_unit_test(raw_is_canonical_xxh3),
        cmocka_unit_test(base64_vectors),
        cmocka_unit_test(equal_sees_every_byte),
        cmocka_unit_test(random_fills_all_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
