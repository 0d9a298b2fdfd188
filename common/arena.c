#include "common/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/check.h"
#include "common/mem.h"

enum { ALIGN = 16, CHUNK = 256 * 1024 };

struct block {
    struct block *next;
    size_t size; /* bytes of data */
    size_t used;
    _Alignas(ALIGN) char data[];
};

struct arena {
    struct block *head; /* the block being filled; larger ones hang behind */
    size_t chunk;
    size_t used;
};

struct arena *arena_new(size_t chunk) {
    struct arena *a = NEW(struct arena);
    a->chunk = chunk ? chunk : CHUNK;
    return a;
}

static void blocks_free(struct block *b) {
    while (b) {
        struct block *next = b->next;
        free(b);
        b = next;
    }
}

void arena_free(struct arena *a) {
    if (!a)
        return;
    blocks_free(a->head);
    free(a);
}

void arena_reset(struct arena *a) {
    a->used = 0;
    if (!a->head)
        return;
    blocks_free(a->head->next);
    a->head->next = NULL;
    a->head->used = 0;
    /* One giant document must not pin its memory for good. */
    if (a->head->size > a->chunk) {
        free(a->head);
        a->head = NULL;
    }
}

static struct block *block_new(size_t size) {
    struct block *b = mem_alloc(sizeof *b + size);
    b->next = NULL;
    b->size = size;
    b->used = 0;
    return b;
}

/* A block with room for n bytes; the head has none. */
static struct block *block_for(struct arena *a, size_t n) {
    struct block *head = a->head;
    struct block *b = block_new(n > a->chunk ? n : a->chunk);
    /* What is larger than a chunk gets its own block behind the head, so the
     * room left in the head is not lost. */
    if (head && n > a->chunk) {
        b->next = head->next;
        head->next = b;
    } else {
        b->next = head;
        a->head = b;
    }
    return b;
}

void *arena_alloc(struct arena *a, size_t n) {
    REQUIRE(n <= SIZE_MAX / 2);
    /* At least one unit, so that two allocations never share an address. */
    size_t full = n ? (n + ALIGN - 1) & ~(size_t)(ALIGN - 1) : ALIGN;
    struct block *b = a->head;
    if (!b || b->size - b->used < full)
        b = block_for(a, full);
    void *p = b->data + b->used;
    b->used += full;
    a->used += n;
    return p;
}

char *arena_dupn(struct arena *a, const void *src, size_t n) {
    REQUIRE(n < SIZE_MAX / 2);
    char *s = arena_alloc(a, n + 1);
    if (n)
        memcpy(s, src, n);
    s[n] = 0;
    return s;
}

size_t arena_used(const struct arena *a) {
    return a->used;
}
