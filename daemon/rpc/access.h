/* Whose session it is and what it may call. Inside rpc only.
 *
 * A session is its connection: it begins as whom the peer is, may become a user
 * by name and password or by a token, and is asked again before acts that
 * cannot be taken back. */
#pragma once

#include "rpc/conn.h"
#include "rpc/person.h"

struct rpc_call;

/* A new connection of that uid. */
void access_begin(struct rpc *r, struct rpc_session *s, unsigned uid);
/* It goes. */
void access_end(struct rpc_session *s);

/* From now on the session is that person's (taken). kept: row of session or
 * api_token; 0: none. */
void access_enter(struct rpc_session *s, struct person *p, enum access_how how,
                  int64_t kept);
/* Back to whom the peer is; what it was told of is not told on. */
void access_leave(struct rpc_conn *c);
/* Before another person enters: what was of the one before. */
void access_forget(struct rpc_session *s);
/* They proved just now who they are. */
void access_proved(struct rpc *r, struct rpc_session *s);

/* Long ago that they proved who they are? Then some acts ask again. */
bool access_wants_proof(const struct rpc *r, const struct rpc_session *s);

/* Must that person set up an authenticator before anything else? */
bool access_must_enrol(const struct rpc *r, const struct person *p,
                       enum access_how how);

/* May this session call it? ERR_INVALID_REQUEST (not opened), ERR_SIGN_IN,
 * ERR_DENIED, ERR_TOTP_REQUIRED, ERR_READ_ONLY, ERR_STEP_UP. */
int access_check(const struct rpc *r, const struct rpc_session *s, int method,
                 struct error *e);

/* One more try to get in from there: 0, or ERR_THROTTLED. */
int access_try(struct rpc *r, const char *place, struct error *e);

/* People were read again, or what is asked of them is another: every session
 * gets its person anew. */
void access_people_changed(struct rpc *r);
/* Sessions on that row of session or api_token (how says which) are over. */
void access_row_ended(struct rpc *r, enum access_how how, int64_t kept);
/* All sessions of a user but one connection (NULL: none) are over, linked
 * accounts too when `all`. */
void access_user_ended(struct rpc *r, int64_t user_id,
                       const struct rpc_conn *but);
