#include "out/mailer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/check.h"
#include "common/env.h"
#include "common/err.h"
#include "common/log.h"
#include "common/mem.h"
#include "common/metric.h"
#include "common/str.h"
#include "db/db.h"
#include "model/mail.h"
#include "net/smtp.h"
#include "out/mime.h"

enum {
    AGAIN_MS = 5000,    /* after the database could not */
    PASSWORD_MAX = 256, /* bytes of the file's first line */
};
static const int64_t first_ms = 60LL * 1000, longest_ms = 4LL * 60 * 60 * 1000,
                     give_up_ms = 48LL * 60 * 60 * 1000;

struct mailer {
    struct uv_loop_s *loop;
    struct db *db;
    const struct env *env;
    char *server, *from, *user, *password_file, *ca_file;
    bool plain;
    int64_t timeout_s;

    struct env_timer *timer;
    bool busy;           /* a job or a letter is on its way */
    bool again;          /* woken meanwhile */
    bool take;           /* the job may take a letter: there is a server */
    bool recovered;      /* what an earlier life was sending is unknown */
    struct arena *arena; /* of the letter */
    struct mail letter;  /* id 0: none */
    struct smtp *smtp;   /* on its way */
    int64_t next_ms;     /* when one is due; 0: none */

    enum mail_state outcome;
    int64_t outcome_next_ms;
    char outcome_text[256];

    bool stopping;
    void (*stopped)(void *arg);
    void *stopped_arg;
};

static void settle(void *arg);
static void look(struct mailer *m);

/* --- settings --------------------------------------------------------------
 */

static void put(char **dst, const char *value) {
    free(*dst);
    *dst = value ? mem_dup(value) : NULL;
}

void mailer_set(struct mailer *m, const struct mailer_settings *s) {
    put(&m->server, s->server);
    put(&m->from, s->from);
    put(&m->user, s->user);
    put(&m->password_file, s->password_file);
    put(&m->ca_file, s->ca_file);
    m->plain = s->plain;
    m->timeout_s = s->timeout_s;
    if (m->server && (!m->from || !mime_is_address(m->from)))
        log_warn("mail.from", "mail.from must be an address: nothing is sent");
    mailer_wake(m);
}

bool mailer_ready(const struct mailer *m) {
    return m && m->server && m->from && mime_is_address(m->from);
}

const char *mailer_from(const struct mailer *m) {
    return mailer_ready(m) ? m->from : "";
}

/* The file's first line; false, and said so, when it cannot be read. */
static bool read_password(const struct mailer *m, char dst[PASSWORD_MAX]) {
    dst[0] = '\0';
    if (!m->password_file)
        return true;
    FILE *f = fopen(m->password_file, "re");
    bool good = f && fgets(dst, PASSWORD_MAX, f);
    if (f)
        (void)fclose(f); /* only read */
    dst[strcspn(dst, "\r\n")] = '\0';
    return good;
}

/* --- what it came to -------------------------------------------------------
 */

/* A minute, two, four ... four hours; somewhere in the second half of it, so
 * that many do not come at once. */
static int64_t wait_of(const struct mailer *m) {
    int64_t ms = first_ms;
    for (int i = 1; i < m->letter.attempts && ms < longest_ms; i++)
        ms *= 2;
    if (ms > longest_ms)
        ms = longest_ms;
    return ms / 2 + (int64_t)env_below(m->env, (uint64_t)(ms / 2));
}

static void conclude(struct mailer *m, enum mail_state state,
                     const char *text) {
    int64_t now = env_now(m->env);
    m->outcome_next_ms = 0;
    if (state == MAIL_QUEUED && now - m->letter.created_ms > give_up_ms)
        state = MAIL_FAILED;
    if (state == MAIL_QUEUED)
        m->outcome_next_ms = now + wait_of(m);
    m->outcome = state;
    (void)str_copy(m->outcome_text, sizeof m->outcome_text, text);
    settle(m);
}

static void on_sent(void *arg, const struct smtp_answer *a) {
    static const enum mail_state states[] = {[SMTP_TAKEN] = MAIL_SENT,
                                             [SMTP_LATER] = MAIL_QUEUED,
                                             [SMTP_REFUSED] = MAIL_FAILED,
                                             [SMTP_UNCLEAR] = MAIL_UNKNOWN};
    struct mailer *m = arg;
    m->smtp = NULL;
    if (a->end == SMTP_TAKEN)
        metric_add(METRIC_EMAILS_SENT, 1);
    else
        log_warn("mail.send", "M-%lld: %s: %s", (long long)m->letter.id,
                 mail_state_name(states[a->end]), a->text);
    conclude(m, states[a->end], a->text);
}

static int job_settle(struct db_tx *tx, void *arg) {
    const struct mailer *m = arg;
    int rc = mail_settle(tx, m->letter.id, m->outcome, m->outcome_next_ms,
                         m->outcome_text);
    return rc == ERR_CONFLICT ? 0 : rc; /* parked meanwhile: that stands */
}

static void letter_done(struct mailer *m) {
    arena_free(m->arena);
    m->arena = NULL;
    m->letter = (struct mail){0};
    m->busy = false;
}

static void maybe_stopped(struct mailer *m) {
    if (!m->stopping || m->busy)
        return;
    void (*stopped)(void *) = m->stopped;
    m->stopped = NULL;
    if (stopped)
        stopped(m->stopped_arg);
}

static void settled(int status, void *arg) {
    struct mailer *m = arg;
    if (status < 0 && !m->stopping) {
        log_error("mail.settle", "M-%lld is %s, but that was not saved: %s",
                  (long long)m->letter.id, mail_state_name(m->outcome),
                  err_name(status));
        m->timer = m->env->timer(m->env->self, AGAIN_MS, settle, m);
        return;
    }
    letter_done(m);
    look(m);
}

static void settle(void *arg) {
    struct mailer *m = arg;
    m->timer = NULL;
    int rc = db_write(m->db, DB_INTERACTIVE, job_settle, settled, m);
    if (rc < 0)
        settled(rc, m);
}

/* --- send ------------------------------------------------------------------
 */

static void send(struct mailer *m) {
    AUTO_BUF struct buf text = BUF_INIT;
    char password[PASSWORD_MAX];
    const struct mail *l = &m->letter;
    if (m->stopping || !read_password(m, password)) {
        conclude(m, MAIL_QUEUED,
                 m->stopping ? "" : "mail.password_file cannot be read");
        return;
    }
    if (!mime_is_address(l->recipient)) {
        conclude(m, MAIL_FAILED, "nobody to write to");
        return;
    }
    mime_write(&text, &(struct mime_letter){.sender = l->sender,
                                            .from = m->from,
                                            .to = l->recipient,
                                            .subject = l->subject,
                                            .body = l->body,
                                            .id = l->message_id,
                                            .lang = l->lang,
                                            .at_ms = env_now(m->env)});
    struct smtp_letter out = {.server = m->server,
                              .user = m->user,
                              .password = password,
                              .ca_file = m->ca_file,
                              .plain = m->plain,
                              .from = m->from,
                              .to = l->recipient,
                              .timeout_s = m->timeout_s,
                              .text = buf_str(&text),
                              .n = text.len};
    m->smtp = smtp_send(m->loop, &out, on_sent, m);
    mem_wipe(password, sizeof password);
}

static int job_take(struct db_tx *tx, void *arg) {
    struct mailer *m = arg;
    int rc = m->recovered ? 0 : mail_recover(tx);
    /* The job may run twice: what the first run read is of no use. */
    arena_free(m->arena);
    m->arena = arena_new(4096);
    m->letter = (struct mail){0};
    m->next_ms = 0;
    if (rc >= 0)
        rc = m->take ? mail_take(tx, m->arena, &m->letter, &m->next_ms) : 0;
    return rc;
}

static void on_time(void *arg) {
    struct mailer *m = arg;
    m->timer = NULL;
    look(m);
}

static void wait_until(struct mailer *m, int64_t at_ms) {
    int64_t ms = at_ms - env_now(m->env);
    if (!m->stopping)
        m->timer = m->env->timer(m->env->self, ms > 0 ? ms : 0, on_time, m);
}

static void taken(int status, void *arg) {
    struct mailer *m = arg;
    m->recovered = m->recovered || status >= 0;
    if (status > 0) {
        send(m);
        return;
    }
    letter_done(m);
    if (status < 0) {
        log_warn("mail.take", "tried again soon: %s", err_name(status));
        wait_until(m, env_now(m->env) + AGAIN_MS);
    } else if (m->again) {
        look(m);
        return;
    } else if (m->next_ms > 0) {
        wait_until(m, m->next_ms);
    }
    maybe_stopped(m);
}

static void look(struct mailer *m) {
    if (m->busy)
        m->again = true;
    if (m->busy || m->stopping) {
        maybe_stopped(m);
        return;
    }
    m->env->cancel(m->env->self, m->timer);
    m->timer = NULL;
    m->again = false;
    if (!mailer_ready(m) && m->recovered)
        return;
    m->busy = true;
    m->take = mailer_ready(m);
    int rc = db_write(m->db, DB_INTERACTIVE, job_take, taken, m);
    if (rc < 0)
        taken(rc, m);
}

void mailer_wake(struct mailer *m) {
    if (m)
        look(m);
}

struct mailer *mailer_start(struct uv_loop_s *loop, struct db *db,
                            const struct env *env,
                            const struct mailer_settings *s) {
    struct mailer *m = NEW(struct mailer);
    *m = (struct mailer){.loop = loop, .db = db, .env = env};
    mailer_set(m, s);
    return m;
}

void mailer_stop(struct mailer *m, void (*stopped)(void *arg), void *arg) {
    m->stopping = true;
    m->stopped = stopped;
    m->stopped_arg = arg;
    if (m->timer) {
        m->env->cancel(m->env->self, m->timer);
        m->timer = NULL;
        if (m->letter
                .id) { /* an outcome that could not be written: once more */
            settle(m);
            return;
        }
    }
    if (m->smtp)
        smtp_cancel(m->smtp);
    maybe_stopped(m);
}

void mailer_free(struct mailer *m) {
    if (!m)
        return;
    free(m->server);
    free(m->from);
    free(m->user);
    free(m->password_file);
    free(m->ca_file);
    free(m);
}
