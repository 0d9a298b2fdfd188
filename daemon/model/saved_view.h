/* Lists people come back to: a filter and a sort behind one of nine keys. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/err.h"

struct arena;
struct db_tx;

enum { SAVED_VIEWS = 9 };

struct saved_view {
    int slot; /* 1..SAVED_VIEWS */
    bool own; /* else everybody's */
    const char *list, *name, *filter, *sort;
};

/* Those of a person, by slot: one's own, else everybody's. Texts in the
 * arena. */
int saved_view_list(struct db_tx *tx, const char *owner, struct arena *a,
                    struct saved_view ret[SAVED_VIEWS], size_t *ret_n);

/* Keep it, in place of what was there. v->own false: for everybody. */
int saved_view_put(struct db_tx *tx, const char *owner,
                   const struct saved_view *v);

/* Forget one; own false: everybody's. ERR_NOT_FOUND. */
int saved_view_drop(struct db_tx *tx, const char *owner, int slot, bool own);
