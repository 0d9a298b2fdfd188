#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/jsonw.h"

static void test_commas_and_nesting(void **state) {
    (void)state;
    AUTO_BUF struct buf b = BUF_INIT;
    struct jsonw w;
    jsonw_init(&w, &b);
    jsonw_begin_object(&w);
    jsonw_ki64(&w, "a", -1);
    jsonw_key(&w, "b");
    jsonw_begin_array(&w);
    jsonw_i64(&w, INT64_MIN);
    jsonw_null(&w);
    jsonw_begin_object(&w);
    jsonw_end_object(&w);
    jsonw_begin_array(&w);
    jsonw_end_array(&w);
    jsonw_raw(&w, "[1,2]", 5);
    jsonw_end_array(&w);
    jsonw_kbool(&w, "c", true);
    jsonw_kstring(&w, "d", NULL);
    jsonw_end_object(&w);
    assert_string_equal(buf_str(&b),
                        "{\"a\":-1,\"b\":[-9223372036854775808,null,{},[],"
                        "[1,2]],\"c\":true,\"d\":null}");
    assert_int_equal(w.depth, 0);
}

static void check_string(const char *in, size_t n, const char *out) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct jsonw w;
    jsonw_init(&w, &b);
    jsonw_stringn(&w, in, n);
    assert_string_equal(buf_str(&b), out);
}

static void test_escapes(void **state) {
    (void)state;
    check_string("", 0, "\"\"");
    check_string("a\"b\\c", 5, "\"a\\\"b\\\\c\"");
    check_string("\b\f\n\r\t\x01\x1f", 7, "\"\\b\\f\\n\\r\\t\\u0001\\u001f\"");
    check_string("a\0b", 3, "\"a\\u0000b\"");
    check_string("ışık \xf0\x9f\x9a\x80", strlen("ışık 1234"),
                 "\"ışık \xf0\x9f\x9a\x80\"");
}

static void test_invalid_utf8_is_repaired(void **state) {
    (void)state;
    check_string("a\xff\"", 3, "\"a\xef\xbf\xbd\\\"\"");
}

static void test_amounts_and_times(void **state) {
    (void)state;
    AUTO_BUF struct buf b = BUF_INIT;
    struct jsonw w;
    jsonw_init(&w, &b);
    jsonw_begin_object(&w);
    jsonw_kmoney(&w, "m", 1234500, 2);
    jsonw_kqty(&w, "q", 1500);
    jsonw_ktime(&w, "t", 1795349330000);
    jsonw_ktime(&w, "never", 0);
    jsonw_end_object(&w);
    assert_string_equal(buf_str(&b),
                        "{\"m\":\"123.45\",\"q\":\"1.5\","
                        "\"t\":\"2026-11-22T12:08:50Z\",\"never\":null}");
}

static void test_depth_32_is_fine(void **state) {
    (void)state;
    AUTO_BUF struct buf b = BUF_INIT;
    struct jsonw w;
    jsonw_init(&w, &b);
    for (int i = 0; i < 32; i++)
        jsonw_begin_array(&w);
    jsonw_i64(&w, 1);
    jsonw_i64(&w, 2);
    for (int i = 0; i < 32; i++)
        jsonw_end_array(&w);
    assert_int_equal(b.len, 67);
    assert_memory_equal(b.data + 31, "[1,2]", 5);
}

static void value_without_key(struct jsonw *w) {
    jsonw_begin_object(w);
    jsonw_i64(w, 1);
}

static void key_in_array(struct jsonw *w) {
    jsonw_begin_array(w);
    jsonw_key(w, "k");
}

static void key_without_value(struct jsonw *w) {
    jsonw_begin_object(w);
    jsonw_key(w, "k");
    jsonw_end_object(w);
}

static void wrong_end(struct jsonw *w) {
    jsonw_begin_object(w);
    jsonw_end_array(w);
}

static void too_deep(struct jsonw *w) {
    for (int i = 0; i < 33; i++)
        jsonw_begin_array(w);
}

/* The misuse must end the process. */
static void check_dies(void (*misuse)(struct jsonw *w)) {
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        AUTO_BUF struct buf b = BUF_INIT;
        struct jsonw w;
        (void)signal(SIGABRT, SIG_DFL);
        (void)close(STDERR_FILENO);
        jsonw_init(&w, &b);
        misuse(&w);
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
}

static void test_misuse_is_fatal(void **state) {
    (void)state;
    check_dies(value_without_key);
    check_dies(key_in_array);
    check_dies(key_without_value);
    check_dies(wrong_end);
    check_dies(too_deep);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_commas_and_nesting),
        cmocka_unit_test(test_escapes),
        cmocka_unit_test(test_invalid_utf8_is_repaired),
        cmocka_unit_test(test_amounts_and_times),
        cmocka_unit_test(test_depth_32_is_fine),
        cmocka_unit_test(test_misuse_is_fatal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
