/* Nothing here asks whether something is dangerous: what is not needed is not
 * there. There is no shell to reach, because nothing is ever started; a
 * resource limit keeps it so, should a library think otherwise. */
#include "tui/captive.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "common/mem.h"
#include "common/str.h"

enum {
    IDLE_S = 15 * 60,
    COMMAND_MAX = 8192,
    WORDS_MAX = 64,
    EXIT_USAGE = 64,
    EXIT_SELF = 70,
};

static bool locked;
static char command[COMMAND_MAX];   /* words of the other end, cut in place */
static char *joined[WORDS_MAX + 8]; /* ours and theirs */

bool captive(void) {
    return locked;
}

void captive_alive(void) {
    if (locked)
        (void)alarm(IDLE_S);
}

static void on_idle(int sig) {
    (void)sig;
    /* As the service manager would: the terminal is put back in order. */
    (void)kill(getpid(), SIGTERM);
}

/* --- the command ---------------------------------------------------------- */

/* One word from *at; NULL: a quote is open. */
static char *cut_word(char **at) {
    char *from = *at, *to = *at, *word = *at;
    char quote = '\0';
    for (; *from && (quote || (*from != ' ' && *from != '\t')); from++) {
        if (quote ? *from == quote : (*from == '\'' || *from == '"'))
            quote = quote ? '\0' : *from;
        else if (*from == '\\' && quote != '\'' && from[1])
            *to++ = *++from;
        else
            *to++ = *from;
    }
    if (quote)
        return NULL;
    *at = from + (*from != '\0');
    *to = '\0';
    return word;
}

int captive_split(char *text, char **words, int max) {
    int n = 0;
    for (;;) {
        text += strspn(text, " \t");
        if (!*text)
            return n;
        if (n == max || !(words[n++] = cut_word(&text)))
            return -1;
    }
}

/* Which of our own options are not the other end's to give. */
static bool is_ours(const char *word) {
    static const char *const ours[] = {"--socket", "--captive", "--as"};
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++) {
        size_t n = strlen(ours[i]);
        if (strncmp(word, ours[i], n) == 0 && (!word[n] || word[n] == '='))
            return true;
    }
    return false;
}

static int refuse(const char *why) {
    (void)fprintf(stderr, "fulexo: %s\n", why);
    return EXIT_USAGE;
}

/* Ours first, then theirs; argv[0] stays. */
static int join(int *argc, char ***argv, const char *asked) {
    char *theirs[WORDS_MAX];
    int n = 0, at = 0;
    for (int i = 0; i < *argc && n < 8; i++) {
        if (!str_eq((*argv)[i], "--captive"))
            joined[n++] = (*argv)[i];
    }
    if (!asked)
        asked = "";
    if (strlen(asked) >= sizeof command)
        return refuse("the command is too long");
    memcpy(command, asked, strlen(asked) + 1);
    int got = captive_split(command, theirs, WORDS_MAX - 8);
    if (got < 0)
        return refuse("the command has an open quote or too many words");
    if (got > 0 && str_eq(theirs[0], "fulexo"))
        at = 1;
    for (; at < got; at++) {
        if (is_ours(theirs[at]))
            return refuse("that option is not to be given from here");
        joined[n++] = theirs[at];
    }
    joined[n] = NULL;
    *argc = n;
    *argv = joined;
    return 0;
}

/* --- the door ------------------------------------------------------------- */

/* A name of a terminal: it becomes part of a path in terminfo. */
static bool is_plain(const char *s) {
    size_t n = s ? strlen(s) : 0;
    return n > 0 && n <= 64 && s[0] != '.' &&
           strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                     "0123456789+-._@") == n;
}

static void empty_environment(void) {
    static const char *const kept[] = {"TERM",     "LANG",        "LC_ALL",
                                       "LC_CTYPE", "LC_MESSAGES", "NO_COLOR"};
    enum { KEPT = sizeof kept / sizeof *kept };
    char *values[KEPT];
    for (size_t i = 0; i < KEPT; i++) {
        const char *v = getenv(kept[i]);
        values[i] = is_plain(v) ? mem_dup(v) : NULL;
    }
    (void)clearenv();
    for (size_t i = 0; i < KEPT; i++) {
        if (values[i])
            (void)setenv(kept[i], values[i], 1);
        free(values[i]);
    }
    /* No ~/.terminfo, no keys.yaml, no kept login. */
    (void)setenv("HOME", "/nonexistent", 1);
}

static bool lock_door(void) {
    static const struct rlimit none = {0, 0};
    struct sigaction idle = {.sa_handler = on_idle};
    (void)signal(SIGXFSZ, SIG_IGN); /* a write to a file fails instead */
    bool good = close_range(3, ~0U, 0) == 0 &&
                setrlimit(RLIMIT_FSIZE, &none) == 0 &&
                setrlimit(RLIMIT_NPROC, &none) == 0 &&
                setrlimit(RLIMIT_CORE, &none) == 0 &&
                prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
                sigaction(SIGALRM, &idle, NULL) == 0;
#ifndef __SANITIZE_ADDRESS__
    good = good && prctl(PR_SET_DUMPABLE, 0) == 0;
#endif
    return good;
}

int captive_begin(int *argc, char ***argv) {
    bool asked = false;
    for (int i = 1; i < *argc; i++)
        asked |= str_eq((*argv)[i], "--captive");
    if (!asked)
        return 0;
    int rc = join(argc, argv, getenv("SSH_ORIGINAL_COMMAND"));
    if (rc)
        return rc;
    empty_environment();
    if (!lock_door()) {
        (void)fprintf(stderr, "fulexo: the door cannot be locked\n");
        return EXIT_SELF;
    }
    locked = true;
    captive_alive();
    return 0;
}
