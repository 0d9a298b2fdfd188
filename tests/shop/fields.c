#include "tests/shop/fields.h"

#include <string.h>

/* End of the string whose opening quote is at p. */
static const char *string_end(const char *p, const char *end) {
    for (p++; p < end && *p != '"'; p++)
        if (*p == '\\')
            p++;
    return p + 1;
}

static const char *value_end(const char *p, const char *end) {
    int depth = 0;
    while (p < end) {
        char c = *p;
        if (c == '"') {
            p = string_end(p, end);
            if (!depth)
                return p;
            continue;
        }
        if (c == '{' || c == '[') {
            depth++;
        } else if (c == '}' || c == ']') {
            if (!depth)
                return p;
            if (!--depth)
                return p + 1;
        } else if (c == ',' && !depth) {
            return p;
        }
        p++;
    }
    return end;
}

/* What the list says of a member: not wanted, wanted whole, or some of it
 * (then `deeper` collects what is asked below it). */
enum wish { WISH_NO, WISH_ALL, WISH_PART };

static enum wish wish_of(const char *wanted, const char *key, size_t n,
                         struct buf *deeper) {
    enum wish found = WISH_NO;
    for (const char *p = wanted; *p;) {
        p += strspn(p, " ,");
        size_t len = strcspn(p, " ,");
        if (len >= n && memcmp(p, key, n) == 0) {
            if (len == n)
                return WISH_ALL;
            if (p[n] == '.') {
                found = WISH_PART;
                buf_add(deeper, p + n + 1, len - n - 1);
                buf_addc(deeper, ',');
            }
        }
        p += len;
    }
    return found;
}

static void part_add(struct buf *out, const char *p, const char *end,
                     const char *wanted) {
    if (*p == '{') {
        fields_pick(out, p, (size_t)(end - p), wanted, false);
        return;
    }
    if (*p != '[') {
        buf_add(out, p, (size_t)(end - p));
        return;
    }
    buf_addc(out, '[');
    for (p++; p < end - 1; p++) {
        const char *stop = value_end(p, end - 1);
        part_add(out, p, stop, wanted);
        if (*stop == ',')
            buf_addc(out, ',');
        p = stop;
    }
    buf_addc(out, ']');
}

static void member_add(struct buf *out, const char *key, size_t key_n,
                       const char *p, const char *end, const char *wanted,
                       bool links) {
    AUTO_BUF struct buf deeper = BUF_INIT;
    enum wish wish = wish_of(wanted, key, key_n, &deeper);
    if (links && key_n == 6 && memcmp(key, "_links", 6) == 0)
        wish = WISH_ALL;
    if (wish == WISH_NO)
        return;
    if (out->data[out->len - 1] != '{')
        buf_addc(out, ',');
    buf_addc(out, '"');
    buf_add(out, key, key_n);
    buf_adds(out, "\":");
    if (wish == WISH_ALL)
        buf_add(out, p, (size_t)(end - p));
    else
        part_add(out, p, end, buf_str(&deeper));
}

void fields_pick(struct buf *out, const char *text, size_t n,
                 const char *wanted, bool links) {
    const char *p = text + 1, *end = text + n;
    buf_addc(out, '{');
    while (p < end && *p == '"') {
        const char *key = p + 1, *after = string_end(p, end);
        size_t key_n = (size_t)(after - key - 1);
        const char *stop = value_end(after + 1, end);
        member_add(out, key, key_n, after + 1, stop, wanted, links);
        p = stop + (*stop == ',');
    }
    buf_addc(out, '}');
}
