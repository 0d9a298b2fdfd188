/* The keys of a ring. Internal to this room. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { SEAL_KEY = 32, SEAL_MAX_KEYS = 16 };

struct seal_key {
    uint32_t id;
    uint8_t key[SEAL_KEY];
};

struct seal_ring {
    size_t n; /* the last one seals */
    struct seal_key keys[SEAL_MAX_KEYS];
};
