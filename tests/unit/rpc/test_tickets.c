/* Tickets and files over the protocol: notes that never reach an owner, files
 * sent in pieces over connections that drop. */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base64.h"
#include "common/buf.h"
#include "common/digest.h"
#include "common/mem.h"
#include "common/str.h"
#include "db/conn.h"
#include "rpc.gen.h"

enum { ZOE = 54601, ALI, CAN };

/* baltic is another company's. */
static int apart(struct db_tx *tx, void *unused) {
    (void)unused;
    return conn_exec(tx->conn,
                     "INSERT INTO tenant VALUES (2, 'other', '', 0, 0);"
                     "UPDATE store SET tenant_id = id");
}

static int setup(void **state) {
    int rc = fx_setup(state);
    struct fx *f = *state;
    fx_job(f, apart, NULL);
    fx_person(f, "zoe", "owner", ZOE, 1);
    fx_person(f, "ali", "staff", ALI, 0);
    fx_person(f, "can", "admin", CAN, 0);
    return rc;
}

static int teardown(void **state) {
    return fx_teardown(state);
}

static const struct json *ask(struct fx_client *c, const char *method,
                              const char *fmt, const char *value) {
    char params[512];
    (void)snprintf(params, sizeof params, fmt, value);
    return fx_ask(c, method, params);
}

/* --- files -------------------------------------------------------------------
 */

struct sent {
    char *bytes;
    size_t n;
    char sha[65];
};

static struct sent made(size_t n) {
    struct sent s = {.bytes = mem_alloc(n), .n = n};
    uint8_t sha[DIGEST_SHA256];
    for (size_t i = 0; i < n; i++)
        s.bytes[i] = (char)(i % 61 == 60 ? '\n' : 'a' + (char)(i * 7 % 26));
    digest_sha256(s.bytes, n, sha);
    digest_hex(sha, sizeof sha, s.sha);
    return s;
}

static int64_t begin(struct fx_client *c, const struct sent *s) {
    char params[200];
    (void)snprintf(params, sizeof params, "{\"sha256\":\"%s\",\"size\":%zu}",
                   s->sha, s->n);
    return fx_number(fx_ok(c, "files.begin", params), "offset");
}

static const char *put(struct fx_client *c, const struct sent *s, size_t at,
                       size_t n) {
    AUTO_BUF struct buf b = BUF_INIT;
    buf_addf(&b, "{\"sha256\":\"%s\",\"size\":%zu,\"offset\":%zu,\"data\":\"",
             s->sha, s->n, at);
    base64_encode(s->bytes + at, n, &b);
    buf_adds(&b, "\"}");
    return fx_code(fx_ask(c, "files.put", buf_str(&b)));
}

static const struct json *commit(struct fx_client *c, const struct sent *s,
                                 const char *more) {
    char params[300];
    (void)snprintf(params, sizeof params,
                   "{\"sha256\":\"%s\",\"size\":%zu,\"name\":\"../a.txt\"%s}",
                   s->sha, s->n, more);
    return fx_ask(c, "files.commit", params);
}

static const char *send_whole(struct fx_client *c, size_t n, char id[32]) {
    struct sent s = made(n);
    assert_string_equal(put(c, &s, 0, n), "");
    const struct json *m = commit(c, &s, "");
    (void)snprintf(id, 32, "%s", fx_text(m, "result.id"));
    assert_true(str_starts(id, "F-"));
    free(s.bytes);
    return id;
}

static void a_dropped_upload_goes_on(void **state) {
    struct fx *f = *state;
    enum { MIB = 1 << 20 };
    struct sent s = made(2 * MIB + 1234);
    struct fx_client c, other;
    fx_connect_as(f, &c, ZOE);
    assert_int_equal(begin(&c, &s), 0);
    assert_string_equal(put(&c, &s, 0, MIB), "");
    fx_close(&c);  /* the line dropped */
    fx_restart(f); /* and the daemon came back */
    fx_connect_as(f, &c, ZOE);
    fx_connect_as(f, &other, ALI);
    assert_int_equal(begin(&c, &s), MIB);
    assert_int_equal(begin(&other, &s), 0); /* nobody learns of another's */
    assert_string_equal(fx_code(commit(&c, &s, "")), "conflict");
    assert_string_equal(put(&c, &s, MIB, MIB), "");
    assert_string_equal(put(&c, &s, MIB, MIB), ""); /* the answer was lost */
    assert_string_equal(put(&c, &s, 2 * MIB, 1234), "");
    static const char rid[] = ",\"request_id\":\"01K9QF0000000000000000AAF1\"";
    const struct json *m = commit(&c, &s, rid);
    assert_string_equal(fx_text(m, "result.id"), "F-1");
    assert_string_equal(fx_text(m, "result.name"), "a.txt");
    assert_string_equal(fx_text(commit(&c, &s, rid), "result.id"), "F-1");
    assert_string_equal(
        fx_code(ask(&other, "files.get", "{\"id\":\"%s\"}", "F-1")),
        "not_found");
    /* and back, piece by piece */
    AUTO_BUF struct buf back = BUF_INIT;
    for (size_t before = 1; back.len != before;) {
        char params[64];
        before = back.len;
        (void)snprintf(params, sizeof params, "{\"id\":\"F-1\",\"offset\":%zu}",
                       back.len);
        const char *data = fx_text(fx_ok(&c, "files.get", params), "data");
        assert_int_equal(base64_decode(data, strlen(data), &back), 0);
    }
    assert_int_equal(back.len, s.n);
    assert_memory_equal(back.data, s.bytes, s.n);
    free(s.bytes);
    fx_close(&c);
    fx_close(&other);
}

static void limits_are_kept(void **state) {
    struct fx_client c;
    struct sent big = made((1 << 23) + 1);
    char ids[4][32], params[200];
    fx_connect_as(*state, &c, ZOE);
    (void)snprintf(params, sizeof params, "{\"sha256\":\"%s\",\"size\":%zu}",
                   big.sha, big.n);
    assert_string_equal(fx_code(fx_ask(&c, "files.begin", params)), "too_big");
    assert_string_equal(put(&c, &big, 0, 10), "too_big");
    for (size_t i = 0; i < 4; i++)
        (void)send_whole(&c, 100 + i, ids[i]);
    (void)snprintf(params, sizeof params,
                   "{\"store\":\"alpine\",\"subject\":\"x\",\"text\":\"x\","
                   "\"files\":[\"%s\",\"%s\",\"%s\",\"%s\"]}",
                   ids[0], ids[1], ids[2], ids[3]);
    assert_string_equal(fx_code(fx_ask(&c, "tickets.create", params)),
                        "too_big");
    /* nothing of it was done */
    assert_int_equal(fx_number(fx_ok(&c, "tickets.counts", "{}"), "open"), 0);
    assert_int_equal(
        json_count(json_get(fx_ok(&c, "files.list", "{}"), "items")), 4);
    free(big.bytes);
    fx_close(&c);
}

/* --- notes
 * -------------------------------------------------------------------- */

static void assert_clean(const char *where, const struct json *m) {
    AUTO_BUF struct buf text = BUF_INIT;
    json_print(&text, m);
    if (strstr(buf_str(&text), "kanarya") || strstr(buf_str(&text), "note\":"))
        fail_msg("%s tells of a note: %s", where, buf_str(&text));
}

static void ask_clean(struct fx_client *c, const char *method,
                      const char *params) {
    assert_clean(method, fx_ask(c, method, params));
}

/* Every method an owner may call that could meet a ticket or a file, before
 * and after a note with a file: the note is in none, and every answer is the
 * same. */
static void a_note_never_reaches_an_owner(void **state) {
    static const char *const calls[][2] = {
        {"tickets.list", "{}"},
        {"tickets.list", "{\"filter\":\"kanarya\"}"},
        {"tickets.list", "{\"filter\":\"unread:yes\"}"},
        {"tickets.get", "{\"id\":\"T-1\"}"},
        {"tickets.counts", "{}"},
        {"files.list", "{\"ticket\":\"T-1\"}"},
        {"files.list", "{}"},
        {"files.get", "{\"id\":\"F-1\"}"},
        {"files.delete", "{\"id\":\"F-1\"}"},
        {"dashboard.get", "{}"},
        {"search.find", "{\"filter\":\"kanarya\"}"},
    };
    enum { CALLS = sizeof calls / sizeof *calls };
    struct fx *f = *state;
    struct fx_client zoe, ali;
    char *before[CALLS], id[32], params[200];
    const struct json *e;
    fx_connect_as(f, &zoe, ZOE);
    fx_connect_as(f, &ali, ALI);
    (void)fx_ok(&zoe, "tickets.create",
                "{\"store\":\"alpine\",\"subject\":\"Torn\",\"text\":\"x\"}");
    for (size_t i = 0; i < CALLS; i++) {
        AUTO_BUF struct buf text = BUF_INIT;
        json_print(&text, fx_ask(&zoe, calls[i][0], calls[i][1]));
        before[i] = mem_dup(buf_str(&text));
    }
    (void)fx_ok(&zoe, "events.subscribe", "{}");
    (void)fx_ok(&ali, "events.subscribe", "{}");
    fx_pass(f, 1000);
    (void)send_whole(&ali, 50, id);
    (void)snprintf(params, sizeof params,
                   "{\"id\":\"T-1\",\"text\":\"kanarya\",\"files\":[\"%s\"]}",
                   id);
    (void)fx_ok(&ali, "tickets.note", params);
    e = fx_read(&ali); /* who works here hears of it */
    assert_non_null(e);
    while ((e = fx_read(&zoe)))
        fail_msg("an event about a note: %s", fx_text(e, "params.topic"));
    for (size_t i = 0; i < CALLS; i++) {
        AUTO_BUF struct buf text = BUF_INIT;
        ask_clean(&zoe, calls[i][0], calls[i][1]);
        json_print(&text, fx_ask(&zoe, calls[i][0], calls[i][1]));
        if (!str_eq(calls[i][0], "dashboard.get"))
            assert_string_equal(buf_str(&text), before[i]);
        free(before[i]);
    }
    assert_string_equal(fx_code(fx_ask(&zoe, "tickets.note",
                                       "{\"id\":\"T-1\",\"text\":\"x\"}")),
                        "denied");
    assert_int_equal(
        json_count(json_get(fx_ok(&ali, "tickets.get", "{\"id\":\"T-1\"}"),
                            "messages")),
        2);
    fx_close(&zoe);
    fx_close(&ali);
}

/* --- talking
 * ------------------------------------------------------------------- */

static void they_talk(void **state) {
    struct fx *f = *state;
    struct fx_client zoe, ali;
    char id[32], params[200];
    fx_connect_as(f, &zoe, ZOE);
    fx_connect_as(f, &ali, ALI);
    (void)send_whole(&zoe, 64, id);
    (void)snprintf(params, sizeof params,
                   "{\"subject\":\"Torn\",\"text\":\"The seam is open.\","
                   "\"priority\":\"high\",\"files\":[\"%s\"]}",
                   id);
    const struct json *m = fx_ok(&zoe, "tickets.create", params);
    assert_string_equal(fx_text(m, "id"), "T-1");
    assert_string_equal(fx_text(m, "store"), "alpine"); /* the one they see */
    /* staff see more than one store */
    assert_string_equal(fx_code(fx_ask(&ali, "tickets.create",
                                       "{\"subject\":\"x\",\"text\":\"x\"}")),
                        "invalid");
    assert_int_equal(fx_number(fx_ok(&ali, "tickets.counts", "{}"), "unread"),
                     1);
    assert_int_equal(
        fx_number(fx_ok(&ali, "dashboard.get", "{}"), "waiting.tickets"), 1);
    m = fx_ok(&ali, "tickets.read", "{\"id\":\"T-1\"}");
    assert_int_equal(fx_number(fx_ok(&ali, "tickets.counts", "{}"), "unread"),
                     0);
    (void)fx_ok(&ali, "tickets.update",
                "{\"id\":\"T-1\",\"state\":\"waiting\",\"assignee\":\"ali\","
                "\"if_version\":1}");
    assert_string_equal(
        fx_code(
            fx_ask(&ali, "tickets.update",
                   "{\"id\":\"T-1\",\"state\":\"closed\",\"if_version\":1}")),
        "conflict");
    assert_int_equal(fx_number(fx_ok(&ali, "tickets.counts", "{}"), "mine"), 1);
    assert_string_equal(fx_code(fx_ask(&zoe, "tickets.update",
                                       "{\"id\":\"T-1\",\"state\":\"open\"}")),
                        "denied");
    m = fx_ok(&zoe, "tickets.reply", "{\"id\":\"T-1\",\"text\":\"Here.\"}");
    assert_string_equal(fx_text(m, "state"), "open");
    m = fx_ok(&ali, "tickets.get", "{\"id\":\"T-1\"}");
    assert_int_equal(json_count(json_get(m, "messages")), 5);
    const struct json *first = json_first(json_get(m, "messages"));
    assert_string_equal(fx_text(json_first(json_get(first, "files")), "name"),
                        "a.txt");
    /* what was sent stays; an admin may delete it */
    assert_string_equal(
        fx_code(ask(&zoe, "files.delete", "{\"id\":\"%s\"}", "F-1")), "denied");
    fx_close(&ali);
    fx_connect_as(f, &ali, CAN);
    (void)fx_ok(&ali, "files.delete", "{\"id\":\"F-1\"}");
    assert_string_equal(
        fx_code(ask(&zoe, "files.get", "{\"id\":\"%s\"}", "F-1")), "not_found");
    fx_close(&zoe);
    fx_close(&ali);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_dropped_upload_goes_on),
        TEST(limits_are_kept),
        TEST(a_note_never_reaches_an_owner),
        TEST(they_talk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
