/* The shopkeeper and the customers: what happens at the shop without us. */
#pragma once

struct sim;

/* Acts come from now on, until the world is quiet. */
void keeper_begin(struct sim *s);
