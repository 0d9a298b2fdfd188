/* Happy path: open the terminal, the link and the first screen, then turn the
 * loop: keys and answers change state, a turn that changed anything ends in
 * one paint.
 * Failure modes: an unknown terminal (a sentence and 64), no daemon (a banner
 * and attempts until there is one), the terminal or its owner going away
 * (leave at once, terminal restored; killed after LEAVE_S where not even that
 * is possible). */
#include "tui/app_core.h"
#include "tui/views.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "common/check.h"
#include "common/err.h"
#include "common/mem.h"
#include "common/paths.h"
#include "common/str.h"

enum { EXIT_USAGE = 64, MINUTE_MS = 60000, LEAVE_S = 5 };

static int signal_pipe[2] = {-1, -1};

static const int caught[] = {SIGWINCH, SIGHUP, SIGTERM, SIGINT, SIGQUIT};

/* Async-signal-safe: the loop does the work. A terminal that takes nothing
 * holds it in write(2); the alarm ends it then. */
static void on_signal(int sig) {
    int saved = errno;
    char c = (char)sig;
    if (sig != SIGWINCH) {
        (void)signal(SIGALRM, SIG_DFL);
        (void)alarm(LEAVE_S);
    }
    /* A full pipe already says what there is to say. */
    ssize_t n = write(signal_pipe[1], &c, 1);
    (void)n;
    errno = saved;
}

static void on_signal_byte(void *arg, short revents) {
    struct app *a = arg;
    char bytes[64];
    (void)revents;
    ssize_t n = read(signal_pipe[0], bytes, sizeof bytes);
    for (ssize_t i = 0; i < n; i++) {
        if (bytes[i] != SIGWINCH) {
            a->quit = true;
        } else if (a->screen) {
            a->screen->ops->resize(a->screen);
            a->dirty = true;
        }
    }
}

static void catch_signals(struct app *a) {
    struct sigaction act = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    REQUIRE(pipe2(signal_pipe, O_CLOEXEC | O_NONBLOCK) == 0);
    for (size_t i = 0; i < sizeof caught / sizeof *caught; i++) {
        (void)sigaction(caught[i], &act, NULL);
    }
    (void)signal(SIGPIPE, SIG_IGN);
    loop_watch(a->loop, signal_pipe[0], POLLIN, on_signal_byte, a);
}

/* The loop is over and the terminal as it was: from here on a signal ends the
 * program, for nobody would hear of it. */
static void release_signals(void) {
    for (size_t i = 0; i < sizeof caught / sizeof *caught; i++) {
        (void)signal(caught[i], SIG_DFL);
    }
    (void)close(signal_pipe[0]);
    (void)close(signal_pipe[1]);
}

/* All keys that are there before the one paint of this turn: a burst costs
 * one picture. */
static void on_terminal(void *arg, short revents) {
    struct app *a = arg;
    int key;
    (void)revents;
    while (!a->quit && (key = a->screen->ops->key(a->screen)) != KEY_NONE) {
        app_key(a, key);
    }
}

/* The only repaint without a cause: ages and the clock, once a minute. */
static void on_minute(void *arg) {
    struct app *a = arg;
    a->dirty = true;
    loop_timer(a->loop, MINUTE_MS - loop_now() % MINUTE_MS, on_minute, a);
}

static bool is_open(const struct app *a, const struct view_ops *ops) {
    for (int i = 0; i < a->depth; i++) {
        if (a->stack[i]->ops == ops) {
            return true;
        }
    }
    return false;
}

/* Up: the zone may be another one now, and the frame wants its stores. */
static void on_link_state(void *arg) {
    struct app *a = arg;
    a->dirty = true;
    if (a->link && link_state(a->link) == LINK_GUEST && !a->signing) {
        a->signing = true;
        app_push(a, &view_signin_ops, NULL);
    }
    if (a->link && link_state(a->link) == LINK_ENROL) {
        a->signing = false;
        if (!is_open(a, &view_totp_ops)) {
            app_push(a, &view_totp_ops, NULL);
        }
    }
    if (!a->link || link_state(a->link) != LINK_UP) {
        return;
    }
    a->signing = false; /* the view leaves by itself */
    zone_free(a->zone);
    a->zone = NULL;
    /* An unknown zone shows UTC. */
    (void)zone_load(link_session(a->link)->zone, &a->zone);
    app_stores_read(a);
    if (a->was_up) {
        app_say(a, ROLE_GOOD, "%s", T(LINK_BACK));
    }
    a->was_up = true;
}

/* One question for all that waits for it. */
static void on_prove(void *arg) {
    struct app *a = arg;
    if (is_open(a, &view_prove_ops)) {
        return;
    }
    app_push(a, &view_prove_ops, NULL);
    if (app_top(a)->ops != &view_prove_ops) {
        link_unproved(a->link); /* no room to ask in */
    }
}

/* --lang wins over the environment, in the order libc has. */
static const char *locale_name(const struct app_options *o) {
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    if (o->lang) {
        return o->lang;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *v = getenv(names[i]);
        if (!str_empty(v)) {
            return v;
        }
    }
    return "en";
}

static void open_link(struct app *a, const struct app_options *o) {
    struct link_options lo = {.socket_path = o->socket_path,
                              .locale = text_lang_name(tr_lang),
                              .read_only = o->read_only,
                              .as = o->as,
                              .token = o->token,
                              .token_first = o->token_first};
    struct link_events events = {a, on_link_state, app_on_event, on_prove};
    a->link = link_create(a->loop, &lo, &events);
}

/* A faulty keys.yaml is told, not fatal: the defaults serve. */
static void load_keys(struct app *a) {
    AUTO_BUF struct buf faults = BUF_INIT;
    AUTO_FREE char *path = paths_user_config("keys.yaml");
    if (keymap_load(&a->keymap, path, &faults) > 0) {
        buf_truncate(&faults, strcspn(buf_str(&faults), "\n"));
        app_say(a, ROLE_WARN, "%s", buf_str(&faults));
    }
}

static int open_screen(struct app *a) {
    struct error e = {0};
    int err = screen_curses_create(&a->screen, &e);
    if (err < 0) {
        fprintf(stderr, "fulexo: %s\n", e.detail);
        return EXIT_USAGE;
    }
    loop_watch(a->loop, 0, POLLIN, on_terminal, a);
    return 0;
}

static void run(struct app *a) {
    loop_timer(a->loop, MINUTE_MS - loop_now() % MINUTE_MS, on_minute, a);
    while (!a->quit) {
        if (a->dirty) {
            a->dirty = false;
            app_paint(a);
        }
        loop_turn(a->loop, -1);
        /* Keys curses read ahead wait in its own buffer, unseen by poll. */
        on_terminal(a, 0);
        app_ahead_turn(a);
    }
}

/* Views first: they forget their questions, which needs the link. */
static void app_done(struct app *a) {
    app_close_all(a);
    link_destroy(a->link);
    a->link = NULL;
    screen_destroy(a->screen);
    prompt_done(&a->prompt);
    for (int i = 0; i < VIEW_COUNT; i++) {
        prompt_history_done(&a->history[i]);
    }
    zone_free(a->zone);
    free(a->confirm.question);
    free(a->confirm.word);
    free(a->job.label);
    loop_destroy(a->loop);
    release_signals();
}

/* What can fail comes before the link, so that nothing has to be undone. */
static int start(struct app *a, const struct app_options *o) {
    const char *name = o->screen ? o->screen : "dashboard";
    const struct view_ops *first = view_find(name);
    if (!first) {
        fprintf(stderr, "fulexo: There is no screen \"%s\".\n", name);
        return EXIT_USAGE;
    }
    int status = a->plain ? 0 : open_screen(a);
    if (status == 0) {
        load_keys(a);
        open_link(a, o);
        app_go(a, first->id, NULL);
    }
    return status;
}

int app_run(const struct app_options *o) {
    AUTO_FREE struct app *a = NEW(struct app);
    REQUIRE(o->socket_path != NULL);
    tr_lang = text_lang(locale_name(o));
    a->loop = loop_create();
    a->read_only = o->read_only;
    a->plain = o->plain;
    a->dirty = true;
    a->after = -1;
    prompt_init(&a->prompt, NULL);
    catch_signals(a);
    int status = start(a, o);
    if (status == 0) {
        if (a->plain) {
            app_plain_run(a);
        } else {
            run(a);
        }
        status = a->exit_status;
    }
    app_done(a);
    return status;
}
