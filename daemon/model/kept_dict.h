/* Inside the model only: the dictionaries of kept objects and the contexts
 * they are used with. */
#pragma once

#include <stdint.h>
#include <zstd.h>

#include "model/mirror.h"

enum {
    KEPT_KINDS = MIRROR_CATEGORY + 1,
    KEPT_LEVEL = 1,
    KEPT_DICT_MAX = 16 * 1024,       /* of a trained one */
    KEPT_RAW_MAX = 64 * 1024 * 1024, /* no page is larger */
    KEPT_IDLE = 8,                   /* contexts kept for the next call */
    KEPT_GENERATIONS = 2,            /* of built-in ones; the last packs */
    KEPT_BUILTIN_STEP = 16,          /* from the ids of one to the next */
};

/* One dictionary, for ever. id > 0: row of table dict; id < 0: built in
 * (kept_builtin_id). */
struct kept_dict {
    int64_t id;
    enum mirror_kind kind;
    ZSTD_CDict *pack;
    ZSTD_DDict *unpack;
    struct kept_dict *next;
};

struct kept_dict *kept_dict_new(int64_t id, enum mirror_kind kind,
                                const void *data, size_t n);
void kept_dict_free(struct kept_dict *d);

/* A kind's built-in dictionary of a generation; *ret_n 0: none, but every kind
 * has an id for the first, which packs without. */
const void *kept_builtin(enum mirror_kind kind, int generation, size_t *ret_n);

static inline int64_t kept_builtin_id(enum mirror_kind kind, int generation) {
    return -(int64_t)kind - 1 - KEPT_BUILTIN_STEP * (int64_t)generation;
}
