#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/err.h"
#include "common/json.h"
#include "common/mem.h"
#include "common/str.h"

static struct arena *arena;

static int setup(void **state) {
    (void)state;
    arena = arena_new(0);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

static const struct json *good(const char *text) {
    const struct json *v = NULL;
    size_t at = 0;
    int rc = json_parse(arena, text, strlen(text), NULL, &v, &at);
    if (rc)
        print_error("%s: fault at %zu\n", text, at);
    assert_int_equal(rc, 0);
    return v;
}

/* The text is copied to a block of its own size, so that a sanitizer sees
 * reads behind it. */
static int parse_n(const char *text, size_t n, const struct json_limits *l,
                   size_t *at) {
    const struct json *v = NULL;
    AUTO_FREE char *copy = mem_alloc(n);
    memcpy(copy, text, n);
    return json_parse(arena, copy, n, l, &v, at);
}

static void bad(const char *text, size_t fault) {
    size_t at = SIZE_MAX;
    int rc = parse_n(text, strlen(text), NULL, &at);
    if (rc != ERR_PARSE || at != fault)
        print_error("%s: %d at %zu\n", text, rc, at);
    assert_int_equal(rc, ERR_PARSE);
    assert_int_equal(at, fault);
}

static void test_values(void **state) {
    (void)state;
    const struct json *v =
        good(" {\"a\":[1,2,{\"b\":\"c\"}],\"t\":true,\"f\":false,\"n\":null,"
             "\"e\":{},\"\":[]} \r\n\t");
    assert_int_equal(json_type(v), JSON_OBJECT);
    assert_int_equal(json_count(v), 6);
    assert_int_equal(json_type(json_get(v, "a")), JSON_ARRAY);
    assert_int_equal(json_type(json_get(v, "t")), JSON_BOOL);
    assert_int_equal(json_type(json_get(v, "f")), JSON_BOOL);
    assert_int_equal(json_type(json_get(v, "n")), JSON_NULL);
    assert_int_equal(json_type(json_get(v, "")), JSON_ARRAY);
    assert_int_equal(json_type(NULL), JSON_NULL);
    const struct json *c = json_first(json_get(v, "a"));
    assert_null(json_key(c));
    c = json_next(json_next(c));
    assert_string_equal(json_string(json_get(c, "b")), "c");
    assert_string_equal(json_key(json_first(c)), "b");
    assert_null(json_next(c));
    assert_null(json_first(json_get(v, "e")));
    assert_null(json_first(NULL));
    assert_int_equal(json_count(NULL), 0);
    assert_null(json_string(v));
}

static void test_lookup_is_exact(void **state) {
    (void)state;
    const struct json *v = good(
        "{\"Id\":1,\"id\":2,\"idx\":3,\"b\":{\"email\":\"x\",\"n\":null}}");
    int64_t n = 0;
    assert_int_equal(json_i64(json_get(v, "id"), false, &n), 0);
    assert_int_equal(n, 2);
    assert_null(json_get(v, "ID"));
    assert_null(json_get(v, "i"));
    assert_null(json_get(json_get(v, "id"), "id"));
    assert_string_equal(json_string(json_path(v, "b.email")), "x");
    assert_int_equal(json_i64(json_path(v, "idx"), false, &n), 0);
    assert_int_equal(n, 3);
    assert_null(json_path(v, "b.mail"));
    assert_null(json_path(v, "b.email.x"));
    assert_null(json_path(v, "b."));
    assert_null(json_path(v, "c.d"));
}

static void test_grammar(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t at;
    } rows[] = {
        {"", 0},
        {"  ", 2},
        {"{", 1},
        {"[1,]", 3},
        {"{\"a\":1,}", 7},
        {"{\"a\" 1}", 5},
        {"{a:1}", 1},
        {"[1 2]", 3},
        {"[1}", 2},
        {"{\"a\":1]", 6},
        {"01", 1},
        {"-", 1},
        {"+1", 0},
        {"1.", 2},
        {".5", 0},
        {"1e", 2},
        {"1e+", 3},
        {"0x1", 1},
        {"tru", 3},
        {"nul1", 3},
        {"True", 0},
        {"NaN", 0},
        {"'a'", 0},
        {"\"a", 2},
        {"\"a\\\"", 4},
        {"\"\\", 2},
        {"\"\\x\"", 2},
        {"\"\\u12\"", 5},
        {"\"\\u12g4\"", 5},
        {"\"a\nb\"", 2},
        {"\"\t\"", 1},
        {"{} x", 3},
        {"[]]", 2},
        {"1 2", 2},
        {"\v1", 0},
        {"// c\n1", 0},
        {"\xef\xbb\xbf{}", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        bad(rows[i].text, rows[i].at);
    good("-0.5e+10");
    good("0");
    good("[[],{},[[]],\"\\u00e7\\\\\\/\"]");
}

static void test_nul_is_refused(void **state) {
    (void)state;
    size_t at = 0;
    bad("[\"ab\\u0000c\"]", 4);
    bad("{\"\\u0000\":1}", 2);
    good("[\"\\\\u0000\"]");
    assert_int_equal(parse_n("[1]\0", 4, NULL, &at), ERR_PARSE);
    assert_int_equal(at, 3);
    assert_int_equal(parse_n("\"a\0b\"", 5, NULL, &at), ERR_PARSE);
    assert_int_equal(at, 2);
}

static void test_text_is_utf8(void **state) {
    (void)state;
    bad("[\"a\xff\"]", 3);
    bad("[\"\xed\xa0\x80\"]", 2);
    bad("[\"\xc3", 2);
    bad("[\"x\\ud83d\"]", 3);
    assert_string_equal(json_string(good("\"\\ud83d\\ude80\"")),
                        "\xf0\x9f\x9a\x80");
    assert_string_equal(json_string(good("\"çığ\"")), "çığ");
}

static void test_escapes_are_undone(void **state) {
    (void)state;
    static const struct {
        const char *text, *plain;
    } rows[] = {
        {"\"\\\"\\\\\\/\"", "\"\\/"},
        {"\"\\b\\f\\n\\r\\t\"", "\b\f\n\r\t"},
        {"\"https:\\/\\/a.test\\/?b=c\"", "https://a.test/?b=c"},
        {"\"\\u0041\\u00E7\\u20ac!\"", "A\xc3\xa7\xe2\x82\xac!"},
        {"\"\\ud7ff\\ue000\"", "\xed\x9f\xbf\xee\x80\x80"},
        {"\"\\uD800\\uDC00x\\udbff\\udfff\"",
         "\xf0\x90\x80\x80x\xf4\x8f\xbf\xbf"},
        {"\"\\\\u0041\"", "\\u0041"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(json_string(good(rows[i].text)), rows[i].plain);
    const struct json *v = good("{\"a\\/b\":\"\\/\",\"c\":\"d\"}");
    assert_string_equal(json_string(json_get(v, "a/b")), "/");
    assert_string_equal(json_string(json_get(v, "c")), "d");
    bad("[\"x\\udc00\"]", 3);
    bad("[\"x\\ud83dx\"]", 3);
    bad("[\"\\n\\ud83d\\u0041\"]", 4);
    bad("{\"\\ud83d\\ud83d\":1}", 2);
}

static void test_limits(void **state) {
    (void)state;
    char text[600];
    size_t at = 0;
    struct json_limits l = {.max_bytes = 4};
    assert_int_equal(parse_n("[12]", 4, &l, &at), 0);
    assert_int_equal(parse_n("[123]", 5, &l, &at), ERR_TOO_BIG);
    assert_int_equal(at, 4);
    memset(text, '[', 65);
    memset(text + 65, ']', 65);
    assert_int_equal(parse_n(text + 1, 128, NULL, &at), 0);
    assert_int_equal(parse_n(text, 130, NULL, &at), ERR_TOO_DEEP);
    assert_int_equal(at, 64);
    l = (struct json_limits){.max_depth = 2};
    assert_int_equal(parse_n("[{\"a\":1}]", 9, &l, &at), 0);
    assert_int_equal(parse_n("[{\"a\":[]}]", 10, &l, &at), ERR_TOO_DEEP);
    assert_int_equal(at, 6);
}

/* 1 MB of open brackets must neither crash nor take long. */
static void test_bomb(void **state) {
    (void)state;
    enum { N = 1000000 };
    AUTO_FREE char *text = mem_alloc(N);
    size_t at = 0;
    memset(text, '[', N);
    assert_int_equal(parse_n(text, N, NULL, &at), ERR_TOO_DEEP);
    struct json_limits l = {.max_depth = 1000};
    assert_int_equal(parse_n(text, N, &l, &at), ERR_TOO_DEEP);
    assert_int_equal(at, 1000);
}

static void test_duplicate_keys(void **state) {
    (void)state;
    const struct json_limits unique = {.unique_keys = true};
    size_t at;
    const char *twice = "[{\"x\":{\"a\":1,\"b\":2,\"a\":3}}]";
    const char *escaped = "{\"a\":1,\"\\u0061\":2}";
    const char *fine = "{\"a\":1,\"A\":2,\"b\":{\"a\":1}}";
    assert_int_equal(parse_n(twice, strlen(twice), NULL, &at), 0);
    assert_int_equal(parse_n(twice, strlen(twice), &unique, &at), ERR_PARSE);
    assert_int_equal(parse_n(escaped, strlen(escaped), &unique, &at),
                     ERR_PARSE);
    assert_int_equal(parse_n(fine, strlen(fine), &unique, &at), 0);
}

/* Sizes around the step from the bloom to the sort. */
static void test_many_keys(void **state) {
    (void)state;
    const struct json_limits unique = {.unique_keys = true};
    for (int n = 1; n < 300; n += n < 40 ? 1 : 37) {
        AUTO_BUF struct buf b = BUF_INIT;
        size_t at;
        buf_adds(&b, "{\"first\":0");
        for (int i = 0; i < n; i++)
            buf_addf(&b, ",\"key%d\":%d", i, i);
        size_t len = b.len;
        buf_adds(&b, "}");
        assert_int_equal(parse_n(b.data, b.len, &unique, &at), 0);
        buf_truncate(&b, len);
        buf_addf(&b, ",\"key%d\":1}", n / 2);
        assert_int_equal(parse_n(b.data, b.len, &unique, &at), ERR_PARSE);
    }
}

static void check_i64(const char *text, bool lenient, int rc, int64_t want) {
    int64_t got = 77;
    assert_int_equal(json_i64(good(text), lenient, &got), rc);
    assert_int_equal(got, rc ? 77 : want);
}

static void test_integers_are_exact(void **state) {
    (void)state;
    check_i64("9007199254740991", false, 0, 9007199254740991);
    check_i64("-9007199254740991", false, 0, -9007199254740991);
    check_i64("9007199254740992", false, ERR_RANGE, 0);
    check_i64("9007199254740993", false, ERR_RANGE, 0);
    check_i64("-9007199254740992", false, ERR_RANGE, 0);
    check_i64("1e999", false, ERR_RANGE, 0);
    check_i64("1.0", false, 0, 1);
    check_i64("1e3", false, 0, 1000);
    check_i64("-0", false, 0, 0);
    check_i64("1.5", false, ERR_INVALID, 0);
    check_i64("\"12\"", false, ERR_INVALID, 0);
    check_i64("\"12\"", true, 0, 12);
    check_i64("\"-9007199254740991\"", true, 0, -9007199254740991);
    check_i64("\"9007199254740992\"", true, ERR_RANGE, 0);
    check_i64("\"12 \"", true, ERR_INVALID, 0);
    check_i64("\"1.0\"", true, ERR_INVALID, 0);
    check_i64("\"\"", true, ERR_INVALID, 0);
    check_i64("true", true, ERR_INVALID, 0);
    check_i64("null", true, ERR_INVALID, 0);
    check_i64("[1]", true, ERR_INVALID, 0);
}

static void check_decimal(const char *text, int scale, int rc, int64_t want) {
    int64_t got = 77;
    assert_int_equal(json_decimal(good(text), scale, &got), rc);
    assert_int_equal(got, rc ? 77 : want);
}

static void test_decimals(void **state) {
    (void)state;
    check_decimal("\"95.88\"", 4, 0, 958800);
    check_decimal("95.88", 4, 0, 958800);
    check_decimal("-0.1", 4, 0, -1000);
    check_decimal("0.30000000000000004", 4, ERR_RANGE, 0);
    check_decimal("219.76999999999998", 4, ERR_RANGE, 0);
    check_decimal("100000", 4, 0, 1000000000);
    check_decimal("1e2", 4, 0, 1000000);
    check_decimal("1.5e-5", 9, 0, 15000);
    check_decimal("1e-9", 9, 0, 1);
    check_decimal("1e-5", 4, ERR_RANGE, 0);
    check_decimal("1e-300", 4, ERR_RANGE, 0);
    check_decimal("9007199254740993", 0, ERR_RANGE, 0);
    check_decimal("1e999", 0, ERR_RANGE, 0);
    check_decimal("\"-\"", 4, ERR_INVALID, 0);
    check_decimal("\"\"", 4, ERR_INVALID, 0);
    check_decimal("null", 4, ERR_INVALID, 0);
    check_decimal("true", 4, ERR_INVALID, 0);
}

static void check_bool(const char *text, bool lenient, int rc, bool want) {
    bool got = !want;
    assert_int_equal(json_bool(good(text), lenient, &got), rc);
    assert_int_equal(got, rc ? !want : want);
}

static void test_booleans(void **state) {
    (void)state;
    check_bool("true", false, 0, true);
    check_bool("false", false, 0, false);
    check_bool("1", false, ERR_INVALID, true);
    check_bool("1", true, 0, true);
    check_bool("0", true, 0, false);
    check_bool("2", true, ERR_INVALID, true);
    check_bool("\"1\"", true, 0, true);
    check_bool("\"0\"", true, 0, false);
    check_bool("\"true\"", true, 0, true);
    check_bool("\"false\"", true, 0, false);
    check_bool("\"yes\"", true, 0, true);
    check_bool("\"no\"", true, 0, false);
    check_bool("\"on\"", true, ERR_INVALID, true);
    check_bool("\"\"", true, ERR_INVALID, true);
    check_bool("null", true, ERR_INVALID, true);
}

static void test_text(void **state) {
    (void)state;
    char dst[40];
    assert_string_equal(json_text(good("\"x\""), dst), "x");
    assert_string_equal(json_text(good("true"), dst), "true");
    assert_string_equal(json_text(good("12"), dst), "12");
    assert_string_equal(json_text(good("0.1"), dst), "0.1");
    assert_string_equal(json_text(good("219.76999999999998"), dst),
                        "219.76999999999998");
    assert_string_equal(json_text(good("9007199254740991"), dst),
                        "9007199254740991");
    assert_null(json_text(good("1e999"), dst));
    assert_null(json_text(good("null"), dst));
    assert_null(json_text(good("[]"), dst));
    assert_null(json_text(NULL, dst));
}

static void test_print(void **state) {
    (void)state;
    const char *text = "{\"b\":[1,0.1,\"x\\\"\\n\",null,true],\"a\":{},"
                       "\"c\":[[]]}";
    AUTO_BUF struct buf b = BUF_INIT;
    json_print(&b, good(text));
    assert_string_equal(buf_str(&b), text);
    char deep[129] = {0};
    memset(deep, '[', 64);
    memset(deep + 64, ']', 64);
    buf_clear(&b);
    json_print(&b, good(deep));
    assert_string_equal(buf_str(&b), deep);
}

/* want: the values of "id" and "arg", "-" for none; NULL: a fault. */
static void check_members(const char *text, const char *id, const char *arg) {
    static const char *const keys[] = {"id", "arg"};
    const char *want[] = {id, arg};
    struct json_slice s[2];
    AUTO_FREE char *copy = mem_alloc(strlen(text));
    memcpy(copy, text, strlen(text));
    int rc = json_members(copy, strlen(text), keys, 2, s);
    assert_int_equal(rc, id ? 0 : ERR_PARSE);
    for (size_t i = 0; id && i < 2; i++) {
        AUTO_FREE char *got = s[i].p ? mem_dupn(s[i].p, s[i].n) : mem_dup("-");
        assert_string_equal(got, want[i]);
    }
}

static void test_members(void **state) {
    (void)state;
    check_members("{}", "-", "-");
    check_members(" { \"id\" : 7 , \"arg\":\"x\" } ", "7", "\"x\"");
    check_members("{\"a\":{\"id\":1},\"b\":[{\"id\":2}],\"id\":3}", "3", "-");
    check_members("{\"a\":\"\\\"id\\\":1\",\"arg\":[1,{}]}", "-", "[1,{}]");
    check_members("{\"id\":1,\"id\":2}", "1", "-");
    check_members("{\"ID\":1,\"i\":2,\"idd\":3,\"\\u0069d\":4}", "-", "-");
    check_members("{\"id\":{\"x\":\"}\"},\"arg\":null}", "{\"x\":\"}\"}",
                  "null");
    static const char *const bad[] = {"",
                                      "[]",
                                      "7",
                                      "{",
                                      "{\"id\"",
                                      "{\"id\":",
                                      "{\"id\":1",
                                      "{\"id\":1,",
                                      "{\"id\" 1}",
                                      "{id:1}",
                                      "{\"id\":1}x",
                                      "{\"id\":1}{}",
                                      "{\"id\":1,}",
                                      "{\"id\":}",
                                      "{\"id\":[1}",
                                      "{\"id\":\"x}",
                                      "{\"id\":1]",
                                      "{,}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        check_members(bad[i], NULL, NULL);
}

static void check_split(const char *text, int want, const char *joined) {
    struct json_slice s[8];
    size_t n = 0;
    AUTO_BUF struct buf b = BUF_INIT;
    AUTO_FREE char *copy = mem_alloc(strlen(text));
    memcpy(copy, text, strlen(text));
    assert_int_equal(json_split(copy, strlen(text), s, 8, &n), want);
    for (size_t i = 0; i < n; i++) {
        buf_add(&b, s[i].p, s[i].n);
        buf_adds(&b, "|");
    }
    assert_string_equal(buf_str(&b), joined);
}

static void test_split(void **state) {
    (void)state;
    check_split(" [ ] ", 0, "");
    check_split("[{\"a\":1}, {\"b\":[{}]} ,[],3,\"x]\",null]", 6,
                "{\"a\":1}|{\"b\":[{}]}|[]|3|\"x]\"|null|");
    check_split("[{\"a\":\"}\\\"]{\\\\\"},\"\\\\\"]", 2,
                "{\"a\":\"}\\\"]{\\\\\"}|\"\\\\\"|");
    check_split("[1,2,3,4,5,6,7,8,9,10]", 10, "1|2|3|4|5|6|7|8|");
    check_split("{\"a\":1}", ERR_PARSE, "");
    check_split("", ERR_PARSE, "");
    check_split("[", ERR_PARSE, "");
    check_split("[1,]", ERR_PARSE, "1|");
    check_split("[,1]", ERR_PARSE, "");
    check_split("[1 2]", ERR_PARSE, "1|");
    check_split("[{\"a\":1},{\"b\"", ERR_PARSE, "{\"a\":1}|");
    check_split("[{\"a\":1},{\"b\":\"}", ERR_PARSE, "{\"a\":1}|");
    check_split("[{}] x", ERR_PARSE, "{}|");
}

/* Backslashes, quotes and brackets at every place around block borders. */
static void test_split_block_borders(void **state) {
    (void)state;
    static const char *const tails[] = {"\\\"}", "\\\\\",\"[\":\"", "{[",
                                        "\\\\"};
    for (size_t pad = 0; pad < 200; pad++) {
        for (size_t t = 0; t < 4; t++) {
            AUTO_BUF struct buf b = BUF_INIT;
            struct json_slice s[2];
            size_t n;
            buf_adds(&b, "[{\"k\":\"");
            for (size_t i = 0; i < pad; i++)
                buf_addc(&b, pad % 3 == t % 3 ? '}' : 'x');
            buf_adds(&b, tails[t]);
            buf_adds(&b, "\"},[{}]]");
            assert_int_equal(json_split(b.data, b.len, s, 2, &n), 2);
            assert_int_equal(s[0].n, pad + strlen(tails[t]) + 8);
            assert_int_equal(s[1].n, 4);
        }
    }
}

static void check_recover(const char *body, const char *want, size_t noise) {
    struct json_slice s = {NULL, 0};
    size_t got = 999;
    int rc = json_recover(body, strlen(body), &s, &got);
    if (!want) {
        assert_int_equal(rc, ERR_PARSE);
        assert_int_equal(got, 999);
        return;
    }
    assert_int_equal(rc, 0);
    assert_int_equal(s.n, strlen(want));
    assert_memory_equal(s.p, want, s.n);
    assert_int_equal(got, noise);
}

static void test_recover(void **state) {
    (void)state;
    check_recover("{\"a\":1}", "{\"a\":1}", 0);
    check_recover("\n\n \t[1]\r\n", "[1]", 0);
    check_recover("\xef\xbb\xbf[1]", "[1]", 3);
    check_recover("<br />\n<b>Warning</b>\n{\"a\":[\n{}]}", "{\"a\":[\n{}]}",
                  19);
    check_recover("[22-Nov-2026 12:00] PHP Notice: x\n[{}]", "[{}]", 29);
    check_recover("[1] notices\n{\"a\":2}", "{\"a\":2}", 10);
    check_recover("{\"a\":1}\n<!-- cached -->", "{\"a\":1}", 13);
    check_recover("[1] <!-- c -->", "[1]", 8);
    check_recover("[1]/* c */", "[1]", 5);
    check_recover("[]\nWarning: y", "[]", 9);
    check_recover("<html>{\"a\":1}</html>", NULL, 0);
    check_recover("", NULL, 0);
    check_recover("\"text\"", NULL, 0);
}

/* A part of a broken page must not pass for the page. */
static void test_recover_never_takes_a_part(void **state) {
    (void)state;
    check_recover("[\n{\"id\":1},\n{\"id\":2", NULL, 0);
    check_recover("[\n{\"id\":1}", NULL, 0);
    check_recover("[x\n{\"id\":1},\n{\"id\":2}]", NULL, 0);
    check_recover("{\"a\":\n[1]", NULL, 0);
    check_recover("[1][2]", NULL, 0);
}

/* Megabytes of beginnings that lead nowhere: this takes minutes when each one
 * is read to its end. */
static void test_recover_is_bounded(void **state) {
    (void)state;
    static const char *const lines[] = {"[\n", "[1,\n", "{\"a\":\n",
                                        "[\"aaaaaaaaaaaaaaaaaaaa\",\n"};
    for (size_t i = 0; i < 4; i++) {
        AUTO_BUF struct buf b = BUF_INIT;
        struct json_slice s;
        size_t noise;
        while (b.len < 4000000)
            buf_adds(&b, lines[i]);
        assert_int_equal(json_recover(b.data, b.len, &s, &noise), ERR_PARSE);
        buf_clear(&b);
        while (b.len < 900000)
            buf_addf(&b, "[%s x\n", i & 1 ? "1,2,3" : "[],[]");
        buf_adds(&b, "{}");
        assert_int_equal(json_recover(b.data, b.len, &s, &noise), 0);
        assert_int_equal(s.n, 2);
    }
}

/* --- the recordings ---------------------------------------------------- */

static char *read_file(const char *name, size_t *n) {
    AUTO_BUF struct buf b = BUF_INIT;
    AUTO_FREE char *path = mem_printf("%s/%s", RECORDINGS, name);
    AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    for (;;) {
        ssize_t got = read(fd, buf_reserve(&b, 65536), 65536);
        assert_true(got >= 0);
        if (got == 0)
            break;
        buf_added(&b, (size_t)got);
    }
    *n = b.len;
    return buf_take(&b);
}

/* Print, parse and print again: the same text. */
static void check_round(const struct json *v) {
    AUTO_BUF struct buf a = BUF_INIT;
    AUTO_BUF struct buf b = BUF_INIT;
    struct json_limits l = {.unique_keys = true};
    const struct json *again = NULL;
    json_print(&a, v);
    assert_int_equal(json_parse(arena, a.data, a.len, &l, &again, NULL), 0);
    json_print(&b, again);
    assert_string_equal(buf_str(&a), buf_str(&b));
}

static void test_recordings_parse(void **state) {
    (void)state;
    int files = 0;
    DIR *dir = opendir(RECORDINGS);
    assert_non_null(dir);
    for (struct dirent *d; (d = readdir(dir));) {
        if (!str_ends(d->d_name, ".json"))
            continue;
        size_t n;
        struct json_limits l = {.unique_keys = true};
        const struct json *v = NULL;
        AUTO_FREE char *text = read_file(d->d_name, &n);
        arena_reset(arena);
        assert_int_equal(json_parse(arena, text, n, &l, &v, NULL), 0);
        assert_non_null(json_path(v, "response.status"));
        const struct json *body = json_path(v, "response.body");
        if (body)
            check_round(body);
        files++;
    }
    (void)closedir(dir);
    assert_true(files > 100);
}

/* Cut anywhere, an order is refused and nothing reads behind it. */
static void test_truncated_order(void **state) {
    (void)state;
    size_t n;
    const struct json *v = NULL;
    AUTO_FREE char *file = read_file("order-single-rich.json", &n);
    AUTO_BUF struct buf order = BUF_INIT;
    assert_int_equal(json_parse(arena, file, n, NULL, &v, NULL), 0);
    json_print(&order, json_path(v, "response.body"));
    assert_true(order.len > 1000);
    for (size_t cut = 0; cut < order.len; cut++) {
        struct json_slice s[2];
        size_t at = 0, got = 0;
        arena_reset(arena);
        assert_int_equal(parse_n(order.data, cut, NULL, &at), ERR_PARSE);
        assert_in_range(at, cut > 3 ? cut - 3 : 0, cut); /* UTF-8 cut */
        assert_int_equal(json_recover(order.data, cut, s, &got), ERR_PARSE);
        assert_int_equal(json_split(order.data, cut, s, 2, &got), ERR_PARSE);
    }
}

/* One document a thread, as the daemon parses pages. */
static void *parse_often(void *arg) {
    const struct buf *text = arg;
    struct arena *a = arena_new(0);
    size_t bad = 0;
    for (int i = 0; i < 50; i++) {
        const struct json *v = NULL;
        AUTO_BUF struct buf again = BUF_INIT;
        arena_reset(a);
        if (json_parse(a, text->data, text->len, NULL, &v, NULL) == 0)
            json_print(&again, v);
        bad += !str_eq(buf_str(&again), buf_str(text));
    }
    arena_free(a);
    return bad ? arg : NULL;
}

static void test_threads(void **state) {
    (void)state;
    pthread_t threads[4];
    AUTO_BUF struct buf text = BUF_INIT;
    buf_adds(&text, "[");
    for (int i = 0; i < 500; i++)
        buf_addf(&text, "%s{\"id\":%d,\"name\":\"x\"}", i ? "," : "", i);
    buf_adds(&text, "]");
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, parse_often, &text),
                         0);
    for (int i = 0; i < 4; i++) {
        void *bad = &text;
        assert_int_equal(pthread_join(threads[i], &bad), 0);
        assert_null(bad);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_lookup_is_exact),
        cmocka_unit_test(test_grammar),
        cmocka_unit_test(test_nul_is_refused),
        cmocka_unit_test(test_text_is_utf8),
        cmocka_unit_test(test_escapes_are_undone),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_bomb),
        cmocka_unit_test(test_duplicate_keys),
        cmocka_unit_test(test_many_keys),
        cmocka_unit_test(test_integers_are_exact),
        cmocka_unit_test(test_decimals),
        cmocka_unit_test(test_booleans),
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_print),
        cmocka_unit_test(test_split),
        cmocka_unit_test(test_split_block_borders),
        cmocka_unit_test(test_recover),
        cmocka_unit_test(test_recover_never_takes_a_part),
        cmocka_unit_test(test_recover_is_bounded),
        cmocka_unit_test(test_members),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_recordings_parse),
        cmocka_unit_test(test_truncated_order),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
