#include "common/base64.h"

#include <stdint.h>
#include <string.h>

#include "common/buf.h"
#include "common/err.h"

static const char letters[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_encode(const void *data, size_t n, struct buf *out) {
    const uint8_t *p = data;
    char *to = buf_reserve(out, 4 * ((n + 2) / 3));
    size_t len = 0;
    for (size_t i = 0; i < n; i += 3) {
        size_t left = n - i;
        uint32_t v = (uint32_t)p[i] << 16;
        v |= left > 1 ? (uint32_t)p[i + 1] << 8 : 0;
        v |= left > 2 ? p[i + 2] : 0;
        to[len++] = letters[v >> 18];
        to[len++] = letters[v >> 12 & 63];
        to[len++] = left > 1 ? letters[v >> 6 & 63] : '=';
        to[len++] = left > 2 ? letters[v & 63] : '=';
    }
    buf_added(out, len);
}

/* Of one character, or -1. */
static int bits_of(char c) {
    const char *at = c ? strchr(letters, c) : NULL;
    return at ? (int)(at - letters) : -1;
}

/* Four characters, of which the last `pad` are '='. */
static int decode_four(const char *s, size_t pad, struct buf *out) {
    uint32_t v = 0;
    for (size_t i = 0; i < 4; i++) {
        int bits = i < 4 - pad ? bits_of(s[i]) : 0;
        if (bits < 0)
            return ERR_INVALID;
        v = v << 6 | (uint32_t)bits;
    }
    const char bytes[3] = {(char)(v >> 16), (char)(v >> 8), (char)v};
    if ((pad >= 1 && bytes[2]) || (pad == 2 && bytes[1]))
        return ERR_INVALID;
    buf_add(out, bytes, 3 - pad);
    return 0;
}

int base64_decode(const char *text, size_t n, struct buf *out) {
    size_t before = out->len;
    int rc = n % 4 ? ERR_INVALID : 0;
    for (size_t i = 0; rc >= 0 && i < n; i += 4) {
        bool last = i + 4 == n;
        size_t pad = !last                ? 0
                     : text[i + 2] == '=' ? 2
                     : text[i + 3] == '=' ? 1
                                          : 0;
        if (pad == 2 && text[i + 3] != '=')
            rc = ERR_INVALID;
        else
            rc = decode_four(text + i, pad, out);
    }
    if (rc < 0)
        buf_truncate(out, before);
    return rc;
}
