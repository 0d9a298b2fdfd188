/* Who asks: Basic, query keys, OAuth 1.0a. */
#pragma once

#include "tests/shop/exchange.h"

/* Judge the request's keys. false: an error was answered. Unknown keys and
 * none at all pass as a stranger (x->authorised stays false), whom every route
 * but the indexes refuses. */
bool auth_check(struct exchange *x);

/* Answer a stranger: 401 by what was attempted. */
void auth_refuse(struct exchange *x);

/* OAuth of one request: 1 = known key, 0 = no OAuth parameters, -1 = an error
 * was answered. */
int oauth_check(struct exchange *x);

/* The key may do what the method does. false: an error was answered. */
bool auth_permits(struct exchange *x);

/* 401 woocommerce_rest_authentication_error. */
void auth_error(struct exchange *x, const char *message);
