/* Faults, switched on and off while the shop runs. Happy path: none set, one
 * comparison per request. */
#pragma once

#include "tests/shop/exchange.h"

enum fault_kind {
    FAULT_STRIP_AUTH,  /* the web server drops the Authorization header */
    FAULT_NEED_AGENT,  /* 403 to clients without User-Agent */
    FAULT_WAF,         /* 403 with a firewall's page */
    FAULT_THROTTLE,    /* 429 with Retry-After: value */
    FAULT_GATEWAY,     /* 502 */
    FAULT_MAINTENANCE, /* 503, HTML or JSON by Accept */
    FAULT_FATAL,       /* 500 with PHP's error object */
    FAULT_TRUNCATE,    /* half of the body, well delivered */
    FAULT_CUT,         /* the connection ends after `value` bytes of body */
    FAULT_NOTICE,      /* a PHP warning before the JSON */
    FAULT_SLOW,        /* `value` ms more */
    FAULT_DRIP,        /* `value` bytes every 10 ms */
    FAULT_HANG,       /* no answer until the shop stops or faults are cleared */
    FAULT_STALE,      /* GETs answer what the same URL answered first */
    FAULT_JUNK,       /* `value` MB of rubbish */
    FAULT_LOST,       /* a write is applied, its answer is not sent */
    FAULT_LATE,       /* connection dies, write lands `value` ms later */
    FAULT_ECHO,       /* a write is answered as if done, and forgotten */
    FAULT_FROZEN,     /* date_modified never moves */
    FAULT_VIEW_BUMPS, /* a GET of one object moves its date */
    FAULT_SLIDE_BACK, /* an order's status returns after `value` ms */
    FAULT_COPIED,     /* another home URL everywhere */
    FAULT_FEW_ROWS,   /* lists hold 10 rows at most, and say so */
    FAULT_REDIRECT,   /* 301 to https */
    FAULT_LOGIN,      /* 200 with a login page */
    FAULT_ODD_ROW,    /* first row of lists is odd; value picks which */
    FAULT_FILE,       /* a file's bytes instead of the answer, status value */
    FAULT_TOTAL,      /* X-WP-Total is off by `value` */
    FAULT_RESETS,     /* a write empties a field nobody asked about */
    FAULT_OTHER,      /* a write is answered with another writer's value; 1: and
                         that is what is kept */
    /* Of webhook deliveries, not of requests; `path` begins the topic. */
    FAULT_HOOK_LATE,         /* `value` ms later */
    FAULT_HOOK_DOUBLE,       /* twice */
    FAULT_HOOK_DROP,         /* never */
    FAULT_HOOK_DISABLE,      /* the shop disables the webhook instead */
    FAULT_HOOK_STALE_SOURCE, /* from a copy: a foreign source */
    FAULT_HOOK_BAD_SIGN,     /* the signature is wrong */
    FAULTS
};

struct fault {
    enum fault_kind kind;
    char path[96];     /* route prefix; "" = all */
    char file[128];    /* of FAULT_FILE */
    char method[8];    /* "" = all, "write" = all but GET and HEAD */
    int64_t value;     /* by kind */
    int64_t every;     /* each n-th request that matches; 0 and 1 = each */
    int64_t next;      /* only the next n; 0 = no end */
    int64_t per_mille; /* chance, from the seed; 0 = always */
    int64_t seen;
    bool spent;
};

enum { FAULTS_MAX = 32, STALE_MAX = 512 };

struct stale {
    char *uri;
    int status;
    char *body;
    size_t n;
};

struct faults {
    struct fault v[FAULTS_MAX];
    size_t n;
    uint64_t rng;
    struct stale stale[STALE_MAX];
    size_t stale_n;
    uint64_t epoch; /* moves when faults are cleared: ends hangs */
};

/* What to do with the answer on its way out. */
struct fault_act {
    int64_t cut;        /* bytes of body before the end; -1 = whole */
    int64_t drip;       /* bytes each 10 ms; 0 = at once */
    int64_t land_ms;    /* apply the request that much later; -1 = now */
    bool hang, no_head; /* no answer at all */
};

const char *fault_name(enum fault_kind k);
int fault_kind_of(const char *name); /* -1 when unknown */

/* Which faults hit this request: counts it. Called once per request, before
 * anything else; bit k = fault k is on, its value in value[k]. */
uint32_t fault_hits(struct exchange *x, int64_t value[FAULTS]);

/* The same of one delivery; bits by fault_hook_bit. Late and disable are asked
 * by fault_hook_value, when the event happens. */
uint32_t fault_hook_hits(struct faults *all, const char *topic);
static inline uint32_t fault_hook_bit(enum fault_kind k) {
    return 1u << (k - FAULT_HOOK_LATE);
}

/* Value of one kind when it strikes the topic now, else -1. */
int64_t fault_hook_value(struct faults *all, const char *topic,
                         enum fault_kind k);

/* Faults that answer instead of the shop. true: x is answered. */
bool fault_before(struct exchange *x, uint32_t hits,
                  const int64_t value[FAULTS]);

/* Faults that change the answer. */
void fault_after(struct exchange *x, uint32_t hits,
                 const int64_t value[FAULTS]);

void fault_clear(struct faults *f);

/* For FAULT_ECHO: what the object was before the write, and the way back. */
struct fault_echo {
    enum kind kind;
    int64_t id;
    bool known; /* it was there before */
    struct obj before;
};
void fault_echo_before(struct exchange *x, struct fault_echo *e);
void fault_echo_after(struct exchange *x, struct fault_echo *e);
void fault_echo_done(struct fault_echo *e);

/* For FAULT_RESETS and FAULT_OTHER, behind the write. */
void fault_resets(struct exchange *x, const struct fault_echo *e);
void fault_other(struct exchange *x, const struct fault_echo *e, bool last);
