/* The data folder and the keys in it: made on the first start, never readable
 * by others. */
#pragma once

#include <stdint.h>

#include "common/err.h"

struct seal_ring;

struct secrets {
    struct seal_ring *ring; /* seals what shops gave us; master.key */
    uint8_t audit[32];      /* chains the audit trail; audit.key */
};

/* Make the folder (0700) and open or make both keys. ERR_DENIED: somebody else
 * can read them; ERR_CONFIG: damaged; ERR_IO. */
int secrets_open(const char *data, struct secrets *ret, struct error *e);
/* Wipes and frees what s owns. */
void secrets_done(struct secrets *s);
