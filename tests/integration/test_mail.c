/* A real daemon and a mail server that fails: each letter arrives once, or a
 * person is asked. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lib/smtp_server.h"
#include "tests/lib/test.h"
#include "tests/lib/world.h"

enum { SETTLE_MS = 20000 };

struct post {
    struct world w;
    struct smtp_server *server;
};

static void start(struct post *p) {
    char yaml[256];
    p->server = smtp_server_start(false, NULL);
    (void)snprintf(yaml, sizeof yaml,
                   "mail:\n  server: smtp://127.0.0.1:%d\n"
                   "  from: depot@example.test\n  tls: optional\n"
                   "  timeout: 5s\n",
                   smtp_server_port(p->server));
    memset(&p->w, 0, sizeof p->w);
    daemon_proc_init(&p->w.d);
    daemon_proc_configure(&p->w.d, yaml);
    daemon_proc_start(&p->w.d, NULL);
    world_connect(&p->w);
}

static void end(struct post *p) {
    world_done(&p->w);
    smtp_server_stop(p->server);
}

static void fault(struct post *p, enum smtp_step at, const char *reply,
                  bool kept, int wait_ms) {
    const struct smtp_fault f = {at, 1, reply, kept, wait_ms};
    smtp_server_fault(p->server, &f);
}

/* Queue a test message; its number. */
static const char *post(struct post *p, const char *to) {
    static char number[32];
    const struct json *r =
        world_call(&p->w, "mails.test", "{\"to\":\"%s\"}", to);
    (void)snprintf(number, sizeof number, "%s",
                   json_string(json_get(r, "mail")));
    return number;
}

struct wanted {
    const char *number, *state;
    char seen[32];
};

static bool stands(struct world *w, void *arg) {
    struct wanted *x = arg;
    const struct json *r =
        world_call(w, "mails.get", "{\"mail\":\"%s\"}", x->number);
    (void)snprintf(x->seen, sizeof x->seen, "%s",
                   json_string(json_get(r, "state")));
    return strcmp(x->seen, x->state) == 0;
}

static void becomes(struct post *p, const char *number, const char *state) {
    struct wanted x = {.number = number, .state = state};
    if (!world_until(&p->w, stands, &x, SETTLE_MS))
        fail_msg("%s is %s, not %s", number, x.seen, state);
}

static void taken_and_told(void **state) {
    struct post p;
    (void)state;
    start(&p);
    becomes(&p, post(&p, "zoe@example.test"), "sent");
    assert_int_equal(smtp_server_letters(p.server), 1);
    AUTO_FREE char *l = smtp_server_letter(p.server, 0);
    assert_non_null(strstr(l, "To: <zoe@example.test>\r\n"));
    assert_non_null(strstr(l, "=C3=87ay")); /* Çay */
    const struct json *e =
        rpc_call_error(&p.w.c, "mails.retry", "{\"mail\":\"M-1\"}");
    assert_non_null(e); /* what was sent is not sent again */
    e = rpc_call_error(&p.w.c, "mails.test",
                       "{\"to\":\"a@b.example\\r\\nBcc: x@y.example\"}");
    assert_non_null(e);
    end(&p);
}

/* Refused before the end: it stays queued, and goes on a person's word. */
static void put_off(void **state) {
    struct post p;
    (void)state;
    start(&p);
    fault(&p, SMTP_RCPT, "451 later", false, 0);
    const char *n = post(&p, "zoe@example.test");
    for (int i = 0; smtp_server_seen(p.server, SMTP_RCPT) == 0; i++) {
        assert_true(i < SETTLE_MS / 10);
        (void)poll(NULL, 0, 10);
    }
    becomes(&p, n, "queued");
    (void)world_call(&p.w, "mails.retry", "{\"mail\":\"%s\"}", n);
    becomes(&p, n, "sent");
    fault(&p, SMTP_RCPT, "550 nobody here", false, 0);
    becomes(&p, post(&p, "nobody@example.test"), "failed");
    assert_int_equal(smtp_server_letters(p.server), 1);
    end(&p);
}

/* The server has it, its answer is lost: nothing is sent again by itself. */
static void answer_lost(void **state) {
    struct post p;
    (void)state;
    start(&p);
    fault(&p, SMTP_DOT, NULL, true, 0);
    const char *n = post(&p, "zoe@example.test");
    becomes(&p, n, "unknown");
    assert_int_equal(daemon_proc_stop(&p.w.d), 0);
    world_disconnect(&p.w);
    daemon_proc_start(&p.w.d, NULL);
    world_connect(&p.w);
    becomes(&p, n, "unknown");
    assert_int_equal(smtp_server_letters(p.server), 1);
    (void)world_call(&p.w, "mails.discard", "{\"mail\":\"%s\"}", n);
    becomes(&p, n, "discarded");
    assert_int_equal(smtp_server_letters(p.server), 1);
    end(&p);
}

/* kill -9 at every step of the conversation. */
static void killed(void **state) {
    static const struct {
        enum smtp_step at;
        bool kept;
    } cases[] = {{SMTP_GREETING, false},
                 {SMTP_MAIL, false},
                 {SMTP_DATA, false},
                 {SMTP_DOT, true}};
    struct post p;
    (void)state;
    start(&p);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int seen = smtp_server_seen(p.server, cases[i].at);
        int letters = smtp_server_letters(p.server);
        fault(&p, cases[i].at, NULL, cases[i].kept, 300);
        const char *n = post(&p, "zoe@example.test");
        for (int t = 0; smtp_server_seen(p.server, cases[i].at) == seen; t++) {
            assert_true(t < SETTLE_MS / 10);
            (void)poll(NULL, 0, 10);
        }
        daemon_proc_kill(&p.w.d);
        world_disconnect(&p.w);
        daemon_proc_start(&p.w.d, NULL);
        world_connect(&p.w);
        becomes(&p, n, "unknown");
        assert_int_equal(smtp_server_letters(p.server),
                         letters + (cases[i].kept ? 1 : 0));
    }
    const struct json *r = world_call(&p.w, "mails.count", "{}");
    assert_int_equal(world_number(r, "unknown"), 4);
    end(&p);
}

/* It stops at once, whatever the mail server does. */
static void stops_in_the_middle(void **state) {
    struct post p;
    (void)state;
    start(&p);
    fault(&p, SMTP_MAIL, "250 ok", false, 3000);
    const char *n = post(&p, "zoe@example.test");
    for (int t = 0; smtp_server_seen(p.server, SMTP_MAIL) == 0; t++) {
        assert_true(t < SETTLE_MS / 10);
        (void)poll(NULL, 0, 10);
    }
    assert_int_equal(daemon_proc_stop(&p.w.d), 0);
    world_disconnect(&p.w);
    daemon_proc_start(&p.w.d, NULL);
    world_connect(&p.w);
    becomes(&p, n, "queued");
    assert_int_equal(smtp_server_letters(p.server), 0);
    end(&p);
}

static void no_server_no_letter(void **state) {
    struct world w;
    (void)state;
    world_start_daemon(&w);
    const struct json *e =
        rpc_call_error(&w.c, "mails.test", "{\"to\":\"zoe@example.test\"}");
    assert_string_equal(json_string(json_get(json_get(e, "data"), "code")),
                        "config");
    world_done(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(taken_and_told),
        cmocka_unit_test(put_off),
        cmocka_unit_test(answer_lost),
        cmocka_unit_test(killed),
        cmocka_unit_test(stops_in_the_middle),
        cmocka_unit_test(no_server_no_letter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
