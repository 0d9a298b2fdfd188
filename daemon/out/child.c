#include "out/child.h"

#include <linux/close_range.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#include "common/buf.h"
#include "common/check.h"
#include "common/err.h"
#include "common/mem.h"
#include "common/utf8.h"

struct children {
    uv_loop_t *loop;
    struct child *first;
    int n;
    bool stopped;
};

enum { IN, OUT, ERR, PIPES };

struct child {
    struct children *all;
    struct child *next;
    uv_process_t process;
    uv_pipe_t pipes[PIPES];
    uv_timer_t timer;
    uv_write_t write;
    char *input;
    struct buf out, said;
    size_t out_max;
    char chunk[16384]; /* what a read fills; taken at once */
    int open;          /* handles that are not closed */
    int waits;         /* for the exit and for both ends of output */
    bool killed;
    int status;
    child_done *done;
    void *arg;
};

/* --- the end -------------------------------------------------------------- */

static void unlink_child(struct child *c) {
    struct child **at = &c->all->first;
    while (*at != c)
        at = &(*at)->next;
    *at = c->next;
    c->all->n--;
}

static void on_closed(uv_handle_t *h) {
    struct child *c = h->data;
    if (--c->open > 0)
        return;
    AUTO_BUF struct buf said = BUF_INIT;
    utf8_safe(&said, buf_str(&c->said), c->said.len);
    struct child_end end = {buf_str(&c->out), c->out.len, buf_str(&said)};
    unlink_child(c);
    c->done(c->arg, c->status, &end);
    buf_done(&c->out);
    buf_done(&c->said);
    free(c->input);
    free(c);
}

static void close_one(void *handle) {
    uv_handle_t *h = handle;
    if (!uv_is_closing(h))
        uv_close(h, on_closed);
}

static void close_io(struct child *c) {
    for (int i = 0; i < PIPES; i++)
        close_one(&c->pipes[i]);
    close_one(&c->timer);
}

/* One of what it waited for is there; with the last it is over. */
static void one_less(struct child *c) {
    if (--c->waits > 0)
        return;
    close_io(c);
    close_one(&c->process);
}

/* It has failed: killed, and what it still writes is not read. A program it
 * began may hold the pipes, so their ends are not waited for. */
static void fail(struct child *c, int status) {
    if (c->killed)
        return;
    c->killed = true;
    c->status = c->status < 0 ? c->status : status;
    (void)uv_process_kill(&c->process, SIGKILL); /* it may be gone */
    for (int i = OUT; i < PIPES; i++) {
        if (!uv_is_closing((uv_handle_t *)&c->pipes[i]))
            c->waits--;
    }
    close_io(c);
    if (c->waits == 0)
        close_one(&c->process);
}

static void on_exit_of(uv_process_t *p, int64_t status, int signal) {
    struct child *c = p->data;
    if (c->status == 0 && (status != 0 || signal != 0))
        c->status = ERR_IO;
    one_less(c);
}

static void on_late(uv_timer_t *t) {
    fail(t->data, ERR_TIMEOUT);
}

/* --- its pipes ------------------------------------------------------------ */

static void give_room(uv_handle_t *h, size_t want, uv_buf_t *ret) {
    struct child *c = h->data;
    (void)want;
    *ret = uv_buf_init(c->chunk, sizeof c->chunk);
}

static void on_out(uv_stream_t *s, ssize_t n, const uv_buf_t *b) {
    struct child *c = s->data;
    if (n < 0) {
        close_one(s);
        one_less(c);
    } else if (c->out.len + (size_t)n > c->out_max) {
        fail(c, ERR_TOO_BIG);
    } else {
        buf_add(&c->out, b->base, (size_t)n);
    }
}

static void on_err(uv_stream_t *s, ssize_t n, const uv_buf_t *b) {
    struct child *c = s->data;
    if (n < 0) {
        close_one(s);
        one_less(c);
        return;
    }
    size_t room = CHILD_SAID - c->said.len;
    buf_add(&c->said, b->base, (size_t)n < room ? (size_t)n : room);
}

/* An error here: it does not read. Its exit says why. */
static void on_written(uv_write_t *w, int status) {
    struct child *c = w->data;
    (void)status;
    close_one(&c->pipes[IN]);
}

static void talk(struct child *c, size_t n) {
    uv_buf_t b = uv_buf_init(c->input, (unsigned)n);
    c->write.data = c;
    if (uv_write(&c->write, (uv_stream_t *)&c->pipes[IN], &b, 1, on_written) <
        0)
        close_one(&c->pipes[IN]);
    REQUIRE(uv_read_start((uv_stream_t *)&c->pipes[OUT], give_room, on_out) ==
            0);
    REQUIRE(uv_read_start((uv_stream_t *)&c->pipes[ERR], give_room, on_err) ==
            0);
}

/* --- the beginning -------------------------------------------------------- */

static void init(struct child *c) {
    c->process.data = c->timer.data = c;
    REQUIRE(uv_timer_init(c->all->loop, &c->timer) == 0);
    for (int i = 0; i < PIPES; i++) {
        REQUIRE(uv_pipe_init(c->all->loop, &c->pipes[i], 0) == 0);
        c->pipes[i].data = c;
    }
    c->open = PIPES + 2;
    c->waits = 3;
    c->next = c->all->first;
    c->all->first = c;
    c->all->n++;
}

static int spawn(struct child *c, const char *const *argv) {
    static char path[] = "PATH=/usr/local/bin:/usr/bin:/bin";
    static char lang[] = "LANG=C.UTF-8";
    char *env[] = {path, lang, NULL};
    uv_stdio_container_t io[PIPES];
    for (int i = 0; i < PIPES; i++) {
        int way = i == IN ? UV_READABLE_PIPE : UV_WRITABLE_PIPE;
        io[i].flags = (uv_stdio_flags)(UV_CREATE_PIPE | way);
        io[i].data.stream = (uv_stream_t *)&c->pipes[i];
    }
    uv_process_options_t o = {.exit_cb = on_exit_of,
                              .file = argv[0],
                              .args = (char **)(uintptr_t)argv,
                              .env = env,
                              .cwd = "/",
                              .stdio_count = PIPES,
                              .stdio = io};
    /* Whatever a library opened without it: no child inherits the database. */
    (void)close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
    return uv_spawn(c->all->loop, &c->process, &o);
}

int child_run(struct children *all, const struct child_order *o,
              child_done *done, void *arg) {
    if (all->stopped || all->n >= CHILDREN_MAX)
        return ERR_BUSY;
    struct child *c = NEW(struct child);
    c->all = all;
    c->done = done;
    c->arg = arg;
    c->out_max = o->out_max;
    c->input = mem_dupn(o->input, o->n);
    init(c);
    int rc = spawn(c, o->argv);
    if (rc < 0) {
        c->status = rc == UV_ENOENT ? ERR_NOT_FOUND : ERR_IO;
        buf_adds(&c->said, uv_strerror(rc));
        close_io(c);
        close_one(&c->process);
        return 0;
    }
    REQUIRE(uv_timer_start(&c->timer, on_late, (uint64_t)o->limit_ms, 0) == 0);
    talk(c, o->n);
    return 0;
}

struct children *children_new(struct uv_loop_s *loop) {
    struct children *c = NEW(struct children);
    c->loop = loop;
    return c;
}

void children_stop(struct children *all) {
    all->stopped = true;
    for (struct child *c = all->first; c; c = c->next)
        fail(c, ERR_CANCELLED);
}

void children_free(struct children *all) {
    REQUIRE(!all || !all->first);
    free(all);
}
