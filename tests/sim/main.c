/* Runs histories: --seeds N (1), --seed S (1), --minutes M (no end), -v;
 * --first ends with the first that is broken, --step K takes each K-th seed,
 * --twice runs each again and compares. Exit status 1 when a promise was
 * broken; the seed is printed and replays. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/err.h"
#include "common/log.h"
#include "common/str.h"
#include "tests/sim/sim.h"

static char now_running[64];

static void on_abort(int sig) {
    (void)sig;
    (void)!write(STDERR_FILENO, now_running, strlen(now_running));
}

struct args {
    int64_t seed, seeds, minutes, step;
    bool verbose, twice, first;
};

static int usage(void) {
    (void)fprintf(stderr, "usage: sim [--seed S] [--seeds N] [--minutes M] "
                          "[--step K] [--first] [--twice] [-v]\n");
    return 64;
}

static int args_read(int argc, char **argv, struct args *a) {
    *a = (struct args){.seed = 1, .seeds = 1, .step = 1};
    for (int i = 1; i < argc; i++) {
        int64_t *to = strcmp(argv[i], "--seed") == 0      ? &a->seed
                      : strcmp(argv[i], "--seeds") == 0   ? &a->seeds
                      : strcmp(argv[i], "--minutes") == 0 ? &a->minutes
                      : strcmp(argv[i], "--step") == 0    ? &a->step
                                                          : NULL;
        if (strcmp(argv[i], "-v") == 0)
            a->verbose = true;
        else if (strcmp(argv[i], "--twice") == 0)
            a->twice = true;
        else if (strcmp(argv[i], "--first") == 0)
            a->first = true;
        else if (!to || ++i == argc || str_to_i64(argv[i], 0, INT32_MAX, to))
            return ERR_INVALID;
    }
    return 0;
}

static double seconds(void) {
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void add(struct sim_counts *sum, const struct sim_counts *c) {
    sum->steps += c->steps;
    sum->requests += c->requests;
    sum->faults += c->faults;
    sum->writes += c->writes;
    sum->crashes += c->crashes;
    sum->restores += c->restores;
    sum->acts += c->acts;
    sum->jobs += c->jobs;
}

/* One history; false after saying what is broken. */
static bool one(struct sim *s, int64_t seed, const struct args *a) {
    (void)snprintf(now_running, sizeof now_running,
                   "sim: aborted at seed %lld\n", (long long)seed);
    bool whole = sim_run(s, (uint64_t)seed, a->verbose);
    uint64_t digest = s->digest;
    if (whole && a->twice) {
        whole = sim_run(s, (uint64_t)seed, a->verbose);
        if (whole && s->digest != digest)
            sim_fail(s, "the same seed gives another history");
    }
    if (s->failed)
        (void)printf("seed %lld: %s\n", (long long)seed, s->why);
    return !s->failed;
}

static void report(const struct sim_counts *sum, int64_t ran, int64_t broken,
                   double took) {
    (void)printf("%lld histories, %lld broken, %.1f s (%.1f a second); %lld "
                 "requests, %lld faults, %lld writes, %lld crashes, %lld "
                 "restores, %lld acts, %lld jobs\n",
                 (long long)ran, (long long)broken, took,
                 (double)ran / (took > 0 ? took : 1), (long long)sum->requests,
                 (long long)sum->faults, (long long)sum->writes,
                 (long long)sum->crashes, (long long)sum->restores,
                 (long long)sum->acts, (long long)sum->jobs);
}

int main(int argc, char **argv) {
    static struct sim s;
    struct args a;
    if (args_read(argc, argv, &a) < 0)
        return usage();
    log_setup(a.verbose ? LOG_DEBUG : LOG_ERROR, false);
    (void)signal(SIGABRT, on_abort);
    (void)setvbuf(stdout, NULL, _IOLBF, 0);
    struct sim_counts sum = {0};
    double began = seconds();
    int64_t ran = 0, broken = 0;
    for (; ran < a.seeds && !(broken && a.first); ran++) {
        if (a.minutes && seconds() - began > (double)a.minutes * 60)
            break;
        broken += !one(&s, a.seed + ran * a.step, &a);
        add(&sum, &s.counts);
    }
    report(&sum, ran, broken, seconds() - began);
    return broken > 0;
}
