#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "common/entities.h"
#include "common/utf8.h"

enum { LONGEST = 10 }; /* between & and ; */

struct entity {
    const char *name;
    uint32_t cp;
};

/* Those that WordPress' esc_html, wptexturize and KSES produce. */
static const struct entity entities[] = {
    {"amp", '&'},       {"lt", '<'},       {"gt", '>'},       {"quot", '"'},
    {"apos", '\''},     {"nbsp", 0xa0},    {"ndash", 0x2013}, {"mdash", 0x2014},
    {"lsquo", 0x2018},  {"rsquo", 0x2019}, {"ldquo", 0x201c}, {"rdquo", 0x201d},
    {"hellip", 0x2026}, {"times", 0xd7},   {"copy", 0xa9},    {"reg", 0xae},
    {"trade", 0x2122},  {"deg", 0xb0},     {"euro", 0x20ac},  {"pound", 0xa3},
};

static uint32_t numeric(const char *s, size_t n) {
    char text[LONGEST + 1];
    char *end;
    bool hex = n > 1 && (s[0] == 'x' || s[0] == 'X');
    size_t skip = hex ? 1 : 0;
    memcpy(text, s + skip, n - skip);
    text[n - skip] = 0;
    if (strspn(text, hex ? "0123456789abcdefABCDEF" : "0123456789") != n - skip)
        return 0;
    unsigned long v = strtoul(text, &end, hex ? 16 : 10);
    return v <= 0x10ffff ? (uint32_t)v : 0;
}

/* The code point of what stands between & and ;, 0 when unknown. */
static uint32_t lookup(const char *s, size_t n) {
    if (n > 1 && s[0] == '#')
        return numeric(s + 1, n - 1);
    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
        if (strlen(entities[i].name) == n &&
            memcmp(entities[i].name, s, n) == 0)
            return entities[i].cp;
    return 0;
}

void entities_decode(struct buf *out, const char *s) {
    for (;;) {
        char utf8[4];
        size_t n = strcspn(s, "&");
        buf_add(out, s, n);
        s += n;
        if (!*s)
            return;
        n = strcspn(s + 1, "&; ");
        uint32_t cp =
            s[1 + n] == ';' && n > 0 && n <= LONGEST ? lookup(s + 1, n) : 0;
        /* A control character is not worth decoding to. */
        size_t len = cp >= ' ' ? utf8_encode(cp, utf8) : 0;
        buf_add(out, len ? utf8 : s, len ? len : 1);
        s += len ? n + 2 : 1;
    }
}
