/* The journal of erasures, a file beside the database: a restored backup is
 * older than it, and what was erased since is erased again. One line of JSON
 * each, of ids alone; only ours to read. */
#pragma once

#include <stddef.h>

#define ERASURES_FILE "erasures"

/* Add a line (without its newline) to DATA/erasures and see it on the disk.
 * ERR_IO, ERR_DISK_FULL. */
int erasures_append(const char *data, const char *line);

/* All lines, oldest first; fn's negative return ends it. A line that was cut
 * off by a crash is handed on as it is. 0 when there is no file; ERR_IO. */
int erasures_each(const char *data,
                  int (*fn)(const char *line, size_t n, void *arg), void *arg);
