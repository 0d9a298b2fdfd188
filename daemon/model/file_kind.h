/* What a file is by its bytes, and what it may be called. Nothing of it is ever
 * opened or run here. */
#pragma once

#include <stddef.h>

struct buf;

enum { FILE_NAME_MAX = 120 /* bytes of a name */ };

/* "image/png" ...; NULL: none of those that are kept. name: tells CSV from
 * other text. */
const char *file_kind(const void *data, size_t n, const char *name);

/* Append what remains of a name: its last part, without what a terminal or a
 * shell would take for something else, at most FILE_NAME_MAX bytes; never
 * empty, never hidden. */
void file_name_clean(struct buf *out, const char *name);
