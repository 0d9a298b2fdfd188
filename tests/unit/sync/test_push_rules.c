/* What was read of a shop, and what it means for a change. */
#include <stdio.h>
#include <string.h>

#include "common/arena.h"
#include "common/err.h"
#include "common/field.h"
#include "common/json.h"
#include "sync/push.h"
#include "sync/push_find.h"
#include "sync/push_judge.h"
#include "tests/lib/test.h"

static struct arena *arena;

static int setup(void **state) {
    (void)state;
    arena = arena_new(0);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

static const struct json *tree(const char *text) {
    const struct json *v = NULL;
    assert_int_equal(json_parse(arena, text, strlen(text), NULL, &v, NULL), 0);
    return v;
}

static struct push_finding judged(const struct change *c, enum push_read what,
                                  const char *text, bool first) {
    struct push_finding f;
    struct push_view v = {.c = c, .a = arena, .first = first};
    v.read[what] = tree(text);
    push_judge(&v, &f);
    return f;
}

/* -- fields --------------------------------------------------------------- */

static void a_value_is_there_free_or_in_the_way(void **state) {
    (void)state;
    struct change_path p = {.path = "status",
                            .base = "\"pending\"",
                            .wanted = "\"cancelled\"",
                            .accept = "[\"on-hold\"]"};
    struct change c = {
        .kind = MIRROR_ORDER, .act = CHANGE_SET, .paths = &p, .n_paths = 1};
    static const struct {
        const char *object;
        enum push_found found;
    } rows[] = {
        {"{\"status\":\"cancelled\"}", PUSH_THERE},
        {"{\"status\":\"pending\"}", PUSH_ABSENT},
        {"{\"status\":\"on-hold\"}", PUSH_ABSENT},
        {"{\"status\":\"processing\"}", PUSH_CONFLICT}, /* somebody paid */
        {"{\"status\":\"trash\"}", PUSH_CONFLICT}, /* a PUT would un-trash */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct push_finding f = judged(&c, PUSH_OBJECT, rows[i].object, true);
        assert_int_equal(f.found, rows[i].found);
    }
    struct push_finding f =
        judged(&c, PUSH_OBJECT, "{\"status\":\"processing\"}", true);
    assert_string_equal(f.theirs[0], "\"processing\"");
}

static void stock_is_known_by_our_marker(void **state) {
    (void)state;
    struct change_path p = {.path = "stock", .wanted = "-1"};
    struct change c = {.uuid = "OURS",
                       .kind = MIRROR_PRODUCT,
                       .act = CHANGE_STOCK,
                       .paths = &p,
                       .n_paths = 1};
    static const struct {
        const char *object;
        enum push_found found;
    } rows[] = {
        {"{\"manage_stock\":true}", PUSH_ABSENT},
        {"{\"manage_stock\":false}", PUSH_REFUSED},
        {"{\"manage_stock\":\"parent\"}", PUSH_REFUSED},
        {"{\"manage_stock\":true,\"status\":\"trash\"}", PUSH_CONFLICT},
        {"{\"manage_stock\":true,\"meta_data\":[{\"key\":\"_fulexo_op\","
         "\"value\":\"OURS\"}]}",
         PUSH_THERE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(judged(&c, PUSH_OBJECT, rows[i].object, false).found,
                         rows[i].found);
    struct push_finding f =
        judged(&c, PUSH_OBJECT,
               "{\"manage_stock\":true,\"meta_data\":[{\"key\":\"_fulexo_op\","
               "\"value\":\"THEIRS\"}]}",
               false);
    assert_int_equal(f.found, PUSH_ABSENT);
    assert_string_equal(f.op, "THEIRS");
}

/* -- what is added -------------------------------------------------------- */

static void a_note_is_known_by_its_words_behind_the_mark(void **state) {
    (void)state;
    static const char list[] =
        "[{\"id\":9,\"note\":\"Tom &amp; <b>Jerry</b>\"},{\"id\":4,\"note\":"
        "\"x\"}]";
    struct change c = {.act = CHANGE_NOTE,
                       .payload = "{\"text\":\"Tom & <b>Jerry</b>\"}"};
    /* never sent: the same words are another's */
    struct push_finding f = judged(&c, PUSH_NOTES, list, true);
    assert_int_equal(f.found, PUSH_ABSENT);
    assert_int_equal(f.mark, 9);
    /* sent when 4 was the newest */
    c.attempts = 1;
    c.mark = 4;
    f = judged(&c, PUSH_NOTES, list, false);
    assert_int_equal(f.found, PUSH_THERE);
    assert_int_equal(f.result_id, 9);
    c.mark = 9;
    assert_int_equal(judged(&c, PUSH_NOTES, list, false).found, PUSH_ABSENT);
    /* out of a backup: nobody knows what came after it */
    c.attempts = 0;
    c.mark = 0;
    assert_int_equal(judged(&c, PUSH_NOTES, list, false).found, PUSH_DOUBT);
    assert_int_equal(judged(&c, PUSH_NOTES, "[]", false).found, PUSH_ABSENT);
}

static void a_refund_is_known_by_our_marker(void **state) {
    (void)state;
    struct change c = {.uuid = "OURS",
                       .act = CHANGE_REFUND,
                       .payload = "{\"amount\":\"1.00\"}",
                       .attempts = 1,
                       .mark = 5};
    static const struct {
        const char *list;
        enum push_found found;
    } rows[] = {
        {"[]", PUSH_ABSENT},
        {"[{\"id\":6,\"amount\":\"1.00\",\"meta_data\":[{\"key\":\"_fulexo_"
         "op\","
         "\"value\":\"OURS\"}]}]",
         PUSH_THERE},
        {"[{\"id\":6,\"amount\":\"1.00\",\"meta_data\":[{\"key\":\"_fulexo_"
         "op\","
         "\"value\":\"OTHER\"}]}]",
         PUSH_ABSENT},
        /* a shop that keeps no meta data: it may be the one */
        {"[{\"id\":6,\"amount\":\"1.0\",\"meta_data\":[]}]", PUSH_DOUBT},
        {"[{\"id\":6,\"amount\":\"2.00\",\"meta_data\":[]}]", PUSH_ABSENT},
        {"[{\"id\":5,\"amount\":\"1.00\",\"meta_data\":[]}]", PUSH_ABSENT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(judged(&c, PUSH_REFUNDS, rows[i].list, false).found,
                         rows[i].found);
}

static void a_creation_is_surely_absent_behind_the_mark_alone(void **state) {
    (void)state;
    AUTO_BUF struct buf full = BUF_INIT;
    struct change c = {.uuid = "OURS",
                       .kind = MIRROR_ORDER,
                       .act = CHANGE_CREATE,
                       .payload = "{}",
                       .attempts = 1,
                       .mark = 1000};
    assert_int_equal(judged(&c, PUSH_FIND, "[{\"id\":1000}]", false).found,
                     PUSH_ABSENT);
    buf_adds(&full, "[{\"id\":2000}");
    for (int id = 1999; id > 1900; id--)
        buf_addf(&full, ",{\"id\":%d}", id);
    buf_addc(&full, ']');
    assert_int_equal(judged(&c, PUSH_FIND, buf_str(&full), false).found,
                     PUSH_DOUBT);
    struct push_finding f =
        judged(&c, PUSH_FIND,
               "[{\"id\":1001,\"meta_data\":[{\"key\":\"_fulexo_op\",\"value\":"
               "\"OURS\"}]}]",
               false);
    assert_int_equal(f.found, PUSH_THERE);
    assert_int_equal(f.result_id, 1001);
}

static void a_customer_is_known_by_the_e_mail(void **state) {
    (void)state;
    static const char there[] = "[{\"id\":3,\"email\":\"a@x.org\","
                                "\"first_name\":\"Ali\",\"last_name\":\"\"}]";
    struct change c = {.kind = MIRROR_CUSTOMER,
                       .act = CHANGE_CREATE,
                       .payload =
                           "{\"email\":\"A@x.org\",\"first_name\":\"Ali\"}"};
    assert_int_equal(judged(&c, PUSH_FIND, there, true).found, PUSH_REFUSED);
    assert_int_equal(judged(&c, PUSH_FIND, there, false).found, PUSH_THERE);
    c.payload = "{\"email\":\"A@x.org\",\"first_name\":\"Veli\"}";
    assert_int_equal(judged(&c, PUSH_FIND, there, false).found, PUSH_REFUSED);
    assert_int_equal(judged(&c, PUSH_FIND, "[]", false).found, PUSH_ABSENT);
}

/* -- after a write -------------------------------------------------------- */

static void what_was_kept_decides(void **state) {
    (void)state;
    struct change_path p = {.path = "regular_price", .wanted = "\"12.50\""};
    struct change c = {
        .kind = MIRROR_PRODUCT, .act = CHANGE_SET, .paths = &p, .n_paths = 1};
    static const struct {
        const char *before, *answer, *kept;
        enum push_found found;
        const char *cause;
    } rows[] = {
        {"1", "12.50", "1", PUSH_REFUSED,
         "{\"name\":\"not_kept\",\"path\":\"regular_price\","
         "\"asked\":\"12.50\",\"is\":\"1\"}"},
        {"1", "1250", "1250", PUSH_REFUSED,
         "{\"name\":\"made_other\",\"path\":\"regular_price\","
         "\"asked\":\"12.50\",\"is\":\"1250\"}"},
        {"1", "12.50", "13", PUSH_THERE,
         "{\"name\":\"changed_since\",\"path\":\"regular_price\","
         "\"asked\":\"12.50\",\"is\":\"13\"}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *text[3] = {rows[i].before, rows[i].answer, rows[i].kept};
        const struct json *v[3];
        for (int k = 0; k < 3; k++) {
            char json[64];
            (void)snprintf(json, sizeof json, "{\"regular_price\":\"%s\"}",
                           text[k]);
            v[k] = tree(json);
        }
        struct push_finding f;
        struct push_view view = {.c = &c, .a = arena};
        view.read[PUSH_OBJECT] = v[2];
        push_judge_lost(&view, v[0], v[1], &f);
        assert_int_equal(f.found, rows[i].found);
        assert_string_equal(f.cause, rows[i].cause);
    }
}

static void only_what_surely_never_left_is_sent_again(void **state) {
    (void)state;
    static const struct {
        struct shop_fault f;
        int attempts;
        enum push_after after;
    } rows[] = {
        {{.code = 0}, 1, PUSH_DONE},
        {{.code = ERR_SHOP_DNS, .retry = SHOP_RETRY_LATER}, 1, PUSH_AGAIN},
        {{.code = ERR_SHOP_REFUSED, .retry = SHOP_RETRY_LATER}, 1, PUSH_AGAIN},
        {{.code = ERR_SHOP_TLS, .retry = SHOP_RETRY_HUMAN}, 1, PUSH_AGAIN},
        {{.code = ERR_SHOP_AUTH, .retry = SHOP_RETRY_HUMAN}, 1, PUSH_AGAIN},
        {{.code = ERR_SHOP_THROTTLED, .retry = SHOP_RETRY_LATER},
         1,
         PUSH_AGAIN},
        {{.code = ERR_SHOP_BUSY, .unknown = true}, 1, PUSH_UNKNOWN},
        {{.code = ERR_SHOP_BUSY, .unknown = true}, 0, PUSH_AGAIN}, /* circuit */
        {{.code = ERR_SHOP_TIMEOUT}, 1, PUSH_UNKNOWN},
        {{.code = ERR_SHOP_NOT_JSON, .unknown = true}, 1, PUSH_UNKNOWN},
        {{.code = ERR_CANCELLED}, 1, PUSH_UNKNOWN},
        {{.code = ERR_CANCELLED}, 0, PUSH_AGAIN},
        {{.code = ERR_SHOP_INVALID}, 1, PUSH_AGAINST},
        {{.code = ERR_TOO_BIG}, 0, PUSH_AGAINST},
        {{.code = ERR_SHOP_CONFLICT}, 1, PUSH_TAKEN},
        {{.code = ERR_SHOP_PERMISSION, .retry = SHOP_RETRY_HUMAN},
         1,
         PUSH_AGAINST},
        {{.code = ERR_SHOP_PERMISSION,
          .retry = SHOP_RETRY_HUMAN,
          .shop_code = "woocommerce_rest_authentication_error"},
         1,
         PUSH_AGAIN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (push_after_of(&rows[i].f, rows[i].attempts) != rows[i].after)
            fail_msg("row %zu: %s", i, err_name(rows[i].f.code));
}

static void the_quiet_time_is_the_shops(void **state) {
    (void)state;
    struct sync_options o = {.unknown_quiet_s = 120};
    struct store s = {0};
    assert_int_equal(push_quiet_ms(&o, &s), 120000);
    s.caps.php_time_limit_s = 300;
    assert_int_equal(push_quiet_ms(&o, &s), 330000);
    o.unknown_quiet_s = 1;
    s.caps.php_time_limit_s = 30;
    assert_int_equal(push_quiet_ms(&o, &s), 1000);
}

/* People read of them (common/field.h). */
static void each_field_that_is_watched_has_words(void **state) {
    size_t n = 0;
    (void)state;
    for (const char *path; (path = push_judge_watched(n)); n++)
        assert_true(field_known(path));
    assert_true(n > 20);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_is_there_free_or_in_the_way),
        cmocka_unit_test(stock_is_known_by_our_marker),
        cmocka_unit_test(a_note_is_known_by_its_words_behind_the_mark),
        cmocka_unit_test(a_refund_is_known_by_our_marker),
        cmocka_unit_test(a_creation_is_surely_absent_behind_the_mark_alone),
        cmocka_unit_test(a_customer_is_known_by_the_e_mail),
        cmocka_unit_test(what_was_kept_decides),
        cmocka_unit_test(only_what_surely_never_left_is_sent_again),
        cmocka_unit_test(the_quiet_time_is_the_shops),
        cmocka_unit_test(each_field_that_is_watched_has_words),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
