/* Inside the engine only: is what a change adds to a shop there? Parts of
 * push_judge; a finding comes in as PUSH_ABSENT. */
#pragma once

#include "sync/push_judge.h"

/* A note has no meta data: it is known by its text, behind the mark. */
void push_find_note(const struct push_view *v, struct push_finding *ret);
/* A refund carries our marker. */
void push_find_refund(const struct push_view *v, struct push_finding *ret);
/* A tracking number, wherever the shop holds it. */
void push_find_tracking(const struct push_view *v, struct push_finding *ret);
/* Orders and products carry our marker, customers are known by their e-mail,
 * categories by name and parent. */
void push_find_created(const struct push_view *v, struct push_finding *ret);

/* It was created and read: there, with what the shop made otherwise. */
void push_find_made(const struct push_view *v, struct push_finding *ret);

/* What to ask for to find it (PUSH_FIND, or PUSH_FIND_TRASH). */
void push_find_request(const struct push_view *v, bool trash,
                       struct shop_request *r);

/* Do two texts say the same, but for markup the shop filters out? */
bool push_find_same_text(const char *x, const char *y);
