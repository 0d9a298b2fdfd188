/* What the value of a filter means by its key's type; the part of the query
 * language that knows no syntax. */
#pragma once

#include <stddef.h>

#include "common/query.h"

/* Interpret v->text: fills num, for a CHOICE text becomes the choice as the
 * table spells it. ERR_INVALID: `why` gets the sentence. */
int query_value_read(const struct query_key *key, struct query_value *v,
                     char *why, size_t size);

/* What the key takes: "a date: 2026-11-22, today ...". */
void query_value_allowed(const struct query_key *key, char *dst, size_t size);

/* The key of that name, any case; NULL when there is none. */
const struct query_key *query_key_find(const struct query_key *keys, size_t n,
                                       const char *name, size_t len);

/* Walk the choices of "a|b|c": copies the next one to dst and moves *p on;
 * false at the end. One longer than dst is cut. */
bool query_choice_next(const char **p, char *dst, size_t size);
