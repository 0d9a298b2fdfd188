/* A mail server on a thread that takes letters, or does what no good one
 * does. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct smtp_server;

enum smtp_step {
    SMTP_NEVER,
    SMTP_GREETING,
    SMTP_AUTH,
    SMTP_MAIL,
    SMTP_RCPT,
    SMTP_DATA, /* the command */
    SMTP_DOT,  /* the letter has come */
};

/* What goes wrong, and how often. */
struct smtp_fault {
    enum smtp_step at;
    int times;         /* that many, then never again; -1: always */
    const char *reply; /* "451 try later"; NULL: hang up without a word */
    bool kept;         /* at SMTP_DOT: the letter was taken all the same */
    int wait_ms;       /* before the reply */
};

/* Listens on 127.0.0.1; tls: speaks it from the first byte, with a fresh
 * certificate for 127.0.0.1. password NULL: AUTH is not offered, else LOGIN
 * with any name. Never NULL. */
struct smtp_server *smtp_server_start(bool tls, const char *password);
void smtp_server_stop(struct smtp_server *s);
int smtp_server_port(const struct smtp_server *s);
/* The certificate as PEM (tls only); owned by the server. */
const char *smtp_server_pem(const struct smtp_server *s);

/* From now on. */
void smtp_server_fault(struct smtp_server *s, const struct smtp_fault *f);

/* Letters taken so far, and one of them as it came, with its envelope before
 * it: "FROM\nTO\n\n" (the caller frees). */
int smtp_server_letters(struct smtp_server *s);
char *smtp_server_letter(struct smtp_server *s, int i);
/* Wait until that many were taken; false after timeout_ms. */
bool smtp_server_wait(struct smtp_server *s, int letters, int timeout_ms);
/* How often a step was reached. */
int smtp_server_seen(struct smtp_server *s, enum smtp_step step);
