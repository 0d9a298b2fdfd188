/* Sentences for people, from one catalogue (schema/text) in every language. A
 * text may hold {placeholders}; where a number decides the wording, the pair
 * named "n" picks it. Texts are constants: never freed, safe on any thread. */
#pragma once

#include "common/lang.h"
#include "text_id.gen.h" /* enum text_id: TEXT_* */

struct buf;

/* The text as it stands, plural where there is a choice. */
const char *text_get(enum text_lang lang, enum text_id id);

/* Append the text with its placeholders filled from pairs of strings, ended by
 * NULL: text_format(b, lang, TEXT_X, "n", "3", "store", "alpine", NULL). A
 * placeholder without a pair stays as it is written. */
void text_format(struct buf *out, enum text_lang lang, enum text_id id, ...)
    __attribute__((sentinel));

/* By the catalogue's name ("action.back.help"): the id, or -1. */
int text_find(const char *name);
/* The text "kind.word" ("status.on_hold" of "on-hold"); the word itself when
 * there is none. */
const char *text_word(enum text_lang lang, const char *kind, const char *word);

/* The sentence of an ERR_* code, and what a person can do about it (NULL when
 * there is nothing to say). */
const char *text_error(enum text_lang lang, int code);
/* What a person can do about it, or NULL. */
const char *text_cure(enum text_lang lang, int code);
