/* One client: bytes in, lines to dispatch, answers out through a bounded
 * queue. Inside rpc only. */
#pragma once

#include "common/frame.h"
#include "common/lang.h"
#include "rpc/room.h"

struct rpc_call;
struct rpc_sub;

struct person;

/* How a session came to its person. */
enum access_how {
    ACCESS_PEER,  /* the kernel says so */
    ACCESS_AS,    /* the console acts as them */
    ACCESS_PROOF, /* name, password, code */
    ACCESS_KEPT,  /* a token of a session before */
    ACCESS_TOKEN, /* a script's token */
};

/* Who speaks and how (access.h). */
struct rpc_session {
    bool opened, read_only;
    bool asked_read_only, token_read_only; /* why, beside the person */
    enum text_lang lang;
    char client[65];
    unsigned uid;   /* of the peer, by SO_PEERCRED */
    char place[80]; /* where it comes from: uid:1000 */
    char print[80]; /* what it must come from again; of a socket the same */
    char actor[48]; /* who is written into the audit trail */
    struct person *who;
    enum access_how how;
    int64_t kept;  /* row of session, of ACCESS_TOKEN: of api_token; 0 */
    int64_t *only; /* the token's stores; NULL: all of the person's */
    size_t n_only;
    int64_t proved_ms; /* monotonic; INT64_MIN: not yet */
    int64_t number;    /* of the connection */
    int64_t began_ms;  /* wall clock */
};

struct rpc_conn {
    struct rpc *rpc;
    struct rpc_conn *next, *prev;
    uv_pipe_t pipe;
    struct env_timer *stuck; /* runs while something is unsent; NULL */
    struct frame_reader in;
    size_t held;       /* of in, counted in rpc->held_in */
    size_t queued;     /* bytes not yet taken by the peer */
    int64_t given;     /* bytes ever queued */
    int64_t was_taken; /* of them it had read when `stuck` began */
    struct rpc_session session;
    struct rpc_call *calls; /* not answered */
    int in_flight;
    struct rpc_sub *sub; /* NULL: not subscribed */
    bool reading;
    bool busy;    /* lines are being taken */
    bool ending;  /* no more lines; closes when all is answered and sent */
    bool closing; /* handles are on their way out */
};

/* Take a connected descriptor into service. as: its peer's uid, NULL: as the
 * kernel says. */
void client_open(struct rpc *r, int fd, const unsigned *as);
/* Accept from the listener. */
void client_accept(struct rpc *r, uv_stream_t *listener);

/* Queue one line; takes the content. A connection beyond its bounds is
 * closed. */
void client_send(struct rpc_conn *c, struct buf *line);

/* A call of it was answered: go on with lines that wait. */
void client_resume(struct rpc_conn *c);

/* Take no more lines; close once everything is answered and sent. */
void client_end(struct rpc_conn *c);

/* Close now; calls go on without it. */
void client_close(struct rpc_conn *c);
