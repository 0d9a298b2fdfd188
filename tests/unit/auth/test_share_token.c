/* Share links: whoever changes one, or comes too late, has none. */
#include <string.h>

#include "auth/share_token.h"
#include "common/err.h"
#include "tests/lib/test.h"

static const uint8_t key[32] = {1, 2, 3}, other[32] = {1, 2, 4};
static const uint8_t id[SHARE_TOKEN_ID] = {9, 8, 7};

enum { UNTIL = 1700000000 };

static void it_opens_until_its_time(void **state) {
    char token[SHARE_TOKEN];
    uint8_t got[SHARE_TOKEN_ID] = {0};
    (void)state;
    share_token_make(key, id, UNTIL, token);
    assert_int_equal(strlen(token), SHARE_TOKEN - 1);
    assert_int_equal(share_token_read(key, token, UNTIL - 1, got), 0);
    assert_memory_equal(got, id, sizeof id);
    assert_int_equal(share_token_read(key, token, UNTIL, got), ERR_INVALID);
    assert_int_equal(share_token_read(other, token, 0, got), ERR_INVALID);
}

static void each_character_counts(void **state) {
    char token[SHARE_TOKEN], bad[SHARE_TOKEN + 2];
    uint8_t got[SHARE_TOKEN_ID] = {0};
    static const uint8_t none[SHARE_TOKEN_ID];
    (void)state;
    share_token_make(key, id, UNTIL, token);
    for (size_t i = 0; i < SHARE_TOKEN - 1; i++) {
        memcpy(bad, token, SHARE_TOKEN);
        bad[i] = bad[i] == 'A' ? 'B' : 'A';
        if (share_token_read(key, bad, 0, got) != ERR_INVALID)
            fail_msg("character %zu", i);
    }
    memcpy(bad, token, SHARE_TOKEN);
    memcpy(bad + SHARE_TOKEN - 1, "A", 2);
    assert_int_equal(share_token_read(key, bad, 0, got), ERR_INVALID);
    bad[10] = '\0';
    assert_int_equal(share_token_read(key, bad, 0, got), ERR_INVALID);
    assert_int_equal(share_token_read(key, "", 0, got), ERR_INVALID);
    assert_memory_equal(got, none, sizeof got); /* untouched */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_opens_until_its_time),
        cmocka_unit_test(each_character_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
