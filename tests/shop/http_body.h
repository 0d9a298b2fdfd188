/* The body of an answer, as whole, chunked, compressed, cut or dripping. */
#pragma once

#include <microhttpd.h>

#include "tests/shop/exchange.h"

struct MHD_Response *http_body_response(struct exchange *x);
