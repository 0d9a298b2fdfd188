/* What users prove themselves with, as it is kept: hashes, sealed secrets,
 * digests; and the count of wrong tries. Making and checking is daemon/auth's.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct db_tx;

struct proof {
    const char *password;        /* of crypt(3); NULL: none */
    const void *totp, *totp_new; /* sealed; NULL: none */
    size_t totp_n, totp_new_n;
    int64_t totp_step, password_ms;
};

/* In the arena. ERR_NOT_FOUND: there is no such user. */
int proof_get(struct db_tx *tx, int64_t user_id, struct arena *a,
              struct proof *ret);
/* NULL: none any more. */
int proof_password_set(struct db_tx *tx, int64_t user_id, const char *hash);
/* In force from now on; step: of the code that proved it. NULL: none. */
int proof_totp_set(struct db_tx *tx, int64_t user_id, const void *sealed,
                   size_t n, int64_t step);
/* Waits for its first code. */
int proof_totp_offer(struct db_tx *tx, int64_t user_id, const void *sealed,
                     size_t n);
/* A code of that step was used: 1, or 0 when it was used before. */
int proof_totp_use(struct db_tx *tx, int64_t user_id, int64_t step);

/* Backup codes as n digests of 32 bytes each; the ones before are gone. */
int proof_codes_set(struct db_tx *tx, int64_t user_id,
                    const uint8_t (*digests)[32], size_t n);
/* 1: it was one, and is none any more. */
int proof_code_use(struct db_tx *tx, int64_t user_id, const uint8_t digest[32]);
int proof_codes_left(struct db_tx *tx, int64_t user_id, int64_t *ret);

/* One invitation a user; a new one ends the one before. */
int invitation_put(struct db_tx *tx, int64_t user_id, const uint8_t digest[32],
                   int64_t until_ms);
/* 1: this is its code, and it is used up. */
int invitation_use(struct db_tx *tx, int64_t user_id, const uint8_t digest[32]);
int invitation_drop(struct db_tx *tx, int64_t user_id);

enum {
    LOCKOUT_WRONG = 5,             /* tries before it locks */
    LOCKOUT_FIRST_MS = 15 * 60000, /* doubles with each wrong one after */
    LOCKOUT_MOST_MS = 24 * 3600000,
};
/* Tries are counted per name and place they come from, so that nobody is locked
 * out from afar; a name nobody has is counted the same. *ret_ms: how long it is
 * locked; 0: it is not. */
int lockout_left(struct db_tx *tx, const char *name, const char *place,
                 int64_t *ret_ms);
/* One wrong try more; *ret_ms as lockout_left. */
int lockout_wrong(struct db_tx *tx, const char *name, const char *place,
                  int64_t *ret_ms);
int lockout_clear(struct db_tx *tx, const char *name, const char *place);
/* Forget what was a day ago. */
int lockout_trim(struct db_tx *tx);
