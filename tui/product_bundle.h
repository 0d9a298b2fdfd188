/* The page of a product that tells what it is made of, and which bundles it is
 * a part of. */
#pragma once

struct detail;
struct textview;

/* Lines from an answer of bundles.get, part `part` of the page. */
void product_bundle(struct detail *d, struct textview *t, int part);
