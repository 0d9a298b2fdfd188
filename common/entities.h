/* HTML entities in what WordPress calls plain text. */
#pragma once

struct buf;

/* Append s with its entities decoded (numeric and the named ones WordPress
 * makes); unknown ones stay as they are. */
void entities_decode(struct buf *out, const char *s);
