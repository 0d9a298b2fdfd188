/* One client: bytes in, lines to dispatch, answers out through a bounded
 * queue. Inside rpc only. */
#pragma once

#include "common/frame.h"
#include "common/text.h"
#include "rpc/room.h"

struct rpc_call;
struct rpc_sub;

/* Who speaks and how; set by session.open. */
struct rpc_session {
    bool opened, read_only;
    enum text_lang lang;
    unsigned uid;   /* of the peer, by SO_PEERCRED */
    char actor[48]; /* its account's name, or "uid 1000" */
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
