/* Bytes to a printer's port, as they are (9100, "JetDirect"). */
#pragma once

#include <stddef.h>

struct uv_loop_s;

enum { RAW_LIMIT_MS = 4000 /* for all of it */ };

/* 0: the printer took all of them, which does not say that it has printed; else
 * ERR_TIMEOUT or ERR_IO, and why. */
typedef void raw_done(void *arg, int status, const char *why);

/* data is copied. Told once, never before this returns. */
int raw_send(struct uv_loop_s *loop, const char *host, const char *port,
             const void *data, size_t n, raw_done *done, void *arg);
