/* A shop made like the recorded one, and the comparison of two answers. */
#pragma once

#include <stdbool.h>

#include "tests/shop/demo.h"
#include "tests/shop/node.h"
#include "tests/unit/demo/client.h"

struct replay {
    const char *name; /* of the recording, without .json */
    bool hpos;
    struct arena *a;
    const struct node *request, *response;
    struct demo_shop *shop;
    int port;
};

/* Start a shop holding the objects the recordings name, under their ids, in
 * the state the recording found them. */
void replay_prepare(struct replay *r);

/* Compare shapes: same keys, same types, all the way down. Prints the first
 * difference with its path and returns false. */
bool replay_same_shape(const struct node *want, const struct node *got,
                       const char *path);
