#include "net/smtp.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "common/buf.h"
#include "common/check.h"
#include "common/mem.h"

enum { CONNECT_S = 20, TOTAL_S = 60 };

struct smtp {
    uv_work_t work;
    char *server, *user, *password, *ca_file, *from, *to;
    bool plain;
    int64_t timeout_s;
    struct buf text;
    size_t at;  /* taken by curl so far */
    bool whole; /* all of it: the dot may have left */
    atomic_bool cancelled;
    char reply[256], curl_text[CURL_ERROR_SIZE];
    struct smtp_answer answer;
    smtp_done_fn *done;
    void *arg;
};

/* --- what curl asks for -------------------------------------------------- */

static size_t on_read(char *dst, size_t size, size_t n, void *arg) {
    struct smtp *s = arg;
    size_t left = s->text.len - s->at, give = size * n;
    if (give > left)
        give = left;
    if (give == 0) {
        s->whole = true;
        return 0;
    }
    memcpy(dst, s->text.data + s->at, give);
    s->at += give;
    return give;
}

/* The server's replies, a line each: the first refusal says why, else the last
 * one; what comes behind a refusal is about the QUIT. */
static size_t on_reply(char *line, size_t size, size_t n, void *arg) {
    struct smtp *s = arg;
    size_t len = size * n, keep = len;
    if (s->reply[0] == '4' || s->reply[0] == '5')
        return len;
    while (keep > 0 && strchr("\r\n", line[keep - 1]))
        keep--;
    (void)snprintf(s->reply, sizeof s->reply, "%.*s", (int)keep, line);
    return len;
}

static int on_progress(void *arg, curl_off_t down, curl_off_t downs,
                       curl_off_t up, curl_off_t ups) {
    const struct smtp *s = arg;
    (void)down, (void)downs, (void)up, (void)ups;
    return atomic_load(&s->cancelled);
}

/* --- the letter's thread ---------------------------------------------------
 */

#define SET(option, value)                                                     \
    REQUIRE(curl_easy_setopt(easy, option, value) == CURLE_OK)

static void set_server(CURL *easy, struct smtp *s) {
    SET(CURLOPT_URL, s->server);
    SET(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    SET(CURLOPT_PROXY, "");
    SET(CURLOPT_USE_SSL, (long)(s->plain ? CURLUSESSL_TRY : CURLUSESSL_ALL));
    SET(CURLOPT_SSL_VERIFYPEER, 1L);
    SET(CURLOPT_SSL_VERIFYHOST, 2L);
    SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (s->ca_file)
        SET(CURLOPT_CAINFO, s->ca_file);
    if (s->user) {
        SET(CURLOPT_USERNAME, s->user);
        SET(CURLOPT_PASSWORD, s->password ? s->password : "");
    }
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
    long limit = s->timeout_s ? (long)s->timeout_s : TOTAL_S;
    SET(CURLOPT_TIMEOUT, limit);
    SET(CURLOPT_SERVER_RESPONSE_TIMEOUT, limit); /* of its QUIT too */
}

static void set_letter(CURL *easy, struct smtp *s, struct curl_slist *to) {
    SET(CURLOPT_MAIL_FROM, s->from);
    SET(CURLOPT_MAIL_RCPT, to);
    SET(CURLOPT_UPLOAD, 1L);
    SET(CURLOPT_READFUNCTION, on_read);
    SET(CURLOPT_READDATA, s);
    SET(CURLOPT_HEADERFUNCTION, on_reply);
    SET(CURLOPT_HEADERDATA, s);
    SET(CURLOPT_NOPROGRESS, 0L);
    SET(CURLOPT_XFERINFOFUNCTION, on_progress);
    SET(CURLOPT_XFERINFODATA, s);
    SET(CURLOPT_ERRORBUFFER, s->curl_text);
}

/* A refusal of the letter itself is for good; one of us (who we are, how we
 * connect) is cured in the configuration, and the letter waits. To curl a
 * refused MAIL, RCPT or DATA is a send error. */
static enum smtp_end end_of(const struct smtp *s, CURLcode code, long reply) {
    if (code == CURLE_OK)
        return SMTP_TAKEN;
    if (s->whole && reply < 400)
        return SMTP_UNCLEAR;
    return reply >= 500 && (s->whole || code == CURLE_SEND_ERROR) ? SMTP_REFUSED
                                                                  : SMTP_LATER;
}

static void conclude(struct smtp *s, CURL *easy, CURLcode code) {
    long reply = 0;
    (void)curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &reply);
    s->answer.end = end_of(s, code, reply);
    s->answer.code = (int)reply;
    const char *why = *s->curl_text ? s->curl_text : curl_easy_strerror(code);
    if (code == CURLE_OK || reply >= 400)
        why = s->reply;
    (void)snprintf(s->answer.text, sizeof s->answer.text, "%s", why);
}

static void on_work(uv_work_t *w) {
    struct smtp *s = w->data;
    CURL *easy = curl_easy_init();
    struct curl_slist *to = curl_slist_append(NULL, s->to);
    REQUIRE(easy && to);
    set_server(easy, s);
    set_letter(easy, s, to);
    CURLcode code = curl_easy_perform(easy);
    conclude(s, easy, code);
    curl_easy_cleanup(easy);
    curl_slist_free_all(to);
}

static void on_done(uv_work_t *w, int status) {
    struct smtp *s = w->data;
    REQUIRE(status == 0); /* work that began is never taken back */
    s->done(s->arg, &s->answer);
    if (s->password)
        mem_wipe(s->password, strlen(s->password));
    free(s->server);
    free(s->user);
    free(s->password);
    free(s->ca_file);
    free(s->from);
    free(s->to);
    buf_done(&s->text);
    free(s);
}

/* --- the loop --------------------------------------------------------------
 */

static char *copy_of(const char *text) {
    return text ? mem_dup(text) : NULL;
}

static void curl_start(void) {
    REQUIRE(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK);
}

struct smtp *smtp_send(struct uv_loop_s *loop, const struct smtp_letter *l,
                       smtp_done_fn *done, void *arg) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct smtp *s = NEW(struct smtp);
    REQUIRE(l->server && l->from && l->to && l->text && done);
    REQUIRE(pthread_once(&once, curl_start) == 0);
    s->work.data = s;
    s->server = mem_dup(l->server);
    s->user = copy_of(l->user);
    s->password = copy_of(l->password);
    s->ca_file = copy_of(l->ca_file);
    s->from = mem_dup(l->from);
    s->to = mem_dup(l->to);
    s->plain = l->plain;
    s->timeout_s = l->timeout_s;
    buf_add(&s->text, l->text, l->n);
    s->done = done;
    s->arg = arg;
    REQUIRE(uv_queue_work(loop, &s->work, on_work, on_done) == 0);
    return s;
}

void smtp_cancel(struct smtp *s) {
    atomic_store(&s->cancelled, true);
}
