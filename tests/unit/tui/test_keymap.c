#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/text.h"
#include "tui/keymap.h"

static enum keymap_found look(const struct keymap *m, enum action_view view,
                              int prefix, int key, enum action_id *ret) {
    *ret = ACTION_COUNT;
    return keymap_find(m, view, prefix, key, ret);
}

static int load(struct keymap *m, const char *text, struct buf *faults) {
    char path[] = "/tmp/keys-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_true(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    close(fd);
    int n = keymap_load(m, path, faults);
    unlink(path);
    return n;
}

static void every_default_is_a_key(void **state) {
    struct keymap m;
    int words = 0;
    (void)state;
    keymap_defaults(&m);
    for (int i = 0; i < ACTION_COUNT; i++) {
        const char *k = action_rows[i].keys;
        for (; *k; k++) {
            words += k[0] != ' ' && (k[1] == ' ' || k[1] == '\0');
        }
    }
    assert_int_equal(m.n, words);
}

static void views_and_sequences(void **state) {
    struct keymap m;
    enum action_id a;
    (void)state;
    keymap_defaults(&m);
    assert_int_equal(look(&m, VIEW_ORDERS, 0, 'j', &a), KEYMAP_ACTION);
    assert_int_equal(a, ACTION_DOWN);
    assert_int_equal(look(&m, VIEW_ORDERS, 0, 'g', &a), KEYMAP_PREFIX);
    assert_int_equal(look(&m, VIEW_ORDERS, 'g', 'g', &a), KEYMAP_ACTION);
    assert_int_equal(a, ACTION_FIRST);
    assert_int_equal(look(&m, VIEW_ORDERS, 'g', 'p', &a), KEYMAP_ACTION);
    assert_int_equal(a, ACTION_GO_PRODUCTS);
    assert_int_equal(look(&m, VIEW_FORM, 0, 'j', &a), KEYMAP_NONE);
    assert_int_equal(look(&m, VIEW_ORDERS, 'g', 'z', &a), KEYMAP_NONE);
}

/* What help and hints show is the key that does it, in every view; where a line
 * takes what is typed it is none of that. */
static void the_key_that_is_shown_works(void **state) {
    struct keymap m;
    (void)state;
    keymap_defaults(&m);
    for (int v = 0; v < VIEW_COUNT; v++) {
        for (int i = 0; i < ACTION_COUNT; i++) {
            enum action_view view = (enum action_view)v;
            AUTO_BUF struct buf shown = BUF_INIT;
            enum action_id found;
            int first = 0, key = 0;
            if (!(action_rows[i].views & (UINT64_C(1) << v))) {
                continue;
            }
            keymap_show(&m, view, (enum action_id)i, &shown);
            if (!shown.len) {
                print_error("%s in %s has no key\n", action_rows[i].name,
                            action_view_names[v]);
            }
            assert_true(shown.len > 0);
            char *blank = strchr(shown.data, ' ');
            if (blank) {
                *blank = '\0';
                assert_int_equal(key_parse(shown.data, &first), 0);
            }
            assert_int_equal(key_parse(blank ? blank + 1 : shown.data, &key),
                             0);
            assert_int_equal(look(&m, view, first, key, &found), KEYMAP_ACTION);
            assert_int_equal(found, i);
            if (keymap_is_line(view)) {
                assert_false(first || (key >= ' ' && key < KEY_SPECIAL &&
                                       key != KEY_BACKSPACE_));
            }
        }
    }
}

/* And each says in both languages what it does. */
static void every_action_has_words(void **state) {
    (void)state;
    for (int i = 0; i < ACTION_COUNT; i++) {
        const struct action_row *r = &action_rows[i];
        for (int l = 0; l < TEXT_LANGS; l++) {
            enum text_lang lang = (enum text_lang)l;
            assert_true(strlen(text_get(lang, r->hint_text)) > 0);
            assert_true(strlen(text_get(lang, r->help_text)) > 0);
        }
    }
}

static void a_file_replaces_and_wins(void **state) {
    struct keymap m;
    enum action_id a;
    AUTO_BUF struct buf faults = BUF_INIT;
    AUTO_BUF struct buf shown = BUF_INIT;
    (void)state;
    assert_int_equal(
        load(&m, "version: 1\nkeys:\n  down: n o\n  go_orders: g+z\n", &faults),
        0);
    assert_int_equal(look(&m, VIEW_ORDERS, 0, 'n', &a), KEYMAP_ACTION);
    assert_int_equal(a, ACTION_DOWN);
    assert_int_equal(look(&m, VIEW_ORDERS, 0, 'j', &a), KEYMAP_NONE);
    /* "o" was sort's: whoever chose it wins. */
    assert_int_equal(look(&m, VIEW_ORDERS, 0, 'o', &a), KEYMAP_ACTION);
    assert_int_equal(a, ACTION_DOWN);
    keymap_show(&m, VIEW_ORDERS, ACTION_GO_ORDERS, &shown);
    assert_string_equal(buf_str(&shown), "g z");
}

static void a_faulty_file_leaves_the_defaults(void **state) {
    struct keymap m;
    enum action_id a;
    AUTO_BUF struct buf faults = BUF_INIT;
    (void)state;
    assert_true(load(&m, "keys:\n  down: Ctrl-Nothing\n", &faults) > 0);
    assert_non_null(strstr(buf_str(&faults), "keys.down"));
    assert_int_equal(look(&m, VIEW_ORDERS, 0, 'j', &a), KEYMAP_ACTION);
    buf_clear(&faults);
    assert_true(load(&m, "keys:\n  explode: x\n", &faults) > 0);
    assert_true(load(&m, "version: 2\n", &faults) > 0);
    assert_int_equal(keymap_load(&m, "/nonexistent/keys.yaml", &faults), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_default_is_a_key),
        cmocka_unit_test(views_and_sequences),
        cmocka_unit_test(the_key_that_is_shown_works),
        cmocka_unit_test(every_action_has_words),
        cmocka_unit_test(a_file_replaces_and_wins),
        cmocka_unit_test(a_faulty_file_leaves_the_defaults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
