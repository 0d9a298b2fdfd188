#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <time.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/err.h"
#include "common/mem.h"
#include "common/when.h"
#include "common/zone.h"
#include "common/zone_rule.h"

static const char *const names[] = {
    "Europe/Istanbul",    "America/New_York",  "Asia/Kolkata",
    "Pacific/Kiritimati", "Etc/GMT+12",        "Pacific/Apia",
    "America/Havana",     "America/Sao_Paulo", "Australia/Lord_Howe",
    "Africa/Cairo",       "Africa/Casablanca", "Europe/Dublin",
    "Asia/Beirut",        "America/St_Johns",  "UTC",
};
enum { NAMES = sizeof names / sizeof *names };

static struct zone *load(const char *name) {
    struct zone *z = NULL;
    if (zone_load(name, &z) != 0)
        fail_msg("%s does not load", name);
    return z;
}

static int64_t at(const char *s) {
    int64_t ms = 0;
    assert_int_equal(when_parse(s, &ms), 0);
    return ms;
}

static void use_libc(const char *name) {
    setenv("TZ", name, 1);
    tzset();
}

/* libc is the second opinion, every eleven hours from 1970 to 2060: listed
 * transitions and the footer's rule. */
static void offsets_agree_with_libc(void **state) {
    (void)state;
    for (size_t i = 0; i < NAMES; i++) {
        struct zone *z = load(names[i]);
        use_libc(names[i]);
        for (time_t t = 0; t < 2840140800; t += 39601) {
            struct tm tm;
            assert_non_null(localtime_r(&t, &tm));
            if (zone_offset(z, (int64_t)t * 1000 + 999) != tm.tm_gmtoff)
                fail_msg("%s at %lld", names[i], (long long)t);
        }
        zone_free(z);
    }
}

/* The start of each day: the local date is that day there and the day before
 * one second earlier, whatever the clocks do. */
static void days_begin_where_the_date_changes(void **state) {
    (void)state;
    for (size_t i = 0; i < NAMES; i++) {
        struct zone *z = load(names[i]);
        for (int64_t t = at("1990-01-01T05:00:00");
             t < at("2045-01-01T00:00:00"); t += 18 * 3600000) {
            int y, m, d, y2, m2, d2;
            zone_civil(z, t, &y, &m, &d, NULL, NULL);
            int64_t start = zone_day_start(z, t, 0);
            assert_int_equal(start, zone_from_date(z, y, m, d));
            assert_true(start <= t);
            zone_civil(z, start, &y2, &m2, &d2, NULL, NULL);
            assert_true(y == y2 && m == m2 && d == d2);
            zone_civil(z, start - 1, &y2, &m2, &d2, NULL, NULL);
            assert_false(y == y2 && m == m2 && d == d2);
            int64_t next = zone_day_start(z, t, 1);
            assert_true(next > t);
            assert_true(next - start >= 23 * 3600000 &&
                        next - start <= 25 * 3600000);
        }
        zone_free(z);
    }
}

static void known_days(void **state) {
    (void)state;
    struct zone *z = load("America/New_York");
    /* 2026-03-08 has 23 hours, 2026-11-01 has 25; by the rule also in 2099. */
    int64_t t = at("2026-03-08T12:00:00");
    assert_int_equal(zone_day_start(z, t, 0), at("2026-03-08T05:00:00"));
    assert_int_equal(zone_day_start(z, t, 1), at("2026-03-09T04:00:00"));
    t = at("2026-11-01T12:00:00");
    assert_int_equal(zone_day_start(z, t, 1) - zone_day_start(z, t, 0),
                     25 * 3600000);
    assert_int_equal(zone_offset(z, at("2099-07-01T00:00:00")), -4 * 3600);
    assert_int_equal(zone_offset(z, at("2099-12-01T00:00:00")), -5 * 3600);
    assert_int_equal(zone_day_start(z, t, -365), at("2025-11-01T04:00:00"));
    zone_free(z);
    z = load("Europe/Istanbul");
    assert_int_equal(zone_offset(z, at("2016-02-01T00:00:00")), 2 * 3600);
    assert_int_equal(zone_offset(z, at("2026-02-01T00:00:00")), 3 * 3600);
    assert_int_equal(zone_from_date(z, 2026, 11, 22),
                     at("2026-11-21T21:00:00"));
    zone_free(z);
}

static void a_day_that_never_was(void **state) {
    (void)state;
    struct zone *z = load("Pacific/Apia"); /* there was no 2011-12-30 */
    assert_int_equal(zone_from_date(z, 2011, 12, 30),
                     zone_from_date(z, 2011, 12, 31));
    zone_free(z);
    z = load("America/Sao_Paulo"); /* 2018-11-04 began at 01:00 */
    assert_int_equal(zone_from_date(z, 2018, 11, 4), at("2018-11-04T03:00:00"));
    zone_free(z);
    z = load("America/Havana"); /* 2026-11-01 00:00 comes twice */
    assert_int_equal(zone_from_date(z, 2026, 11, 1), at("2026-11-01T04:00:00"));
    zone_free(z);
}

static void fixed_and_utc(void **state) {
    (void)state;
    int y, mo, d, h, mi;
    struct zone *z = load("+05:30");
    assert_int_equal(zone_offset(z, 0), 19800);
    zone_civil(z, at("2026-11-22T20:45:00"), &y, &mo, &d, &h, &mi);
    assert_true(y == 2026 && mo == 11 && d == 23 && h == 2 && mi == 15);
    zone_free(z);
    z = load("-09:30");
    assert_int_equal(zone_offset(z, 0), -34200);
    zone_free(z);
    assert_int_equal(zone_offset(NULL, 5), 0);
    assert_int_equal(zone_day_start(NULL, -1, 0), -86400000);
    zone_civil(NULL, -1, NULL, NULL, NULL, &h, &mi);
    assert_true(h == 23 && mi == 59);
    zone_free(NULL);
}

static void the_ends_of_time_are_harmless(void **state) {
    (void)state;
    struct zone *z = load("America/New_York");
    int y;
    zone_civil(z, INT64_MAX, &y, NULL, NULL, NULL, NULL);
    assert_true(y > 200000000);
    zone_civil(z, INT64_MIN, &y, NULL, NULL, NULL, NULL);
    assert_true(y < -200000000);
    assert_true(zone_day_start(z, INT64_MAX, INT32_MAX) > 0);
    assert_true(zone_day_start(z, INT64_MIN, INT32_MIN) < 0);
    assert_true(zone_from_date(z, INT32_MAX, 1, 1) > 0);
    zone_free(z);
}

static void wrong_names_are_refused(void **state) {
    (void)state;
    static const char *const wrong[] = {
        "",        "/etc/passwd", "../etc/passwd", "Europe/../../x", "a b",
        "Europe",  "+5:30",       "+05:60",        "+19:00",         "+0530",
        "+05:3",   "-",           "Europe/\x1b",   "zone.tab",       "+05:300",
        "+:05:30", "tzdata.zi",   "right/UTC"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct zone *z = NULL;
        int r = zone_load(wrong[i], &z);
        if (r != ERR_INVALID && !(i == 17 && r == ERR_NOT_FOUND))
            fail_msg("'%s' gives %d", wrong[i], r);
        assert_null(z);
    }
    struct zone *z = NULL;
    assert_int_equal(zone_load("Europe/Nowhere", &z), ERR_NOT_FOUND);
    assert_int_equal(zone_load("Europe/Paris/x", &z), ERR_NOT_FOUND);
    assert_int_equal(zone_load(NULL, &z), ERR_INVALID);
}

static char dir[] = "/tmp/fulexo-zone-XXXXXX";

static int load_bytes(const char *data, size_t n) {
    struct zone *z = NULL;
    AUTO_FREE char *path = mem_printf("%s/x", dir);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(data, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
    setenv("TZDIR", dir, 1);
    int r = zone_load("x", &z);
    unsetenv("TZDIR");
    if (r == 0) {
        (void)zone_day_start(z, 1795349330000, 1);
        zone_free(z);
    }
    return r;
}

/* Cut anywhere the file is refused; with any byte changed it is refused or
 * read, but never read past its end (the sanitizers watch). */
static void damaged_files_do_no_harm(void **state) {
    (void)state;
    char data[8192];
    FILE *f = fopen("/usr/share/zoneinfo/Europe/Istanbul", "rb");
    assert_non_null(f);
    size_t n = fread(data, 1, sizeof data, f);
    assert_int_equal(fclose(f), 0);
    assert_true(n > 100 && n < sizeof data);
    assert_non_null(mkdtemp(dir));
    assert_int_equal(load_bytes(data, n), 0);
    for (size_t i = 0; i < n; i += 7)
        assert_int_equal(load_bytes(data, i), ERR_INVALID);
    for (size_t i = 0; i < n; i++) {
        char was = data[i];
        data[i] = (char)(i % 2 ? ~was : was + 1);
        int r = load_bytes(data, n);
        assert_true(r == 0 || r == ERR_INVALID);
        data[i] = was;
    }
    AUTO_FREE char *path = mem_printf("%s/x", dir);
    assert_int_equal(unlink(path) + rmdir(dir), 0);
}

static void assert_rule(const char *s, const char *when, int32_t want) {
    struct zone_rule r;
    if (zone_rule_parse(s, &r) != 0)
        fail_msg("'%s' was refused", s);
    assert_int_equal(zone_rule_offset(&r, at(when) / 1000), want);
}

static void rules(void **state) {
    (void)state;
    assert_rule("<+03>-3", "2050-01-01T00:00:00", 10800);
    assert_rule("IST-5:30", "2050-01-01T00:00:00", 19800);
    /* Negative summer time, as in Dublin. */
    const char *dublin = "IST-1GMT0,M10.5.0,M3.5.0/1";
    assert_rule(dublin, "2050-01-01T00:00:00", 0);
    assert_rule(dublin, "2050-07-01T00:00:00", 3600);
}

/* J60 is 1 March in every year, day 59 only in a common one. */
static void julian_days(void **state) {
    (void)state;
    const char *j = "AAA0BBB,J60/0,J61/0", *n = "AAA0BBB,59/0,60/0";
    assert_rule(j, "2048-02-29T12:00:00", 0);
    assert_rule(j, "2048-03-01T12:00:00", 3600);
    assert_rule(j, "2049-03-01T12:00:00", 3600);
    assert_rule(n, "2048-02-29T12:00:00", 3600);
    assert_rule(n, "2048-03-01T12:00:00", 0);
    assert_rule(n, "2049-03-01T12:00:00", 3600);
    static const char *const wrong[] = {"",
                                        "A0",
                                        "AAA",
                                        "<+03>",
                                        "<+03-3",
                                        "AAA25",
                                        "AAA0x",
                                        "AAA0BBB",
                                        "AAA0BBB,J60",
                                        "AAA0BBB,J0,J1",
                                        "AAA0BBB,M13.1.0,M1.1.0",
                                        "AAA0BBB,M3.6.0,M1.1.0",
                                        "AAA0BBB,J60/168,J61",
                                        "AAA0BBB,J60,J61,"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct zone_rule r;
        if (zone_rule_parse(wrong[i], &r) != ERR_INVALID)
            fail_msg("'%s' was taken", wrong[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(offsets_agree_with_libc),
        cmocka_unit_test(days_begin_where_the_date_changes),
        cmocka_unit_test(known_days),
        cmocka_unit_test(a_day_that_never_was),
        cmocka_unit_test(fixed_and_utc),
        cmocka_unit_test(the_ends_of_time_are_harmless),
        cmocka_unit_test(wrong_names_are_refused),
        cmocka_unit_test(damaged_files_do_no_harm),
        cmocka_unit_test(rules),
        cmocka_unit_test(julian_days),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
