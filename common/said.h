/* What is said where nobody knows the reader's language: the details of errors,
 * what was wrong with a row, what stands in the way of an act. It is made and
 * kept in English, and put into the reader's language where it is shown: the
 * sentences are the keys of schema/text/said.json, with {} for what they are
 * about. That way what was kept before is told in their language too. */
#pragma once

#include <stdbool.h>

#include "common/lang.h"

struct buf;

/* Append the sentence in that language; as it is when nobody translated it (a
 * shop's own words, a name, another daemon's). */
void said_words(struct buf *out, enum text_lang lang, const char *sentence);

/* Append it behind another one: " (the key is wrong)"; nothing when empty. */
void said_behind(struct buf *out, enum text_lang lang, const char *sentence);

/* Is there a translation of it? */
bool said_known(const char *sentence);
