/* Invented shop data from a seed: names as unevenly spread as real ones. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct gen {
    uint64_t state; /* of the generator */
};

uint64_t gen_next(struct gen *g);
uint64_t gen_below(struct gen *g, uint64_t n); /* [0, n) */
/* Log-uniform in [0, n): 0 is the most common by far. */
uint64_t gen_zipf(struct gen *g, uint64_t n);

/* The name of that rank, capitalised; rank 0 is Smith or John. */
void gen_surname(char *dst, size_t size, uint64_t rank);
void gen_first_name(char *dst, size_t size, uint64_t rank);

/* Orders of store i of n when there are `total`: i ^ -0.7, as found. */
int64_t gen_share(int i, int n, int64_t total);
