/* One letter to a mail server (RFC 5321), over curl. curl waits for the answer
 * to its QUIT before a connection is closed, so a letter travels on a thread of
 * uv's pool and the loop never waits for a mail server.
 *
 * Happy path: connect, EHLO, STARTTLS (smtp://), AUTH where there is a user,
 * MAIL, RCPT, DATA, the letter, the dot, 250. Failure modes: what happens
 * before the dot can be tried again, nobody has the letter; what happens behind
 * it without an answer is unclear: the server may have taken it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct smtp;
struct uv_loop_s;

/* All texts are copied by smtp_send. */
struct smtp_letter {
    const char *server;          /* smtp:// or smtps:// HOST[:PORT] */
    const char *user, *password; /* of AUTH; user NULL: none */
    const char *ca_file;   /* PEM, in place of the system's; may be NULL */
    bool plain;            /* may travel without TLS */
    const char *from, *to; /* bare addresses */
    int64_t timeout_s;     /* longest time for all of it; 0: 60 */
    const char *text;      /* headers and body, lines end in CRLF */
    size_t n;
};

enum smtp_end {
    SMTP_TAKEN,   /* the server answered for it */
    SMTP_LATER,   /* nobody has it; worth another try */
    SMTP_REFUSED, /* the server does not want this letter (5yz) */
    SMTP_UNCLEAR, /* sent whole, and no answer came */
};

struct smtp_answer {
    enum smtp_end end;
    int code;       /* last reply of the server, 0: none */
    char text[256]; /* it, or what went wrong; one line */
};

/* On the loop thread, once. */
typedef void smtp_done_fn(void *arg, const struct smtp_answer *a);

/* Send it; done is called later, whatever happens. Never NULL. The loop must
 * turn until then. */
struct smtp *smtp_send(struct uv_loop_s *loop, const struct smtp_letter *l,
                       smtp_done_fn *done, void *arg);
/* Give up as soon as possible; done tells what it came to. */
void smtp_cancel(struct smtp *s);
