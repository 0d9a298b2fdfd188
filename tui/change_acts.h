/* What may be done with a change: on its page, in the list, on several. */
#pragma once

#include "tui/view.h"

struct bulk;
struct change_row;

/* Is it an act on a change at all. */
bool change_acts_has(enum action_id action);
/* May it be done with this one (NULL: none is there); true of all else. */
bool change_acts_may(const struct change_row *r, enum action_id action);
/* May it be done with several at once; true of all else. Values in conflict
 * are decided one by one, where they are seen. */
bool change_acts_many(enum action_id action);
/* An empty list of changes to do it with. */
struct bulk *change_acts_bulk(struct app *a, enum action_id action);

/* Try again, look now: harmless, so at once. */
void change_acts_retry(struct app *a, const char *id, const char *ref);
/* Ask for the word that does it; done(v, word) runs when it was typed. */
void change_acts_ask(struct view *v, enum action_id action, const char *ref,
                     void (*done)(void *v, const char *word));
/* The word was typed: do it. */
void change_acts_typed(struct app *a, const char *word, const char *id,
                       const char *ref);
