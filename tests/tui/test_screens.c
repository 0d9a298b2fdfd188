#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Every screen as a person sees it, at three sizes and in two languages. */
#include "tui_test.h"

static void dashboard(void **state) {
    (void)state;
    tui_golden("dashboard", "", "148", "dashboard");
}

static void orders(void **state) {
    (void)state;
    tui_golden("orders", "j", "alpine:2000", "orders");
}

static void order(void **state) {
    (void)state;
    tui_golden("orders", "\r", "alpine:2000", "order");
}

static void products(void **state) {
    (void)state;
    tui_golden("products", "", "AO-00034", "products");
}

static void product(void **state) {
    (void)state;
    tui_golden("products", "j\r", "AO-00034", "product");
}

static void customers(void **state) {
    (void)state;
    tui_golden("customers", "", "John Smith", "customers");
}

static void customer(void **state) {
    (void)state;
    tui_golden("customers", "jj\r", "John Smith", "customer");
}

static void stores(void **state) {
    (void)state;
    tui_golden("stores", "jj", "alpine", "stores");
}

static void store(void **state) {
    (void)state;
    tui_golden("stores", "\r", "alpine", "store");
}

static void store_add(void **state) {
    (void)state;
    tui_golden("stores", "a", "alpine", "store_add");
}

static void attention(void **state) {
    (void)state;
    tui_golden("attention", "", "alpine", "attention");
}

static void help(void **state) {
    (void)state;
    tui_golden("orders", "?", "alpine:2000", "help");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dashboard), cmocka_unit_test(orders),
        cmocka_unit_test(order),     cmocka_unit_test(products),
        cmocka_unit_test(product),   cmocka_unit_test(customers),
        cmocka_unit_test(customer),  cmocka_unit_test(stores),
        cmocka_unit_test(store),     cmocka_unit_test(store_add),
        cmocka_unit_test(attention), cmocka_unit_test(help),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
