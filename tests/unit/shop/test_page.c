/* Pages: rows set aside, equal rows skipped, cut arrays, every recording and
 * every mutation of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/digest.h"
#include "common/err.h"
#include "common/json.h"
#include "common/mem.h"
#include "common/str.h"
#include "model/kept.h"
#include "shop/page.h"
#include "tests/lib/recording.h"

static struct page *prepare(enum mirror_kind kind, const char *body) {
    struct page_options o = {.kind = kind, .parent_id = 1};
    struct page *p = NULL;
    struct error e;
    /* an exact copy: a read beyond the end is found */
    size_t n = strlen(body);
    AUTO_FREE char *copy = mem_alloc(n);
    memcpy(copy, body, n);
    assert_int_equal(page_prepare(&o, copy, n, &p, &e), 0);
    return p;
}

#define GOOD "{\"id\":1,\"status\":\"a\",\"total\":\"1\"}"

static void one_bad_row(void **state) {
    (void)state;
    struct page *p = prepare(
        MIRROR_ORDER, "[" GOOD ",{\"id\":2,\"status\":\"a\",\"total\":\"x\"},"
                      "{\"id\":\"3\",\"status\":\"a\",\"total\":\"1\"},"
                      "{\"id\":4,\"a\":\"\xff\"},7]");
    assert_int_equal(p->rows, 5);
    assert_int_equal(p->n, 2);
    assert_int_equal(p->orders[0].o.remote_id, 1);
    assert_int_equal(p->orders[1].o.remote_id, 3);
    assert_int_equal(p->n_aside, 3);
    assert_int_equal(p->aside[0].remote_id, 2);
    assert_string_equal(p->aside[0].path, "total");
    assert_string_equal(p->aside[0].raw,
                        "{\"id\":2,\"status\":\"a\",\"total\":\"x\"}");
    assert_int_equal(p->aside[1].remote_id, 4);
    assert_non_null(strstr(p->aside[1].reason, "UTF-8"));
    assert_int_equal(p->aside[2].remote_id, 0);
    assert_int_equal(p->n_ids, 4);
    assert_false(p->cut);
    page_free(p);
}

static void raw_hash_is_of_the_slice(void **state) {
    uint8_t hash[16];
    (void)state;
    struct page *p = prepare(MIRROR_ORDER, " [ " GOOD " ] ");
    digest_raw(GOOD, strlen(GOOD), hash);
    assert_memory_equal(p->orders[0].o.raw_hash, hash, 16);
    page_free(p);
}

static void one_object(void **state) {
    (void)state;
    struct page *p = prepare(MIRROR_ORDER, "\n" GOOD "\n");
    assert_int_equal(p->rows, 1);
    assert_int_equal(p->n, 1);
    page_free(p);
    p = prepare(MIRROR_ORDER, "[]");
    assert_int_equal(p->rows, 0);
    page_free(p);
}

static void cut(void **state) {
    (void)state;
    struct page *p = prepare(MIRROR_ORDER, "[" GOOD ",{\"id\":2,\"sta");
    assert_true(p->cut);
    assert_int_equal(p->n, 1);
    page_free(p);
}

static void no_json(void **state) {
    static const char *const bodies[] = {"",
                                         "<html>",
                                         "null",
                                         "7",
                                         "  ",
                                         "{\"id\":2,\"sta",
                                         "{\"id\":2,\"a\":[1"};
    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        struct page_options o = {.kind = MIRROR_ORDER};
        struct page *p = NULL;
        struct error e;
        assert_int_equal(page_prepare(&o, bodies[i], strlen(bodies[i]), &p, &e),
                         ERR_SHOP_NOT_JSON);
        assert_null(p);
    }
}

static void too_many_rows(void **state) {
    struct page_options o = {.kind = MIRROR_NOTE, .max_rows = 2};
    struct page *p = NULL;
    struct error e;
    (void)state;
    assert_int_equal(page_prepare(&o, "[1,2,3]", 7, &p, &e), ERR_TOO_BIG);
    assert_int_equal(page_prepare(&o, "[1,2]", 5, &p, &e), 0);
    page_free(p);
}

static int same_as_7(void *arg, int64_t id, const uint8_t raw_hash[16]) {
    int *asked = arg;
    (void)raw_hash;
    ++*asked;
    return id == 7;
}

static void equal_rows_are_not_parsed(void **state) {
    int asked = 0;
    struct page_options o = {
        .kind = MIRROR_ORDER, .same = same_as_7, .same_arg = &asked};
    static const char body[] =
        "[{\"id\":7,\"date_modified_gmt\":\"2026-11-22T12:00:00\"},"
        "{\"id\":8,\"status\":\"a\",\"total\":\"1\","
        "\"date_modified_gmt\":\"2026-11-22T12:00:05\"}]";
    struct page *p = NULL;
    struct error e;
    (void)state;
    assert_int_equal(page_prepare(&o, body, strlen(body), &p, &e), 0);
    assert_int_equal(asked, 2);
    assert_int_equal(p->n_same, 1);
    assert_int_equal(p->n, 1);
    assert_int_equal(p->n_aside, 0);
    assert_int_equal(p->ids[0], 7);
    assert_int_equal(p->first_modified_ms, INT64_C(1795348800000));
    assert_int_equal(p->last_modified_ms, INT64_C(1795348805000));
    page_free(p);
}

/* Of orders 1..n as they come: how often the mirror was asked. */
static int asked_for(int n, size_t *ret_same) {
    int asked = 0;
    struct page_options o = {
        .kind = MIRROR_ORDER, .same = same_as_7, .same_arg = &asked};
    AUTO_BUF struct buf body = BUF_INIT;
    struct page *p = NULL;
    struct error e;
    for (int i = 1; i <= n; i++)
        buf_addf(&body, "%c{\"id\":%d,\"status\":\"a\",\"total\":\"1\"}",
                 i == 1 ? '[' : ',', i);
    buf_addc(&body, ']');
    assert_int_equal(page_prepare(&o, body.data, body.len, &p, &e), 0);
    assert_int_equal(p->n_same + p->n, n);
    *ret_same = p->n_same;
    page_free(p);
    return asked;
}

static void new_rows_are_not_asked_for_without_end(void **state) {
    size_t same;
    (void)state;
    assert_int_equal(asked_for(20, &same), 20); /* 7 is the same */
    assert_int_equal(same, 1);
    assert_int_equal(asked_for(40, &same), 7 + 16);
    assert_int_equal(same, 1);
}

static void kept_bytes(void **state) {
    struct kept *k = kept_new();
    struct page_options o = {.kind = MIRROR_ORDER, .kept = k};
    struct page *p = NULL;
    struct error e;
    const char *back;
    size_t n;
    (void)state;
    assert_int_equal(page_prepare(&o, GOOD, strlen(GOOD), &p, &e), 0);
    const struct mirror_object *m = &p->orders[0].o;
    assert_int_equal(kept_unpack(k, p->arena, m->z, m->z_n, m->dict, &back, &n),
                     0);
    assert_string_equal(back, GOOD);
    page_free(p);
    kept_free(k);
}

/* What was packed teaches the dictionary that is trained later. */
static void samples(void **state) {
    struct kept *k = kept_new();
    struct page_options o = {.kind = MIRROR_ORDER, .kept = k};
    struct page *p = NULL;
    struct error e;
    AUTO_BUF struct buf rows = BUF_INIT;
    (void)state;
    assert_int_equal(kept_train(k, MIRROR_ORDER), ERR_NOT_FOUND);
    for (int i = 0; i < 500; i++)
        buf_addf(&rows, "%s%s", i ? "," : "[", GOOD);
    buf_addc(&rows, ']');
    for (int i = 0; i < 4; i++) {
        assert_int_equal(page_prepare(&o, rows.data, rows.len, &p, &e), 0);
        page_free(p);
    }
    /* equal rows may be too alike to learn from, but they were there */
    assert_int_not_equal(kept_train(k, MIRROR_ORDER), ERR_NOT_FOUND);
    kept_free(k);
}

/* Which kind the answer of a recorded request holds; -1: none of ours. */
static int kind_of(const struct recording *r) {
    if (strstr(r->path, "batch") || strstr(r->path, "statuses") ||
        strstr(r->path, "actions") || strstr(r->path, "receipt") ||
        strstr(r->path, "fulfillments") || strstr(r->path, "analytics"))
        return -1;
    if (strstr(r->path, "/notes"))
        return MIRROR_NOTE;
    if (strstr(r->path, "/refunds"))
        return MIRROR_REFUND;
    if (strstr(r->path, "/products/categories"))
        return MIRROR_CATEGORY;
    if (strstr(r->path, "/orders"))
        return MIRROR_ORDER;
    if (strstr(r->path, "/products") || strstr(r->path, "/variations"))
        return MIRROR_PRODUCT;
    return strstr(r->path, "/customers") ? MIRROR_CUSTOMER : -1;
}

static bool is_object_answer(const struct recording *r) {
    const struct json *q = json_get(json_get(r->root, "request"), "query");
    int64_t status = 0;
    (void)json_i64(json_path(r->root, "response.status"), false, &status);
    return status >= 200 && status < 300 && !json_get(q, "_fields") &&
           kind_of(r) >= 0 && r->body.len > 0;
}

/* Recorded rows that a person shall see: none decode with a lie. */
static void check_recording(const struct recording *r, void *arg) {
    int *rows = arg;
    if (!is_object_answer(r))
        return;
    struct page *p = prepare((enum mirror_kind)kind_of(r), buf_str(&r->body));
    if (p->n_aside)
        fail_msg("%s: %s: %s", r->name, p->aside[0].path, p->aside[0].reason);
    *rows += (int)p->n;
    page_free(p);
}

static void every_recording(void **state) {
    int rows = 0;
    (void)state;
    assert_true(recording_each(check_recording, &rows) > 250);
    assert_true(rows > 150);
}

/* Replace the value behind the n-th ':' of text by what; false when there are
 * fewer. */
static bool mutate(const char *text, size_t n, const char *what,
                   struct buf *out) {
    bool in = false, key_end = false;
    size_t seen = 0;
    for (size_t i = 0; text[i]; i++) {
        if (text[i] == '\\' && in) {
            i++;
            continue;
        }
        if (text[i] == '"')
            in = !in;
        key_end = !in && text[i] == ':';
        if (!key_end || seen++ != n)
            continue;
        size_t end = i + 1;
        int depth = 0;
        for (bool s = false; text[end]; end++) {
            if (text[end] == '\\' && s) {
                end++;
                continue;
            }
            if (text[end] == '"')
                s = !s;
            if (s)
                continue;
            if (strchr("[{", text[end]))
                depth++;
            if (depth == 0 && strchr(",]}", text[end]))
                break;
            if (strchr("]}", text[end]))
                depth--;
        }
        buf_clear(out);
        buf_add(out, text, i + 1);
        buf_adds(out, what);
        buf_adds(out, text + end);
        return true;
    }
    return false;
}

static const char *const values[] = {
    "null",     "0",          "1",           "-1",
    "true",     "false",      "\"\"",        "\"7\"",
    "[]",       "{}",         "\"x\"",       "9007199254740993",
    "1e308",    "[[[[[]]]]]", "\"\\u0000\"", "\"1.5\"",
    "-0.00005", "\"\xff\"",
};

/* Every member of one object of each kind, replaced by each value: accepted or
 * set aside, and its neighbour is untouched. */
static void mutations(void **state) {
    static const struct {
        const char *recording;
        enum mirror_kind kind;
    } rows[] = {
        {"order-with-refunds", MIRROR_ORDER},
        {"product-simple-single", MIRROR_PRODUCT},
        {"customer-put", MIRROR_CUSTOMER},
        {"refund-create-restock", MIRROR_REFUND},
        {"order-note-create-customer", MIRROR_NOTE},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct recording r;
        AUTO_BUF struct buf bad = BUF_INIT;
        AUTO_BUF struct buf body = BUF_INIT;
        size_t v = 0;
        recording_read(rows[i].recording, &r);
        for (size_t n = 0; mutate(buf_str(&r.body), n, values[v], &bad);) {
            buf_clear(&body);
            buf_addf(&body, "[%s,", buf_str(&bad));
            buf_addf(&body, "%s]", buf_str(&r.body));
            struct page *p = prepare(rows[i].kind, buf_str(&body));
            assert_int_equal(p->rows, 2);
            assert_int_equal(p->n + p->n_aside, 2);
            assert_true(p->n >= 1);
            page_free(p);
            v = (v + 1) % (sizeof values / sizeof *values);
            n += v == 0;
        }
        recording_done(&r);
    }
}

static void deep(void **state) {
    AUTO_BUF struct buf b = BUF_INIT;
    (void)state;
    buf_adds(&b, "[{\"id\":5,\"status\":\"a\",\"total\":\"1\",\"x\":");
    for (int i = 0; i < 50000; i++)
        buf_addc(&b, '[');
    for (int i = 0; i < 50000; i++)
        buf_addc(&b, ']');
    buf_adds(&b, "}," GOOD "]");
    struct page *p = prepare(MIRROR_ORDER, buf_str(&b));
    assert_int_equal(p->n, 1);
    assert_int_equal(p->n_aside, 1);
    assert_int_equal(p->aside[0].remote_id, 5);
    assert_non_null(strstr(p->aside[0].reason, "deeper"));
    page_free(p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_bad_row),
        cmocka_unit_test(raw_hash_is_of_the_slice),
        cmocka_unit_test(one_object),
        cmocka_unit_test(cut),
        cmocka_unit_test(no_json),
        cmocka_unit_test(too_many_rows),
        cmocka_unit_test(equal_rows_are_not_parsed),
        cmocka_unit_test(new_rows_are_not_asked_for_without_end),
        cmocka_unit_test(kept_bytes),
        cmocka_unit_test(samples),
        cmocka_unit_test(every_recording),
        cmocka_unit_test(mutations),
        cmocka_unit_test(deep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
