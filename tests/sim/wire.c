#include "tests/sim/wire.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/check.h"
#include "common/digest.h"
#include "common/mem.h"
#include "common/str.h"
#include "tests/shop/shop.h"
#include "tests/sim/door.h"
#include "tests/sim/life.h"
#include "tests/sim/oracle.h"
#include "tests/sim/sim.h"
#include "tests/sim/spite.h"

enum {
    LAND_MS = 60000, /* latest after its client gave up */
    /* or at the last moment: behind the first look that is to find it, before
       the second. The engine's defaults; there is no later */
    QUIET_MS = 120000,
    FIRST_MS = 2000,
    SECOND_MS = 4900,
    HELD_MS = 20000, /* latest of an answer that is held up */
    REFUSED_MS = 20,
    HANG_MS = 600000, /* longer than any patience */
};

enum wire_fault {
    WIRE_NONE,
    WIRE_REFUSED,   /* nobody accepts */
    WIRE_DNS,       /* no such name, for once */
    WIRE_NEVER,     /* the connection ends before the request is read */
    WIRE_LOST,      /* done, the answer is lost */
    WIRE_LATE,      /* the connection ends now, it is done later */
    WIRE_HANG,      /* done, no answer comes */
    WIRE_SWALLOWED, /* done, and a gateway answers 502 */
    WIRE_SHOP,      /* the demo shop's own */
};

struct http_call {
    struct life *life;
    struct parcel *parcel; /* NULL: no longer under way */
    struct http_call *next, **link;
    http_done_fn done;
    void *arg;
    struct env_timer *timer; /* the answer, or the end of patience */
    struct http_answer answer;
};

struct parcel {
    struct sim *sim;
    struct parcel *next, **link;
    struct http_call *call; /* NULL: nobody waits */
    struct env_timer *timer;
    enum wire_fault fault;
    struct fault shop_fault;
    char *method, *uri, *body, *authorization;
    char uuid[ORACLE_ULID]; /* of the change a write belongs to */
    size_t body_n;
    bool typed, last_moment;
};

/* -- ends ----------------------------------------------------------------- */

static void parcel_free(struct parcel *p) {
    agenda_cancel(&p->sim->agenda, p->timer);
    *p->link = p->next;
    if (p->next)
        p->next->link = p->link;
    if (p->call)
        p->call->parcel = NULL;
    free(p->method);
    free(p->uri);
    free(p->body);
    free(p->authorization);
    free(p);
}

static void call_free(struct http_call *c) {
    agenda_cancel(&c->life->sim->agenda, c->timer);
    *c->link = c->next;
    if (c->next)
        c->next->link = c->link;
    if (c->parcel)
        c->parcel->call = NULL;
    http_answer_done(&c->answer);
    free(c);
}

static void finish(void *arg) {
    struct http_call *c = arg;
    c->timer = NULL;
    c->answer.total_us = 1000;
    if (c->answer.error != HTTP_OK && !c->answer.error_text[0])
        (void)snprintf(c->answer.error_text, sizeof c->answer.error_text, "%s",
                       http_error_name(c->answer.error));
    c->done(c->arg, &c->answer);
    call_free(c);
}

static void finish_in(struct http_call *c, int64_t ms) {
    struct agenda *a = &c->life->sim->agenda;
    agenda_cancel(a, c->timer);
    c->timer = agenda_add(a, c->life, ms, finish, c);
}

static void fail_in(struct http_call *c, enum http_error e, int64_t ms) {
    c->answer.error = e;
    finish_in(c, ms);
}

static void no_patience(void *arg) {
    struct http_call *c = arg;
    c->timer = NULL;
    c->answer.error = HTTP_TIMEOUT;
    finish(c);
}

/* -- at the shop ---------------------------------------------------------- */

static void header(struct http_answer *a, const char *name, const char *value) {
    REQUIRE(http_header_add(a, name, strlen(name), value, strlen(value)));
}

static void date_header(struct sim *s, struct http_answer *a) {
    char text[40];
    struct tm tm;
    time_t now = (time_t)store_now(door_store(s));
    (void)gmtime_r(&now, &tm);
    (void)strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &tm);
    header(a, "Date", text);
}

static void take_answer(struct sim *s, struct http_call *c,
                        struct exchange *x) {
    struct http_answer *a = &c->answer;
    a->status = x->status;
    a->wire_bytes = (int64_t)x->out.len;
    header(a, "Content-Type", x->type);
    date_header(s, a);
    for (size_t i = 0; i < x->headers_n; i++)
        header(a, x->headers[i].key, x->headers[i].value);
    a->body = x->out;
    x->out = (struct buf)BUF_INIT;
    if (x->fault && x->fault->cut >= 0) {
        buf_truncate(&a->body, (size_t)x->fault->cut);
        a->error = HTTP_CUT;
    }
}

static void swallow(struct http_call *c) {
    static const char page[] = "<html><h1>502 Bad Gateway</h1></html>";
    buf_clear(&c->answer.head);
    buf_clear(&c->answer.body);
    header(&c->answer, "Content-Type", "text/html");
    buf_adds(&c->answer.body, page);
    c->answer.status = 502;
}

static void answered(struct sim *s, struct parcel *p, struct exchange *x) {
    struct http_call *c = p->call;
    int64_t back = s->style.latency_ms / 2;
    if (!c || p->fault == WIRE_HANG)
        return; /* patience ends by itself */
    if (s->style.jitter_ms && !s->quiet)
        back += chance_of(&s->net, 0, s->style.jitter_ms);
    /* held up somewhere: one that was sent later overtakes it */
    if (s->style.faults && !s->quiet && chance_hit(&s->net, 300)) {
        int64_t held = chance_of(&s->net, 1, HELD_MS);
        if (strcmp(p->method, "GET") == 0)
            spite_held(s, p->uri, &x->out, back + held);
        back += held;
    }
    if (p->fault == WIRE_LOST) {
        fail_in(c, HTTP_CUT, back);
        return;
    }
    take_answer(s, c, x);
    if (p->fault == WIRE_SWALLOWED)
        swallow(c);
    if (s->agenda.now + back < c->timer->due)
        finish_in(c, back);
}

/* Was the write applied, and kept? Some faults answer in the shop's place. */
static bool applied(const struct parcel *p, const struct exchange *x) {
    enum fault_kind k = p->shop_fault.kind;
    return x->status < 300 &&
           (p->fault != WIRE_SHOP || (k != FAULT_LOGIN && k != FAULT_ECHO));
}

static void observe(struct sim *s, const struct parcel *p, struct exchange *x) {
    if (strcmp(p->method, "GET") == 0) {
        const char *json =
            x->status == 200 ? strchr(buf_str(&x->out), '{') : "";
        if (json && *json) /* a notice may stand before it */
            oracle_seen(s, p->uri, json, strlen(json));
    } else if (applied(p, x)) {
        /* the first member, also behind a notice and of half an answer */
        const char *at = strstr(buf_str(&x->out), "{\"id\":");
        int64_t id = at ? strtoll(at + 6, NULL, 10) : 0;
        oracle_applied(s, p->uuid, p->uri, strcmp(p->method, "POST") == 0, id);
    }
}

/* S3: a write of ours moves stock by its delta, once, and by nothing else. */
static void check_stock(struct sim *s, const struct parcel *p, int64_t was) {
    const char *delta = strstr(p->body, "\"inventory_delta\":");
    int64_t now = door_stock(s, p->uri);
    int64_t by = delta ? strtoll(delta + 18, NULL, 10) : 0;
    if (was != INT64_MIN && now != was && now != was + by)
        sim_fail(s, "S3: %s made the stock %" PRId64 " of %" PRId64, p->body,
                 now, was);
}

static void arrive(void *arg) {
    struct parcel *p = arg;
    struct sim *s = p->sim;
    struct exchange x;
    p->timer = NULL;
    struct faults *f = &s->shop->faults;
    bool write = strcmp(p->method, "GET") != 0;
    if (p->fault == WIRE_SHOP)
        f->v[f->n++] = p->shop_fault;
    if (s->agenda.now < s->denied_until)
        f->v[f->n++] = (struct fault){.kind = FAULT_STRIP_AUTH};
    s->counts.writes += write;
    int64_t stock = write ? door_stock(s, p->uri) : 0;
    for (const char *c = p->uri; *c; c++)
        sim_mark(s, (unsigned char)*c);
    door_ask(s,
             &(struct door_request){.method = p->method,
                                    .uri = p->uri,
                                    .authorization = p->authorization,
                                    .content_type =
                                        p->typed ? "application/json" : NULL,
                                    .accept = "application/json",
                                    .body = p->body,
                                    .body_n = p->body_n},
             &x);
    f->n = 0;
    if (write)
        check_stock(s, p, stock);
    sim_mark(s, (uint64_t)x.status * 1000000 + x.out.len);
    sim_note(s, "  shop %s %s -> %d, %zu bytes%s%s%s", p->method, p->uri,
             x.status, x.out.len, p->fault ? " fault" : "",
             p->fault == WIRE_SHOP ? " " : "",
             p->fault == WIRE_SHOP ? fault_name(p->shop_fault.kind) : "");
    if (write)
        sim_note(s, "       %.*s", (int)p->body_n, p->body);
    observe(s, p, &x);
    answered(s, p, &x);
    exchange_done(&x);
    parcel_free(p);
}

/* -- leaving -------------------------------------------------------------- */

static const struct fault shop_faults[] = {
    {.kind = FAULT_THROTTLE, .value = 3},
    {.kind = FAULT_THROTTLE, .value = 90},
    {.kind = FAULT_GATEWAY},
    {.kind = FAULT_MAINTENANCE},
    {.kind = FAULT_FATAL},
    {.kind = FAULT_FATAL, .value = 1},
    {.kind = FAULT_TRUNCATE},
    {.kind = FAULT_CUT, .value = 7},
    {.kind = FAULT_NOTICE},
    {.kind = FAULT_WAF},
    {.kind = FAULT_LOGIN},
    {.kind = FAULT_STRIP_AUTH},
    {.kind = FAULT_FROZEN},
    {.kind = FAULT_ECHO},
    {.kind = FAULT_REDIRECT},
};

static void choose_fault(struct sim *s, struct parcel *p) {
    if (*p->uuid && !s->quiet && chance_hit(&s->spite, s->style.late)) {
        s->counts.faults++;
        p->fault = WIRE_LATE;
        p->last_moment = true;
        return;
    }
    if (s->quiet || !chance_hit(&s->net, s->style.faults))
        return;
    s->counts.faults++;
    p->fault = (enum wire_fault)chance_of(&s->net, WIRE_REFUSED, WIRE_SHOP);
    if (chance_hit(&s->net, 5000))
        p->fault = WIRE_SHOP;
    if (p->fault == WIRE_SHOP)
        p->shop_fault = CHANCE_PICK(&s->net, shop_faults);
    /* a creation that is echoed and forgotten leaves traces in the demo shop */
    if ((p->shop_fault.kind == FAULT_ECHO && strcmp(p->method, "PUT") != 0) ||
        (p->shop_fault.kind == FAULT_FROZEN && s->style.dated))
        p->shop_fault = (struct fault){.kind = FAULT_GATEWAY};
}

static char *basic(const struct http_request *r) {
    char text[256] = "Basic ";
    AUTO_BUF struct buf b = BUF_INIT;
    if (!r->user)
        return NULL;
    buf_addf(&b, "%s:%s", r->user, r->password);
    REQUIRE(b.len < 128);
    digest_base64(b.data, b.len, text + strlen(text));
    return mem_dup(text);
}

static struct parcel *parcel_new(struct sim *s, const struct http_request *r) {
    static const char host[] = "https://shop.test";
    struct parcel *p = NEW(struct parcel);
    REQUIRE(strncmp(r->url, host, sizeof host - 1) == 0);
    p->sim = s;
    p->method = mem_dup(http_method_name(r->method));
    p->uri = mem_dup(r->url + sizeof host - 1);
    p->body = mem_dupn(r->body_n ? r->body : "", r->body_n);
    p->body_n = r->body_n;
    p->authorization = basic(r);
    for (size_t i = 0; i < r->n_headers; i++)
        p->typed |= strcmp(r->headers[i].name, "Content-Type") == 0;
    p->next = s->parcels;
    p->link = &s->parcels;
    if (p->next)
        p->next->link = &p->next;
    s->parcels = p;
    return p;
}

/* How long until it lands, counted from when the engine meant to send it. */
static int64_t last_moment(struct sim *s, const struct parcel *p) {
    int64_t sent = oracle_deed(s, p->uuid)->sent_ms - s->wall_ms;
    return sent - s->agenda.now + QUIET_MS +
           chance_of(&s->spite, FIRST_MS, SECOND_MS);
}

/* On its way; or lost, or late, and its client hears of it first. */
static void dispatch(struct sim *s, struct parcel *p) {
    struct http_call *c = p->call;
    int64_t way = s->style.latency_ms / 2;
    if (s->style.jitter_ms)
        way += s->quiet ? 0 : chance_of(&s->net, 0, s->style.jitter_ms);
    if (p->fault == WIRE_REFUSED || p->fault == WIRE_DNS ||
        p->fault == WIRE_NEVER) {
        fail_in(c,
                p->fault == WIRE_DNS       ? HTTP_DNS
                : p->fault == WIRE_REFUSED ? HTTP_REFUSED
                                           : HTTP_CUT,
                REFUSED_MS + way);
        parcel_free(p);
        return;
    }
    if (p->fault == WIRE_LATE) {
        p->call = NULL;
        c->parcel = NULL;
        fail_in(c, chance_hit(&s->net, 5000) ? HTTP_CUT : HTTP_BROKEN, way);
        way = p->last_moment ? last_moment(s, p)
                             : way + chance_of(&s->net, 1, LAND_MS);
    }
    p->timer = agenda_add(&s->agenda, NULL, way, arrive, p);
}

static struct http_call *send_call(void *self, const struct http_request *r,
                                   http_done_fn done, void *arg) {
    struct life *l = self;
    struct sim *s = l->sim;
    struct http_call *c = NEW(struct http_call);
    s->counts.requests++;
    c->life = l;
    c->done = done;
    c->arg = arg;
    c->next = l->calls;
    c->link = &l->calls;
    if (c->next)
        c->next->link = &c->next;
    l->calls = c;
    if (l->dead) {
        fail_in(c, HTTP_BROKEN, 0);
        return c;
    }
    int64_t patience = r->total_ms ? r->total_ms : HTTP_TOTAL_MS;
    c->timer = agenda_add(&s->agenda, l, patience, no_patience, c);
    struct parcel *p = c->parcel = parcel_new(s, r);
    p->call = c;
    oracle_sent(l, r, p->uri, p->uuid);
    choose_fault(s, p);
    dispatch(s, p);
    return c;
}

static void cancel_call(void *self, struct http_call *c) {
    (void)self;
    call_free(c);
}

struct http_transport wire_transport(struct life *l) {
    return (struct http_transport){l, send_call, cancel_call};
}

void wire_abandon(struct life *l) {
    for (struct http_call *c = l->calls; c; c = c->next) {
        if (c->parcel)
            c->parcel->call = NULL;
        c->parcel = NULL;
        http_answer_done(&c->answer);
        c->answer = (struct http_answer){.error = HTTP_BROKEN};
        finish_in(c, 0);
    }
}

bool wire_carries(const struct sim *s, const char *uuid) {
    for (const struct parcel *p = s->parcels; p; p = p->next)
        if (str_eq(p->uuid, uuid))
            return true;
    return false;
}

void wire_done(struct sim *s) {
    while (s->parcels)
        parcel_free(s->parcels);
}
