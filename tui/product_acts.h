/* Acts on a product that are asked about first. */
#pragma once

struct view;

/* Into the shop's trash, once its number was typed out. */
void product_trash(struct view *v, const char *ref);
