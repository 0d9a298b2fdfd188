/* Happy path: language and socket are found first, since even a wrong command
 * line is told in the reader's language; options before the command; the
 * command, which connects when it has to. What fails leaves one fault behind,
 * told at the end on stderr, or as JSON on stdout.
 * Failure modes: a command line that makes no sense (64, nothing was asked), no
 * daemon (69), an answer that is an error, an output that takes nothing (70).
 */
#include "tui/cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/check.h"
#include "common/jsonw.h"
#include "common/mem.h"
#include "common/paths.h"
#include "common/str.h"
#include "common/utf8.h"
#include "tui/cli_bulk.h"
#include "tui/cli_files.h"
#include "tui/cli_find.h"
#include "tui/cli_help.h"
#include "tui/cli_login.h"
#include "tui/cli_print.h"

/* --- faults ------------------------------------------------------------- */

int cli_fail(struct cli *c, int code, const char *message) {
    REQUIRE(code < 0);
    if (!c->fault.code) {
        c->fault.code = code;
        c->fault.message = mem_dup(message);
    }
    return c->fault.code;
}

int cli_fail_reply(struct cli *c, int rc, const struct rpc_reply *r,
                   const struct error *e) {
    AUTO_BUF struct buf text = BUF_INIT;
    bool answered = r && r->code;
    if (c->fault.code)
        return c->fault.code;
    buf_adds(&text, answered ? r->message : text_error(c->lang, rc));
    if (answered && !str_empty(r->field))
        buf_addf(&text, " (%s)", r->field);
    else if (!answered && *e->detail)
        buf_addf(&text, " (%s)", e->detail);
    (void)cli_fail(c, rc, buf_str(&text));
    if (answered) {
        c->fault.hint = mem_dup(r->hint);
        c->fault.json = mem_dup(buf_str(&r->text));
    }
    return rc;
}

static const char *hint_of(const struct cli *c) {
    if (c->fault.hint)
        return *c->fault.hint ? c->fault.hint : NULL;
    /* Of a wrong command line the sentence itself says what to do. */
    if (c->fault.code == ERR_INVALID_PARAMS)
        return NULL;
    return text_cure(c->lang, c->fault.code);
}

static void fault_json(struct cli *c) {
    AUTO_BUF struct buf out = BUF_INIT;
    struct jsonw w;
    if (c->fault.json) {
        cli_print_json(c, c->fault.json, strlen(c->fault.json));
        return;
    }
    jsonw_init(&w, &out);
    jsonw_begin_object(&w);
    jsonw_ki64(&w, "code", c->fault.code);
    jsonw_kstring(&w, "message", c->fault.message);
    jsonw_key(&w, "data");
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "code", err_name(c->fault.code));
    if (hint_of(c))
        jsonw_kstring(&w, "hint", hint_of(c));
    jsonw_end_object(&w);
    jsonw_end_object(&w);
    cli_print_json(c, out.data, out.len);
}

/* One line for people: what happened, then the cure. */
static void fault_line(struct cli *c) {
    AUTO_BUF struct buf raw = BUF_INIT;
    AUTO_BUF struct buf safe = BUF_INIT;
    const char *hint = hint_of(c);
    buf_addf(&raw, "fulexo: %s%s%s", c->fault.message, hint ? " " : "",
             hint ? hint : "");
    utf8_safe(&safe, raw.data, raw.len);
    (void)fprintf(c->io.err, "%s\n", buf_str(&safe));
}

/* --- daemon ------------------------------------------------------------- */

int cli_connect(struct cli *c) {
    CLEANUP(rpc_reply_done) struct rpc_reply r = {0};
    struct error e = {0};
    if (c->client)
        return 0;
    int rc = rpc_client_open(c->socket_path, &c->client, &e);
    if (!rc)
        rc = rpc_client_session(c->client, text_lang_name(c->lang),
                                c->o.read_only, c->o.as, &r, &e);
    return rc ? cli_fail_reply(c, rc, &r, &e) : cli_login_enter(c, r.result);
}

int cli_ask(struct cli *c, const char *method, const char *params,
            struct rpc_reply *ret) {
    struct error e = {0};
    int rc = cli_connect(c);
    if (rc)
        return rc;
    rc = rpc_client_call(c->client, method, params, ret, &e);
    if (rc == ERR_STEP_UP && cli_login_confirm(c) == 0)
        rc = rpc_client_call(c->client, method, params, ret, &e);
    return rc ? cli_fail_reply(c, rc, ret, &e) : 0;
}

/* --- commands ----------------------------------------------------------- */

static const struct command {
    const char *name;
    int (*run)(struct cli *c, int argc, char **argv);
} commands[] = {
    {"call", cli_call},       {"watch", cli_watch},
    {"monitor", cli_monitor}, {"doctor", cli_doctor},
    {"login", cli_login},     {"logout", cli_logout},
    {"accept", cli_accept},   {"completion", cli_completion},
    {"version", cli_version}, {"help", cli_help_command},
};

static const struct command *find_command(const char *name) {
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (str_eq(commands[i].name, name))
            return &commands[i];
    return NULL;
}

static int unknown_verb(struct cli *c, const struct cli_resource *r,
                        const char *verb) {
    const char *near = cli_find_near_verb(r, verb);
    if (near)
        return CLI_FAIL(c, ERR_INVALID_PARAMS, TEXT_CLI_UNKNOWN_VERB_NEAR,
                        "resource", r->name, "verb", verb, "near", near);
    return CLI_FAIL(c, ERR_INVALID_PARAMS, TEXT_CLI_UNKNOWN_VERB, "resource",
                    r->name, "verb", verb);
}

/* RESOURCE VERB, ALIAS, or RESOURCE alone (which asks for help). argv[0] is the
 * first word. */
static int table_command(struct cli *c, int argc, char **argv) {
    const struct cli_resource *r = cli_find_resource(argv[0]);
    bool word = argc > 1 && argv[1][0] != '-';
    const struct cli_method *m = r && word ? cli_find_verb(r, argv[1]) : NULL;
    if (m)
        return cli_method(c, m, argc - 2, argv + 2);
    m = cli_find_alias(argv[0]);
    if (m)
        return cli_method(c, m, argc - 1, argv + 1);
    if (r && word && str_eq(argv[0], "tickets") && str_eq(argv[1], "attach"))
        return cli_attach(c, argc - 2, argv + 2);
    if (r && word && str_eq(argv[0], "orders") && str_eq(argv[1], "bulk"))
        return cli_bulk(c, argc - 2, argv + 2);
    if (r && word)
        return unknown_verb(c, r, argv[1]);
    if (r) {
        bool asked =
            argc > 1 && (str_eq(argv[1], "--help") || str_eq(argv[1], "-h"));
        cli_help_resource(c, asked ? c->io.out : c->io.err, r);
        return asked ? 0 : err_exit_status(ERR_INVALID_PARAMS);
    }
    return cli_help_command(c, argc, argv); /* names the nearest command */
}

static int run_command(struct cli *c, int argc, char **argv) {
    const struct command *command = find_command(argv[0]);
    const struct cli_resource *r = cli_find_resource(argv[0]);
    if (c->o.screen || c->o.plain)
        return CLI_FAIL(c, ERR_INVALID_PARAMS, TEXT_CLI_TERMINAL_ONLY);
    /* `fulexo monitor` is friendly, `fulexo monitor get` the method. */
    if (command && !(r && argc > 1 && cli_find_verb(r, argv[1])))
        return command->run(c, argc - 1, argv + 1);
    return table_command(c, argc, argv);
}

int cli_plain_words(struct cli *c, int argc, char **argv, int max_words) {
    int words = 0;
    for (int at = 0; at < argc;) {
        bool option = argv[at][0] == '-' && argv[at][1];
        const char *arg = argv[at];
        int rc = option ? cli_options_take(&c->o, argc, argv, &at) : 0;
        if (rc < 0)
            return CLI_FAIL(c, rc, TEXT_CLI_NO_VALUE, "option", arg);
        if (option && !rc)
            return CLI_FAIL(c, ERR_INVALID_PARAMS, TEXT_CLI_UNKNOWN_OPTION,
                            "option", arg);
        if (!option && words >= max_words)
            return CLI_FAIL(c, ERR_INVALID_PARAMS, TEXT_CLI_EXTRA_WORD, "word",
                            arg);
        if (!option)
            argv[words++] = argv[at++];
    }
    return words;
}

/* --- program ------------------------------------------------------------ */

/* Options before the command; *ret_at becomes its place. */
static int leading_options(struct cli *c, int argc, char **argv, int *ret_at) {
    int at = 1;
    while (at < argc && argv[at][0] == '-') {
        const char *arg = argv[at];
        int rc = cli_options_take(&c->o, argc, argv, &at);
        if (rc < 0)
            return CLI_FAIL(c, rc, TEXT_CLI_NO_VALUE, "option", arg);
        if (!rc) {
            const char *near = cli_find_option(NULL, arg);
            return near ? CLI_FAIL(c, ERR_INVALID_PARAMS,
                                   TEXT_CLI_UNKNOWN_OPTION_NEAR, "option", arg,
                                   "near", near)
                        : CLI_FAIL(c, ERR_INVALID_PARAMS,
                                   TEXT_CLI_UNKNOWN_OPTION, "option", arg);
        }
    }
    *ret_at = at;
    return 0;
}

/* --lang and --socket may stand anywhere, and are needed before the rest is
 * understood. */
static void early_options(struct cli *c, int argc, char **argv) {
    const char *lang = getenv("LC_ALL");
    if (str_empty(lang))
        lang = getenv("LC_MESSAGES");
    if (str_empty(lang))
        lang = getenv("LANG");
    const char *socket = NULL;
    for (int i = 1; i < argc; i++) {
        const char *value = NULL;
        const char *next = i + 1 < argc ? argv[i + 1] : NULL;
        if (cli_options_match(argv[i], "--lang", &value))
            lang = value ? value : next;
        if (cli_options_match(argv[i], "--socket", &value))
            socket = value ? value : next;
    }
    c->lang = text_lang(lang);
    c->socket_path = socket ? mem_dup(socket) : paths_client_socket();
}

static int run(struct cli *c, int argc, char **argv, cli_tui_fn *tui) {
    int at = argc;
    int rc = leading_options(c, argc, argv, &at);
    if (rc)
        return rc;
    if (c->o.version)
        return cli_version(c, 0, NULL);
    if (at < argc)
        return run_command(c, argc - at, argv + at);
    if (tui && !c->o.help && !c->o.plain && !(c->io.in_tty && c->io.out_tty))
        return CLI_FAIL(c, ERR_INVALID_PARAMS, TEXT_CLI_NO_TERMINAL);
    if (tui && !c->o.help)
        return tui(&c->o, c->socket_path);
    cli_help_program(c, c->o.help ? c->io.out : c->io.err);
    return c->o.help ? 0 : err_exit_status(ERR_INVALID_PARAMS);
}

/* The answer that does not reach its reader was not given. */
static int flush(struct cli *c, int rc) {
    if (fflush(c->io.out) == 0 && !ferror(c->io.out))
        return rc;
    int err = errno;
    struct error e = {0};
    (void)error_set(&e, ERR_IO, "stdout", "stdout: %s", strerror(err));
    return rc < 0 ? rc : cli_fail_reply(c, ERR_IO, NULL, &e);
}

int cli_main(int argc, char **argv, const struct cli_io *io, cli_tui_fn *tui) {
    struct cli c = {.io = *io};
    early_options(&c, argc, argv);
    int rc = flush(&c, run(&c, argc, argv, tui));
    if (rc < 0 && c.o.json)
        fault_json(&c);
    else if (rc < 0)
        fault_line(&c);
    rpc_client_close(c.client);
    free(c.socket_path);
    free(c.fault.message);
    free(c.fault.hint);
    free(c.fault.json);
    return rc < 0 ? err_exit_status(rc) : rc;
}
