/* One-time codes of an authenticator app: TOTP (RFC 6238), SHA-1, 6 digits, 30
 * seconds. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"

enum { TOTP_SECRET = 20, TOTP_STEP_MS = 30000 };

/* The code of a step, as a number below 10^digits. */
uint32_t totp_code(const void *secret, size_t n, int64_t step, int digits);

/* Does the typed code (six digits, blanks are passed over) belong to a step
 * near now and later than `used`? Returns that step, or ERR_INVALID: wrong, or
 * used before. Clocks may be one step apart. */
int64_t totp_check(const void *secret, size_t n, const char *typed,
                   int64_t now_ms, int64_t used);

/* Append otpauth://totp/... for the app: who at which Fulexo. */
void totp_uri(const void *secret, size_t n, const char *issuer,
              const char *user, struct buf *out);
