/* A new order, as one taken by phone. */
#pragma once

struct app;

/* Ask for the shop where there are several; an owner first learns whether
 * orders may be placed at all. store: the one suggested, or "". */
void new_order(struct app *a, const char *store);
