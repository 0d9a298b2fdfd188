/* Messages: who may call what, what is said of a wrong one, and which answers
 * a line gets. Rules that hold for every method run over the table. */
#include "fixture.h"

#include <stdio.h>
#include <string.h>

#include "common/params.h"
#include "common/str.h"
#include "rpc.gen.h"

#define READ_ONLY "{\"client\":\"x\",\"version\":1,\"read_only\":true}"

static void a_read_only_session_writes_nothing(void **state) {
    struct fx *f = *state;
    struct fx_client c;
    int writes = 0;
    fx_connect(f, &c, READ_ONLY);
    for (int i = 0; i < RPC_METHOD_COUNT; i++) {
        const struct rpc_method_row *m = &rpc_methods[i];
        bool refused = str_eq(fx_code(fx_ask(&c, m->name, "{\"no_such\":1}")),
                              "read_only");
        if (refused != m->write)
            fail_msg("%s %s", m->name, refused ? "is refused" : "is let in");
        writes += m->write;
    }
    assert_true(writes >= 8);
    assert_int_equal(f->rpc->n_jobs, 0);
    fx_close(&c);
}

static void nothing_but_open_comes_first(void **state) {
    struct fx *f = *state;
    struct fx_client c;
    fx_connect(f, &c, NULL);
    for (int i = 0; i < RPC_METHOD_COUNT; i++) {
        if (i != RPC_SESSION_OPEN)
            assert_string_equal(fx_code(fx_ask(&c, rpc_methods[i].name, NULL)),
                                "invalid_request");
    }
    (void)fx_ok(&c, "session.open", FX_SESSION);
    fx_close(&c);
}

static const char *field_of(const struct json *answer) {
    assert_string_equal(fx_code(answer), "invalid_params");
    return fx_text(answer, "error.data.params.field");
}

/* A value that no parameter of that type takes. */
static const char *wrong_type(enum param_type t) {
    return t == PARAM_STRING                     ? "{\"x\":1}"
           : t == PARAM_OBJECT || t == PARAM_MAP ? "[true]"
                                                 : "{\"x\":[true]}";
}

static void a_wrong_type_names_its_field(void **state) {
    struct fx *f = *state;
    struct fx_client c;
    char text[128];
    fx_connect(f, &c, FX_SESSION);
    for (int i = 0; i < RPC_METHOD_COUNT; i++) {
        const struct rpc_method_row *m = &rpc_methods[i];
        for (size_t k = 0; k < m->n_params; k++) {
            const struct param *p = &m->params[k];
            (void)str_format(text, sizeof text, "{\"%s\":%s}", p->name,
                             wrong_type(p->type));
            assert_string_equal(field_of(fx_ask(&c, m->name, text)), p->name);
        }
    }
    fx_close(&c);
}

static void out_of_range_names_its_field(void **state) {
    struct fx *f = *state;
    struct fx_client c;
    char text[128];
    int seen = 0;
    fx_connect(f, &c, FX_SESSION);
    for (int i = 0; i < RPC_METHOD_COUNT; i++) {
        const struct rpc_method_row *m = &rpc_methods[i];
        for (size_t k = 0; k < m->n_params; k++) {
            const struct param *p = &m->params[k];
            if (p->type != PARAM_INT || p->max > 1000000000)
                continue;
            (void)str_format(text, sizeof text, "{\"%s\":%lld}", p->name,
                             (long long)p->max + 1);
            assert_string_equal(field_of(fx_ask(&c, m->name, text)), p->name);
            (void)str_format(text, sizeof text, "{\"%s\":%lld}", p->name,
                             (long long)p->min - 1);
            assert_string_equal(field_of(fx_ask(&c, m->name, text)), p->name);
            seen++;
        }
    }
    assert_true(seen >= 5);
    fx_close(&c);
}

static void an_unknown_parameter_is_named(void **state) {
    struct fx *f = *state;
    struct fx_client c;
    fx_connect(f, &c, FX_SESSION);
    for (int i = 0; i < RPC_METHOD_COUNT; i++)
        assert_string_equal(
            field_of(fx_ask(&c, rpc_methods[i].name, "{\"colour\":1}")),
            "colour");
    assert_string_equal(fx_code(fx_ask(&c, "orders.frobnicate", NULL)),
                        "unknown_method");
    fx_close(&c);
}

/* Ask with that id, as JSON text: the answer's must be the same text. */
static void id_is_kept(struct fx_client *c, const char *id) {
    AUTO_BUF struct buf line = BUF_INIT, got = BUF_INIT;
    static const char *const methods[] = {"jobs.list", "no.such"};
    for (size_t i = 0; i < 2; i++) {
        buf_clear(&line);
        buf_clear(&got);
        buf_addf(&line, "{\"jsonrpc\":\"2.0\",\"method\":\"%s\",\"id\":%s}\n",
                 methods[i], id);
        fx_send(c, buf_str(&line));
        json_print(&got, json_get(fx_read(c), "id"));
        assert_string_equal(buf_str(&got), id);
    }
}

static void ids_keep_their_type(void **state) {
    struct fx *f = *state;
    struct fx_client c;
    fx_connect(f, &c, FX_SESSION);
    id_is_kept(&c, "7");
    id_is_kept(&c, "-7");
    id_is_kept(&c, "\"7\"");
    id_is_kept(&c, "9007199254740991");
    id_is_kept(&c, "\"a \\\"quoted\\\" \\\\ one\"");
    id_is_kept(&c, "null");
    fx_close(&c);
}

#define M "{\"jsonrpc\":\"2.0\","

static void a_notification_is_done_and_not_answered(void **state) {
    struct fx *f = *state;
    struct fx_client c;
    fx_connect(f, &c, FX_SESSION);
    fx_send(&c, M "\"method\":\"stores.list\"}\n");
    fx_send(&c, M "\"method\":\"no.such\"}\n");
    fx_send(&c, M "\"method\":\"stores.list\",\"params\":{\"limit\":0}}\n");
    fx_send(&c, M "\"method\":\"cache.clear\"}\n");
    fx_send(&c, "[" M "\"method\":\"stores.list\"}]\n");
    assert_null(fx_read(&c));
    assert_int_equal(f->rpc->n_jobs, 1); /* the last but one took place */
    (void)fx_ok(&c, "jobs.list", NULL);
    fx_close(&c);
}

/* The member of a batch's answer with that id. */
static const struct json *with_id(const struct json *batch, const char *id) {
    for (const struct json *m = json_first(batch); m; m = json_next(m)) {
        AUTO_BUF struct buf got = BUF_INIT;
        json_print(&got, json_get(m, "id"));
        if (str_eq(buf_str(&got), id))
            return m;
    }
    fail_msg("no answer with id %s", id);
    return NULL;
}

static void a_batch_has_each_its_own_answer(void **state) {
    struct fx *f = *state;
    struct fx_client c;
    fx_connect(f, &c, FX_SESSION);
    fx_send(&c,
            "[" M "\"id\":\"a\",\"method\":\"stores.list\"}," /* by the db */
            M "\"id\":1,\"method\":\"jobs.list\"},"           /* at once */
            M "\"method\":\"stores.list\"},"                  /* never */
            M "\"id\":2,\"method\":\"no.such\"}," M
            "\"id\":3,\"method\":\"stores.list\",\"params\":{\"limit\":0}},"
            "42]\n");
    const struct json *all = fx_read(&c);
    assert_int_equal(json_type(all), JSON_ARRAY);
    assert_int_equal(json_count(all), 5);
    assert_int_equal(
        json_count(json_path(with_id(all, "\"a\""), "result.items")), 2);
    assert_non_null(json_get(with_id(all, "1"), "result"));
    assert_string_equal(fx_code(with_id(all, "2")), "unknown_method");
    assert_string_equal(field_of(with_id(all, "3")), "limit");
    assert_string_equal(fx_code(with_id(all, "null")), "invalid_request");
    assert_null(fx_read(&c)); /* one line for all */
    fx_close(&c);
}

static void a_batch_is_bounded(void **state) {
    struct fx *f = *state;
    struct fx_client c;
    AUTO_BUF struct buf line = BUF_INIT;
    fx_connect(f, &c, FX_SESSION);
    for (int n = RPC_BATCH; n <= RPC_BATCH + 1; n++) {
        buf_clear(&line);
        for (int i = 0; i < n; i++)
            buf_addf(&line, "%c" M "\"id\":%d,\"method\":\"jobs.list\"}",
                     i ? ',' : '[', i);
        buf_adds(&line, "]\n");
        fx_send(&c, buf_str(&line));
        const struct json *m = fx_read(&c);
        if (n == RPC_BATCH)
            assert_int_equal(json_count(m), n);
        else
            assert_string_equal(fx_code(m), "invalid_request");
    }
    fx_close(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_read_only_session_writes_nothing,
                                        fx_setup, fx_teardown),
        cmocka_unit_test_setup_teardown(nothing_but_open_comes_first, fx_setup,
                                        fx_teardown),
        cmocka_unit_test_setup_teardown(a_wrong_type_names_its_field, fx_setup,
                                        fx_teardown),
        cmocka_unit_test_setup_teardown(out_of_range_names_its_field, fx_setup,
                                        fx_teardown),
        cmocka_unit_test_setup_teardown(an_unknown_parameter_is_named, fx_setup,
                                        fx_teardown),
        cmocka_unit_test_setup_teardown(ids_keep_their_type, fx_setup,
                                        fx_teardown),
        cmocka_unit_test_setup_teardown(a_notification_is_done_and_not_answered,
                                        fx_setup, fx_teardown),
        cmocka_unit_test_setup_teardown(a_batch_has_each_its_own_answer,
                                        fx_setup, fx_teardown),
        cmocka_unit_test_setup_teardown(a_batch_is_bounded, fx_setup,
                                        fx_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
