/* What is done with an order at the packing table by a choice or a form. */
#pragma once

struct app;
struct pack_line;

/* Ask why pieces of a line are not there and what becomes of them; then
 * done(arg, parameters of packs.short). arg outlives the question. */
void pack_acts_short(struct app *a, const char *ref, const struct pack_line *l,
                     void (*done)(void *arg, const char *params), void *arg);
/* The same at once: what is left of it is missing and comes later. */
void pack_acts_missing(struct app *a, const char *ref,
                       const struct pack_line *l,
                       void (*done)(void *arg, const char *params), void *arg);
/* The form that ships what of an order is packed; says why when nothing can
 * be. */
void pack_acts_ship(struct app *a, const char *ref);
