#include "common/check.h"

#include <stdlib.h>

#include "common/log.h"

_Noreturn void check_fatal(const char *cond, const char *file, int line,
                           const char *func) {
    log_error("check.fatal", "%s:%d: %s: '%s' does not hold; stopping", file,
              line, func, cond);
    abort();
}

void check_failed(const char *cond, const char *file, int line,
                  const char *func) {
    log_error("check.failed", "%s:%d: %s: '%s' does not hold", file, line, func,
              cond);
}
