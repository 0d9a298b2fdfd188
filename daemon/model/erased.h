/* Inside the model only: objects whose person was erased (model/erase.h). The
 * shop may still have the data and goes on to send it: it is taken in without,
 * so that what was erased does not come back, while status, amounts and lines
 * stay what the shop says. */
#pragma once

#include "model/customer.h"
#include "model/order.h"

struct arena;
struct db_tx;

/* 1: something of that store was erased, 0: nothing; asked once a job. */
int erased_any(struct db_tx *tx, int64_t store_id);
/* 1: this object's person was, 0: not. MIRROR_ORDER or MIRROR_CUSTOMER. */
int erased_has(struct db_tx *tx, int64_t store_id, enum mirror_kind k,
               int64_t remote_id);

/* A copy without the person, in the arena; 0, or the error of its kept
 * bytes. */
int erased_order(struct arena *a, const struct order *o, struct order *ret);
struct customer erased_customer(const struct customer *c);
/* What an erased order is found by: number and SKUs, folded. */
struct buf;
void erased_search(const struct order *o, struct buf *out);
