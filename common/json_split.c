/* Slicing a page or an object and finding JSON in a noisy body, both without a
 * tree.
 *
 * Slicing looks at 64 bytes at a time as bit masks: quotes that no backslash
 * escapes, turned into "inside a string" by a running xor, leave the brackets
 * that count. A block with fewer closing brackets than are open cannot end the
 * element and is only counted, which is most of them. */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#if defined(__SSE2__) && !defined(JSON_SPLIT_PORTABLE)
#include <emmintrin.h>
#define WITH_SSE2 1
#endif

#include "common/check.h"
#include "common/err.h"
#include "common/json.h"
#include "common/json_check.h"

enum {
    RECOVER_DEPTH = 64, /* as json_parse by default */
    BLOCK = 64,
    NOISE_MAX = 1024 * 1024, /* notices longer than this are no notices */
    BROKEN_MIN = 64 * 1024   /* JSON that is good this far is JSON */
};

/* Bit i: what byte i of a block is. */
struct masks {
    uint64_t quote;
    uint64_t backslash;
    uint64_t open;  /* [ { */
    uint64_t close; /* ] } */
};

#ifdef WITH_SSE2

/* Bit i of the result: byte i of x equals c, moved up by `at`. */
static uint64_t equal16(__m128i x, char c, int at) {
    __m128i hit = _mm_cmpeq_epi8(x, _mm_set1_epi8(c));
    return (uint64_t)(unsigned)_mm_movemask_epi8(hit) << at;
}

static struct masks block_masks(const char *p) {
    struct masks m = {0, 0, 0, 0};
    const __m128i fold = _mm_set1_epi8(0x20); /* '[' | 0x20 == '{' */
    for (int at = 0; at < BLOCK; at += 16) {
        __m128i x = _mm_loadu_si128((const __m128i *)(const void *)(p + at));
        __m128i folded = _mm_or_si128(x, fold);
        m.quote |= equal16(x, '"', at);
        m.backslash |= equal16(x, '\\', at);
        m.open |= equal16(folded, '{', at);
        m.close |= equal16(folded, '}', at);
    }
    return m;
}

#else

/* Bit i of the result: byte i of x equals c. */
static uint64_t equal8(uint64_t x, unsigned char c, int at) {
    const uint64_t ones = UINT64_C(0x0101010101010101);
    const uint64_t low = UINT64_C(0x7f7f7f7f7f7f7f7f);
    x ^= ones * c;
    x = ~(((x & low) + low) | x | low) >> 7;
    return (x * UINT64_C(0x0102040810204080) >> 56) << at;
}

static struct masks block_masks(const char *p) {
    struct masks m = {0, 0, 0, 0};
    const uint64_t fold = UINT64_C(0x2020202020202020);
    for (int at = 0; at < BLOCK; at += 8) {
        uint64_t x = 0;
        memcpy(&x, p + at, sizeof x);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        x = __builtin_bswap64(x);
#endif
        m.quote |= equal8(x, '"', at);
        m.backslash |= equal8(x, '\\', at);
        m.open |= equal8(x | fold, '{', at);
        m.close |= equal8(x | fold, '}', at);
    }
    return m;
}

#endif

struct matcher {
    int64_t depth;
    uint64_t in_string; /* all ones while a string runs into the next block */
    uint64_t escaped;   /* bit 0: the next block's first byte is escaped */
};

/* Bytes that follow a backslash which is not itself escaped. */
static uint64_t escaped_bytes(struct matcher *m, uint64_t backslash) {
    uint64_t escaped = m->escaped;
    backslash &= ~escaped;
    m->escaped = 0;
    while (backslash) {
        uint64_t first = backslash & -backslash;
        if (first >> 63)
            m->escaped = 1;
        escaped |= first << 1;
        backslash &= ~(first | first << 1);
    }
    return escaped;
}

/* Bit i: the number of bits set at or below i is odd. */
static uint64_t prefix_xor(uint64_t x) {
    for (int shift = 1; shift < 64; shift *= 2)
        x ^= x << shift;
    return x;
}

/* Offset behind the bracket that closes the value within this block, 0 when
 * it does not close here. */
static int match_block(struct matcher *m, const char *p) {
    struct masks b = block_masks(p);
    uint64_t escaped = escaped_bytes(m, b.backslash);
    uint64_t inside = prefix_xor(b.quote & ~escaped) ^ m->in_string;
    m->in_string = inside >> 63 ? ~UINT64_C(0) : 0;
    uint64_t open = b.open & ~inside;
    uint64_t close = b.close & ~inside;
    int closes = __builtin_popcountll(close);
    if (m->depth > closes) { /* cannot end here: no need to walk */
        m->depth += __builtin_popcountll(open) - closes;
        return 0;
    }
    for (uint64_t both = open | close; both; both &= both - 1) {
        int at = __builtin_ctzll(both);
        m->depth += open >> at & 1 ? 1 : -1;
        if (m->depth == 0)
            return at + 1;
    }
    return 0;
}

/* Behind the value that starts at p with a bracket; NULL when cut. */
static const char *match_brackets(const char *p, const char *end) {
    struct matcher m = {0, 0, 0};
    REQUIRE(p < end && (*p == '{' || *p == '['));
    for (; end - p >= BLOCK; p += BLOCK) {
        int at = match_block(&m, p);
        if (at)
            return p + at;
    }
    char last[BLOCK] = {0};
    memcpy(last, p, (size_t)(end - p));
    int at = match_block(&m, last);
    return at ? p + at : NULL;
}

/* Behind the string that starts at p; NULL when cut. */
static const char *match_string(const char *p, const char *end) {
    for (p++; p < end && *p != '"'; p++)
        if (*p == '\\')
            p++;
    return p < end ? p + 1 : NULL;
}

/* Behind the element at p; a scalar ends at what may follow one. */
static const char *match_element(const char *p, const char *end) {
    if (*p == '{' || *p == '[')
        return match_brackets(p, end);
    if (*p == '"')
        return match_string(p, end);
    const char *from = p;
    while (p < end && !strchr(",]}[{\": \t\r\n", *p))
        p++;
    return p > from && p < end ? p : NULL;
}

/* From behind '[' to behind ']'; NULL when there is no such thing. */
static const char *split_elements(const char *p, const char *end,
                                  struct json_slice *out, size_t max,
                                  size_t *count) {
    p = json_skip_blank(p, end);
    if (p < end && *p == ']')
        return p + 1;
    while (p < end) {
        const char *behind = match_element(p, end);
        if (!behind)
            return NULL;
        if (*count < max)
            out[*count] = (struct json_slice){p, (size_t)(behind - p)};
        ++*count;
        p = json_skip_blank(behind, end);
        if (p == end || (*p != ',' && *p != ']'))
            return NULL;
        if (*p == ']')
            return p + 1;
        p = json_skip_blank(p + 1, end);
    }
    return NULL;
}

int json_split(const char *text, size_t n, struct json_slice *out, size_t max,
               size_t *ret_n) {
    const char *end = text + n;
    const char *p = json_skip_blank(text, end);
    size_t count = 0;
    bool good = false;
    if (p < end && *p == '[' && n <= INT32_MAX) {
        p = split_elements(p + 1, end, out, max, &count);
        good = p && json_skip_blank(p, end) == end;
    }
    *ret_n = count < max ? count : max;
    return good ? (int)count : ERR_PARSE;
}

/* One member, from its key on; returns what follows it, NULL when cut. */
static const char *split_member(const char *p, const char *end,
                                struct json_slice *key,
                                struct json_slice *value) {
    const char *behind = p < end && *p == '"' ? match_string(p, end) : NULL;
    if (!behind)
        return NULL;
    *key = (struct json_slice){p + 1, (size_t)(behind - p) - 2};
    p = json_skip_blank(behind, end);
    if (p == end || *p != ':')
        return NULL;
    p = json_skip_blank(p + 1, end);
    behind = p < end ? match_element(p, end) : NULL;
    if (!behind)
        return NULL;
    *value = (struct json_slice){p, (size_t)(behind - p)};
    return json_skip_blank(behind, end);
}

static void note_member(const struct json_slice *key,
                        const struct json_slice *value, const char *const *keys,
                        size_t n_keys, struct json_slice *ret) {
    for (size_t i = 0; i < n_keys; i++)
        if (!ret[i].p && strlen(keys[i]) == key->n &&
            memcmp(keys[i], key->p, key->n) == 0)
            ret[i] = *value;
}

int json_members(const char *text, size_t n, const char *const *keys,
                 size_t n_keys, struct json_slice *ret) {
    const char *end = text + n, *p = json_skip_blank(text, end);
    struct json_slice key, value;
    for (size_t i = 0; i < n_keys; i++)
        ret[i] = (struct json_slice){NULL, 0};
    if (p == end || *p != '{' || n > INT32_MAX)
        return ERR_PARSE;
    p = json_skip_blank(p + 1, end);
    bool more = p < end && *p != '}';
    while (more) {
        p = split_member(p, end, &key, &value);
        if (!p || p == end || (*p != ',' && *p != '}'))
            return ERR_PARSE;
        note_member(&key, &value, keys, n_keys, ret);
        more = *p == ',';
        if (more)
            p = json_skip_blank(p + 1, end);
    }
    return p < end && json_skip_blank(p + 1, end) == end ? 0 : ERR_PARSE;
}

/* May this stand behind the body's JSON? A comma or bracket says that the
 * value was a part of something larger that is broken. */
static bool is_epilogue(const char *p, const char *end) {
    const char *q = json_skip_blank(p, end);
    if (q == end || *q == '<')
        return true;
    if (end - q >= 2 && *q == '/' && (q[1] == '*' || q[1] == '/'))
        return true;
    bool letter = (*q >= 'A' && *q <= 'Z') || (*q >= 'a' && *q <= 'z');
    return letter && memchr(p, '\n', (size_t)(q - p));
}

/* Bytes that are not blank. */
static size_t count_ink(const char *p, const char *end) {
    size_t n = 0;
    for (; p < end; p++)
        n += *p != ' ' && *p != '\n' && *p != '\r' && *p != '\t';
    return n;
}

/* Next '[' or '{' at a line start, from p, which is one. */
static const char *next_candidate(const char *p, const char *end) {
    while (p) {
        p = json_skip_blank(p, end);
        if (p == end)
            return NULL;
        if (*p == '[' || *p == '{')
            return p;
        p = memchr(p, '\n', (size_t)(end - p));
    }
    return NULL;
}

int json_recover(const char *body, size_t n, struct json_slice *ret,
                 size_t *ret_noise) {
    const char *end = body + n;
    bool bom = n >= 3 && memcmp(body, "\xef\xbb\xbf", 3) == 0;
    const char *p = next_candidate(bom ? body + 3 : body, end);
    while (p && p - body <= NOISE_MAX) {
        size_t at;
        int rc = json_check(p, (size_t)(end - p), RECOVER_DEPTH, &at);
        if (rc == 0 && is_epilogue(p + at, end)) {
            *ret = (struct json_slice){p, at};
            *ret_noise = count_ink(body, p) + count_ink(p + at, end);
            return 0;
        }
        /* Cut, too deep, or broken far behind its start: this was the JSON,
         * and a part of it must not pass for the whole. It also keeps the
         * work linear: whatever is tried again is short. */
        if (rc == ERR_TOO_DEEP ||
            (rc && (at == (size_t)(end - p) || at > BROKEN_MIN)))
            return ERR_PARSE;
        p = memchr(p, '\n', (size_t)(end - p));
        p = p ? next_candidate(p, end) : NULL;
    }
    return ERR_PARSE;
}
