/* One of a few things, by Enter: a status, what to edit. */
#pragma once

struct app;
struct pick;

/* What is asked, above the choices. done(arg, value) runs once the list has
 * closed, with the value that was picked; drop(arg) frees arg in any case and
 * may be NULL. NULL: there was no room for it, arg is freed. */
struct pick *pick_open(struct app *a, const char *title, const char *question,
                       void (*done)(struct app *a, void *arg,
                                    const char *value),
                       void (*drop)(void *arg), void *arg);
/* A choice; text is what is read. Copied. */
void pick_add(struct pick *p, const char *value, const char *text);
/* All choices are there: what was typed while they were awaited is done now. */
void pick_ready(struct pick *p);
/* In place of choices: why there are none (yet). */
void pick_say(struct pick *p, const char *text);
/* Put the cursor on a value. */
void pick_select(struct pick *p, const char *value);
