/* Things to do later, on a thread of their own: held answers, late writes.
 * Microsecond due times; a wake-up is late by tens of microseconds. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct timers;

/* stopping: the shop ends; do what must be done and free. */
typedef void timers_fn(void *arg, bool stopping);

struct timers *timers_start(void);

/* Calls what is still waiting with stopping = true, on this thread; whatever
 * is added from now on is called so at once, by the thread that adds it. */
void timers_stop(struct timers *t);

/* Stopped, and nobody adds any more. NULL is fine. */
void timers_free(struct timers *t);

/* Run fn(arg) at `due_us` on the timers_now clock. Any thread. */
void timers_add(struct timers *t, int64_t due_us, timers_fn *fn, void *arg);

int64_t timers_now(void); /* monotonic microseconds */
