/* What the files of the link share. Inside link*.c only. */
#pragma once

#include "common/buf.h"
#include "common/frame.h"
#include "tui/link.h"

struct arena;

enum {
    LINK_WAITING_MAX = 256,
    LINK_BACKOFF_MIN_MS = 100,
};

struct link_request {
    int64_t id;
    char *text; /* the whole message with its newline */
    link_cb *cb;
    void *arg;
    bool sent;
    bool own;  /* the link asked it for itself */
    bool held; /* goes again after link_prove */
};

struct link {
    struct loop *loop;
    char *path, *locale, *as;
    char *token; /* goes on with the session after a reconnect; wiped */
    bool read_only, token_first;
    link_cb *sign_cb; /* of link_sign_in */
    void *sign_arg;
    link_cb *prove_cb; /* of link_prove */
    void *prove_arg;
    char *unproved, *unproved_hint; /* owned; what the refusal said */
    struct link_events events;
    enum link_state state;
    struct link_session session;
    bool had_session; /* subscribe with since */
    char error[400];
    int fd;
    int64_t next_id, backoff_ms;
    struct frame_reader reader;
    struct buf out;
    struct link_request waiting[LINK_WAITING_MAX];
    int n_waiting;
    struct arena *arena; /* of the message being read */
};

/* Told once a change, never from inside a half-made link. */
void link_set_state(struct link *k, enum link_state state);
/* A request, kept as text so that it can be sent a second time. ERR_BUSY. */
int link_enqueue(struct link *k, const char *method, const char *params,
                 link_cb *cb, void *arg, struct link_request **ret);
void link_send_one(struct link *k, struct link_request *w);
/* As much as the socket takes; the rest when poll says so. */
void link_flush(struct link *k);

/* For the link itself: it does not outlive its connection; params are wiped,
 * as they hold a password or a token. */
void link_ask_own(struct link *k, const char *method, struct buf *params,
                  link_cb *cb);
/* The connection broke: who waits for a verdict hears that there is none. */
void link_no_verdict(struct link *k);
/* link_prove.c: an answer that wants a proof; true: it is held until then. */
struct rpcmsg;
bool link_hold(struct link *k, const struct rpcmsg *m);

/* link_session.c: open the session of a fresh connection. */
void link_open_session(struct link *k);
/* The token of the session, copied; the one before is wiped. NULL: none. */
void link_set_token(struct link *k, const char *token);
