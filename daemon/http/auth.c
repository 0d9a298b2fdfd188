/* POST /auth/login and its like: signing in over HTTP. The session lives in the
 * table; what a client shows with each request is a token of 15 minutes that
 * names it, and what it shows for the next one works once.
 *
 * Happy path: the body is a JSON object of strings; the method is called with
 * it (rpc_web_call); its result gets an access token and becomes the page.
 * Failure modes: a body that is none is 400; what the method refuses is its
 * error with its status, the same for an unknown name and a wrong password; a
 * daemon that stops answers 503. */
#include <string.h>

#include "auth/seal.h"
#include "common/arena.h"
#include "common/digest.h"
#include "common/json.h"
#include "common/jsonw.h"
#include "common/mem.h"
#include "common/str.h"
#include "common/text.h"
#include "http/room.h"
#include "http/signer.h"
#include "rpc/rpc.h"

enum { BODY_MAX = 4096, NET_V4 = 24, NET_V6 = 48 };

/* A request on its way through a method. */
struct auth {
    struct web_request *r;
    const char *method;
    struct buf params;
    struct buf session; /* of the bearer's token; empty: a guest */
    bool signs;         /* the result gets an access token */
};

static void auth_free(struct auth *a) {
    seal_wipe(&a->params);
    buf_done(&a->session);
    free(a);
}

/* --- where from --------------------------------------------------------------
 */

/* The network, so that a telephone may move within it. */
static void place_of(const struct web_request *r, char dst[80]) {
    struct address a = request_source(r);
    static const uint8_t v4[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    char text[ADDRESS_TEXT];
    bool four = memcmp(a.ip, v4, sizeof v4) == 0;
    int bytes = four ? 12 + NET_V4 / 8 : NET_V6 / 8;
    memset(a.ip + bytes, 0, sizeof a.ip - (size_t)bytes);
    (void)str_format(dst, 80, "%s/%d", address_text(text, &a),
                     four ? NET_V4 : NET_V6);
}

/* With the program: what a session must come from again. */
static void print_of(const struct web_request *r, const char *place,
                     char dst[80]) {
    const char *agent = request_header(r, "User-Agent");
    uint8_t digest[DIGEST_SHA256];
    char hex[17];
    digest_sha256(agent, strlen(agent), digest);
    digest_hex(digest, 8, hex);
    (void)str_format(dst, 80, "%s %s", place, hex);
}

/* --- pages -------------------------------------------------------------------
 */

static void fail(struct web_request *r, int status) {
    struct jsonw w;
    buf_clear(&r->page);
    jsonw_init(&w, &r->page);
    jsonw_begin_object(&w);
    jsonw_key(&w, "error");
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "code", err_name(status));
    jsonw_kstring(&w, "message", text_error(TEXT_EN, status));
    jsonw_end_object(&w);
    jsonw_end_object(&w);
    request_page(r, (unsigned)err_http_status(status), "application/json");
}

/* What OAuth clients expect, from what the method answered. */
static void write_tokens(struct auth *a, const struct json *v) {
    const char *session = json_string(json_get(v, "session"));
    const char *user = json_string(json_get(v, "user"));
    AUTO_BUF struct buf access = BUF_INIT;
    struct jsonw w;
    bool enrol = false;
    signer_sign(a->r->web->signer, session, user, &access);
    jsonw_init(&w, &a->r->page);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "access_token", buf_str(&access));
    jsonw_kstring(&w, "token_type", "Bearer");
    jsonw_ki64(&w, "expires_in", SIGNER_S);
    jsonw_kstring(&w, "refresh_token", json_string(json_get(v, "token")));
    jsonw_kstring(&w, "user", user);
    jsonw_kstring(&w, "role", json_string(json_get(v, "role")));
    (void)json_bool(json_get(v, "totp_required"), false, &enrol);
    jsonw_kbool(&w, "totp_required", enrol);
    jsonw_end_object(&w);
}

static int write_page(struct auth *a, const char *text, size_t n) {
    const struct json *v = NULL;
    if (!a->signs) {
        buf_add(&a->r->page, text, n);
        return 0;
    }
    struct arena *arena = arena_new(1024);
    int rc = json_parse(arena, text, n, NULL, &v, NULL);
    if (rc >= 0 && json_string(json_get(v, "session")))
        write_tokens(a, v);
    else
        rc = ERR_INTERNAL;
    arena_free(arena);
    return rc;
}

static void on_called(void *arg, int status, const char *text, size_t n) {
    struct auth *a = arg;
    struct web_request *r = a->r;
    struct web *w = r->web;
    int rc = status < 0 ? status : write_page(a, text, n);
    auth_free(a);
    if (rc < 0)
        fail(r, rc);
    else
        request_page(r, 200, "application/json");
    web_job_ended(w);
}

/* --- calls -------------------------------------------------------------------
 */

/* "Bearer TOKEN": the session it names. */
static int read_bearer(struct auth *a) {
    const char *h = request_header(a->r, "Authorization");
    if (!str_starts(h, "Bearer "))
        return ERR_SIGN_IN;
    return signer_check(a->r->web->signer, h + strlen("Bearer "), &a->session);
}

static void on_signer(int status, void *arg) {
    struct auth *a = arg;
    char place[80], print[80];
    bool bearer = !a->signs;
    int rc = status < 0 ? status : bearer ? read_bearer(a) : 0;
    if (rc < 0) {
        on_called(a, rc, NULL, 0);
        return;
    }
    place_of(a->r, place);
    print_of(a->r, place, print);
    struct rpc_web_caller who = {.place = place,
                                 .print = print,
                                 .agent = request_header(a->r, "User-Agent"),
                                 .session =
                                     bearer ? buf_str(&a->session) : NULL};
    rpc_web_call(a->r->web->o.rpc, &who, a->method, buf_str(&a->params),
                 on_called, a);
}

static struct auth *auth_new(struct web_request *r, const char *method,
                             bool signs) {
    struct auth *a = NEW(struct auth);
    *a = (struct auth){.r = r, .method = method, .signs = signs};
    return a;
}

static void go(struct auth *a) {
    a->r->web->n_jobs++;
    request_suspend(a->r);
    signer_await(a->r->web->signer, on_signer, a);
}

/* The strings of the body that the method takes, under its names. */
struct member {
    const char *from, *to;
};

static int read_body(struct web_request *r, const struct member *members,
                     size_t n, const char *more, struct buf *ret) {
    static const struct json_limits limits = {
        .max_bytes = BODY_MAX, .max_depth = 4, .unique_keys = true};
    struct arena *arena = arena_new(1024);
    const struct json *v = NULL;
    struct jsonw w;
    int rc =
        json_parse(arena, buf_str(&r->body), r->body.len, &limits, &v, NULL);
    if (rc >= 0 && json_type(v) != JSON_OBJECT)
        rc = ERR_INVALID;
    jsonw_init(&w, ret);
    jsonw_begin_object(&w);
    for (size_t i = 0; rc >= 0 && i < n; i++) {
        const char *s = json_string(json_get(v, members[i].from));
        if (s)
            jsonw_kstring(&w, members[i].to, s);
    }
    if (more)
        jsonw_kstring(&w, "keep", more);
    jsonw_end_object(&w);
    arena_free(arena);
    if (r->body.data)
        mem_wipe(r->body.data, r->body.len);
    return rc < 0 ? ERR_PARSE : 0;
}

static void post(struct web_request *r, const char *method,
                 const struct member *members, size_t n, const char *more) {
    struct auth *a = auth_new(r, method, true);
    int rc = read_body(r, members, n, more, &a->params);
    if (rc < 0) {
        auth_free(a);
        fail(r, rc);
        return;
    }
    go(a);
}

void auth_login(struct web_request *r) {
    static const struct member members[] = {
        {"user", "user"}, {"password", "password"}, {"code", "code"}};
    post(r, "session.sign_in", members, 3, "http");
}

void auth_refresh(struct web_request *r) {
    static const struct member members[] = {{"refresh_token", "token"}};
    post(r, "session.refresh", members, 1, NULL);
}

void auth_logout(struct web_request *r) {
    struct auth *a = auth_new(r, "session.sign_out", false);
    buf_adds(&a->params, "{}");
    go(a);
}

void auth_me(struct web_request *r) {
    struct auth *a = auth_new(r, "profile.get", false);
    buf_adds(&a->params, "{}");
    go(a);
}

/* --- the keys ----------------------------------------------------------------
 */

static void on_keys(int status, void *arg) {
    struct web_request *r = arg;
    struct web *w = r->web;
    struct jsonw out;
    if (status < 0) {
        fail(r, status);
    } else {
        jsonw_init(&out, &r->page);
        signer_keys(w->signer, &out);
        request_page(r, 200, "application/json");
    }
    web_job_ended(w);
}

void auth_keys(struct web_request *r) {
    r->web->n_jobs++;
    request_suspend(r);
    signer_await(r->web->signer, on_keys, r);
}
