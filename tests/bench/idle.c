/* What a daemon with nothing to do uses.
 *
 * usage: bench_idle PID SECONDS WHAT   figures of that time
 *        bench_idle PID                processor time so far, ms */
#include <stdio.h>

#include "bench.h"
#include "common/cleanup.h"
#include "common/mem.h"

static void report(const struct bench_usage *from, const struct bench_usage *to,
                   double seconds, const char *label) {
    double cpu = (to->cpu_ms - from->cpu_ms) / seconds;
    double wakeups = (double)(to->wakeups - from->wakeups) / seconds;
    AUTO_FREE char *memory = mem_printf("memory of the daemon, %s", label);
    AUTO_FREE char *time = mem_printf("processor time, %s", label);
    AUTO_FREE char *wakes = mem_printf("wake-ups, %s", label);
    bench_print(&(struct bench_figure){"idle", memory, to->rss_mib, "MiB", 0,
                                       "<= 64 MiB", to->rss_mib <= 64});
    bench_print(&(struct bench_figure){"idle", time, cpu, "ms/s", 0,
                                       "0 (< 0.5 ms/s)", cpu < 0.5});
    bench_print(&(struct bench_figure){"idle", wakes, wakeups, "/s", 0, "< 2/s",
                                       wakeups < 2});
}

int main(int argc, char **argv) {
    struct bench_usage from, to;
    if (argc != 2 && argc != 4)
        bench_die("usage: bench_idle PID [SECONDS WHAT]");
    pid_t pid = (pid_t)bench_number(argv[1], 1, 1 << 30);
    bench_usage(pid, &from);
    if (argc == 2) {
        (void)printf("%.3f\n", from.cpu_ms);
        return 0;
    }
    int64_t seconds = bench_number(argv[2], 1, 3600);
    bench_sleep(seconds * 1000);
    bench_usage(pid, &to);
    report(&from, &to, (double)seconds, argv[3]);
    return 0;
}
