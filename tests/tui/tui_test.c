#include "tui_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { WAIT_MS = 4000, ARGS = 12 };

void tui_start(struct tui *t, int h, int w, const char *screen,
               const char *const args[]) {
    static const char *const env[] = {SHOP_DATA_NOW_TEXT,
                                      "XDG_CONFIG_HOME=/nonexistent", NULL};
    const char *argv[ARGS] = {TUI_APP};
    int n = 1;
    t->daemon = fake_daemon_start();
    t->shops = (struct shop_data){.orders = 148, .changed = -1};
    shop_data_serve(t->daemon, &t->shops);
    argv[n++] = fake_daemon_socket(t->daemon);
    argv[n++] = "--screen";
    argv[n++] = screen;
    for (; args && *args && n < ARGS - 1; args++) {
        argv[n++] = *args;
    }
    t->term = term_spawn(argv, h, w, env);
}

void tui_stop(struct tui *t) {
    term_destroy(t->term);
    fake_daemon_stop(t->daemon);
}

static void show(struct tui *t, const char *what, const char *text) {
    print_error("%s \"%s\"; the screen is:\n%s\n", what, text,
                term_screen(t->term));
}

void tui_expect(struct tui *t, const char *text) {
    if (!term_wait(t->term, text, WAIT_MS)) {
        show(t, "does not come:", text);
        fail();
    }
}

void tui_expect_gone(struct tui *t, const char *text) {
    if (!term_wait_gone(t->term, text, WAIT_MS)) {
        show(t, "does not go:", text);
        fail();
    }
}

void tui_expect_row(struct tui *t, int y, const char *text) {
    if (!strstr(term_row(t->term, y), text)) {
        show(t, "not in its row:", text);
        fail();
    }
}

void tui_expect_screen(struct tui *t, const char *golden) {
    term_settle(t->term, 150);
    if (strcmp(term_screen(t->term), golden) != 0) {
        show(t, "is not", "the golden screen");
        fail();
    }
}
