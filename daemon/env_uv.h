/* struct env of the running daemon: libuv's loop and clocks, the system's
 * randomness. */
#pragma once

#include <uv.h>

#include "common/env.h"

struct env_uv {
    uv_loop_t *loop;
    int timers; /* neither fired nor cancelled */
};

/* Fill ret to work on that loop; self must live as long as ret is used. */
void env_uv_init(struct env_uv *self, uv_loop_t *loop, struct env *ret);
