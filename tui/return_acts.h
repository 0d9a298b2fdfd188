/* What is done with returns, from their list and from the page of one. */
#pragma once

#include "tui/view.h"

struct return_row;

/* Is it an act on returns, and does the row as it stands allow it? */
bool return_acts_has(enum action_id action);
bool return_acts_may(const struct return_row *r, enum action_id action);
/* Do it: a form, a scan line, or a question opens. VIEW_IGNORED when it is no
 * act on returns. */
unsigned return_act(struct view *v, enum action_id action,
                    const struct return_row *r);

/* A form that opens a return of an order. */
void create_return(struct app *a, const char *order);
/* Which letter? Then what it would say. */
void return_letters(struct app *a, const char *id);
