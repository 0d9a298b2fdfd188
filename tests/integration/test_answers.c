/* Whatever a shop answers while it is read: a row is set aside or the pass
 * fails with its class; the daemon stays up and small, nothing is believed that
 * is not so, and once the shop is well again the mirror is the shop. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/mem.h"
#include "tests/lib/recording.h"
#include "tests/lib/test.h"
#include "tests/lib/world.h"

enum { PEAK_KB = 160 * 1024, ROWS = 430 };

static void mirrored(struct world *w) {
    world_start(w, "--storage", "hpos", "--seed", "9", "--orders", "400",
                "--products", "30", "--customers", "30", NULL);
    world_store(w, "alpine", ",\"paused\":true");
    (void)world_job(w, "stores.sync", "{\"store\":\"alpine\"}");
}

static void recovers(struct world *w) {
    free(shop_proc_delete(&w->shop, "faults"));
    (void)world_job(w, "stores.sync", "{\"store\":\"alpine\",\"full\":true}");
    world_assert_true(w, ROWS);
}

/* Highest memory of the daemon, in kB. */
static long peak_kb(const struct world *w) {
    char path[64], line[256];
    long kb = 0;
    (void)snprintf(path, sizeof path, "/proc/%d/status", (int)w->d.pid);
    FILE *f = fopen(path, "re");
    assert_non_null(f);
    while (fgets(line, sizeof line, f))
        if (strncmp(line, "VmHWM:", 6) == 0)
            kb = strtol(line + 6, NULL, 10);
    (void)fclose(f);
    return kb;
}

static void assert_small(const struct world *w) {
    long kb = peak_kb(w);
    assert_true(kb > 0);
#ifndef __SANITIZE_ADDRESS__
    if (kb > PEAK_KB)
        fail_msg("the daemon took %ld kB", kb);
#endif
}

/* --- one pass ---------------------------------------------------------- */

static const char *text(const struct json *v, const char *key) {
    const char *s = json_string(json_get(v, key));
    return s ? s : "";
}

static int64_t sum_of(const struct json *job, const char *key) {
    int64_t sum = 0, n;
    const struct json *s =
        json_first(json_get(json_get(job, "result"), "stores"));
    const struct json *c = json_first(json_get(s, "collections"));
    for (; c; c = json_next(c))
        if (json_i64(json_get(c, key), false, &n) == 0)
            sum += n;
    return sum;
}

/* Run a pass over a collection; it ends, and when it fails it says why. */
static const struct json *pass(struct world *w, const char *only, bool full,
                               const char *what) {
    char params[128];
    (void)snprintf(params, sizeof params,
                   "{\"store\":\"alpine\",\"only\":[\"%s\"],\"full\":%s}", only,
                   full ? "true" : "false");
    const struct json *j =
        rpc_call_job(&w->c, "stores.sync", params, WORLD_JOB_MS);
    const struct json *e = json_get(j, "error");
    const char *state = text(j, "state");
    if (strcmp(state, "done") != 0 && strncmp(text(e, "code"), "shop_", 5) != 0)
        fail_msg("%s: %s with '%s'", what, state, text(e, "code"));
    return j;
}

/* --- bodies ------------------------------------------------------------ */

static void write_file(const struct world *w, const char *name, const void *p,
                       size_t n) {
    char path[96];
    (void)snprintf(path, sizeof path, "%s/%s", w->d.dir, name);
    FILE *f = fopen(path, "we");
    assert_non_null(f);
    assert_int_equal(fwrite(p, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
}

/* Lists of the collection answer that, `next` times; 0: always. */
static void serve(struct world *w, const char *route, int status, int next,
                  const void *p, size_t n) {
    write_file(w, "body", p, n);
    world_door(w, "faults",
               "{\"kind\":\"file\",\"path\":\"/wc/v3/%s\",\"value\":%d,"
               "\"next\":%d,\"file\":\"%s/body\"}",
               route, status, next, w->d.dir);
}

/* The body where a page is expected, in a pass for changes and a full one. */
static void served(struct world *w, const char *name, int status, const void *p,
                   size_t n) {
    /* asked again after a wait: once is enough */
    int next = status == 429 || status >= 500 ? 1 : 0;
    for (int full = 0; full < 2; full++) {
        serve(w, "orders", status, next, p, n);
        (void)pass(w, "orders", full, name);
        free(shop_proc_delete(&w->shop, "faults"));
    }
}

static void as_a_page(const struct recording *r, void *arg) {
    struct http_answer a;
    const char *name = strncmp(r->name, "hpos-", 5) ? r->name : r->name + 5;
    if (strncmp(name, "err-", 4) != 0 && strncmp(name, "odd-", 4) != 0)
        return;
    recording_answer(r, &a);
    served(arg, r->name, a.status, r->body.data, r->body.len);
    http_answer_done(&a);
}

static void every_recorded_error_is_survived(void **state) {
    (void)state;
    struct world w;
    mirrored(&w);
    assert_true(recording_each(as_a_page, &w) > 100);
    assert_small(&w);
    recovers(&w);
    world_done(&w);
}

static void what_is_no_page_is_told(void **state) {
    (void)state;
    static const char *const bodies[] = {
        "",       " ",           "null",         "true",
        "42",     "\"text\"",    "{}",           "{\"0\":{}}",
        "[",      "[{",          "[{\"id\":",    "[]]",
        "[,]",    "[{}]x",       "\x1f\x8b\x08", "\xef\xbb\xbf[",
        "<html>", "[{\"id\":1}", "\xff\xfe[]",
    };
    struct world w;
    mirrored(&w);
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        serve(&w, "orders", 200, 0, bodies[i], strlen(bodies[i]));
        const struct json *j = pass(&w, "orders", false, bodies[i]);
        if (strcmp(text(j, "state"), "failed") != 0)
            fail_msg("'%s' passed for a page", bodies[i]);
        assert_true(strlen(text(json_get(j, "error"), "message")) > 10);
        free(shop_proc_delete(&w.shop, "faults"));
    }
    recovers(&w);
    world_done(&w);
}

/* --- rows -------------------------------------------------------------- */

/* One recorded order as many, with one member each spoilt. */
static size_t spoilt_rows(const char *with, struct buf *out) {
    struct recording r;
    struct arena *a = arena_new(0);
    const struct json *o;
    size_t n = 0;
    recording_read("order-single-rich", &r);
    assert_int_equal(json_parse(a, r.body.data, r.body.len, NULL, &o, NULL), 0);
    buf_addc(out, '[');
    for (const struct json *m = json_first(o); m; m = json_next(m)) {
        if (strcmp(json_key(m), "id") == 0)
            continue;
        buf_addf(out, "%s{\"id\":%zu", n ? "," : "", 800000 + n);
        for (const struct json *c = json_first(o); c; c = json_next(c)) {
            if (strcmp(json_key(c), "id") == 0)
                continue;
            buf_addf(out, ",\"%s\":", json_key(c));
            if (c == m)
                buf_adds(out, with);
            else
                json_print(out, c);
        }
        buf_addc(out, '}');
        n++;
    }
    buf_addc(out, ']');
    arena_free(a);
    recording_done(&r);
    return n;
}

static size_t attention(struct world *w, const struct json **ret) {
    const struct json *l = world_call(w, "attention.list", "{\"limit\":500}");
    *ret = json_first(json_get(l, "items"));
    return json_count(json_get(l, "items"));
}

/* Anything may be null, another type, or nonsense: each row is taken or set
 * aside, none is lost. */
static void any_member_may_be_anything(void **state) {
    (void)state;
    static const char *const with[] = {
        "null",
        "\"\"",
        "[]",
        "{}",
        "-1",
        "12.50",
        "true",
        "\"x\"",
        "9007199254740993",
        "1e999",
        "\"123\"",
        "[null,1,\"x\",[],{}]",
        "{\"a\":{\"b\":[1]}}",
    };
    struct world w;
    const struct json *row;
    mirrored(&w);
    for (size_t i = 0; i < sizeof with / sizeof *with; i++) {
        AUTO_BUF struct buf page = BUF_INIT;
        size_t n = spoilt_rows(with[i], &page);
        serve(&w, "orders", 200, 1, page.data, page.len);
        const struct json *j = pass(&w, "orders", false, with[i]);
        assert_string_equal(text(j, "state"), "done");
        assert_true(sum_of(j, "rows") >= (int64_t)n);
        free(shop_proc_delete(&w.shop, "faults"));
    }
    assert_true(attention(&w, &row) > 0);
    assert_small(&w);
    world_done(&w);
}

static void odd_rows_are_shown(void **state) {
    (void)state;
    struct world w;
    const struct json *row;
    mirrored(&w);
    for (int odd = 0; odd < 8; odd++) {
        size_t before = attention(&w, &row);
        world_door(&w, "faults",
                   "{\"kind\":\"odd_row\",\"value\":%d,"
                   "\"path\":\"/wc/v3/orders\"}",
                   odd);
        const struct json *j = pass(&w, "orders", true, "odd row");
        bool aside = sum_of(j, "aside") > 0;
        if (strcmp(text(j, "state"), "done") == 0 && odd != 1)
            assert_true(aside);
        assert_true(attention(&w, &row) >= before + aside);
        free(shop_proc_delete(&w.shop, "faults"));
    }
    for (size_t n = attention(&w, &row); n > 0; n--, row = json_next(row)) {
        assert_string_equal(text(row, "store"), "alpine");
        assert_string_equal(text(row, "what"), "decode");
        assert_true(strlen(text(row, "detail")) > 3);
        assert_true(strlen(text(row, "raw")) <= 2000 * 4);
    }
    recovers(&w);
    world_done(&w);
}

static int64_t retry(struct world *w, int64_t id, bool *ret_solved) {
    const struct json *r =
        world_call(w, "attention.retry", "{\"id\":%lld}", (long long)id);
    assert_int_equal(json_bool(json_get(r, "solved"), false, ret_solved), 0);
    return (int64_t)strlen(text(r, "detail"));
}

/* The object with that total. */
static void put_broken(struct buf *out, const struct json *o) {
    const char *sep = "{";
    for (const struct json *m = json_first(o); m; m = json_next(m)) {
        buf_addf(out, "%s\"%s\":", sep, json_key(m));
        if (strcmp(json_key(m), "total") == 0)
            buf_adds(out, "\"twelve\"");
        else
            json_print(out, m);
        sep = ",";
    }
    buf_addc(out, '}');
}

/* The shop answers an order of its own broken, in the list and alone. */
static void break_order(struct world *w, long long id) {
    AUTO_BUF struct buf page = BUF_INIT;
    const struct json *raw =
        world_call(w, "orders.raw", "{\"ref\":\"alpine:%lld\"}", id);
    buf_addc(&page, '[');
    put_broken(&page, json_get(raw, "object"));
    buf_addc(&page, ']');
    serve(w, "orders", 200, 0, page.data, page.len);
    char route[64];
    write_file(w, "one", page.data + 1, page.len - 2);
    write_file(w, "none", "[]", 2);
    (void)snprintf(route, sizeof route, "/wc/v3/orders/%lld", id);
    world_door(w, "faults",
               "[{\"kind\":\"file\",\"path\":\"%s\",\"file\":\"%s/one\"},"
               "{\"kind\":\"file\",\"path\":\"%s/\",\"file\":\"%s/none\"}]",
               route, w->d.dir, route, w->d.dir);
}

/* An order a plugin broke, until somebody mends it in the shop. */
static void a_mended_order_is_read_again(void **state) {
    (void)state;
    struct world w;
    int64_t ids[3];
    const struct json *row;
    bool solved = true;
    mirrored(&w);
    assert_int_equal(world_ids(&w, "orders", ids, 3), 3);
    break_order(&w, (long long)ids[2]);
    const struct json *j = pass(&w, "orders", false, "broken order");
    assert_true(sum_of(j, "aside") >= 1);
    assert_int_equal(attention(&w, &row), 1);
    int64_t entry = world_number(row, "id");
    assert_int_equal(world_number(row, "remote_id"), ids[2]);
    assert_string_equal(text(row, "path"), "total");
    assert_non_null(strstr(text(row, "detail"), "Total"));
    assert_true(retry(&w, entry, &solved) > 0);
    assert_false(solved);
    free(shop_proc_delete(&w.shop, "faults"));
    (void)retry(&w, entry, &solved);
    assert_true(solved);
    assert_int_equal(attention(&w, &row), 0);
    recovers(&w);
    world_done(&w);
}

static void a_deleted_refund_is_found_out(void **state) {
    (void)state;
    struct world w;
    int64_t ids[4];
    mirrored(&w);
    size_t n = world_ids(&w, "refunds", ids, 4);
    assert_true(n > 0);
    world_door(&w, "delete", "{\"kind\":\"refunds\",\"id\":%lld}",
               (long long)ids[0]);
    recovers(&w);
    world_done(&w);
}

/* --- sizes and lengths ------------------------------------------------- */

static void fifty_megabytes_are_refused(void **state) {
    (void)state;
    struct world w;
    mirrored(&w);
    world_door(&w, "faults",
               "{\"kind\":\"junk\",\"value\":50,\"path\":\"/wc/v3/orders\"}");
    const struct json *j = pass(&w, "orders", false, "50 MB");
    assert_string_equal(text(json_get(j, "error"), "code"), "shop_too_large");
    assert_small(&w);
    recovers(&w);
    world_done(&w);
}

static void a_huge_row_is_bounded(void **state) {
    (void)state;
    struct world w;
    AUTO_BUF struct buf page = BUF_INIT;
    const struct json *row;
    mirrored(&w);
    buf_adds(&page, "[{\"id\":800001,\"number\":\"");
    for (int i = 0; i < 400000; i++)
        buf_adds(&page, "0123456789");
    buf_adds(&page, "\"}]");
    serve(&w, "orders", 200, 1, page.data, page.len);
    (void)pass(&w, "orders", false, "4 MB row");
    assert_true(attention(&w, &row) <= 1);
    assert_small(&w);
    recovers(&w);
    world_done(&w);
}

static void a_shop_that_seems_empty_is_not_believed(void **state) {
    (void)state;
    static const char *const routes[] = {"orders", "products", "customers"};
    struct world w;
    mirrored(&w);
    for (size_t i = 0; i < 3; i++) {
        serve(&w, routes[i], 200, 0, "[]", 2);
        const struct json *j = pass(&w, routes[i], true, routes[i]);
        assert_string_equal(text(j, "state"), "failed");
        assert_int_equal(sum_of(j, "gone"), 0);
        free(shop_proc_delete(&w.shop, "faults"));
    }
    world_assert_true(&w, ROWS);
    recovers(&w);
    world_done(&w);
}

static void a_total_that_lies_misleads_nobody(void **state) {
    (void)state;
    static const int off[] = {-390, -7, 7, 250, 2500};
    for (size_t i = 0; i < sizeof off / sizeof *off; i++) {
        struct world w;
        world_start(&w, "--storage", "hpos", "--seed", "9", "--orders", "400",
                    "--products", "30", "--customers", "30", NULL);
        world_store(&w, "alpine", ",\"paused\":true");
        world_door(&w, "faults", "{\"kind\":\"total\",\"value\":%d}", off[i]);
        (void)rpc_call_job(&w.c, "stores.sync", "{\"store\":\"alpine\"}",
                           WORLD_JOB_MS);
        assert_small(&w);
        recovers(&w);
        world_done(&w);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_recorded_error_is_survived),
        cmocka_unit_test(what_is_no_page_is_told),
        cmocka_unit_test(any_member_may_be_anything),
        cmocka_unit_test(odd_rows_are_shown),
        cmocka_unit_test(a_mended_order_is_read_again),
        cmocka_unit_test(a_deleted_refund_is_found_out),
        cmocka_unit_test(fifty_megabytes_are_refused),
        cmocka_unit_test(a_huge_row_is_bounded),
        cmocka_unit_test(a_shop_that_seems_empty_is_not_believed),
        cmocka_unit_test(a_total_that_lies_misleads_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
