/* A session over SSH drops, a terminal is killed, the daemon is killed with it:
 * whoever picks or packs goes on at the same line, with what was counted. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/str.h"
#include "day.h"
#include "tests/lib/test.h"

#define F10 "\x1b[21~"

enum { LINES = 3, PIECES = 4, ROW = 160 };

enum loss { HANG_UP, KILL_CLIENT, KILL_BOTH, LOSSES };

struct shift {
    struct day d;
    struct desk k;
    struct day_goods goods[LINES];
    char ref[40];
};

static void end_of(struct desk *k) {
    if (term_status(k->t, DAY_MS) < 0)
        fail_msg("the client runs on");
    desk_close(k);
}

/* Gone, and back at the list of one's work, signed in anew. */
static void lose(struct shift *s, enum loss how) {
    if (how == HANG_UP)
        term_hang_up(s->k.t);
    else
        assert_int_equal(kill(term_pid(s->k.t), SIGKILL), 0);
    if (how == KILL_BOTH)
        day_kill(&s->d);
    end_of(&s->k);
    if (how == KILL_BOTH)
        day_again(&s->d);
    desk_open(&s->k, &s->d, "ali", "work", 24, 80);
    desk_see(&s->k, ">%s", s->ref);
    desk_type(&s->k, "\r");
}

/* The row the cursor stands in, from its mark to its count. */
static void here(struct shift *s, char ret[ROW]) {
    ret[0] = '\0';
    term_settle(s->k.t, 100);
    for (int y = 0; y < 24 && !ret[0]; y++) {
        const char *row = term_row(s->k.t, y);
        if (row[0] == '>')
            (void)str_copy(ret, ROW, row);
    }
    if (!ret[0])
        fail_msg("no line is selected:\n%s", term_screen(s->k.t));
}

static void scan(struct shift *s, int line, int n) {
    char count[24];
    desk_type(&s->k, "%s\r", s->goods[line].sku);
    (void)snprintf(count, sizeof count, "%d / %d", n, PIECES);
    desk_see_row(&s->k, s->goods[line].sku, count);
}

/* All pieces of all lines; a loss in the middle of each line. */
static void walk(struct shift *s, const char *title) {
    char before[ROW], after[ROW];
    for (int i = 0; i < LINES; i++) {
        for (int n = 1; n <= PIECES; n++) {
            scan(s, i, n);
            if (n != PIECES / 2)
                continue;
            here(s, before);
            lose(s, (enum loss)(i % LOSSES));
            desk_see(&s->k, "%s", title);
            desk_see(&s->k, "%s", s->goods[i].sku);
            here(s, after);
            assert_string_equal(after, before);
        }
    }
}

static void begin(struct shift *s) {
    static const int pieces[LINES] = {PIECES, PIECES, PIECES};
    day_begin(&s->d, "--storage", "hpos", "--trust-http", "--seed", "7",
              "--orders", "4", "--products", "20", "--customers", "4", NULL);
    day_person(&s->d, "ali", "staff", "");
    day_goods(&s->d, s->goods, LINES);
    desk_open(&s->k, &s->d, "ali", "orders", 24, 80);
    (void)snprintf(s->ref, sizeof s->ref, "alpine:%lld",
                   (long long)day_order(&s->d, s->goods, pieces, LINES));
    desk_see_row(&s->k, s->ref, "processing");
    desk_type(&s->k, "gg");
    desk_see(&s->k, ">%s", s->ref);
}

static void a_shift_over_a_bad_line(void **state) {
    struct shift s;
    (void)state;
    begin(&s);
    desk_type(&s.k, "p");
    desk_see(&s.k, "Scan >");
    walk(&s, "Scan >");
    desk_see(&s.k, "all picked: F10");
    desk_type(&s.k, F10);
    desk_see(&s.k, "is picked: the packers have it.");
    desk_type(&s.k, "gja"); /* everybody's */
    desk_see_row(&s.k, s.ref, "picked");
    desk_type(&s.k, "\r");
    desk_see(&s.k, "PACK %s", s.ref);
    walk(&s, "PACK");
    desk_see(&s.k, "left 0");
    desk_type(&s.k, F10);
    desk_see(&s.k, "Packed:");
    desk_close(&s.k);
    day_end(&s.d);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_shift_over_a_bad_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
