#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/buf.h"
#include "common/query.h"

static const struct query_key keys[] = {
    {"status", QUERY_CHOICE, "processing|on-hold|completed", 1, "shop status"},
    {"store", QUERY_WORD, NULL, 2, "store name"},
    {"sku", QUERY_WORD, NULL, 3, "SKU"},
    {"items", QUERY_INT, NULL, 4, "number of items"},
    {"total", QUERY_MONEY, NULL, 5, "total"},
    {"qty", QUERY_QTY, NULL, 6, "quantity"},
    {"date", QUERY_DATE, NULL, 7, "created"},
    {"age", QUERY_AGE, NULL, 8, "age"},
    {"hold", QUERY_CHOICE, "none|any", 9, "held"},
};

enum { N = sizeof keys / sizeof *keys };

static void add_term(struct buf *b, const struct query_term *t) {
    static const char *const ops[] = {"=", "<", "<=", ">", ">="};
    if (t->negated)
        buf_adds(b, "!");
    if (t->key)
        buf_addf(b, "%s%s", t->key->name, ops[t->op]);
    for (int i = 0; i < t->n_values; i++) {
        const struct query_value *v = &t->values[i];
        buf_addf(b, "%s[%s%s", i ? "," : "", v->text, v->wildcard ? "~" : "");
        if (t->key && t->key->type >= QUERY_INT)
            buf_addf(b, " %lld", (long long)v->num);
        buf_adds(b, "]");
    }
}

static void good(const char *text, const char *want) {
    struct query q;
    struct error e = {0};
    AUTO_BUF struct buf b = BUF_INIT;
    int rc = query_parse(text, keys, N, &q, &e);
    if (rc)
        print_error("%s: %s: %s\n", text, e.where, e.detail);
    assert_int_equal(rc, 0);
    for (int i = 0; i < q.n_terms; i++) {
        buf_adds(&b, i ? " " : "");
        add_term(&b, &q.terms[i]);
    }
    assert_string_equal(buf_str(&b), want);
    query_done(&q);
}

static void bad(const char *text, int column, const char *says) {
    struct query q;
    struct error e = {0};
    char where[32];
    (void)snprintf(where, sizeof where, "column %d", column);
    assert_int_equal(query_parse(text, keys, N, &q, &e), ERR_INVALID);
    assert_int_equal(q.n_terms, 0);
    assert_null(q.terms);
    assert_int_equal(e.code, ERR_INVALID);
    assert_string_equal(e.where, where);
    if (!strstr(e.detail, says))
        print_error("%s: %s\n", text, e.detail);
    assert_non_null(strstr(e.detail, says));
}

static void test_words(void **state) {
    (void)state;
    good("", "");
    good("  \t ", "");
    good("ayşe  kaya", "[ayşe] [kaya]");
    good("\"two words\" x", "[two words] [x]");
    good("-gift", "![gift]");
    good("-\"two words\"", "![two words]");
    good("a-b", "[a-b]");
    good("12:30 a,b", "[12:30] [a,b]");
    good("\"status:x\"", "[status:x]");
    good("O\\\"Neil a\\ b", "[O\"Neil] [a b]");
    good("\"a\\\"b\"", "[a\"b]");
    good("AO-*", "[AO-*~]");
    good("-\\-x", "![-x]");
}

static void test_values(void **state) {
    (void)state;
    good("status:processing", "status=[processing]");
    good("STATUS:On-Hold,completed", "status=[on-hold],[completed]");
    good("-status:completed", "!status=[completed]");
    good("store:alpine,\"a, b\"", "store=[alpine],[a, b]");
    good("items:3 items:>=-2", "items=[3 3] items>=[-2 -2]");
    good("total:>=100 total:<99.5", "total>=[100 1000000] total<[99.5 995000]");
    good("total:=1,2", "total=[1 10000],[2 20000]");
    good("qty:<=1.5", "qty<=[1.5 1500]");
    good("age:>2d age:<30m", "age>[2d 172800000] age<[30m 1800000]");
}

static void test_wildcards(void **state) {
    (void)state;
    good("sku:AO-*", "sku=[AO-*~]");
    good("sku:\"AO-*\"", "sku=[AO-*]");
    good("sku:AO\\*", "sku=[AO*]");
    good("sku:a\\*b*", "sku=[a\\*b*~]");
    good("sku:a\\\\b*", "sku=[a\\\\b*~]");
    good("sku:a\\\\b", "sku=[a\\b]");
    good("sku:a\\", "sku=[a\\]");
    good("sku:\"x*\"*,y", "sku=[x\\**~],[y]");
}

static void test_dates(void **state) {
    (void)state;
    good("date:2026-11-22", "date=[2026-11-22 1795305600000]");
    good("date:>=today", "date>=[today 0]");
    good("date:Yesterday", "date=[Yesterday -1]");
    good("date:>7d", "date>[7d -7]");
    good("date:<2w", "date<[2w -14]");
    bad("date:2026-02-30", 6, "date takes a date: 2026-11-22, today");
    bad("date:2026-11-2", 6, "date takes");
    bad("date:tomorrow", 6, "date takes");
    bad("date:99999999d", 6, "date takes");
    bad("date:-3d", 6, "date takes");
    bad("date:d", 6, "date takes");
}

static void test_values_refused(void **state) {
    (void)state;
    bad("status:procesing", 8, "did you mean \"processing\"?");
    bad("status:x", 8, "status takes one of processing, on-hold, completed");
    bad("status:proc*", 8, "status takes one of");
    bad("ş status:processing,x", 21, "status takes one of");
    bad("items:1.5", 7, "items takes a whole number");
    bad("items:99999999999999999999", 7, "items takes a whole number");
    bad("total:1,5x", 9, "total takes an amount such as 99.90");
    bad("total:1.23456", 7, "total takes an amount");
    bad("qty:>x", 6, "qty takes a quantity");
    bad("age:2", 5, "age takes an age: 30m");
    bad("age:>d", 6, "age takes an age");
    bad("status:", 8, "a value is missing: status takes one of");
    bad("status:processing,", 19, "a value is missing");
    bad("store:\"\"", 7, "store takes a text");
}

static void test_syntax_refused(void **state) {
    (void)state;
    bad("statsu:x", 1, "did you mean \"status:\"?");
    bad("a -zzzzzz:x", 4, "there are: status, store, sku");
    bad("a \"b", 3, "this quote is not closed");
    bad("-", 1, "leaves out what follows");
    bad("a - b", 3, "leaves out what follows");
    bad("\"\"", 1, "nothing between the quotes");
    bad("store:>a", 7, "store has no order");
    bad("status:<completed", 8, "status has no order");
    bad("total:>1,2", 9, "a comparison takes one value");
    bad("a\x01", 2, "not a character");
    bad("ab\xff", 3, "not a character");
    bad("ab\x7f", 3, "not a character");
}

static void test_bounds(void **state) {
    (void)state;
    AUTO_BUF struct buf b = BUF_INIT;
    struct query q;
    for (int i = 0; i < QUERY_TERMS_MAX; i++)
        buf_adds(&b, "w ");
    assert_int_equal(query_parse(buf_str(&b), keys, N, &q, NULL), 0);
    assert_int_equal(q.n_terms, QUERY_TERMS_MAX);
    query_done(&q);
    buf_adds(&b, "w");
    bad(buf_str(&b), QUERY_TERMS_MAX * 2 + 1, "more than 32 terms");
    buf_clear(&b);
    buf_adds(&b, "sku:0");
    for (int i = 1; i < QUERY_VALUES_MAX; i++)
        buf_adds(&b, ",1");
    assert_int_equal(query_parse(buf_str(&b), keys, N, &q, NULL), 0);
    query_done(&q);
    buf_adds(&b, ",1");
    bad(buf_str(&b), QUERY_VALUES_MAX * 2 + 5, "more than 32 values");
    buf_clear(&b);
    buf_addf(&b, "%0127d", 0);
    assert_int_equal(query_parse(buf_str(&b), keys, N, &q, NULL), 0);
    query_done(&q);
    buf_adds(&b, "0");
    bad(buf_str(&b), 1, "longer than 127 bytes");
    buf_addf(&b, "%01000d", 0);
    bad(buf_str(&b), 1, "longer than 1024 bytes");
}

static void test_positions(void **state) {
    (void)state;
    struct query q;
    assert_int_equal(query_parse(" ş -sku:\"a b\" x", keys, N, &q, NULL), 0);
    assert_int_equal(q.n_terms, 3);
    assert_int_equal(q.terms[0].at, 1);
    assert_int_equal(q.terms[0].len, 2);
    assert_int_equal(q.terms[1].at, 4);
    assert_int_equal(q.terms[1].len, 10);
    assert_int_equal(q.terms[2].at, 15);
    query_done(&q);
}

static void collect(const char *candidate, const char *help, void *arg) {
    assert_non_null(help);
    buf_addf(arg, "%s ", candidate);
}

/* The cursor stands at '|'. */
static void complete(const char *marked, const char *want, size_t from,
                     const char *want_key) {
    char text[128];
    AUTO_BUF struct buf b = BUF_INIT;
    const struct query_key *key = NULL;
    size_t got = 999;
    size_t cursor = (size_t)(strchr(marked, '|') - marked);
    (void)snprintf(text, sizeof text, "%.*s%s", (int)cursor, marked,
                   marked + cursor + 1);
    query_complete(text, cursor, keys, N, &key, &got, collect, &b);
    assert_string_equal(buf_str(&b), want);
    assert_int_equal(got, from);
    assert_string_equal(key ? key->name : "", want_key);
}

static void test_complete(void **state) {
    (void)state;
    complete("|", "status: store: sku: items: total: qty: date: age: hold: ", 0,
             "");
    complete("st|", "status: store: ", 0, "");
    complete("x -ST|a y", "status: store: ", 3, "");
    complete("zz|", "", 0, "");
    complete("status:|", "processing on-hold completed ", 7, "status");
    complete("status:P|", "processing ", 7, "status");
    complete("status:on-hold,c|", "completed ", 15, "status");
    complete("a hold:n|x b", "none ", 7, "hold");
    complete("store:al|", "", 6, "store");
    complete("date:>=to|", "today ", 7, "date");
    complete("\"a st|", "", 0, "");
    complete("sku:\"a b\" st|", "status: store: ", 10, "");
    complete("nokey:x|", "", 0, "");
    complete("a |",
             "status: store: sku: items: total: qty: date: age: hold: ", 2, "");
}

static void test_complete_clamps_the_cursor(void **state) {
    (void)state;
    AUTO_BUF struct buf b = BUF_INIT;
    const struct query_key *key;
    size_t from;
    query_complete("ho", 99, keys, N, &key, &from, collect, &b);
    assert_string_equal(buf_str(&b), "hold: ");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_wildcards),
        cmocka_unit_test(test_dates),
        cmocka_unit_test(test_values_refused),
        cmocka_unit_test(test_syntax_refused),
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_positions),
        cmocka_unit_test(test_complete),
        cmocka_unit_test(test_complete_clamps_the_cursor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
