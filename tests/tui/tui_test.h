/* Fixture of the terminal tests: a fake daemon with shops, and the client in a
 * terminal before it. */
#pragma once

#include "fake_daemon.h"
#include "shop_data.h"
#include "term.h"

struct tui {
    struct fake_daemon *daemon;
    struct shop_data shops;
    struct term *term;
};

/* 148 orders; client in h x w on a screen ("orders"); args: further words,
 * NULL-ended, or NULL; "TEST_NOW=.." among them sets the clock and lets it
 * run, one more NAME=value goes into the environment. */
void tui_start(struct tui *t, int h, int w, const char *screen,
               const char *const args[]);
void tui_stop(struct tui *t);

/* Wait for a text; fails with the screen printed when it does not come. */
void tui_expect(struct tui *t, const char *text);
void tui_expect_gone(struct tui *t, const char *text);
/* The same for row y. */
void tui_expect_row(struct tui *t, int y, const char *text);
/* The cursor shows in row y. */
void tui_expect_cursor(struct tui *t, int y);
/* The daemon was asked this method n times, now or soon. */
void tui_expect_calls(struct tui *t, const char *method, int n);
/* The whole screen equals golden/<name>.txt. UPDATE_GOLDEN=1 in the
 * environment writes it instead: look at the difference before you commit. */
void tui_expect_golden(struct tui *t, const char *name);

/* Open a screen at 80x24, 120x40 and 40x12, in each language; type the keys,
 * compare with golden/<name>-<size>-<language>.txt. `ready` is part of what
 * must be there first. */
void tui_golden(const char *screen, const char *keys, const char *ready,
                const char *name);
