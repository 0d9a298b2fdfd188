/* What fold.c knows about the code points 0x80 .. 0xFFFF: 64 a block, the value
 * of cp is fold_block[fold_index[cp >> 6]][cp & 63]. */
#pragma once

#include <stdint.h>

enum {
    FOLD_SAME = 0,        /* unchanged */
    FOLD_DROP = 1,        /* a mark */
    FOLD_EXPAND = 0xE000, /* + n: fold_expansion[n] */
    FOLD_EXPAND_END = 0xF8FF,
    /* anything else: the code point it becomes; 0x20 joins runs of spaces */
};

extern const uint8_t fold_index[1024];
extern const uint16_t fold_block[][64];
extern const char *const fold_expansion[];
