/* The terminal or the daemon goes away, in every order and at every moment:
 * the client ends, always and soon, and spins never. What is drawn from is a
 * seed; TEST_SEED and TEST_ROUNDS in the environment repeat or prolong it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/str.h"
#include "tui_test.h"

enum { END_MS = 20000, ROUNDS = 24, RACES = 40 };

static uint64_t seed;

static unsigned draw(unsigned below) {
    seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (unsigned)(seed >> 33) % below;
}

static unsigned from_env(const char *name, unsigned other) {
    int64_t n;
    const char *s = getenv(name);
    return s && str_to_i64(s, 1, INT32_MAX, &n) == 0 ? (unsigned)n : other;
}

static void seed_begin(void) {
    seed = from_env("TEST_SEED", (unsigned)time(NULL));
    print_message("TEST_SEED=%llu\n", (unsigned long long)seed);
}

/* Its end, without reading what it still writes. */
static bool ends(const struct term *t) {
    for (int ms = 0; ms < END_MS; ms += 5) {
        siginfo_t info = {0};
        int how = WEXITED | WNOHANG | WNOWAIT;
        if (waitid(P_PID, (id_t)term_pid(t), &info, how) == 0 && info.si_pid) {
            return true;
        }
        (void)usleep(5000);
    }
    return false;
}

enum step { HANG_UP, NO_DAEMON, TERMINATE, STEPS };

static void take_step(struct tui *t, enum step step) {
    switch (step) {
    case HANG_UP:
        term_hang_up(t->term);
        break;
    case NO_DAEMON:
        fake_daemon_away(t->daemon, true);
        break;
    default:
        (void)kill(term_pid(t->term), SIGTERM);
    }
    if (draw(2)) {
        (void)usleep(draw(40000));
    }
}

/* All three in an order that is drawn; the last may be left out, for the loss
 * of the terminal alone must end it. */
static void lose_all(struct tui *t) {
    enum step order[STEPS] = {HANG_UP, NO_DAEMON, TERMINATE};
    for (unsigned i = STEPS - 1; i > 0; i--) {
        unsigned j = draw(i + 1);
        enum step s = order[i];
        order[i] = order[j];
        order[j] = s;
    }
    for (unsigned i = 0; i < STEPS; i++) {
        if (order[i] != TERMINATE || draw(2)) {
            take_step(t, order[i]);
        }
    }
}

/* Something it may be in the middle of. */
static void be_busy(struct tui *t, unsigned what) {
    static const char *const keys[] = {
        "jjjjj", "/status:pro", "?",    "\r",      "f12",
        "n",     "e",           "\x1b", "\x1b[1;", "gs",
    };
    if (what % 4 == 1) {
        fake_daemon_mute(t->daemon, true); /* a request is pending */
    } else if (what % 4 == 2) {
        fake_daemon_away(t->daemon, true); /* it tries to connect */
    }
    term_send(t->term, keys[draw(sizeof keys / sizeof *keys)]);
    term_send(t->term, keys[draw(sizeof keys / sizeof *keys)]);
    (void)term_read(t->term, (int)draw(60));
}

static void check_ended(struct tui *t, const char *what) {
    if (!ends(t->term)) {
        term_destroy(t->term); /* it would spin until somebody saw it */
        fail_msg("%s: it runs on; seed now %llu", what,
                 (unsigned long long)seed);
    }
}

static void any_loss_at_any_moment_ends_it(void **state) {
    static const char *const plain[] = {"--plain", NULL};
    unsigned rounds = from_env("TEST_ROUNDS", ROUNDS);
    (void)state;
    seed_begin();
    for (unsigned i = 0; i < rounds; i++) {
        struct tui t;
        tui_start(&t, 24, 80, "orders", i % 5 == 4 ? plain : NULL);
        tui_expect(&t, "of 148");
        be_busy(&t, i);
        lose_all(&t);
        check_ended(&t, "after a loss");
        tui_stop(&t);
    }
}

/* The kernel's SIGHUP and SIGCONT meet a client that is leaving already. With
 * the address sanitizer that is when leaks are looked for, from a process that
 * stops this one: the SIGCONT undid the stop, and it was waited for for ever,
 * with SIGTERM caught by a loop that was over. */
static void a_terminal_lost_while_leaving(void **state) {
    unsigned rounds = from_env("TEST_ROUNDS", RACES);
    (void)state;
    seed_begin();
    for (unsigned i = 0; i < rounds; i++) {
        struct tui t;
        tui_start(&t, 24, 80, "orders", NULL);
        tui_expect(&t, "of 148");
        term_send(t.term, "\x11"); /* Ctrl-Q */
        (void)usleep(draw(30000));
        term_hang_up(t.term);
        check_ended(&t, "while leaving");
        tui_stop(&t);
    }
}

/* Nobody reads what it writes, as behind a link that is stuck: it waits in
 * write(2), and still SIGTERM ends it. */
static void a_terminal_that_takes_nothing(void **state) {
    struct tui t;
    (void)state;
    tui_start(&t, 24, 80, "orders", NULL);
    tui_expect(&t, "of 148");
    for (int i = 0; i < 100; i++) {
        term_send(t.term, "\x0c"); /* Ctrl-L: all of the screen */
        (void)usleep(2000);
    }
    (void)kill(term_pid(t.term), SIGTERM);
    check_ended(&t, "before a terminal that is stuck");
    tui_stop(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_loss_at_any_moment_ends_it),
        cmocka_unit_test(a_terminal_lost_while_leaving),
        cmocka_unit_test(a_terminal_that_takes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
