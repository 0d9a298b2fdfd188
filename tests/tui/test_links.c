/* Addresses as hyperlinks (OSC 8): the cells that show one lead to it and no
 * others do, whatever was drawn before; the screen is the one without them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui_test.h"

#define PAGE "https://shop.example/tent/"
#define PICTURE "https://cdn.example/i/tent-1.jpg?w=600"

static const char *const good[] = {
    PAGE, PICTURE, "https://track.test/YK123",
    "https://shop.example/wp-admin/admin.php?page=wc-orders&action=edit&id="};

/* Its pictures are the shop's: all but one would do harm. */
static const char product[] =
    "{\"ref\":\"alpine:34\",\"store\":\"alpine\",\"remote_id\":34,\"type\":"
    "\"simple\",\"status\":\"publish\",\"name\":\"Tent\",\"sku\":\"AO-00034\","
    "\"price\":\"10.00\",\"regular_price\":\"10.00\",\"sale_price\":\"\","
    "\"currency\":\"EUR\",\"stock_status\":\"instock\",\"pending\":[],"
    "\"categories\":[],\"parent\":null,\"permalink\":\"" PAGE "\","
    "\"description\":\"\",\"short_description\":\"\",\"weight\":\"\","
    "\"attributes\":[],\"variation_list\":[],\"images\":[\"" PICTURE "\","
    "\"javascript:alert(1)\",\"file:///etc/passwd\","
    "\"https://evil.example/\\u001b\\\\\\u001b]52;c;cm0gLXJm\\u0007\","
    "\"https://evil.example/\\u0007x\",\"https://evil.example/\\u009cx\","
    "\"https://evil.example/a b\",\"https://\",\"https://%s/\"]}";

static void start(struct tui *t, int h, const char *env) {
    const char *const args[] = {env, NULL};
    AUTO_FREE char *huge = mem_alloc(601);
    memset(huge, 'a', 600);
    huge[600] = '\0';
    AUTO_FREE char *all = mem_printf(product, huge);
    tui_start(t, h, 90, "products", args);
    fake_daemon_answer(t->daemon, "products.get", all);
    tui_expect(t, ">alpine:34");
}

static void open_product(struct tui *t) {
    term_send(t->term, "\r");
    tui_expect(t, PICTURE);
    term_settle(t->term, 100);
}

/* Which address the text at (y, x) belongs to; NULL: none. */
static const char *shown_at(const char *row, size_t x) {
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        const char *at = strstr(row, good[i]);
        size_t n = at ? strcspn(at, " ") : 0;
        if (at && x >= (size_t)(at - row) && x < (size_t)(at - row) + n)
            return good[i];
    }
    return NULL;
}

/* Rows here are ASCII where an address is. Returns the cells that are links. */
static int expect_links(struct tui *t, int h) {
    int n = 0;
    for (int y = 0; y < h; y++) {
        AUTO_FREE char *row = mem_dup(term_row(t->term, y));
        for (int x = 0; x < 90; x++) {
            const char *link = term_link(t->term, y, x);
            const char *want = shown_at(row, (size_t)x);
            if (want)
                assert_true(str_starts(link, want));
            else
                assert_string_equal(link, "");
            n += *link != '\0';
        }
    }
    return n;
}

enum { CELLS = (int)(sizeof PAGE - 1 + sizeof PICTURE - 1) };

static void addresses_are_links_and_nothing_else_is(void **state) {
    struct tui t, plain;
    int y, x, py, px;
    (void)state;
    start(&t, 30, "FULEXO_LINKS=on");
    start(&plain, 30, "FULEXO_LINKS=off");
    open_product(&t);
    open_product(&plain);
    assert_int_equal(expect_links(&t, 30), CELLS);
    AUTO_FREE char *screen = mem_dup(term_screen(t.term));
    assert_string_equal(screen, term_screen(plain.term));
    term_cursor(t.term, &y, &x);
    term_cursor(plain.term, &py, &px);
    assert_int_equal(y, py);
    assert_int_equal(x, px);
    assert_string_equal(term_copied(t.term), ""); /* the shop's OSC 52 */
    tui_stop(&plain);
    tui_stop(&t);
}

/* Over and under other screens, moved, drawn again, in another size. */
static void they_stay_right_whatever_is_drawn(void **state) {
    static const struct {
        const char *keys, *ready;
        int cells;
    } steps[] = {
        {"jjjjkk", PICTURE, CELLS}, {"?", "type to search", 0},
        {"\033", PICTURE, CELLS},   {"\t", "[Variations", 0},
        {"\033[Z", PICTURE, CELLS}, {"\014", PICTURE, CELLS},
        {"G", PICTURE, CELLS},      {"D", "trash", CELLS},
        {"\033", PICTURE, CELLS},   {"q", ">alpine:34", 0},
        {"\r", PICTURE, CELLS},
    };
    struct tui t;
    (void)state;
    start(&t, 30, "FULEXO_LINKS=on");
    open_product(&t);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        term_send(t.term, steps[i].keys);
        term_settle(t.term, 150);
        tui_expect(&t, steps[i].ready);
        term_settle(t.term, 100);
        assert_int_equal(expect_links(&t, 30), steps[i].cells);
    }
    term_resize(t.term, 20, 70);
    term_settle(t.term, 200);
    term_resize(t.term, 30, 90);
    term_settle(t.term, 200);
    assert_int_equal(expect_links(&t, 30), CELLS);
    tui_stop(&t);
}

/* What was one and is none keeps nothing of it, also in cells that stay. */
static void rows_move_under_them(void **state) {
    struct tui t;
    (void)state;
    start(&t, 12, "FULEXO_LINKS=on");
    term_send(t.term, "\r");
    tui_expect(&t, "[Details]");
    for (int i = 0; i < 60; i++) {
        term_send(t.term, i < 30 ? "j" : "k");
        term_settle(t.term, 30);
        (void)expect_links(&t, 12);
    }
    tui_stop(&t);
}

/* An idle screen costs nothing, a key and a minute little. */
static void they_cost_nothing_while_idle(void **state) {
    struct tui t;
    (void)state;
    start(&t, 30, "FULEXO_LINKS=on");
    open_product(&t);
    assert_int_equal(term_read(t.term, 1200), 0);
    for (int i = 0; i < 6; i++) {
        size_t before = term_bytes(t.term);
        term_send(t.term, i % 2 ? "k" : "j");
        term_settle(t.term, 60);
        assert_true(term_bytes(t.term) - before <= 300);
    }
    assert_int_equal(term_read(t.term, 1200), 0);
    tui_stop(&t);
}

static void only_where_the_terminal_takes_them(void **state) {
    static const struct {
        const char *env;
        bool links;
    } cases[] = {
        {"VTE_VERSION=7000", true},   {"VTE_VERSION=4999", false},
        {"FULEXO_LINKS=auto", false}, {"TERM_PROGRAM=WezTerm", true},
        {"TERM=alacritty", true},     {"TERM=linux", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct tui t;
        start(&t, 30, cases[i].env);
        open_product(&t);
        int y = 0;
        while (y < 29 && !strstr(term_row(t.term, y), PAGE))
            y++;
        const char *at = strstr(term_row(t.term, y), PAGE);
        assert_non_null(at);
        int x = (int)(at - term_row(t.term, y));
        assert_string_equal(term_link(t.term, y, x),
                            cases[i].links ? PAGE : "");
        tui_stop(&t);
    }
}

static void enter_on_one_copies_it(void **state) {
    struct tui t;
    (void)state;
    start(&t, 30, "FULEXO_LINKS=off");
    term_send(t.term, "y");
    tui_expect(&t, "Copied: alpine:34");
    assert_string_equal(term_copied(t.term), "YWxwaW5lOjM0");
    open_product(&t);
    for (int i = 0; i < 40 && !strstr(term_screen(t.term), "Copied: " PAGE);
         i++) {
        term_send(t.term, "j\r");
        term_settle(t.term, 50);
    }
    tui_expect(&t, "Copied: " PAGE);
    assert_string_equal(term_copied(t.term),
                        "aHR0cHM6Ly9zaG9wLmV4YW1wbGUvdGVudC8=");
    tui_stop(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_links_and_nothing_else_is),
        cmocka_unit_test(they_stay_right_whatever_is_drawn),
        cmocka_unit_test(rows_move_under_them),
        cmocka_unit_test(they_cost_nothing_while_idle),
        cmocka_unit_test(only_where_the_terminal_takes_them),
        cmocka_unit_test(enter_on_one_copies_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
