/* The curl bridge against a server that does what it is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <uv.h>

#include "net/http.h"
#include "tests/lib/tiny_server.h"

struct fixture {
    uv_loop_t loop;
    struct http *http;
    struct http_transport t;
    struct tiny_server *server;
    struct tiny_reply reply;
    char request[65536]; /* the last head the server saw */
    struct http_answer last;
    int done, want;
    bool closed;
};

static struct tiny_reply answer(void *arg, const char *request) {
    struct fixture *f = arg;
    (void)snprintf(f->request, sizeof f->request, "%s", request);
    return f->reply;
}

static int setup(void **state) {
    static struct fixture f;
    memset(&f, 0, sizeof f);
    assert_int_equal(uv_loop_init(&f.loop), 0);
    f.http = http_new(&f.loop, NULL);
    f.t = http_transport(f.http);
    *state = &f;
    return 0;
}

static void on_closed(void *arg) {
    struct fixture *f = arg;
    f->closed = true;
}

static int teardown(void **state) {
    struct fixture *f = *state;
    http_answer_done(&f->last);
    if (!f->closed)
        http_close(f->http, on_closed, f);
    (void)uv_run(&f->loop, UV_RUN_DEFAULT);
    assert_true(f->closed);
    assert_int_equal(uv_loop_close(&f->loop), 0);
    if (f->server)
        tiny_server_stop(f->server);
    return 0;
}

static void on_done(void *arg, struct http_answer *a) {
    struct fixture *f = arg;
    http_answer_done(&f->last);
    f->last = *a; /* takes head and body */
    a->head = (struct buf)BUF_INIT;
    a->body = (struct buf)BUF_INIT;
    if (++f->done == f->want)
        uv_stop(&f->loop);
}

static void wait_for(struct fixture *f, int want) {
    f->want = want;
    if (f->done < want)
        (void)uv_run(&f->loop, UV_RUN_DEFAULT);
    assert_int_equal(f->done, want);
}

static const char *url(struct fixture *f, const char *scheme) {
    static char text[128];
    (void)snprintf(text, sizeof text, "%s://127.0.0.1:%d/x?y=1", scheme,
                   tiny_server_port(f->server));
    return text;
}

static void fetch(struct fixture *f, struct http_request *r) {
    if (!r->url)
        r->url = url(f, "http");
    (void)f->t.send(f->t.self, r, on_done, f);
    assert_int_equal(f->done, 0); /* never from inside send */
    wait_for(f, 1);
}

static void start(struct fixture *f, const char *bytes) {
    f->reply.bytes = bytes;
    f->server = tiny_server_start(false, answer, f);
}

/* Reads are answered, writes end the connection without a word. */
static struct tiny_reply swallow(void *arg, const char *request) {
    atomic_int *writes = arg;
    if (strstr(request, "GET ") == request)
        return (struct tiny_reply){.bytes = "HTTP/1.1 200 OK\r\n"
                                            "Content-Length: 2\r\n\r\n[]"};
    atomic_fetch_add(writes, 1);
    return (struct tiny_reply){.close = true};
}

#define OK "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-WP-Total: 7\r\n\r\n[]"

static void get(void **state) {
    struct fixture *f = *state;
    struct http_request r = {.user = "ck", .password = "cs"};
    const struct http_header headers[] = {{"Accept", "application/json"}};
    r.headers = headers;
    r.n_headers = 1;
    start(f, OK);
    fetch(f, &r);
    assert_int_equal(f->last.error, HTTP_OK);
    assert_int_equal(f->last.status, 200);
    assert_string_equal(buf_str(&f->last.body), "[]");
    assert_string_equal(http_header(&f->last, "x-wp-total"), "7");
    assert_null(http_header(&f->last, "X-WP"));
    assert_string_equal(f->last.ip, "127.0.0.1");
    assert_true(f->last.total_us > 0);
    assert_false(f->last.reused);
    assert_non_null(strstr(f->request, "GET /x?y=1 HTTP/1.1\r\n"));
    assert_non_null(strstr(f->request, "Accept: application/json\r\n"));
    assert_non_null(strstr(f->request, "gzip"));
    assert_non_null(strstr(f->request, "Authorization: Basic Y2s6Y3M=\r\n"));
    assert_non_null(strstr(f->request, http_user_agent_default()));
}

static void put(void **state) {
    struct fixture *f = *state;
    char body[] = "{\"a\":1}";
    struct http_request r = {
        .method = HTTP_PUT, .body = body, .body_n = strlen(body)};
    start(f, OK);
    r.url = url(f, "http");
    (void)f->t.send(f->t.self, &r, on_done, f);
    memset(body, 'x', sizeof body - 1); /* send has its own copy */
    wait_for(f, 1);
    assert_non_null(strstr(f->request, "PUT /x?y=1"));
    assert_non_null(strstr(f->request, "\r\n\r\n{\"a\":1}"));
    assert_null(strstr(f->request, "Expect"));
}

static void connections_are_kept(void **state) {
    struct fixture *f = *state;
    struct http_request r = {0};
    start(f, OK);
    fetch(f, &r);
    f->done = 0;
    fetch(f, &r);
    assert_true(f->last.reused);
    assert_int_equal(f->last.connect_us, 0);
    assert_int_equal(tiny_server_connections(f->server), 1);
}

static void many_at_once(void **state) {
    struct fixture *f = *state;
    start(f, OK);
    struct http_request r = {.url = url(f, "http")};
    for (int i = 0; i < 20; i++)
        (void)f->t.send(f->t.self, &r, on_done, f);
    assert_int_equal(http_in_flight(f->http), 20);
    wait_for(f, 20);
    assert_int_equal(http_in_flight(f->http), 0);
}

static void redirects_are_answers(void **state) {
    struct fixture *f = *state;
    struct http_request r = {0};
    start(f, "HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:1/\r\n"
             "Content-Length: 0\r\n\r\n");
    fetch(f, &r);
    assert_int_equal(f->last.error, HTTP_OK);
    assert_int_equal(f->last.status, 301);
    assert_string_equal(http_header(&f->last, "Location"),
                        "http://127.0.0.1:1/");
}

static void truncated(void **state) {
    struct fixture *f = *state;
    struct http_request r = {0};
    start(f, "HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n[1,2");
    f->reply.close = true;
    fetch(f, &r);
    assert_int_equal(f->last.error, HTTP_CUT);
    assert_string_not_equal(f->last.error_text, "");
}

static void truncated_chunk(void **state) {
    struct fixture *f = *state;
    struct http_request r = {0};
    start(f, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n[1,2");
    f->reply.close = true;
    fetch(f, &r);
    assert_int_equal(f->last.error, HTTP_CUT);
}

static void no_answer_at_all(void **state) {
    struct fixture *f = *state;
    struct http_request r = {0};
    start(f, NULL);
    f->reply.close = true;
    fetch(f, &r);
    assert_int_equal(f->last.error, HTTP_CUT);
}

static void hanging(void **state) {
    struct fixture *f = *state;
    struct http_request r = {.total_ms = 150};
    start(f, "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n[");
    f->reply.hang = true;
    fetch(f, &r);
    assert_int_equal(f->last.error, HTTP_TIMEOUT);
}

static void dripping(void **state) {
    struct fixture *f = *state;
    struct http_request r = {.low_speed_s = 1};
    start(f, "HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n"
             "..............................................................");
    f->reply.drip_ms = 40;
    fetch(f, &r);
    assert_int_equal(f->last.error, HTTP_TIMEOUT);
}

static void fifty_megabytes(void **state) {
    struct fixture *f = *state;
    struct http_request r = {0};
    static char filler[65536];
    memset(filler, '1', sizeof filler - 1);
    start(f, "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n"
             "Connection: close\r\n\r\n[");
    f->reply.filler = filler;
    f->reply.repeat = 800;
    f->reply.close = true;
    fetch(f, &r);
    assert_int_equal(f->last.error, HTTP_TOO_LARGE);
    assert_true(f->last.body.len <= HTTP_MAX_BODY);
    assert_non_null(strstr(f->last.error_text, "33554432"));
}

static void body_bound_of_the_request(void **state) {
    struct fixture *f = *state;
    struct http_request r = {.max_body = 1};
    start(f, OK);
    fetch(f, &r);
    assert_int_equal(f->last.error, HTTP_TOO_LARGE);
}

static void endless_headers(void **state) {
    struct fixture *f = *state;
    struct http_request r = {0};
    start(f, "HTTP/1.1 200 OK\r\n");
    f->reply.filler = "X-Long: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n";
    f->reply.repeat = 4000;
    f->reply.close = true;
    fetch(f, &r);
    assert_int_equal(f->last.error, HTTP_TOO_LARGE);
    assert_true(f->last.head.len <= HTTP_MAX_HEAD);
}

static void not_http(void **state) {
    struct fixture *f = *state;
    struct http_request r = {0};
    start(f, "SSH-2.0-OpenSSH\r\n\r\n");
    f->reply.close = true;
    fetch(f, &r);
    assert_true(f->last.error != HTTP_OK);
}

static void nobody_listens(void **state) {
    struct fixture *f = *state;
    struct http_request r = {.url = "http://127.0.0.1:1/"};
    fetch(f, &r);
    assert_int_equal(f->last.error, HTTP_REFUSED);
    assert_int_equal(f->last.status, 0);
}

static void no_such_host(void **state) {
    struct fixture *f = *state;
    struct http_request r = {.url = "http://nowhere.invalid/"};
    fetch(f, &r);
    assert_int_equal(f->last.error, HTTP_DNS);
}

static void other_protocols_are_refused(void **state) {
    struct fixture *f = *state;
    struct http_request r = {.url = "file:///etc/passwd"};
    fetch(f, &r);
    assert_int_equal(f->last.error, HTTP_BAD_URL);
    assert_int_equal(f->last.body.len, 0);
}

static void self_signed(void **state) {
    struct fixture *f = *state;
    f->reply.bytes = OK;
    f->server = tiny_server_start(true, answer, f);
    struct http_request r = {.url = url(f, "https")};
    fetch(f, &r);
    assert_int_equal(f->last.error, HTTP_TLS);
    assert_string_equal(f->request, ""); /* nothing was told to it */
    f->done = 0;
    r.ca_pem = tiny_server_pem(f->server);
    fetch(f, &r);
    assert_int_equal(f->last.error, HTTP_OK);
    assert_string_equal(buf_str(&f->last.body), "[]");
    /* another request without that CA does not profit from the connection */
    f->done = 0;
    r.ca_pem = NULL;
    fetch(f, &r);
    assert_int_equal(f->last.error, HTTP_TLS);
}

static void wrong_name(void **state) {
    struct fixture *f = *state;
    char text[64];
    f->reply.bytes = OK;
    f->server = tiny_server_start(true, answer, f);
    (void)snprintf(text, sizeof text, "https://localhost:%d/",
                   tiny_server_port(f->server));
    struct http_request r = {.url = text, .ca_pem = tiny_server_pem(f->server)};
    fetch(f, &r);
    assert_int_equal(f->last.error, HTTP_TLS);
}

static void cancelled(void **state) {
    struct fixture *f = *state;
    start(f, NULL);
    f->reply.hang = true;
    struct http_request r = {.url = url(f, "http")};
    struct http_call *c = f->t.send(f->t.self, &r, on_done, f);
    for (int i = 0; i < 5; i++)
        (void)uv_run(&f->loop, UV_RUN_NOWAIT);
    f->t.cancel(f->t.self, c);
    assert_int_equal(http_in_flight(f->http), 0);
    (void)uv_run(&f->loop, UV_RUN_NOWAIT);
    assert_int_equal(f->done, 0);
}

static void closes_inside_done(void *arg, struct http_answer *a) {
    struct fixture *f = arg;
    (void)a;
    f->done++;
    http_close(f->http, on_closed, f);
}

static void close_from_a_done(void **state) {
    struct fixture *f = *state;
    start(f, OK);
    struct http_request r = {.url = url(f, "http")};
    for (int i = 0; i < 4; i++)
        (void)f->t.send(f->t.self, &r, closes_inside_done, f);
    (void)uv_run(&f->loop, UV_RUN_DEFAULT);
    assert_int_equal(f->done, 1); /* the others are dropped */
    assert_true(f->closed);
}

static void headers_are_bounded(void **state) {
    struct http_answer a = {0};
    static char big[HTTP_MAX_HEAD];
    (void)state;
    memset(big, 'a', sizeof big);
    assert_false(http_header_add(&a, "x", 1, big, sizeof big));
    assert_true(http_header_add(&a, "A", 1, "1", 1));
    assert_true(http_header_add(&a, "a", 1, "2", 1));
    assert_true(http_header_add(&a, "", 0, "3", 1));
    assert_true(http_header_add(&a, "b\0c", 3, "3", 1));
    assert_string_equal(http_header(&a, "a"), "1");
    assert_null(http_header(&a, "b"));
    http_answer_done(&a);
}

#define HTTP_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

/* curl would: the shop may have done it before the connection ended. */
static void a_write_is_never_sent_again_by_itself(void **state) {
    struct fixture *f = *state;
    atomic_int writes = 0;
    f->server = tiny_server_start(false, swallow, &writes);
    struct http_request r = {.url = url(f, "http")};
    fetch(f, &r); /* leaves a connection behind */
    r.method = HTTP_POST;
    r.body = "{}";
    r.body_n = 2;
    f->done = 0;
    fetch(f, &r);
    assert_int_equal(f->last.error, HTTP_CUT);
    assert_int_equal(atomic_load(&writes), 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        HTTP_TEST(get),
        HTTP_TEST(put),
        HTTP_TEST(connections_are_kept),
        HTTP_TEST(a_write_is_never_sent_again_by_itself),
        HTTP_TEST(many_at_once),
        HTTP_TEST(redirects_are_answers),
        HTTP_TEST(truncated),
        HTTP_TEST(truncated_chunk),
        HTTP_TEST(no_answer_at_all),
        HTTP_TEST(hanging),
        HTTP_TEST(dripping),
        HTTP_TEST(fifty_megabytes),
        HTTP_TEST(body_bound_of_the_request),
        HTTP_TEST(endless_headers),
        HTTP_TEST(not_http),
        HTTP_TEST(nobody_listens),
        HTTP_TEST(no_such_host),
        HTTP_TEST(other_protocols_are_refused),
        HTTP_TEST(self_signed),
        HTTP_TEST(wrong_name),
        HTTP_TEST(cancelled),
        HTTP_TEST(close_from_a_done),
        cmocka_unit_test(headers_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
