#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tui/listbox.h"

static void selection_stays_in_view(void **state) {
    (void)state;
    struct listbox l = {.count = 100, .height = 10};
    for (int i = 0; i < 15; i++) {
        assert_true(listbox_move(&l, LISTBOX_DOWN));
    }
    assert_int_equal(l.selected, 15);
    assert_int_equal(l.top, 6);
    assert_true(listbox_move(&l, LISTBOX_LAST));
    assert_int_equal(l.top, 90);
    assert_false(listbox_move(&l, LISTBOX_DOWN));
    assert_true(listbox_move(&l, LISTBOX_FIRST));
    assert_int_equal(l.top, 0);
    assert_false(listbox_move(&l, LISTBOX_UP));
}

static void pages_keep_one_row(void **state) {
    (void)state;
    struct listbox l = {.count = 100, .height = 10};
    listbox_move(&l, LISTBOX_PAGE_DOWN);
    assert_int_equal(l.selected, 9);
    assert_int_equal(l.top, 9);
    listbox_move(&l, LISTBOX_PAGE_UP);
    assert_int_equal(l.selected, 0);
    assert_int_equal(l.top, 0);
}

static void an_empty_list_is_safe(void **state) {
    (void)state;
    struct listbox l = {.count = 0, .height = 10, .selected = 5, .top = 3};
    listbox_fix(&l);
    assert_int_equal(l.selected, 0);
    assert_int_equal(l.top, 0);
    assert_false(listbox_move(&l, LISTBOX_LAST));
    l = (struct listbox){.count = 3, .height = 0};
    listbox_move(&l, LISTBOX_DOWN);
    assert_int_equal(l.selected, 1);
}

/* Two rows came above: the selected row stays on its line. */
static void follow_keeps_the_line(void **state) {
    (void)state;
    struct listbox l = {.count = 100, .height = 10, .selected = 25, .top = 20};
    l.count = 102;
    listbox_follow(&l, 27);
    assert_int_equal(l.selected, 27);
    assert_int_equal(l.top, 22);
    listbox_follow(&l, 0);
    assert_int_equal(l.top, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(selection_stays_in_view),
        cmocka_unit_test(pages_keep_one_row),
        cmocka_unit_test(an_empty_list_is_safe),
        cmocka_unit_test(follow_keeps_the_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
