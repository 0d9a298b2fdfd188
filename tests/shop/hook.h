/* Webhooks of the shop: topics and the ping. Deliveries find their place here:
 * whoever writes them calls from the same points that touch dates. */
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
