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
    bool own; /* the link asked it for itself */
};

struct link {
    struct loop *loop;
    char *path, *locale, *as;
    char *token; /* goes on with the session after a reconnect; wiped */
    bool read_only, token_first;
    link_cb *sign_cb; /* of link_sign_in */
    void *sign_arg;
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

/* link_session.c: open the session of a fresh connection. */
void link_open_session(struct link *k);
/* The token of the session, copied; the one before is wiped. NULL: none. */
void link_set_token(struct link *k, const char *token);
