/* What the files of the new order's screen share: one being put together, and
 * the line that finds things for it. */
#pragma once

#include "tui/cart.h"
#include "tui/model.h"
#include "tui/prompt.h"
#include "tui/textview.h"
#include "tui/view.h"

enum { FOUND = 20, SEARCH_MS = 120 };

struct new_order {
    struct view base;
    struct cart cart;
    struct prompt line;
    bool people;       /* the line finds customers */
    char asked[200];   /* what was asked for last */
    bool waiting;      /* for its answer */
    bool again, enter; /* typed over meanwhile; Enter was typed meanwhile */
    struct product_row products[FOUND];
    struct customer_row customers[FOUND];
    int n, at; /* of what was found */
    bool sending;
    char said[400];
    int said_role;
    struct textview text;
};

/* The line below everything, until the next. */
void new_order_say(struct new_order *o, int role, const char *text);

/* Does the line find something: is there more in it than a number? */
bool new_order_finds(const struct new_order *o);
/* It was typed into: look once it rests. */
void new_order_typed(struct new_order *o);
/* Enter: what was found goes in; before the answer is there, then. */
void new_order_take(struct new_order *o);
void new_order_clear(struct new_order *o);

/* The form of what is typed by hand. */
void new_order_details(struct new_order *o);
/* Send it; an owner says why first. */
void new_order_place(struct new_order *o);
