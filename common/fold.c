#include "common/fold.h"

#include <string.h>

#include "common/buf.h"
#include "common/check.h"
#include "common/fold_table.h"
#include "common/utf8.h"

/* Where the folded text goes; the room for it was reserved before. */
struct pen {
    char *p;
    bool spaced; /* the last character put was a space */
};

static void put_space(struct pen *pen) {
    if (!pen->spaced)
        *pen->p++ = ' ';
    pen->spaced = true;
}

static void put_ascii(struct pen *pen, unsigned char c) {
    if (c == ' ' || (c >= '\t' && c <= '\r')) {
        put_space(pen);
        return;
    }
    *pen->p++ = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
    pen->spaced = false;
}

static void put_bytes(struct pen *pen, const char *s, size_t n) {
    memcpy(pen->p, s, n);
    pen->p += n;
    pen->spaced = false;
}

static uint16_t value_of(uint32_t cp) {
    return cp > 0xFFFF ? FOLD_SAME : fold_block[fold_index[cp >> 6]][cp & 63];
}

/* One character beyond ASCII; returns its bytes. */
static size_t put_wide(struct pen *pen, const char *s, size_t n) {
    uint32_t cp = 0;
    size_t len = utf8_decode(s, n, &cp);
    if (len == 0) {
        put_ascii(pen, '?');
        return 1;
    }
    uint16_t v = value_of(cp);
    if (v == FOLD_SAME) {
        put_bytes(pen, s, len);
    } else if (v == ' ') {
        put_space(pen);
    } else if (v >= FOLD_EXPAND && v <= FOLD_EXPAND_END) {
        const char *e = fold_expansion[v - FOLD_EXPAND];
        put_bytes(pen, e, strlen(e));
    } else if (v != FOLD_DROP) {
        pen->p += utf8_encode(v, pen->p);
        pen->spaced = false;
    }
    return len;
}

void fold_text(struct buf *out, const char *s, size_t n) {
    /* No character more than doubles: unicode.py sees to it. */
    char *start = buf_reserve(out, 2 * n);
    struct pen pen = {start, false};
    for (size_t i = 0; i < n;) {
        if ((unsigned char)s[i] < 0x80)
            put_ascii(&pen, (unsigned char)s[i++]);
        else
            i += put_wide(&pen, s + i, n - i);
    }
    size_t added = (size_t)(pen.p - start);
    REQUIRE(added <= 2 * n);
    buf_added(out, added);
}
