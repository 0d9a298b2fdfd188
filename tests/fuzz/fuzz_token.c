/* What strangers show to get in: tokens, codes, JSON web tokens, and names that
 * become part of an authenticator's address. What is taken is taken the same
 * again; nothing is taken that was not made. */
#include <stdlib.h>
#include <string.h>

#include "auth/encode.h"
#include "auth/jwt.h"
#include "auth/token.h"
#include "auth/totp.h"
#include "common/check.h"
#include "common/mem.h"
#include "common/str.h"
#include "tests/fuzz/fuzz.h"

static void check_letters(const char *text, size_t n) {
    AUTO_BUF struct buf bytes = BUF_INIT;
    AUTO_BUF struct buf again = BUF_INIT;
    if (decode_base64url(text, n, &bytes) < 0)
        return;
    encode_base64url(bytes.data, bytes.len, &again);
    REQUIRE(again.len == n && memcmp(buf_str(&again), text, n) == 0);
}

static void check_token(const char *text) {
    enum token_kind kind;
    uint8_t a[32], b[32];
    if (token_read(text, &kind, a) == 0) {
        REQUIRE(strlen(text) == TOKEN_TEXT - 1 && kind <= TOKEN_API);
        REQUIRE(token_read(text, &kind, b) == 0 && memcmp(a, b, 32) == 0);
    }
    (void)token_code_read(text, a);
}

static void check_totp(const char *text, size_t n) {
    static const char secret[] = "12345678901234567890";
    AUTO_BUF struct buf uri = BUF_INIT;
    int64_t step = totp_check(secret, 20, text, 59000, 0);
    REQUIRE(step < 0 || step <= 2);
    totp_uri(text, n < 64 ? n : 64, text, text, &uri);
    REQUIRE(str_starts(uri.data, "otpauth://totp/"));
    for (size_t i = 0; i < uri.len; i++)
        REQUIRE(uri.data[i] > ' ' && uri.data[i] < 127);
}

static void check_jwt(const char *text) {
    static struct jwt_key *key;
    AUTO_BUF struct buf claims = BUF_INIT;
    AUTO_BUF struct buf kid = BUF_INIT;
    if (!key)
        key = jwt_key_make();
    (void)jwt_kid(text, &kid);
    /* Of a key made just now nothing can be signed by chance. */
    REQUIRE(jwt_verify(key, text, &claims) < 0 && claims.len == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    AUTO_FREE char *text = mem_dupn(data, n);
    check_letters(text, strlen(text));
    check_token(text);
    check_totp(text, strlen(text));
    check_jwt(text);
    return 0;
}
