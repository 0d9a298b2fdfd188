/* What the benches share: clocks, medians, what a process used, and the one
 * line a figure is printed as. A bench that cannot run ends the program. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* One figure: a tab-separated line for run.sh. */
struct bench_figure {
    const char *name, *what; /* the bench; what was measured */
    double ours;
    const char *unit;
    double floor;       /* 0: it has none */
    const char *target; /* in words; "-": none */
    bool met;           /* ignored without a target */
};
void bench_print(const struct bench_figure *f);

/* Print "NAME: ..." on standard error and exit with 1. */
void bench_die(const char *fmt, ...)
    __attribute__((format(printf, 1, 2), noreturn));

int64_t bench_ns(void); /* CLOCK_MONOTONIC */
void bench_sleep(int64_t ms);

/* Sorts v; q in [0, 1]: 0.5 the median, 0.99 the 99th percentile. */
double bench_quantile(double *v, size_t n, double q);

/* What a process used so far. */
struct bench_usage {
    double cpu_ms;
    int64_t wakeups; /* voluntary context switches of all its threads */
    double rss_mib;
};
void bench_usage(pid_t pid, struct bench_usage *ret);
/* Of /proc/PID/status, in KiB: "VmRSS:", "VmHWM:". */
int64_t bench_status_kib(pid_t pid, const char *key);

/* A number from the command line; anything else ends the program. */
int64_t bench_number(const char *text, int64_t min, int64_t max);
