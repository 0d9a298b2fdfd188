#include "tests/lib/test.h"

#include <string.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/csv.h"
#include "common/err.h"

static struct arena *a;

static int setup(void **state) {
    (void)state;
    a = arena_new(0);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    arena_free(a);
    return 0;
}

/* Rows as "a|b/c|d", an error as its name. */
static const char *read_all(const char *text) {
    AUTO_BUF struct buf b = BUF_INIT;
    const char *cells[CSV_CELLS];
    struct csv c;
    int n;
    csv_begin(&c, text, strlen(text));
    while ((n = csv_row(&c, a, cells)) != 0) {
        if (b.len)
            buf_addc(&b, '/');
        if (n < 0)
            buf_adds(&b, err_name(n));
        for (int i = 0; i < n; i++)
            buf_addf(&b, "%s%s", i ? "|" : "", cells[i]);
    }
    return arena_dupn(a, buf_str(&b), b.len);
}

static void what_spreadsheets_write_is_read(void **state) {
    static const char *const cases[][2] = {
        {"", ""},
        {"a,b\r\nc,d\r\n", "a|b/c|d"},
        {"a,b\nc,d", "a|b/c|d"},
        {"\xEF\xBB\xBF"
         "a;b\nc,1;d",
         "a|b/c,1|d"},
        {"a\tb\nc\td\n", "a|b/c|d"},
        {"\"a,\"\"b\"\"\",\"x\ny\"\n", "a,\"b\"|x\ny"},
        {"a,,\n\n\n,b\n", "a||/|b"},
        {"\"a;b\",c\n", "a;b|c"},
        {"a,\"b", "invalid"},
        {"a,\"b\"c\nd,e\n", "invalid/d|e"},
        {"a,\xff\nd,e\n", "invalid/d|e"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(read_all(cases[i][0]), cases[i][1]);
}

static void rows_know_their_line(void **state) {
    static const char text[] = "a,b\n\n\"x\ny\",2\nz,3\n";
    static const int lines[] = {1, 3, 5};
    const char *cells[CSV_CELLS];
    struct csv c;
    (void)state;
    csv_begin(&c, text, sizeof text - 1);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(csv_row(&c, a, cells), 2);
        assert_int_equal(c.line, lines[i]);
    }
    assert_int_equal(csv_row(&c, a, cells), 0);
}

static void nothing_written_is_a_formula(void **state) {
    static const char *const cells[] = {
        "=1+2", "+49 30", "-5",   "-5a",  "@x", "'",           "'=x",
        "''",   "a,b",    "a\"b", "a\nb", "",   "plain",       " lead",
        "\tx",  "0",      "007",  "0.5",  "'7", "36000291452", "4006381333931"};
    enum { N = sizeof cells / sizeof *cells };
    AUTO_BUF struct buf b = BUF_INIT;
    const char *back[CSV_CELLS];
    struct csv c;
    (void)state;
    for (int i = 0; i < N; i++)
        csv_cell(&b, cells[i], i == 0);
    csv_end(&b);
    assert_non_null(strstr(buf_str(&b), "\"'=1+2\""));
    assert_non_null(strstr(buf_str(&b), ",-5,"));
    assert_non_null(strstr(buf_str(&b), ",0,\"'007\",0.5,"));
    assert_non_null(strstr(buf_str(&b), ",36000291452,\"'4006381333931\""));
    csv_begin(&c, b.data, b.len);
    assert_int_equal(csv_row(&c, a, back), N);
    for (int i = 0; i < N; i++)
        assert_string_equal(back[i], cells[i]);
}

static void too_many_cells_are_refused(void **state) {
    AUTO_BUF struct buf b = BUF_INIT;
    (void)state;
    for (int i = 0; i < CSV_CELLS; i++)
        buf_adds(&b, "x,");
    buf_adds(&b, "x\na,b\n");
    assert_string_equal(read_all(buf_str(&b)), "too_big/a|b");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(what_spreadsheets_write_is_read),
        TEST(rows_know_their_line),
        TEST(nothing_written_is_a_formula),
        TEST(too_many_cells_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
