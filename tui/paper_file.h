/* A paper as a file beside whoever runs the program. */
#pragma once

#include <stddef.h>

#include "common/buf.h"

/* Write it into the working folder under that name, or name-2 .. name-99 when
 * there is one; nothing is ever overwritten. Its path goes into ret.
 * ERR_DENIED: no files here (--captive); ERR_INVALID: no name of a file;
 * ERR_EXISTS, ERR_IO, ERR_DISK_FULL: nothing is left behind. */
int paper_file_save(const char *name, const void *data, size_t n,
                    struct buf *ret);
