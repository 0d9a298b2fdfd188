/* Deliveries that wait, and the thread they leave from: one after the other,
 * as Action Scheduler runs them. A slow listener delays the queue, never the
 * shop. Everything but start and stop is under the shop's lock. */
#pragma once

#include "tests/shop/exchange.h"

struct demo_shop;
struct hooks;

struct hooks *hook_queue_start(struct demo_shop *shop, int delay_ms);

/* What still waits is not delivered. Without the lock; NULL is fine. */
void hook_queue_stop(struct hooks *h);

/* The webhook will deliver the object once the queue runs. While that waits,
 * the same is not queued again. */
void hook_queue_add(struct hooks *h, int64_t hook, int64_t id);

/* The door: GET {pending, delivered, failed}, POST {delay_ms}. Pending counts
 * the one on its way. */
void hook_queue_door(struct exchange *x);
