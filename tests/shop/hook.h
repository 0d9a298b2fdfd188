/* Webhooks of the shop: topics, the ping, and what an event sets going.
 * Deliveries leave from a queue on a thread of their own (hook_queue.h). */
#pragma once

#include "tests/shop/store.h"

/* Hooks WordPress fires for a topic, comma list; NULL for a bad topic. For
 * "action.x" it is x. */
const char *hook_names(const char *topic);

/* http(s) address WordPress would call. safe: private addresses and ports but
 * 80, 443 and 8080 are refused. */
bool hook_may_call(const char *url, bool safe);

/* Post "webhook_id=N" to an http address, synchronously, at most 2 s. HTTP
 * status, or -1 when nobody answered (https is not spoken: -1). */
int hook_ping(const char *url, int64_t id);

/* Something happened to an object: each active webhook of the topic will
 * deliver. Under the shop's lock, wherever the shop changes; nothing while the
 * shop is generated. */
void hook_fire(struct store *s, const char *topic, int64_t id);

/* What storages do not agree about. An order that came back from the trash by
 * a status fires order.updated on posts alone. */
void hook_order_saved(struct store *s, int64_t id, bool untrashed);
void hook_order_trashed(struct store *s, int64_t id);
void hook_order_untrashed(struct store *s, int64_t id); /* by WordPress */
void hook_order_created(struct store *s, int64_t id);   /* not a checkout */
void hook_refund_deleted(struct store *s, int64_t id);

/* Gone for good: order, product, variation or customer. */
void hook_removed(struct store *s, enum kind k, int64_t id);

/* created, updated, deleted or restored of a product, variation, customer or
 * coupon; other kinds tell nobody. */
void hook_event(struct store *s, enum kind k, const char *event, int64_t id);
