/* JSON from a shop: whatever parses is the tree that cJSON makes of it, is read
 * by every reader, printed and parsed again to the same text; slices agree with
 * the tree. */
#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/check.h"
#include "common/err.h"
#include "common/json.h"
#include "tests/fuzz/fuzz.h"

static void read_all(const struct json *v) {
    char text[40];
    int64_t i = 0, d = 0;
    bool b;
    REQUIRE(json_i64(v, true, &i) || i >= -9007199254740991);
    (void)json_i64(v, false, &i);
    (void)json_decimal(v, 4, &d);
    (void)json_decimal(v, 9, &d);
    (void)json_bool(v, true, &b);
    (void)json_text(v, text);
    size_t n = 0;
    for (const struct json *c = json_first(v); c; c = json_next(c), n++) {
        if (json_key(c))
            REQUIRE(json_get(v, json_key(c)));
        read_all(c);
    }
    REQUIRE(n == json_count(v));
}

static void check_round(struct arena *a, const struct json *v) {
    AUTO_BUF struct buf first = BUF_INIT;
    AUTO_BUF struct buf second = BUF_INIT;
    const struct json *again;
    json_print(&first, v);
    REQUIRE(json_parse(a, first.data, first.len, NULL, &again, NULL) == 0);
    json_print(&second, again);
    REQUIRE(strcmp(buf_str(&first), buf_str(&second)) == 0);
}

static void check_split(struct arena *a, const char *text, size_t n,
                        const struct json *v) {
    struct json_slice slices[64];
    size_t got = 0;
    int count = json_split(text, n, slices, 64, &got);
    REQUIRE(got <= 64);
    for (size_t i = 0; i < got; i++)
        REQUIRE(slices[i].p >= text && slices[i].n <= n);
    if (!v)
        return;
    if (json_type(v) != JSON_ARRAY) {
        REQUIRE(count == ERR_PARSE);
        return;
    }
    REQUIRE(count == (int)json_count(v));
    for (size_t i = 0; i < got; i++)
        REQUIRE(json_parse(a, slices[i].p, slices[i].n, NULL, &v, NULL) == 0);
}

/* What a tree has, members have. */
static void check_members(const char *text, size_t n, const struct json *v) {
    static const char *const keys[] = {"id", "a"};
    struct json_slice s[2];
    int rc = json_members(text, n, keys, 2, s);
    if (json_type(v) == JSON_OBJECT)
        REQUIRE(rc == 0);
    else if (v)
        REQUIRE(rc == ERR_PARSE);
    for (size_t i = 0; rc == 0 && i < 2; i++) {
        REQUIRE(!s[i].p || (s[i].p > text && s[i].p + s[i].n < text + n));
        REQUIRE(!s[i].p || !v || json_get(v, keys[i]));
    }
}

static struct arena *arena;

static void *from_arena(size_t n) {
    return arena_alloc(arena, n);
}

static void to_nobody(void *p) {
    (void)p;
}

/* cJSON's allocator is json_tree.c's from its first use on: ours comes behind
 * it, for the text as a whole and for what json_tree.c lets it decode. */
static void start(void) {
    cJSON_Hooks hooks = {from_arena, to_nobody};
    const struct json *v;
    arena = arena_new(0);
    REQUIRE(json_parse(arena, "1e5", 3, NULL, &v, NULL) == 0);
    cJSON_InitHooks(&hooks);
}

static bool same_text(const char *a, const char *b) {
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static void check_same(const cJSON *a, const cJSON *b) {
    while (a && b) {
        REQUIRE((a->type & 0xff) == (b->type & 0xff));
        REQUIRE(a->valueint == b->valueint);
        REQUIRE(a->valuedouble == b->valuedouble);
        REQUIRE(!signbit(a->valuedouble) == !signbit(b->valuedouble));
        REQUIRE(same_text(a->valuestring, b->valuestring));
        REQUIRE(same_text(a->string, b->string));
        REQUIRE(!a->child == !b->child);
        REQUIRE(!a->next == !b->next);
        REQUIRE(!a->next || a->next->prev == a);
        check_same(a->child, b->child);
        a = a->next;
        b = b->next;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    const char *text = (const char *)data;
    const struct json_limits unique = {.unique_keys = true};
    const struct json *v = NULL;
    struct json_slice s = {NULL, 0};
    size_t at = 0, noise = 0;
    if (!arena)
        start();
    arena_reset(arena);
    if (json_parse(arena, text, n, NULL, &v, &at))
        REQUIRE(!v && at <= n);
    if (v) {
        const cJSON *whole = cJSON_ParseWithLengthOpts(text, n, NULL, 0);
        REQUIRE(whole);
        check_same((const cJSON *)(const void *)v, whole);
        read_all(v);
        check_round(arena, v);
        const struct json *again;
        (void)json_parse(arena, text, n, &unique, &again, NULL);
    }
    check_split(arena, text, n, v);
    check_members(text, n, v);
    int rc = json_recover(text, n, &s, &noise);
    REQUIRE(rc || (s.p >= text && s.p + s.n <= text + n && noise <= n));
    if (v && (json_type(v) == JSON_ARRAY || json_type(v) == JSON_OBJECT))
        REQUIRE(rc == 0 && noise == 0);
    return 0;
}
