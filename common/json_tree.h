/* Inside common/json*.c only: what a value is, and how the tree of a text that
 * json_check found good is made. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "common/json.h"

struct arena;

struct json {
    const struct json *next; /* of the same parent */
    const char *key;         /* of an object's member; NULL in arrays */
    union {
        const struct json *child; /* the first; NULL: empty */
        const char *string;
        double number;
        bool truth;
    };
    enum json_type type;
    uint32_t n; /* bytes of a string, members of an array or object */
};

/* The tree of n bytes that json_check accepted whole, in the arena, with its
 * own copy of the text. 0, or ERR_PARSE with *ret_at at the one fault the
 * grammar does not see: half a surrogate pair. */
int json_tree(struct arena *a, const char *text, size_t n,
              const struct json **ret, size_t *ret_at);
