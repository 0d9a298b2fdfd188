/* Letters as bytes: what a mail server and a reader get to see. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/buf.h"
#include "out/mime.h"

static void addresses(void **state) {
    static const char *const good[] = {"zoe@example.org", "a.b+c@x-y.example",
                                       "o'neil@example.org", "a@b"};
    static const char *const bad[] = {"",
                                      "zoe",
                                      "@example.org",
                                      "zoe@",
                                      "a@b@c",
                                      "a b@c.example",
                                      "zoe@ex\r\nBcc: x@y",
                                      "<zoe@x.example>",
                                      "zoe@x\x80y",
                                      "a,b@x.example",
                                      "-a@x.example",
                                      "a@-x.example",
                                      "a@.x",
                                      "\"a\"@x.example"};
    char longer[300] = {0};
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (!mime_is_address(good[i]))
            fail_msg("%s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (mime_is_address(bad[i]))
            fail_msg("%s", bad[i]);
    memset(longer, 'a', 260);
    longer[10] = '@';
    assert_false(mime_is_address(longer));
}

static void header_is(const char *value, const char *want) {
    struct buf b = BUF_INIT;
    mime_header(&b, "Subject", value);
    assert_string_equal(buf_str(&b), want);
    buf_done(&b);
}

static void headers(void **state) {
    (void)state;
    header_is("Your return R-3", "Subject: Your return R-3\r\n");
    header_is("\xc4\xb0"
              "ade",
              "Subject: \r\n =?utf-8?B?xLBhZGU=?=\r\n");
    /* What a shop says begins no header of its own, nor the body. */
    header_is("x\r\nBcc: a@b.example", "Subject: x  Bcc: a@b.example\r\n");
    header_is("x\r\n\r\nbody", "Subject: x    body\r\n");
    /* It looks encoded: a reader would decode it, so it is. */
    header_is("=?utf-8?B?QQ==?=",
              "Subject: \r\n =?utf-8?B?PT91dGYtOD9CP1FRPT0/PQ==?=\r\n");
}

/* Lines stay short, and no character is cut in two. */
static void long_headers(void **state) {
    struct buf b = BUF_INIT;
    char value[601];
    (void)state;
    for (int i = 0; i < 600; i += 2)
        memcpy(value + i, "\xc4\xb0", 2);
    value[600] = '\0';
    value[0] = 'x'; /* off by one: the word must end between two characters */
    value[1] = 'y';
    mime_header(&b, "Subject", value);
    size_t n = 0;
    for (const char *c = buf_str(&b); *c; c++) {
        n = *c == '\n' ? 0 : n + 1;
        assert_true(n <= 77);
    }
    const char *first = strstr(buf_str(&b), "?B?");
    assert_non_null(first);
    /* 45 bytes: xy and 21 characters, the 22nd would be cut */
    assert_int_equal(strcspn(first + 3, "?"), 60);
    buf_done(&b);
}

static void names(void **state) {
    struct buf b = BUF_INIT;
    (void)state;
    mime_address(&b, "From", "Alpine Outdoor", "a@b.example");
    mime_address(&b, "From", "", "a@b.example");
    mime_address(&b, "From", "x\" <evil@x.example>, \"y", "a@b.example");
    assert_string_equal(
        buf_str(&b),
        "From: \"Alpine Outdoor\"\r\n <a@b.example>\r\n"
        "From: <a@b.example>\r\n"
        "From: \r\n =?utf-8?B?eCIgPGV2aWxAeC5leGFtcGxlPiwgInk=?=\r\n"
        " <a@b.example>\r\n");
    buf_done(&b);
}

static void text_is(const char *value, const char *want) {
    struct buf b = BUF_INIT;
    mime_text(&b, value);
    assert_string_equal(buf_str(&b), want);
    buf_done(&b);
}

static void texts(void **state) {
    (void)state;
    text_is("one\ntwo", "one\r\ntwo\r\n");
    text_is("a = b \nc\t\n", "a =3D b=20\r\nc=09\r\n");
    text_is(".\nFrom x\n", "=2E\r\n=46rom x\r\n");
    text_is("\xc3\xa7\xff\x01\r", "=C3=A7=EF=BF=BD =20\r\n");
    text_is("", "");
}

static void long_lines(void **state) {
    struct buf b = BUF_INIT;
    char value[300];
    (void)state;
    memset(value, 'a', sizeof value - 1);
    value[sizeof value - 1] = '\0';
    memcpy(value + 74, "\xc3\xa7", 2);
    mime_text(&b, value);
    size_t n = 0, breaks = 0;
    for (const char *c = buf_str(&b); *c; c++) {
        n = *c == '\n' ? 0 : n + 1;
        breaks += *c == '\n';
        assert_true(n <= 77); /* 76 and the CR */
    }
    assert_int_equal(breaks, 5);
    buf_done(&b);
}

static void whole(void **state) {
    struct buf b = BUF_INIT;
    (void)state;
    mime_write(&b, &(struct mime_letter){.sender = "Alpine",
                                         .from = "depot@x.example",
                                         .to = "zoe@y.example",
                                         .subject = "Hello",
                                         .body = "one\n",
                                         .id = "<1@x.example>",
                                         .lang = "en",
                                         .at_ms = 1764230400000});
    assert_string_equal(buf_str(&b),
                        "From: \"Alpine\"\r\n <depot@x.example>\r\n"
                        "To: <zoe@y.example>\r\n"
                        "Subject: Hello\r\n"
                        "Date: Thu, 27 Nov 2025 08:00:00 +0000\r\n"
                        "Message-ID: <1@x.example>\r\n"
                        "Content-Language: en\r\n"
                        "Auto-Submitted: auto-generated\r\n"
                        "MIME-Version: 1.0\r\n"
                        "Content-Type: text/plain; charset=utf-8\r\n"
                        "Content-Transfer-Encoding: quoted-printable\r\n"
                        "\r\none\r\n");
    buf_done(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses),    cmocka_unit_test(headers),
        cmocka_unit_test(long_headers), cmocka_unit_test(names),
        cmocka_unit_test(texts),        cmocka_unit_test(long_lines),
        cmocka_unit_test(whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
