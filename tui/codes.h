/* Barcodes that stand for acts (common/action_code.h) on the screens with a
 * scan line. */
#pragma once

#include <stdbool.h>

struct app;

/* Is what was scanned a code for an act? Then its act is done as by its key, or
 * it is said, with the bell, that it means nothing here. An act that asks first
 * is none: it means nothing. `asks`: finishing would ask. The view may be
 * closed when it returns true. */
bool codes_take(struct app *a, const char *text, bool asks);

/* The same where no code means anything. */
bool codes_refuse(struct app *a, const char *text);
