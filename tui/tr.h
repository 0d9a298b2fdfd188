/* Texts of the screens in the session's language. */
#pragma once

#include "common/text.h"

/* Set once at start. */
extern enum text_lang tr_lang;

/* The text of an id: T(FLAG_LATE). */
#define T(id) text_get(tr_lang, TEXT_##id)

/* Append a text with its {places} filled from pairs of strings:
 * TF(&b, EVENT_ORDERS, "n", "2", "store", "alpine"). */
/* The text "<kind>.<word>" ("state", "blocked"), the word itself when the
 * catalogue has none: a newer daemon may say more. */
const char *tr_word(const char *kind, const char *word);

#define TF(buf, id, ...) text_format(buf, tr_lang, TEXT_##id, __VA_ARGS__, NULL)
