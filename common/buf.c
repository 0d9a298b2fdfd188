#include "common/buf.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/check.h"
#include "common/mem.h"

enum { SMALLEST = 64 };

void buf_done(struct buf *b) {
    free(b->data);
    *b = (struct buf)BUF_INIT;
}

void buf_clear(struct buf *b) {
    buf_truncate(b, 0);
}

char *buf_reserve(struct buf *b, size_t n) {
    REQUIRE(n < SIZE_MAX / 2 - b->len);
    size_t need = b->len + n + 1;
    if (need > b->cap) {
        size_t cap = b->cap < SMALLEST ? SMALLEST : b->cap;
        while (cap < need)
            cap += cap / 2;
        b->data = mem_resize(b->data, cap, 1);
        b->cap = cap;
        b->data[b->len] = 0;
    }
    return b->data + b->len;
}

void buf_added(struct buf *b, size_t n) {
    REQUIRE(n == 0 || n < b->cap - b->len);
    b->len += n;
    if (b->data)
        b->data[b->len] = 0;
}

void buf_add(struct buf *b, const void *data, size_t n) {
    if (n == 0)
        return;
    memcpy(buf_reserve(b, n), data, n);
    buf_added(b, n);
}

void buf_adds(struct buf *b, const char *s) {
    buf_add(b, s, strlen(s));
}

void buf_addc(struct buf *b, char c) {
    *buf_reserve(b, 1) = c;
    buf_added(b, 1);
}

void buf_addv(struct buf *b, const char *fmt, va_list ap) {
    va_list again;
    va_copy(again, ap);
    char *p = buf_reserve(b, SMALLEST);
    size_t room = b->cap - b->len;
    int n = vsnprintf(p, room, fmt, ap);
    /* Negative only for a broken format, which the compiler checks. */
    REQUIRE(n >= 0);
    if ((size_t)n >= room)
        (void)vsnprintf(buf_reserve(b, (size_t)n), (size_t)n + 1, fmt, again);
    buf_added(b, (size_t)n);
    va_end(again);
}

void buf_addf(struct buf *b, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    buf_addv(b, fmt, ap);
    va_end(ap);
}

void buf_consume(struct buf *b, size_t n) {
    if (n >= b->len) {
        buf_clear(b);
        return;
    }
    memmove(b->data, b->data + n, b->len - n + 1);
    b->len -= n;
}

void buf_truncate(struct buf *b, size_t n) {
    if (n > b->len || !b->data)
        return;
    b->len = n;
    b->data[n] = 0;
}

char *buf_take(struct buf *b) {
    char *s = b->data ? b->data : mem_dup("");
    *b = (struct buf)BUF_INIT;
    return s;
}

const char *buf_str(const struct buf *b) {
    return b->data ? b->data : "";
}
