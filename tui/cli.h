/* The command line `fulexo`: everything but the terminal screens. Commands come
 * from the tables made of schema/rpc (cli.gen.h); a few friendly ones are added
 * here. This header is what its files share. */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "cli.gen.h"
#include "common/buf.h"
#include "common/err.h"
#include "common/text.h"
#include "tui/cli_options.h"
#include "tui/rpc_client.h"

/* Where it reads and writes; a test gives files of its own. */
struct cli_io {
    FILE *in, *out, *err;
    bool in_tty;           /* a person types */
    bool out_tty, err_tty; /* a person watches */
    int width;             /* cells of a terminal, 0: do not fit */
};

/* Opens the terminal; returns the exit status. */
typedef int cli_tui_fn(const struct cli_options *o, const char *socket_path);

/* What went wrong, for people and with --json for programs. */
struct cli_fault {
    int code;      /* 0: nothing */
    char *message; /* sentence */
    char *hint;    /* cure, or NULL: that of the code */
    char *json;    /* the protocol's error object, or NULL: made of the rest */
};

/* One run. */
struct cli {
    struct cli_io io;
    struct cli_options o;
    enum text_lang lang;
    char *socket_path;
    struct rpc_client *client; /* NULL until cli_connect */
    struct cli_fault fault;
};

/* The whole program behind main: returns the exit status (sysexits). tui may be
 * NULL. */
int cli_main(int argc, char **argv, const struct cli_io *io, cli_tui_fn *tui);

/* Remember a failure; the first one stays. Returns code. CLI_FAIL takes a text
 * and its pairs. */
int cli_fail(struct cli *c, int code, const char *message);
#define CLI_FAIL(c, code, id, ...)                                             \
    ({                                                                         \
        AUTO_BUF struct buf text_ = BUF_INIT;                                  \
        text_format(&text_, (c)->lang, (id), ##__VA_ARGS__, NULL);             \
        cli_fail((c), (code), buf_str(&text_));                                \
    })

/* Connect and open the session; does nothing when that is done. */
int cli_connect(struct cli *c);

/* Ask the daemon; a failure becomes the run's fault. params as in
 * rpc_client_call. */
int cli_ask(struct cli *c, const char *method, const char *params,
            struct rpc_reply *ret);

/* Take a failed answer or a lost connection as the run's fault. */
int cli_fail_reply(struct cli *c, int rc, const struct rpc_reply *r,
                   const struct error *e);

/* A line of text from the catalogue to stdout. */
#define CLI_SAY(c, id, ...)                                                    \
    ({                                                                         \
        AUTO_BUF struct buf text_ = BUF_INIT;                                  \
        text_format(&text_, (c)->lang, (id), ##__VA_ARGS__, NULL);             \
        (void)fprintf((c)->io.out, "%s\n", buf_str(&text_));                   \
    })

/* The friendly commands. argv begins behind the command's name; each returns 0
 * or more = exit status, or a negative error that was remembered. */
int cli_call(struct cli *c, int argc, char **argv);
int cli_watch(struct cli *c, int argc, char **argv);
int cli_monitor(struct cli *c, int argc, char **argv);
int cli_doctor(struct cli *c, int argc, char **argv);
int cli_completion(struct cli *c, int argc, char **argv);
int cli_version(struct cli *c, int argc, char **argv);

/* Read the options a friendly command has in common with all others; words are
 * refused beyond `max_words`, the others are moved to the front of argv.
 * Returns their number. */
int cli_plain_words(struct cli *c, int argc, char **argv, int max_words);

/* A command of the tables: arguments, call, wait for its job, print. */
int cli_method(struct cli *c, const struct cli_method *m, int argc,
               char **argv);
