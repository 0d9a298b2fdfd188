/* The answer of orders.preview in one line, for screen and command line. */
#pragma once

#include "common/text.h"

struct buf;
struct json;

/* "12 orders, 3 shops, 2 held, 1 not allowed, 1 already so". */
void bulk_sum(enum text_lang lang, const struct json *preview, struct buf *out);
