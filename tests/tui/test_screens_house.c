#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* The screens of the warehouse's and the office's day, at three sizes and in
 * two languages. */
#include "tui_test.h"

#define GOLDEN_TEST(name, screen, keys, ready)                                 \
    static void name(void **state) {                                           \
        (void)state;                                                           \
        tui_golden(screen, keys, ready, #name);                                \
    }

GOLDEN_TEST(inventory, "inventory", "", "AO-00034")
GOLDEN_TEST(level, "inventory", "\r", "AO-00034")
GOLDEN_TEST(bins, "inventory", "b", "AO-00034")
GOLDEN_TEST(bin, "inventory", "bj\r", "AO-00034")
GOLDEN_TEST(receiving, "inventory", "R", "AO-00034")
GOLDEN_TEST(receive, "inventory", "R\r", "AO-00034")
GOLDEN_TEST(counts, "inventory", "C", "AO-00034")
GOLDEN_TEST(counting, "inventory", "C\r", "AO-00034")
GOLDEN_TEST(shipments, "shipments", "", "alpine:1781")
GOLDEN_TEST(shipment, "shipments", "j\r", "alpine:1781")
GOLDEN_TEST(returns, "returns", "", "R-318")
GOLDEN_TEST(return_, "returns", "j\r", "R-318")
GOLDEN_TEST(mails, "mails", "", "M-14")
GOLDEN_TEST(mail, "mails", "\r", "M-14")
GOLDEN_TEST(tickets, "tickets", "", "T-42")
GOLDEN_TEST(ticket, "tickets", "\r", "T-42")
GOLDEN_TEST(pick_list, "work", "\r", "alpine:2000")
GOLDEN_TEST(pack, "orders", "P", "alpine:2000")

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inventory), cmocka_unit_test(level),
        cmocka_unit_test(bins),      cmocka_unit_test(bin),
        cmocka_unit_test(receiving), cmocka_unit_test(receive),
        cmocka_unit_test(counts),    cmocka_unit_test(counting),
        cmocka_unit_test(shipments), cmocka_unit_test(shipment),
        cmocka_unit_test(returns),   cmocka_unit_test(return_),
        cmocka_unit_test(mails),     cmocka_unit_test(mail),
        cmocka_unit_test(tickets),   cmocka_unit_test(ticket),
        cmocka_unit_test(pick_list), cmocka_unit_test(pack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
