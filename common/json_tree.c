/* The text is copied once and the strings stay where they are in the copy:
 * escapes only shrink, and the closing quote has become needless when the NUL
 * takes its place. All that is left to allocate are the nodes. */
#include "common/json_tree.h"

#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/check.h"
#include "common/err.h"
#include "common/json_check.h"
#include "common/utf8.h"

enum { EXACT_DIGITS = 15 /* any integer this long is a double */ };

struct tree {
    struct arena *arena;
    const char *end;   /* of the copy; *end == 0 */
    const char *fault; /* the first half of a pair without the other, or NULL */
};

static char *skip_blank(const struct tree *t, char *p) {
    /* nearly always there is none */
    return (unsigned char)*p > ' ' ? p : p + (json_skip_blank(p, t->end) - p);
}

static uint32_t hex4(const char *p) {
    uint32_t v = 0;
    for (int i = 0; i < 4; i++) {
        uint32_t c = (unsigned char)p[i];
        v = v * 16 + (c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    return v;
}

/* At "uXXXX"; writes to *w, which is never in front of what is read. */
static char *take_unicode(struct tree *t, char *p, char **w) {
    uint32_t cp = hex4(p + 1), low = 0;
    char *behind = p + 5;
    if (cp >= 0xD800 && cp <= 0xDBFF && behind[0] == '\\' && behind[1] == 'u')
        low = hex4(behind + 2);
    if (low >= 0xDC00 && low <= 0xDFFF) {
        cp = 0x10000 + ((cp & 0x3FF) << 10) + (low & 0x3FF);
        behind += 6;
    }
    size_t n = utf8_encode(cp, *w);
    if (n == 0 && !t->fault)
        t->fault = p - 1;
    *w += n;
    return behind;
}

static char plain_escape(char c) {
    static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
    const char *at = strchr(from, c);
    return at ? to[at - from] : c;
}

/* The rest of a string, from its first backslash on. */
static char *take_escaped(struct tree *t, char *p, char **w) {
    while (*p != '"') {
        if (*p != '\\') {
            size_t n = (size_t)(json_find_special(p, t->end) - p);
            memmove(*w, p, n);
            *w += n;
            p += n;
        } else if (p[1] == 'u') {
            p = take_unicode(t, p + 1, w);
        } else {
            *(*w)++ = plain_escape(p[1]);
            p += 2;
        }
    }
    return p;
}

/* p: just behind the opening quote; returns behind the closing one. */
static char *take_string(struct tree *t, char *p, uint32_t *ret_n) {
    char *q = p + (json_find_special(p, t->end) - p);
    char *w = q;
    if (*q == '\\')
        q = take_escaped(t, q, &w);
    *w = 0;
    *ret_n = (uint32_t)(w - p);
    return q + 1;
}

static char *take_number(char *p, double *ret) {
    char *from = p + (*p == '-');
    int64_t n = 0;
    char *q = from;
    for (; *q >= '0' && *q <= '9' && q - from <= EXACT_DIGITS; q++)
        n = n * 10 + (*q - '0');
    if (q - from > EXACT_DIGITS || *q == '.' || *q == 'e' || *q == 'E') {
        *ret = strtod(p, &q);
        return q;
    }
    *ret = from > p ? -(double)n : (double)n;
    return q;
}

static char *take_value(struct tree *t, char *p, struct json *v);

/* At the first member or the closing bracket. As deep as json_check let. */
static char *take_members(struct tree *t, char *p, struct json *v) {
    const struct json **link = &v->child;
    v->child = NULL;
    v->n = 0;
    for (p = skip_blank(t, p); *p != ']' && *p != '}'; p = skip_blank(t, p)) {
        struct json *c = arena_alloc(t->arena, sizeof *c);
        uint32_t n;
        if (*p == ',')
            p = skip_blank(t, p + 1);
        c->key = NULL;
        c->next = NULL;
        if (v->type == JSON_OBJECT) {
            c->key = p + 1;
            p = skip_blank(t, take_string(t, p + 1, &n)) + 1; /* ':' */
            p = skip_blank(t, p);
        }
        p = take_value(t, p, c);
        *link = c;
        link = &c->next;
        v->n++;
    }
    return p + 1;
}

/* Fills all of v but key and next; returns behind the value. */
static char *take_value(struct tree *t, char *p, struct json *v) {
    v->n = 0;
    switch (*p) {
    case '"':
        v->type = JSON_STRING;
        v->string = p + 1;
        return take_string(t, p + 1, &v->n);
    case '{':
    case '[':
        v->type = *p == '{' ? JSON_OBJECT : JSON_ARRAY;
        return take_members(t, p + 1, v);
    case 't':
    case 'f':
        v->type = JSON_BOOL;
        v->truth = *p == 't';
        return p + (v->truth ? 4 : 5);
    case 'n':
        v->type = JSON_NULL;
        v->child = NULL;
        return p + 4;
    default:
        v->type = JSON_NUMBER;
        return take_number(p, &v->number);
    }
}

int json_tree(struct arena *a, const char *text, size_t n,
              const struct json **ret, size_t *ret_at) {
    struct json *v = arena_alloc(a, sizeof *v);
    char *copy = arena_dupn(a, text, n);
    struct tree t = {.arena = a, .end = copy + n};
    REQUIRE(n <= UINT32_MAX);
    v->next = NULL;
    v->key = NULL;
    (void)take_value(&t, skip_blank(&t, copy), v);
    if (t.fault) {
        *ret_at = (size_t)(t.fault - copy);
        return ERR_PARSE;
    }
    *ret = v;
    return 0;
}
