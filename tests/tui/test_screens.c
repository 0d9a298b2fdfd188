#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Every screen as a person sees it, at three sizes and in two languages. */
#include "common/str.h"
#include "tui_test.h"

struct size {
    int h, w;
};
static const struct size sizes[] = {{24, 80}, {40, 120}, {12, 40}};

/* Open a screen at each size in each language, type keys, compare. `ready` is
 * part of what must be there first. */
static void golden(const char *screen, const char *keys, const char *ready,
                   const char *name) {
    static const char *const langs[] = {"en", "tr"};
    for (size_t l = 0; l < 2; l++) {
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            const char *const args[] = {"--lang", langs[l], NULL};
            struct tui t;
            char file[80];
            tui_start(&t, sizes[i].h, sizes[i].w, screen, args);
            t.shops.syncing = true;
            tui_expect(&t, ready);
            for (const char *k = keys; *k; k++) {
                char one[2] = {*k, '\0'};
                term_settle(t.term, 60);
                term_send(t.term, one);
            }
            (void)str_format(file, sizeof file, "%s-%dx%d-%s", name, sizes[i].w,
                             sizes[i].h, langs[l]);
            tui_expect_golden(&t, file);
            tui_stop(&t);
        }
    }
}

static void dashboard(void **state) {
    (void)state;
    golden("dashboard", "", "148", "dashboard");
}

static void orders(void **state) {
    (void)state;
    golden("orders", "j", "alpine:2000", "orders");
}

static void order(void **state) {
    (void)state;
    golden("orders", "\r", "alpine:2000", "order");
}

static void products(void **state) {
    (void)state;
    golden("products", "", "AO-00034", "products");
}

static void product(void **state) {
    (void)state;
    golden("products", "j\r", "AO-00034", "product");
}

static void customers(void **state) {
    (void)state;
    golden("customers", "", "John Smith", "customers");
}

static void customer(void **state) {
    (void)state;
    golden("customers", "jj\r", "John Smith", "customer");
}

static void stores(void **state) {
    (void)state;
    golden("stores", "jj", "alpine", "stores");
}

static void store(void **state) {
    (void)state;
    golden("stores", "\r", "alpine", "store");
}

static void store_add(void **state) {
    (void)state;
    golden("stores", "a", "alpine", "store_add");
}

static void attention(void **state) {
    (void)state;
    golden("attention", "", "alpine", "attention");
}

static void help(void **state) {
    (void)state;
    golden("orders", "?", "alpine:2000", "help");
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
