/* Programs the daemon runs: given bytes, asked for bytes, never a shell.
 *
 * Happy path: the program reads its input, writes its output, ends with 0; done
 * is told. Failure modes: it is not there; it ends otherwise or by a signal; it
 * takes too long or says too much, then it is killed; the daemon stops, then
 * all are killed. done is told once in any case, never before child_run
 * returns. Loop thread. A child gets three descriptors, PATH and LANG, nothing
 * else of ours. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct children;
struct uv_loop_s;

enum { CHILDREN_MAX = 4 /* at a time */, CHILD_SAID = 400 };

struct child_order {
    const char *const *argv; /* [0]: a path, or looked for in PATH */
    const char *input;
    size_t n;
    size_t out_max;
    int64_t limit_ms;
};

struct child_end {
    const char *out; /* good during done; NUL-terminated */
    size_t n;
    const char *said; /* beginning of its standard error, one line */
};
/* status: 0; ERR_NOT_FOUND, no such program; ERR_TIMEOUT; ERR_TOO_BIG;
 * ERR_CANCELLED, the daemon stops; ERR_IO, it failed. */
typedef void child_done(void *arg, int status, const struct child_end *end);

struct children *children_new(struct uv_loop_s *loop);
/* Kill all; each is told of soon. */
void children_stop(struct children *all);
/* None may be left. NULL is fine. */
void children_free(struct children *all);

/* Everything of the order is copied. 0, or ERR_BUSY: CHILDREN_MAX run, or all
 * were stopped; done is not called then. */
int child_run(struct children *all, const struct child_order *o,
              child_done *done, void *arg);
