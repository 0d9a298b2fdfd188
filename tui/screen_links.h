/* Hyperlinks of a screen (OSC 8). curses does not know them and sends cells
 * without: what is one is written once more behind it, over the same cells.
 * This is which, and when; no terminal. For each frame: begin, put all that is
 * put, then due. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct screen_links;

struct screen_link {
    int y, x, role;
    char *text; /* ASCII, one cell a byte */
    char *address;
    bool due; /* write it now */
};

struct screen_links *screen_links_create(void);
void screen_links_destroy(struct screen_links *l);

/* A frame of h x w. True: it is another size than before, and what the
 * terminal shows must be sent anew in full. */
bool screen_links_begin(struct screen_links *l, int h, int w);
/* The terminal is cleared: there are no links on it. */
void screen_links_forget(struct screen_links *l);

/* What is put from here on leads there (web_address_ok); NULL: nowhere. */
void screen_links_use(struct screen_links *l, const char *address);
bool screen_links_used(const struct screen_links *l);
/* Text that is put; what was a link below it is none any more. */
void screen_links_put(struct screen_links *l, int y, int x, int role,
                      const char *text, int cells);

/* Behind what curses sent: the frame's links, those marked that are not on the
 * terminal (any more). cy, cx: where the cursor rests; cy < 0: hidden. */
const struct screen_link *screen_links_due(struct screen_links *l, int cy,
                                           int cx, int *ret_n);
