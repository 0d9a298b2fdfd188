#include "slow_link.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "bench.h"
#include "common/mem.h"

enum { PIECE = 65536, TICK_MS = 5 };

/* Bytes on their way to one end. */
struct piece {
    struct piece *next;
    int64_t due; /* ns */
    size_t n;
    char bytes[];
};
struct lane {
    struct piece *first, *last;
};

struct slow_link {
    pthread_t thread;
    atomic_bool ends;
    int ms, listener;
    char dir[64], path[80], to[108];
    int fds[2]; /* the client's, the daemon's; -1: none */
    struct lane lanes[2];
};

static void address(struct sockaddr_un *a, const char *path) {
    *a = (struct sockaddr_un){.sun_family = AF_UNIX};
    (void)snprintf(a->sun_path, sizeof a->sun_path, "%s", path);
}

static void drop(struct slow_link *l) {
    for (int i = 0; i < 2; i++) {
        if (l->fds[i] >= 0)
            (void)close(l->fds[i]);
        l->fds[i] = -1;
        while (l->lanes[i].first) {
            struct piece *p = l->lanes[i].first;
            l->lanes[i].first = p->next;
            free(p);
        }
        l->lanes[i].last = NULL;
    }
}

/* A client comes; without a daemon it is turned away, and comes again. */
static void take(struct slow_link *l) {
    struct sockaddr_un a;
    int fd = accept(l->listener, NULL, NULL);
    if (fd < 0)
        return;
    drop(l);
    int to = socket(AF_UNIX, SOCK_STREAM, 0);
    address(&a, l->to);
    if (connect(to, (struct sockaddr *)&a, sizeof a) < 0) {
        (void)close(fd);
        (void)close(to);
        return;
    }
    l->fds[0] = fd;
    l->fds[1] = to;
}

/* From one end into the lane of the other. */
static void hold(struct slow_link *l, int from) {
    struct piece *p = mem_alloc(sizeof *p + PIECE);
    ssize_t n = read(l->fds[from], p->bytes, PIECE);
    if (n <= 0) {
        free(p);
        drop(l);
        return;
    }
    struct lane *to = &l->lanes[!from];
    p->next = NULL;
    p->n = (size_t)n;
    p->due = bench_ns() + l->ms * INT64_C(1000000);
    *(to->first ? &to->last->next : &to->first) = p;
    to->last = p;
}

static void let_go(struct slow_link *l, int to) {
    struct lane *lane = &l->lanes[to];
    while (lane->first && lane->first->due <= bench_ns()) {
        struct piece *p = lane->first;
        if (send(l->fds[to], p->bytes, p->n, MSG_NOSIGNAL) != (ssize_t)p->n) {
            drop(l);
            return;
        }
        lane->first = p->next;
        free(p);
    }
}

static void *run(void *arg) {
    struct slow_link *l = arg;
    while (!atomic_load(&l->ends)) {
        struct pollfd fds[3] = {{l->listener, POLLIN, 0},
                                {l->fds[0], POLLIN, 0},
                                {l->fds[1], POLLIN, 0}};
        (void)poll(fds, 3, TICK_MS);
        for (int i = 0; i < 2; i++) {
            if (fds[i + 1].revents && l->fds[i] == fds[i + 1].fd &&
                l->fds[i] >= 0)
                hold(l, i);
            let_go(l, i);
        }
        if (fds[0].revents)
            take(l);
    }
    drop(l);
    return NULL;
}

struct slow_link *slow_link_start(const char *daemon_socket, int ms) {
    struct slow_link *l = NEW(struct slow_link);
    struct sockaddr_un a;
    l->ms = ms;
    l->fds[0] = l->fds[1] = -1;
    (void)snprintf(l->to, sizeof l->to, "%s", daemon_socket);
    (void)snprintf(l->dir, sizeof l->dir, "/tmp/fulexo-link.XXXXXX");
    if (!mkdtemp(l->dir))
        bench_die("no folder for a socket");
    (void)snprintf(l->path, sizeof l->path, "%s/s", l->dir);
    l->listener = socket(AF_UNIX, SOCK_STREAM, 0);
    address(&a, l->path);
    if (bind(l->listener, (struct sockaddr *)&a, sizeof a) < 0 ||
        listen(l->listener, 8) < 0 ||
        pthread_create(&l->thread, NULL, run, l) != 0)
        bench_die("no link at %s", l->path);
    return l;
}

const char *slow_link_path(const struct slow_link *l) {
    return l->path;
}

void slow_link_stop(struct slow_link *l) {
    atomic_store(&l->ends, true);
    (void)pthread_join(l->thread, NULL);
    (void)close(l->listener);
    (void)unlink(l->path);
    (void)rmdir(l->dir);
    free(l);
}
