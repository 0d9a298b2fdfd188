#include "tests/lib/shop_proc.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/buf.h"
#include "tests/lib/test.h"

enum { ARGS_MAX = 48 };

static void run(int out, char **args) {
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)dup2(out, STDOUT_FILENO);
    (void)execv(args[0], args);
    _exit(127);
}

void shop_proc_vstart(struct shop_proc *s, va_list *ap) {
    char *args[ARGS_MAX] = {(char *)(uintptr_t)DEMO_SHOP,
                            (char *)(uintptr_t) "--port",
                            (char *)(uintptr_t) "0"};
    for (int n = 3; n < ARGS_MAX - 1 && (args[n] = va_arg(*ap, char *)); n++)
        ;
    int fds[2];
    assert_int_equal(pipe(fds), 0);
    s->pid = fork();
    if (s->pid == 0)
        run(fds[1], args);
    (void)close(fds[1]);
    FILE *f = fdopen(fds[0], "r");
    if (fscanf(f, "listening %d", &s->port) != 1)
        fail_msg("the demo shop did not start");
    (void)fclose(f);
    (void)snprintf(s->url, sizeof s->url, "http://127.0.0.1:%d", s->port);
}

void shop_proc_start(struct shop_proc *s, ...) {
    va_list ap;
    va_start(ap, s);
    shop_proc_vstart(s, &ap);
    va_end(ap);
}

void shop_proc_stop(struct shop_proc *s) {
    (void)kill(s->pid, SIGTERM);
    (void)waitpid(s->pid, NULL, 0);
}

static int dial(const struct shop_proc *s) {
    struct sockaddr_in a = {.sin_family = AF_INET,
                            .sin_port = htons((uint16_t)s->port),
                            .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
    return fd;
}

/* Basic, of ck_demo:cs_demo; the door does not look at it. */
#define KEY "Authorization: Basic Y2tfZGVtbzpjc19kZW1v\r\n"

static char *ask(const struct shop_proc *s, const char *method,
                 const char *root, const char *path, const char *body) {
    struct buf b AUTO_BUF = BUF_INIT;
    buf_addf(&b, "%s %s%s HTTP/1.1\r\nHost: demo\r\nConnection: close\r\n" KEY,
             method, root, path);
    buf_addf(&b,
             "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
             body ? strlen(body) : 0);
    buf_adds(&b, body ? body : "");
    int fd = dial(s);
    assert_int_equal(write(fd, b.data, b.len), (ssize_t)b.len);
    buf_clear(&b);
    ssize_t n;
    while ((n = read(fd, buf_reserve(&b, 65536), 65536)) > 0)
        buf_added(&b, (size_t)n);
    (void)close(fd);
    if (strncmp(buf_str(&b), "HTTP/1.1 20", 11) != 0)
        fail_msg("%s%s: %.200s", root, path, buf_str(&b));
    const char *at = strstr(buf_str(&b), "\r\n\r\n");
    assert_non_null(at);
    buf_consume(&b, (size_t)(at + 4 - b.data));
    return buf_take(&b);
}

char *shop_proc_admin(const struct shop_proc *s, const char *path,
                      const char *body) {
    return ask(s, body ? "POST" : "GET", "/__demo/", path, body);
}

char *shop_proc_delete(const struct shop_proc *s, const char *path) {
    return ask(s, "DELETE", "/__demo/", path, NULL);
}

char *shop_proc_rest(const struct shop_proc *s, const char *method,
                     const char *path, const char *body) {
    return ask(s, method, "/wp-json/wc/v3/", path, body);
}
