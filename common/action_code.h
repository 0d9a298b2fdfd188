/* Barcodes that stand for what hands would type: scanned into the line of
 * picking, packing, receiving and counting. A prefix, which no SKU may begin
 * with, and a word; big and small letters are the same, as a scanner under a
 * locked keyboard writes the others. */
#pragma once

#include <stdbool.h>

#include "common/text.h"

enum action_code {
    ACTION_CODE_UNDO,   /* the last scan is taken back */
    ACTION_CODE_NEXT,   /* leave this line for later */
    ACTION_CODE_SHORT,  /* it is missing: what is left comes later */
    ACTION_CODE_PARCEL, /* close this parcel, begin the next */
    ACTION_CODE_ACCEPT, /* go on with what the shop changed */
    ACTION_CODE_DONE,   /* all is in: finish */
    ACTION_CODE_LEAVE,  /* out of the screen; the work stays */
    ACTION_CODES
};

/* Letters alone that lie in one place on every keyboard layout, as layouts move
 * signs and digits. */
#define ACTION_CODE_PREFIX "FULEXO"
enum { ACTION_CODE_PREFIX_MIN = 3, ACTION_CODE_PREFIX_MAX = 16 };

/* Letters, digits and . _ $ / + % -, the first no digit, as that would be how
 * many of a product. */
bool action_code_prefix_ok(const char *prefix);

/* "UNDO". */
const char *action_code_word(enum action_code c);

/* What it does: a word or two, and a sentence. */
enum text_id action_code_name(enum action_code c);
enum text_id action_code_help(enum action_code c);

/* The code a text is; ERR_NOT_FOUND: it has not the prefix, so it is none;
 * ERR_INVALID: it has, and nothing has this word. */
int action_code_parse(const char *prefix, const char *text);
