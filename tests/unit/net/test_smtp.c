/* Letters to a mail server that does what it is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <uv.h>

#include "common/cleanup.h"
#include "net/smtp.h"
#include "tests/lib/smtp_server.h"

static const char text[] = "Subject: x\r\n\r\nfirst\r\n.second\r\n";

struct fx {
    uv_loop_t loop;
    struct smtp_server *server;
    struct smtp_letter letter;
    struct smtp_answer answer;
    char url[64];
    int done;
};

static void start(struct fx *f, bool tls, const char *password) {
    *f = (struct fx){0};
    assert_int_equal(uv_loop_init(&f->loop), 0);
    f->server = smtp_server_start(tls, password);
    (void)snprintf(f->url, sizeof f->url, "%s://127.0.0.1:%d",
                   tls ? "smtps" : "smtp", smtp_server_port(f->server));
    f->letter = (struct smtp_letter){.server = f->url,
                                     .plain = true,
                                     .from = "depot@example.test",
                                     .to = "zoe@example.test",
                                     .timeout_s = 10,
                                     .text = text,
                                     .n = sizeof text - 1};
}

static void on_done(void *arg, const struct smtp_answer *a) {
    struct fx *f = arg;
    f->answer = *a;
    f->done++;
}

static void run(struct fx *f) {
    f->done = 0;
    (void)smtp_send(&f->loop, &f->letter, on_done, f);
    assert_int_equal(f->done, 0); /* never from inside send */
    (void)uv_run(&f->loop, UV_RUN_DEFAULT);
    assert_int_equal(f->done, 1);
}

static void end(struct fx *f) {
    assert_int_equal(uv_loop_close(&f->loop), 0);
    smtp_server_stop(f->server);
}

static void ends_as(struct fx *f, const struct smtp_fault *fault,
                    enum smtp_end want) {
    smtp_server_fault(f->server, fault);
    run(f);
    if (f->answer.end != want)
        fail_msg("step %d: ended as %d, code %d, %s", fault->at, f->answer.end,
                 f->answer.code, f->answer.text);
}

static void a_letter_arrives_as_it_is(void **state) {
    struct fx f;
    (void)state;
    start(&f, false, NULL);
    run(&f);
    assert_int_equal(f.answer.end, SMTP_TAKEN);
    assert_int_equal(f.answer.code, 250);
    assert_int_equal(smtp_server_letters(f.server), 1);
    AUTO_FREE char *got = smtp_server_letter(f.server, 0);
    assert_string_equal(got, "depot@example.test\nzoe@example.test\n\n"
                             "Subject: x\r\n\r\nfirst\r\n.second\r\n");
    end(&f);
}

static void what_it_came_to(void **state) {
    static const struct {
        struct smtp_fault fault;
        enum smtp_end end;
    } cases[] = {
        {{SMTP_GREETING, 1, NULL, false, 0}, SMTP_LATER},
        {{SMTP_GREETING, 1, "554 not you", false, 0}, SMTP_LATER},
        {{SMTP_MAIL, 1, "451 later", false, 0}, SMTP_LATER},
        {{SMTP_RCPT, 1, "450 busy", false, 0}, SMTP_LATER},
        {{SMTP_RCPT, 1, "550 nobody here", false, 0}, SMTP_REFUSED},
        {{SMTP_RCPT, 1, NULL, false, 0}, SMTP_LATER},
        {{SMTP_DATA, 1, NULL, false, 0}, SMTP_LATER},
        {{SMTP_DOT, 1, "452 disk full", false, 0}, SMTP_LATER},
        {{SMTP_DOT, 1, "554 spam", false, 0}, SMTP_REFUSED},
        {{SMTP_DOT, 1, NULL, false, 0}, SMTP_UNCLEAR},
        {{SMTP_DOT, 1, NULL, true, 0}, SMTP_UNCLEAR},
    };
    struct fx f;
    (void)state;
    start(&f, false, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ends_as(&f, &cases[i].fault, cases[i].end);
    assert_int_equal(smtp_server_letters(f.server), 1); /* of the last case */
    end(&f);
}

static void the_servers_words_are_kept(void **state) {
    struct fx f;
    (void)state;
    start(&f, false, NULL);
    const struct smtp_fault fault = {SMTP_RCPT, 1, "550 5.1.1 nobody here",
                                     false, 0};
    ends_as(&f, &fault, SMTP_REFUSED);
    assert_int_equal(f.answer.code, 550);
    assert_string_equal(f.answer.text, "550 5.1.1 nobody here");
    end(&f);
}

static void no_answer_behind_the_dot_is_unclear(void **state) {
    struct fx f;
    (void)state;
    start(&f, false, NULL);
    f.letter.timeout_s = 1;
    const struct smtp_fault slow = {SMTP_DOT, 1, "250 taken", true, 1500};
    ends_as(&f, &slow, SMTP_UNCLEAR);
    end(&f);
}

static void without_tls_nothing_leaves(void **state) {
    struct fx f;
    (void)state;
    start(&f, false, "geheim");
    f.letter.plain = false;
    f.letter.user = "depot";
    f.letter.password = "geheim";
    run(&f);
    assert_int_equal(f.answer.end, SMTP_LATER);
    assert_int_equal(smtp_server_seen(f.server, SMTP_AUTH), 0);
    assert_int_equal(smtp_server_seen(f.server, SMTP_MAIL), 0);
    end(&f);
}

static void tls_and_a_password(void **state) {
    struct fx f;
    char path[] = "/tmp/fulexo-smtp-XXXXXX";
    (void)state;
    start(&f, true, "geheim");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    const char *pem = smtp_server_pem(f.server);
    assert_int_equal(write(fd, pem, strlen(pem)), (ssize_t)strlen(pem));
    assert_int_equal(close(fd), 0);
    f.letter.plain = false;
    f.letter.user = "depot";
    f.letter.password = "falsch";
    run(&f); /* whom nobody knows */
    assert_int_equal(f.answer.end, SMTP_LATER);
    assert_int_equal(smtp_server_seen(f.server, SMTP_AUTH), 0);
    f.letter.ca_file = path;
    run(&f); /* the configuration's fault: the letter waits */
    assert_int_equal(f.answer.end, SMTP_LATER);
    assert_int_equal(f.answer.code, 535);
    f.letter.password = "geheim";
    run(&f);
    assert_int_equal(f.answer.end, SMTP_TAKEN);
    assert_int_equal(smtp_server_letters(f.server), 1);
    assert_int_equal(unlink(path), 0);
    end(&f);
}

static void cancelled(void **state) {
    struct fx f;
    (void)state;
    start(&f, false, NULL);
    const struct smtp_fault slow = {SMTP_RCPT, -1, "250 ok", false, 20000};
    smtp_server_fault(f.server, &slow);
    struct smtp *s = smtp_send(&f.loop, &f.letter, on_done, &f);
    while (smtp_server_seen(f.server, SMTP_RCPT) == 0)
        uv_sleep(5);
    smtp_cancel(s);
    (void)uv_run(&f.loop, UV_RUN_DEFAULT);
    assert_int_equal(f.done, 1);
    assert_int_equal(f.answer.end, SMTP_LATER);
    end(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_letter_arrives_as_it_is),
        cmocka_unit_test(what_it_came_to),
        cmocka_unit_test(the_servers_words_are_kept),
        cmocka_unit_test(no_answer_behind_the_dot_is_unclear),
        cmocka_unit_test(without_tls_nothing_leaves),
        cmocka_unit_test(tls_and_a_password),
        cmocka_unit_test(cancelled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
