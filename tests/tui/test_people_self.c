/* The profile: password, language, and an authenticator whose code is read off
 * the screen as a phone would. */
#include "tests/lib/test.h"

#include <qrencode.h>
#include <stdlib.h>
#include <string.h>

#include "people_data.h"
#include "tui_test.h"

enum { QUIET = 4, BLACK = 0, WHITE = 15 };

static void profile(void **state) {
    (void)state;
    tui_golden("profile", "", "alpine", "profile");
}

static void a_password_is_typed_twice_and_never_seen(void **state) {
    struct tui t;
    (void)state;
    tui_start(&t, 24, 80, "profile", NULL);
    tui_expect(&t, "alpine, nordic");
    term_send(t.term, "p");
    tui_expect(&t, "Password until now");
    term_send(t.term, "old horse\rnew horse battery\rnew horse batery\r");
    tui_expect(&t, "not the same");
    assert_null(strstr(term_screen(t.term), "horse"));
    assert_int_equal(fake_daemon_calls(t.daemon, "profile.password"), 0);
    term_send(t.term, "\025new horse battery\r");
    tui_expect(&t, "The password is changed");
    const char *sent = fake_daemon_params(t.daemon, "profile.password");
    assert_non_null(strstr(sent, "\"old\":\"old horse\""));
    assert_null(strstr(sent, "again"));
    sent = fake_daemon_params(t.daemon, "profile.password");
    assert_non_null(strstr(sent, "\"new\":\"new horse battery\""));
    tui_stop(&t);
}

static void the_language_changes_at_once(void **state) {
    struct tui t;
    (void)state;
    tui_start(&t, 24, 80, "profile", NULL);
    tui_expect(&t, "alpine, nordic");
    term_send(t.term, "n");
    tui_expect(&t, "Turkish");
    term_send(t.term, "j\r");
    tui_expect(&t, "Artık Türkçe.");
    tui_expect(&t, "Mağazalar");
    assert_non_null(strstr(fake_daemon_params(t.daemon, "profile.update"),
                           "\"lang\":\"tr\""));
    tui_stop(&t);
}

/* --- the code ------------------------------------------------------------- */

/* Is the module at (y, x) of the picture painted dark? Its cell is a half
 * block in black on white; a quiet zone's is a blank. */
static bool dark(const char *const rows[], int y, int x) {
    static const char *const cells[] = {" ", "▀", "▄", "█"};
    const char *at = rows[y / 2];
    unsigned found = 4;
    for (int i = 0; i <= x; i++) {
        for (found = 0; found < 4; found++) {
            size_t n = strlen(cells[found]);
            if (strncmp(at, cells[found], n) == 0) {
                at += n;
                break;
            }
        }
        if (found == 4) {
            return false; /* behind the last dark one of its row */
        }
    }
    return found & (y % 2 ? 2u : 1u);
}

static void same_as_the_library(struct tui *t, bool color) {
    QRcode *q = QRcode_encodeString(PEOPLE_URI, 0, QR_ECLEVEL_L, QR_MODE_8, 1);
    const char *rows[32];
    assert_non_null(q);
    int n = q->width + 2 * QUIET;
    for (int y = 0; y < (n + 1) / 2; y++) {
        rows[y] = strdup(term_row(t->term, y + 1));
        for (int x = 0; x < n; x++) {
            if (color) {
                assert_int_equal(term_color(t->term, y + 1, x), BLACK);
                assert_int_equal(term_background(t->term, y + 1, x), WHITE);
            } else {
                assert_true(term_reverse(t->term, y + 1, x));
            }
        }
    }
    int wrong = 0, count = 0;
    for (int y = 0; y < n; y++) {
        for (int x = 0; x < n; x++) {
            int my = y - QUIET, mx = x - QUIET;
            bool in = my >= 0 && mx >= 0 && my < q->width && mx < q->width;
            bool want = in && q->data[my * q->width + mx] & 1;
            wrong += dark(rows, y, x) != want;
            count += want;
        }
    }
    assert_int_equal(wrong, 0);
    assert_true(count > 300); /* it was a code that was compared */
    for (int y = 0; y < (n + 1) / 2; y++) {
        free((void *)(uintptr_t)rows[y]);
    }
    QRcode_free(q);
}

static void begin(struct tui *t, int h, int w, const char *const args[]) {
    tui_start(t, h, w, "profile", args);
    tui_expect(t, "alpine");
    term_send(t->term, "t");
}

static void a_phone_reads_what_is_painted(void **state) {
    struct tui t;
    (void)state;
    begin(&t, 24, 80, NULL);
    tui_expect(&t, "Its six digits");
    tui_expect(&t, "GEZD GNBV GY3T QOJQ");
    term_settle(t.term, 100);
    same_as_the_library(&t, true);
    tui_stop(&t);
}

/* Without colours: by reverse video. */
static void it_is_painted_without_colours(void **state) {
    static const char *const args[] = {"NO_COLOR=1", NULL};
    struct tui t;
    (void)state;
    begin(&t, 24, 80, args);
    tui_expect(&t, "GEZD GNBV GY3T QOJQ");
    term_settle(t.term, 100);
    same_as_the_library(&t, false);
    tui_stop(&t);
}

static void text_stands_where_no_code_fits(void **state) {
    static const char *const latin[] = {"LC_ALL=tr_TR.ISO-8859-9", NULL};
    struct tui t;
    (void)state;
    begin(&t, 12, 40, NULL);
    tui_expect(&t, "GEZD GNBV GY3T QOJQ");
    tui_expect(&t, "otpauth://totp/Fulexo:ayse");
    tui_expect(&t, "Its six digits");
    assert_null(strstr(term_screen(t.term), "█"));
    tui_stop(&t);
    begin(&t, 24, 80, latin);
    tui_expect(&t, "GEZD GNBV GY3T QOJQ");
    tui_expect(&t, "otpauth://totp/Fulexo:ayse");
    assert_null(strstr(term_screen(t.term), "█"));
    tui_stop(&t);
}

static void the_first_code_brings_the_backup_codes(void **state) {
    struct tui t;
    (void)state;
    begin(&t, 24, 80, NULL);
    tui_expect(&t, "Its six digits");
    fake_daemon_refuse(t.daemon, "profile.totp_confirm", "wrong_proof",
                       "Name, password or code is wrong.", NULL);
    term_send(t.term, "000000\r");
    tui_expect(&t, "code is wrong");
    people_data_serve(t.daemon);
    term_send(t.term, "287082\r");
    tui_expect(&t, "7K3M-9QXD-R2VW-H5TB");
    tui_expect(&t, "CTPH-DPBG-ZD0D-BZ2T");
    tui_expect(&t, "The authenticator is in force.");
    assert_non_null(strstr(fake_daemon_params(t.daemon, "profile.totp_confirm"),
                           "\"287082\""));
    /* One secret, however often a code was wrong. */
    assert_int_equal(fake_daemon_calls(t.daemon, "profile.totp_begin"), 1);
    term_send(t.term, "q");
    tui_expect_gone(&t, "7K3M-9QXD-R2VW-H5TB");
    term_send(t.term, "Doff\r");
    tui_expect(&t, "the password alone");
    tui_stop(&t);
}

/* The daemon answers nothing else until there is an authenticator. */
static void who_must_have_one_sets_it_up_first(void **state) {
    struct tui t;
    (void)state;
    tui_start(&t, 24, 80, "orders", NULL);
    tui_expect(&t, "alpine:");
    fake_daemon_answer(
        t.daemon, "session.open",
        "{\"daemon\":\"fulexod/1\",\"version\":1,\"locale\":\"en\","
        "\"read_only\":false,\"user\":\"ayse\",\"role\":\"staff\","
        "\"seq\":1,\"zone\":\"UTC\",\"held\":false,"
        "\"totp_required\":true}");
    int before = fake_daemon_calls(t.daemon, "events.subscribe");
    fake_daemon_away(t.daemon, true);
    fake_daemon_away(t.daemon, false);
    tui_expect(&t, "Your role must have an");
    tui_expect(&t, "Its six digits");
    assert_int_equal(fake_daemon_calls(t.daemon, "events.subscribe"), before);
    term_send(t.term, "287082\r");
    tui_expect(&t, "CTPH-DPBG-ZD0D-BZ2T");
    tui_expect_calls(&t, "events.subscribe", before + 1);
    term_send(t.term, "q");
    tui_expect(&t, "alpine:");
    tui_stop(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(profile),
        cmocka_unit_test(a_password_is_typed_twice_and_never_seen),
        cmocka_unit_test(the_language_changes_at_once),
        cmocka_unit_test(a_phone_reads_what_is_painted),
        cmocka_unit_test(it_is_painted_without_colours),
        cmocka_unit_test(text_stands_where_no_code_fits),
        cmocka_unit_test(the_first_code_brings_the_backup_codes),
        cmocka_unit_test(who_must_have_one_sets_it_up_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
