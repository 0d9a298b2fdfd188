/* What is the house's about an order: charges of its work, links that show it
 * to others. */
#pragma once

#include <stdbool.h>

struct app;
struct detail;
struct textview;

/* The tab; no owner has it. */
void order_house(struct detail *d, struct textview *t, int width);

/* A form for a charge; one for a link, which is told once. */
void order_charge(struct app *a, const char *ref);
void order_share(struct app *a, const char *ref);

/* Enter on a line of the tab: a charge can be taken back, a link ended, after
 * a word was typed. False: the line is neither. */
bool order_house_open(struct detail *d);
