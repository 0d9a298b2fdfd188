#include "tui_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/buf.h"
#include "common/str.h"
#include "people_data.h"

enum { WAIT_MS = 20000, ARGS = 12 };

void tui_start(struct tui *t, int h, int w, const char *screen,
               const char *const args[]) {
    const char *env[] = {SHOP_DATA_NOW_TEXT, "XDG_CONFIG_HOME=/nonexistent",
                         NULL, NULL, NULL};
    const char *argv[ARGS] = {TUI_APP};
    int n = 1;
    t->daemon = fake_daemon_start();
    t->shops = (struct shop_data){.orders = 148, .changed = -1};
    shop_data_serve(t->daemon, &t->shops);
    people_data_serve(t->daemon);
    argv[n++] = fake_daemon_socket(t->daemon);
    argv[n++] = "--screen";
    argv[n++] = screen;
    for (; args && *args && n < ARGS - 1; args++) {
        if (str_starts(*args, "TEST_NOW=")) {
            env[0] = *args;
            env[2] = "TEST_RUNS=1";
        } else if ((*args)[0] != '-' && strchr(*args, '=')) {
            env[env[2] ? 3 : 2] = *args;
        } else {
            argv[n++] = *args;
        }
    }
    t->term = term_spawn(argv, h, w, env);
}

void tui_stop(struct tui *t) {
    int faults = fake_daemon_faults(t->daemon);
    term_destroy(t->term);
    fake_daemon_stop(t->daemon);
    assert_int_equal(faults, 0);
}

static void show(struct tui *t, const char *what, const char *text) {
    fprintf(stderr, "%s \"%s\"; the screen is:\n%s\n", what, text,
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
    for (int i = 0; i < WAIT_MS / 20; i++) {
        if (strstr(term_row(t->term, y), text)) {
            return;
        }
        (void)term_read(t->term, 20);
    }
    show(t, "not in its row:", text);
    fail();
}

void tui_expect_cursor(struct tui *t, int y) {
    int cy = -1, cx;
    for (int i = 0; i < WAIT_MS / 20; i++) {
        term_cursor(t->term, &cy, &cx);
        if (cy == y) {
            return;
        }
        (void)term_read(t->term, 20);
    }
    assert_int_equal(cy, y);
}

void tui_expect_calls(struct tui *t, const char *method, int n) {
    for (int i = 0; i < WAIT_MS / 20; i++) {
        if (fake_daemon_calls(t->daemon, method) >= n) {
            break;
        }
        (void)term_read(t->term, 20);
    }
    assert_int_equal(fake_daemon_calls(t->daemon, method), n);
}

static void write_golden(const char *path, const char *screen) {
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_true(fputs(screen, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

/* The file's text as buf; empty when there is none. */
static void read_golden(const char *path, struct buf *out) {
    FILE *f = fopen(path, "r");
    if (f) {
        buf_added(out, fread(buf_reserve(out, 65536), 1, 65536, f));
        (void)fclose(f);
    }
}

void tui_expect_golden(struct tui *t, const char *name) {
    char path[300];
    AUTO_BUF struct buf golden = BUF_INIT;
    term_settle(t->term, 200);
    assert_int_equal(str_format(path, sizeof path, GOLDEN "/%s.txt", name), 0);
    if (getenv("UPDATE_GOLDEN")) {
        write_golden(path, term_screen(t->term));
        return;
    }
    read_golden(path, &golden);
    if (!term_wait_screen(t->term, buf_str(&golden), WAIT_MS)) {
        show(t, "is not", name);
        fail();
    }
}

struct size {
    int h, w;
};
static const struct size sizes[] = {{24, 80}, {40, 120}, {12, 40}};

void tui_golden(const char *screen, const char *keys, const char *ready,
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
