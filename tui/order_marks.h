/* Holds and tags on several orders: filled in once, shown before it is done. */
#pragma once

#include "tui/order_status.h"

/* Takes the set over when the act is one of these; else false. */
bool order_marks_many(struct app *a, enum action_id action,
                      struct order_set *s);
