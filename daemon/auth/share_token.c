#include "auth/share_token.h"

#include <string.h>

#include "auth/encode.h"
#include "common/digest.h"
#include "common/err.h"
#include "common/str.h"

/* id, the instant big-endian, the signature of both. */
enum {
    TIME_AT = SHARE_TOKEN_ID,
    SIGN_AT = TIME_AT + 8,
    ALL = SIGN_AT + DIGEST_SHA256
};

static void sign(const uint8_t key[32], const uint8_t *told,
                 uint8_t ret[DIGEST_SHA256]) {
    static const char purpose[] = "fulexo share link 1";
    uint8_t own[DIGEST_SHA256]; /* the key is used for other things too */
    digest_hmac(key, 32, purpose, sizeof purpose - 1, own);
    digest_hmac(own, sizeof own, told, SIGN_AT, ret);
}

void share_token_make(const uint8_t key[32], const uint8_t id[SHARE_TOKEN_ID],
                      int64_t until_ms, char ret[SHARE_TOKEN]) {
    AUTO_BUF struct buf text = BUF_INIT;
    uint8_t all[ALL];
    memcpy(all, id, SHARE_TOKEN_ID);
    for (int i = 0; i < 8; i++)
        all[TIME_AT + i] = (uint8_t)((uint64_t)until_ms >> (56 - 8 * i));
    sign(key, all, all + SIGN_AT);
    encode_base64url(all, sizeof all, &text);
    (void)str_copy(ret, SHARE_TOKEN, buf_str(&text));
}

int share_token_read(const uint8_t key[32], const char *text, int64_t now_ms,
                     uint8_t ret_id[SHARE_TOKEN_ID]) {
    AUTO_BUF struct buf all = BUF_INIT;
    uint8_t want[DIGEST_SHA256];
    uint64_t until = 0;
    if (strlen(text) != SHARE_TOKEN - 1 ||
        decode_base64url(text, SHARE_TOKEN - 1, &all) < 0 || all.len != ALL)
        return ERR_INVALID;
    const uint8_t *p = (const uint8_t *)all.data;
    sign(key, p, want);
    if (!digest_equal(want, p + SIGN_AT, sizeof want))
        return ERR_INVALID;
    for (int i = 0; i < 8; i++)
        until = until << 8 | p[TIME_AT + i];
    if (until > INT64_MAX || (int64_t)until <= now_ms)
        return ERR_INVALID;
    memcpy(ret_id, p, SHARE_TOKEN_ID);
    return 0;
}
