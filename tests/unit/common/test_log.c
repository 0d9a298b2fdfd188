#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "capture.h"
#include "common/arena.h"
#include "common/json.h"
#include "common/log.h"

static char text[40000];

/* A value a hostile shop could send, in an attempt to write a line of its
 * own, drive the terminal or turn the reading direction. */
static const char evil[] =
    "a\n2026-11-22T12:00:00.000Z db.open: all is well\r\x1b[2J\x7f"
    "\xC2\x9B"
    "31m\xE2\x80\xAE"
    "b\xE2\x80\xA8"
    "c\xFF\xC3\"\\\t";

static void write_evil_text(void) {
    log_setup(LOG_INFO, false);
    log_info("shop.answer", "said %s", evil);
}

static void write_evil_json(void) {
    log_setup(LOG_INFO, true);
    log_info("shop.answer", "said %s", evil);
}

static void write_levels(void) {
    log_setup(LOG_WARN, false);
    log_debug("a.b", "one");
    log_info("a.b", "two");
    log_warn("a.b", "three");
    log_error("a.b", "four %d", 4);
}

static void write_defaults(void) {
    log_debug("a.b", "hidden");
    log_info("a.b", "shown");
}

static void write_long(void) {
    static char s[100000];
    memset(s, '\x01', sizeof s - 1);
    log_setup(LOG_INFO, true);
    log_info("a.b", "%s", s);
}

static size_t lines(void) {
    size_t n = 0;
    for (const char *p = text; *p; p++)
        n += *p == '\n';
    return n;
}

/* Exactly one newline, at the end, and no other control byte. */
static void assert_one_clean_line(void) {
    size_t n = strlen(text);
    assert_true(n > 0);
    for (size_t i = 0; i < n - 1; i++)
        assert_true((unsigned char)text[i] >= 0x20 && text[i] != 0x7F);
    assert_int_equal(text[n - 1], '\n');
    assert_null(strstr(text, "\xC2\x9B"));
    assert_null(strstr(text, "\xE2\x80"));
}

static void a_value_cannot_fake_a_text_line(void **state) {
    (void)state;
    assert_int_equal(capture(write_evil_text, text, sizeof text), 0);
    assert_one_clean_line();
    assert_non_null(strstr(text, " shop.answer: said a\\n2026"));
    assert_non_null(strstr(text, "\\u001b[2J\\u007f\\u009b31m\\u202eb"));
}

static void a_value_cannot_fake_a_json_line(void **state) {
    (void)state;
    const struct json *v;
    assert_int_equal(capture(write_evil_json, text, sizeof text), 0);
    assert_one_clean_line();
    struct arena *a = arena_new(0);
    assert_int_equal(json_parse(a, text, strlen(text), NULL, &v, NULL), 0);
    assert_int_equal(json_count(v), 4);
    assert_string_equal(json_string(json_get(v, "event")), "shop.answer");
    assert_string_equal(json_string(json_get(v, "level")), "info");
    const char *said = json_string(json_get(v, "text"));
    assert_int_equal(strncmp(said, "said a\n2026-11-22", 17), 0);
    assert_non_null(strstr(said, "\xEF\xBF\xBD\xEF\xBF\xBD\"\\\t"));
    arena_free(a);
}

static void lower_levels_are_left_out(void **state) {
    (void)state;
    assert_int_equal(capture(write_levels, text, sizeof text), 0);
    assert_int_equal(lines(), 2);
    assert_non_null(strstr(text, "warning a.b: three\n"));
    assert_non_null(strstr(text, "error a.b: four 4\n"));
}

static void a_file_gets_json_from_info_up(void **state) {
    (void)state;
    assert_int_equal(capture(write_defaults, text, sizeof text), 0);
    assert_int_equal(lines(), 1);
    assert_int_equal(text[0], '{');
    assert_non_null(strstr(text, "shown"));
}

static void the_longest_line_is_still_whole(void **state) {
    (void)state;
    assert_int_equal(capture(write_long, text, sizeof text), 0);
    assert_int_equal(lines(), 1);
    assert_string_equal(text + strlen(text) - 9, "\\u0001\"}\n");
}

static void level_names_parse(void **state) {
    (void)state;
    enum log_level l = LOG_DEBUG;
    assert_true(log_level_parse("warn", &l));
    assert_int_equal(l, LOG_WARN);
    assert_false(log_level_parse("loud", &l));
    assert_false(log_level_parse(NULL, &l));
    assert_int_equal(l, LOG_WARN);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        /* First: it needs the settings nobody has touched. */
        cmocka_unit_test(a_file_gets_json_from_info_up),
        cmocka_unit_test(a_value_cannot_fake_a_text_line),
        cmocka_unit_test(a_value_cannot_fake_a_json_line),
        cmocka_unit_test(lower_levels_are_left_out),
        cmocka_unit_test(the_longest_line_is_still_whole),
        cmocka_unit_test(level_names_parse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
