#include "bench.h"

#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/cleanup.h"
#include "common/mem.h"
#include "common/str.h"

void bench_print(const struct bench_figure *f) {
    bool judged = strcmp(f->target, "-") != 0;
    (void)printf("%s\t%s\t%.6g\t%s\t", f->name, f->what, f->ours, f->unit);
    if (f->floor > 0)
        (void)printf("%.6g\t%.3g", f->floor, f->ours / f->floor);
    else
        (void)printf("-\t-");
    (void)printf("\t%s\t%s\n", f->target,
                 !judged  ? "-"
                 : f->met ? "met"
                          : "not met");
    (void)fflush(stdout);
}

void bench_die(const char *fmt, ...) {
    va_list ap;
    (void)fprintf(stderr, "bench: ");
    va_start(ap, fmt);
    (void)vfprintf(stderr, fmt, ap);
    va_end(ap);
    (void)fputc('\n', stderr);
    exit(1);
}

static int64_t ns_of(clockid_t clock) {
    struct timespec t;
    if (clock_gettime(clock, &t) < 0)
        bench_die("the clock cannot be read");
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int64_t bench_ns(void) {
    return ns_of(CLOCK_MONOTONIC);
}

void bench_sleep(int64_t ms) {
    struct timespec t = {ms / 1000, ms % 1000 * 1000000};
    while (nanosleep(&t, &t) < 0)
        ;
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double bench_quantile(double *v, size_t n, double q) {
    size_t at = (size_t)(q * (double)n);
    if (n == 0)
        bench_die("nothing was measured");
    qsort(v, n, sizeof *v, by_value);
    return v[at < n ? at : n - 1];
}

/* The number behind a key of a /proc status file. */
static int64_t status_of(const char *path, const char *key) {
    char line[256];
    long long value = -1;
    FILE *f = fopen(path, "r");
    if (!f)
        return 0; /* a thread that has just ended */
    while (value < 0 && fgets(line, sizeof line, f))
        if (strncmp(line, key, strlen(key)) == 0)
            (void)sscanf(line + strlen(key), "%lld", &value);
    (void)fclose(f);
    return value < 0 ? 0 : value;
}

static int64_t wakeups_of(pid_t pid) {
    AUTO_FREE char *dir = mem_printf("/proc/%d/task", (int)pid);
    DIR *d = opendir(dir);
    int64_t sum = 0;
    if (!d)
        bench_die("process %d is gone", (int)pid);
    for (struct dirent *e; (e = readdir(d));) {
        AUTO_FREE char *path = mem_printf("%s/%s/status", dir, e->d_name);
        if (e->d_name[0] != '.')
            sum += status_of(path, "voluntary_ctxt_switches:");
    }
    (void)closedir(d);
    return sum;
}

int64_t bench_status_kib(pid_t pid, const char *key) {
    AUTO_FREE char *path = mem_printf("/proc/%d/status", (int)pid);
    int64_t kib = status_of(path, key);
    if (kib <= 0)
        bench_die("process %d is gone", (int)pid);
    return kib;
}

void bench_usage(pid_t pid, struct bench_usage *ret) {
    clockid_t clock;
    if (clock_getcpuclockid(pid, &clock) != 0)
        bench_die("process %d is gone", (int)pid);
    ret->cpu_ms = (double)ns_of(clock) / 1e6;
    ret->wakeups = wakeups_of(pid);
    ret->rss_mib = (double)bench_status_kib(pid, "VmRSS:") / 1024;
}

int64_t bench_number(const char *text, int64_t min, int64_t max) {
    int64_t n;
    if (!text || str_to_i64(text, min, max, &n) < 0)
        bench_die("a number from %lld to %lld is wanted, not %s",
                  (long long)min, (long long)max, text ? text : "nothing");
    return n;
}
