/* The raw ends of the protocol: any method, and the stream of events. */
#include <string.h>

#include "common/arena.h"
#include "common/str.h"
#include "completion.gen.h"
#include "tui/cli.h"
#include "tui/cli_help.h"
#include "tui/cli_print.h"

enum { STDIN_MAX = 4 * 1024 * 1024 };

static int read_stdin(struct cli *c, struct buf *ret) {
    size_t n;
    do {
        n = fread(buf_reserve(ret, 65536), 1, 65536, c->io.in);
        buf_added(ret, n);
    } while (n && ret->len <= STDIN_MAX);
    if (ferror(c->io.in))
        return cli_fail(c, ERR_IO, text_error(c->lang, ERR_IO));
    return ret->len > STDIN_MAX
               ? cli_fail(c, ERR_TOO_BIG, text_error(c->lang, ERR_TOO_BIG))
               : 0;
}

/* The parameters must be one JSON object: told here with the place, before the
 * daemon can only say that the line is wrong. */
static int check_object(struct cli *c, const struct buf *params) {
    struct arena *a = arena_new(4096);
    const struct json *v;
    size_t at = 0;
    char place[24];
    int rc = json_parse(a, buf_str(params), params->len, NULL, &v, &at);
    bool object = !rc && json_type(v) == JSON_OBJECT;
    arena_free(a);
    if (object)
        return 0;
    (void)str_format(place, sizeof place, "%zu", at + 1);
    return CLI_FAIL(c, ERR_INVALID_PARAMS, TEXT_CLI_NO_OBJECT, "at", place);
}

/* A message is one line. */
static void join_lines(struct buf *b) {
    for (size_t i = 0; i < b->len; i++)
        if (b->data[i] == '\n' || b->data[i] == '\r')
            b->data[i] = ' ';
}

int cli_call(struct cli *c, int argc, char **argv) {
    CLEANUP(rpc_reply_done) struct rpc_reply r = {0};
    AUTO_BUF struct buf params = BUF_INIT;
    int words = cli_plain_words(c, argc, argv, 2);
    if (words < 0)
        return words;
    if (c->o.help || !words) {
        cli_help_program(c, c->o.help ? c->io.out : c->io.err);
        return c->o.help ? 0 : err_exit_status(ERR_INVALID_PARAMS);
    }
    bool in = words > 1 && str_eq(argv[1], "-");
    if (!in)
        buf_adds(&params, words > 1 ? argv[1] : "{}");
    int rc = in ? read_stdin(c, &params) : 0;
    if (!rc)
        rc = check_object(c, &params);
    if (rc)
        return rc;
    join_lines(&params);
    rc = cli_ask(c, argv[0], params.data, &r);
    if (!rc)
        cli_print_json(c, r.text.data, r.text.len);
    return rc;
}

int cli_watch(struct cli *c, int argc, char **argv) {
    CLEANUP(rpc_reply_done) struct rpc_reply r = {0};
    CLEANUP(rpc_event_done) struct rpc_event ev = {0};
    struct error e = {0};
    int rc = cli_plain_words(c, argc, argv, 0);
    if (!rc && c->o.help)
        return cli_help_program(c, c->io.out), 0;
    if (!rc)
        rc = cli_ask(c, "events.subscribe", "{}", &r);
    if (rc)
        return rc;
    while ((rc = rpc_client_event(c->client, -1, NULL, &ev, &e)) > 0) {
        (void)fprintf(c->io.out, "%s\n", buf_str(&ev.text));
        if (fflush(c->io.out))
            return 0; /* cli_main tells */
    }
    return cli_fail_reply(c, rc, NULL, &e);
}

int cli_version(struct cli *c, int argc, char **argv) {
    int rc = cli_plain_words(c, argc, argv, 0);
    if (rc)
        return rc;
    if (c->o.json)
        (void)fprintf(c->io.out, "{\"version\":\"%s\",\"protocol\":%d}\n",
                      FULEXO_VERSION, RPC_CLIENT_VERSION);
    else
        (void)fprintf(c->io.out, "fulexo %s\n", FULEXO_VERSION);
    return 0;
}

int cli_completion(struct cli *c, int argc, char **argv) {
    int words = cli_plain_words(c, argc, argv, 1);
    if (words < 0)
        return words;
    const char *const *script = NULL;
    if (words && str_eq(argv[0], "bash"))
        script = completion_bash;
    else if (words && str_eq(argv[0], "zsh"))
        script = completion_zsh;
    if (!script)
        return CLI_FAIL(c, ERR_INVALID_PARAMS, TEXT_CLI_SHELL);
    for (; *script; script++)
        (void)fprintf(c->io.out, "%s\n", *script);
    return 0;
}
