/* The admin door of a demo shop at this machine (tests/shop/README.md). Ends
 * the program when it does not open. */
#pragma once

#include <stdint.h>

struct buf;

/* head: "POST /__demo/edit"; body: JSON or "". The answer is added with its
 * head. */
void door_call(int port, const char *head, const char *body,
               struct buf *answer);
/* The number behind the first "key": of a text; ends the program without one.
 */
int64_t door_number(const char *text, const char *key);
