/* One request: libmicrohttpd calls request_on when its head is there, for each
 * piece of its body, and when it is whole; after a wait for the database once
 * more, to have it answered.
 *
 * Failure modes: a body that is too large is refused by its Content-Length, or
 * read on without being kept; far too large, the connection ends. When bodies
 * of all take too much memory, the next ones are put off (503). A client that
 * goes away while its job runs is answered into the void. */
#include "common/env.h"
#include "common/mem.h"
#include "common/str.h"
#include "http/room.h"

static const struct web_route *route_of(const char *url, const char *method,
                                        enum answer *ret) {
    bool post = str_eq(method, "POST");
    bool get = str_eq(method, "GET") || str_eq(method, "HEAD");
    *ret = ANSWER_NOT_FOUND;
    for (size_t i = 0; i < web_n_routes; i++) {
        const struct web_route *route = &web_routes[i];
        bool below = str_ends(route->path, "/");
        if (below ? !str_starts(url, route->path) : !str_eq(url, route->path))
            continue;
        if (route->post ? post : get)
            return route;
        *ret = ANSWER_METHOD;
    }
    return NULL;
}

const char *request_header(const struct web_request *r, const char *name) {
    const char *v = MHD_lookup_connection_value(r->mhd, MHD_HEADER_KIND, name);
    return v ? v : "";
}

struct address request_source(const struct web_request *r) {
    struct address a = r->conn->peer;
    /* an address that is none leaves the peer's */
    if (address_is_local(&a))
        (void)address_parse(request_header(r, "X-Real-IP"), &a);
    return a;
}

bool request_is_trusted(const struct web_request *r) {
    struct address a = request_source(r);
    /* a proxy that does not say for whom it asks */
    bool proxied = *request_header(r, "X-Forwarded-For") ||
                   *request_header(r, "Forwarded") || *request_header(r, "Via");
    if (address_is_local(&a))
        return !proxied;
    return r->web->has_network && network_has(&r->web->network, &a);
}

static bool announces_too_much(const struct web_request *r) {
    int64_t n;
    const char *v = request_header(r, MHD_HTTP_HEADER_CONTENT_LENGTH);
    int rc = str_to_i64(v, 0, WEB_BODY, &n);
    return rc == ERR_RANGE;
}

static bool has_body(const struct web_request *r) {
    return *request_header(r, MHD_HTTP_HEADER_TRANSFER_ENCODING) ||
           *request_header(r, MHD_HTTP_HEADER_CONTENT_LENGTH);
}

static struct web_request *request_new(struct web *w,
                                       struct MHD_Connection *mhd,
                                       const char *url, const char *method) {
    struct web_request *r = NEW(struct web_request);
    r->web = w;
    r->mhd = mhd;
    r->url = url;
    r->conn = conn_of(mhd);
    r->route = route_of(url, method, &r->answer);
    if (announces_too_much(r)) {
        r->answer = ANSWER_TOO_BIG;
        r->route = NULL;
    }
    return r;
}

static enum MHD_Result send_answer(struct web_request *r) {
    struct web *w = r->web;
    r->conn->since_ms = env_mono(w->o.env);
    int rc = r->answer == ANSWER_PAGE
                 ? answer_send(r->mhd, r->page_status, r->page_type,
                               buf_str(&r->page), r->page.len)
                 : answers_send(w->answers, r->mhd, r->answer);
    return rc < 0 ? MHD_NO : MHD_YES;
}

void request_forget_body(struct web_request *r) {
    r->web->held -= r->body.len;
    buf_done(&r->body);
}

static enum MHD_Result take_body(struct web_request *r, const char *data,
                                 size_t *n) {
    struct web *w = r->web;
    r->body_n += *n;
    r->crowded |= w->held + *n > WEB_HELD;
    if (r->crowded) {
        request_forget_body(r);
    } else if (r->body_n <= WEB_BODY) {
        buf_add(&r->body, data, *n);
        w->held += *n;
    }
    *n = 0;
    return r->body_n <= 4 * (size_t)WEB_BODY ? MHD_YES : MHD_NO;
}

static enum MHD_Result serve(struct web_request *r) {
    r->came_us = (int64_t)(uv_hrtime() / 1000);
    if (!r->route)
        return send_answer(r);
    if (r->body_n > WEB_BODY)
        request_answer(r, ANSWER_TOO_BIG);
    else if (r->crowded)
        request_answer(r, ANSWER_BUSY);
    else
        r->route->serve(r);
    return r->answered ? send_answer(r) : MHD_YES;
}

enum MHD_Result request_on(void *web, struct MHD_Connection *mhd,
                           const char *url, const char *method,
                           const char *version, const char *data, size_t *n,
                           void **ctx) {
    struct web_request *r = *ctx;
    (void)version;
    if (!r) {
        *ctx = r = request_new(web, mhd, url, method);
        /* answered now, the connection ends with it: its body is not read */
        return r->route || !has_body(r) ? MHD_YES : send_answer(r);
    }
    if (*n > 0)
        return take_body(r, data, n);
    if (r->answered)
        return send_answer(r);
    return serve(r);
}

void request_completed(void *web, struct MHD_Connection *mhd, void **ctx,
                       enum MHD_RequestTerminationCode why) {
    struct web_request *r = *ctx;
    const struct web *w = web;
    (void)mhd;
    (void)why;
    if (!r)
        return;
    r->conn->since_ms = env_mono(w->o.env);
    request_forget_body(r);
    buf_done(&r->page);
    free(r->source);
    free(r);
    *ctx = NULL;
}

void request_suspend(struct web_request *r) {
    r->suspended = true;
    r->conn->since_ms = 0;
    MHD_suspend_connection(r->mhd);
}

void request_answer(struct web_request *r, enum answer a) {
    r->answer = a;
    r->answered = true;
    if (!r->suspended)
        return;
    r->suspended = false;
    MHD_resume_connection(r->mhd);
    web_run_soon(r->web);
}

void request_page(struct web_request *r, unsigned status, const char *type) {
    r->page_status = status;
    r->page_type = type;
    request_answer(r, ANSWER_PAGE);
}
