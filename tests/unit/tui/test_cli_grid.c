#include "test.h"

#include <string.h>

#include "common/arena.h"
#include "common/json.h"
#include "common/utf8.h"
#include "tui/cli_print.h"

static void fill(struct cli_grid *g, const char *columns, const char *rows) {
    struct arena *a = arena_new(0);
    const struct json *v;
    assert_int_equal(json_parse(a, rows, strlen(rows), NULL, &v, NULL), 0);
    cli_grid_init(g, columns);
    for (const struct json *row = json_first(v); row; row = json_next(row))
        cli_grid_add(g, row);
    arena_free(a);
}

static void expect(void (*draw)(struct buf *, const struct cli_grid *),
                   const char *columns, const char *rows, const char *want) {
    CLEANUP(cli_grid_done) struct cli_grid g;
    AUTO_BUF struct buf out = BUF_INIT;
    fill(&g, columns, rows);
    draw(&out, &g);
    assert_string_equal(buf_str(&out), want);
}

static void csv(struct buf *out, const struct cli_grid *g) {
    cli_grid_csv(out, g, true);
}
static void wide(struct buf *out, const struct cli_grid *g) {
    cli_grid_table(out, g, 0);
}
static void in_30(struct buf *out, const struct cli_grid *g) {
    cli_grid_table(out, g, 30);
}

static void test_values(void **state) {
    (void)state;
    expect(csv, "a,b.c,d,e,f,g",
           "[{\"a\":1,\"b\":{\"c\":\"x\"},\"d\":null,\"e\":[\"p\",\"q\"],"
           "\"f\":{\"TRY\":\"1.50\",\"EUR\":\"2\"},\"g\":[{\"k\":true}]}]",
           "a,b.c,d,e,f,g\n"
           "1,x,,\"p, q\",\"TRY 1.50, EUR 2\",\"[{\"\"k\"\":true}]\"\n");
}

static void test_csv_quotes(void **state) {
    (void)state;
    expect(csv, "a", "[{\"a\":\"x,y\"},{\"a\":\"q\\\"q\"},{\"a\":\"l\\nl\"}]",
           "a\n\"x,y\"\n\"q\"\"q\"\n\"l\nl\"\n");
}

/* What a spreadsheet would run is text; what is a number stays one. */
static void test_csv_formula(void **state) {
    (void)state;
    expect(csv, "a",
           "[{\"a\":\"=1+1\"},{\"a\":\"@x\"},{\"a\":\"+90555\"},{\"a\":"
           "\"-5.25\"},{\"a\":\"-x\"},{\"a\":\"\\t=1\"},{\"a\":-3}]",
           "a\n\"'=1+1\"\n\"'@x\"\n\"'+90555\"\n-5.25\n\"'-x\"\n\"'\t=1\"\n-3"
           "\n");
}

static void test_table_aligns(void **state) {
    (void)state;
    expect(wide, "name,n,t",
           "[{\"name\":\"a\",\"n\":5,\"t\":\"x\"},{\"name\":\"bcdef\",\"n\":"
           "\"-12.5\",\"t\":\"\"}]",
           "name       n  t\n"
           "a          5  x\n"
           "bcdef  -12.5\n");
}

static void test_table_empty(void **state) {
    (void)state;
    expect(wide, "name,n", "[]", "name  n\n");
}

/* The name of a column may be cut to 16 cells, then the last one falls. */
static void test_table_fits(void **state) {
    (void)state;
    expect(in_30, "ref,name,state",
           "[{\"ref\":\"a:1\",\"name\":\"A name that is quite long\","
           "\"state\":\"open\"}]",
           "ref  name                state\n"
           "a:1  A name that is q..  open\n");
}

static void test_table_drops(void **state) {
    (void)state;
    expect(in_30, "ref,name,mail,state",
           "[{\"ref\":\"alpine:1779\",\"name\":\"John Smithson of X\",\"mail\":"
           "\"john@example.test\",\"state\":\"open\"}]",
           "ref          name\n"
           "alpine:1779  John Smithson ..\n");
}

/* Every line fits, whatever the width and the letters. */
static void test_table_never_wider(void **state) {
    (void)state;
    static const char rows[] =
        "[{\"a\":\"\xc4\xb0stanbul \xe6\x9d\xb1\xe4\xba\xac\xe6\x9d\xb1"
        "\xe4\xba\xac\xe6\x9d\xb1\xe4\xba\xac\xe6\x9d\xb1\xe4\xba\xac\",\"b\":"
        "12345678901234,\"c\":\"e\xcc\x81\xcc\x81 word\"},{\"a\":\"\",\"b\":1,"
        "\"c\":\"a somewhat longer text to be cut\"}]";
    for (int width = 1; width < 90; width++) {
        CLEANUP(cli_grid_done) struct cli_grid g;
        AUTO_BUF struct buf out = BUF_INIT;
        fill(&g, "a,b,c", rows);
        cli_grid_table(&out, &g, width);
        for (char *at = out.data; *at;) {
            char *end = strchr(at, '\n');
            assert_non_null(end);
            *end = '\0';
            assert_true(utf8_cells(at) <= (size_t)width);
            at = end + 1;
        }
    }
}

/* Shop text cannot reach the terminal's ears. */
static void test_table_is_safe(void **state) {
    (void)state;
    expect(wide, "a", "[{\"a\":\"x\\u001b[31my\\nz\"}]", "a\nx?[31my z\n");
}

static void test_age(void **state) {
    (void)state;
    expect(wide, "ref,age", "[{\"ref\":\"a\",\"age\":7200}]",
           "ref  age\na    2h00\n");
    expect(csv, "age", "[{\"age\":7200}]", "age\n7200\n");
}

static void test_indent(void **state) {
    (void)state;
    AUTO_BUF struct buf out = BUF_INIT;
    static const char in[] =
        "{\"a\":[1.50,\"x{,\\\"}\"],\"b\":{},\"c\":[ ],\"d\":null}";
    cli_print_indent(&out, in, strlen(in));
    assert_string_equal(buf_str(&out), "{\n  \"a\": [\n    1.50,\n    "
                                       "\"x{,\\\"}\"\n  ],\n  \"b\": {},\n  "
                                       "\"c\": [],\n  \"d\": null\n}");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_csv_quotes),
        cmocka_unit_test(test_csv_formula),
        cmocka_unit_test(test_table_aligns),
        cmocka_unit_test(test_table_empty),
        cmocka_unit_test(test_table_fits),
        cmocka_unit_test(test_table_drops),
        cmocka_unit_test(test_table_never_wider),
        cmocka_unit_test(test_table_is_safe),
        cmocka_unit_test(test_age),
        cmocka_unit_test(test_indent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
