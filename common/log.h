/* Structured log lines on stderr: text for people on a terminal, JSON
 * otherwise. Thread-safe, one write(2) a line; control characters in values are
 * escaped. Only programs and deciding callers log; libraries return errors. */
#pragma once

#include <stdbool.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

/* Defaults: info, JSON unless stderr is a terminal. */
void log_setup(enum log_level level, bool json);
bool log_level_parse(const char *s, enum log_level *ret);

/* event: a stable dotted word ("sync.page"); the rest is a sentence, printf
 * style. */
void log_write(enum log_level level, const char *event, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#define log_debug(event, ...) log_write(LOG_DEBUG, event, __VA_ARGS__)
#define log_info(event, ...) log_write(LOG_INFO, event, __VA_ARGS__)
#define log_warn(event, ...) log_write(LOG_WARN, event, __VA_ARGS__)
#define log_error(event, ...) log_write(LOG_ERROR, event, __VA_ARGS__)
