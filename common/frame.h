/* Bytes <-> lines of JSON. Pure: no descriptor, no loop. One message a line,
 * '\n' ends it, '\r' before it is dropped, blank lines are skipped. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/buf.h"

enum { FRAME_MAX = 4 * 1024 * 1024 };

struct frame_reader {
    struct buf in;   /* bytes not yet returned */
    size_t taken;    /* prefix of in already handed out */
    size_t scanned;  /* no newline between taken and here */
    size_t max;      /* longest line accepted */
    bool overflowed; /* a line was too long; the connection must end */
};

/* Lines of at most `max` bytes. */
void frame_init(struct frame_reader *r, size_t max);
/* Frees what was read but not taken. */
void frame_done(struct frame_reader *r);

/* Add received bytes. Returns 0 or ERR_TOO_BIG when the line in progress passed
 * the limit; whole lines before it can still be taken. */
int frame_feed(struct frame_reader *r, const void *data, size_t n);

/* Next whole line: true and its range (valid until the next feed or next),
 * false when more bytes are needed or the next line is too long (overflowed is
 * set then). */
bool frame_next(struct frame_reader *r, const char **ret_line, size_t *ret_n);
