/* One pass, no recursion: a value is read, then what may stand behind it, with
 * one bit a depth that says whether an object or an array is open. Every
 * reader leaves p at the fault, so that the caller can name the byte; p == end
 * then means that the text is cut. Whoever wants a tree gets it of the same
 * pass. */
#include "common/json_check.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "common/check.h"
#include "common/err.h"
#include "common/json_tree.h"

/* cJSON copies a number into 64 bytes and drops what does not fit. */
enum { NUMBER_MAX = 63 };

struct scan {
    const char *p;
    const char *end;
    struct json_tree *tree; /* NULL: only judged */
    bool escaped;           /* the last string had an escape */
    int depth;
    int max_depth;
    uint64_t object[JSON_DEPTH_MAX / 64 + 1]; /* bit per depth: an object */
};

/* What is due next. */
enum step { STEP_VALUE, STEP_VALUE_ENDED, STEP_DONE };

/* Shops print compactly: mostly there is nothing to skip. */
static inline const char *skip_blank(const char *p, const char *end) {
    return p < end && (unsigned char)*p > ' ' ? p : json_skip_blank(p, end);
}

const char *json_skip_blank(const char *p, const char *end) {
    while (p < end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t'))
        p++;
    return p;
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* Ends a run of plain bytes within a string. */
static bool is_special(char c) {
    return c == '"' || c == '\\' || (unsigned char)c < 0x20;
}

/* First quote, backslash or control character. Most strings of a shop are
 * shorter than 16 bytes, so one wide look finds their end. */
static const char *find_special(const char *p, const char *end) {
#ifdef __SSE2__
    const __m128i quote = _mm_set1_epi8('"');
    const __m128i slash = _mm_set1_epi8('\\');
    const __m128i control = _mm_set1_epi8(0x1f);
    for (; end - p >= 16; p += 16) {
        __m128i x = _mm_loadu_si128((const __m128i *)(const void *)p);
        __m128i low = _mm_cmpeq_epi8(_mm_min_epu8(x, control), x);
        __m128i hit = _mm_or_si128(low, _mm_or_si128(_mm_cmpeq_epi8(x, quote),
                                                     _mm_cmpeq_epi8(x, slash)));
        unsigned mask = (unsigned)_mm_movemask_epi8(hit);
        if (mask)
            return p + __builtin_ctz(mask);
    }
#endif
    while (p < end && !is_special(*p))
        p++;
    return p;
}

int json_hex(char c) {
    if (is_digit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* At "uXXXX". */
static int check_unicode(struct scan *s) {
    int code = 0;
    s->p++;
    for (int i = 0; i < 4; i++, s->p++) {
        int digit = s->p < s->end ? json_hex(*s->p) : -1;
        if (digit < 0)
            return ERR_PARSE;
        code = code * 16 + digit;
    }
    if (code == 0) {
        s->p -= 6; /* the fault is the escape, not what follows */
        return ERR_PARSE;
    }
    return 0;
}

/* Just behind the opening quote. */
static int check_string(struct scan *s) {
    s->escaped = false;
    for (;;) {
        s->p = find_special(s->p, s->end);
        if (s->p == s->end)
            return ERR_PARSE;
        char c = *s->p;
        if (c == '"') {
            s->p++;
            return 0;
        }
        if (c != '\\')
            return ERR_PARSE;
        s->escaped = true;
        if (++s->p == s->end)
            return ERR_PARSE;
        if (*s->p == 'u') {
            if (check_unicode(s))
                return ERR_PARSE;
        } else if (*s->p && strchr("\"\\/bfnrt", *s->p)) {
            s->p++;
        } else {
            return ERR_PARSE;
        }
    }
}

/* At least one digit. */
static int check_digits(struct scan *s) {
    const char *from = s->p;
    while (s->p < s->end && is_digit(*s->p))
        s->p++;
    return s->p > from ? 0 : ERR_PARSE;
}

/* -?(0|[1-9][0-9]*)(.[0-9]+)?([eE][+-]?[0-9]+)? */
static int check_number(struct scan *s) {
    const char *from = s->p;
    if (*s->p == '-')
        s->p++;
    bool zero = s->p < s->end && *s->p == '0';
    if (zero)
        s->p++;
    else if (check_digits(s))
        return ERR_PARSE;
    if (s->p < s->end && *s->p == '.') {
        s->p++;
        if (check_digits(s))
            return ERR_PARSE;
    }
    if (s->p < s->end && (*s->p == 'e' || *s->p == 'E')) {
        s->p++;
        if (s->p < s->end && (*s->p == '+' || *s->p == '-'))
            s->p++;
        if (check_digits(s))
            return ERR_PARSE;
    }
    return s->p - from <= NUMBER_MAX ? 0 : ERR_PARSE;
}

/* true, false or null, letter by letter. */
static int check_literal(struct scan *s, const char *word) {
    for (; *word; word++, s->p++)
        if (s->p == s->end || *s->p != *word)
            return ERR_PARSE;
    return 0;
}

/* What the tree said of a scalar. */
static int put(struct scan *s, const char *fault) {
    if (!fault)
        return 0;
    s->p = fault;
    return ERR_PARSE;
}

/* "key" and its colon. */
static int check_key(struct scan *s) {
    s->p = skip_blank(s->p, s->end);
    if (s->p == s->end || *s->p != '"')
        return ERR_PARSE;
    const char *from = s->p++;
    if (check_string(s))
        return ERR_PARSE;
    if (s->tree && put(s, json_tree_key(s->tree, from, s->p, s->escaped)))
        return ERR_PARSE;
    s->p = skip_blank(s->p, s->end);
    if (s->p == s->end || *s->p != ':')
        return ERR_PARSE;
    s->p++;
    return 0;
}

/* Is the innermost open bracket a brace? */
static bool in_object(const struct scan *s) {
    return s->object[s->depth / 64] >> (s->depth % 64) & 1;
}

/* At the bracket that closes the innermost one. */
static void check_close(struct scan *s) {
    s->p++;
    s->depth--;
    if (s->tree)
        json_tree_close(s->tree);
}

/* At '{' or '['. */
static int check_open(struct scan *s) {
    bool object = *s->p == '{';
    REQUIRE(s->depth >= 0 && s->depth <= s->max_depth);
    if (s->depth == s->max_depth)
        return ERR_TOO_DEEP;
    s->depth++;
    if (s->tree)
        json_tree_open(s->tree, object);
    uint64_t bit = UINT64_C(1) << (s->depth % 64);
    if (object)
        s->object[s->depth / 64] |= bit;
    else
        s->object[s->depth / 64] &= ~bit;
    s->p = skip_blank(s->p + 1, s->end);
    if (s->p < s->end && *s->p == (object ? '}' : ']')) {
        check_close(s);
        return STEP_VALUE_ENDED;
    }
    if (object && check_key(s))
        return ERR_PARSE;
    return STEP_VALUE;
}

static int check_text(struct scan *s) {
    const char *from = s->p++;
    if (check_string(s))
        return ERR_PARSE;
    return s->tree ? put(s, json_tree_string(s->tree, from, s->p, s->escaped))
                   : 0;
}

static int check_count(struct scan *s) {
    const char *from = s->p;
    if (check_number(s))
        return ERR_PARSE;
    return s->tree ? put(s, json_tree_number(s->tree, from, s->p)) : 0;
}

static int check_word(struct scan *s, const char *word) {
    if (check_literal(s, word))
        return ERR_PARSE;
    if (s->tree)
        json_tree_word(s->tree, *word);
    return 0;
}

/* A scalar whole, a bracket only opened. */
static int check_value(struct scan *s) {
    int rc;
    s->p = skip_blank(s->p, s->end);
    if (s->p == s->end)
        return ERR_PARSE;
    switch (*s->p) {
    case '"':
        rc = check_text(s);
        break;
    case '{':
    case '[':
        return check_open(s);
    case 't':
        rc = check_word(s, "true");
        break;
    case 'f':
        rc = check_word(s, "false");
        break;
    case 'n':
        rc = check_word(s, "null");
        break;
    default:
        rc = check_count(s);
    }
    return rc ? rc : STEP_VALUE_ENDED;
}

/* Behind a value: close what closes, go on behind a comma. */
static int check_after(struct scan *s) {
    while (s->depth > 0) {
        s->p = skip_blank(s->p, s->end);
        if (s->p == s->end)
            return ERR_PARSE;
        bool object = in_object(s);
        if (*s->p == ',') {
            s->p++;
            if (object && check_key(s))
                return ERR_PARSE;
            return STEP_VALUE;
        }
        if (*s->p != (object ? '}' : ']'))
            return ERR_PARSE;
        check_close(s);
    }
    return STEP_DONE;
}

static int run(struct scan *s, size_t *ret_at, const char *text) {
    int step;
    REQUIRE(s->max_depth >= 1 && s->max_depth <= JSON_DEPTH_MAX);
    do {
        step = check_value(s);
        if (step == STEP_VALUE_ENDED)
            step = check_after(s);
    } while (step == STEP_VALUE);
    REQUIRE(s->p <= s->end);
    *ret_at = (size_t)(s->p - text);
    return step == STEP_DONE ? 0 : step;
}

int json_check(const char *text, size_t n, int max_depth, size_t *ret_at) {
    struct scan s = {.p = text, .end = text + n, .max_depth = max_depth};
    return run(&s, ret_at, text);
}

int json_build(struct json_tree *tree, size_t n, int max_depth,
               size_t *ret_at) {
    const char *text = json_tree_text(tree);
    struct scan s = {
        .p = text, .end = text + n, .tree = tree, .max_depth = max_depth};
    return run(&s, ret_at, text);
}
