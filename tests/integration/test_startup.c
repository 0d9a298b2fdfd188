/* Start, refusal to start, stop, and what is left behind. */
#include <poll.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/str.h"
#include "tests/lib/daemon.h"
#include "tests/lib/test.h"

static struct daemon_proc proc;

static int setup(void **state) {
    (void)state;
    daemon_proc_init(&proc);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    daemon_proc_done(&proc);
    return 0;
}

static unsigned mode_of(const char *path) {
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    return st.st_mode & 0777;
}

static const char *below(const char *name) {
    static char path[160];
    (void)snprintf(path, sizeof path, "%s/%s", proc.dir, name);
    return path;
}

static void put(const char *path, const char *text) {
    FILE *f = fopen(path, "we");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static void modes_keep_others_out(void **state) {
    (void)state;
    (void)snprintf(proc.socket, sizeof proc.socket, "%s/run/f.sock", proc.dir);
    daemon_proc_start(&proc, NULL);
    assert_int_equal(mode_of(below("run")), 0750);
    assert_int_equal(mode_of(below("run/f.sock")), 0660);
    assert_int_equal(mode_of(below("data")), 0700);
    assert_int_equal(mode_of(below("data/master.key")), 0600);
    assert_int_equal(mode_of(below("data/audit.key")), 0600);
    assert_int_equal(mode_of(below("data/fulexo.db")), 0600);
    assert_int_equal(daemon_proc_stop(&proc), 0);
    assert_int_equal(access(below("run/f.sock"), F_OK), -1);
}

static void a_second_one_is_refused(void **state) {
    (void)state;
    AUTO_BUF struct buf out = BUF_INIT;
    daemon_proc_start(&proc, NULL);
    int status = daemon_proc_run(&proc, &out, "--data", proc.data, "--socket",
                                 below("other.sock"), NULL);
    assert_int_equal(status, 75);
    assert_non_null(strstr(buf_str(&out), "locked"));
    buf_clear(&out);
    status = daemon_proc_run(&proc, &out, "--data", below("other"), "--socket",
                             proc.socket, NULL);
    assert_int_equal(status, 75);
    assert_non_null(strstr(buf_str(&out), "another fulexod answers"));
    struct rpc_client c; /* the first one is unharmed */
    rpc_client_connect(&c, proc.socket, true);
    rpc_client_close(&c);
}

static void a_dead_socket_is_replaced(void **state) {
    (void)state;
    daemon_proc_start(&proc, NULL);
    daemon_proc_kill(&proc);
    assert_int_equal(access(proc.socket, F_OK), 0);
    daemon_proc_start(&proc, NULL);
    struct rpc_client c;
    rpc_client_connect(&c, proc.socket, true);
    rpc_client_close(&c);
}

static void a_file_in_the_way_is_kept(void **state) {
    (void)state;
    AUTO_BUF struct buf out = BUF_INIT;
    put(proc.socket, "mine");
    int status = daemon_proc_run(&proc, &out, "--data", proc.data, "--socket",
                                 proc.socket, NULL);
    assert_int_equal(status, 78);
    assert_non_null(strstr(buf_str(&out), "is no socket"));
    assert_int_equal(access(proc.socket, F_OK), 0);
}

static void bad_configuration_is_placed(void **state) {
    (void)state;
    AUTO_BUF struct buf out = BUF_INIT;
    const char *file = below("bad.yaml");
    put(file, "log:\n  level: loud\nsync:\n  interval: 1s\n  intreval: 5m\n");
    int status =
        daemon_proc_run(&proc, &out, "-c", file, "--check-config", NULL);
    assert_int_equal(status, 78);
    assert_non_null(strstr(buf_str(&out), "bad.yaml:2:"));
    assert_non_null(strstr(buf_str(&out), "debug, info, warn, error"));
    assert_non_null(strstr(buf_str(&out), "bad.yaml:4:"));
    assert_non_null(strstr(buf_str(&out), "bad.yaml:5:"));
    assert_non_null(strstr(buf_str(&out), "sync.intreval"));
}

static void good_configuration_is_said_so(void **state) {
    (void)state;
    AUTO_BUF struct buf out = BUF_INIT;
    const char *file = below("good.yaml");
    put(file, "zone: Europe/Istanbul\nsync:\n  interval: 5m\n");
    assert_int_equal(
        daemon_proc_run(&proc, &out, "-c", file, "--check-config", NULL), 0);
    assert_non_null(strstr(buf_str(&out), "good"));
    assert_int_equal(
        daemon_proc_run(&proc, &out, "-c", below("none.yaml"), NULL), 78);
}

static void unknown_options_are_usage(void **state) {
    (void)state;
    AUTO_BUF struct buf out = BUF_INIT;
    assert_int_equal(daemon_proc_run(&proc, &out, "--colour", NULL), 64);
    assert_non_null(strstr(buf_str(&out), "--colour"));
    assert_int_equal(daemon_proc_run(&proc, &out, "start", NULL), 64);
    assert_int_equal(daemon_proc_run(&proc, &out, "--log-level", "loud", NULL),
                     64);
    assert_int_equal(daemon_proc_run(&proc, &out, "--help", NULL), 0);
    assert_non_null(strstr(buf_str(&out), "usage: fulexod"));
}

static void an_unknown_zone_is_configuration(void **state) {
    (void)state;
    AUTO_BUF struct buf out = BUF_INIT;
    const char *file = below("zone.yaml");
    put(file, "zone: Mars/Olympus\n");
    int status = daemon_proc_run(&proc, &out, "-c", file, "--data", proc.data,
                                 "--socket", proc.socket, NULL);
    assert_int_equal(status, 78);
    assert_non_null(strstr(buf_str(&out), "Mars/Olympus"));
}

/* As a later release would leave it: only that one may write. */
static void only_for_later_ones(const char *path) {
    sqlite3 *db;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(db,
                     "PRAGMA user_version = 999999;"
                     "UPDATE meta SET value = '999999' WHERE key = 'compat'",
                     NULL, NULL, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void a_damaged_database_is_refused(void **state) {
    (void)state;
    AUTO_BUF struct buf out = BUF_INIT;
    daemon_proc_start(&proc, NULL);
    assert_int_equal(daemon_proc_stop(&proc), 0);
    put(below("data/fulexo.db"), "this is no database, it is a letter to my "
                                 "aunt about the weather in Izmir last week, "
                                 "which was fine, thank you, how are you?");
    int status = daemon_proc_run(&proc, &out, "--data", proc.data, "--socket",
                                 proc.socket, NULL);
    assert_int_equal(status, 78);
    assert_non_null(strstr(buf_str(&out), "db_corrupt"));
}

static void a_newer_database_is_refused(void **state) {
    (void)state;
    AUTO_BUF struct buf out = BUF_INIT;
    daemon_proc_start(&proc, NULL);
    assert_int_equal(daemon_proc_stop(&proc), 0);
    only_for_later_ones(below("data/fulexo.db"));
    int status = daemon_proc_run(&proc, &out, "--data", proc.data, "--socket",
                                 proc.socket, NULL);
    assert_int_equal(status, 78);
    assert_non_null(strstr(buf_str(&out), "db_newer"));
}

static void an_open_key_is_refused(void **state) {
    (void)state;
    AUTO_BUF struct buf out = BUF_INIT;
    daemon_proc_start(&proc, NULL);
    assert_int_equal(daemon_proc_stop(&proc), 0);
    assert_int_equal(chmod(below("data/master.key"), 0644), 0);
    int status = daemon_proc_run(&proc, &out, "--data", proc.data, "--socket",
                                 proc.socket, NULL);
    assert_int_equal(status, 77);
    assert_non_null(strstr(buf_str(&out), "master.key"));
}

/* The daemon wrote that into its log; waits for it. */
static void until_logged(const char *text) {
    AUTO_BUF struct buf b = BUF_INIT;
    for (int i = 0; i < 1000; i++) {
        size_t n;
        FILE *f = fopen(proc.log, "re");
        assert_non_null(f);
        buf_clear(&b);
        while ((n = fread(buf_reserve(&b, 4096), 1, 4096, f)) > 0)
            buf_added(&b, n);
        (void)fclose(f);
        if (strstr(buf_str(&b), text))
            return;
        (void)poll(NULL, 0, 10);
    }
    fail_msg("not in the log: %s", text);
}

static void a_reload_keeps_serving(void **state) {
    (void)state;
    char file[160];
    (void)str_copy(file, sizeof file, below("re.yaml"));
    put(file, "log:\n  level: info\n");
    daemon_proc_start(&proc, "-c", file, NULL);
    struct rpc_client c;
    rpc_client_connect(&c, proc.socket, true);
    put(file, "log:\n  level: loud\n");
    assert_int_equal(kill(proc.pid, SIGHUP), 0);
    (void)rpc_call_ok(&c, "stores.list", NULL);
    put(file, "sync:\n  interval: 30s\n");
    assert_int_equal(kill(proc.pid, SIGHUP), 0);
    (void)rpc_call_ok(&c, "stores.list", NULL);
    rpc_client_close(&c);
    until_logged("was read again");
    rpc_client_connect(&c, proc.socket, true); /* who comes later too */
    (void)rpc_call_ok(&c, "health.get", NULL);
    rpc_client_close(&c);
    assert_int_equal(daemon_proc_stop(&proc), 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(modes_keep_others_out),
        CASE(a_second_one_is_refused),
        CASE(a_dead_socket_is_replaced),
        CASE(a_file_in_the_way_is_kept),
        CASE(bad_configuration_is_placed),
        CASE(good_configuration_is_said_so),
        CASE(unknown_options_are_usage),
        CASE(an_unknown_zone_is_configuration),
        CASE(a_damaged_database_is_refused),
        CASE(a_newer_database_is_refused),
        CASE(an_open_key_is_refused),
        CASE(a_reload_keeps_serving),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
