/* Why not cJSON for all of it: it reads the text a second time, byte by byte,
 * and each scalar through comparisons with every word; that was a third of the
 * time an order took. */
#include "common/json_tree.h"

#include <cjson/cJSON.h>
#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>

#include "common/arena.h"
#include "common/check.h"
#include "common/json_check.h"

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

/* One scalar by cJSON. NULL, or the byte at fault. */
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

/* A plain string stays where it stands. */
static const char *text_of(struct json_tree *t, const char *p, const char *end,
                           bool escaped, char **ret) {
    const cJSON *v = NULL;
    if (!escaped) {
        t->text[end - 1 - t->text] = '\0';
        *ret = t->text + (p + 1 - t->text);
        return NULL;
    }
    const char *fault = decode(t, p, end, &v);
    if (!fault)
        *ret = v->valuestring;
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

/* The whole number that stands there; false: something else, or minus zero,
 * which is a fraction's business. */
static bool whole(const char *p, const char *end, int64_t *ret) {
    int64_t n = 0;
    bool minus = *p == '-';
    p += minus;
    if (end - p > EXACT_DIGITS || (minus && *p == '0'))
        return false;
    for (; p < end; p++) {
        if (*p < '0' || *p > '9')
            return false;
        n = n * 10 + (*p - '0');
    }
    *ret = minus ? -n : n;
    return true;
}

const char *json_tree_number(struct json_tree *t, const char *p,
                             const char *end) {
    const cJSON *v = NULL;
    int64_t n = 0;
    if (!whole(p, end, &n)) {
        const char *fault = decode(t, p, end, &v);
        if (fault)
            return fault;
    }
    cJSON *to = add(t, cJSON_Number);
    to->valuedouble = v ? v->valuedouble : (double)n;
    to->valueint = v             ? v->valueint
                   : n > INT_MAX ? INT_MAX
                   : n < INT_MIN ? INT_MIN
                                 : (int)n;
    return NULL;
}
