/* One value of a configuration: text -> field of the struct, and the sentence
 * that says what is allowed. The part of conf.c that knows no YAML. */
#pragma once

#include "common/conf.h"

/* Parse the text by the key's type and range into its field of target; an old
 * string there is freed. ERR_INVALID or ERR_RANGE: the field is untouched. */
int conf_value_set(const struct conf_key *key, void *target, const char *text);

/* Append what the key takes: "a whole number from 1 to 64". */
void conf_value_allowed(const struct conf_key *key, struct buf *out);
