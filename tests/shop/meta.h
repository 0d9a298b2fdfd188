/* meta_data as writes change it. */
#pragma once

#include "tests/shop/store.h"

/* Apply [{id?,key,value}] to an object's meta_data: by id, else by key, else a
 * new entry; a null value deletes; scalars become strings. display: entries of
 * a line item. "_billing_*" keys of an order go to the property instead. */
void meta_apply(struct store *s, struct arena *a, struct node *owner,
                const struct node *given, bool display);
