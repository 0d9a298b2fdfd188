/* What stands in a share link: which one, until when, signed. One that was made
 * up or is over is known without a look at the database. */
#pragma once

#include <stdint.h>

enum {
    SHARE_TOKEN_ID = 16,
    SHARE_TOKEN = 76, /* 75 characters, NUL */
};

/* key: 32 bytes; only a key made of it signs. */
void share_token_make(const uint8_t key[32], const uint8_t id[SHARE_TOKEN_ID],
                      int64_t until_ms, char ret[SHARE_TOKEN]);
/* ERR_INVALID: not signed by us, or over at now_ms; which is not told. */
int share_token_read(const uint8_t key[32], const char *text, int64_t now_ms,
                     uint8_t ret_id[SHARE_TOKEN_ID]);
