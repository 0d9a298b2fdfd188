/* The terminal as cells with roles. Views give text and what it means; which
 * colour that is belongs to screen_curses.c, the only user of curses.
 * screen_fake.c keeps the cells in memory for unit tests and --plain. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* What a piece of text is. A word or a mark always says the same. */
enum role {
    ROLE_NORMAL,
    ROLE_DIM,    /* secondary */
    ROLE_BAR,    /* the frame's first line */
    ROLE_TITLE,  /* in the bar: where we are */
    ROLE_HEADER, /* column titles */
    ROLE_KEY,    /* a key in hints */
    ROLE_LINK,   /* Enter leads somewhere */
    ROLE_GOOD,
    ROLE_WARN,
    ROLE_BAD,
    ROLE_MARK, /* a marked row */
    ROLE_INPUT,
    ROLE_QR, /* dark on light, whatever the terminal has */
    ROLE_COUNT
};

/* Added to a role: the row under the selection. */
enum { ROLE_SELECTED = 0x100 };

struct screen;

struct screen_ops {
    void (*size)(struct screen *s, int *ret_h, int *ret_w);
    void (*erase)(struct screen *s);
    /* Safe text (utf8_safe), at most `cells` wide, inside the screen. */
    void (*put)(struct screen *s, int y, int x, int role, const char *text,
                int cells);
    /* What is put from here on is a hyperlink to that address, which is
     * web_address_ok and stays until the next call; NULL: none any more. */
    void (*link)(struct screen *s, const char *address);
    void (*cursor)(struct screen *s, int y, int x); /* y < 0: hidden */
    void (*flush)(struct screen *s);
    int (*key)(struct screen *s); /* enum key_code or KEY_NONE; never waits */
    void (*resize)(struct screen *s);  /* ask the terminal for its size */
    void (*redraw)(struct screen *s);  /* next flush sends everything */
    void (*suspend)(struct screen *s); /* back to the shell until SIGCONT */
    void (*copy)(struct screen *s, const char *text); /* OSC 52 */
    void (*ring)(struct screen *s);
    void (*destroy)(struct screen *s);
};

struct screen {
    const struct screen_ops *ops;
};

/* Open the terminal on stdin/stdout. ERR_INVALID with a sentence in e when
 * TERM is unknown or cannot address its cursor. */
struct error;
int screen_curses_create(struct screen **ret, struct error *e);

/* An h x w screen in memory. Keys come from screen_fake_keys. */
struct screen *screen_fake_create(int h, int w);

/* Row y as text without trailing blanks; valid until the next call. */
const char *screen_fake_row(struct screen *s, int y);
int screen_fake_role(struct screen *s, int y, int x);
void screen_fake_cursor(struct screen *s, int *ret_y, int *ret_x);
void screen_fake_set_size(struct screen *s, int h, int w);

static inline void screen_destroy(struct screen *s) {
    if (s) {
        s->ops->destroy(s);
    }
}
