#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tui/key.h"
#include "tui/prompt.h"

static void type(struct prompt *p, const char *text) {
    for (; *text; text++) {
        assert_int_equal(prompt_key(p, *text), PROMPT_EDITED);
    }
}

static void edits_whole_characters(void **state) {
    struct prompt p;
    (void)state;
    prompt_init(&p, "a\xc5\x9f");
    assert_int_equal(prompt_key(&p, 0x130), PROMPT_EDITED);
    assert_string_equal(buf_str(&p.text), "a\xc5\x9f\xc4\xb0");
    prompt_key(&p, KEY_LEFT_);
    prompt_key(&p, KEY_BACKSPACE_);
    assert_string_equal(buf_str(&p.text), "a\xc4\xb0");
    prompt_key(&p, KEY_HOME_);
    prompt_key(&p, KEY_DEL_);
    prompt_key(&p, KEY_DEL_);
    assert_string_equal(buf_str(&p.text), "");
    assert_int_equal(prompt_key(&p, KEY_BACKSPACE_), PROMPT_CANCELLED);
    prompt_done(&p);
}

static void control_characters_stay_out(void **state) {
    struct prompt p;
    (void)state;
    prompt_init(&p, NULL);
    assert_int_equal(prompt_key(&p, 1 /* Ctrl-A: to the start */),
                     PROMPT_EDITED);
    assert_int_equal(prompt_key(&p, 0x1c), PROMPT_IGNORED);
    assert_int_equal(prompt_key(&p, 0x85), PROMPT_IGNORED);
    assert_int_equal(prompt_key(&p, KEY_F1_), PROMPT_IGNORED);
    assert_int_equal((int)p.text.len, 0);
    for (int i = 0; i < PROMPT_MAX + 50; i++) {
        (void)prompt_key(&p, 'x');
    }
    assert_int_equal((int)p.text.len, PROMPT_MAX);
    prompt_done(&p);
}

static void words_go_at_once(void **state) {
    struct prompt p;
    (void)state;
    prompt_init(&p, "status:processing age:>2d ");
    prompt_key(&p, KEY_CTRL('w'));
    assert_string_equal(buf_str(&p.text), "status:processing ");
    prompt_key(&p, KEY_CTRL('u'));
    assert_string_equal(buf_str(&p.text), "");
    prompt_done(&p);
}

static void history_keeps_what_was_typed(void **state) {
    struct prompt_history h = {.n = 0};
    struct prompt p;
    (void)state;
    prompt_history_add(&h, "one");
    prompt_history_add(&h, "two");
    prompt_history_add(&h, "two");
    prompt_history_add(&h, "");
    assert_int_equal(h.n, 2);
    prompt_init(&p, NULL);
    p.history = &h;
    p.history_at = h.n;
    type(&p, "thr");
    prompt_key(&p, KEY_UP_);
    assert_string_equal(buf_str(&p.text), "two");
    prompt_key(&p, KEY_UP_);
    prompt_key(&p, KEY_UP_);
    assert_string_equal(buf_str(&p.text), "one");
    prompt_key(&p, KEY_DOWN_);
    prompt_key(&p, KEY_DOWN_);
    assert_string_equal(buf_str(&p.text), "thr");
    prompt_done(&p);
    for (int i = 0; i < PROMPT_HISTORY + 5; i++) {
        prompt_history_add(&h, i % 2 ? "a" : "b");
    }
    assert_int_equal(h.n, PROMPT_HISTORY);
    prompt_history_done(&h);
}

static void candidates(void *arg, struct prompt *p, const char *text,
                       size_t cursor, size_t *ret_from) {
    (void)arg;
    (void)cursor;
    *ret_from = 0;
    if (text[0] == 's') {
        prompt_candidate(p, "status:");
        prompt_candidate(p, "store:");
    } else {
        prompt_candidate(p, "age:");
    }
}

static void tab_walks_the_candidates(void **state) {
    struct prompt p;
    (void)state;
    prompt_init(&p, NULL);
    p.complete = candidates;
    type(&p, "st");
    prompt_key(&p, KEY_TAB_);
    assert_string_equal(buf_str(&p.text), "status:");
    prompt_key(&p, KEY_TAB_);
    assert_string_equal(buf_str(&p.text), "store:");
    prompt_key(&p, KEY_TAB_);
    assert_string_equal(buf_str(&p.text), "status:");
    prompt_key(&p, KEY_BACKTAB_);
    assert_string_equal(buf_str(&p.text), "store:");
    prompt_set(&p, "a");
    prompt_key(&p, 'g');
    prompt_key(&p, KEY_TAB_);
    assert_string_equal(buf_str(&p.text), "age:");
    prompt_done(&p);
}

static void shown_part_holds_the_cursor(void **state) {
    struct prompt p;
    AUTO_BUF struct buf out = BUF_INIT;
    int cursor;
    (void)state;
    prompt_init(&p, "abcdefghij");
    prompt_show(&p, 5, &out, &cursor);
    assert_true(cursor < 5);
    assert_string_equal(buf_str(&out), "ghij");
    prompt_key(&p, KEY_HOME_);
    buf_clear(&out);
    prompt_show(&p, 5, &out, &cursor);
    assert_int_equal(cursor, 0);
    p.secret = true;
    buf_clear(&out);
    prompt_show(&p, 20, &out, &cursor);
    assert_string_equal(buf_str(&out), "**********");
    prompt_done(&p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edits_whole_characters),
        cmocka_unit_test(control_characters_stay_out),
        cmocka_unit_test(words_go_at_once),
        cmocka_unit_test(history_keeps_what_was_typed),
        cmocka_unit_test(tab_walks_the_candidates),
        cmocka_unit_test(shown_part_holds_the_cursor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
