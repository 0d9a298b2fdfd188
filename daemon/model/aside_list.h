/* What was set aside, for people: see mirror_set_aside. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct arena;
struct db_tx;

struct aside_item {
    int64_t id, store_id;
    int64_t remote_id; /* 0: could not be read */
    const char *kind;  /* mirror_kind_name */
    const char *what;  /* decode, removal */
    const char *path, *reason;
    int64_t first_ms, times;
    const char *raw; /* its beginning, at most 8,000 bytes; may be cut within
                        a character */
};

/* How many rows a store has. */
int aside_count(struct db_tx *tx, int64_t store_id, int64_t *ret);

/* Calls fn for rows with id < before, newest first, in the caller's scope,
 * until fn returns non-zero; that is returned (0 at the end). Texts live until
 * fn returns. */
int aside_each(struct db_tx *tx, int64_t before,
               int (*fn)(const struct aside_item *a, void *arg), void *arg);

/* 1 found (texts in the arena), 0 not or outside the scope. */
int aside_get(struct db_tx *tx, int64_t id, struct arena *a,
              struct aside_item *ret);
