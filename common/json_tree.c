/* Why not cJSON for all of it: it reads the text a second time, byte by byte,
 * and each scalar through comparisons with every word; that was a third of the
 * time an order took. It still reads the numbers that need care. */
#include "common/json_tree.h"

#include <cjson/cJSON.h>
#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>

#include "common/arena.h"
#include "common/check.h"
#include "common/json_check.h"
#include "common/utf8.h"

/* A double holds every whole number of 15 digits. */
enum { EXACT_DIGITS = 15 };

struct json_tree {
    struct arena *arena;
    char *text;
    cJSON *root;
    char *key; /* of the next value */
    int depth, max_depth;
    cJSON *open[]; /* by depth; [0] is nobody */
};

/* cJSON has one allocator for the whole process; ours finds the document's
 * arena by the thread that parses. */
static _Thread_local struct arena *parse_arena;

static void *hook_alloc(size_t n) {
    REQUIRE(parse_arena);
    return arena_alloc(parse_arena, n);
}

static void hook_free(void *p) {
    (void)p; /* the arena goes back whole */
}

static void hooks_install(void) {
    cJSON_Hooks hooks = {hook_alloc, hook_free};
    cJSON_InitHooks(&hooks);
}

struct json_tree *json_tree_new(struct arena *a, const char *text, size_t n,
                                int max_depth) {
    REQUIRE(max_depth >= 1 && max_depth <= JSON_DEPTH_MAX);
    struct json_tree *t =
        arena_alloc(a, sizeof *t + ((size_t)max_depth + 1) * sizeof t->open[0]);
    t->arena = a;
    t->text = arena_dupn(a, text, n);
    t->root = NULL;
    t->key = NULL;
    t->depth = 0;
    t->max_depth = max_depth;
    t->open[0] = NULL;
    return t;
}

const char *json_tree_text(const struct json_tree *t) {
    return t->text;
}

const struct cJSON *json_tree_root(const struct json_tree *t) {
    return t->root;
}

/* A first child's prev is the last one. */
static void hang(cJSON *parent, cJSON *n) {
    cJSON *first = parent->child;
    if (!first) {
        parent->child = n;
        n->prev = n;
        return;
    }
    n->prev = first->prev;
    n->prev->next = n;
    first->prev = n;
}

static cJSON *add(struct json_tree *t, int type) {
    cJSON *n = arena_alloc(t->arena, sizeof *n);
    *n = (cJSON){.type = type, .string = t->key};
    t->key = NULL;
    if (t->depth > 0)
        hang(t->open[t->depth], n);
    else
        t->root = n;
    return n;
}

void json_tree_open(struct json_tree *t, bool object) {
    REQUIRE(t->depth < t->max_depth);
    cJSON *n = add(t, object ? cJSON_Object : cJSON_Array);
    t->open[++t->depth] = n;
}

void json_tree_close(struct json_tree *t) {
    REQUIRE(t->depth > 0);
    t->depth--;
}

void json_tree_word(struct json_tree *t, char first) {
    cJSON *n = add(t, first == 't'   ? cJSON_True
                      : first == 'f' ? cJSON_False
                                     : cJSON_NULL);
    n->valueint = first == 't'; /* as cJSON does */
}

/* A number by cJSON. NULL, or the byte at fault. */
static const char *decode(struct json_tree *t, const char *p, const char *end,
                          const cJSON **ret) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    const char *fault = p;
    REQUIRE(pthread_once(&once, hooks_install) == 0);
    REQUIRE(!parse_arena);
    parse_arena = t->arena;
    const cJSON *v = cJSON_ParseWithLengthOpts(p, (size_t)(end - p), &fault, 0);
    parse_arena = NULL;
    if (!v)
        return fault;
    *ret = v;
    return NULL;
}

/* At four hex digits. */
static uint32_t hex4(const char *p) {
    uint32_t code = 0;
    for (int i = 0; i < 4; i++)
        code = code * 16 + (uint32_t)json_hex(p[i]);
    return code;
}

/* At the backslash of "\uXXXX", of two where one stands for half a code point.
 * Bytes read; 0: half a code point alone. */
static size_t unicode_at(const char *p, uint32_t *ret) {
    uint32_t code = hex4(p + 2);
    if (code < 0xD800 || code > 0xDFFF) {
        *ret = code;
        return 6;
    }
    if (code > 0xDBFF || p[6] != '\\' || p[7] != 'u')
        return 0;
    uint32_t low = hex4(p + 8);
    if (low < 0xDC00 || low > 0xDFFF)
        return 0;
    *ret = 0x10000 + ((code & 0x3FF) << 10 | (low & 0x3FF));
    return 12;
}

/* What a letter behind a backslash stands for. */
static char plain_of(char letter) {
    static const char letters[] = "bfnrt", plain[] = "\b\f\n\r\t";
    const char *at = strchr(letters, letter);
    return at ? plain[at - letters] : letter;
}

/* The escapes of a string that was judged, undone in place: what they stand for
 * is never longer. NULL, or the byte at fault. */
static const char *unescape(char *text, const char *end) {
    const char *p = text;
    char *to = text;
    while (p < end) {
        const char *next = memchr(p, '\\', (size_t)(end - p));
        size_t n = (size_t)((next ? next : end) - p);
        memmove(to, p, n);
        to += n;
        p += n;
        if (p == end)
            break;
        uint32_t code = 0;
        size_t used = p[1] == 'u' ? unicode_at(p, &code) : 2;
        if (used == 0)
            return p;
        if (used == 2)
            *to++ = plain_of(p[1]);
        else
            to += utf8_encode(code, to);
        p += used;
    }
    *to = '\0';
    return NULL;
}

/* A string stays where it stands. */
static const char *text_of(struct json_tree *t, const char *p, const char *end,
                           bool escaped, char **ret) {
    char *text = t->text + (p + 1 - t->text);
    const char *fault = escaped ? unescape(text, end - 1) : NULL;
    if (!escaped)
        t->text[end - 1 - t->text] = '\0';
    if (!fault)
        *ret = text;
    return fault;
}

const char *json_tree_key(struct json_tree *t, const char *p, const char *end,
                          bool escaped) {
    return text_of(t, p, end, escaped, &t->key);
}

const char *json_tree_string(struct json_tree *t, const char *p,
                             const char *end, bool escaped) {
    char *text;
    const char *fault = text_of(t, p, end, escaped, &text);
    if (!fault)
        add(t, cJSON_String)->valuestring = text;
    return fault;
}

/* The number that stands there, when a double holds its digits and the power of
 * ten below them: then one division rounds once, as reading it would. false:
 * longer, or with an exponent. */
static bool simple(const char *p, const char *end, double *ret) {
    static const double tens[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                  1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    bool minus = *p == '-';
    const char *point = NULL;
    int64_t n = 0;
    p += minus;
    if (end - p > EXACT_DIGITS)
        return false;
    for (; p < end; p++) {
        if (*p == '.')
            point = p;
        else if (*p < '0' || *p > '9')
            return false;
        else
            n = n * 10 + (*p - '0');
    }
    double d = (double)n / tens[point ? end - point - 1 : 0];
    *ret = minus ? -d : d;
    return true;
}

const char *json_tree_number(struct json_tree *t, const char *p,
                             const char *end) {
    double d;
    if (!simple(p, end, &d)) {
        const cJSON *v = NULL;
        const char *fault = decode(t, p, end, &v);
        if (fault)
            return fault;
        d = v->valuedouble;
    }
    cJSON *to = add(t, cJSON_Number);
    to->valuedouble = d;
    to->valueint = d >= INT_MAX ? INT_MAX : d <= INT_MIN ? INT_MIN : (int)d;
    return NULL;
}
