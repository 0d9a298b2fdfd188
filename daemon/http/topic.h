/* What a delivery tells: topic and body -> the objects to read again. Pure; all
 * of it is hostile. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/delivery.h"

/* Fill *ret. A body that is not JSON, an id that is none (missing, an error
 * object, beyond 2^53), an unknown topic: no object is told of, and that is no
 * error - the shop cannot mend it, and would only be told to disable the
 * webhook after seven refusals. */
void topic_read(const char *topic, const char *body, size_t n,
                struct delivery *ret);

/* The ping of a new webhook, form data "webhook_id=N": its id, or
 * ERR_INVALID. */
int topic_ping(const char *body, size_t n, int64_t *ret_id);

/* Is X-WC-Webhook-Source the shop at one of these addresses? Scheme and a slash
 * at the end do not count; "" matches nothing. */
bool topic_source_is(const char *source, const char *url, const char *home);

/* Is the signature (base64 of HMAC-SHA256) that of the body. */
bool topic_signed(const char *signature, const char *secret, size_t secret_n,
                  const char *body, size_t n);
