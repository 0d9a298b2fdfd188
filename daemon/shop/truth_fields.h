/* Which members of which kind are its truth. Internal to this room. */
#pragma once

#include "model/mirror.h"

enum truth_how {
    TRUTH_SCALAR,  /* text; null, absent and "" are one */
    TRUTH_DECODED, /* text with HTML entities decoded */
    TRUTH_OBJECT,  /* the members of sub */
    TRUTH_LIST,    /* elements in the shop's order, each by sub */
    TRUTH_BY_ID,   /* elements by ascending id, each by sub */
    TRUTH_META,    /* key and value by (key, id) */
    TRUTH_ANY,     /* everything */
    TRUTH_STOCK,   /* text; not a variation's own when its stock is the
                      parent's: it then moves without the variation's date */
};

struct truth_field {
    const char *key;
    enum truth_how how;
    const struct truth_field *sub;
};

/* The list of a kind, ended by a NULL key. An element of a list of plain values
 * has an empty list. */
const struct truth_field *truth_fields(enum mirror_kind kind);
