/* A program under a terminal of our own: keys in, screen out. The terminal is
 * libvterm, so what is compared is what a person would see. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct term;

/* Start argv[0] in a terminal of h x w. env: NULL-ended "NAME=value" added to
 * this process's; TERM is xterm-256color unless given. */
struct term *term_spawn(const char *const argv[], int h, int w,
                        const char *const env[]);
/* Kill what still runs and free. */
void term_destroy(struct term *t);

/* Type bytes. */
void term_send(struct term *t, const char *bytes);
void term_resize(struct term *t, int h, int w);
/* Close our end: the program's terminal is gone. */
void term_hang_up(struct term *t);

/* Read until the screen contains (or no longer contains) the text; false after
 * timeout_ms. */
bool term_wait(struct term *t, const char *text, int timeout_ms);
bool term_wait_gone(struct term *t, const char *text, int timeout_ms);
/* Read until the screen is the text; false after timeout_ms. */
bool term_wait_screen(struct term *t, const char *text, int timeout_ms);
/* Read for ms; returns the bytes the program wrote meanwhile. */
size_t term_read(struct term *t, int ms);
/* Read until it wrote nothing for ms and nothing the test has started has work
 * to do, at most 5 s: on a busy machine who is silent may only not have had its
 * turn. */
void term_settle(struct term *t, int ms);

/* Bytes written since the start. */
size_t term_bytes(const struct term *t);

/* A row without trailing blanks, or all rows with '\n'; valid until the next
 * call. */
const char *term_row(struct term *t, int y);
const char *term_screen(struct term *t);
void term_cursor(const struct term *t, int *ret_y, int *ret_x);
bool term_reverse(struct term *t, int y, int x);
bool term_bold(struct term *t, int y, int x);
/* Index of the foreground colour, -1 the default one. */
int term_color(struct term *t, int y, int x);
/* The same of the background. */
int term_background(struct term *t, int y, int x);
/* The hyperlink (OSC 8) of a cell, "" none; valid until more is read. */
const char *term_link(struct term *t, int y, int x);
/* What was copied last (OSC 52, as sent), "" nothing. */
const char *term_copied(const struct term *t);
/* How often it rang. */
int term_bells(const struct term *t);
/* Was the alternate screen left and the cursor shown again? */
bool term_restored(const struct term *t);

/* Wait for its end: exit status, 128 + signal, or -1 after timeout_ms. */
int term_status(struct term *t, int timeout_ms);
int term_pid(const struct term *t);
