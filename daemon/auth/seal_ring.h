/* The keys of a ring. Internal to this room. */
#pragma once

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

enum { SEAL_KEY = 32, SEAL_MAX_KEYS = 16 };

struct seal_key {
    uint32_t id;
    uint8_t key[SEAL_KEY];
};

/* Read by every thread while one may add: a key is whole before n counts it,
 * and stays. */
struct seal_ring {
    atomic_size_t n; /* the last one seals */
    struct seal_key keys[SEAL_MAX_KEYS];
    char *path; /* NULL: of no file */
};
