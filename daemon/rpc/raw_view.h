/* Fields of a kept object, re-emitted one by one with known types, whatever
 * the shop wrote there. Inside rpc only. */
#pragma once

#include <stdbool.h>

#include "common/json.h"
#include "common/jsonw.h"

/* Text (numbers as text), "" when absent or of another type; `decoded`: HTML
 * entities become characters. */
void raw_text(struct jsonw *w, const char *key, const struct json *o,
              const char *name, bool decoded);
/* Integer, `none` when absent or no integer. */
void raw_int(struct jsonw *w, const char *key, const struct json *o,
             const char *name, int64_t none);
/* A decimal; "0" when it is none. Negative amounts become positive. */
void raw_decimal(struct jsonw *w, const char *key, const struct json *o,
                 const char *name);
/* A price for one, which the shop divides to as many digits as a double has:
 * rounded half up to the digits of the amount `like` (2 when that is none), 0
 * when it is no number. */
void raw_price(struct jsonw *w, const char *key, const struct json *o,
               const char *name, const char *like);
/* The instant of a *_gmt member, or null. */
void raw_time(struct jsonw *w, const char *key, const struct json *o,
              const char *name);
/* An address object; with_email: billing. */
void raw_address(struct jsonw *w, const char *key, const struct json *o,
                 bool with_email);
/* Visible meta_data of a line: [{key, value}]. */
void raw_meta(struct jsonw *w, const char *key, const struct json *list);
/* HTML as text: tags dropped, entities decoded. */
void raw_plain(struct jsonw *w, const char *key, const struct json *o,
               const char *name);
