/* Strict text helpers on bytes: parsing that accepts the whole text or nothing.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Parse a whole decimal integer (optional '-', digits, no spaces, no '+').
 * Returns 0, ERR_INVALID (not a number) or ERR_RANGE (outside [min, max]); *ret
 * is untouched on failure. */
int str_to_i64(const char *s, int64_t min, int64_t max, int64_t *ret);

/* "true"/"false"/"yes"/"no"/"on"/"off"/"1"/"0". */
int str_to_bool(const char *s, bool *ret);

/* "90s", "5m", "2h", "3d", "1w" or plain seconds -> seconds, 0 .. 10 years. */
int str_to_duration(const char *s, int64_t *ret_seconds);

/* Equal bytes; NULL equals only NULL. */
bool str_eq(const char *a, const char *b);
bool str_empty(const char *s); /* NULL or "" */
bool str_starts(const char *s, const char *prefix);
/* Does s end in the suffix? */
bool str_ends(const char *s, const char *suffix);

/* snprintf that always terminates and returns 0, or ERR_RANGE when it had to
 * cut. */
int str_format(char *dst, size_t size, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Copy at most size-1 bytes, never splitting a UTF-8 sequence; returns bytes
 * copied. */
size_t str_copy(char *dst, size_t size, const char *src);

/* Is s a store name: [a-z][a-z0-9-]{0,31}. */
bool str_is_store_name(const char *s);

/* glob with * and ? only, case-sensitive bytes; linear time. */
bool str_glob(const char *pattern, const char *text);

/* Optimal string alignment distance, capped at 9; for "did you mean". */
int str_distance(const char *a, const char *b);
