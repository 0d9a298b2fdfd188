#include "tests/lib/daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/rpcmsg.h"
#include "common/str.h"
#include "tests/lib/test.h"

enum { ARGS_MAX = 32, WAIT_MS = 10000, STEP_MS = 10 };

static int64_t mono(void) {
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void nap(void) {
    (void)poll(NULL, 0, STEP_MS);
}

/* --- the process ------------------------------------------------------- */

void daemon_proc_init(struct daemon_proc *d) {
    *d = (struct daemon_proc){.dir = "/tmp/fulexo-test-XXXXXX"};
    assert_non_null(mkdtemp(d->dir));
    (void)snprintf(d->data, sizeof d->data, "%s/data", d->dir);
    (void)snprintf(d->socket, sizeof d->socket, "%s/f.sock", d->dir);
    (void)snprintf(d->log, sizeof d->log, "%s/log", d->dir);
}

void daemon_proc_configure(struct daemon_proc *d, const char *yaml) {
    (void)snprintf(d->config, sizeof d->config, "%s/fulexo.yaml", d->dir);
    FILE *f = fopen(d->config, "we");
    assert_non_null(f);
    assert_true(fputs(yaml, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static void show_log(const struct daemon_proc *d) {
    char line[1024];
    FILE *f = fopen(d->log, "re");
    while (f && fgets(line, sizeof line, f))
        (void)fputs(line, stderr);
    if (f)
        (void)fclose(f);
}

static pid_t spawn(const struct daemon_proc *d, char **args, int flags) {
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    int fd = open(d->log, O_WRONLY | O_CREAT | flags, 0600);
    (void)dup2(fd, STDOUT_FILENO);
    (void)dup2(fd, STDERR_FILENO);
    (void)execv(FULEXOD, args);
    _exit(127);
}

static void take_args(char **args, int n, va_list ap) {
    while (n < ARGS_MAX - 1 && (args[n] = va_arg(ap, char *)))
        n++;
    args[n] = NULL;
}

#define ARG(s) ((char *)(uintptr_t)(s))

static bool answers(const char *path) {
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    (void)str_copy(a.sun_path, sizeof a.sun_path, path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool ok = connect(fd, (struct sockaddr *)&a, sizeof a) == 0;
    (void)close(fd);
    return ok;
}

static void launch(struct daemon_proc *d, va_list *ap) {
    char *args[ARGS_MAX] = {ARG("fulexod"), ARG("--data"), d->data,
                            ARG("--socket"), d->socket};
    int n = 5;
    if (*d->config) {
        args[n++] = ARG("-c");
        args[n++] = d->config;
    }
    if (ap)
        take_args(args, n, *ap);
    assert_int_equal(d->pid, 0);
    struct stat st;
    d->log_from = stat(d->log, &st) == 0 ? (long)st.st_size : 0;
    d->pid = spawn(d, args, O_APPEND);
}

void daemon_proc_launch(struct daemon_proc *d) {
    launch(d, NULL);
}

void daemon_proc_wait(struct daemon_proc *d) {
    int64_t end = mono() + WAIT_MS;
    while (!answers(d->socket)) {
        if (waitpid(d->pid, NULL, WNOHANG) == d->pid || mono() > end) {
            show_log(d);
            fail_msg("fulexod did not start");
        }
        nap();
    }
}

void daemon_proc_start(struct daemon_proc *d, ...) {
    va_list ap;
    va_start(ap, d);
    launch(d, &ap);
    va_end(ap);
    daemon_proc_wait(d);
}

/* Wait for the end; the exit status, or 128 + signal. */
static int reap(struct daemon_proc *d, pid_t pid) {
    int status = 0;
    int64_t end = mono() + WAIT_MS + 2000;
    while (waitpid(pid, &status, WNOHANG) == 0) {
        if (mono() > end) {
            (void)kill(pid, SIGKILL);
            show_log(d);
            fail_msg("fulexod did not end");
        }
        nap();
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int daemon_proc_run(struct daemon_proc *d, struct buf *out, ...) {
    char *args[ARGS_MAX] = {ARG("fulexod")};
    char part[4096];
    va_list ap;
    va_start(ap, out);
    take_args(args, 1, ap);
    va_end(ap);
    char keep[sizeof d->log];
    memcpy(keep, d->log, sizeof keep);
    (void)snprintf(d->log, sizeof d->log, "%s/run", d->dir);
    int status = reap(d, spawn(d, args, O_TRUNC));
    FILE *f = fopen(d->log, "re");
    size_t n;
    while (f && (n = fread(part, 1, sizeof part, f)) > 0)
        buf_add(out, part, n);
    if (f)
        (void)fclose(f);
    memcpy(d->log, keep, sizeof keep);
    return status;
}

int daemon_proc_stop(struct daemon_proc *d) {
    pid_t pid = d->pid;
    assert_true(pid > 0);
    d->pid = 0;
    (void)kill(pid, SIGTERM);
    return reap(d, pid);
}

/* What the log says of the port since this start; 0: nothing yet. */
static int told_port(const struct daemon_proc *d) {
    char line[1024];
    int port = 0;
    FILE *f = fopen(d->log, "re");
    assert_non_null(f);
    assert_int_equal(fseek(f, d->log_from, SEEK_SET), 0);
    while (port == 0 && fgets(line, sizeof line, f)) {
        const char *at = strstr(line, ", port ");
        if (at && strchr(at, '\n'))
            port = (int)strtol(at + 7, NULL, 10);
    }
    (void)fclose(f);
    return port;
}

int daemon_proc_http(const struct daemon_proc *d) {
    int64_t end = mono() + WAIT_MS;
    int port;
    while ((port = told_port(d)) == 0) {
        if (mono() > end) {
            show_log(d);
            fail_msg("fulexod tells no port");
        }
        nap();
    }
    return port;
}

bool daemon_proc_ended(struct daemon_proc *d) {
    assert_true(d->pid > 0);
    if (waitpid(d->pid, NULL, WNOHANG) != d->pid)
        return false;
    d->pid = 0;
    return true;
}

void daemon_proc_kill(struct daemon_proc *d) {
    pid_t pid = d->pid;
    assert_true(pid > 0);
    d->pid = 0;
    (void)kill(pid, SIGKILL);
    (void)reap(d, pid);
}

void daemon_proc_done(struct daemon_proc *d) {
    char command[128];
    if (d->pid > 0)
        daemon_proc_kill(d);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", d->dir);
    assert_int_equal(system(command), 0);
}

/* --- the client -------------------------------------------------------- */

void rpc_client_take(struct rpc_client *c, int fd, bool open) {
    *c = (struct rpc_client){.fd = fd, .arena = arena_new(0)};
    frame_init(&c->in, FRAME_MAX);
    if (open)
        (void)rpc_call_ok(c, "session.open",
                          "{\"client\":\"test/1\",\"version\":1}");
}

void rpc_client_connect(struct rpc_client *c, const char *path, bool open) {
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    (void)str_copy(a.sun_path, sizeof a.sun_path, path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
    rpc_client_take(c, fd, open);
}

void rpc_client_close(struct rpc_client *c) {
    (void)close(c->fd);
    frame_done(&c->in);
    arena_free(c->arena);
}

void rpc_client_send(struct rpc_client *c, const char *bytes, size_t n) {
    while (n > 0) {
        ssize_t sent = send(c->fd, bytes, n, MSG_NOSIGNAL);
        if (sent < 0)
            return; /* it hung up: what is read next says so */
        bytes += sent;
        n -= (size_t)sent;
    }
}

static const struct json *parse(struct rpc_client *c, const char *line,
                                size_t n) {
    const struct json *v;
    size_t at;
    if (json_parse(c->arena, line, n, NULL, &v, &at) < 0)
        fail_msg("not JSON at %zu: %.*s", at, (int)n, line);
    return v;
}

const struct json *rpc_client_read(struct rpc_client *c, int timeout_ms,
                                   bool *ret_end) {
    char bytes[65536];
    const char *line;
    size_t n;
    int64_t end = mono() + timeout_ms;
    if (ret_end)
        *ret_end = false;
    while (!frame_next(&c->in, &line, &n)) {
        struct pollfd p = {.fd = c->fd, .events = POLLIN};
        int64_t left = end - mono();
        if (poll(&p, 1, left > 0 ? (int)left : 0) <= 0)
            return NULL;
        ssize_t got = read(c->fd, bytes, sizeof bytes);
        if (got <= 0) {
            if (ret_end)
                *ret_end = true;
            return NULL;
        }
        assert_int_equal(frame_feed(&c->in, bytes, (size_t)got), 0);
    }
    return parse(c, line, n);
}

int64_t rpc_client_post(struct rpc_client *c, const char *method,
                        const char *params) {
    AUTO_BUF struct buf line = BUF_INIT;
    buf_addf(&line, "{\"jsonrpc\":\"2.0\",\"id\":%lld,\"method\":\"%s\"",
             (long long)++c->last_id, method);
    buf_addf(&line, ",\"params\":%s}\n", params ? params : "{}");
    rpc_client_send(c, line.data, line.len);
    return c->last_id;
}

const struct json *rpc_client_wait(struct rpc_client *c, int64_t id,
                                   int timeout_ms) {
    const struct json *m;
    int64_t end = mono() + timeout_ms, got;
    while ((m = rpc_client_read(c, (int)(end - mono()), NULL))) {
        if (json_i64(json_get(m, "id"), false, &got) == 0 && got == id)
            return m;
        c->events += json_get(m, "method") != NULL;
    }
    fail_msg("no answer to request %lld", (long long)id);
    return NULL;
}

static const struct json *call(struct rpc_client *c, const char *method,
                               const char *params, const char *part) {
    AUTO_BUF struct buf text = BUF_INIT;
    const struct json *m =
        rpc_client_wait(c, rpc_client_post(c, method, params), WAIT_MS);
    const struct json *v = json_get(m, part);
    if (!v) {
        json_print(&text, m);
        fail_msg("%s %s: %s", method, params ? params : "", buf_str(&text));
    }
    return v;
}

const struct json *rpc_call_ok(struct rpc_client *c, const char *method,
                               const char *params) {
    return call(c, method, params, "result");
}

const struct json *rpc_call_error(struct rpc_client *c, const char *method,
                                  const char *params) {
    return call(c, method, params, "error");
}

const struct json *rpc_call_job(struct rpc_client *c, const char *method,
                                const char *params, int timeout_ms) {
    char get[64];
    const struct json *r = rpc_call_ok(c, method, params);
    const char *id = json_string(json_get(r, "job"));
    int64_t end = mono() + timeout_ms;
    assert_non_null(id);
    (void)snprintf(get, sizeof get, "{\"id\":\"%s\"}", id);
    while (mono() < end) {
        r = rpc_call_ok(c, "jobs.get", get);
        if (json_type(json_get(r, "finished")) == JSON_STRING)
            return r;
        nap();
    }
    fail_msg("%s did not end in %d ms", method, timeout_ms);
    return NULL;
}

const struct json *rpc_client_event(struct rpc_client *c, const char *topic,
                                    int timeout_ms) {
    const struct json *m;
    int64_t end = mono() + timeout_ms;
    while ((m = rpc_client_read(c, (int)(end - mono()), NULL))) {
        const struct json *p = json_get(m, "params");
        const char *t = json_string(json_get(p, "topic"));
        if (t && str_eq(t, topic))
            return p;
    }
    return NULL;
}
