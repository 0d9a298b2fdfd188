/* The body of an answer, as whole, chunked, compressed, cut or dripping. */
#pragma once

#include <microhttpd.h>

#include "tests/shop/exchange.h"

/* Takes x->out. conn: suspended between the drops of a dripping body. */
struct MHD_Response *http_body_response(struct exchange *x,
                                        struct MHD_Connection *conn);
