/* Preloaded into a daemon under test: ends it, as kill -9 does, at the n-th
 * step of what it does for a change - a write made durable, or bytes handed to
 * the network - right before or right after it. Steps count from the moment the
 * file KILL_ARM is there.
 *
 * KILL_AT=N (1 is the first), KILL_SIDE=before|after, KILL_ARM=PATH. */
#include <dlfcn.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int fdatasync(int fd);
int fsync(int fd);
ssize_t send(int fd, const void *data, size_t n, int flags);

static atomic_bool armed;
static atomic_int steps;

static void meet(int n, const char *here) {
    const char *at = getenv("KILL_AT"), *side = getenv("KILL_SIDE");
    if (n > 0 && at && side && n == (int)strtol(at, NULL, 10) &&
        strcmp(side, here) == 0)
        (void)raise(SIGKILL);
}

/* The number of the step that begins; 0 while none count. */
static int begin(void) {
    const char *arm = getenv("KILL_ARM");
    if (!armed && arm && access(arm, F_OK) == 0)
        armed = true;
    int n = armed ? atomic_fetch_add(&steps, 1) + 1 : 0;
    meet(n, "before");
    return n;
}

int fdatasync(int fd) {
    static int (*real)(int);
    if (!real)
        real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    int n = begin();
    int r = real(fd);
    meet(n, "after");
    return r;
}

int fsync(int fd) {
    static int (*real)(int);
    if (!real)
        real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    int n = begin();
    int r = real(fd);
    meet(n, "after");
    return r;
}

ssize_t send(int fd, const void *data, size_t size, int flags) {
    static ssize_t (*real)(int, const void *, size_t, int);
    if (!real)
        real = (ssize_t(*)(int, const void *, size_t, int))dlsym(RTLD_NEXT,
                                                                 "send");
    int n = begin();
    ssize_t r = real(fd, data, size, flags);
    meet(n, "after");
    return r;
}
