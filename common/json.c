/* Why cJSON needs a guard: it takes bare control characters for white space,
 * lets garbage follow the value, ends a string at an escaped NUL, reads behind
 * the text when an object is cut, looks keys up without case, and keeps only
 * what a double keeps. So json_check decides what is JSON and where it begins
 * and ends, cJSON only decodes, and the readers here refuse what a double could
 * not hold. */
#include "common/json.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/check.h"
#include "common/err.h"
#include "common/json_check.h"
#include "common/json_tree.h"
#include "common/jsonw.h"
#include "common/mem.h"
#include "common/money.h"
#include "common/str.h"
#include "common/utf8.h"

/* struct json is never defined: a value is a cJSON node seen from outside. */

enum { DEFAULT_BYTES = 64 * 1024 * 1024, DEFAULT_DEPTH = 64, FEW_KEYS = 32 };

static const int64_t INTEGER_MAX = (INT64_C(1) << 53) - 1;

/* The two names of one thing. */
static const cJSON *node(const struct json *v) {
    return (const cJSON *)(const void *)v;
}

static const struct json *value(const cJSON *n) {
    return (const struct json *)(const void *)n;
}

/* Where the first invalid byte is; only walked when there is one. */
static size_t utf8_fault(const char *text, size_t n) {
    size_t at = 0;
    while (at < n) {
        uint32_t cp;
        size_t used = utf8_decode(text + at, n - at, &cp);
        if (!used)
            break;
        at += used;
    }
    return at;
}

/* The text as a tree, without what cJSON would let pass or trip over. */
static int build(struct arena *a, const char *text, size_t n, int max_depth,
                 const cJSON **ret, size_t *at) {
    if (!utf8_valid(text, n)) {
        *at = utf8_fault(text, n);
        return ERR_PARSE;
    }
    struct json_tree *tree = json_tree_new(a, text, n, max_depth);
    int rc = json_build(tree, n, max_depth, at);
    if (rc)
        return rc;
    *at = (size_t)(json_skip_blank(text + *at, text + n) - text);
    if (*at != n)
        return ERR_PARSE;
    *ret = json_tree_root(tree);
    return 0;
}

static int compare_keys(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* A hostile object of a million keys must not cost their square. */
static bool many_keys_unique(const cJSON *object, size_t n) {
    AUTO_FREE const char **keys = mem_zalloc(n, sizeof *keys);
    size_t i = 0;
    for (const cJSON *c = object->child; c; c = c->next)
        keys[i++] = c->string;
    qsort(keys, n, sizeof *keys, compare_keys);
    for (i = 1; i < n; i++)
        if (strcmp(keys[i - 1], keys[i]) == 0)
            return false;
    return true;
}

/* A place in the bloom; equal keys share it, others rarely do. */
static uint64_t key_bit(const char *key) {
    uint64_t h = 0;
    for (; *key; key++)
        h = (h ^ (unsigned char)*key) * UINT64_C(0x9e3779b97f4a7c15);
    return UINT64_C(1) << (h >> 58);
}

/* Orders have objects of up to some 60 keys, nearly all below 20: a bloom in
 * one register, an exact look only where it hits. */
static bool keys_unique(const cJSON *object) {
    uint64_t bloom = 0;
    size_t n = json_count(value(object));
    if (n > FEW_KEYS)
        return many_keys_unique(object, n);
    for (const cJSON *c = object->child; c; c = c->next) {
        uint64_t bit = key_bit(c->string);
        if (bloom & bit)
            for (const cJSON *d = object->child; d != c; d = d->next)
                if (strcmp(c->string, d->string) == 0)
                    return false;
        bloom |= bit;
    }
    return true;
}

/* Recursion is bounded by the depth json_check allowed. */
static bool tree_unique(const cJSON *v) {
    if (cJSON_IsObject(v) && !keys_unique(v))
        return false;
    for (const cJSON *c = v->child; c; c = c->next)
        if (c->child && !tree_unique(c))
            return false;
    return true;
}

int json_parse(struct arena *a, const char *text, size_t n,
               const struct json_limits *limits, const struct json **ret,
               size_t *ret_at) {
    static const struct json_limits none;
    REQUIRE(a && ret);
    const struct json_limits *l = limits ? limits : &none;
    size_t max_bytes = l->max_bytes ? l->max_bytes : DEFAULT_BYTES;
    int max_depth = l->max_depth ? l->max_depth : DEFAULT_DEPTH;
    const cJSON *v = NULL;
    size_t at = max_bytes;
    int rc =
        n > max_bytes ? ERR_TOO_BIG : build(a, text, n, max_depth, &v, &at);
    if (rc == 0 && l->unique_keys && !tree_unique(v)) {
        at = 0; /* the tree does not know places */
        rc = ERR_PARSE;
    }
    if (rc == 0)
        *ret = value(v);
    else if (ret_at)
        *ret_at = at;
    return rc;
}

enum json_type json_type(const struct json *v) {
    switch (v ? node(v)->type & 0xff : cJSON_NULL) {
    case cJSON_False:
    case cJSON_True:
        return JSON_BOOL;
    case cJSON_Number:
        return JSON_NUMBER;
    case cJSON_String:
        return JSON_STRING;
    case cJSON_Array:
        return JSON_ARRAY;
    case cJSON_Object:
        return JSON_OBJECT;
    default:
        return JSON_NULL;
    }
}

/* As json_get, with a key of n bytes that ends in no NUL. */
static const struct json *get_n(const struct json *v, const char *key,
                                size_t n) {
    if (json_type(v) != JSON_OBJECT)
        return NULL;
    for (const cJSON *c = node(v)->child; c; c = c->next)
        if (strncmp(c->string, key, n) == 0 && c->string[n] == '\0')
            return value(c);
    return NULL;
}

const struct json *json_get(const struct json *v, const char *key) {
    if (json_type(v) != JSON_OBJECT)
        return NULL;
    for (const cJSON *c = node(v)->child; c; c = c->next)
        if (*c->string == *key && strcmp(c->string, key) == 0)
            return value(c);
    return NULL;
}

const struct json *json_path(const struct json *v, const char *path) {
    for (;;) {
        size_t n = strcspn(path, ".");
        v = get_n(v, path, n);
        if (!v || path[n] == '\0')
            return v;
        path += n + 1;
    }
}

const struct json *json_first(const struct json *v) {
    return v ? value(node(v)->child) : NULL;
}

const struct json *json_next(const struct json *c) {
    return c ? value(node(c)->next) : NULL;
}

const char *json_key(const struct json *c) {
    return c ? node(c)->string : NULL;
}

size_t json_count(const struct json *v) {
    size_t n = 0;
    for (const cJSON *c = v ? node(v)->child : NULL; c; c = c->next)
        n++;
    return n;
}

const char *json_string(const struct json *v) {
    return json_type(v) == JSON_STRING ? node(v)->valuestring : NULL;
}

/* A whole number small enough to have been kept exactly. */
static bool is_integer(double d) {
    return d >= -(double)INTEGER_MAX && d <= (double)INTEGER_MAX &&
           d == (double)(int64_t)d;
}

/* Shortest of 15..17 digits that reads back; returns the digits used. */
static int number_text(double d, char dst[40]) {
    if (is_integer(d)) {
        (void)snprintf(dst, 40, "%lld", (long long)d);
        return 0;
    }
    int digits = 15;
    for (;; digits++) {
        (void)snprintf(dst, 40, "%.*g", digits, d);
        if (digits == 17 || strtod(dst, NULL) == d)
            return digits;
    }
}

const char *json_text(const struct json *v, char dst[40]) {
    switch (json_type(v)) {
    case JSON_STRING:
        return node(v)->valuestring;
    case JSON_BOOL:
        return cJSON_IsTrue(node(v)) ? "true" : "false";
    case JSON_NUMBER:
        if (!isfinite(node(v)->valuedouble))
            return NULL; /* 1e999 has no text */
        (void)number_text(node(v)->valuedouble, dst);
        return dst;
    default:
        return NULL;
    }
}

int json_i64(const struct json *v, bool lenient, int64_t *ret) {
    if (lenient && json_type(v) == JSON_STRING)
        return str_to_i64(json_string(v), -INTEGER_MAX, INTEGER_MAX, ret);
    if (json_type(v) != JSON_NUMBER)
        return ERR_INVALID;
    double d = node(v)->valuedouble;
    if (!(d >= -(double)INTEGER_MAX && d <= (double)INTEGER_MAX))
        return ERR_RANGE;
    if (!is_integer(d))
        return ERR_INVALID;
    *ret = (int64_t)d;
    return 0;
}

int json_decimal(const struct json *v, int scale, int64_t *ret) {
    char text[64];
    if (json_type(v) == JSON_STRING)
        return money_parse(json_string(v), scale, ret);
    if (json_type(v) != JSON_NUMBER)
        return ERR_INVALID;
    double d = node(v)->valuedouble;
    double size = fabs(d);
    /* Beyond 2^53 digits were lost; below 10^-15 no scale keeps any. */
    if (!(size <= (double)INTEGER_MAX) || (size > 0 && size < 1e-15))
        return ERR_RANGE;
    int digits = number_text(d, text);
    /* Below 10^-4 %g turns to an exponent; write the same digits plainly. */
    const char *e = strchr(text, 'e');
    if (e)
        (void)snprintf(text, sizeof text, "%.*f",
                       digits - 1 - (int)strtol(e + 1, NULL, 10), d);
    return money_parse(text, scale, ret);
}

/* The spellings met in shops and their plugins; anything else is refused
 * rather than guessed. */
static int bool_of_text(const char *s, bool *ret) {
    static const char *const yes[] = {"1", "true", "yes"};
    static const char *const no[] = {"0", "false", "no"};
    for (size_t i = 0; i < 3; i++) {
        if (strcmp(s, yes[i]) == 0 || strcmp(s, no[i]) == 0) {
            *ret = strcmp(s, yes[i]) == 0;
            return 0;
        }
    }
    return ERR_INVALID;
}

int json_bool(const struct json *v, bool lenient, bool *ret) {
    if (json_type(v) == JSON_BOOL) {
        *ret = cJSON_IsTrue(node(v));
        return 0;
    }
    if (!lenient)
        return ERR_INVALID;
    if (json_type(v) == JSON_STRING)
        return bool_of_text(json_string(v), ret);
    int64_t n;
    if (json_i64(v, false, &n) || (n != 0 && n != 1))
        return ERR_INVALID;
    *ret = n == 1;
    return 0;
}

/* A writer of its own: printing may be deeper than jsonw allows. */
static void print_string(struct buf *out, const char *s) {
    struct jsonw w;
    jsonw_init(&w, out);
    jsonw_string(&w, s);
}

void json_print(struct buf *out, const struct json *v) {
    char text[40];
    REQUIRE(out);
    enum json_type type = json_type(v);
    if (type == JSON_STRING) {
        print_string(out, json_string(v));
        return;
    }
    if (type != JSON_ARRAY && type != JSON_OBJECT) {
        const char *t = json_text(v, text);
        buf_adds(out, t ? t : "null");
        return;
    }
    buf_addc(out, type == JSON_ARRAY ? '[' : '{');
    for (const struct json *c = json_first(v); c; c = json_next(c)) {
        if (c != json_first(v))
            buf_addc(out, ',');
        if (type == JSON_OBJECT) {
            print_string(out, json_key(c));
            buf_addc(out, ':');
        }
        json_print(out, c);
    }
    buf_addc(out, type == JSON_ARRAY ? ']' : '}');
}
