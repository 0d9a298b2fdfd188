/* The door for tests under /__demo/: JSON in, JSON out, no keys, loopback. */
#pragma once

#include "tests/shop/exchange.h"

/* Answer one request to the door. Under the shop's lock. */
void admin_answer(struct exchange *x);
