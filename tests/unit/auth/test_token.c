/* Tokens, codes and their letters: RFC 4648, 10; what people type; nonsense. */
#include "tests/lib/test.h"

#include <string.h>

#include "auth/encode.h"
#include "auth/token.h"
#include "common/err.h"
#include "common/str.h"

static void known_letters(void **state) {
    static const struct {
        const char *plain, *b32, *b64;
    } rows[] = {{"", "", ""},
                {"f", "MY", "Zg"},
                {"fo", "MZXQ", "Zm8"},
                {"foo", "MZXW6", "Zm9v"},
                {"foob", "MZXW6YQ", "Zm9vYg"},
                {"fooba", "MZXW6YTB", "Zm9vYmE"},
                {"foobar", "MZXW6YTBOI", "Zm9vYmFy"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_BUF struct buf a = BUF_INIT, b = BUF_INIT, back = BUF_INIT;
        encode_base32(rows[i].plain, strlen(rows[i].plain), &a);
        encode_base64url(rows[i].plain, strlen(rows[i].plain), &b);
        assert_string_equal(buf_str(&a), rows[i].b32);
        assert_string_equal(buf_str(&b), rows[i].b64);
        assert_int_equal(decode_base32(buf_str(&a), a.len, &back), 0);
        assert_string_equal(buf_str(&back), rows[i].plain);
        buf_clear(&back);
        assert_int_equal(decode_base64url(buf_str(&b), b.len, &back), 0);
        assert_string_equal(buf_str(&back), rows[i].plain);
    }
}

static void a_text_stands_for_one_value(void **state) {
    static const char *const bad[] = {"Zh",   "Z",    "Zm9v=", "Zm9 v",
                                      "Zg==", "Zm8+", "ZmZmZ"};
    AUTO_BUF struct buf b = BUF_INIT;
    (void)state;
    buf_adds(&b, "kept");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(decode_base64url(bad[i], strlen(bad[i]), &b),
                         ERR_INVALID);
        assert_string_equal(buf_str(&b), "kept");
    }
    assert_int_equal(decode_base32("mzxw 6ytb-oi", 12, &b), 0);
    assert_string_equal(buf_str(&b), "keptfoobar");
    assert_int_equal(decode_base32("MZ1", 3, &b), ERR_INVALID);
}

static void a_token_is_of_its_kind(void **state) {
    char a[TOKEN_TEXT], b[TOKEN_TEXT];
    uint8_t x[32], y[32];
    enum token_kind kind;
    (void)state;
    token_make(TOKEN_REFRESH, a);
    token_make(TOKEN_REFRESH, b);
    assert_string_not_equal(a, b);
    assert_int_equal(token_read(a, &kind, x), 0);
    assert_int_equal(kind, TOKEN_REFRESH);
    a[2] = 'a';
    assert_int_equal(token_read(a, &kind, y), 0);
    assert_int_equal(kind, TOKEN_API);
    assert_memory_not_equal(x, y, sizeof x);
}

static void nonsense_is_no_token(void **state) {
    char a[TOKEN_TEXT];
    uint8_t d[32];
    enum token_kind kind;
    (void)state;
    assert_int_equal(token_read("", &kind, d), ERR_INVALID);
    assert_int_equal(token_read("fxr_", &kind, d), ERR_INVALID);
    for (size_t at = 0; at < TOKEN_TEXT - 1; at++) {
        token_make(TOKEN_RESUME, a);
        a[at] = '!';
        assert_int_equal(token_read(a, &kind, d), ERR_INVALID);
    }
    token_make(TOKEN_RESUME, a);
    a[TOKEN_TEXT - 2] = '\0';
    assert_int_equal(token_read(a, &kind, d), ERR_INVALID);
}

static void a_code_bears_being_typed(void **state) {
    char code[TOKEN_CODE], typed[64] = "";
    uint8_t a[32], b[32];
    (void)state;
    token_code(code);
    assert_int_equal(strlen(code), TOKEN_CODE - 1);
    assert_int_equal(token_code_read(code, a), 0);
    for (size_t i = 0, n = 0; code[i]; i++) {
        char c = code[i];
        typed[n++] = c == '0'               ? 'o'
                     : c == '1'             ? 'l'
                     : c == '-'             ? ' '
                     : c >= 'A' && c <= 'Z' ? (char)(c + 32)
                                            : c;
        typed[n] = '\0';
    }
    assert_int_equal(token_code_read(typed, b), 0);
    assert_memory_equal(a, b, sizeof a);
    assert_int_equal(token_code_read("0000-0000-0000-000", b), ERR_INVALID);
    assert_int_equal(token_code_read("0000-0000-0000-00000", b), ERR_INVALID);
    assert_int_equal(token_code_read("0000-0000-0000-000U", b), ERR_INVALID);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_letters),
        cmocka_unit_test(a_text_stands_for_one_value),
        cmocka_unit_test(a_token_is_of_its_kind),
        cmocka_unit_test(nonsense_is_no_token),
        cmocka_unit_test(a_code_bears_being_typed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
