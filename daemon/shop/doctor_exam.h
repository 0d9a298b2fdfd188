/* One examination under way. Internal to this room.
 *
 * A step sends one request and names the function that judges its answer; that
 * one tells a hop and starts the next step, or ends the examination. */
#pragma once

#include "common/buf.h"
#include "shop/doctor.h"
#include "shop/shop_call.h"
#include "shop/url.h"

struct doctor {
    struct env env;
    struct http_transport transport;
    char *typed, *key, *secret, *ca; /* copies; wiped */
    bool allow_http;
    doctor_hop_fn hop;
    doctor_done_fn done;
    void *arg;

    struct http_call *call;  /* under way */
    struct env_timer *timer; /* the start */
    void (*judge)(struct doctor *d, const struct http_answer *a,
                  const struct shop_verdict *v);
    bool connected; /* the connect and tls hops were told */
    int redirects;
    struct url base; /* r.url taken apart */
    struct shop_config config;
    struct doctor_result r;
};

/* Send r signed by config (no key at all while `bare`). */
void doctor_ask(struct doctor *d, const struct shop_request *r, bool bare,
                void (*judge)(struct doctor *d, const struct http_answer *a,
                              const struct shop_verdict *v));
/* Tell a hop; detail and cure are made safe to print. */
void doctor_tell(struct doctor *d, const char *name, enum doctor_level level,
                 const char *cure, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));
/* Tell the failed hop, then end with error. */
void doctor_fail(struct doctor *d, const char *name, int error,
                 const char *cure, const char *detail);
/* The end; d is gone afterwards. */
void doctor_finish(struct doctor *d, int error);

/* The cure for what went wrong below or beside the shop's own words. */
const char *doctor_cure(int error);

void doctor_find(struct doctor *d);    /* url .. woocommerce */
void doctor_try_key(struct doctor *d); /* auth, read, write */
void doctor_learn(struct doctor *d);   /* time, statuses */
/* system_status into the capabilities. */
void doctor_read_status(struct doctor *d, const struct json *v);
