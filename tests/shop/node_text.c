#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/utf8.h"
#include "tests/shop/node.h"

enum { DEPTH_MAX = 512 };

struct reader {
    struct arena *a;
    const char *p, *end;
    int depth;
};

static struct node *value_read(struct reader *r);

static void blank_skip(struct reader *r) {
    while (r->p < r->end && strchr(" \t\r\n", *r->p) && *r->p)
        r->p++;
}

static bool take(struct reader *r, char c) {
    blank_skip(r);
    if (r->p >= r->end || *r->p != c)
        return false;
    r->p++;
    return true;
}

static bool hex4(struct reader *r, uint32_t *ret) {
    uint32_t v = 0;
    if (r->end - r->p < 4)
        return false;
    for (int i = 0; i < 4; i++) {
        char c = *r->p++;
        v <<= 4;
        if (c >= '0' && c <= '9')
            v |= (uint32_t)(c - '0');
        else if ((c | 32) >= 'a' && (c | 32) <= 'f')
            v |= (uint32_t)((c | 32) - 'a' + 10);
        else
            return false;
    }
    *ret = v;
    return true;
}

/* One \u escape, with its second half when it is a surrogate. */
static bool unicode_read(struct reader *r, char **to) {
    uint32_t cp, low;
    if (!hex4(r, &cp))
        return false;
    if (cp >= 0xd800 && cp < 0xdc00) {
        if (r->end - r->p < 6 || r->p[0] != '\\' || r->p[1] != 'u')
            return false;
        r->p += 2;
        if (!hex4(r, &low) || low < 0xdc00 || low > 0xdfff)
            return false;
        cp = 0x10000 + ((cp - 0xd800) << 10) + (low - 0xdc00);
    }
    size_t n = utf8_encode(cp, *to);
    *to += n;
    return n > 0;
}

static bool escape_read(struct reader *r, char **to) {
    static const char from[] = "\"\\/bfnrt", plain[] = "\"\\/\b\f\n\r\t";
    if (r->p >= r->end)
        return false;
    char c = *r->p++;
    if (c == 'u')
        return unicode_read(r, to);
    const char *at = c ? strchr(from, c) : NULL;
    if (!at)
        return false;
    *(*to)++ = plain[at - from];
    return true;
}

/* The opening quote is taken; decoding never grows the text. */
static const char *string_read(struct reader *r, size_t *ret_n) {
    const char *q = r->p;
    while (q < r->end && *q != '"')
        q += *q == '\\' ? 2 : 1;
    if (q >= r->end)
        return NULL;
    char *dst = arena_alloc(r->a, (size_t)(q - r->p) + 5), *to = dst;
    while (r->p < q) {
        if ((unsigned char)*r->p < 0x20)
            return NULL;
        if (*r->p != '\\') {
            *to++ = *r->p++;
            continue;
        }
        r->p++;
        if (!escape_read(r, &to))
            return NULL;
    }
    r->p = q + 1;
    *to = 0;
    *ret_n = (size_t)(to - dst);
    return utf8_valid(dst, *ret_n) ? dst : NULL;
}

static struct node *number_read(struct reader *r) {
    char text[400];
    size_t n = 0;
    while (r->p < r->end && n + 1 < sizeof text && *r->p &&
           strchr("+-.eE0123456789", *r->p))
        text[n++] = *r->p++;
    text[n] = 0;
    char *end;
    (void)strtod(text, &end); /* only to see where a number ends */
    return n && !*end && text[0] != '+' ? node_number(r->a, text) : NULL;
}

static struct node *array_read(struct reader *r) {
    struct node *v = node_array(r->a);
    if (take(r, ']'))
        return v;
    do {
        struct node *c = value_read(r);
        if (!c)
            return NULL;
        node_add(v, c);
    } while (take(r, ','));
    return take(r, ']') ? v : NULL;
}

static struct node *object_read(struct reader *r) {
    struct node *v = node_object(r->a);
    if (take(r, '}'))
        return v;
    do {
        size_t n;
        const char *key = take(r, '"') ? string_read(r, &n) : NULL;
        struct node *c = key && take(r, ':') ? value_read(r) : NULL;
        if (!c)
            return NULL;
        c->key = key;
        node_add(v, c);
    } while (take(r, ','));
    return take(r, '}') ? v : NULL;
}

static bool word(struct reader *r, const char *w) {
    size_t n = strlen(w);
    if ((size_t)(r->end - r->p) < n || memcmp(r->p, w, n) != 0)
        return false;
    r->p += n;
    return true;
}

static struct node *nested_read(struct reader *r) {
    if (++r->depth > DEPTH_MAX)
        return NULL;
    struct node *v =
        take(r, '{') ? object_read(r) : (take(r, '[') ? array_read(r) : NULL);
    r->depth--;
    return v;
}

static struct node *value_read(struct reader *r) {
    blank_skip(r);
    if (r->p >= r->end)
        return NULL;
    if (*r->p == '{' || *r->p == '[')
        return nested_read(r);
    if (take(r, '"')) {
        size_t n = 0;
        const char *s = string_read(r, &n);
        struct node *v = s ? node_str(r->a, "") : NULL;
        if (v) {
            v->text = s;
            v->n = n;
        }
        return v;
    }
    if (word(r, "true"))
        return node_bool(r->a, true);
    if (word(r, "false"))
        return node_bool(r->a, false);
    return word(r, "null") ? node_null(r->a) : number_read(r);
}

struct node *node_parse(struct arena *a, const char *text, size_t n) {
    struct reader r = {a, text, text + n, 0};
    struct node *v = value_read(&r);
    blank_skip(&r);
    return v && r.p == r.end ? v : NULL;
}

static void wide_print(struct buf *out, uint32_t cp) {
    if (cp < 0x10000) {
        buf_addf(out, "\\u%04x", cp);
        return;
    }
    cp -= 0x10000;
    buf_addf(out, "\\u%04x\\u%04x", 0xd800 + (cp >> 10), 0xdc00 + (cp & 0x3ff));
}

static void special_print(struct buf *out, char c) {
    static const char from[] = "\b\f\n\r\t", to[] = "bfnrt";
    const char *at = strchr(from, c);
    if (c && at)
        buf_addf(out, "\\%c", to[at - from]);
    else if ((unsigned char)c < 0x20)
        buf_addf(out, "\\u%04x", (unsigned)c);
    else
        buf_addf(out, "\\%c", c);
}

static bool is_plain(char c) {
    return (unsigned char)c >= 0x20 && (unsigned char)c < 0x80 && c != '"' &&
           c != '\\' && c != '/';
}

void node_quote(struct buf *out, const char *s, size_t n) {
    buf_addc(out, '"');
    for (size_t i = 0; i < n;) {
        size_t from = i;
        while (i < n && is_plain(s[i]))
            i++;
        buf_add(out, s + from, i - from);
        if (i >= n)
            break;
        uint32_t cp = 0xfffd;
        size_t used = 1;
        if ((unsigned char)s[i] < 0x80) {
            special_print(out, s[i]);
        } else {
            used = utf8_decode(s + i, n - i, &cp);
            wide_print(out, cp);
        }
        i += used ? used : 1;
    }
    buf_addc(out, '"');
}

static void children_print(struct buf *out, const struct node *v) {
    bool object = v->type == N_OBJECT;
    buf_addc(out, object ? '{' : '[');
    for (const struct node *c = v->child; c; c = c->next) {
        if (c != v->child)
            buf_addc(out, ',');
        if (object) {
            node_quote(out, c->key, strlen(c->key));
            buf_addc(out, ':');
        }
        node_print(out, c);
    }
    buf_addc(out, object ? '}' : ']');
}

void node_print(struct buf *out, const struct node *v) {
    switch (v->type) {
    case N_NULL:
        buf_adds(out, "null");
        break;
    case N_BOOL:
    case N_NUMBER:
        buf_add(out, v->text, v->n);
        break;
    case N_STRING:
        node_quote(out, v->text, v->n);
        break;
    case N_ARRAY:
    case N_OBJECT:
        children_print(out, v);
        break;
    }
}
