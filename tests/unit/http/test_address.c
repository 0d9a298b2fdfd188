/* Who calls, and where we listen. */
#include "tests/lib/test.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "http/address.h"

static void texts_and_addresses(void **state) {
    static const char *const good[] = {"192.0.2.1", "2001:db8::1", "::"};
    static const char *const bad[] = {
        "",    "192.0.2",   "192.0.2.256",         "1.2.3.4 ",
        "::g", "localhost", "192.0.2.1, 192.0.2.2"};
    char text[ADDRESS_TEXT];
    struct address a;
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_int_equal(address_parse(good[i], &a), 0);
        assert_string_equal(address_text(text, &a), good[i]);
    }
    struct address before = a;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(address_parse(bad[i], &a), ERR_INVALID);
    assert_true(address_equal(&a, &before));
}

static bool local(const char *text) {
    struct address a;
    assert_int_equal(address_parse(text, &a), 0);
    return address_is_local(&a);
}

static void this_machine(void **state) {
    (void)state;
    assert_true(local("127.0.0.1"));
    assert_true(local("127.8.9.1"));
    assert_true(local("::1"));
    assert_true(local("::ffff:127.0.0.1"));
    assert_false(local("128.0.0.1"));
    assert_false(local("::2"));
    assert_false(local("::"));
}

static bool in(const char *network, const char *text) {
    struct network n;
    struct address a;
    assert_int_equal(network_parse(network, &n), 0);
    assert_int_equal(address_parse(text, &a), 0);
    return network_has(&n, &a);
}

static void networks(void **state) {
    static const char *const bad[] = {
        "",       "/8",       "10.0.0.0/",  "10.0.0.0/33", "10.0.0.0/-1",
        "::/129", "10.0.0/8", "10.0.0.0/8x"};
    struct network n;
    (void)state;
    assert_true(in("10.0.0.0/8", "10.255.0.1"));
    assert_false(in("10.0.0.0/8", "11.0.0.1"));
    assert_true(in("10.1.2.128/25", "10.1.2.129"));
    assert_false(in("10.1.2.128/25", "10.1.2.127"));
    assert_true(in("10.1.2.3", "10.1.2.3"));
    assert_false(in("10.1.2.3", "10.1.2.2"));
    assert_true(in("0.0.0.0/0", "192.0.2.1"));
    assert_false(in("0.0.0.0/0", "2001:db8::1"));
    assert_true(in("::/0", "192.0.2.1"));
    assert_true(in("2001:db8::/33", "2001:db8:7fff::1"));
    assert_false(in("2001:db8::/33", "2001:db8:8000::1"));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(network_parse(bad[i], &n), ERR_INVALID);
}

static void listens(void **state) {
    static const char *const good[] = {"127.0.0.1:0", "*:0", "[::1]:0"};
    struct error e = {0};
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        int fd = -1, port = 0;
        int rc = address_listen(good[i], &fd, &port, &e);
        if (good[i][0] == '[' && rc == ERR_CONFIG)
            continue; /* a machine without IPv6 */
        assert_int_equal(rc, 0);
        assert_true(port > 0);
        assert_int_equal(close(fd), 0);
    }
}

static void what_is_no_address(void **state) {
    static const char *const bad[] = {"",
                                      "8080",
                                      ":8080",
                                      "127.0.0.1:",
                                      "127.0.0.1:x",
                                      "127.0.0.1:65536",
                                      "localhost:80",
                                      "[::1:80",
                                      "[]:80",
                                      "127.0.0.1:80:80"};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct error e = {0};
        int fd = -1, port = 0;
        assert_int_equal(address_listen(bad[i], &fd, &port, &e), ERR_CONFIG);
        assert_string_equal(e.where, bad[i]);
        assert_non_null(strstr(e.detail, "http.listen"));
        assert_int_equal(fd, -1);
    }
}

static void a_port_in_use_is_said(void **state) {
    struct error e = {0};
    char text[32];
    int fd, port, other = -1;
    (void)state;
    assert_int_equal(address_listen("127.0.0.1:0", &fd, &port, &e), 0);
    (void)snprintf(text, sizeof text, "127.0.0.1:%d", port);
    assert_int_equal(address_listen(text, &other, &port, &e), ERR_LOCKED);
    assert_non_null(strstr(e.detail, "in use"));
    assert_int_equal(address_listen("192.0.2.1:8080", &other, &port, &e),
                     ERR_CONFIG);
    assert_int_equal(other, -1);
    assert_int_equal(close(fd), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_and_addresses),
        cmocka_unit_test(this_machine),
        cmocka_unit_test(networks),
        cmocka_unit_test(listens),
        cmocka_unit_test(what_is_no_address),
        cmocka_unit_test(a_port_in_use_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
