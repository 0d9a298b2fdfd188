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

/* A status of orders or products in that language: "processing" is
 * "hazırlıkta". A shop's own is shown by the name it has there. */
const char *field_status(enum text_lang lang, const char *slug);

/* Append a value of the field at that path: a truth as yes or no, "" for an
 * empty text, - for none, a list and an object with their members worded. NULL:
 * none. */
void field_value(struct buf *out, enum text_lang lang, const char *path,
                 const struct json *v);
