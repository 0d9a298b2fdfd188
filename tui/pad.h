/* Columns within a line of text, by cells: bytes would shift a row as soon as
 * a name has an umlaut or is written in wide characters. */
#pragma once

struct buf;

/* Append text in exactly |cells| cells: padded with blanks, or cut with ".."
 * at the end. cells > 0: at the left; < 0: at the right (amounts). The text
 * may be hostile: it is made safe for one screen line. */
void pad(struct buf *out, const char *text, int cells);
