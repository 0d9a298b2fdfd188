/* Texts of the screens in the session's language. */
#pragma once

#include <stdint.h>

#include "common/text.h"

/* Set once at start. */
extern enum text_lang tr_lang;

/* The text of an id: T(FLAG_LATE). */
#define T(id) text_get(tr_lang, TEXT_##id)

/* Length of work for people in the session's language: "6 s", "3 min",
 * "2 h 05"; dst has TR_SPAN bytes and is returned. */
enum { TR_SPAN = 32 };
const char *tr_span(char dst[TR_SPAN], int64_t ms);

/* The text "<kind>.<word>" ("state", "blocked"), the word itself when the
 * catalogue has none: a newer daemon may say more. */
const char *tr_word(const char *kind, const char *word);

/* Append a text with its {places} filled from pairs of strings:
 * TF(&b, EVENT_ORDERS, "n", "2", "store", "alpine"). */
#define TF(buf, id, ...) text_format(buf, tr_lang, TEXT_##id, __VA_ARGS__, NULL)
