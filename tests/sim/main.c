/* Runs histories: --seeds N (1), --seed S (1), --minutes M (no end), -v;
 * --first ends with the first that is broken, --step K takes each K-th seed,
 * --list FILE runs those it names (one a line) as well, --twice runs each again
 * and compares. Exit status 1 when a promise was broken; the seed is printed
 * and replays. --plant FAULT takes a rule of the engine away (plant.h) and ends
 * with the first history that is broken; none is: exit status 1. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/err.h"
#include "common/log.h"
#include "common/str.h"
#include "tests/sim/plant.h"
#include "tests/sim/sim.h"

static char now_running[64];

static void on_abort(int sig) {
    (void)sig;
    (void)!write(STDERR_FILENO, now_running, strlen(now_running));
}

struct args {
    int64_t seed, seeds, minutes, step;
    bool verbose, twice, first;
    const char *list;
    int plant;
};

struct tally {
    struct sim_counts sum;
    int64_t ran, broken;
};

static int usage(void) {
    (void)fprintf(stderr, "usage: sim [--seed S] [--seeds N] [--minutes M] "
                          "[--step K] [--list FILE] [--first] [--twice] "
                          "[--plant FAULT] [-v]\n");
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
        else if (strcmp(argv[i], "--list") == 0 && i + 1 < argc)
            a->list = argv[++i];
        else if (strcmp(argv[i], "--plant") == 0 && i + 1 < argc)
            a->first = (a->plant = plant_parse(argv[++i])) > 0;
        else if (!to || ++i == argc || str_to_i64(argv[i], 0, INT32_MAX, to))
            return ERR_INVALID;
    }
    return a->plant < 0 ? a->plant : 0;
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

static void run(int64_t seed, const struct args *a, struct tally *t) {
    static struct sim s;
    t->broken += !one(&s, seed, a);
    t->ran++;
    add(&t->sum, &s.counts);
}

/* Seeds that once broke a promise. */
static int run_list(const struct args *a, struct tally *t) {
    char line[32];
    int64_t seed;
    FILE *f = fopen(a->list, "re");
    bool good = f != NULL;
    while (good && fgets(line, sizeof line, f)) {
        line[strcspn(line, "\n")] = '\0';
        good = str_to_i64(line, 0, INT32_MAX, &seed) == 0;
        if (good)
            run(seed, a, t);
    }
    if (f)
        (void)fclose(f);
    return good ? 0 : ERR_INVALID;
}

static void report(const struct tally *t, double took) {
    const struct sim_counts *sum = &t->sum;
    (void)printf(
        "%lld histories, %lld broken, %.1f s (%.1f a second); %lld "
        "requests, %lld faults, %lld writes, %lld crashes, %lld "
        "restores, %lld acts, %lld jobs\n",
        (long long)t->ran, (long long)t->broken, took,
        (double)t->ran / (took > 0 ? took : 1), (long long)sum->requests,
        (long long)sum->faults, (long long)sum->writes, (long long)sum->crashes,
        (long long)sum->restores, (long long)sum->acts, (long long)sum->jobs);
}

int main(int argc, char **argv) {
    struct args a;
    struct tally t = {0};
    if (args_read(argc, argv, &a) < 0)
        return usage();
    plant_set((enum plant)a.plant);
    log_setup(a.verbose ? LOG_DEBUG : LOG_ERROR, false);
    (void)signal(SIGABRT, on_abort);
    (void)setvbuf(stdout, NULL, _IOLBF, 0);
    double began = seconds();
    for (int64_t i = 0; i < a.seeds && !(t.broken && a.first); i++) {
        if (a.minutes && seconds() - began > (double)a.minutes * 60)
            break;
        run(a.seed + i * a.step, &a, &t);
    }
    if (a.list && run_list(&a, &t) < 0) {
        (void)fprintf(stderr, "sim: %s: no list of seeds\n", a.list);
        return 1;
    }
    report(&t, seconds() - began);
    return a.plant ? t.broken == 0 : t.broken > 0;
}
