/* Fields of shops' objects in the words of the trade, by the path a change
 * names them with: "regular_price" is "Price", "billing.city" "City (billing)".
 * The words are the texts "field.PATH". */
#pragma once

#include <stdbool.h>

#include "common/lang.h"

struct buf;
struct json;

/* Has it words? A path without any is shown as it is written. */
bool field_known(const char *path);
/* Append them. "meta[gift]" is a field of the shop's own: "Extra field gift".
 */
void field_words(struct buf *out, enum text_lang lang, const char *path);

/* Append a value of one: a truth as yes or no, "" for an empty text, - for
 * none, a list and an object with their members worded. NULL: none. */
void field_value(struct buf *out, enum text_lang lang, const struct json *v);
