/* The recorded exchanges of tests/data/woocommerce. */
#pragma once

#include <stddef.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/json.h"
#include "net/http.h"

struct recording {
    char name[96]; /* file name without .json */
    struct arena *arena;
    const struct json *root;
    const char *method, *path; /* of the request */
    struct buf body;           /* of the answer, as text */
};

/* Read by name ("order-single-rich"); fails the test when it is not there. */
void recording_read(const char *name, struct recording *ret);
void recording_done(struct recording *r);
/* The answer as the transport would have brought it. */
void recording_answer(const struct recording *r, struct http_answer *ret);
/* Call fn for every recording of an exchange in alphabetical order; returns how
 * many. */
int recording_each(void (*fn)(const struct recording *r, void *arg), void *arg);
