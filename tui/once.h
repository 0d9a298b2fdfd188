/* A page for what is told once: a code, a token. It closes by a key and is
 * wiped from memory then. */
#pragma once

#include "tui/screen.h"

struct app;
struct once;

/* Open it on top. title and copy (what `y` copies, NULL: nothing) are copied.
 * NULL: there was no room, and a message says so. */
struct once *once_open(struct app *a, const char *title, const char *copy);
/* A paragraph below what is there; wraps, copied. */
void once_add(struct once *o, enum role role, const char *text);
