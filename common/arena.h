/* Bump allocator handed back whole: one a parsed page, so that trees built on
 * one thread and dropped on another never meet the allocator's locks
 * (storage-limits: x1.5 throughput). Not thread-safe; move it, do not share. */
#pragma once

#include <stddef.h>

struct arena;

/* New arena; chunk = size of each block it asks of malloc (0: 256 KiB). Never
 * NULL. */
struct arena *arena_new(size_t chunk);

/* Frees the arena and all that came from it; NULL is fine. */
void arena_free(struct arena *a);

/* Forget everything allocated, keep the first block for reuse. */
void arena_reset(struct arena *a);

/* n bytes aligned to 16, uninitialised, valid until reset/free. */
void *arena_alloc(struct arena *a, size_t n) __attribute__((returns_nonnull));

/* NUL-terminated copy of n bytes inside the arena. */
char *arena_dupn(struct arena *a, const void *src, size_t n)
    __attribute__((returns_nonnull));

/* Bytes handed out since the last reset. */
size_t arena_used(const struct arena *a);
