/* What can be done to a store, from its row or its page. */
#pragma once

#include "tui/view.h"

/* What one of its statuses means; slug: the one under the cursor, "" none. */
void store_map(struct view *v, const char *store, const char *slug);

/* VIEW_IGNORED when the action is none of a store's. `store` is its name,
 * `state` its state. */
unsigned store_act(struct view *v, enum action_id action, const char *store,
                   const char *state);
