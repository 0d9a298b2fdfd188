#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "common/arena.h"
#include "common/err.h"
#include "common/rpcmsg.h"

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

static int read_text(const char *text, struct rpcmsg *m) {
    const struct json *v = NULL;
    assert_int_equal(json_parse(arena, text, strlen(text), NULL, &v, NULL), 0);
    return rpcmsg_read(v, m);
}

#define V "\"jsonrpc\":\"2.0\","

static void test_request(void **state) {
    (void)state;
    struct rpcmsg m;
    assert_int_equal(read_text("{" V "\"id\":7,\"method\":\"order.list\","
                               "\"params\":{\"limit\":5}}",
                               &m),
                     0);
    assert_int_equal(m.kind, RPCMSG_REQUEST);
    assert_int_equal(m.id.type, RPCMSG_ID_INT);
    assert_int_equal(m.id.num, 7);
    assert_string_equal(m.method, "order.list");
    assert_int_equal(json_count(m.params), 1);
    assert_int_equal(read_text("{" V "\"id\":\"x-1\",\"method\":\"a\"}", &m),
                     0);
    assert_int_equal(m.id.type, RPCMSG_ID_STRING);
    assert_string_equal(m.id.str, "x-1");
    assert_null(m.params);
    assert_int_equal(
        read_text("{" V "\"id\":null,\"method\":\"a\",\"params\":[]}", &m), 0);
    assert_int_equal(m.kind, RPCMSG_REQUEST);
    assert_int_equal(m.id.type, RPCMSG_ID_NULL);
}

static void test_notification(void **state) {
    (void)state;
    struct rpcmsg m;
    assert_int_equal(
        read_text("{" V "\"method\":\"event\",\"params\":[1]}", &m), 0);
    assert_int_equal(m.kind, RPCMSG_NOTIFICATION);
    assert_int_equal(m.id.type, RPCMSG_ID_NONE);
}

static void test_answers(void **state) {
    (void)state;
    struct rpcmsg m;
    assert_int_equal(read_text("{" V "\"id\":1,\"result\":null}", &m), 0);
    assert_int_equal(m.kind, RPCMSG_RESULT);
    assert_non_null(m.result);
    assert_int_equal(
        read_text("{" V "\"id\":null,\"error\":{\"code\":-32700,"
                  "\"message\":\"no\",\"data\":{\"code\":\"parse\"}}}",
                  &m),
        0);
    assert_int_equal(m.kind, RPCMSG_ERROR);
    assert_int_equal(m.error_code, ERR_PARSE);
    assert_string_equal(m.error_message, "no");
    assert_string_equal(json_string(json_get(m.error_data, "code")), "parse");
}

static void test_refused(void **state) {
    (void)state;
    static const char *const texts[] = {
        "1",
        "[]",
        "\"x\"",
        "{}",
        "{\"id\":1,\"method\":\"a\"}",
        "{\"jsonrpc\":2.0,\"id\":1,\"method\":\"a\"}",
        "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"a\"}",
        "{" V "\"id\":1}",
        "{" V "\"id\":1,\"method\":\"\"}",
        "{" V "\"id\":1,\"method\":5}",
        "{" V "\"id\":1,\"Method\":\"a\"}",
        "{" V "\"id\":1,\"method\":\"a\",\"params\":5}",
        "{" V "\"id\":1,\"method\":\"a\",\"params\":null}",
        "{" V "\"id\":1,\"method\":\"a\",\"result\":5}",
        "{" V "\"id\":1.5,\"method\":\"a\"}",
        "{" V "\"id\":9007199254740993,\"method\":\"a\"}",
        "{" V "\"id\":[1],\"method\":\"a\"}",
        "{" V "\"id\":true,\"method\":\"a\"}",
        "{" V "\"result\":1}",
        "{" V "\"id\":1,\"result\":1,\"error\":{\"code\":1,\"message\":\"\"}}",
        "{" V "\"id\":1,\"error\":5}",
        "{" V "\"id\":1,\"error\":{\"code\":\"1\",\"message\":\"x\"}}",
        "{" V "\"id\":1,\"error\":{\"code\":3000000000,\"message\":\"x\"}}",
        "{" V "\"id\":1,\"error\":{\"code\":1}}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct rpcmsg m;
        int rc = read_text(texts[i], &m);
        if (rc != ERR_INVALID_REQUEST)
            print_error("%s\n", texts[i]);
        assert_int_equal(rc, ERR_INVALID_REQUEST);
    }
}

static void test_id_survives_a_bad_message(void **state) {
    (void)state;
    struct rpcmsg m;
    assert_int_equal(read_text("{\"id\":9,\"method\":\"a\"}", &m),
                     ERR_INVALID_REQUEST);
    assert_int_equal(m.id.type, RPCMSG_ID_INT);
    assert_int_equal(m.id.num, 9);
    assert_int_equal(read_text("{" V "\"id\":{},\"method\":\"a\"}", &m),
                     ERR_INVALID_REQUEST);
    assert_int_equal(m.id.type, RPCMSG_ID_NONE);
}

static void test_id_length(void **state) {
    (void)state;
    for (int n = 128; n <= 129; n++) {
        AUTO_BUF struct buf b = BUF_INIT;
        struct rpcmsg m;
        buf_addf(&b, "{" V "\"method\":\"a\",\"id\":\"%0*d\"}", n, 0);
        assert_int_equal(read_text(buf_str(&b), &m),
                         n == 128 ? 0 : ERR_INVALID_REQUEST);
        assert_int_equal(strlen(m.id.str), n == 128 ? 128 : 0);
    }
}

static void test_write(void **state) {
    (void)state;
    AUTO_BUF struct buf b = BUF_INIT;
    struct jsonw w;
    struct rpcmsg_id id = {.type = RPCMSG_ID_STRING, .str = "a\"b"};
    jsonw_init(&w, &b);
    rpcmsg_begin_request(&w, &id, "order.get");
    jsonw_begin_array(&w);
    jsonw_end_array(&w);
    rpcmsg_end(&w);
    assert_string_equal(buf_str(&b), "{" V "\"id\":\"a\\\"b\","
                                     "\"method\":\"order.get\",\"params\":[]}");
    buf_clear(&b);
    rpcmsg_begin_request(&w, NULL, "event");
    jsonw_null(&w);
    rpcmsg_end(&w);
    assert_string_equal(buf_str(&b),
                        "{" V "\"method\":\"event\",\"params\":null}");
    buf_clear(&b);
    id = (struct rpcmsg_id){.type = RPCMSG_ID_INT, .num = 3};
    rpcmsg_begin_result(&w, &id);
    jsonw_bool(&w, true);
    rpcmsg_end(&w);
    assert_string_equal(buf_str(&b), "{" V "\"id\":3,\"result\":true}");
}

static void test_write_error(void **state) {
    (void)state;
    AUTO_BUF struct buf b = BUF_INIT;
    struct jsonw w;
    struct rpcmsg m;
    struct rpcmsg_id none = {.type = RPCMSG_ID_NONE};
    jsonw_init(&w, &b);
    rpcmsg_error(&w, &none, ERR_RANGE, "Too large.", "range", "use 1..5",
                 "limit");
    assert_string_equal(
        buf_str(&b),
        "{" V "\"id\":null,\"error\":{\"code\":-2,\"message\":\"Too large.\","
        "\"data\":{\"code\":\"range\",\"hint\":\"use 1..5\","
        "\"params\":{\"field\":\"limit\"}}}}");
    assert_int_equal(read_text(buf_str(&b), &m), 0);
    assert_int_equal(m.error_code, ERR_RANGE);
    buf_clear(&b);
    rpcmsg_error(&w, NULL, ERR_PARSE, "No.", "parse", NULL, NULL);
    assert_string_equal(buf_str(&b),
                        "{" V "\"id\":null,\"error\":{\"code\":-32700,"
                        "\"message\":\"No.\",\"data\":{\"code\":\"parse\"}}}");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_request),
        cmocka_unit_test(test_notification),
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_id_survives_a_bad_message),
        cmocka_unit_test(test_id_length),
        cmocka_unit_test(test_write),
        cmocka_unit_test(test_write_error),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
