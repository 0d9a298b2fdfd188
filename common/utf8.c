#include "common/utf8.h"

#include <string.h>

#include "common/buf.h"

/* Bytes that a lead byte announces, 0 for a byte that cannot lead. */
static size_t announced(unsigned char c) {
    if (c < 0x80)
        return 1;
    if (c >= 0xC2 && c <= 0xDF)
        return 2;
    if (c >= 0xE0 && c <= 0xEF)
        return 3;
    return c >= 0xF0 && c <= 0xF4 ? 4 : 0;
}

size_t utf8_decode(const char *s, size_t n, uint32_t *ret) {
    static const uint8_t lead_bits[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t len = n ? announced((unsigned char)s[0]) : 0;
    if (len == 0 || len > n)
        return 0;
    uint32_t cp = (unsigned char)s[0] & lead_bits[len];
    for (size_t i = 1; i < len; i++) {
        unsigned char c = (unsigned char)s[i];
        if ((c & 0xC0) != 0x80)
            return 0;
        cp = cp << 6 | (c & 0x3F);
    }
    if (cp < smallest[len] || cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
        return 0;
    *ret = cp;
    return len;
}

size_t utf8_encode(uint32_t cp, char *dst) {
    if (cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
        return 0;
    if (cp < 0x80) {
        dst[0] = (char)cp;
        return 1;
    }
    size_t len = cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
    static const uint8_t lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = len - 1; i > 0; i--) {
        dst[i] = (char)(0x80 | (cp & 0x3F));
        cp >>= 6;
    }
    dst[0] = (char)(lead[len] | cp);
    return len;
}

/* Bytes from s that are plain ASCII, eight at a time. */
static size_t ascii_run(const char *s, size_t n) {
    size_t i = 0;
    uint64_t word;
    for (; i + sizeof word <= n; i += sizeof word) {
        memcpy(&word, s + i, sizeof word);
        if (word & 0x8080808080808080u)
            break;
    }
    while (i < n && (unsigned char)s[i] < 0x80)
        i++;
    return i;
}

/* Bytes from s that are valid. */
static size_t valid_run(const char *s, size_t n) {
    size_t i = 0, len = 1;
    uint32_t cp;
    while (i < n && len) {
        i += ascii_run(s + i, n - i);
        len = utf8_decode(s + i, n - i, &cp);
        i += len;
    }
    return i;
}

bool utf8_valid(const char *s, size_t n) {
    return valid_run(s, n) == n;
}

void utf8_repair(struct buf *out, const char *s, size_t n) {
    for (;;) {
        size_t ok = valid_run(s, n);
        buf_add(out, s, ok);
        if (ok == n)
            return;
        buf_adds(out, "\xEF\xBF\xBD");
        s += ok + 1;
        n -= ok + 1;
    }
}
