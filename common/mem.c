#include "common/mem.h"

#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/check.h"
#include "common/log.h"

static _Noreturn void exhausted(size_t n) {
    /* The log builds its line on the stack, so this works without memory. */
    log_error("mem.exhausted", "out of memory asking for %zu bytes; stopping",
              n);
    abort();
}

void *mem_alloc(size_t n) {
    void *p = malloc(n ? n : 1);
    if (!p)
        exhausted(n);
    return p;
}

void *mem_zalloc(size_t count, size_t size) {
    bool some = count && size;
    void *p = calloc(some ? count : 1, some ? size : 1);
    if (!p)
        exhausted(size && count > SIZE_MAX / size ? SIZE_MAX : count * size);
    return p;
}

void *mem_resize(void *p, size_t count, size_t size) {
    size_t n;
    if (__builtin_mul_overflow(count, size, &n))
        exhausted(SIZE_MAX);
    void *q = realloc(p, n ? n : 1);
    if (!q)
        exhausted(n);
    return q;
}

char *mem_dupn(const void *src, size_t n) {
    REQUIRE(n < SIZE_MAX);
    char *s = mem_alloc(n + 1);
    if (n)
        memcpy(s, src, n);
    s[n] = 0;
    return s;
}

char *mem_dup(const char *s) {
    return s ? mem_dupn(s, strlen(s)) : NULL;
}

char *mem_vprintf(const char *fmt, va_list ap) {
    char *s = NULL;
    int n = vasprintf(&s, fmt, ap);
    if (n < 0)
        exhausted(0);
    return s;
}

char *mem_printf(const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    char *s = mem_vprintf(fmt, ap);
    va_end(ap);
    return s;
}

void mem_wipe(void *p, size_t n) {
    if (n)
        explicit_bzero(p, n);
}

void mem_trim(void) {
    (void)malloc_trim(0);
}
