#include "common/digest.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <string.h>
#include <sys/random.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <xxhash.h>

#include "common/check.h"

/* Fetched once: OpenSSL 3 otherwise searches its providers under a lock for
 * every hash. */
static EVP_MD *sha256;

static void fetch(void) {
    sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    REQUIRE(sha256);
}

static const EVP_MD *algorithm(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    REQUIRE(pthread_once(&once, fetch) == 0);
    return sha256;
}

void digest_sha256(const void *data, size_t n, uint8_t ret[DIGEST_SHA256]) {
    unsigned len = 0;
    int ok = EVP_Digest(n ? data : "", n, ret, &len, algorithm(), NULL);
    REQUIRE(ok == 1 && len == DIGEST_SHA256);
}

void digest_truth(const void *data, size_t n, uint8_t ret[DIGEST_KEY]) {
    uint8_t full[DIGEST_SHA256];
    digest_sha256(data, n, full);
    memcpy(ret, full, DIGEST_KEY);
}

void digest_raw(const void *data, size_t n, uint8_t ret[DIGEST_KEY]) {
    XXH128_canonical_t text;
    /* The canonical form is the same on any machine: it is kept in the file. */
    XXH128_canonicalFromHash(&text, XXH3_128bits(n ? data : "", n));
    _Static_assert(sizeof text == DIGEST_KEY, "XXH128 is 16 bytes");
    memcpy(ret, &text, DIGEST_KEY);
}

void digest_hmac(const void *key, size_t key_n, const void *data, size_t n,
                 uint8_t ret[DIGEST_SHA256]) {
    unsigned len = 0;
    REQUIRE(key_n <= INT_MAX);
    const unsigned char *ok = HMAC(algorithm(), key_n ? key : "", (int)key_n,
                                   n ? data : (const void *)"", n, ret, &len);
    REQUIRE(ok && len == DIGEST_SHA256);
}

void digest_base64(const void *data, size_t n, char *dst) {
    REQUIRE(n <= INT_MAX / 4 * 3 - 3);
    dst[0] = 0;
    if (n)
        (void)EVP_EncodeBlock((unsigned char *)dst, data, (int)n);
}

void digest_hex(const void *data, size_t n, char *dst) {
    static const char hex[] = "0123456789abcdef";
    const uint8_t *p = data;
    for (size_t i = 0; i < n; i++) {
        *dst++ = hex[p[i] >> 4];
        *dst++ = hex[p[i] & 15];
    }
    *dst = 0;
}

bool digest_equal(const void *a, const void *b, size_t n) {
    return CRYPTO_memcmp(a, b, n) == 0;
}

void digest_random(void *dst, size_t n) {
    uint8_t *p = dst;
    while (n > 0) {
        ssize_t got = getrandom(p, n, 0);
        if (got < 0 && errno == EINTR)
            continue;
        REQUIRE(got > 0);
        p += got;
        n -= (size_t)got;
    }
}
