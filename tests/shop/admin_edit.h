/* What a shopkeeper or a customer does, past the REST interface. */
#pragma once

#include "tests/shop/exchange.h"

/* {kind, id, patch, move_date?}: merge `patch` into the object. The date moves
 * as the storage would, unless move_date says true or false.
 * Told not to move, it is a raw write that fires no webhook either. */
void admin_edit(struct exchange *x);

/* {kind, id, trash?}: gone for good, or into the trash. */
void admin_delete(struct exchange *x);

/* {kind, id}: WordPress takes an order or a product out of the trash. */
void admin_untrash(struct exchange *x);

/* {lines: [{product_id, variation_id?, quantity}], status?}: an order through
 * the checkout, stock taken. */
void admin_sell(struct exchange *x);

/* {order_id, note, to_customer?} */
void admin_note(struct exchange *x);

/* ?kind=&id=: the object as stored. */
void admin_object(struct exchange *x);
