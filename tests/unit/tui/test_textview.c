#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/mem.h"
#include "tui/listbox.h"
#include "tui/pad.h"
#include "tui/screen.h"
#include "tui/textview.h"
#include "tui/tr.h"

static void prose_wraps_at_blanks(void **state) {
    struct textview t = {0};
    (void)state;
    textview_prose(&t, ROLE_NORMAL, NULL, "one two three four\nfive", 9);
    assert_int_equal(t.n, 4);
    assert_string_equal(t.lines[0].text, "one two");
    assert_string_equal(t.lines[1].text, "three");
    assert_string_equal(t.lines[2].text, "four");
    assert_string_equal(t.lines[3].text, "five");
    textview_clear(&t);
    textview_prose(&t, ROLE_NORMAL, NULL, "abcdefghijklmnop", 8);
    assert_int_equal(t.n, 2);
    textview_clear(&t);
    textview_prose(&t, ROLE_NORMAL, NULL, "", 8);
    assert_int_equal(t.n, 1);
    textview_done(&t);
}

static void labels_stand_once(void **state) {
    struct textview t = {.label_width = 6};
    struct screen *s = screen_fake_create(4, 20);
    struct pane p = pane_root(s);
    int y, x;
    (void)state;
    textview_prose(&t, ROLE_WARN, "Note", "first line second", 12);
    textview_draw(&t, &p, true);
    assert_string_equal(screen_fake_row(s, 0), "Note  first line");
    assert_string_equal(screen_fake_row(s, 1), "      second");
    assert_int_equal(screen_fake_role(s, 0, 0), ROLE_DIM);
    assert_int_equal(screen_fake_role(s, 0, 6), ROLE_WARN);
    screen_fake_cursor(s, &y, &x);
    assert_int_equal(y, 0);
    textview_done(&t);
    screen_destroy(s);
}

static void scrolls_and_links(void **state) {
    struct textview t = {0};
    struct screen *s = screen_fake_create(5, 20);
    struct pane p = pane_root(s);
    (void)state;
    for (int i = 0; i < 20; i++) {
        textview_add(&t, ROLE_NORMAL, NULL, "line %d", i);
    }
    textview_link(&t, "order a:1");
    textview_draw(&t, &p, false);
    assert_null(textview_target(&t));
    assert_true(textview_move(&t, LISTBOX_LAST));
    assert_string_equal(textview_target(&t), "order a:1");
    s->ops->erase(s);
    textview_draw(&t, &p, false);
    assert_string_equal(screen_fake_row(s, 4), "line 19");
    textview_done(&t);
    screen_destroy(s);
}

/* What a shop wrote never reaches the terminal as it is. */
static void panes_are_safe_and_clip(void **state) {
    struct screen *s = screen_fake_create(3, 10);
    struct pane p = pane_root(s);
    struct pane sub = pane_sub(&p, 1, 2, 1, 5);
    (void)state;
    pane_text(&sub, 0, 0, -1, ROLE_NORMAL, "a\x1b[31mb");
    assert_string_equal(screen_fake_row(s, 1), "  a?[..");
    pane_text(&sub, 1, 0, -1, ROLE_NORMAL, "below");
    pane_text(&sub, 0, 9, -1, ROLE_NORMAL, "beside");
    assert_string_equal(screen_fake_row(s, 2), "");
    s->ops->erase(s);
    pane_right(&p, 0, 0, 10, ROLE_NORMAL, "\xe5\xb1\xb1\xe7\x94\xb0");
    assert_string_equal(screen_fake_row(s, 0),
                        "      \xe5\xb1\xb1\xe7\x94\xb0");
    screen_destroy(s);
}

/* Wide characters count as the two cells they take. */
static void columns_are_padded_by_cells(void **state) {
    static const struct {
        const char *text;
        int cells;
        const char *want;
    } cases[] = {
        {"ba\xc4\x9fl\xc4\xb1", 7, "ba\xc4\x9fl\xc4\xb1  "},
        {"\xe5\xb1\xb1\xe7\x94\xb0", 6, "\xe5\xb1\xb1\xe7\x94\xb0  "},
        {"\xe5\xb1\xb1\xe7\x94\xb0\xe5\xb1\xb1", 5, "\xe5\xb1\xb1.. "},
        {"12", -5, "   12"},
        {"abcdef", -5, "abc.."},
        {"abcdef", 3, "abc"},
        {"", 2, "  "},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_BUF struct buf b = BUF_INIT;
        pad(&b, cases[i].text, cases[i].cells);
        assert_string_equal(buf_str(&b), cases[i].want);
    }
}

static void spans_speak_the_language(void **state) {
    char dst[TR_SPAN];
    (void)state;
    assert_string_equal(tr_span(dst, 6000), "6 s");
    assert_string_equal(tr_span(dst, 59 * 60000), "59 min");
    assert_string_equal(tr_span(dst, 125 * 60000), "2 h 05");
    assert_string_equal(tr_span(dst, -5), "0 s");
    tr_lang = text_lang("tr");
    assert_string_equal(tr_span(dst, 180000), "3 dk");
    tr_lang = text_lang("en");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prose_wraps_at_blanks),
        cmocka_unit_test(labels_stand_once),
        cmocka_unit_test(scrolls_and_links),
        cmocka_unit_test(panes_are_safe_and_clip),
        cmocka_unit_test(columns_are_padded_by_cells),
        cmocka_unit_test(spans_speak_the_language),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
