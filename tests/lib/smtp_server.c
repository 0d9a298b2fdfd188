#include "tests/lib/smtp_server.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/check.h"
#include "common/mem.h"
#include "common/str.h"
#include "tests/lib/server_cert.h"

enum { STEP_MS = 10, LINE = 2048, LETTERS = 256, STEPS = SMTP_DOT + 1 };

struct smtp_server {
    int fd, port;
    SSL_CTX *tls;
    char *pem;
    const char *password;
    pthread_t thread;
    atomic_bool stop;
    pthread_mutex_t lock; /* of all below */
    struct smtp_fault fault;
    int seen[STEPS];
    char *letters[LETTERS];
    int n;
};

/* One connection. */
struct peer {
    struct smtp_server *s;
    int fd;
    SSL *ssl;
    char in[LINE];
    size_t n;
    char from[256], to[256];
};

/* --- bytes -----------------------------------------------------------------
 */

static bool wait_for(const struct peer *p) {
    if (p->ssl && SSL_pending(p->ssl) > 0)
        return true;
    while (!p->s->stop) {
        struct pollfd fd = {.fd = p->fd, .events = POLLIN};
        if (poll(&fd, 1, STEP_MS) > 0)
            return true;
    }
    return false;
}

/* A line without its end; false: there is none any more. */
static bool read_line(struct peer *p, char line[LINE]) {
    for (;;) {
        char *end = memchr(p->in, '\n', p->n);
        if (end) {
            size_t len = (size_t)(end - p->in);
            memcpy(line, p->in, len);
            line[len > 0 && line[len - 1] == '\r' ? len - 1 : len] = '\0';
            p->n -= len + 1;
            memmove(p->in, end + 1, p->n);
            return true;
        }
        size_t room = sizeof p->in - p->n;
        if (room == 0 || !wait_for(p))
            return false;
        ssize_t got = p->ssl ? SSL_read(p->ssl, p->in + p->n, (int)room)
                             : read(p->fd, p->in + p->n, room);
        if (got <= 0)
            return false;
        p->n += (size_t)got;
    }
}

static bool say(struct peer *p, const char *text) {
    char line[LINE];
    int n = snprintf(line, sizeof line, "%s\r\n", text);
    ssize_t put = p->ssl ? SSL_write(p->ssl, line, n)
                         : send(p->fd, line, (size_t)n, MSG_NOSIGNAL);
    return put == n;
}

/* --- steps -----------------------------------------------------------------
 */

/* The fault of this step, if it is its turn. */
static bool fault_of(struct peer *p, enum smtp_step step,
                     struct smtp_fault *ret) {
    struct smtp_server *s = p->s;
    (void)pthread_mutex_lock(&s->lock);
    s->seen[step]++;
    bool hit = s->fault.at == step && s->fault.times != 0;
    *ret = s->fault;
    if (hit && s->fault.times > 0)
        s->fault.times--;
    (void)pthread_mutex_unlock(&s->lock);
    return hit;
}

static void wait_ms(const struct peer *p, int ms) {
    for (int t = 0; t < ms && !p->s->stop; t += STEP_MS)
        (void)usleep(STEP_MS * 1000);
}

/* Answer a step; false: hang up. *ret_good: no fault came in between. */
static bool answer(struct peer *p, enum smtp_step step, const char *reply,
                   bool *ret_good) {
    struct smtp_fault f;
    *ret_good = !fault_of(p, step, &f);
    if (*ret_good)
        return say(p, reply);
    wait_ms(p, f.wait_ms);
    return f.reply && say(p, f.reply);
}

static void keep(struct peer *p, const struct buf *text) {
    struct smtp_server *s = p->s;
    (void)pthread_mutex_lock(&s->lock);
    REQUIRE(s->n < LETTERS);
    s->letters[s->n++] =
        mem_printf("%s\n%s\n\n%s", p->from, p->to, buf_str(text));
    (void)pthread_mutex_unlock(&s->lock);
}

static bool take_letter(struct peer *p) {
    AUTO_BUF struct buf text = BUF_INIT;
    struct smtp_fault f;
    char line[LINE];
    bool good;
    if (!answer(p, SMTP_DATA, "354 go on", &good) || !good)
        return good;
    while (read_line(p, line) && !str_eq(line, "."))
        buf_addf(&text, "%s\r\n", line[0] == '.' ? line + 1 : line);
    if (!str_eq(line, "."))
        return false;
    good = !fault_of(p, SMTP_DOT, &f);
    if (good || f.kept)
        keep(p, &text);
    if (good)
        return say(p, "250 2.0.0 taken");
    wait_ms(p, f.wait_ms);
    return f.reply && say(p, f.reply);
}

static void copy_address(char dst[256], const char *line) {
    const char *from = strchr(line, '<'), *to = strchr(line, '>');
    if (from && to && to > from)
        (void)snprintf(dst, 256, "%.*s", (int)(to - from - 1), from + 1);
}

/* LOGIN: the name, then the password, both in base64. */
static bool sign_in(struct peer *p, const char *line) {
    char typed[LINE] = "";
    char want[256];
    bool good;
    if (strncasecmp(line, "AUTH LOGIN", 10) == 0) {
        if (!say(p, "334 VXNlcm5hbWU6") || !read_line(p, typed) ||
            !say(p, "334 UGFzc3dvcmQ6") || !read_line(p, typed))
            return false;
    }
    EVP_EncodeBlock((unsigned char *)want,
                    (const unsigned char *)p->s->password,
                    (int)strlen(p->s->password));
    if (!str_eq(typed, want))
        return say(p, "535 5.7.8 wrong name or password");
    return answer(p, SMTP_AUTH, "235 2.7.0 welcome", &good);
}

static bool command(struct peer *p, const char *line) {
    bool good;
    if (strncasecmp(line, "EHLO", 4) == 0)
        return p->s->password ? say(p, "250-here") && say(p, "250 AUTH LOGIN")
                              : say(p, "250 here");
    if (strncasecmp(line, "AUTH", 4) == 0)
        return sign_in(p, line);
    if (strncasecmp(line, "MAIL", 4) == 0) {
        copy_address(p->from, line);
        return answer(p, SMTP_MAIL, "250 2.1.0 ok", &good);
    }
    if (strncasecmp(line, "RCPT", 4) == 0) {
        copy_address(p->to, line);
        return answer(p, SMTP_RCPT, "250 2.1.5 ok", &good);
    }
    if (strncasecmp(line, "DATA", 4) == 0)
        return take_letter(p);
    if (strncasecmp(line, "QUIT", 4) == 0)
        return say(p, "221 bye"), false;
    return say(p, "250 ok");
}

/* --- the thread ------------------------------------------------------------
 */

static void serve(struct peer *p) {
    char line[LINE];
    bool good, open = true;
    if (p->s->tls) {
        p->ssl = SSL_new(p->s->tls);
        (void)SSL_set_fd(p->ssl, p->fd);
        open = SSL_accept(p->ssl) == 1;
    }
    open = open && answer(p, SMTP_GREETING, "220 here", &good);
    while (open && read_line(p, line))
        open = command(p, line);
    SSL_free(p->ssl);
    (void)close(p->fd);
}

static void *accept_all(void *arg) {
    struct smtp_server *s = arg;
    while (!s->stop) {
        struct pollfd fd = {.fd = s->fd, .events = POLLIN};
        if (poll(&fd, 1, STEP_MS) <= 0)
            continue;
        struct peer p = {.s = s, .fd = accept(s->fd, NULL, NULL)};
        REQUIRE(p.fd >= 0);
        serve(&p);
    }
    return NULL;
}

struct smtp_server *smtp_server_start(bool tls, const char *password) {
    struct smtp_server *s = NEW(struct smtp_server);
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t len = sizeof at;
    (void)signal(SIGPIPE, SIG_IGN);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    s->password = password;
    if (tls)
        s->tls = server_cert_new(&s->pem);
    REQUIRE(pthread_mutex_init(&s->lock, NULL) == 0);
    s->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    REQUIRE(s->fd >= 0 && bind(s->fd, (struct sockaddr *)&at, len) == 0);
    REQUIRE(listen(s->fd, 16) == 0);
    REQUIRE(getsockname(s->fd, (struct sockaddr *)&at, &len) == 0);
    s->port = ntohs(at.sin_port);
    REQUIRE(pthread_create(&s->thread, NULL, accept_all, s) == 0);
    return s;
}

void smtp_server_stop(struct smtp_server *s) {
    s->stop = true;
    (void)pthread_join(s->thread, NULL);
    (void)close(s->fd);
    for (int i = 0; i < s->n; i++)
        free(s->letters[i]);
    SSL_CTX_free(s->tls);
    free(s->pem);
    (void)pthread_mutex_destroy(&s->lock);
    free(s);
}

int smtp_server_port(const struct smtp_server *s) {
    return s->port;
}

const char *smtp_server_pem(const struct smtp_server *s) {
    return s->pem;
}

void smtp_server_fault(struct smtp_server *s, const struct smtp_fault *f) {
    (void)pthread_mutex_lock(&s->lock);
    s->fault = *f;
    (void)pthread_mutex_unlock(&s->lock);
}

int smtp_server_letters(struct smtp_server *s) {
    (void)pthread_mutex_lock(&s->lock);
    int n = s->n;
    (void)pthread_mutex_unlock(&s->lock);
    return n;
}

char *smtp_server_letter(struct smtp_server *s, int i) {
    (void)pthread_mutex_lock(&s->lock);
    REQUIRE(i < s->n);
    char *text = mem_dup(s->letters[i]);
    (void)pthread_mutex_unlock(&s->lock);
    return text;
}

bool smtp_server_wait(struct smtp_server *s, int letters, int timeout_ms) {
    for (int t = 0; t < timeout_ms; t += STEP_MS) {
        if (smtp_server_letters(s) >= letters)
            return true;
        (void)usleep(STEP_MS * 1000);
    }
    return false;
}

int smtp_server_seen(struct smtp_server *s, enum smtp_step step) {
    (void)pthread_mutex_lock(&s->lock);
    int n = s->seen[step];
    (void)pthread_mutex_unlock(&s->lock);
    return n;
}
