/* Both are the same walk with other widths: bits go in on one side and come
 * out on the other. What is left over must be zero, so that a text stands for
 * one value alone. */
#include "auth/encode.h"

#include <stdbool.h>
#include <string.h>

#include "common/err.h"

struct alphabet {
    const char *letters;
    unsigned bits; /* a letter */
};

static const struct alphabet base64url = {
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", 6};
static const struct alphabet base32 = {"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 5};

static void encode(const struct alphabet *a, const void *data, size_t n,
                   struct buf *out) {
    const uint8_t *p = data;
    uint32_t held = 0;
    unsigned bits = 0;
    for (size_t i = 0; i < n; i++) {
        held = held << 8 | p[i];
        for (bits += 8; bits >= a->bits; bits -= a->bits)
            buf_addc(
                out,
                a->letters[held >> (bits - a->bits) & ((1u << a->bits) - 1)]);
    }
    if (bits > 0)
        buf_addc(out,
                 a->letters[held << (a->bits - bits) & ((1u << a->bits) - 1)]);
}

/* Of n letters; ERR_INVALID leaves out as it was. */
static int decode(const struct alphabet *a, const char *text, size_t n,
                  struct buf *out) {
    size_t before = out->len;
    uint32_t held = 0;
    unsigned bits = 0;
    bool good = true;
    for (size_t i = 0; i < n && good; i++) {
        const char *at = text[i] ? strchr(a->letters, text[i]) : NULL;
        good = at != NULL;
        held = held << a->bits | (uint32_t)(good ? at - a->letters : 0);
        bits += a->bits;
        if (bits >= 8) {
            bits -= 8;
            buf_addc(out, (char)(uint8_t)(held >> bits));
        }
    }
    if (good && bits < a->bits && (held & ((1u << bits) - 1)) == 0)
        return 0;
    buf_truncate(out, before);
    return ERR_INVALID;
}

void encode_base64url(const void *data, size_t n, struct buf *out) {
    encode(&base64url, data, n, out);
}

int decode_base64url(const char *text, size_t n, struct buf *out) {
    return decode(&base64url, text, n, out);
}

void encode_base32(const void *data, size_t n, struct buf *out) {
    encode(&base32, data, n, out);
}

int decode_base32(const char *text, size_t n, struct buf *out) {
    AUTO_BUF struct buf typed = BUF_INIT;
    for (size_t i = 0; i < n; i++) {
        char c = text[i];
        if (c >= 'a' && c <= 'z')
            c = (char)(c - 'a' + 'A');
        if (c != ' ' && c != '-')
            buf_addc(&typed, c);
    }
    return decode(&base32, buf_str(&typed), typed.len, out);
}
