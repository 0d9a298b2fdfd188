/* Inside rpc only: the server's state and the bounds all files share. */
#pragma once

#include <uv.h>

#include "common/buf.h"
#include "rpc/rpc.h"

enum {
    RPC_CONNECTIONS = 256,
    RPC_IN_FLIGHT = 64,            /* calls of one connection */
    RPC_BATCH = 256,               /* messages in a batch */
    RPC_QUEUE_PAUSE = 1024 * 1024, /* unsent bytes: stop reading */
    RPC_QUEUE_DROP = 16 * 1024 * 1024 /* unsent bytes: drop it */,
    RPC_HELD_OUT = 32 * 1024 * 1024, /* unsent bytes of all */
    RPC_HELD_IN = 16 * 1024 * 1024,  /* unfinished lines of all */
    RPC_HELD_FREE = 64 * 1024,       /* of which each may hold this much */
    /* Nothing taken so long: drop it. A client that was stopped for longer
     * connects again and goes on where it was; a dead one holds no memory. */
    RPC_STUCK_MS = 60000,
    RPC_CHUNK = 64 * 1024, /* bytes read at once */
    RPC_TRIES = 256,       /* places whose tries to get in are counted */
};

struct rpc_conn;
struct rpc_job;
struct rpc_feed;
struct file_run;
struct rpc_name;
struct children;
struct people;
struct printers;
struct hasher;
struct tries;
struct web_session;

struct rpc {
    struct rpc_options o;
    struct sync *sync;     /* NULL: not running */
    struct backup *backup; /* NULL: not running */
    struct mailer *mailer; /* NULL: nobody sends letters */
    struct zone *zone;     /* of the warehouse; NULL: UTC */
    bool pick_first;       /* what nobody picked is not packed */
    char *carriers;        /* their pages; NULL: none */
    char *listen;          /* of the HTTP face; NULL: there is none */
    unsigned own_uid;      /* of this process: no second person */

    struct children *children; /* programs it runs */
    struct printers *printers;
    char *documents_lang, *pdf_helper;
    char *public_url;        /* of the HTTP face; NULL: none is told */
    struct retain_ages ages; /* zeroed: nobody said */

    /* server.c */
    uv_pipe_t listener;
    bool listening;
    int64_t started_ms;
    void (*stopped)(void *arg); /* set: stopping */
    void *stopped_arg;
    struct env_timer *grace;

    /* conn.c */
    struct rpc_conn *conns;
    int n_conns;
    int64_t last_conn;        /* number of the newest */
    size_t held_in, held_out; /* bytes of all connections */
    char chunk[RPC_CHUNK];    /* what a read fills; handed on at once */

    /* call.c: calls that were not answered, gone connections' too */
    int n_calls;

    /* job.c */
    struct rpc_job *jobs; /* newest first */
    int n_jobs;
    int jobs_running;

    /* subscriptions.c */
    struct rpc_feed *feed;
    bool feed_busy; /* its job is on the way */

    /* person.c, access.c */
    struct people *people;
    struct tries *tries; /* RPC_TRIES of them, or NULL: none yet */
    struct hasher *hasher;

    /* web_session.c */
    struct web_session *web;
    size_t n_web;

    /* file_apply.c */
    struct file_run *files;
    bool files_busy, files_stop;
    int64_t files_since; /* wall clock of the start */

    /* names.c */
    struct rpc_name *names;
    size_t n_names;
    bool names_busy;
};

/* A call or a connection ended: are we done stopping? */
void rpc_maybe_stopped(struct rpc *r);
