/* Passwords are hashed one at a time, beside the loop, however many ask: it
 * takes one core's time at most and never the loop's.
 *
 * Happy path: hasher_check or hasher_make queues; the oldest is on a thread of
 * uv's pool; done is called on the loop, then the next one goes.
 * Failure modes: more than HASHER_MAX wait: ERR_BUSY; the caller goes before
 * its answer: it must not (a call is held until then). */
#pragma once

#include <stdbool.h>

#include "common/err.h"

struct hasher;
struct uv_loop_s;

enum { HASHER_MAX = 64 };

struct hasher *hasher_new(struct uv_loop_s *loop);
/* Nothing may wait. NULL is fine. */
void hasher_free(struct hasher *h);
/* How many wait or run. */
int hasher_busy(const struct hasher *h);

/* Does the password fit the hash (NULL: nobody's)? Both are copied, and wiped
 * after. */
int hasher_check(struct hasher *h, const char *password, const char *hash,
                 void (*done)(void *arg, bool fits), void *arg);
/* Hash it; hash NULL: the system cannot. Good during done alone. */
int hasher_make(struct hasher *h, const char *password,
                void (*done)(void *arg, const char *hash), void *arg);
