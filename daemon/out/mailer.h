/* Sends what is queued (model/mail.h), one letter at a time.
 *
 * Happy path: wake; a write job takes the next letter that is due and commits
 * it as sending; the letter is written out and sent (net/smtp.h); a write job
 * settles what it came to; the next. Failure modes: nobody has it: it waits, at
 * first a minute, then ever longer, and has failed for good after two days; the
 * server refuses it: failed; no answer behind the last byte, or the daemon
 * ended in between: unknown, and a person decides. An outcome that cannot be
 * written is kept and written later; nothing else is sent until then. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct db;
struct env;
struct mailer;
struct uv_loop_s;

/* Copied; texts may be NULL where they say so. */
struct mailer_settings {
    const char *server; /* smtp:// or smtps:// HOST[:PORT]; NULL: none */
    const char *from;   /* an address */
    const char *user, *password_file; /* NULL: no sign-in */
    const char *ca_file;              /* NULL: the system's */
    bool plain;                       /* may travel without TLS */
    int64_t timeout_s;
};

/* Begin; all but the settings is borrowed until mailer_free. */
struct mailer *mailer_start(struct uv_loop_s *loop, struct db *db,
                            const struct env *env,
                            const struct mailer_settings *s);
/* Other settings from the next letter on. */
void mailer_set(struct mailer *m, const struct mailer_settings *s);
/* Can anything be sent? NULL: no mailer. */
bool mailer_ready(const struct mailer *m);
/* The address letters come from; "" when not ready. */
const char *mailer_from(const struct mailer *m);
/* Something was queued. */
void mailer_wake(struct mailer *m);
/* No new letter; one on its way is given up, and stopped(arg) called when it
 * was settled. The db must still run. */
void mailer_stop(struct mailer *m, void (*stopped)(void *arg), void *arg);
/* After the db is closed. NULL is fine. */
void mailer_free(struct mailer *m);
