/* The disk is full: what would be written is refused and said so, reading goes
 * on, and with space again nothing is missing. Needs a file system of its own,
 * which root alone may mount. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/lib/test.h"
#include "tests/lib/web_client.h"
#include "tests/lib/world.h"

static char filler[96];

/* In a name space of our own, so that it goes with this process. */
static bool small_disk(struct world *w) {
    memset(w, 0, sizeof *w);
    daemon_proc_init(&w->d);
    (void)snprintf(filler, sizeof filler, "%s/filler", w->d.data);
    bool ok = mkdir(w->d.data, 0700) == 0 && unshare(CLONE_NEWNS) == 0 &&
              mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
              mount("tmpfs", w->d.data, "tmpfs", 0, "size=12m,mode=700") == 0;
    if (!ok)
        print_message("skipped: no file system to fill: %s\n", strerror(errno));
    return ok;
}

static void fill(void) {
    static const char zeros[65536];
    int fd = open(filler, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    size_t step = sizeof zeros;
    assert_true(fd >= 0);
    while (step > 0)
        if (write(fd, zeros, step) <= 0)
            step /= 2;
    assert_int_equal(close(fd), 0);
}

static const char *code_of(const struct json *job) {
    const char *s = json_string(json_get(json_get(job, "error"), "code"));
    return s ? s : "";
}

/* What a load balancer is told. */
static int ready(const struct world *w) {
    struct web_client c;
    int status =
        web_client_get(&c, daemon_proc_http(&w->d), "/health/ready", "");
    web_client_close(&c);
    return status;
}

static void a_full_disk_is_a_state(void **state) {
    (void)state;
    struct world w;
    const char *rename = "{\"store\":\"alpine\",\"title\":\"Kept\"}";
    if (!small_disk(&w)) {
        daemon_proc_done(&w.d);
        skip();
    }
    shop_proc_start(&w.shop, "--storage", "hpos", "--orders", "60",
                    "--products", "10", "--customers", "10", NULL);
    daemon_proc_start(&w.d, "--http", "127.0.0.1:0", NULL);
    world_connect(&w);
    assert_int_equal(ready(&w), 200);
    world_store(&w, "alpine", ",\"paused\":true");
    (void)world_job(&w, "stores.sync", "{\"store\":\"alpine\"}");
    fill();
    world_door(&w, "orders", "{\"n\":300}");
    const struct json *j = rpc_call_job(&w.c, "stores.sync",
                                        "{\"store\":\"alpine\"}", WORLD_JOB_MS);
    assert_string_equal(code_of(j), "disk_full");
    j = rpc_call_job(&w.c, "stores.update", rename, WORLD_JOB_MS);
    assert_string_equal(code_of(j), "disk_full");
    const struct json *l = world_call(&w, "orders.list", "{\"limit\":10}");
    assert_int_equal(json_count(json_get(l, "items")), 10);
    const struct json *h = world_call(&w, "health.get", "{}");
    assert_string_not_equal(json_string(json_get(h, "state")), "ok");
    assert_int_equal(ready(&w), 503);
    /* killed while full: it starts again when there is room */
    world_disconnect(&w);
    daemon_proc_kill(&w.d);
    assert_int_equal(unlink(filler), 0);
    daemon_proc_start(&w.d, NULL);
    world_connect(&w);
    (void)world_job(&w, "stores.update", "%s", rename);
    (void)world_job(&w, "stores.sync", "{\"store\":\"alpine\"}");
    world_assert_true(&w, 370);
    /* and without a restart */
    fill();
    j = rpc_call_job(&w.c, "stores.update", rename, WORLD_JOB_MS);
    while (strcmp(code_of(j), "disk_full") != 0) /* room left in the log */
        j = rpc_call_job(&w.c, "stores.update", rename, WORLD_JOB_MS);
    assert_int_equal(unlink(filler), 0);
    (void)world_job(&w, "stores.update", "%s", rename);
    world_assert_true(&w, 370);
    world_disconnect(&w);
    assert_int_equal(daemon_proc_stop(&w.d), 0);
    assert_int_equal(umount(w.d.data), 0);
    world_done(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_disk_is_a_state),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
