#include "gen_data.h"

#include <math.h>
#include <stdio.h>

uint64_t gen_next(struct gen *g) {
    uint64_t x = g->state += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

uint64_t gen_below(struct gen *g, uint64_t n) {
    return gen_next(g) % n;
}

uint64_t gen_zipf(struct gen *g, uint64_t n) {
    double u = (double)(gen_next(g) >> 11) / 9007199254740992.0;
    return (uint64_t)(exp(u * log((double)n + 1)) - 1) % n;
}

static void syllables(char *dst, size_t size, uint64_t rank) {
    static const char *const a[] = {"Al", "Be", "Ca",  "De", "El",  "Fa",
                                    "Go", "Ha", "Ish", "Ju", "Ka",  "Lo",
                                    "Me", "No", "Ol",  "Pe", "Ros", "Sa",
                                    "Ta", "Ul", "Ve",  "Wa", "Yi",  "Zo"};
    static const char *const b[] = {"ra",  "lin", "mo",  "ver", "dan", "ko",
                                    "tes", "bi",  "nor", "gu",  "shi", "pel"};
    static const char *const c[] = {"son",  "man", "ez",  "ova", "dag", "berg",
                                    "oglu", "ski", "ito", "ard", "en",  "well"};
    (void)snprintf(dst, size, "%s%s%s%s", a[rank % 24], b[rank / 24 % 12],
                   rank >= 3456 ? b[rank / 3456 % 12] : "", c[rank / 288 % 12]);
}

void gen_surname(char *dst, size_t size, uint64_t rank) {
    if (rank == 0)
        (void)snprintf(dst, size, "Smith");
    else
        syllables(dst, size, rank);
}

void gen_first_name(char *dst, size_t size, uint64_t rank) {
    if (rank == 0)
        (void)snprintf(dst, size, "John");
    else
        syllables(dst, size, rank * 7919);
}

int64_t gen_share(int i, int n, int64_t total) {
    double sum = 0;
    for (int k = 1; k <= n; k++)
        sum += pow(k, -0.7);
    return (int64_t)((double)total * pow(i + 1, -0.7) / sum);
}
