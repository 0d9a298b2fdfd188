/* A change as the request that brings it to its shop. Pure: what is asked is
 * decided by the change and, for tracking, by the order as the shop has it. */
#pragma once

#include <stdint.h>

#include "common/buf.h"
#include "model/change.h"
#include "shop/request.h"

struct arena;
struct json;

/* Meta data by which what we did is known again: the change's uuid. */
#define ENCODE_OP "_fulexo_op"
/* Tracking of an order in the Shipment Tracking plugin's form, and in ours. */
#define ENCODE_PLUGIN_KEY "_wc_shipment_tracking_items"
#define ENCODE_TRACKING_KEY "_fulexo_tracking"

/* Where a shop can hold a tracking number. */
enum encode_way {
    ENCODE_FULFILLMENT, /* WooCommerce's own, where it is switched on */
    ENCODE_PLUGIN,      /* the plugin's list in the order's meta data */
    ENCODE_META,        /* a list of ours there */
    ENCODE_TELL,        /* and a note, for the customer if wanted */
};

/* The route of the object a change is about, or of the collection it is
 * created in; method GET. */
void encode_route(const struct change *c, struct shop_request *r);

/* The write of any act but tracking. r->body points into `body`, which must
 * outlive the sending; DELETE has none. */
void encode_change(const struct change *c, struct shop_request *r,
                   struct buf *body);

/* One write of a tracking number. `order`: as the shop has it now, for its
 * lines (all of them when the change names none) and the numbers it has. */
void encode_tracking(const struct change *c, enum encode_way way,
                     const struct json *order, struct shop_request *r,
                     struct buf *body);

/* The note of ENCODE_TELL, in the arena: no words, as the customer's language
 * is not known. */
const char *encode_tell(const struct change *c, struct arena *a);
