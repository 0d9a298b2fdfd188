/* What the files of this room share: the listener, its connections and
 * requests. Everything runs on the loop thread. */
#pragma once

#include <microhttpd.h>
#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "common/buf.h"
#include "common/text.h"
#include "http/address.h"
#include "http/answer.h"
#include "http/guard.h"
#include "http/web.h"
#include "model/delivery.h"

enum {
    WEB_CONNS = 256,        /* connections at a time */
    WEB_CONNS_SOURCE = 32,  /* of one address; this machine's are not counted */
    WEB_JOURNAL = 192,      /* webhooks that may wait for their commit */
    WEB_BODY = 1024 * 1024, /* of a request */
    WEB_HELD = 32 * 1024 * 1024, /* bodies of all */
    WEB_RELOAD_MS = 1000,        /* the doors are read again at most so often */
    WEB_FRESH_MS = 60 * 1000,    /* and after so long in any case */
};

/* A connection: where it comes from, and since when it owes us something. */
struct web_conn {
    struct web *web;
    struct web_conn *next, **link;
    int fd;
    struct address peer;
    int64_t since_ms; /* monotonic; 0: we owe */
};

/* One request. */
struct web_request {
    struct web *web;
    struct MHD_Connection *mhd;
    struct web_conn *conn;
    const struct web_route *route; /* NULL: answered without a body */
    const char *url;               /* libmicrohttpd's, as long as we */
    struct buf body;
    size_t body_n; /* came in, kept or not */
    bool crowded;  /* not kept: there was no room */
    enum answer answer;
    bool answered;   /* what `answer` says is to be sent */
    bool suspended;  /* waits for a job or the doors */
    int64_t came_us; /* monotonic: when it was whole */

    /* a webhook (hook.c) */
    struct web_request *next; /* waits for the doors */
    bool looked_again;        /* the doors were read for it */
    int64_t store_id, clock_offset_ms;
    char store[33]; /* its name */
    int64_t ping;   /* the webhook's id; 0: it is none */
    char *source;   /* foreign, else NULL */
    struct delivery delivery;

    /* a page (page.c) */
    struct buf page;
    unsigned page_status;
    const char *page_type;
};

/* A page: method and the beginning of its path, or all of it. */
struct web_route {
    const char *path; /* ends in '/': all below it */
    bool post;        /* POST, else GET and HEAD */
    /* The request is whole: set its answer, or suspend it. */
    void (*serve)(struct web_request *r);
};
extern const struct web_route web_routes[];
extern const size_t web_n_routes;

enum { WEB_BUCKETS = 8 };
extern const int web_bucket_ms[WEB_BUCKETS];
/* How long answers took, as a histogram. */
struct web_times {
    int64_t n, sum_us;
    int64_t within[WEB_BUCKETS]; /* as long as that bucket, or less */
};

struct web {
    struct web_options o;
    struct MHD_Daemon *mhd;
    struct answers *answers;
    struct signer *signer;
    int port;
    int64_t started_ms; /* wall clock */
    uv_poll_t poll;
    uv_timer_t more;         /* libmicrohttpd has more to do at once */
    struct env_timer *sweep; /* for slow connections, while there are any */
    int open_handles;        /* of poll and more */
    struct web_conn *conns;
    int n_conns;
    size_t held; /* bytes of bodies */
    int n_jobs;  /* of the database, under way */
    struct guard guard;
    struct guard shares;    /* looks at share links */
    bool has_network;       /* else this machine alone reads metrics */
    struct network network; /* that may, too */
    struct web_times times; /* of webhooks */
    int64_t busy_ms;        /* monotonic: the last webhook that was put off */

    /* doors.c */
    struct delivery_door *doors;
    size_t n_doors;
    int64_t loaded_ms;           /* monotonic; when they were read */
    struct env_timer *reload;    /* until they may be read again */
    bool reading;                /* they are being read */
    struct web_request *waiting; /* for that */

    void (*stopped)(void *arg); /* set: stopping */
    void *stopped_arg;
};

/* web.c: let libmicrohttpd work. */
void web_run(struct web *w);
/* The same with the loop's next turn: connections were resumed. */
void web_run_soon(struct web *w);
/* A job has ended: when stopping, this may be the last. */
void web_job_ended(struct web *w);

/* conn.c: libmicrohttpd's callbacks, and the ends of slow ones. */
enum MHD_Result conn_may_come(void *web, const struct sockaddr *sa,
                              socklen_t n);
void conn_notify(void *web, struct MHD_Connection *mhd, void **ctx,
                 enum MHD_ConnectionNotificationCode what);
struct web_conn *conn_of(struct MHD_Connection *mhd);
/* All are closed: no more looking for slow ones. */
void conn_stop(struct web *w);

/* request.c */
enum MHD_Result request_on(void *web, struct MHD_Connection *mhd,
                           const char *url, const char *method,
                           const char *version, const char *data, size_t *n,
                           void **ctx);
void request_completed(void *web, struct MHD_Connection *mhd, void **ctx,
                       enum MHD_RequestTerminationCode why);
/* A header's value, "" without. */
const char *request_header(const struct web_request *r, const char *name);
/* Who sent it: the peer, or whom a proxy on this machine names. */
struct address request_source(const struct web_request *r);
/* To be called by serve or later: what it gets. */
void request_answer(struct web_request *r, enum answer a);
/* Its body is not needed any more. */
void request_forget_body(struct web_request *r);
/* The answer comes later: the connection sleeps until request_answer. */
void request_suspend(struct web_request *r);

/* Its page is written. */
void request_page(struct web_request *r, unsigned status, const char *type);
/* May they read metrics and the whole of health? */
bool request_is_trusted(const struct web_request *r);

/* health.c, metrics.c */
void health_live(struct web_request *r);
void health_ready(struct web_request *r);
void health_all(struct web_request *r);
void metrics_serve(struct web_request *r);

/* share.c */
void share_serve(struct web_request *r);
struct rpc_share;
/* The page and the JSON of a link, for tests too. */
void share_page(struct buf *out, const struct rpc_share *s,
                enum text_lang lang);
void share_json(struct buf *out, const struct rpc_share *s);
/* Text as it stands in HTML. */
void share_escape(struct buf *out, const char *s);

/* auth.c */
void auth_login(struct web_request *r);
void auth_refresh(struct web_request *r);
void auth_logout(struct web_request *r);
void auth_me(struct web_request *r);
void auth_keys(struct web_request *r);

/* hook.c */
void hook_serve(struct web_request *r);
/* The doors were read again: look once more. */
void hook_look(struct web_request *r);

/* doors.c */
/* The door of /webhooks/STORE/PATH, or NULL. */
const struct delivery_door *doors_find(const struct web *w, const char *url);
/* Read the doors, now or as soon as they may be read again; then hook_look. */
void doors_await(struct web_request *r);
/* Read them beside the work when they were not for a while. */
void doors_refresh(struct web *w);
/* Read them at the start, so that the first webhook need not wait. */
void doors_start(struct web *w);
/* Who waits for them is told to come again. */
void doors_stop(struct web *w);
void doors_done(struct web *w);
