#include "shop/field.h"

#include <stdio.h>
#include <string.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/check.h"
#include "common/entities.h"
#include "common/err.h"
#include "common/fold.h"
#include "common/json.h"
#include "common/money.h"
#include "common/when.h"

void field_init(struct field_reader *r, struct arena *a, struct buf *scratch,
                struct decode_fault *f) {
    REQUIRE(a && scratch && f);
    *r = (struct field_reader){.arena = a, .scratch = scratch, .fault = f};
    f->path[0] = 0;
    f->reason[0] = 0;
}

int field_fail(struct field_reader *r, const char *key, const char *reason) {
    struct decode_fault *f = r->fault;
    if (r->failed)
        return ERR_INVALID;
    r->failed = true;
    if (r->list)
        (void)snprintf(f->path, sizeof f->path, "%s.%zu.%s", r->list, r->index,
                       key);
    else
        (void)snprintf(f->path, sizeof f->path, "%s", key);
    (void)snprintf(f->reason, sizeof f->reason, "%s", reason);
    return ERR_INVALID;
}

static bool blank(const struct json *v) {
    const char *s;
    bool b;
    switch (json_type(v)) {
    case JSON_NULL:
        return true;
    case JSON_STRING:
        s = json_string(v);
        return !s || !*s;
    case JSON_BOOL:
        return json_bool(v, false, &b) == 0 && !b;
    default:
        return false;
    }
}

static int64_t integer(struct field_reader *r, const struct json *v,
                       const char *key, int64_t min) {
    int64_t n = 0;
    int rc = json_i64(v, true, &n);
    if (rc == ERR_RANGE || (rc == 0 && n > FIELD_ID_MAX))
        (void)field_fail(r, key, "The number is beyond 2^53.");
    else if (rc)
        (void)field_fail(r, key, "Not a whole number.");
    else if (n < min)
        (void)field_fail(r, key, "The number is negative or zero.");
    else
        return n;
    return 0;
}

int64_t field_id(struct field_reader *r, const struct json *o,
                 const char *key) {
    const struct json *v = json_get(o, key);
    if (blank(v)) {
        (void)field_fail(r, key, "The id is missing.");
        return 0;
    }
    return integer(r, v, key, 1);
}

int64_t field_ref(struct field_reader *r, const struct json *o,
                  const char *key) {
    const struct json *v = json_get(o, key);
    return blank(v) ? 0 : integer(r, v, key, 0);
}

const char *field_keep(struct field_reader *r, const char *s, size_t n,
                       size_t max) {
    if (n == 0)
        return "";
    if (n > max) {
        n = max;
        while (n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80)
            n--;
    }
    return arena_dupn(r->arena, s, n);
}

const char *field_text(struct field_reader *r, const struct json *o,
                       const char *key, size_t max) {
    char number[40];
    const struct json *v = json_get(o, key);
    const char *s = json_string(v);
    if (s)
        return field_keep(r, s, strlen(s), max);
    if (json_type(v) == JSON_BOOL)
        return ""; /* PHP's false for "no value" */
    s = json_text(v, number);
    return s ? field_keep(r, s, strlen(s), max) : "";
}

const char *field_decoded(struct field_reader *r, const struct json *o,
                          const char *key, size_t max) {
    const char *s = field_text(r, o, key, FIELD_LONG);
    size_t n = strlen(s);
    if (memchr(s, '&', n)) {
        buf_clear(r->scratch);
        entities_decode(r->scratch, s);
        return field_keep(r, buf_str(r->scratch), r->scratch->len, max);
    }
    return n <= max ? s : field_keep(r, s, n, max);
}

int64_t field_time(struct field_reader *r, const struct json *o,
                   const char *key) {
    int64_t ms = 0;
    const struct json *v = json_get(o, key);
    const char *s = json_string(v);
    if (blank(v))
        return 0;
    if (!s || when_parse(s, &ms) != 0)
        (void)field_fail(r, key, "Not a date and time.");
    return ms;
}

/* Cut a decimal text to `scale` digits behind the point; *ret_up tells whether
 * the first digit cut off was 5 or more. False when it is not a decimal. */
static bool cut_decimal(const char *s, int scale, char *dst, size_t size,
                        bool *ret_up) {
    size_t n = strspn(s, "-0123456789");
    size_t keep = n;
    *ret_up = false;
    if (s[n] == '.') {
        size_t digits = strspn(s + n + 1, "0123456789");
        if (digits == 0 || s[n + 1 + digits])
            return false;
        size_t less = digits < (size_t)scale ? digits : (size_t)scale;
        *ret_up = digits > less && s[n + 1 + less] >= '5';
        keep = less ? n + 1 + less : n;
    } else if (s[n]) {
        return false;
    }
    if (keep >= size)
        return false;
    memcpy(dst, s, keep);
    dst[keep] = 0;
    return true;
}

/* Numbers that print with an exponent only come as JSON floats. */
static int parse_decimal(const char *s, int scale, int64_t *ret) {
    char text[64];
    bool up;
    if (!cut_decimal(s, scale, text, sizeof text, &up))
        return ERR_INVALID;
    int rc = money_parse(text, scale, ret);
    if (rc == 0 && up && !money_add(ret, text[0] == '-' ? -1 : 1))
        return ERR_RANGE;
    return rc;
}

/* Whole numbers, which quantities nearly always are, without printing them. */
static bool whole(const struct json *v, int scale, int64_t *ret) {
    int64_t n = 0;
    if (json_type(v) != JSON_NUMBER || json_i64(v, false, &n) != 0)
        return false;
    for (int i = 0; i < scale; i++)
        if (__builtin_mul_overflow(n, 10, &n))
            return false;
    *ret = n;
    return true;
}

int64_t field_decimal(struct field_reader *r, const struct json *o,
                      const char *key, int scale, int64_t none) {
    char number[40];
    int64_t n = none;
    const struct json *v = json_get(o, key);
    if (blank(v) || whole(v, scale, &n))
        return n;
    const char *s = json_type(v) == JSON_BOOL ? NULL : json_text(v, number);
    int rc = s ? parse_decimal(s, scale, &n) : ERR_INVALID;
    if (rc && json_type(v) == JSON_NUMBER)
        rc = json_decimal(v, scale, &n);
    if (rc == ERR_RANGE)
        (void)field_fail(r, key, "The number is too large.");
    else if (rc)
        (void)field_fail(r, key, "Not a number.");
    return rc ? none : n;
}

bool field_bool(const struct json *o, const char *key) {
    bool b = false;
    (void)json_bool(json_get(o, key), true, &b); /* else: not set */
    return b;
}

const char *field_fold(struct field_reader *r, const char *s) {
    if (!*s)
        return "";
    buf_clear(r->scratch);
    fold_text(r->scratch, s, strlen(s));
    return arena_dupn(r->arena, buf_str(r->scratch), r->scratch->len);
}

const char *field_join(struct field_reader *r, const char *first,
                       const char *last) {
    if (!*first || !*last)
        return *first ? first : last;
    buf_clear(r->scratch);
    buf_adds(r->scratch, first);
    buf_addc(r->scratch, ' ');
    buf_adds(r->scratch, last);
    return field_keep(r, buf_str(r->scratch), r->scratch->len, FIELD_TEXT);
}
