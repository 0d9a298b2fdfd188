/* Assertions in two strengths, always compiled in. Raw assert() is forbidden by
 * tests/check-style.sh. */
#pragma once

#include <stdbool.h>

/* Fatal: the program's own state is broken and going on would harm data. Prints
 * the place and aborts. */
#define REQUIRE(cond)                                                          \
    ((cond) ? (void)0 : check_fatal(#cond, __FILE__, __LINE__, __func__))

/* Not fatal: logs the place at error level once per call and yields the truth
 * of cond, so the caller must handle the false branch: `if (!CHECK(x)) return
 * ERR_INTERNAL;` */
#define CHECK(cond)                                                            \
    (__builtin_expect(!!(cond), 1)                                             \
         ? true                                                                \
         : (check_failed(#cond, __FILE__, __LINE__, __func__), false))

/* Behind REQUIRE; does not return. */
_Noreturn void check_fatal(const char *cond, const char *file, int line,
                           const char *func);

/* Behind CHECK; logs. */
void check_failed(const char *cond, const char *file, int line,
                  const char *func);
