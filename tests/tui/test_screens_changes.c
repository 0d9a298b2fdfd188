#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* What is changed, as a person sees it: three sizes, two languages. */
#include "tui_test.h"

static void changes(void **state) {
    (void)state;
    tui_golden("changes", "", "alpine:1779", "changes");
}

static void change(void **state) {
    (void)state;
    tui_golden("changes", "\r", "alpine:1779", "change");
}

/* What it takes to overwrite the shop is asked, not done. */
static void change_mine(void **state) {
    (void)state;
    tui_golden("changes", "m", "alpine:1779", "change_mine");
}

static void status(void **state) {
    (void)state;
    tui_golden("orders", "t", "alpine:2000", "status");
}

static void status_many(void **state) {
    (void)state;
    tui_golden("orders", "   tjjj\r", "alpine:2000", "status_many");
}

static void edit_address(void **state) {
    (void)state;
    tui_golden("orders", "e\r", "alpine:2000", "edit_address");
}

static void refund(void **state) {
    (void)state;
    tui_golden("orders", "R", "alpine:2000", "refund");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes),     cmocka_unit_test(change),
        cmocka_unit_test(change_mine), cmocka_unit_test(status),
        cmocka_unit_test(status_many), cmocka_unit_test(edit_address),
        cmocka_unit_test(refund),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
