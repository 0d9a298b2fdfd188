#include <string.h>

#include "common/base64.h"
#include "common/buf.h"
#include "common/err.h"
#include "tests/lib/test.h"

static void the_rfcs_vectors(void **state) {
    static const char *const rows[][2] = {{"", ""},
                                          {"f", "Zg=="},
                                          {"fo", "Zm8="},
                                          {"foo", "Zm9v"},
                                          {"foob", "Zm9vYg=="},
                                          {"fooba", "Zm9vYmE="},
                                          {"foobar", "Zm9vYmFy"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_BUF struct buf text = BUF_INIT, back = BUF_INIT;
        base64_encode(rows[i][0], strlen(rows[i][0]), &text);
        assert_string_equal(buf_str(&text), rows[i][1]);
        assert_int_equal(base64_decode(rows[i][1], text.len, &back), 0);
        assert_string_equal(buf_str(&back), rows[i][0]);
    }
}

static void all_bytes_come_back(void **state) {
    AUTO_BUF struct buf text = BUF_INIT, back = BUF_INIT;
    unsigned char all[256];
    (void)state;
    for (int i = 0; i < 256; i++)
        all[i] = (unsigned char)i;
    base64_encode(all, sizeof all, &text);
    assert_int_equal(base64_decode(text.data, text.len, &back), 0);
    assert_memory_equal(back.data, all, sizeof all);
}

static void what_is_none_is_refused(void **state) {
    static const char *const bad[] = {
        "Z",    "Zg=",      "Zg",    "Zh==", "Zm9=", "Z===",
        "====", "Zg==Zg==", "Zm\n9", "Z-_9", "Zg=A"};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        AUTO_BUF struct buf back = BUF_INIT;
        buf_adds(&back, "kept");
        if (base64_decode(bad[i], strlen(bad[i]), &back) != ERR_INVALID)
            fail_msg("%s", bad[i]);
        assert_string_equal(buf_str(&back), "kept");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_rfcs_vectors),
        cmocka_unit_test(all_bytes_come_back),
        cmocka_unit_test(what_is_none_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
