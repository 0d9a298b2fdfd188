/* One request and its answer, apart from any HTTP library. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/buf.h"
#include "tests/shop/node.h"
#include "tests/shop/store.h"

struct fault_act;

struct param {
    const char *key, *value; /* decoded */
};

enum { EXCHANGE_PARAMS = 256, EXCHANGE_HEADERS = 12, EXCHANGE_IDS = 2 };

struct exchange {
    struct arena *a;
    struct demo_shop *shop;
    struct store *s;

    /* request */
    const char *method;  /* after X-HTTP-Method-Override and _method */
    const char *raw_uri; /* path?query as it came */
    const char *url;     /* decoded path as it came */
    const char *route;   /* "/wc/v3/orders", NULL when not for the API */
    const char *authorization, *user_agent, *content_type, *accept;
    const char *accept_encoding, *method_override;
    const char *body;
    size_t body_n;
    struct param params[EXCHANGE_PARAMS];
    size_t params_n;
    bool https; /* as PHP sees it */
    bool authorised;
    bool creating;            /* a new object is being written */
    bool in_batch;            /* one item of a batch: no schema is checked */
    int64_t id[EXCHANGE_IDS]; /* numbers in the route */
    struct node *json;        /* body as an object, NULL when none */

    /* answer */
    int status;
    const char *type;  /* Content-Type */
    const char *allow; /* NULL: no Allow header */
    struct param headers[EXCHANGE_HEADERS];
    size_t headers_n;
    struct buf out; /* body */

    struct fault_act *fault; /* NULL: the answer goes out as it is */
    int64_t delay_ms;        /* beside the shop's latency */
    int64_t slide_ms;        /* a status set now slides back then; 0 = off */
    bool view_bumps;         /* a GET of an order moves its date */
    int64_t few_rows;        /* lists pretend to hold no more; 0 = off */
    int64_t total_off;       /* lists lie about their length by that much */
    const char *file;        /* of FAULT_FILE; the fault's own */
};

/* Path and query of raw_uri into url, params and route. */
void exchange_parse(struct exchange *x, const char *prefix);

/* Form-encoded bytes ("a=1&b=2") appended to the parameters. */
void exchange_form(struct exchange *x, const char *text, size_t n);

/* Last value of a query or form parameter; NULL when not given. */
const char *exchange_param(const struct exchange *x, const char *key);

/* Member of the JSON body, or the parameter as a string. NULL if neither. */
struct node *exchange_arg(const struct exchange *x, const char *key);

void exchange_header(struct exchange *x, const char *name, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* {code,message,data:{status}} */
void reply_error(struct exchange *x, int status, const char *code,
                 const char *message);

/* The same with `data` members beside status. Takes data (an object). */
void reply_error_data(struct exchange *x, int status, const char *code,
                      const char *message, struct node *data);

/* 400 rest_invalid_param naming one parameter. detail_param NULL: data null. */
void reply_invalid(struct exchange *x, const char *param, const char *code,
                   const char *message, const char *detail_param);

/* 400 rest_missing_callback_param. */
void reply_missing(struct exchange *x, const char *param);

void reply_node(struct exchange *x, int status, const struct node *v);

/* One object as it stands, honouring _fields. */
void reply_object(struct exchange *x, int status, const char *text, size_t n);

/* A page of HTML, as a proxy or firewall sends. */
void reply_html(struct exchange *x, int status, const char *html);

#define AUTO_EXCHANGE CLEANUP(exchange_done)
void exchange_done(struct exchange *x);
