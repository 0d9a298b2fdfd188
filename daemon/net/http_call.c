#include "net/http_call.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/check.h"
#include "common/mem.h"

enum { LOW_SPEED = 64 /* bytes a second */, LOW_SPEED_S = 30 };

static size_t on_body(char *data, size_t size, size_t n, void *arg) {
    struct http_call *c = arg;
    size_t add = size * n;
    if (add > c->max_body || c->answer.body.len > c->max_body - add) {
        c->body_full = true;
        return 0;
    }
    buf_add(&c->answer.body, data, add);
    return add;
}

/* Headers come one line a call; a new status line (100 Continue, then 200)
 * starts over. */
static size_t on_header(char *data, size_t size, size_t n, void *arg) {
    struct http_call *c = arg;
    size_t len = size * n;
    size_t end = len;
    const char *colon = memchr(data, ':', len);
    if (len >= 5 && strncasecmp(data, "HTTP/", 5) == 0) {
        buf_clear(&c->answer.head);
        return len;
    }
    if (!colon)
        return len;
    while (end > 0 && strchr(" \t\r\n", data[end - 1]))
        end--;
    size_t name = (size_t)(colon - data), value = name + 1;
    while (value < end && (data[value] == ' ' || data[value] == '\t'))
        value++;
    if (value > end)
        value = end;
    if (http_header_add(&c->answer, data, name, data + value, end - value))
        return len;
    c->head_full = true;
    return 0;
}

static void set_header(struct http_call *c, const char *name,
                       const char *value) {
    AUTO_BUF struct buf b = BUF_INIT;
    buf_addf(&b, "%s: %s", name, value);
    struct curl_slist *more = curl_slist_append(c->headers, b.data);
    REQUIRE(more);
    c->headers = more;
}

#define SET(option, value)                                                     \
    REQUIRE(curl_easy_setopt(c->easy, option, value) == CURLE_OK)

/* curl sends a request again by itself when a kept connection ends before the
 * first byte of the answer, a POST too: the shop may have done it by then, and
 * would do it twice. On a new connection it does not. */
static void set_once(struct http_call *c, const struct http_request *r) {
    if (r->method != HTTP_GET)
        SET(CURLOPT_FRESH_CONNECT, 1L);
}

static void set_body(struct http_call *c, const struct http_request *r) {
    if (r->body && r->body_n)
        buf_add(&c->body, r->body, r->body_n);
    if (r->method == HTTP_POST || r->method == HTTP_PUT) {
        SET(CURLOPT_POST, 1L);
        SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)c->body.len);
        SET(CURLOPT_POSTFIELDS, c->body.len ? c->body.data : "");
        /* No pause before the body: shops do not answer 100. */
        set_header(c, "Expect", "");
    }
    if (r->method == HTTP_PUT || r->method == HTTP_DELETE)
        SET(CURLOPT_CUSTOMREQUEST, http_method_name(r->method));
}

static void set_limits(struct http_call *c, const struct http_request *r) {
    int64_t connect = r->connect_ms ? r->connect_ms : HTTP_CONNECT_MS;
    int64_t total = r->total_ms ? r->total_ms : HTTP_TOTAL_MS;
    int64_t slow = r->low_speed_s ? r->low_speed_s : LOW_SPEED_S;
    c->max_body = r->max_body ? r->max_body : HTTP_MAX_BODY;
    SET(CURLOPT_CONNECTTIMEOUT_MS, (long)connect);
    SET(CURLOPT_TIMEOUT_MS, (long)total);
    SET(CURLOPT_LOW_SPEED_LIMIT, (long)LOW_SPEED);
    SET(CURLOPT_LOW_SPEED_TIME, (long)slow);
    SET(CURLOPT_NOSIGNAL, 1L);
}

/* A store's own authorities are trusted besides the system's. Those are found
 * one by one in Debian's folder of them (by the hash of a name): parsing all
 * 140 of its one file takes 20 ms of the loop a connection. */
static void set_ca(struct http_call *c, const char *pem) {
    buf_adds(&c->ca, pem);
    struct curl_blob blob = {c->ca.data, c->ca.len, CURL_BLOB_NOCOPY};
    SET(CURLOPT_CAINFO_BLOB, &blob);
    SET(CURLOPT_CAPATH, "/etc/ssl/certs");
}

static void set_security(struct http_call *c, const struct http_request *r) {
    SET(CURLOPT_SSL_VERIFYPEER, 1L);
    SET(CURLOPT_SSL_VERIFYHOST, 2L);
    SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_PROXY, r->proxy ? r->proxy : "");
    if (r->ca_pem && *r->ca_pem)
        set_ca(c, r->ca_pem);
    else
        SET(CURLOPT_CAPATH, NULL); /* with a folder curl parses the file again
                                      each time, without it once a day */
}

static void set_request(struct http_call *c, const struct http_request *r,
                        const char *user_agent) {
    buf_adds(&c->url, r->url);
    SET(CURLOPT_URL, c->url.data);
    SET(CURLOPT_ACCEPT_ENCODING, "");
    SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    SET(CURLOPT_USERAGENT, r->user_agent ? r->user_agent : user_agent);
    if (r->user) {
        SET(CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
        SET(CURLOPT_USERNAME, r->user);
        SET(CURLOPT_PASSWORD, r->password ? r->password : "");
    }
    for (size_t i = 0; i < r->n_headers; i++)
        set_header(c, r->headers[i].name, r->headers[i].value);
    set_body(c, r);
    set_once(c, r);
    SET(CURLOPT_HTTPHEADER, c->headers);
}

struct http_call *http_call_new(const struct http_request *r,
                                const char *user_agent) {
    struct http_call *c = NEW(struct http_call);
    c->easy = curl_easy_init();
    REQUIRE(c->easy);
    set_request(c, r, user_agent);
    set_limits(c, r);
    set_security(c, r);
    SET(CURLOPT_PRIVATE, c);
    SET(CURLOPT_ERRORBUFFER, c->curl_text);
    SET(CURLOPT_WRITEFUNCTION, on_body);
    SET(CURLOPT_WRITEDATA, c);
    SET(CURLOPT_HEADERFUNCTION, on_header);
    SET(CURLOPT_HEADERDATA, c);
    return c;
}

static enum http_error error_of(const struct http_call *c, CURLcode code) {
    switch (code) {
    case CURLE_OK:
        return HTTP_OK;
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
        return HTTP_BAD_URL;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
        return HTTP_DNS;
    case CURLE_COULDNT_CONNECT:
        return HTTP_REFUSED;
    case CURLE_OPERATION_TIMEDOUT:
        return HTTP_TIMEOUT;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_CIPHER:
        return HTTP_TLS;
    case CURLE_WRITE_ERROR:
        return c->head_full || c->body_full ? HTTP_TOO_LARGE : HTTP_BROKEN;
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_BAD_CONTENT_ENCODING:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
        return HTTP_CUT;
    default:
        return HTTP_BROKEN;
    }
}

static int64_t info_us(const struct http_call *c, CURLINFO what) {
    curl_off_t us = 0;
    (void)curl_easy_getinfo(c->easy, what, &us); /* else 0 */
    return (int64_t)us;
}

static void read_info(struct http_call *c) {
    struct http_answer *a = &c->answer;
    long status = 0, connects = 0, version = 0;
    char *ip = NULL;
    (void)curl_easy_getinfo(c->easy, CURLINFO_RESPONSE_CODE, &status);
    (void)curl_easy_getinfo(c->easy, CURLINFO_NUM_CONNECTS, &connects);
    (void)curl_easy_getinfo(c->easy, CURLINFO_HTTP_VERSION, &version);
    (void)curl_easy_getinfo(c->easy, CURLINFO_PRIMARY_IP, &ip);
    a->status = (int)status;
    a->http2 = version == CURL_HTTP_VERSION_2_0;
    a->reused = connects == 0 && status != 0;
    a->wire_bytes = info_us(c, CURLINFO_SIZE_DOWNLOAD_T);
    a->connect_us = a->reused ? 0 : info_us(c, CURLINFO_APPCONNECT_TIME_T);
    if (a->connect_us == 0 && !a->reused)
        a->connect_us = info_us(c, CURLINFO_CONNECT_TIME_T);
    a->first_us = info_us(c, CURLINFO_STARTTRANSFER_TIME_T);
    a->total_us = info_us(c, CURLINFO_TOTAL_TIME_T);
    (void)snprintf(a->ip, sizeof a->ip, "%s", ip ? ip : "");
}

void http_call_finish(struct http_call *c, CURLcode code) {
    struct http_answer *a = &c->answer;
    a->error = error_of(c, code);
    read_info(c);
    if (a->error == HTTP_OK)
        return;
    if (a->error == HTTP_TOO_LARGE)
        (void)snprintf(a->error_text, sizeof a->error_text,
                       "The answer's %s is larger than %zu bytes.",
                       c->head_full ? "head" : "body",
                       c->head_full ? (size_t)HTTP_MAX_HEAD : c->max_body);
    else
        (void)snprintf(a->error_text, sizeof a->error_text, "%s",
                       *c->curl_text ? c->curl_text : curl_easy_strerror(code));
}

void http_call_free(struct http_call *c) {
    if (!c)
        return;
    curl_easy_cleanup(c->easy);
    curl_slist_free_all(c->headers);
    buf_done(&c->body);
    buf_done(&c->url);
    buf_done(&c->ca);
    http_answer_done(&c->answer);
    free(c);
}
