/* What the REST handlers share. */
#pragma once

#include "tests/shop/exchange.h"
#include "tests/shop/list.h"
#include "tests/shop/route.h"

bool rest_is(const struct exchange *x, const char *method);

/* POST to a collection (no object is named). */
bool rest_creates(const struct exchange *x);

/* force=true in the query or the body; always within a batch. */
bool rest_forced(const struct exchange *x);

/* The plain collection of a kind, or of the children of x->id[0]. */
void rest_list(struct exchange *x, enum kind k, bool children);

/* 201 with the object and its Location below `path` ("orders"). */
void rest_created(struct exchange *x, const struct obj *o, const char *path);

/* 200 with the object as it stands. */
void rest_show(struct exchange *x, const struct obj *o);

/* 200 with the object as it was, then it is gone for good. */
void rest_remove(struct exchange *x, enum kind k, struct obj *o);

/* 501: this kind has no trash. what: "Customers do" ... or NULL. */
void rest_no_trash(struct exchange *x, const char *message);

/* Run create, update and delete of the body through the handlers of the
 * collection and of one object. depth: which x->id names the object. */
void rest_batch(struct exchange *x, route_handler *list, route_handler *item,
                int depth);

/* Text with everything from the last "_links" on replaced by `links`. */
void rest_relink(struct buf *out, const struct obj *o, const char *links);
