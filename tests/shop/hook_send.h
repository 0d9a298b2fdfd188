/* One delivery: what it says and how it is signed. */
#pragma once

#include "tests/shop/hook_wire.h"
#include "tests/shop/shop.h"

struct delivery {
    char url[512];
    struct buf heads, body;
    uint32_t hits; /* faults, as fault_hook_hits gives them */
};

/* Render a delivery of the object as it stands now, under the shop's lock. */
void hook_send_render(struct demo_shop *s, const struct obj *hook, int64_t id,
                      struct delivery *ret);

/* Post it. HTTP status, or -1. Without the lock. */
int hook_send_post(struct wire *w, const struct delivery *d);

/* Count the result: six failures are counted, the seventh disables, one
 * success forgets them. Under the lock. true: it was a success. */
bool hook_send_count(struct demo_shop *s, struct obj *hook, int status);

void hook_send_disable(struct demo_shop *s, struct obj *hook);

#define AUTO_DELIVERY CLEANUP(delivery_done)
void delivery_done(struct delivery *d);
