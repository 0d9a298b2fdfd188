/* A whole file into memory. */
#pragma once

#include <stddef.h>

struct buf;

/* Append the bytes of the regular file at that path. ERR_IO (errno says why),
 * ERR_INVALID: not a regular file; ERR_TOO_BIG: more than max, out untouched.
 */
int slurp(const char *path, size_t max, struct buf *out);
