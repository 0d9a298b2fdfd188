#include "auth/totp.h"

#include <stdbool.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "auth/encode.h"
#include "common/check.h"
#include "common/err.h"

enum { DIGITS = 6, WINDOW = 1, SHA1 = 20 };

uint32_t totp_code(const void *secret, size_t n, int64_t step, int digits) {
    static const uint32_t powers[] = {
        1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};
    uint8_t message[8], mac[EVP_MAX_MD_SIZE];
    unsigned mac_n = 0;
    REQUIRE(n <= 1024 && digits >= 1 && digits <= 8);
    for (int i = 0; i < 8; i++)
        message[i] = (uint8_t)((uint64_t)step >> (56 - 8 * i));
    REQUIRE(
        HMAC(EVP_sha1(), secret, (int)n, message, sizeof message, mac, &mac_n));
    REQUIRE(mac_n == SHA1);
    const uint8_t *p = mac + (mac[SHA1 - 1] & 15);
    uint32_t v = (uint32_t)(p[0] & 127) << 24 | (uint32_t)p[1] << 16 |
                 (uint32_t)p[2] << 8 | p[3];
    OPENSSL_cleanse(mac, sizeof mac);
    return v % powers[digits];
}

static bool read_code(const char *typed, uint32_t *ret) {
    uint32_t v = 0;
    int n = 0;
    for (; *typed; typed++) {
        if (*typed == ' ')
            continue;
        if (*typed < '0' || *typed > '9' || ++n > DIGITS)
            return false;
        v = v * 10 + (uint32_t)(*typed - '0');
    }
    *ret = v;
    return n == DIGITS;
}

int64_t totp_check(const void *secret, size_t n, const char *typed,
                   int64_t now_ms, int64_t used) {
    uint32_t code;
    int64_t now = now_ms / TOTP_STEP_MS, found = ERR_INVALID;
    if (!read_code(typed, &code))
        return ERR_INVALID;
    /* All of them: how long it takes tells nothing. */
    for (int64_t step = now - WINDOW; step <= now + WINDOW; step++) {
        if (totp_code(secret, n, step, DIGITS) == code && step > used)
            found = step;
    }
    return found;
}

/* Everything that is not plain is written %XX. */
static void add_escaped(struct buf *out, const char *s) {
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "abcdefghijklmnopqrstuvwxyz0123456789-_.~";
    for (; *s; s++) {
        if (strchr(plain, *s))
            buf_addc(out, *s);
        else
            buf_addf(out, "%%%02X", (unsigned)(uint8_t)*s);
    }
}

void totp_uri(const void *secret, size_t n, const char *issuer,
              const char *user, struct buf *out) {
    buf_adds(out, "otpauth://totp/");
    add_escaped(out, issuer);
    buf_addc(out, ':');
    add_escaped(out, user);
    buf_adds(out, "?secret=");
    encode_base32(secret, n, out);
    buf_adds(out, "&issuer=");
    add_escaped(out, issuer);
}
