/* What can be done with a parcel, in its list and on its page. */
#pragma once

#include <stdbool.h>

#include "actions.gen.h"

struct app;
struct shipment_row;

bool shipment_acts_has(enum action_id action);
/* May it be done with this one (NULL: none)? Others may. */
bool shipment_acts_may(const struct shipment_row *r, enum action_id action);
void shipment_act(struct app *a, enum action_id action,
                  const struct shipment_row *r);
