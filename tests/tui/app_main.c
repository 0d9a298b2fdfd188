/* The client as a program for the terminal tests:
 * tui_app SOCKET [--read-only] [--plain] [--lang L] [--screen NAME] */
#include "tui/app.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "common/str.h"

/* Screens are compared as text: the wall clock stands still at TEST_NOW, or
 * runs from there with TEST_RUNS. */
int clock_gettime(clockid_t id, struct timespec *t) {
    const char *now = getenv("TEST_NOW");
    int64_t s;
    if (id == CLOCK_REALTIME && now && str_to_i64(now, 0, INT32_MAX, &s) == 0) {
        static struct timespec begun;
        if (getenv("TEST_RUNS")) {
            (void)syscall(SYS_clock_gettime, CLOCK_MONOTONIC, t);
            begun = begun.tv_sec ? begun : *t;
            s += t->tv_sec - begun.tv_sec;
        }
        *t = (struct timespec){.tv_sec = s};
        return 0;
    }
    return (int)syscall(SYS_clock_gettime, id, t);
}

int main(int argc, char **argv) {
    struct app_options o = {.socket_path = argc > 1 ? argv[1] : "/nowhere",
                            .lang = "en"};
    for (int i = 2; i < argc; i++) {
        if (str_eq(argv[i], "--read-only")) {
            o.read_only = true;
        } else if (str_eq(argv[i], "--plain")) {
            o.plain = true;
        } else if (str_eq(argv[i], "--lang") && i + 1 < argc) {
            o.lang = argv[++i];
        } else if (str_eq(argv[i], "--screen") && i + 1 < argc) {
            o.screen = argv[++i];
        }
    }
    return app_run(&o);
}
