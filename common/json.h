/* Reading JSON. The only user of cJSON (lossy on its own): before it sees a
 * byte the text is checked to be UTF-8 without NUL escapes, within size and
 * depth, with nothing behind the value and, when asked, without duplicate keys.
 * Numbers beyond +-(2^53-1) are refused by the integer readers rather than
 * rounded. A document lives in an arena: no free per node, handed back whole,
 * on any thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct buf;
struct json; /* a value; owned by its document's arena */

enum json_type {
    JSON_NULL,
    JSON_BOOL,
    JSON_NUMBER,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT
};

struct json_limits {
    size_t max_bytes; /* 0: 64 MiB */
    int max_depth;    /* 0: 64 */
    bool unique_keys; /* refuse an object that names a key twice */
};

/* Parse n bytes into a tree inside `a`. limits NULL = defaults without
 * unique_keys. Returns 0, ERR_PARSE, ERR_TOO_BIG or ERR_TOO_DEEP; *ret_at (may
 * be NULL) gets the byte offset of the fault. Strings are copied: the text may
 * go away. */
int json_parse(struct arena *a, const char *text, size_t n,
               const struct json_limits *limits, const struct json **ret,
               size_t *ret_at);

enum json_type json_type(const struct json *v); /* NULL counts as JSON_NULL */

/* Member of an object by exact, case-sensitive key; NULL when absent or v is no
 * object. O(members). */
const struct json *json_get(const struct json *v, const char *key);

/* By path: "billing.email"; NULL when any step is missing. */
const struct json *json_path(const struct json *v, const char *path);

/* Walk children of an array or object: for (c = json_first(v); c; c =
 * json_next(c)). */
const struct json *json_first(const struct json *v);
const struct json *json_next(const struct json *c);
const char *
json_key(const struct json *c); /* key of an object's child, NULL in arrays */
size_t json_count(const struct json *v);

/* The string's bytes, valid as long as the arena; NULL when v is no string. */
const char *json_string(const struct json *v);

/* Tolerant text: string, number ("%.17g" shortest that reads back), bool
 * ("true"/"false"); NULL for the rest. `dst` holds what is not stored as text.
 */
const char *json_text(const struct json *v, char dst[40]);

/* Exact integer: a number without fraction within +-(2^53-1). With `lenient`
 * also a string that is such a number. ERR_INVALID / ERR_RANGE; *ret untouched
 * on failure. */
int json_i64(const struct json *v, bool lenient, int64_t *ret);

/* Decimal as value * 10^scale from a string or number (numbers by their
 * shortest text). ERR_INVALID / ERR_RANGE. */
int json_decimal(const struct json *v, int scale, int64_t *ret);

/* true/false; with `lenient` also 0/1, "0"/"1", "true"/"false", "yes"/"no". */
int json_bool(const struct json *v, bool lenient, bool *ret);

/* Split a JSON array's text into the byte ranges of its elements without
 * building a tree (2 GB/s scan). Elements are only bracket-matched: json_parse
 * judges each. Writes up to `max` slices; returns the number of elements, or
 * ERR_PARSE when the text is no array or is cut (the slices found so far are
 * still written, *ret_n says how many). */
struct json_slice {
    const char *p;
    size_t n;
};
int json_split(const char *text, size_t n, struct json_slice *out, size_t max,
               size_t *ret_n);

/* Members of an object's text without building a tree: ret[i] is the value of
 * keys[i], as it is written; p NULL when there is none, the first when it is
 * named twice. Other values are only bracket-matched, keys compared as they are
 * written. 0, or ERR_PARSE when the text is no object or is cut: then ret says
 * nothing. */
int json_members(const char *text, size_t n, const char *const *keys,
                 size_t n_keys, struct json_slice *ret);

/* Where JSON begins in a body that starts with noise (BOM, white space, PHP
 * notices): the first '[' or '{' at a line start whose rest parses. Returns 0
 * with the range, or ERR_PARSE. *ret_noise = bytes skipped that were not blank.
 */
int json_recover(const char *body, size_t n, struct json_slice *ret,
                 size_t *ret_noise);

/* Print a value compactly, object keys in document order (for diagnostics and
 * `raw` views, never for hashing). */
void json_print(struct buf *out, const struct json *v);
