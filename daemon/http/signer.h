/* Access tokens: RS256, 15 minutes, by a key that is replaced every month. The
 * keys before are believed until what they signed is over. Loop thread; the
 * first use reads the keys, or makes one. */
#pragma once

#include "common/buf.h"
#include "common/err.h"

struct db;
struct env;
struct jsonw;
struct seal_ring;
struct signer;

enum { SIGNER_S = 15 * 60 }; /* an access token's life */

struct signer *signer_new(struct db *db, const struct env *env,
                          const struct seal_ring *ring);
/* Nothing may be on its way. NULL is fine. */
void signer_free(struct signer *s);

/* ready(status, arg) once there is a key, now or later. */
void signer_await(struct signer *s, void (*ready)(int status, void *arg),
                  void *arg);

/* Append a token for that session and user. A key must be there. */
void signer_sign(const struct signer *s, const char *session, const char *user,
                 struct buf *out);
/* Whose it is: the session's id. ERR_SIGN_IN: not ours, over, or damaged. */
int signer_check(const struct signer *s, const char *token,
                 struct buf *ret_session);
/* {"keys": [...]}. */
void signer_keys(const struct signer *s, struct jsonw *w);
