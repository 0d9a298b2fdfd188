/* Terminal cells and screen safety; the bytes themselves are utf8.c's. */
#include <string.h>

#include "common/buf.h"
#include "common/utf8.h"
#include "common/utf8_table.h"

static enum utf8_kind kind_of(uint32_t cp) {
    size_t low = 0, high = utf8_range_count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        const struct utf8_range *r = &utf8_ranges[mid];
        if (cp < r->first)
            high = mid;
        else if (cp > r->last)
            low = mid + 1;
        else
            return (enum utf8_kind)r->kind;
    }
    return UTF8_PLAIN;
}

static bool is_control(uint32_t cp) {
    return cp < 0x20 || (cp >= 0x7F && cp < 0xA0);
}

int utf8_width(uint32_t cp) {
    if (is_control(cp))
        return -1;
    if (cp < 0x300)
        return 1;
    static const int8_t cells[] = {
        [UTF8_PLAIN] = 1, [UTF8_MARK] = 0, [UTF8_WIDE] = 2, [UTF8_FORMAT] = 0};
    return cells[kind_of(cp)];
}

/* Bytes of the character at s and its cells; what should not be there counts
 * as the one '?' it would be drawn as. */
static size_t step(const char *s, size_t n, size_t *ret_cells) {
    uint32_t cp;
    size_t len = utf8_decode(s, n, &cp);
    int cells = len ? utf8_width(cp) : -1;
    *ret_cells = cells < 0 ? 1 : (size_t)cells;
    return len ? len : 1;
}

size_t utf8_fit(const char *s, size_t cells, size_t *ret_cells) {
    size_t n = strlen(s), at = 0, used = 0;
    while (at < n) {
        size_t width;
        size_t len = step(s + at, n - at, &width);
        /* Marks have no width, so a cluster is never left without them. */
        if (width > cells - used)
            break;
        at += len;
        used += width;
    }
    *ret_cells = used;
    return at;
}

size_t utf8_cells(const char *s) {
    size_t cells;
    (void)utf8_fit(s, SIZE_MAX, &cells);
    return cells;
}

void utf8_safe(struct buf *out, const char *s, size_t n) {
    while (n > 0) {
        uint32_t cp = 0;
        size_t len = utf8_decode(s, n, &cp);
        if (len && (cp == '\n' || cp == '\t'))
            buf_addc(out, ' ');
        else if (!len || is_control(cp) ||
                 (cp >= 0x80 && kind_of(cp) == UTF8_FORMAT))
            buf_addc(out, '?');
        else
            buf_add(out, s, len);
        s += len ? len : 1;
        n -= len ? len : 1;
    }
}
