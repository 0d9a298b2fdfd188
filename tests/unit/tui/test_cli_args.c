#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/arena.h"
#include "common/mem.h"
#include "common/str.h"
#include "common/ulid.h"
#include "tui/cli_args.h"
#include "tui/cli_find.h"

/* Read the words (NULL at the end) of "orders list"; the request as text. */
static int read_line(struct cli *c, const char *method, struct buf *ret,
                     const char *const *words) {
    char *argv[16];
    int argc = 0;
    while (words[argc]) {
        argv[argc] = (char *)(uintptr_t)words[argc];
        argc++;
    }
    *c = (struct cli){.lang = TEXT_EN, .io = {.in = stdin}};
    return cli_args_read(c, cli_find_method(method), argc, argv, ret);
}
#define READ(c, method, ret, ...)                                              \
    read_line(c, method, ret, (const char *const[]){__VA_ARGS__, NULL})

static void forget(struct cli *c) {
    free(c->fault.message);
    c->fault = (struct cli_fault){0};
}

static void expect(const char *method, const char *const *words,
                   const char *want) {
    AUTO_BUF struct buf got = BUF_INIT;
    struct cli c;
    assert_int_equal(read_line(&c, method, &got, words), 0);
    assert_string_equal(buf_str(&got), want);
}
#define EXPECT(method, want, ...)                                              \
    expect(method, (const char *const[]){__VA_ARGS__, NULL}, want)

static void expect_fault(const char *method, const char *const *words,
                         const char *want) {
    AUTO_BUF struct buf got = BUF_INIT;
    struct cli c;
    assert_int_equal(read_line(&c, method, &got, words), ERR_INVALID_PARAMS);
    assert_string_equal(c.fault.message, want);
    assert_int_equal(got.len, 0);
    forget(&c);
}
#define EXPECT_FAULT(method, want, ...)                                        \
    expect_fault(method, (const char *const[]){__VA_ARGS__, NULL}, want)

static void test_values(void **state) {
    (void)state;
    EXPECT("orders.list", "{\"store\":\"alpine\",\"limit\":5}", "--limit", "5",
           "--store=alpine");
    EXPECT("orders.list", "{\"filter\":\"a \\\"b\\\"\"}", "--filter",
           "a \"b\"");
    EXPECT("customers.list", "{\"fields\":[\"ref\",\"name\",\"email\"]}",
           "--fields", "ref,name", "--fields", "email");
    EXPECT("stores.sync", "{\"all\":true,\"only\":[\"orders\"],\"full\":false}",
           "--all", "--no-full", "--only", "orders");
    EXPECT("stores.sync", "{\"full\":true}", "--full=yes");
    EXPECT("orders.get", "{\"ref\":\"alpine:12\"}", "alpine:12");
    EXPECT("orders.get", "{\"ref\":\"alpine:12\"}", "--ref", "alpine:12");
    EXPECT("orders.get", "{\"ref\":\"--x\"}", "--", "--x");
}

/* The request without its request_id, which differs each time. */
static void expect_write(const char *method, const char *want,
                         const char *const *words) {
    AUTO_BUF struct buf got = BUF_INIT;
    struct cli c;
    assert_int_equal(read_line(&c, method, &got, words), 0);
    char *id = strstr(buf_str(&got), ",\"request_id\"");
    assert_non_null(id);
    *id = '\0';
    assert_string_equal(got.data, want);
}
#define EXPECT_WRITE(method, want, ...)                                        \
    expect_write(method, want, (const char *const[]){__VA_ARGS__, NULL})

static void test_numbers_below_zero(void **state) {
    (void)state;
    EXPECT_WRITE("inventory.adjust", "{\"ref\":\"alpine:34\",\"delta\":\"-2\"",
                 "alpine:34", "-2");
    EXPECT_FAULT("inventory.adjust",
                 "There is no option -x. --help lists them.", "alpine:34",
                 "-x");
}

static void test_objects(void **state) {
    (void)state;
    EXPECT_WRITE("orders.update",
                 "{\"ref\":\"alpine:12\",\"base\":{\"status\":\"on-hold\","
                 "\"meta[n]\":[1,2]},\"billing\":{\"first_name\":\"Zoe\","
                 "\"email\":\"z@x\"},\"shipping\":{\"city\":\"Oslo\"},"
                 "\"meta\":{\"gift\":\"a=b\",\"n\":\"1\"}",
                 "alpine:12", "--billing.email", "z@x", "--shipping.city=Oslo",
                 "--billing.first-name", "Zoe", "--meta", "gift=a=b", "--meta",
                 "n=1", "--base", "status=on-hold", "--base", "meta[n]:=[1,2]");
    EXPECT_WRITE("orders.refund",
                 "{\"ref\":\"alpine:12\",\"reason\":\"late\",\"amount\":\"5\","
                 "\"lines\":[{\"line\":7,\"amount\":\"5\"},{\"line\":8}]",
                 "alpine:12", "5", "--lines", "line=7,amount=5", "--lines",
                 "line=8", "--reason", "late");
    EXPECT_FAULT("orders.refund",
                 "--lines cannot be colour=1: it takes "
                 "line=..,quantity=..,amount=...",
                 "alpine:12", "5", "--lines", "colour=1");
    EXPECT_FAULT("orders.update", "--meta cannot be gift: it takes KEY=VALUE.",
                 "alpine:12", "--meta", "gift");
    EXPECT_FAULT("orders.update",
                 "--base cannot be a:={: it takes KEY=VALUE, KEY:=JSON.",
                 "alpine:12", "--base", "a:={");
    EXPECT_FAULT("orders.update",
                 "There is no option --billing.emal. Did you mean "
                 "--billing.email?",
                 "alpine:12", "--billing.emal", "x");
}

static void test_faults(void **state) {
    (void)state;
    EXPECT_FAULT("orders.list", "--limit cannot be 501: it takes 1..500.",
                 "--limit", "501");
    EXPECT_FAULT("orders.list", "--limit cannot be 5x: it takes 1..500.",
                 "--limit", "5x");
    EXPECT_FAULT("customers.list", "--sort cannot be nam: it takes name|-name.",
                 "--sort", "nam");
    EXPECT_FAULT("orders.list",
                 "There is no option --stor. Did you mean --store?", "--stor",
                 "a");
    EXPECT_FAULT("orders.list", "The option --store was given twice.",
                 "--store", "a", "--store", "b");
    EXPECT_FAULT("orders.list",
                 "The option --store has a value where none belongs, or lacks "
                 "its own.",
                 "--store");
    EXPECT_FAULT("orders.list",
                 "The option --json=1 has a value where none belongs, or lacks "
                 "its own.",
                 "--json=1");
    EXPECT_FAULT("orders.list",
                 "x is one word too many. --help tells what the command takes.",
                 "x");
    EXPECT_FAULT("orders.get", "--ref is missing.", "--json");
    EXPECT_FAULT("orders.get", "--ref cannot be ?: it takes UTF-8.", "\xff");
    EXPECT_FAULT("stores.sync", "--full cannot be x: it takes true|false.",
                 "--full=x");
    EXPECT_FAULT("stores.create",
                 "--secret is missing; --secret-file FILE reads it from a "
                 "file.",
                 "--name", "a", "--url", "https://a.test", "--key", "ck_1");
}

static void test_common_options(void **state) {
    (void)state;
    AUTO_BUF struct buf got = BUF_INIT;
    struct cli c;
    assert_int_equal(READ(&c, "orders.list", &got, "--csv", "--all"), 0);
    assert_true(c.o.csv && c.o.all && !c.o.json);
    assert_string_equal(buf_str(&got), "{}");
    buf_clear(&got);
    /* --all of sync is the method's own. */
    assert_int_equal(READ(&c, "stores.sync", &got, "--all"), 0);
    assert_false(c.o.all);
    buf_clear(&got);
    /* --fields where the method has none chooses columns. */
    assert_int_equal(READ(&c, "jobs.list", &got, "--fields", "id"), 0);
    assert_string_equal(c.o.fields, "id");
    buf_clear(&got);
    /* Help needs nothing else to be right. */
    assert_int_equal(READ(&c, "orders.get", &got, "-h"), 0);
    assert_true(c.o.help);
}

static void test_duration(void **state) {
    (void)state;
    struct cli c;
    AUTO_BUF struct buf got = BUF_INIT;
    assert_int_equal(
        READ(&c, "stores.update", &got, "peak", "--interval", "5m"), 0);
    assert_non_null(strstr(got.data, "\"interval\":300"));
    buf_clear(&got);
    assert_int_equal(
        READ(&c, "stores.update", &got, "peak", "--interval", "2w"),
        ERR_INVALID_PARAMS);
    forget(&c);
}

/* A write carries a request_id of its own, another each time. */
static void test_request_id(void **state) {
    (void)state;
    char id[2][ULID_TEXT];
    for (int i = 0; i < 2; i++) {
        AUTO_BUF struct buf got = BUF_INIT;
        struct cli c;
        assert_int_equal(READ(&c, "stores.pause", &got, "peak"), 0);
        assert_true(str_starts(got.data, "{\"store\":\"peak\",\"request_id\":"
                                         "\""));
        str_copy(id[i], ULID_TEXT, strstr(got.data, "_id\":\"") + 6);
        assert_true(ulid_valid(id[i]));
    }
    assert_string_not_equal(id[0], id[1]);
}

/* The content of the file is the value; its last line break is not. */
static void test_files(void **state) {
    (void)state;
    char path[] = "/tmp/cli-args-XXXXXX";
    int fd = mkstemp(path);
    AUTO_BUF struct buf got = BUF_INIT;
    struct cli c;
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "cs_91\r\n", 7), 7);
    assert_int_equal(READ(&c, "stores.test", &got, "--url", "https://a.test",
                          "--key", "ck", "--secret-file", path),
                     0);
    assert_non_null(strstr(got.data, "\"secret\":\"cs_91\""));
    buf_clear(&got);
    assert_int_equal(READ(&c, "stores.test", &got, "--ca-file", path), 0);
    assert_string_equal(buf_str(&got), "{\"ca\":\"cs_91\\r\\n\"}");
    buf_clear(&got);
    assert_int_equal(
        READ(&c, "stores.test", &got, "--secret", "x", "--secret-file", path),
        ERR_INVALID_PARAMS);
    forget(&c);
    assert_int_equal(ftruncate(fd, 4 << 20), 0);
    assert_int_equal(READ(&c, "stores.test", &got, "--ca-file", path),
                     ERR_INVALID_PARAMS);
    assert_non_null(strstr(c.fault.message, "> 3 MiB"));
    forget(&c);
    close(fd);
    unlink(path);
    assert_int_equal(READ(&c, "stores.test", &got, "--ca-file", path),
                     ERR_INVALID_PARAMS);
    assert_non_null(strstr(c.fault.message, path));
    forget(&c);
}

/* A secret is never shown, not even when it is wrong. */
static void test_secret_stays_hidden(void **state) {
    (void)state;
    AUTO_BUF struct buf got = BUF_INIT;
    struct cli c;
    assert_int_equal(READ(&c, "stores.test", &got, "--secret", "cs_\xff"),
                     ERR_INVALID_PARAMS);
    assert_null(strstr(c.fault.message, "cs_"));
    forget(&c);
}

static void test_nearest(void **state) {
    (void)state;
    assert_string_equal(cli_find_near_command("ordres"), "orders");
    assert_string_equal(cli_find_near_command("verfy"), "verify");
    assert_string_equal(cli_find_near_command("docter"), "doctor");
    assert_null(cli_find_near_command("xyzzyx"));
    assert_string_equal(
        cli_find_near_verb(cli_find_resource("stores"), "creat"), "create");
    assert_null(cli_find_near_verb(cli_find_resource("stores"), "qqqqq"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_numbers_below_zero),
        cmocka_unit_test(test_objects),
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_common_options),
        cmocka_unit_test(test_duration),
        cmocka_unit_test(test_request_id),
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_secret_stays_hidden),
        cmocka_unit_test(test_nearest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
