#include "shop/doctor.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/check.h"
#include "common/err.h"
#include "common/mem.h"
#include "common/str.h"
#include "common/utf8.h"
#include "shop/doctor_exam.h"

enum { ANSWER_MS = 20000, BODY_MAX = 2 * 1024 * 1024 };

const char *doctor_level_name(enum doctor_level l) {
    static const char *const names[] = {"ok", "warn", "fail"};
    return names[l];
}

static void put_safe(char *dst, size_t size, const char *s) {
    AUTO_BUF struct buf safe = BUF_INIT;
    utf8_safe(&safe, s, strlen(s));
    (void)str_copy(dst, size, buf_str(&safe));
}

void doctor_tell(struct doctor *d, const char *name, enum doctor_level level,
                 const char *cure, const char *fmt, ...) {
    struct doctor_hop hop = {.name = name, .level = level};
    char detail[sizeof hop.detail];
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(detail, sizeof detail, fmt, ap);
    va_end(ap);
    put_safe(hop.detail, sizeof hop.detail, detail);
    put_safe(hop.cure, sizeof hop.cure, cure);
    d->hop(d->arg, &hop);
}

static void wipe(char *s) {
    if (s)
        mem_wipe(s, strlen(s));
    free(s);
}

static void doctor_free(struct doctor *d) {
    wipe(d->key);
    wipe(d->secret);
    free(d->typed);
    free(d->ca);
    free(d);
}

void doctor_finish(struct doctor *d, int error) {
    d->r.error = error;
    d->done(d->arg, &d->r);
    doctor_free(d);
}

void doctor_fail(struct doctor *d, const char *name, int error,
                 const char *cure, const char *detail) {
    doctor_tell(d, name, DOCTOR_FAIL, cure, "%s", detail);
    doctor_finish(d, error);
}

const char *doctor_cure(int error) {
    static const struct {
        int error;
        const char *cure;
    } cures[] = {
        {ERR_SHOP_DNS, "Check the spelling of the host name; ask whoever runs "
                       "the domain if it is right."},
        {ERR_SHOP_REFUSED, "Check host and port, and that the web server runs "
                           "and lets this machine in."},
        {ERR_SHOP_TIMEOUT, "Check that the shop opens in a browser from this "
                           "network; try again when it is less busy."},
        {ERR_SHOP_TLS, "Renew the shop's certificate, or give its authority "
                       "as a CA file for this store."},
        {ERR_SHOP_BLOCKED, "Ask the shop's host to let this machine's address "
                           "and the User-Agent \"Fulexo\" reach /wp-json/."},
        {ERR_SHOP_BUSY, "The shop is in maintenance, overloaded or broken: "
                        "look at it in a browser, then try again."},
        {ERR_SHOP_THROTTLED, "Wait as long as the shop asks, then try again; "
                             "ask its host for a higher limit."},
        {ERR_SHOP_NOT_JSON, "Make /wp-json/ reachable without login: switch "
                            "off \"coming soon\", password protection or a "
                            "plugin that hides the REST API."},
        {ERR_SHOP_TOO_LARGE, "Something other than the REST API answers: "
                             "check the address."},
        {ERR_SHOP_REDIRECT, "Use the address the shop redirects to."},
    };
    for (size_t i = 0; i < sizeof cures / sizeof *cures; i++)
        if (cures[i].error == error)
            return cures[i].cure;
    return "Check that this is the address of a WordPress site with "
           "WooCommerce, and that it opens in a browser.";
}

static void on_answer(void *arg, struct http_answer *a) {
    struct doctor *d = arg;
    struct shop_verdict v;
    d->call = NULL;
    classify(a, false, &v);
    d->judge(d, a, &v); /* d may be gone */
}

void doctor_ask(struct doctor *d, const struct shop_request *r, bool bare,
                void (*judge)(struct doctor *d, const struct http_answer *a,
                              const struct shop_verdict *v)) {
    struct shop_config c = d->config;
    struct shop_sign sign;
    struct http_request request;
    REQUIRE(!d->call && !r->overflowed);
    if (bare) {
        c.auth = SHOP_BASIC; /* adds nothing to the URL */
        c.key = NULL;
    }
    d->judge = judge;
    shop_sign(&c, &d->env, r, &sign, &request);
    request.total_ms = ANSWER_MS;
    request.max_body = BODY_MAX;
    d->call = d->transport.send(d->transport.self, &request, on_answer, d);
    shop_sign_done(&sign);
}

static void begin(void *arg) {
    struct doctor *d = arg;
    d->timer = NULL;
    doctor_find(d);
}

struct doctor *doctor_start(const struct doctor_options *o, doctor_hop_fn hop,
                            doctor_done_fn done, void *arg) {
    struct doctor *d = NEW(struct doctor);
    d->env = *o->env;
    d->transport = o->transport;
    d->typed = mem_dup(o->url ? o->url : "");
    d->key = mem_dup(o->key ? o->key : "");
    d->secret = mem_dup(o->secret ? o->secret : "");
    d->ca = mem_dup(o->ca);
    d->allow_http = o->allow_http;
    d->hop = hop;
    d->done = done;
    d->arg = arg;
    d->config = (struct shop_config){.url = d->r.url,
                                     .home = d->r.caps.home,
                                     .key = d->key,
                                     .secret = d->secret,
                                     .ca = d->ca};
    d->r.caps.decimals = -1;
    d->timer = d->env.timer(d->env.self, 0, begin, d);
    return d;
}

void doctor_cancel(struct doctor *d) {
    if (!d)
        return;
    d->env.cancel(d->env.self, d->timer);
    if (d->call)
        d->transport.cancel(d->transport.self, d->call);
    doctor_free(d);
}
