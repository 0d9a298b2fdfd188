/* Users, tenants, sessions, tokens and the trail, as keys in and screen out. */
#include "tests/lib/test.h"

#include <string.h>

#include "common/str.h"
#include "people_data.h"
#include "tui_test.h"

#define AS(role)                                                               \
    "{\"daemon\":\"fulexod/1\",\"version\":1,\"locale\":\"en\","               \
    "\"read_only\":false,\"user\":\"ayse\",\"role\":\"" role                   \
    "\",\"seq\":1,\"zone\":\"UTC\",\"held\":false}"

/* The next connection is somebody of this role. */
static void become(struct tui *t, const char *session, const char *shown) {
    fake_daemon_answer(t->daemon, "session.open", session);
    fake_daemon_away(t->daemon, true);
    fake_daemon_away(t->daemon, false);
    tui_expect(t, shown);
}

static bool asked(struct tui *t, const char *method, const char *text) {
    return strstr(fake_daemon_params(t->daemon, method), text) != NULL;
}

/* --- owners ---------------------------------------------------------------
 */

/* An owner looks: what the warehouse does is no key of his, nor a hint. */
static void an_owner_picks_nothing(void **state) {
    struct tui t;
    (void)state;
    tui_start(&t, 24, 120, "orders", NULL);
    tui_expect(&t, "p pick");
    become(&t, AS("owner"), "owner");
    tui_expect_gone(&t, "p pick");
    term_send(t.term, "p");
    tui_expect(&t, "does not allow");
    assert_int_equal(fake_daemon_calls(t.daemon, "picks.begin"), 0);
    tui_stop(&t);
}

/* --- users ---------------------------------------------------------------- */

static void users(void **state) {
    (void)state;
    tui_golden("users", "", "ayse", "users");
}

static void user(void **state) {
    (void)state;
    tui_golden("users", "\r", "ayse", "user");
}

static void a_user_is_locked_out_by_the_typed_name(void **state) {
    struct tui t;
    (void)state;
    tui_start(&t, 24, 80, "users", NULL);
    tui_expect(&t, "Heidi Alm");
    term_send(t.term, "Dcan\r"); /* the selected one is ayse */
    tui_expect(&t, "nothing was done.");
    assert_int_equal(fake_daemon_calls(t.daemon, "users.deactivate"), 0);
    term_send(t.term, "Dayse\r");
    tui_expect(&t, "ayse is locked out");
    assert_true(asked(&t, "users.deactivate", "\"user\":\"ayse\""));
    /* Nobody is let in who is in: no such key. */
    term_send(t.term, "A");
    tui_expect(&t, "with what is selected");
    /* A reset shows the new code once. */
    term_send(t.term, "Rayse\r");
    tui_expect(&t, "7K3M-9QXD-R2VW-H5TB");
    tui_expect(&t, "fulexo accept ayse");
    term_send(t.term, "\rq");
    tui_expect_gone(&t, "7K3M-9QXD-R2VW-H5TB");
    tui_stop(&t);
}

static void what_is_edited_of_a_user_goes_alone(void **state) {
    struct tui t;
    (void)state;
    tui_start(&t, 24, 80, "users", NULL);
    tui_expect(&t, "Heidi Alm");
    term_send(t.term, "e");
    tui_expect(&t, "All stores");
    /* Down to the stores, another one typed. */
    term_send(t.term, "\t\t\t\t, kiosk\033[21~");
    tui_expect(&t, "ayse is saved");
    assert_true(asked(&t, "users.update",
                      "\"stores\":[\"alpine\",\"nordic\",\"kiosk\"]"));
    assert_false(asked(&t, "users.update", "\"title\""));
    assert_false(asked(&t, "users.update", "\"all_stores\""));
    /* Accounts of this machine. */
    term_send(t.term, "+games\r");
    tui_expect(&t, "The account is ayse from now on");
    assert_true(asked(&t, "users.link", "\"account\":\"games\""));
    term_send(t.term, "-");
    tui_expect(&t, "ayse (1001)");
    term_send(t.term, "\r");
    tui_expect(&t, "is not ayse any more");
    assert_true(asked(&t, "users.unlink", "\"account\":\"ayse\""));
    tui_stop(&t);
}

/* --- the proof ------------------------------------------------------------ */

static void fill_invitation(struct tui *t) {
    tui_expect(t, "Heidi Alm");
    fake_daemon_refuse(t->daemon, "users.invite", "step_up",
                       "Confirm first that it is you.", "Give your password.");
    term_send(t->term, "aeva\tEva\t\t\talpine nordic\033[21~");
    tui_expect(t, "Is it you?");
}

static void a_proof_is_asked_in_place(void **state) {
    struct tui t;
    char first[400];
    (void)state;
    tui_start(&t, 24, 80, "users", NULL);
    fill_invitation(&t);
    (void)str_copy(first, sizeof first,
                   fake_daemon_params(t.daemon, "users.invite"));
    fake_daemon_refuse(t.daemon, "session.confirm", "wrong_proof",
                       "Name, password or code is wrong.", NULL);
    term_send(t.term, "wrong horse battery\r");
    tui_expect(&t, "code is wrong");
    assert_null(strstr(term_screen(t.term), "wrong horse"));
    people_data_serve(t.daemon); /* now both are right */
    term_send(t.term, "correct horse battery\r");
    tui_expect(&t, "7K3M-9QXD-R2VW-H5TB");
    tui_expect(&t, "fulexo accept eva");
    assert_true(
        asked(&t, "session.confirm", "\"password\":\"correct horse battery\""));
    /* The same act, not another: request_id and all. */
    tui_expect_calls(&t, "users.invite", 2);
    assert_string_equal(fake_daemon_params(t.daemon, "users.invite"), first);
    assert_true(
        asked(&t, "users.invite", "\"stores\":[\"alpine\",\"nordic\"]"));
    term_send(t.term, "q");
    tui_expect(&t, "Heidi Alm"); /* the form went, too */
    tui_stop(&t);
}

static void without_a_proof_nothing_typed_is_lost(void **state) {
    struct tui t;
    (void)state;
    tui_start(&t, 24, 80, "users", NULL);
    fill_invitation(&t);
    term_send(t.term, "\007"); /* Ctrl-G: as Esc, without its wait */
    tui_expect(&t, "Confirm first that it is you.");
    tui_expect(&t, "alpine nordic");
    people_data_serve(t.daemon);
    term_send(t.term, "\033[21~");
    tui_expect(&t, "7K3M-9QXD-R2VW-H5TB");
    assert_int_equal(fake_daemon_calls(t.daemon, "session.confirm"), 0);
    tui_stop(&t);
}

static void six_digits_are_a_code(void **state) {
    struct tui t;
    (void)state;
    tui_start(&t, 24, 80, "users", NULL);
    fill_invitation(&t);
    people_data_serve(t.daemon);
    term_send(t.term, "123456\r");
    tui_expect(&t, "7K3M-9QXD-R2VW-H5TB");
    assert_true(asked(&t, "session.confirm", "\"code\":\"123456\""));
    tui_stop(&t);
}

/* --- who may see what ----------------------------------------------------- */

static void staff_finds_no_room_of_an_admin(void **state) {
    struct tui t;
    (void)state;
    tui_start(&t, 24, 80, "orders", NULL);
    become(&t, AS("staff"), "ayse  staff");
    term_send(t.term, ":go_");
    tui_expect(&t, "go_profile");
    assert_null(strstr(term_screen(t.term), "go_users"));
    assert_null(strstr(term_screen(t.term), "go_tenants"));
    assert_null(strstr(term_screen(t.term), "go_audit"));
    term_send(t.term, "\007");
    tui_expect_gone(&t, "go_profile");
    term_send(t.term, "gu");
    tui_expect(&t, "does not allow");
    become(&t, AS("admin"), "ayse  admin");
    term_send(t.term, "gu");
    tui_expect(&t, "Heidi Alm");
    tui_stop(&t);
}

/* --- tenants, sessions, tokens -------------------------------------------- */

static void a_tenant_leads_to_its_owners(void **state) {
    struct tui t;
    (void)state;
    tui_start(&t, 24, 80, "tenants", NULL);
    tui_expect(&t, "Alpine AG");
    term_send(t.term, "\r");
    tui_expect(&t, "heidi");
    term_send(t.term, "e");
    tui_expect(&t, "[x] yes");
    term_send(t.term, "\025Alpine SA\033[21~");
    tui_expect(&t, "alpine-co is saved.");
    assert_true(asked(&t, "tenants.update", "\"title\":\"Alpine SA\""));
    term_send(t.term, "G\r");
    tui_expect_calls(&t, "users.get", 1);
    assert_true(asked(&t, "users.get", "\"user\":\"heidi\""));
    tui_stop(&t);
}

static void sessions_end_by_a_word(void **state) {
    struct tui t;
    (void)state;
    tui_start(&t, 24, 80, "sessions", NULL);
    tui_expect(&t, "this one");
    term_send(t.term, "Xyes\r");
    tui_expect(&t, "nothing was done.");
    /* The one here and can's stay. */
    term_send(t.term, "Xend\r");
    tui_expect(&t, "1 session has ended.");
    assert_int_equal(fake_daemon_calls(t.daemon, "sessions.revoke"), 1);
    assert_true(asked(&t, "sessions.revoke", "Z0ABD\""));
    term_send(t.term, "GDend\r");
    tui_expect_calls(&t, "sessions.revoke", 2);
    assert_true(asked(&t, "sessions.revoke", "\"id\":\"c12\""));
    tui_stop(&t);
}

static void a_token_is_shown_once(void **state) {
    struct tui t;
    (void)state;
    tui_start(&t, 24, 80, "tokens", NULL);
    tui_expect(&t, "nightly export");
    term_send(t.term, "abackup\t\talpine\t30\r");
    tui_expect(&t, "fxa_Zm9vYmFyZm9vYmFyZm9vYmFy");
    assert_true(asked(&t, "tokens.create", "\"read_only\":true"));
    assert_true(asked(&t, "tokens.create", "\"stores\":[\"alpine\"]"));
    assert_true(asked(&t, "tokens.create", "\"days\":30"));
    term_send(t.term, "q");
    tui_expect_gone(&t, "fxa_");
    term_send(t.term, "Dend\r");
    tui_expect(&t, "The token has ended.");
    assert_true(asked(&t, "tokens.revoke", "Z0TOK\""));
    tui_stop(&t);
}

/* --- the trail ------------------------------------------------------------ */

static void audit(void **state) {
    (void)state;
    tui_golden("audit", "", "users.invite", "audit");
}

static void the_trail_is_read_filtered_and_verified(void **state) {
    struct tui t;
    (void)state;
    tui_start(&t, 24, 80, "audit", NULL);
    tui_expect(&t, "orders.update");
    term_send(t.term, "\r");
    tui_expect(&t, "completed");
    assert_true(asked(&t, "audit.get", "\"id\":8"));
    tui_expect(&t, "[31mred"); /* told, not obeyed */
    assert_int_equal(term_color(t.term, 9, 12), -1);
    term_send(t.term, "q/who:can\r");
    tui_expect(&t, "users.invite");
    assert_true(asked(&t, "audit.list", "\"filter\":\"who:can\""));
    term_send(t.term, "x");
    tui_expect(&t, "fulexo audit list");
    tui_expect(&t, "'who:can' > audit.csv");
    fake_daemon_answer(
        t.daemon, "jobs.get",
        "{\"id\":\"01K9QF3E3M7Q2W8R5T1Y6Z0JOB\",\"method\":\"audit.verify\","
        "\"state\":\"done\","
        "\"result\":{\"ok\":true,\"rows\":412,\"head\":\"9f\",\"bad\":null}}");
    term_send(t.term, "v");
    tui_expect(&t, "412 rows: none was changed");
    tui_stop(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(users),
        cmocka_unit_test(user),
        cmocka_unit_test(a_user_is_locked_out_by_the_typed_name),
        cmocka_unit_test(what_is_edited_of_a_user_goes_alone),
        cmocka_unit_test(a_proof_is_asked_in_place),
        cmocka_unit_test(without_a_proof_nothing_typed_is_lost),
        cmocka_unit_test(six_digits_are_a_code),
        cmocka_unit_test(staff_finds_no_room_of_an_admin),
        cmocka_unit_test(a_tenant_leads_to_its_owners),
        cmocka_unit_test(an_owner_picks_nothing),
        cmocka_unit_test(sessions_end_by_a_word),
        cmocka_unit_test(a_token_is_shown_once),
        cmocka_unit_test(audit),
        cmocka_unit_test(the_trail_is_read_filtered_and_verified),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
