/* A request in a shop's queue. Internal to this room. */
#pragma once

#include "net/circuit.h"
#include "net/limit.h"
#include "shop/shop.h"

enum { SHOP_PRIOS = SHOP_SWEEP + 1, SHOP_RATE_S = 10 };

struct shop_hub {
    struct env env;
    struct http_transport transport;
    struct limit_hosts *hosts;
    int64_t (*seq)(void *arg);
    void *seq_arg;
    int64_t counter; /* when nobody gave a seq */
    int64_t waits;   /* times a shop began to wait for its host */
    struct shop *shops;
    int refs; /* its owner's, and each shop's until that is no more */
};

struct shop_list {
    struct shop_call *head, **tail;
};

struct shop {
    struct shop *next, **link; /* of its hub */
    struct shop_hub *hub;
    struct shop_config config; /* strings owned */
    char host[256]; /* its name, then its address: whose places it takes */
    struct limit limit;
    struct circuit circuit;
    struct shop_list queue[SHOP_PRIOS], flying, waiting;
    struct env_timer *timer; /* pumps when a hold or the circuit ends */
    bool host_full;          /* waits for a place at the host ... */
    int64_t waits_since;     /* ... as the so manieth */
    int64_t first_until;     /* mono: first sync's ceiling holds till then */
    int busy;                /* inside a done */
    bool dead;               /* freed as soon as busy is 0 */
    struct shop_fault last;  /* of the last failed answer */
    int64_t last_ms, requests, errors, bytes, latency_us;
    int64_t rate_at;       /* second of rate[0] */
    int rate[SHOP_RATE_S]; /* answers per second, newest first */
};

/* Empty; a list must not move once it holds a call. */
void shop_list_init(struct shop_list *l);
/* At the end. The call must be in no list. */
void shop_list_add(struct shop_list *l, struct shop_call *c);
/* In front, for a call that is to be sent again. */
void shop_list_push(struct shop_list *l, struct shop_call *c);
void shop_list_remove(struct shop_call *c);

/* Send what may be sent. */
void shop_pump(struct shop *s);
/* A place at a host came free: who waited longest for one goes first. */
void shop_pump_others(struct shop_hub *h);
/* The transport's answer. */
void shop_on_answer(void *arg, struct http_answer *a);
/* Hand over and free the call. */
void shop_deliver(struct shop_call *c, struct shop_answer *a);
/* Deliver without any answer. */
void shop_deliver_fault(struct shop_call *c, const struct shop_fault *f);
/* A call that was never sent and is in no list: delivered from the loop, as
 * every answer. */
void shop_refuse(struct shop_call *c, const struct shop_fault *f);
/* One user less; the last one frees the shop. */
void shop_unref(struct shop *s);

struct shop_call {
    struct shop_call *next, **link; /* of the list it is in */
    struct shop_list *list;
    struct shop *shop;
    enum shop_prio prio;
    struct shop_request request;
    struct buf body;  /* copy of request.body */
    bool holds_place; /* at the host */
    shop_done_fn done;
    void *arg;
    struct http_call *http;  /* in flight, else NULL */
    struct env_timer *wait;  /* between two attempts, else NULL */
    struct shop_fault fault; /* to be delivered by `wait` */
    struct backoff backoff;
    int attempts;
    int64_t queued_mono;
    int64_t sent_seq, sent_ms, sent_mono;
};

/* Make the HTTP request of this attempt: URL, authorization, headers. Text is
 * put into the bufs, which must outlive *ret. */
struct shop_sign {
    struct buf url, body;
    struct http_header headers[4];
};
void shop_sign(const struct shop_config *c, const struct env *env,
               const struct shop_request *r, struct shop_sign *s,
               struct http_request *ret);
void shop_sign_done(struct shop_sign *s); /* wipes */
