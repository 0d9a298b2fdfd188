/* busy() tells work from waiting, of threads and of children. */
#include "busy.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { PATIENCE_MS = 20000, PAUSE_MS = 5 };

/* Does it become so? On a machine with others on it not at once. */
static bool becomes(bool want) {
    const struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000L};
    for (int ms = 0; ms < PATIENCE_MS; ms += PAUSE_MS) {
        if (busy() == want)
            return true;
        (void)nanosleep(&pause, NULL);
    }
    return false;
}

static volatile atomic_bool stop;

static void spin(void) {
    while (!stop)
        continue;
}

static _Noreturn void child_spins(void) {
    for (volatile unsigned n = 0;; n++)
        continue;
}

/* A name that reads like the rest of its line. */
static _Noreturn void child_waits(void) {
    (void)prctl(PR_SET_NAME, "a) R 1 (");
    for (;;)
        (void)pause();
}

static pid_t child(void (*run)(void)) {
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        run();
        _exit(0);
    }
    return pid;
}

static void end(pid_t pid) {
    (void)kill(pid, SIGKILL);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void alone_is_not_busy(void **state) {
    (void)state;
    assert_true(becomes(false));
}

static void a_child_that_works(void **state) {
    (void)state;
    pid_t pid = child(child_spins);
    assert_true(becomes(true));
    end(pid);
    assert_true(becomes(false));
}

static void a_child_that_waits(void **state) {
    (void)state;
    pid_t pid = child(child_waits);
    assert_true(becomes(false));
    end(pid);
}

static void *thread(void *arg) {
    (void)arg;
    spin();
    return NULL;
}

static void a_thread_that_works(void **state) {
    pthread_t t;
    (void)state;
    stop = false;
    assert_int_equal(pthread_create(&t, NULL, thread, NULL), 0);
    assert_true(becomes(true));
    stop = true;
    assert_int_equal(pthread_join(t, NULL), 0);
    assert_true(becomes(false));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(alone_is_not_busy),
        cmocka_unit_test(a_child_that_works),
        cmocka_unit_test(a_child_that_waits),
        cmocka_unit_test(a_thread_that_works),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
