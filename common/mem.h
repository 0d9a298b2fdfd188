/* Memory that is there or the program is not: the daemon survives kill -9 at
 * any point by construction, so an allocation that fails aborts (as in tmux)
 * instead of opening a second, never tested error path. Whatever sizes itself
 * by outside input is bounded before it comes here. */
#pragma once

#include <stdarg.h>
#include <stddef.h>

/* n bytes, uninitialised; n = 0 gives a valid pointer. Free with free(). */
void *mem_alloc(size_t n) __attribute__((malloc, returns_nonnull));

/* count * size bytes, zeroed, overflow checked. */
void *mem_zalloc(size_t count, size_t size)
    __attribute__((malloc, returns_nonnull));

/* As realloc(); count * size is overflow checked. The old pointer is gone. */
void *mem_resize(void *p, size_t count, size_t size)
    __attribute__((returns_nonnull));

/* A NUL-terminated copy of n bytes (NUL bytes inside are kept). */
char *mem_dupn(const void *src, size_t n)
    __attribute__((malloc, returns_nonnull));

/* A copy of the string; NULL gives NULL. */
char *mem_dup(const char *s) __attribute__((malloc));

/* printf into a new string, owned by the caller. */
char *mem_printf(const char *fmt, ...)
    __attribute__((format(printf, 1, 2), malloc, returns_nonnull));
char *mem_vprintf(const char *fmt, va_list ap)
    __attribute__((format(printf, 1, 0), malloc, returns_nonnull));

/* Zeroed struct of type T. */
#define NEW(T) ((T *)mem_zalloc(1, sizeof(T)))

/* Overwrite n bytes in a way the compiler keeps; for secrets. */
void mem_wipe(void *p, size_t n);

/* Give what was freed back to the system: some ms, for the end of large work.
 */
void mem_trim(void);
