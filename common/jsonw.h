/* Writing JSON straight into a buffer: no tree, commas and escapes by the
 * writer. Misuse (a value where a key is due) is a REQUIRE failure. Depth at
 * most 32. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"

struct jsonw {
    struct buf *out;
    uint32_t comma;  /* bit per depth: a comma is due before the next item */
    uint32_t object; /* bit per depth: it is an object, keys are due */
    int depth;
    bool after_key;
};

/* Write into `out` (not owned). */
void jsonw_init(struct jsonw *w, struct buf *out);

/* A value that is an object: keys and values by turns until its end. */
void jsonw_begin_object(struct jsonw *w);
void jsonw_end_object(struct jsonw *w);
/* A value that is an array: values until its end. */
void jsonw_begin_array(struct jsonw *w);
void jsonw_end_array(struct jsonw *w);
/* The key of the next value; escaped. */
void jsonw_key(struct jsonw *w, const char *key);

void jsonw_string(
    struct jsonw *w,
    const char *s); /* NULL writes null; invalid UTF-8 is repaired */
void jsonw_stringn(struct jsonw *w, const char *s, size_t n);
/* As a JSON integer; callers keep within +-(2^53-1). */
void jsonw_i64(struct jsonw *w, int64_t v);
void jsonw_bool(struct jsonw *w, bool v);
void jsonw_null(struct jsonw *w);
void jsonw_money(struct jsonw *w, int64_t e4,
                 int decimals);               /* as a decimal string */
void jsonw_qty(struct jsonw *w, int64_t e3);  /* as a decimal string */
void jsonw_time(struct jsonw *w, int64_t ms); /* ISO string; 0 writes null */
void jsonw_raw(struct jsonw *w, const char *json,
               size_t n); /* trusted JSON text, as it is */

/* key + value in one call */
void jsonw_kstring(struct jsonw *w, const char *key, const char *s);
void jsonw_ki64(struct jsonw *w, const char *key, int64_t v);
void jsonw_kbool(struct jsonw *w, const char *key, bool v);
/* Money, v x 10^4, as a decimal string of at least that many places. */
void jsonw_kmoney(struct jsonw *w, const char *key, int64_t e4, int decimals);
/* A quantity, v x 10^3, as a decimal string. */
void jsonw_kqty(struct jsonw *w, const char *key, int64_t e3);
/* UTC ms as an ISO string; 0 writes null. */
void jsonw_ktime(struct jsonw *w, const char *key, int64_t ms);
