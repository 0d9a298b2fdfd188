/* What is done with orders, from their list and from the page of one. */
#pragma once

#include "tui/view.h"

/* The orders an act is for, with the status that was seen of each. */
struct order_set;

struct order_set *order_set_new(void);
void order_set_add(struct order_set *s, const char *ref, const char *status);

/* Of view_ops: an owner changes no order. */
bool order_offers(struct view *v, enum action_id action);

/* Takes the set over. VIEW_IGNORED when it is no act on orders. */
unsigned order_act(struct app *a, enum action_id action, struct order_set *s);
