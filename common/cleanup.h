/* Scope-bound cleanup. gcc and clang only, by decision: early returns stay safe
 * without goto ladders. */
#pragma once

#include <stdlib.h>
#include <unistd.h>

/* Run `fn(&variable)` when the variable leaves its scope. */
#define CLEANUP(fn) __attribute__((cleanup(fn)))

/* Yield the pointer and leave NULL behind: hands ownership past a CLEANUP. */
#define TAKE_PTR(p)                                                            \
    ({                                                                         \
        __typeof__(p) taken_ = (p);                                            \
        (p) = NULL;                                                            \
        taken_;                                                                \
    })

/* Yield the descriptor and leave -1 behind. */
#define TAKE_FD(fd)                                                            \
    ({                                                                         \
        int taken_ = (fd);                                                     \
        (fd) = -1;                                                             \
        taken_;                                                                \
    })

/* Define `void name(T *p)` that calls `fn(*p)` when *p is set; for use with
 * CLEANUP(name). */
#define DEFINE_CLEANUP(T, name, fn)                                            \
    static inline void name(T *p) {                                            \
        if (*p)                                                                \
            fn(*p);                                                            \
    }

static inline void cleanup_free(void *p) {
    free(*(void **)p);
}

static inline void cleanup_fd(const int *fd) {
    if (*fd >= 0)
        (void)close(*fd);
}

#define AUTO_FREE CLEANUP(cleanup_free)
#define AUTO_FD CLEANUP(cleanup_fd)
