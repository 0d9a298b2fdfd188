/* Passwords: which are good enough, and their hashes by crypt(3): yescrypt.
 * Hashing takes tens of milliseconds by design: never on the loop thread
 * (auth/hasher.h). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum {
    PASSWORD_MIN = 12,   /* characters */
    PASSWORD_MAX = 256,  /* bytes */
    PASSWORD_HASH = 384, /* CRYPT_OUTPUT_SIZE */
};

/* NULL: good. Else why not, as the name of a text: short, plain (one letter or
 * digit again and again), name (made of the user's name). */
const char *password_fault(const char *password, const char *user);

/* A fresh salt and its hash; false: the system has no good hash (logged by the
 * caller). */
bool password_hash(const char *password, char ret[PASSWORD_HASH]);
/* Does it fit? hash NULL: nobody's; takes as long and is false. */
bool password_fits(const char *password, const char *hash);
