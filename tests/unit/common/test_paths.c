#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/mem.h"
#include "common/paths.h"

static void assert_path(char *got, const char *want) {
    assert_string_equal(got, want);
    free(got);
}

static int clear(void **state) {
    (void)state;
    unsetenv("FULEXO_SOCKET");
    unsetenv("XDG_RUNTIME_DIR");
    unsetenv("XDG_STATE_HOME");
    unsetenv("XDG_CONFIG_HOME");
    return setenv("HOME", "/home/ada", 1);
}

static void folders_follow_the_environment(void **state) {
    (void)state;
    assert_path(paths_data_dir(), "/home/ada/.local/state/fulexo");
    assert_path(paths_user_config("tui.yaml"),
                "/home/ada/.config/fulexo/tui.yaml");
    setenv("XDG_STATE_HOME", "/s", 1);
    setenv("XDG_CONFIG_HOME", "/c", 1);
    assert_path(paths_data_dir(), "/s/fulexo");
    assert_path(paths_user_config("tui.yaml"), "/c/fulexo/tui.yaml");
    assert_path(paths_daemon_socket("/d"), "/d/fulexo.sock");
}

static void relative_variables_do_not_count(void **state) {
    (void)state;
    setenv("XDG_STATE_HOME", "here", 1);
    assert_path(paths_data_dir(), "/home/ada/.local/state/fulexo");
    setenv("HOME", "", 1);
    unsetenv("XDG_STATE_HOME");
    AUTO_FREE char *dir = paths_data_dir();
    assert_int_equal(dir[0], '/');
}

static void the_named_socket_wins(void **state) {
    (void)state;
    setenv("FULEXO_SOCKET", "here.sock", 1);
    assert_path(paths_client_socket(), "here.sock");
}

static void the_running_daemon_is_found(void **state) {
    (void)state;
    if (access("/run/fulexo/fulexo.sock", F_OK) == 0)
        skip(); /* a daemon of this machine comes first, rightly */
    char dir[] = "/tmp/fulexo-paths-XXXXXX";
    assert_non_null(mkdtemp(dir));
    setenv("XDG_RUNTIME_DIR", dir, 1);
    assert_path(paths_client_socket(),
                "/home/ada/.local/state/fulexo/fulexo.sock");
    AUTO_FREE char *sub = mem_printf("%s/fulexo", dir);
    AUTO_FREE char *sock = mem_printf("%s/fulexo.sock", sub);
    assert_int_equal(mkdir(sub, 0700), 0);
    FILE *f = fopen(sock, "w");
    assert_non_null(f);
    assert_int_equal(fclose(f), 0);
    assert_path(paths_client_socket(), sock);
    assert_int_equal(unlink(sock) + rmdir(sub) + rmdir(dir), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(folders_follow_the_environment, clear),
        cmocka_unit_test_setup(relative_variables_do_not_count, clear),
        cmocka_unit_test_setup(the_named_socket_wins, clear),
        cmocka_unit_test_setup(the_running_daemon_is_found, clear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
