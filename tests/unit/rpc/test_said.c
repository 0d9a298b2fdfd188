/* What is kept, or made, as a sentence in English is told in the session's
 * language (common/said.h): errors, a store's reason, what is set aside, a row
 * of a file that could not be sent, a letter that did not leave. */
#include "fixture.h"

#include <string.h>

#include "common/str.h"
#include "db/conn.h"

enum { AYSE = 54321 }; /* a uid without an account */

static int keep(struct db_tx *tx, void *unused) {
    (void)unused;
    return conn_exec(
        tx->conn,
        "UPDATE store SET state = 'blocked', reason = 'shop_auth', reason_text "
        "="
        " 'The shop answers 401 woocommerce_rest_cannot_view: Sorry.'"
        " WHERE id = 1;"
        "INSERT INTO aside (store_id, kind, remote_id, raw_hash, path, reason,"
        " raw, first_ms, last_ms, times) VALUES (1, 'order', 7, x'00',"
        " 'line_items[2].quantity', 'Not a number.', x'7b7d', 1, 1, 1);"
        "INSERT INTO proposal (id, store_id, kind, state, author, title, items,"
        " created_ms) VALUES (3, 1, 'product', 'approved', 'zoe', 'AO-34', 1,"
        " 1);"
        "INSERT INTO proposal_item (proposal_id, remote_id, path, wanted, "
        "fault)"
        " VALUES (3, 34, 'name', '\"Tent\"',"
        " 'the shop does not have it any more');"
        "INSERT INTO mail (cause, template, store_id, lang, recipient, sender,"
        " params, subject, body, message_id, state, author, created_ms,"
        " changed_ms, text) VALUES ('R-1', 'return_approved', 1, 'en', 'a@b',"
        " 'A', '{}', 'S', 'B', 'm', 'failed', 'zoe', 1, 1,"
        " 'nobody to write to')");
}

static int setup(void **state) {
    int rc = fx_setup(state);
    fx_job(*state, keep, NULL);
    return rc;
}

static void open_in(struct fx *f, struct fx_client *c, const char *locale) {
    fx_connect(f, c,
               str_eq(locale, "tr")
                   ? "{\"client\":\"test/1\",\"version\":1,\"locale\":\"tr\"}"
                   : FX_SESSION);
}

static const char *first(struct fx_client *c, const char *method,
                         const char *member) {
    const struct json *r = fx_ok(c, method, NULL);
    return fx_text(json_first(json_get(r, "items")), member);
}

static void what_is_kept_is_told_in_the_readers_language(void **state) {
    static const struct {
        const char *locale, *reason, *aside, *fault, *mail;
    } told[] = {
        {"en", "(The shop answers 401 woocommerce_rest_cannot_view: Sorry.)",
         "Qty (line 3): Not a number.", "the shop does not have it any more",
         "nobody to write to"},
        {"tr", "(Mağazanın yanıtı 401 woocommerce_rest_cannot_view: Sorry.)",
         "Adet (3. kalem): Sayı değil.", "mağazada artık yok",
         "yazılacak kimse yok"}};
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        struct fx_client c;
        open_in(*state, &c, told[i].locale);
        const struct json *s =
            fx_ok(&c, "stores.get", "{\"store\":\"alpine\"}");
        assert_non_null(strstr(fx_text(s, "reason"), told[i].reason));
        assert_string_equal(first(&c, "attention.list", "detail"),
                            told[i].aside);
        const struct json *p = fx_ok(&c, "approvals.get", "{\"id\":\"A-3\"}");
        assert_string_equal(fx_text(json_first(json_get(p, "list")), "fault"),
                            told[i].fault);
        assert_string_equal(first(&c, "mails.list", "text"), told[i].mail);
        fx_close(&c);
    }
}

static const char *refused(struct fx_client *c, const char *method,
                           const char *params) {
    return fx_text(fx_ask(c, method, params), "error.message");
}

/* In brackets behind what is always said, or before it with a capital. */
static void an_error_is_told_in_the_readers_language(void **state) {
    struct fx_client c;
    open_in(*state, &c, "tr");
    assert_non_null(strstr(refused(&c, "stores.get", "{\"store\":\"nope\"}"),
                           "(nope adlı mağaza yok)"));
    fx_close(&c);
    fx_person(*state, "ayse", "admin", AYSE, 0);
    fx_connect_as(*state, &c, AYSE);
    (void)fx_ok(&c, "session.open",
                "{\"client\":\"test/1\",\"version\":1,\"locale\":\"tr\"}");
    assert_non_null(strstr(refused(&c, "approvals.approve", "{\"id\":\"A-3\"}"),
                           "Zaten onaylanmış."));
    fx_close(&c);
    open_in(*state, &c, "en");
    assert_non_null(strstr(refused(&c, "stores.get", "{\"store\":\"nope\"}"),
                           "(there is no store nope)"));
    fx_close(&c);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, fx_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(what_is_kept_is_told_in_the_readers_language),
        T(an_error_is_told_in_the_readers_language),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
