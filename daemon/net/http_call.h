/* One request on a curl handle. Internal to this room. */
#pragma once

#include <curl/curl.h>

#include "net/http.h"

struct http_call {
    struct http_call *next, **link; /* list of its http */
    struct http *owner;
    CURL *easy;
    struct curl_slist *headers;
    struct buf body, url, ca; /* what curl reads while it runs */
    size_t max_body;
    bool head_full, body_full; /* bounds hit: curl was told to stop */
    char curl_text[CURL_ERROR_SIZE];
    http_done_fn done;
    void *arg;
    struct http_answer answer;
};

/* A call ready to be added to a multi; user_agent is the http's. */
struct http_call *http_call_new(const struct http_request *r,
                                const char *user_agent);
/* Fill in what the transfer came to. */
void http_call_finish(struct http_call *c, CURLcode code);
void http_call_free(struct http_call *c);
