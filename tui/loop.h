/* The client's event loop: poll(2) on a few descriptors and timers. One turn =
 * wait, run what is ready; the caller paints between turns. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct loop;

/* revents as of poll(2). */
typedef void loop_fd_cb(void *arg, short revents);
typedef void loop_timer_cb(void *arg);

struct loop *loop_create(void);
void loop_destroy(struct loop *l); /* NULL is fine */

/* Watch fd for events (replaces the earlier watch of fd); at most 8. */
void loop_watch(struct loop *l, int fd, short events, loop_fd_cb *cb,
                void *arg);
void loop_unwatch(struct loop *l, int fd);

/* Call cb(arg) once in ms. An earlier timer of the same (cb, arg) is moved, so
 * asking twice costs nothing. At most 32 at a time. */
void loop_timer(struct loop *l, int64_t ms, loop_timer_cb *cb, void *arg);
void loop_timer_cancel(struct loop *l, loop_timer_cb *cb, void *arg);
bool loop_timer_pending(const struct loop *l, loop_timer_cb *cb, void *arg);
/* Forget all timers with this arg: its owner goes away. */
void loop_forget(struct loop *l, void *arg);

/* One turn; waits at most max_ms (-1: until something happens). */
void loop_turn(struct loop *l, int max_ms);

/* Clocks: monotonic and wall, in ms. */
int64_t loop_mono(void);
int64_t loop_now(void);
