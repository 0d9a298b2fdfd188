/* Tags and notes of customers: who may, what is found by them, what the trail
 * says. */
#include "fixture.h"

#include <stdio.h>
#include <string.h>

#include "common/buf.h"
#include "common/str.h"
#include "db/conn.h"
#include "model/contact_mark.h"

enum { STAFF = 54501, OWNER };

#define ADA "{\"ref\":\"alpine:customer/5\""
#define GUEST "{\"ref\":\"alpine:guest/zoe@x.test\""

static int plant(struct db_tx *tx, void *unused) {
    (void)unused;
    return conn_exec(
        tx->conn,
        "INSERT INTO contact (id, store_id, remote_id, mirrored, email,"
        " email_key, name, sort_name, phone, city, country, created_ms,"
        " read_seq, raw_hash, hash) VALUES"
        " (1, 1, 5, 1, 'ada@x.test', 'ada@x.test', 'Ada', 'ada', '', '', '',"
        " 1, 1, x'', x''),"
        " (2, 1, 0, 0, 'zoe@x.test', 'zoe@x.test', 'Zoe', 'zoe', '', '', '',"
        " 1, 1, x'', x''),"
        " (3, 1, 6, 1, 'bo@x.test', 'bo@x.test', 'Bo', 'bo', '', '', '', 1, 1,"
        " x'', x'');"
        "INSERT INTO contact_fts (rowid, text) SELECT id, sort_name"
        " FROM contact");
}

static int setup(void **state) {
    int rc = fx_setup(state);
    struct fx *f = *state;
    fx_job(f, plant, NULL);
    fx_person(f, "dana", "staff", STAFF, 0);
    fx_person(f, "zoe", "owner", OWNER, 1);
    return rc;
}

/* Names of the list, by commas. */
static const char *found(struct fx_client *c, const char *filter) {
    static char names[200];
    AUTO_BUF struct buf params = BUF_INIT;
    names[0] = '\0';
    buf_addf(&params, "{\"filter\":\"%s\"}", filter);
    const struct json *v = json_first(
        json_get(fx_ok(c, "customers.list", buf_str(&params)), "items"));
    for (; v; v = json_next(v)) {
        (void)str_format(names + strlen(names), sizeof names - strlen(names),
                         "%s%s", *names ? "," : "", fx_text(v, "name"));
    }
    return names;
}

static void customers_are_found_by_their_tags(void **state) {
    struct fx_client c;
    fx_connect_as(*state, &c, STAFF);
    const struct json *r =
        fx_ok(&c, "customers.tag", ADA ",\"add\":[\"vip\",\"late\"]}");
    assert_int_equal(json_count(json_get(r, "tags")), 2);
    (void)fx_ok(&c, "customers.tag", GUEST ",\"add\":[\"vip\"]}");
    assert_string_equal(found(&c, "tag:vip"), "Ada,Zoe");
    assert_string_equal(found(&c, "tag:VIP"), "Ada,Zoe");
    assert_string_equal(found(&c, "tag:vip ada"), "Ada");
    assert_string_equal(found(&c, "tag:vip name:ada"), "Ada");
    assert_string_equal(found(&c, "tag:vip,late -tag:late"), "Zoe");
    assert_string_equal(found(&c, "tag:none"), "Bo");
    assert_string_equal(found(&c, "tag:any"), "Ada,Zoe");
    assert_string_equal(found(&c, "tag:v*"), "Ada,Zoe");
    /* one that is there already, and one that is not */
    (void)fx_ok(&c, "customers.tag",
                ADA ",\"add\":[\"VIP\"],\"remove\":[\"gift\"]}");
    r = fx_ok(&c, "customers.tag", ADA ",\"remove\":[\"late\"]}");
    assert_int_equal(json_count(json_get(r, "tags")), 1);
    fx_close(&c);
}

static void what_is_no_tag_is_refused(void **state) {
    static const char *const bad[] = {"", "a b", "a,b", "none", "a:b"};
    struct fx_client c;
    char params[120];
    fx_connect_as(*state, &c, STAFF);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        (void)snprintf(params, sizeof params, ADA ",\"add\":[\"%s\"]}", bad[i]);
        assert_string_equal(fx_code(fx_ask(&c, "customers.tag", params)),
                            "invalid");
    }
    assert_string_equal(fx_code(fx_ask(&c, "customers.tag", ADA "}")),
                        "invalid");
    for (int i = 0; i < 20; i++) {
        (void)snprintf(params, sizeof params, ADA ",\"add\":[\"t%d\"]}", i);
        (void)fx_ok(&c, "customers.tag", params);
    }
    assert_string_equal(
        fx_code(fx_ask(&c, "customers.tag", ADA ",\"add\":[\"more\"]}")),
        "too_big");
    fx_close(&c);
}

static void notes_are_written_once_and_taken_away(void **state) {
    struct fx_client c;
    fx_connect_as(*state, &c, STAFF);
    for (int i = 0; i < 2; i++) /* a repeat is one note */
        (void)fx_ok(&c, "customers.note",
                    ADA ",\"text\":\"Rings twice.\",\"request_id\":\"r1\"}");
    const struct json *r = fx_ok(&c, "customers.marks", ADA "}");
    assert_int_equal(json_count(json_get(r, "notes")), 1);
    const struct json *n = json_first(json_get(r, "notes"));
    assert_string_equal(fx_text(n, "id"), "N-1");
    assert_string_equal(fx_text(n, "author"), "dana");
    assert_string_equal(fx_text(n, "text"), "Rings twice.");
    assert_string_equal(
        fx_code(fx_ask(&c, "customers.note", ADA ",\"text\":\" \"}")),
        "invalid");
    /* another customer's */
    assert_string_equal(
        fx_code(fx_ask(&c, "customers.unnote", GUEST ",\"note\":\"N-1\"}")),
        "not_found");
    assert_string_equal(
        fx_code(fx_ask(&c, "customers.unnote", ADA ",\"note\":\"1\"}")),
        "invalid");
    r = fx_ok(&c, "customers.unnote", ADA ",\"note\":\"N-1\"}");
    assert_int_equal(json_count(json_get(r, "notes")), 0);
    fx_close(&c);
}

static void an_owner_sees_tags_and_no_note(void **state) {
    struct fx_client dana, zoe;
    fx_connect_as(*state, &dana, STAFF);
    (void)fx_ok(&dana, "customers.tag", ADA ",\"add\":[\"vip\"]}");
    (void)fx_ok(&dana, "customers.note", ADA ",\"text\":\"secret\"}");
    fx_connect_as(*state, &zoe, OWNER);
    const struct json *r = fx_ok(&zoe, "customers.get", ADA "}");
    AUTO_BUF struct buf text = BUF_INIT;
    json_print(&text, r);
    assert_non_null(strstr(buf_str(&text), "vip"));
    assert_null(strstr(buf_str(&text), "secret"));
    static const char *const denied[][2] = {
        {"customers.marks", ADA "}"},
        {"customers.tag", ADA ",\"add\":[\"x\"]}"},
        {"customers.note", ADA ",\"text\":\"x\"}"},
        {"customers.unnote", ADA ",\"note\":\"N-1\"}"}};
    for (size_t i = 0; i < sizeof denied / sizeof *denied; i++)
        assert_string_equal(fx_code(fx_ask(&zoe, denied[i][0], denied[i][1])),
                            "denied");
    fx_close(&zoe);
    fx_close(&dana);
}

/* An e-mail in the trail could never be erased, nor what a note says. */
static void the_trail_names_nobody(void **state) {
    struct fx_client dana, root;
    fx_connect_as(*state, &dana, STAFF);
    (void)fx_ok(&dana, "customers.note", GUEST ",\"text\":\"secret\"}");
    (void)fx_ok(&dana, "customers.note", ADA ",\"text\":\"secret\"}");
    fx_connect_as(*state, &root, 0);
    AUTO_BUF struct buf text = BUF_INIT;
    json_print(&text, fx_ok(&root, "audit.list",
                            "{\"filter\":\"action:customers.note\"}"));
    assert_non_null(strstr(buf_str(&text), "\"alpine:customer/5\""));
    assert_non_null(strstr(buf_str(&text), "\"alpine\""));
    assert_null(strstr(buf_str(&text), "zoe@"));
    assert_null(strstr(buf_str(&text), "secret"));
    fx_close(&root);
    fx_close(&dana);
}

int main(void) {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, fx_teardown)
    const struct CMUnitTest tests[] = {
        T(customers_are_found_by_their_tags),
        T(what_is_no_tag_is_refused),
        T(notes_are_written_once_and_taken_away),
        T(an_owner_sees_tags_and_no_note),
        T(the_trail_names_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
