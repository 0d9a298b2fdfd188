#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/err.h"
#include "common/when.h"

static void assert_parse(const char *s, int64_t want) {
    int64_t ms = -77;
    if (when_parse(s, &ms) != 0)
        fail_msg("'%s' was refused", s);
    assert_int_equal(ms, want);
}

static void forms_of_iso_8601(void **state) {
    (void)state;
    const int64_t t = 1795349330000; /* 2026-11-22 12:08:50 UTC */
    assert_parse("2026-11-22T12:08:50", t);
    assert_parse("2026-11-22 12:08:50", t);
    assert_parse("2026-11-22T12:08:50Z", t);
    assert_parse("2026-11-22T15:08:50+03:00", t);
    assert_parse("2026-11-22T06:38:50-0530", t);
    assert_parse("2026-11-22T12:08:50.1Z", t + 100);
    assert_parse("2026-11-22T12:08:50.123456789+00:00", t + 123);
    assert_parse("1970-01-01T00:00:00", 0);
    assert_parse("2000-02-29T00:00:00", 951782400000);
    assert_parse("9999-12-31T23:59:59.999Z", 253402300799999);
}

static void wrong_instants_are_refused(void **state) {
    (void)state;
    static const char *const wrong[] = {
        "",
        "2026-11-22",
        "2026-11-22T12:08",
        "2026-11-22T12:08:50.",
        "2026-11-22T12:08:50.1234567890",
        "2026-11-22T12:08:50+3",
        "2026-11-22T12:08:50+19:00",
        "2026-11-22T12:08:50+03:60",
        "2026-11-22T12:08:50Zx",
        "2026-11-22T12:08:50 ",
        "2026-11-22x12:08:50",
        "2026-13-01T00:00:00",
        "2026-00-01T00:00:00",
        "2026-01-00T00:00:00",
        "2026-01-32T00:00:00",
        "2026-02-29T00:00:00",
        "2100-02-29T00:00:00",
        "2026-01-01T24:00:00",
        "2026-01-01T00:60:00",
        "2026-01-01T00:00:60",
        "1969-12-31T23:59:59",
        "0000-00-00 00:00:00",
        "-026-01-01T00:00:00",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        int64_t ms = -77;
        if (when_parse(wrong[i], &ms) != ERR_INVALID)
            fail_msg("'%s' was taken", wrong[i]);
        assert_int_equal(ms, -77);
    }
}

static void iso_round_trips(void **state) {
    (void)state;
    char d[WHEN_TEXT];
    for (int64_t t = 0; t < 253402300800000; t += 123456789123) {
        int64_t back;
        assert_int_equal(when_parse(when_iso_ms(d, t), &back), 0);
        assert_int_equal(back, t);
        assert_int_equal(when_parse(when_iso(d, t), &back), 0);
        assert_int_equal(back, t / 1000 * 1000);
    }
    assert_string_equal(when_iso(d, 1795349330123), "2026-11-22T12:08:50Z");
    assert_string_equal(when_iso_ms(d, 1795349330123),
                        "2026-11-22T12:08:50.123Z");
    assert_string_equal(when_iso_ms(d, -1), "1969-12-31T23:59:59.999Z");
    assert_true(strlen(when_iso_ms(d, INT64_MIN)) < WHEN_TEXT);
    assert_true(strlen(when_iso_ms(d, INT64_MAX)) < WHEN_TEXT);
}

/* Every day of a thousand years follows the one before. */
static void civil_days_are_consecutive(void **state) {
    (void)state;
    int y, m, d, last_y = 0, last_m = 0, last_d = 0;
    for (int64_t day = -200000; day < 200000; day++) {
        when_civil(day * 86400000 + 1, &y, &m, &d);
        assert_int_equal(when_from_civil(y, m, d), day * 86400000);
        bool next = (y == last_y && m == last_m && d == last_d + 1) ||
                    (y == last_y && m == last_m + 1 && d == 1) ||
                    (y == last_y + 1 && m == 1 && d == 1);
        assert_true(next || last_y == 0);
        last_y = y;
        last_m = m;
        last_d = d;
    }
    assert_int_equal(when_from_civil(INT32_MAX, 1, 1), INT64_MAX);
    assert_int_equal(when_from_civil(INT32_MIN, 1, 1), INT64_MIN);
}

static void ages(void **state) {
    (void)state;
    static const struct {
        int64_t minutes;
        const char *text;
    } want[] = {
        {-5, "<1m"},         {0, "<1m"},         {1, "1m"},
        {59, "59m"},         {60, "1h00"},       {72, "1h12"},
        {1439, "23h59"},     {1440, "1d"},       {2 * 1440, "2d"},
        {13 * 1440, "13d"},  {14 * 1440, "2w"},  {35 * 1440, "5w"},
        {364 * 1440, "52w"}, {365 * 1440, "1y"}, {800 * 1440, "2y"},
    };
    char d[WHEN_TEXT];
    for (size_t i = 0; i < sizeof want / sizeof *want; i++)
        assert_string_equal(when_age(d, want[i].minutes * 60000), want[i].text);
    assert_string_equal(when_age(d, 59999), "<1m");
    assert_true(strlen(when_age(d, INT64_MAX)) < WHEN_TEXT);
}

static void spans(void **state) {
    (void)state;
    char d[WHEN_TEXT];
    assert_string_equal(when_span(d, -1), "0 s");
    assert_string_equal(when_span(d, 6000), "6 s");
    assert_string_equal(when_span(d, 180000), "3 min");
    assert_string_equal(when_span(d, 7500000), "2 h 05");
    assert_true(strlen(when_span(d, INT64_MAX)) < WHEN_TEXT);
}

static void http_dates(void **state) {
    (void)state;
    int64_t ms = -77;
    assert_int_equal(when_http("Sun, 22 Nov 2026 12:08:50 GMT", &ms), 0);
    assert_int_equal(ms, 1795349330000);
    static const char *const wrong[] = {
        "",
        "Sun, 22 Nov 2026 12:08:50 UTC",
        "Sunday, 22-Nov-26 12:08:50 GMT",
        "Sun Nov 22 12:08:50 2026",
        "Sun, 22 Nov 2026 12:08:50 GMT ",
        "Sun, 31 Nov 2026 12:08:50 GMT",
        "Sun, 22 nov 2026 12:08:50 GMT",
        "Sun, 22 Nov 2026 25:08:50 GMT",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(when_http(wrong[i], &ms), ERR_INVALID);
    assert_int_equal(ms, 1795349330000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms_of_iso_8601),
        cmocka_unit_test(wrong_instants_are_refused),
        cmocka_unit_test(iso_round_trips),
        cmocka_unit_test(civil_days_are_consecutive),
        cmocka_unit_test(ages),
        cmocka_unit_test(spans),
        cmocka_unit_test(http_dates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
