/* Opaque tokens: random, told once, kept as digests alone. */
#pragma once

#include <stdint.h>

#include "common/digest.h"

/* What a token is for; the letter in its text keeps one kind from being taken
 * for another. */
enum token_kind {
    TOKEN_RESUME,  /* a terminal's session, over a dropped link */
    TOKEN_REFRESH, /* an HTTP session's next access token */
    TOKEN_API,     /* a script's, until it is revoked */
};

enum {
    TOKEN_TEXT = 48, /* "fxr_", 43 characters, NUL */
    TOKEN_CODE = 20, /* "XXXX-XXXX-XXXX-XXXX", NUL */
};

/* A fresh token's text. */
void token_make(enum token_kind kind, char ret[TOKEN_TEXT]);
/* ERR_INVALID: no text of a token of ours. */
int token_read(const char *text, enum token_kind *ret_kind,
               uint8_t ret_digest[DIGEST_SHA256]);

/* A code that people type once (invitation, backup code): 80 random bits,
 * without letters that look alike; and its digest, however it was typed.
 * ERR_INVALID: no such code. */
void token_code(char ret[TOKEN_CODE]);
int token_code_read(const char *typed, uint8_t ret_digest[DIGEST_SHA256]);
