/* Preloaded into a daemon under test: ends it, as kill -9 does, at the n-th
 * step of what it does for a change - a write made durable, or bytes handed to
 * the network - right before or right after it. Steps count from the moment the
 * file KILL_ARM is there, which holds "N before" or "N after"; 1 is the first.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int fdatasync(int fd);
int fsync(int fd);
ssize_t send(int fd, const void *data, size_t n, int flags);

enum { BEFORE = 'b', AFTER = 'a' };

static atomic_int steps, kill_at;
static atomic_int kill_side; /* BEFORE or AFTER; 0: no step counts yet */

static void meet(int n, int here) {
    if (n > 0 && n == kill_at && here == kill_side)
        (void)raise(SIGKILL);
}

/* Read the file once it is there: it is put there whole. */
static void look_for_arm(void) {
    const char *path = getenv("KILL_ARM");
    char text[32] = "", *side;
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0)
        return;
    if (read(fd, text, sizeof text - 1) > 0) {
        kill_at = (int)strtol(text, &side, 10);
        kill_side = side[0] == ' ' ? side[1] : 0;
    }
    (void)close(fd);
}

/* The number of the step that begins; 0 while none count. */
static int begin(void) {
    if (!kill_side)
        look_for_arm();
    int n = kill_side ? atomic_fetch_add(&steps, 1) + 1 : 0;
    meet(n, BEFORE);
    return n;
}

int fdatasync(int fd) {
    static int (*real)(int);
    if (!real)
        real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    int n = begin();
    int r = real(fd);
    meet(n, AFTER);
    return r;
}

int fsync(int fd) {
    static int (*real)(int);
    if (!real)
        real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    int n = begin();
    int r = real(fd);
    meet(n, AFTER);
    return r;
}

ssize_t send(int fd, const void *data, size_t size, int flags) {
    static ssize_t (*real)(int, const void *, size_t, int);
    if (!real)
        real = (ssize_t(*)(int, const void *, size_t, int))dlsym(RTLD_NEXT,
                                                                 "send");
    int n = begin();
    ssize_t r = real(fd, data, size, flags);
    meet(n, AFTER);
    return r;
}
