/* What an admin can do to a user, from the row or the page. */
#pragma once

#include "tui/view.h"

struct user_row;

/* VIEW_IGNORED when the action is none of a user's. r: NULL when none is
 * selected. */
unsigned user_act(struct view *v, enum action_id action,
                  const struct user_row *r);
/* Is there something to do it to? True for what is none of a user's. */
bool user_act_may(const struct user_row *r, enum action_id action);

/* The one-time code of an answer of users.invite or users.reset, with what the
 * person has to type. */
struct json;
void user_invited(struct app *a, const char *ref, const struct json *result);

/* The list or page `v` is may be another now: have it read again. */
void people_again(struct view *v);
/* The same as view_ops.shown of a list. */
void people_shown(struct view *v);
/* A line per member of an array of strings, each a link "<kind> <name>". */
struct textview;
void people_links(struct textview *t, const char *label, const struct json *v,
                  const char *kind);
