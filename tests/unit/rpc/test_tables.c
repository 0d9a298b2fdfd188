/* The generated tables that a wrong generator would make inconsistent: query
 * keys, the command line, the OpenRPC document, actions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "actions.gen.h"
#include "cli.gen.h"
#include "common/arena.h"
#include "common/err.h"
#include "common/json.h"
#include "common/query.h"
#include "common/str.h"
#include "openrpc.gen.h"
#include "query_keys.gen.h"
#include "rpc.gen.h"

static const struct query_list *const lists[] = {
    &query_list_orders,     &query_list_products, &query_list_customers,
    &query_list_categories, &query_list_stores,   &query_list_attention,
};

static void test_query_keys(void **state) {
    (void)state;
    for (size_t l = 0; l < sizeof lists / sizeof *lists; l++) {
        const struct query_list *list = lists[l];
        assert_ptr_equal(query_list_find(list->name), list);
        for (size_t i = 0; i < list->n; i++) {
            assert_int_equal(list->keys[i].id, (int)i);
            assert_string_equal(list->keys[i].help,
                                text_get(TEXT_EN, list->text[i]));
        }
    }
    assert_null(query_list_find("jobs"));
}

/* One value of each type that the query language must take for the key. */
static const char *sample(const struct query_key *key) {
    switch (key->type) {
    case QUERY_CHOICE:
        return NULL;
    case QUERY_DATE:
        return "2026-11-22";
    case QUERY_AGE:
        return "2d";
    case QUERY_WORD:
    case QUERY_INT:
    case QUERY_MONEY:
    case QUERY_QTY:
        return "12";
    }
    return NULL;
}

static void parses(const struct query_list *list, const struct query_key *key,
                   const char *value) {
    char text[128];
    struct query q;
    struct error e;
    assert_int_equal(str_format(text, sizeof text, "%s:%s", key->name, value),
                     0);
    if (query_parse(text, list->keys, list->n, &q, &e) < 0)
        fail_msg("%s %s: %s", list->name, text, e.detail);
    assert_int_equal(q.n_terms, 1);
    assert_ptr_equal(q.terms[0].key, key);
    query_done(&q);
}

static void test_keys_parse(void **state) {
    (void)state;
    for (size_t l = 0; l < sizeof lists / sizeof *lists; l++)
        for (size_t i = 0; i < lists[l]->n; i++) {
            const struct query_key *key = &lists[l]->keys[i];
            if (key->type != QUERY_CHOICE) {
                parses(lists[l], key, sample(key));
                continue;
            }
            for (const char *at = key->choices; *at;) {
                char choice[40];
                size_t n = strcspn(at, "|");
                assert_int_equal(
                    str_format(choice, sizeof choice, "%.*s", (int)n, at), 0);
                parses(lists[l], key, choice);
                at += n + (at[n] == '|');
            }
        }
}

/* The command line is another view of the same methods. */
/* Parameters behind the options: those of one object follow each other. */
static size_t options_of(const struct cli_method *m) {
    size_t n = 0;
    for (size_t i = 0; i < m->n_params; i++)
        n += i == 0 || strcmp(m->params[i].name, m->params[i - 1].name) != 0;
    return n;
}

static void test_cli(void **state) {
    (void)state;
    size_t methods = 0;
    for (size_t r = 0; r < cli_resources_n; r++)
        for (size_t i = 0; i < cli_resources[r].n_methods; i++) {
            const struct cli_method *m = &cli_resources[r].methods[i];
            char name[64];
            assert_int_equal(
                str_format(name, sizeof name, "%s.%s", m->resource, m->verb),
                0);
            assert_string_equal(m->method, name);
            int id = rpc_method_find(name);
            assert_true(id >= 0);
            assert_int_equal(m->write, rpc_methods[id].write);
            assert_int_equal(m->is_long, rpc_methods[id].is_long);
            /* request_id is the client's own; each member of an object is an
             * option of its own. */
            assert_int_equal(options_of(m) + m->write,
                             rpc_methods[id].n_params);
            methods++;
        }
    /* session.open, .sign_in, .resume, .refresh, .sign_out, events.* and the
     * parts of an upload are for programs alone. */
    assert_int_equal(methods, RPC_METHOD_COUNT - 10);
}

static const struct cli_method *cli_find(const char *method) {
    for (size_t r = 0; r < cli_resources_n; r++)
        for (size_t i = 0; i < cli_resources[r].n_methods; i++)
            if (str_eq(cli_resources[r].methods[i].method, method))
                return &cli_resources[r].methods[i];
    fail_msg("no %s on the command line", method);
    return NULL;
}

static const struct cli_param *cli_param(const struct cli_method *m,
                                         const char *name) {
    for (size_t i = 0; i < m->n_params; i++)
        if (str_eq(m->params[i].name, name))
            return &m->params[i];
    fail_msg("no %s", name);
    return NULL;
}

static void test_cli_hints(void **state) {
    (void)state;
    const struct cli_method *create = cli_find("stores.create");
    assert_string_equal(cli_param(create, "allow_http")->option,
                        "--allow-http");
    assert_int_equal(cli_param(create, "allow_http")->type, CLI_BOOL);
    assert_true(cli_param(create, "secret")->file);
    assert_true(cli_param(create, "secret")->secret);
    assert_true(cli_param(create, "secret")->required);
    assert_true(cli_param(create, "interval")->duration);
    const struct cli_method *sync = cli_find("stores.sync");
    assert_string_equal(sync->alias, "sync");
    assert_true(sync->no_wait);
    assert_int_equal(cli_param(sync, "only")->type, CLI_LIST);
    const struct cli_method *list = cli_find("orders.list");
    assert_true(list->list);
    assert_non_null(strstr(list->columns, "customer_name"));
    assert_string_equal(cli_param(list, "limit")->def, "50");
    assert_int_equal(cli_param(list, "limit")->max, 500);
    assert_int_equal(cli_param(cli_find("orders.get"), "ref")->position, 1);
}

static void test_openrpc(void **state) {
    (void)state;
    struct arena *a = arena_new(0);
    const struct json *doc = NULL;
    const struct json_limits limits = {.unique_keys = true};
    assert_int_equal(strlen(openrpc_text), openrpc_n);
    assert_null(strchr(openrpc_text, '\n'));
    assert_int_equal(
        json_parse(a, openrpc_text, openrpc_n, &limits, &doc, NULL), 0);
    const struct json *methods = json_get(doc, "methods");
    assert_int_equal(json_count(methods), RPC_METHOD_COUNT);
    int i = 0;
    for (const struct json *m = json_first(methods); m; m = json_next(m), i++) {
        assert_string_equal(json_string(json_get(m, "name")),
                            rpc_methods[i].name);
        assert_int_equal(json_count(json_get(m, "params")),
                         rpc_methods[i].n_params);
    }
    arena_free(a);
}

static void test_actions(void **state) {
    (void)state;
    for (int i = 0; i < ACTION_COUNT; i++) {
        const struct action_row *a = &action_rows[i];
        assert_true(a->views != 0 && a->views >> VIEW_COUNT == 0);
        assert_true(*a->keys);
        char id[64];
        assert_int_equal(str_format(id, sizeof id, "action.%s.help", a->name),
                         0);
        assert_int_equal(text_find(id), (int)a->help_text);
    }
    assert_string_equal(action_rows[ACTION_BACK].name, "back");
    assert_string_equal(action_view_names[VIEW_ORDERS], "orders");
    assert_true(action_rows[ACTION_STORE_REMOVE].write);
    assert_true(action_rows[ACTION_STORE_REMOVE].admin);
    assert_false(action_rows[ACTION_STORE_SYNC].write);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_query_keys), cmocka_unit_test(test_keys_parse),
        cmocka_unit_test(test_cli),        cmocka_unit_test(test_cli_hints),
        cmocka_unit_test(test_openrpc),    cmocka_unit_test(test_actions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
