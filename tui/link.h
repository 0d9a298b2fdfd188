/* The connection to the daemon: requests with callbacks, events, and a
 * reconnect in place. Unanswered requests are kept and sent again after a
 * reconnect (writes carry a request_id, so a repeat has one effect): whoever
 * asked notices nothing but the time. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/json.h"
#include "common/jsonw.h"

struct link;
struct loop;

enum link_state {
    LINK_DOWN,    /* not connected; tries again by itself */
    LINK_OPENING, /* connected, session.open not answered yet */
    LINK_GUEST,   /* the daemon asks who this is: link_sign_in; what is asked
                     meanwhile waits */
    LINK_ENROL,   /* an authenticator must be set up first: profile.* is
                     answered, what else is asked waits for link_enrolled */
    LINK_UP,
    LINK_REFUSED, /* the daemon does not serve us; see link_error */
};

/* An answer; everything is valid during the callback only. */
struct link_reply {
    const struct json *result; /* NULL on an error */
    const char *code;          /* error name ("not_found"), NULL when fine */
    const char *message;       /* sentence for people */
    const char *hint;          /* what to do, or NULL */
    const char *field;         /* parameter at fault, or NULL */
};
typedef void link_cb(void *arg, const struct link_reply *reply);

/* What the session said when it opened. */
struct link_session {
    char user[64], role[16], zone[64], daemon[64];
    char code_prefix[20]; /* of action codes; "": there are none */
    char lang[8];         /* of the user; "": as the terminal says */
    bool read_only;
    int64_t seq; /* newest change seen */
};

struct link_events {
    void *arg;
    void (*state)(void *arg); /* link_state changed */
    /* One "event" notification, and {topic: system, data: {what: resync}} made
     * up by the link when the feed did not reach back. */
    void (*event)(void *arg, const struct json *params);
    /* Something waits until it is shown again who this is: link_prove or
     * link_unproved. NULL: it is refused at once. */
    void (*prove)(void *arg);
};

struct link_options {
    const char *socket_path; /* copied */
    const char *locale;
    bool read_only;
    const char *as; /* user to act as, or NULL */
    const char
        *token;       /* of a session before or an API token, or NULL; copied */
    bool token_first; /* it counts whoever this account is */
};

/* Begins to connect in the next turn of the loop. */
struct link *link_create(struct loop *l, const struct link_options *o,
                         const struct link_events *events);
void link_destroy(struct link *k); /* callbacks do not fire any more */

enum link_state link_state(const struct link *k);
const struct link_session *link_session(const struct link *k);
/* Why it is down or refused: a sentence; "" while up. */
const char *link_error(const struct link *k);

/* In LINK_GUEST: user, password and code (NULL: none). cb hears of a refusal;
 * when it is let in the link goes up, and stays so over restarts and dropped
 * connections. */
void link_sign_in(struct link *k, const char *user, const char *password,
                  const char *code, link_cb *cb, void *arg);

/* In LINK_ENROL: there is an authenticator now. */
void link_enrolled(struct link *k);

/* Show again who this is: a password, or the six digits of an authenticator.
 * When it was right, what waited for it goes on by itself, nothing retyped; cb
 * hears of it either way. */
void link_prove(struct link *k, const char *secret, link_cb *cb, void *arg);
/* It is not shown: what waited is answered with the daemon's refusal. */
void link_unproved(struct link *k);

/* Ask. params: JSON text of an object ("{}"), copied. cb may be NULL. Returns
 * 0, or ERR_BUSY when 256 are waiting. */
int link_ask(struct link *k, const char *method, const char *params,
             link_cb *cb, void *arg);

/* As link_ask for a write: `params` gets a request_id of its own. */
int link_write(struct link *k, const char *method, const char *params,
               link_cb *cb, void *arg);

/* Callbacks with this arg never fire: their owner goes away. */
void link_forget(struct link *k, void *arg);

/* Requests not answered yet, without those that wait for a proof. */
int link_waiting(const struct link *k);
