/* The protocol as a client meets it: session, batches, pipelining, errors. */
#include <string.h>

#include "common/str.h"
#include "tests/lib/daemon.h"
#include "tests/lib/test.h"

struct fixture {
    struct daemon_proc d;
    struct rpc_client c;
};

static int setup(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    daemon_proc_init(&f->d);
    daemon_proc_start(&f->d, NULL);
    rpc_client_connect(&f->c, f->d.socket, true);
    *state = f;
    return 0;
}

static int teardown(void **state) {
    struct fixture *f = *state;
    rpc_client_close(&f->c);
    if (f->d.pid > 0)
        assert_int_equal(daemon_proc_stop(&f->d), 0);
    daemon_proc_done(&f->d);
    free(f);
    return 0;
}

static const char *text_at(const struct json *v, const char *path) {
    return json_string(json_path(v, path));
}

static void session_comes_first(void **state) {
    struct fixture *f = *state;
    struct rpc_client c;
    rpc_client_connect(&c, f->d.socket, false);
    const struct json *e = rpc_call_error(&c, "stores.list", NULL);
    assert_string_equal(text_at(e, "data.code"), "invalid_request");
    e = rpc_call_error(&c, "session.open", "{\"client\":\"x\"}");
    assert_string_equal(text_at(e, "data.params.field"), "version");
    const struct json *r = rpc_call_ok(
        &c, "session.open",
        "{\"client\":\"x\",\"version\":7,\"locale\":\"tr_TR.UTF-8\"}");
    int64_t version;
    assert_int_equal(json_i64(json_get(r, "version"), false, &version), 0);
    assert_int_equal(version, 1);
    assert_string_equal(text_at(r, "locale"), "tr");
    e = rpc_call_error(&c, "stores.get", "{\"store\":\"nope\"}");
    assert_non_null(strstr(text_at(e, "message"), "Bulunamad"));
    rpc_client_close(&c);
}

static void errors_name_the_field(void **state) {
    struct fixture *f = *state;
    static const struct {
        const char *method, *params, *code, *field;
    } cases[] = {
        {"stores.list", "{\"limit\":0}", "invalid_params", "limit"},
        {"stores.list", "{\"limit\":\"5\"}", "invalid_params", "limit"},
        {"stores.list", "{\"colour\":1}", "invalid_params", "colour"},
        {"stores.list", "[1]", "invalid_params", NULL},
        {"stores.get", "{\"store\":\"no store\"}", "invalid_params", "store"},
        {"stores.get", "{\"store\":\"nope\"}", "not_found", "store"},
        {"stores.sync", "{}", "invalid_params", "store"},
        {"stores.remove", "{\"store\":\"a\",\"confirm\":\"b\"}", "invalid",
         "confirm"},
        {"orders.get", "{\"ref\":\"nope:1\"}", "not_found", "ref"},
        {"jobs.get", "{\"id\":\"01K9QF3E3M7Q2W8R5T1Y6Z0ABC\"}", "not_found",
         "id"},
        {"no.such", "{}", "unknown_method", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct json *e =
            rpc_call_error(&f->c, cases[i].method, cases[i].params);
        const char *field = text_at(e, "data.params.field");
        assert_string_equal(text_at(e, "data.code"), cases[i].code);
        if (cases[i].field)
            assert_string_equal(field, cases[i].field);
        else
            assert_null(field);
    }
}

static void read_only_writes_nothing(void **state) {
    struct fixture *f = *state;
    struct rpc_client c;
    rpc_client_connect(&c, f->d.socket, false);
    (void)rpc_call_ok(&c, "session.open",
                      "{\"client\":\"x\",\"version\":1,\"read_only\":true}");
    (void)rpc_call_ok(&c, "stores.list", NULL);
    const struct json *e = rpc_call_error(&c, "cache.clear", NULL);
    assert_string_equal(text_at(e, "data.code"), "read_only");
    rpc_client_close(&c);
}

static void a_batch_is_answered_together(void **state) {
    struct fixture *f = *state;
    static const char batch[] =
        "[{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"jobs.list\"},"
        "{\"jsonrpc\":\"2.0\",\"method\":\"jobs.list\"},"
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"stores.list\"},"
        "{\"jsonrpc\":\"2.0\",\"id\":8,\"method\":\"no.such\"},42]\n";
    rpc_client_send(&f->c, batch, sizeof batch - 1);
    const struct json *m = rpc_client_read(&f->c, 5000, NULL);
    assert_int_equal(json_type(m), JSON_ARRAY);
    assert_int_equal(json_count(m), 4); /* the notification has no answer */
    rpc_client_send(&f->c, "[]\n", 3);
    m = rpc_client_read(&f->c, 5000, NULL);
    assert_string_equal(text_at(m, "error.data.code"), "invalid_request");
}

static void a_thousand_are_pipelined(void **state) {
    struct fixture *f = *state;
    bool seen[1001] = {false};
    int64_t first = f->c.last_id, id;
    for (int i = 0; i < 1000; i++)
        (void)rpc_client_post(&f->c, i % 2 ? "jobs.list" : "stores.list", NULL);
    for (int i = 0; i < 1000; i++) {
        const struct json *m = rpc_client_read(&f->c, 10000, NULL);
        assert_non_null(json_get(m, "result"));
        assert_int_equal(json_i64(json_get(m, "id"), false, &id), 0);
        assert_in_range(id, first + 1, first + 1000);
        assert_false(seen[id - first]);
        seen[id - first] = true;
    }
}

static void a_request_id_is_answered_once(void **state) {
    struct fixture *f = *state;
    char first[40];
    static const char params[] = "{\"request_id\":\"once-1\"}";
    const struct json *r = rpc_call_ok(&f->c, "cache.clear", params);
    (void)str_copy(first, sizeof first, text_at(r, "job"));
    r = rpc_call_ok(&f->c, "cache.clear", params);
    assert_string_equal(text_at(r, "job"), first);
    r = rpc_call_ok(&f->c, "cache.clear", "{\"request_id\":\"once-2\"}");
    assert_string_not_equal(text_at(r, "job"), first);
}

static void every_method_is_served(void **state) {
    struct fixture *f = *state;
    const struct json *r = rpc_call_ok(&f->c, "rpc.discover", NULL);
    const struct json *m = json_first(json_get(r, "methods"));
    assert_non_null(m);
    for (; m; m = json_next(m)) {
        int64_t id = rpc_client_post(&f->c, text_at(m, "name"),
                                     "{\"no_such_parameter\":1}");
        const struct json *a = rpc_client_wait(&f->c, id, 5000);
        assert_string_equal(text_at(a, "error.data.code"), "invalid_params");
    }
}

static void jobs_are_told(void **state) {
    struct fixture *f = *state;
    (void)rpc_call_ok(&f->c, "events.subscribe", "{\"topics\":[\"job\"]}");
    (void)rpc_call_ok(&f->c, "cache.clear", NULL);
    const struct json *e = rpc_client_event(&f->c, "job", 5000);
    while (e && !str_eq(text_at(e, "data.state"), "done"))
        e = rpc_client_event(&f->c, "job", 5000);
    assert_non_null(e);
    assert_string_equal(text_at(e, "data.method"), "cache.clear");
    (void)rpc_call_ok(&f->c, "events.unsubscribe", NULL);
    (void)rpc_call_ok(&f->c, "cache.clear", NULL);
    assert_null(rpc_client_event(&f->c, "job", 300));
}

static void an_unreachable_shop_is_refused(void **state) {
    struct fixture *f = *state;
    const struct json *r = rpc_call_job(
        &f->c, "stores.create",
        "{\"name\":\"a\",\"url\":\"http://127.0.0.1:1\",\"key\":\"ck_1\","
        "\"secret\":\"cs_1\",\"allow_http\":true}",
        10000);
    assert_string_equal(text_at(r, "state"), "failed");
    assert_string_equal(text_at(r, "error.code"), "shop_refused");
    assert_true(json_count(json_get(r, "steps")) >= 2);
    r = rpc_call_ok(&f->c, "stores.list", NULL);
    assert_int_equal(json_count(json_get(r, "items")), 0);
}

static void a_stop_says_goodbye(void **state) {
    struct fixture *f = *state;
    (void)rpc_call_ok(&f->c, "events.subscribe", NULL);
    assert_int_equal(daemon_proc_stop(&f->d), 0);
    const struct json *e = rpc_client_event(&f->c, "system", 2000);
    assert_non_null(e);
    assert_string_equal(text_at(e, "data.what"), "shutdown");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(session_comes_first, setup, teardown),
        cmocka_unit_test_setup_teardown(errors_name_the_field, setup, teardown),
        cmocka_unit_test_setup_teardown(read_only_writes_nothing, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_batch_is_answered_together, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_thousand_are_pipelined, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_request_id_is_answered_once, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(every_method_is_served, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(jobs_are_told, setup, teardown),
        cmocka_unit_test_setup_teardown(an_unreachable_shop_is_refused, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_stop_says_goodbye, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
