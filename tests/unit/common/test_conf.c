#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/buf.h"
#include "common/conf.h"
#include "common/mem.h"

struct target {
    char *socket;
    char *level;
    int64_t workers;
    bool live;
    int64_t interval;
    int64_t cache;
    char *tag;
};

#define AT(field) offsetof(struct target, field)

static const struct conf_key keys[] = {
    {"socket", CONF_STRING, AT(socket), 1, 20, "/run/x", NULL, "h"},
    {"log.level", CONF_CHOICE, AT(level), 0, 0, "info", "debug|info|warn", "h"},
    {"sync.workers", CONF_INT, AT(workers), 1, 64, "4", NULL, "h"},
    {"sync.live", CONF_BOOL, AT(live), 0, 0, "yes", NULL, "h"},
    {"sync.interval", CONF_DURATION, AT(interval), 10, 86400, "5m", NULL, "h"},
    {"db.cache.size", CONF_SIZE, AT(cache), 4096, INT64_C(1) << 30, "8MiB",
     NULL, "h"},
    {"tag", CONF_STRING, AT(tag), 0, 0, NULL, NULL, "h"},
};

enum { N = sizeof keys / sizeof *keys };

static int parse(const char *text, size_t len, struct target *t,
                 struct buf *faults) {
    conf_defaults(keys, N, t);
    return conf_parse(keys, N, t, "f.yaml", text, len, faults);
}

static void check_faults(const char *text, const char *want) {
    struct target t;
    AUTO_BUF struct buf faults = BUF_INIT;
    int lines = 0;
    int n = parse(text, strlen(text), &t, &faults);
    for (const char *p = want; *p; p++)
        lines += *p == '\n';
    assert_string_equal(buf_str(&faults), want);
    assert_int_equal(n, lines);
    conf_free(keys, N, &t);
}

static void test_defaults(void **state) {
    (void)state;
    struct target t;
    memset(&t, 0x55, sizeof t);
    conf_defaults(keys, N, &t);
    assert_string_equal(t.socket, "/run/x");
    assert_string_equal(t.level, "info");
    assert_int_equal(t.workers, 4);
    assert_true(t.live);
    assert_int_equal(t.interval, 300);
    assert_int_equal(t.cache, 8 << 20);
    assert_null(t.tag);
    conf_free(keys, N, &t);
    assert_null(t.socket);
}

static void test_good(void **state) {
    (void)state;
    static const char text[] = "# comment\n"
                               "socket: \"/a b\"\n"
                               "sync:\n"
                               "  workers: 64\n"
                               "  live: off\n"
                               "  interval: '2h'\n"
                               "log: {level: debug}\n"
                               "db: {cache: {size: 64k}}\n"
                               "tag: \"\"\n";
    struct target t;
    AUTO_BUF struct buf faults = BUF_INIT;
    assert_int_equal(parse(text, sizeof text - 1, &t, &faults), 0);
    assert_string_equal(buf_str(&faults), "");
    assert_string_equal(t.socket, "/a b");
    assert_int_equal(t.workers, 64);
    assert_false(t.live);
    assert_int_equal(t.interval, 7200);
    assert_string_equal(t.level, "debug");
    assert_int_equal(t.cache, 65536);
    assert_string_equal(t.tag, "");
    conf_free(keys, N, &t);
    check_faults("", "");
    check_faults("# only a comment\n", "");
    check_faults("---\nsync.workers: 3\n", "");
}

static void test_values_refused(void **state) {
    (void)state;
    check_faults("sync:\n  workers: 65\n",
                 "f.yaml:2:12: sync.workers: \"65\" is not valid; allowed: a "
                 "whole number from 1 to 64 (default 4)\n");
    check_faults("sync:\n  workers: 4.5\n  live: maybe\n  interval: 9s\n",
                 "f.yaml:2:12: sync.workers: \"4.5\" is not valid; allowed: a "
                 "whole number from 1 to 64 (default 4)\n"
                 "f.yaml:3:9: sync.live: \"maybe\" is not valid; allowed: yes "
                 "or no (default yes)\n"
                 "f.yaml:4:13: sync.interval: \"9s\" is not valid; allowed: a "
                 "duration such as 90s, 5m, 2h or 3d, from 10s to 1d "
                 "(default 5m)\n");
    check_faults("log:\n  level: loud\n",
                 "f.yaml:2:10: log.level: \"loud\" is not valid; allowed: one "
                 "of debug, info, warn (default info)\n");
    check_faults("db: {cache: {size: 2GiB}}\n",
                 "f.yaml:1:20: db.cache.size: \"2GiB\" is not valid; allowed: "
                 "a size such as 512KiB or 64MiB, from 4KiB to 1GiB (default "
                 "8MiB)\n");
    check_faults("db: {cache: {size: 5kg}}\n",
                 "f.yaml:1:20: db.cache.size: \"5kg\" is not valid; allowed: "
                 "a size such as 512KiB or 64MiB, from 4KiB to 1GiB (default "
                 "8MiB)\n");
    check_faults("socket: /a/very/long/path/to/it\n",
                 "f.yaml:1:9: socket: \"/a/very/long/path/to/it\" is not valid;"
                 " allowed: a text of 1 to 20 bytes (default /run/x)\n");
}

static void test_keys_refused(void **state) {
    (void)state;
    check_faults("sync:\n  intervall: 5m\n",
                 "f.yaml:2:3: sync.intervall: there is no such key; did you "
                 "mean sync.interval?\n");
    check_faults("completely: 5m\n", "f.yaml:1:1: completely: there is no such "
                                     "key; fulexo.yaml(5) lists them\n");
    check_faults("other:\n  - a: {b: c}\nlog: {level: x, what: {a: b}}\n",
                 "f.yaml:2:3: a list is not allowed here\n"
                 "f.yaml:3:14: log.level: \"x\" is not valid; allowed: one of "
                 "debug, info, warn (default info)\n"
                 "f.yaml:3:17: log.what: there is no such key; fulexo.yaml(5) "
                 "lists them\n");
    check_faults("sync: 5\n",
                 "f.yaml:1:7: sync: keys are due below it, indented\n");
    check_faults("socket:\n  a: b\n",
                 "f.yaml:2:3: socket: a single value is due here; allowed: a "
                 "text of 1 to 20 bytes (default /run/x)\n");
    check_faults("tag: a\ntag: b\n", "f.yaml:2:1: tag: it is set twice\n");
    check_faults("tag:\n", "f.yaml:1:1: tag: it has no value; remove the line "
                           "to use the default\n");
}

static void test_yaml_refused(void **state) {
    (void)state;
    check_faults("tag: &a x\n",
                 "f.yaml:1:6: anchors and tags are not allowed\n");
    check_faults("tag: *a\n", "f.yaml:1:6: aliases are not allowed\n");
    check_faults("tag: !!str x\n",
                 "f.yaml:1:6: anchors and tags are not allowed\n");
    check_faults("just words\n",
                 "f.yaml:1:1: lines of the form key: value are due\n");
    check_faults("- a\n", "f.yaml:1:1: a list is not allowed here\n");
    check_faults("{a: b}: c\n", "f.yaml:1:1: this is no key\n");
    check_faults("tag: a\n---\ntag: b\n",
                 "f.yaml:2:1: a second document is not allowed\n");
    check_faults("tag: \"a\\0b\"\n",
                 "f.yaml:1:6: tag: a NUL character is not allowed\n");
    check_faults("a: {b: {c: {d: {e: {f: {g: {h: {i: 1}}}}}}}}\n",
                 "f.yaml:1:1: a: there is no such key; fulexo.yaml(5) lists "
                 "them\nf.yaml:1:32: nested deeper than 8 levels\n");
}

static void test_broken_yaml(void **state) {
    (void)state;
    struct target t;
    AUTO_BUF struct buf faults = BUF_INIT;
    static const char bad[] = "tag: a\nx\xff: b\n";
    assert_int_equal(parse(bad, sizeof bad - 1, &t, &faults), 1);
    assert_memory_equal(buf_str(&faults), "f.yaml:2:2: ", 12);
    conf_free(keys, N, &t);
    buf_clear(&faults);
    static const char nul[] = "tag: a\0b\n";
    assert_int_equal(parse(nul, sizeof nul - 1, &t, &faults), 1);
    assert_memory_equal(buf_str(&faults), "f.yaml:1:7: ", 12);
    conf_free(keys, N, &t);
    buf_clear(&faults);
    assert_int_equal(parse("tag: \"a\n", 8, &t, &faults), 1);
    assert_memory_equal(buf_str(&faults), "f.yaml:", 7);
    conf_free(keys, N, &t);
}

static void test_bounds(void **state) {
    (void)state;
    struct target t;
    AUTO_BUF struct buf text = BUF_INIT;
    AUTO_BUF struct buf faults = BUF_INIT;
    for (int i = 0; i < 200; i++)
        buf_addf(&text, "k%d: 1\n", i);
    assert_int_equal(parse(text.data, text.len, &t, &faults), 50);
    conf_free(keys, N, &t);
    buf_clear(&text);
    buf_clear(&faults);
    while (text.len <= 1024 * 1024)
        buf_adds(&text, "# filler filler filler filler filler filler filler\n");
    assert_int_equal(parse(text.data, text.len, &t, &faults), 1);
    assert_string_equal(buf_str(&faults), "f.yaml: it is larger than 1 MiB\n");
    conf_free(keys, N, &t);
}

/* Texts of a file may hold what a terminal must not get. */
static void test_faults_are_safe_to_print(void **state) {
    (void)state;
    struct target t;
    AUTO_BUF struct buf faults = BUF_INIT;
    static const char text[] = "log:\n  level: \"\\e[2J\"\n";
    assert_int_equal(parse(text, sizeof text - 1, &t, &faults), 1);
    assert_null(strchr(buf_str(&faults), '\x1b'));
    conf_free(keys, N, &t);
}

static void test_load(void **state) {
    (void)state;
    struct target t;
    AUTO_BUF struct buf faults = BUF_INIT;
    char path[] = "/tmp/fulexo-conf-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "tag: x\nsync: {workers: 0}\n", 26), 26);
    assert_int_equal(close(fd), 0);
    conf_defaults(keys, N, &t);
    assert_int_equal(conf_load(keys, N, &t, path, &faults), 1);
    assert_string_equal(t.tag, "x");
    assert_memory_equal(buf_str(&faults), path, strlen(path));
    assert_non_null(strstr(buf_str(&faults), ":2:17: sync.workers"));
    assert_int_equal(unlink(path), 0);
    buf_clear(&faults);
    assert_int_equal(conf_load(keys, N, &t, path, &faults), 1);
    assert_non_null(strstr(buf_str(&faults), "No such file"));
    conf_free(keys, N, &t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_good),
        cmocka_unit_test(test_values_refused),
        cmocka_unit_test(test_keys_refused),
        cmocka_unit_test(test_yaml_refused),
        cmocka_unit_test(test_broken_yaml),
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_faults_are_safe_to_print),
        cmocka_unit_test(test_load),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
