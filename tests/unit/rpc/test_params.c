/* The generated parameter tables and the reader behind them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/err.h"
#include "common/json.h"
#include "rpc.gen.h"

/* Longest struct of a method, aligned for any member. */
union params {
    struct rpc_orders_list_params orders_list;
    struct rpc_orders_get_params orders_get;
    struct rpc_stores_create_params stores_create;
    struct rpc_stores_sync_params stores_sync;
    struct rpc_events_subscribe_params subscribe;
    struct rpc_session_open_params open;
    struct rpc_attention_retry_params retry;
};

struct fixture {
    struct arena *arena;
    union params p;
    struct error e;
};

static int setup(void **state) {
    struct fixture *f = test_calloc(1, sizeof *f);
    f->arena = arena_new(0);
    *state = f;
    return 0;
}

static int teardown(void **state) {
    struct fixture *f = *state;
    arena_free(f->arena);
    test_free(f);
    return 0;
}

static int parse(struct fixture *f, enum rpc_method m, const char *text) {
    const struct json *v = NULL;
    if (text)
        assert_int_equal(
            json_parse(f->arena, text, strlen(text), NULL, &v, NULL), 0);
    assert_true(rpc_methods[m].size <= sizeof f->p);
    memset(&f->e, 0, sizeof f->e);
    return rpc_params_parse(m, v, &f->p, &f->e);
}

/* The fault is invalid_params, names the field and says `what`. */
static void refused(struct fixture *f, enum rpc_method m, const char *text,
                    const char *field, const char *what) {
    assert_int_equal(parse(f, m, text), ERR_INVALID_PARAMS);
    assert_int_equal(f->e.code, ERR_INVALID_PARAMS);
    assert_string_equal(f->e.where, field);
    if (!strstr(f->e.detail, what))
        fail_msg("\"%s\" does not say \"%s\"", f->e.detail, what);
}

static void test_defaults(void **state) {
    struct fixture *f = *state;
    assert_int_equal(parse(f, RPC_ORDERS_LIST, NULL), 0);
    const struct rpc_orders_list_params *p = &f->p.orders_list;
    assert_int_equal(p->limit, 50);
    assert_false(p->has_limit);
    assert_int_equal(p->sort, RPC_ORDERS_LIST_SORT_DATE_CREATED_DESC);
    assert_null(p->filter);
    assert_null(p->after);
    assert_true(p->fields & (UINT64_C(1) << RPC_ORDER_ROW_PENDING));
    assert_true(p->fields & (UINT64_C(1) << RPC_ORDER_ROW_REF));
}

static void test_given(void **state) {
    struct fixture *f = *state;
    assert_int_equal(
        parse(f, RPC_ORDERS_LIST,
              "{\"filter\":\"late\",\"limit\":500,\"sort\":\"-total\","
              "\"store\":\"alpine\",\"fields\":[\"ref\",\"total\"]}"),
        0);
    const struct rpc_orders_list_params *p = &f->p.orders_list;
    assert_string_equal(p->filter, "late");
    assert_true(p->has_filter);
    assert_int_equal(p->limit, 500);
    assert_true(p->has_limit);
    assert_int_equal(p->sort, RPC_ORDERS_LIST_SORT_TOTAL_DESC);
    assert_string_equal(p->store, "alpine");
    assert_int_equal(p->fields, (UINT64_C(1) << RPC_ORDER_ROW_REF) |
                                    (UINT64_C(1) << RPC_ORDER_ROW_TOTAL));
    assert_false(p->has_after);
}

static void test_reference(void **state) {
    struct fixture *f = *state;
    assert_int_equal(parse(f, RPC_ORDERS_GET, "{\"ref\":\"alpine:1779\"}"), 0);
    assert_string_equal(f->p.orders_get.ref.store, "alpine");
    assert_int_equal(f->p.orders_get.ref.id, 1779);
    refused(f, RPC_ORDERS_GET, "{\"ref\":\"alpine\"}", "ref", "reference");
    refused(f, RPC_ORDERS_GET, "{\"ref\":12}", "ref", "reference");
}

static void test_missing(void **state) {
    struct fixture *f = *state;
    refused(f, RPC_ORDERS_GET, "{}", "ref", "is missing");
    refused(f, RPC_ORDERS_GET, NULL, "ref", "is missing");
}

static void test_unknown(void **state) {
    struct fixture *f = *state;
    refused(f, RPC_ORDERS_LIST, "{\"limt\":5}", "limt", "did you mean limit?");
    refused(f, RPC_ORDERS_LIST, "{\"Limit\":5}", "Limit", "unknown");
    refused(f, RPC_ORDERS_LIST, "{\"zzzzzzzzzz\":5}", "zzzzzzzzzz",
            "unknown parameter");
    /* Only a write takes a request_id. */
    refused(f, RPC_ORDERS_LIST, "{\"request_id\":\"a\"}", "request_id",
            "unknown");
}

static void test_wrong_type(void **state) {
    struct fixture *f = *state;
    refused(f, RPC_ORDERS_LIST, "{\"limit\":\"5\"}", "limit", "integer");
    refused(f, RPC_ORDERS_LIST, "{\"limit\":5.5}", "limit", "integer");
    refused(f, RPC_ORDERS_LIST, "{\"limit\":null}", "limit", "integer");
    refused(f, RPC_ORDERS_LIST, "{\"filter\":7}", "filter", "string");
    refused(f, RPC_ORDERS_LIST, "{\"fields\":\"ref\"}", "fields", "array");
    refused(f, RPC_ORDERS_LIST, "{\"sort\":1}", "sort", "one of");
    refused(f, RPC_STORES_SYNC, "{\"all\":\"true\"}", "all", "true or false");
    refused(f, RPC_STORES_SYNC, "{\"all\":1}", "all", "true or false");
    refused(f, RPC_STORES_SYNC, "[]", "", "object");
    refused(f, RPC_EVENTS_SUBSCRIBE, "{\"stores\":\"alpine\"}", "stores",
            "array");
}

static void test_out_of_range(void **state) {
    struct fixture *f = *state;
    refused(f, RPC_ORDERS_LIST, "{\"limit\":0}", "limit", "between 1 and 500");
    refused(f, RPC_ORDERS_LIST, "{\"limit\":501}", "limit",
            "between 1 and 500");
    refused(f, RPC_ORDERS_LIST, "{\"limit\":1e300}", "limit", "");
    refused(f, RPC_ORDERS_LIST, "{\"after\":\"\"}", "after", "characters");
    refused(f, RPC_SESSION_OPEN, "{\"version\":1}", "client", "is missing");
    refused(f, RPC_SESSION_OPEN, "{\"client\":\"\",\"version\":1}", "client",
            "1 to 64 characters");
    refused(f, RPC_ATTENTION_RETRY, "{\"id\":9007199254740993}", "id",
            "between");
}

static void test_characters_not_bytes(void **state) {
    struct fixture *f = *state;
    AUTO_BUF struct buf text = BUF_INIT;
    buf_adds(&text, "{\"version\":1,\"client\":\"");
    for (int i = 0; i < 64; i++)
        buf_adds(&text, "ş");
    buf_adds(&text, "\"}");
    assert_int_equal(parse(f, RPC_SESSION_OPEN, buf_str(&text)), 0);
}

static void test_choices(void **state) {
    struct fixture *f = *state;
    refused(f, RPC_ORDERS_LIST, "{\"sort\":\"price\"}", "sort",
            "\"price\" is not one of -date_created, date_created");
    refused(f, RPC_ORDERS_LIST, "{\"fields\":[\"ref\",\"nope\"]}", "fields",
            "\"nope\" is not one of");
    refused(f, RPC_STORES_SYNC, "{\"only\":[]}", "only", "empty");
    refused(f, RPC_STORES_SYNC, "{\"only\":[3]}", "only", "string");
    assert_int_equal(
        parse(f, RPC_STORES_SYNC, "{\"only\":[\"orders\",\"orders\"]}"), 0);
    assert_int_equal(f->p.stores_sync.only, UINT64_C(1)
                                                << RPC_COLLECTION_ORDERS);
    assert_int_equal(parse(f, RPC_STORES_SYNC, NULL), 0);
    assert_int_equal(f->p.stores_sync.only, 0x7f);
}

static void test_store_names(void **state) {
    struct fixture *f = *state;
    refused(f, RPC_ORDERS_LIST, "{\"store\":\"Alpine\"}", "store",
            "store's name");
    refused(f, RPC_EVENTS_SUBSCRIBE, "{\"stores\":[\"ok\",\"../x\"]}", "stores",
            "entry 2");
    assert_int_equal(
        parse(f, RPC_EVENTS_SUBSCRIBE, "{\"stores\":[\"a\",\"b\"]}"), 0);
    assert_int_equal(f->p.subscribe.n_stores, 2);
    assert_string_equal(f->p.subscribe.stores[1], "b");
}

static void test_too_many_strings(void **state) {
    struct fixture *f = *state;
    AUTO_BUF struct buf text = BUF_INIT;
    buf_adds(&text, "{\"stores\":[\"a\"");
    for (int i = 0; i < 127; i++)
        buf_adds(&text, ",\"a\"");
    size_t n = text.len;
    buf_adds(&text, "]}");
    assert_int_equal(parse(f, RPC_EVENTS_SUBSCRIBE, buf_str(&text)), 0);
    assert_int_equal(f->p.subscribe.n_stores, 128);
    buf_truncate(&text, n);
    buf_adds(&text, ",\"a\"]}");
    refused(f, RPC_EVENTS_SUBSCRIBE, buf_str(&text), "stores", "at most 128");
}

static void test_request_id(void **state) {
    struct fixture *f = *state;
    assert_int_equal(
        parse(f, RPC_ATTENTION_RETRY, "{\"id\":3,\"request_id\":\"a b\"}"), 0);
    assert_string_equal(f->p.retry.request_id, "a b");
    refused(f, RPC_ATTENTION_RETRY, "{\"id\":3,\"request_id\":\"\\u0007\"}",
            "request_id", "printable");
    refused(f, RPC_ATTENTION_RETRY, "{\"id\":3,\"request_id\":\"\"}",
            "request_id", "1 to 64");
}

static void test_method_table(void **state) {
    (void)state;
    assert_int_equal(rpc_method_find("orders.list"), RPC_ORDERS_LIST);
    assert_int_equal(rpc_method_find("orders.lists"), -1);
    assert_int_equal(rpc_method_find(""), -1);
    for (int i = 0; i < RPC_METHOD_COUNT; i++) {
        const struct rpc_method_row *row = &rpc_methods[i];
        assert_int_equal(rpc_method_find(row->name), i);
        assert_true(row->roles & RPC_ROLE_ADMIN);
        /* Every write can be repeated safely, nothing else offers to. */
        bool found = false;
        for (size_t k = 0; k < row->n_params; k++)
            found |= strcmp(row->params[k].name, "request_id") == 0;
        assert_int_equal(found, row->write);
    }
    assert_true(rpc_methods[RPC_STORES_CREATE].write);
    assert_true(rpc_methods[RPC_STORES_CREATE].is_long);
    assert_int_equal(rpc_methods[RPC_STORES_CREATE].roles, RPC_ROLE_ADMIN);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_defaults),         TEST(test_given),
        TEST(test_reference),        TEST(test_missing),
        TEST(test_unknown),          TEST(test_wrong_type),
        TEST(test_out_of_range),     TEST(test_characters_not_bytes),
        TEST(test_choices),          TEST(test_store_names),
        TEST(test_too_many_strings), TEST(test_request_id),
        TEST(test_method_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
