/* Growable byte buffer with a read position; always NUL-terminated behind its
 * content. */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "common/cleanup.h"

struct buf {
    char *data; /* NULL while nothing was ever added; else data[len] == 0 */
    size_t len; /* bytes of content */
    size_t cap; /* bytes allocated */
};

#define BUF_INIT                                                               \
    { NULL, 0, 0 }

/* Free the memory and leave BUF_INIT. */
void buf_done(struct buf *b);
#define AUTO_BUF CLEANUP(buf_done)

/* Empty but keep the memory. */
void buf_clear(struct buf *b);

/* Make room for n more bytes and return where they go (buf_added tells how many
 * were written). */
char *buf_reserve(struct buf *b, size_t n);

/* n bytes were written at the place buf_reserve returned. */
void buf_added(struct buf *b, size_t n);

/* Append n bytes; data may be NULL when n is 0. */
void buf_add(struct buf *b, const void *data, size_t n);
/* Append a text without its NUL. */
void buf_adds(struct buf *b, const char *s);
/* Append one byte. */
void buf_addc(struct buf *b, char c);
/* Append as printf does. */
void buf_addf(struct buf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void buf_addv(struct buf *b, const char *fmt, va_list ap)
    __attribute__((format(printf, 2, 0)));

/* Drop n bytes from the front (n <= len, else all). */
void buf_consume(struct buf *b, size_t n);

/* Cut to n bytes when longer. */
void buf_truncate(struct buf *b, size_t n);

/* Give the content away as a string the caller frees ("" when empty) and leave
 * BUF_INIT. */
char *buf_take(struct buf *b);

/* The content as a string, never NULL; valid until the next change. */
const char *buf_str(const struct buf *b);
