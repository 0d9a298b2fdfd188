/* `fulexo doctor`: can this machine's client, daemon and shops work together?
 * From the near end to the far one; the first step that fails ends it, as the
 * rest cannot be asked. */
#include <sys/stat.h>

#include "common/arena.h"
#include "common/str.h"
#include "tui/cli.h"
#include "tui/cli_help.h"
#include "tui/cli_print.h"

static void row(struct cli_grid *g, const char *name, const char *state,
                const char *detail, const char *cure) {
    const char *texts[] = {name, state, detail, cure};
    cli_grid_add_texts(g, texts);
}

static void socket_row(struct cli *c, struct cli_grid *g) {
    struct stat st;
    bool there = stat(c->socket_path, &st) == 0;
    bool socket = there && S_ISSOCK(st.st_mode);
    row(g, "socket", socket ? "ok" : "failed", c->socket_path,
        socket ? NULL : text_cure(c->lang, ERR_NO_DAEMON));
}

/* What session.open said, or why it did not. */
static int daemon_row(struct cli *c, struct cli_grid *g) {
    CLEANUP(rpc_reply_done) struct rpc_reply r = {0};
    struct error e = {0};
    AUTO_BUF struct buf text = BUF_INIT;
    int rc = rpc_client_open(c->socket_path, &c->client, &e);
    if (!rc)
        rc = rpc_client_session(c->client, text_lang_name(c->lang),
                                c->o.read_only, c->o.as, &r, &e);
    if (rc) {
        buf_addf(&text, "%s (%s)", r.code ? r.message : text_error(c->lang, rc),
                 e.detail);
        row(g, "daemon", "failed", buf_str(&text),
            r.hint ? r.hint : text_cure(c->lang, rc));
        return rc;
    }
    buf_addf(&text, "%s, %s (%s)", json_string(json_get(r.result, "daemon")),
             json_string(json_get(r.result, "user")),
             json_string(json_get(r.result, "role")));
    row(g, "daemon", "ok", buf_str(&text), NULL);
    return 0;
}

/* Admins are told when the only copy of the key ring is on this machine. */
static int key_row(struct cli *c, struct cli_grid *g) {
    CLEANUP(rpc_reply_done) struct rpc_reply r = {0};
    struct error e = {0};
    bool exported = false;
    if (rpc_client_call(c->client, "key.get", NULL, &r, &e) < 0)
        return 0; /* not theirs to know */
    (void)json_bool(json_get(r.result, "exported"), false, &exported);
    row(g, "keys", exported ? "ok" : "warn",
        exported ? NULL : text_get(c->lang, TEXT_CLI_KEYS_HERE),
        exported ? NULL : text_get(c->lang, TEXT_CLI_KEYS_EXPORT));
    return exported ? 0 : 1;
}

/* Adds the daemon's own checks; the worst state as an exit status. */
static int health_rows(struct cli *c, struct cli_grid *g) {
    CLEANUP(rpc_reply_done) struct rpc_reply r = {0};
    int rc = cli_ask(c, "health.get", NULL, &r);
    if (rc)
        return rc;
    const struct json *checks = json_get(r.result, "checks");
    for (const struct json *v = json_first(checks); v; v = json_next(v))
        cli_grid_add(g, v);
    return str_eq(json_string(json_get(r.result, "state")), "ok") ? 0 : 1;
}

int cli_doctor(struct cli *c, int argc, char **argv) {
    CLEANUP(cli_grid_done) struct cli_grid g;
    cli_grid_init(&g, "name,state,detail,cure");
    int rc = cli_plain_words(c, argc, argv, 0);
    if (rc)
        return rc;
    if (c->o.help) {
        cli_help_program(c, c->io.out);
        return 0;
    }
    row(&g, "client", "ok", "fulexo " FULEXO_VERSION, NULL);
    socket_row(c, &g);
    int status = daemon_row(c, &g);
    if (!status)
        status = health_rows(c, &g);
    if (status >= 0 && key_row(c, &g) > 0)
        status = 1;
    if (c->o.json)
        cli_print_grid_json(c, &g);
    else
        cli_print_grid(c, &g, true);
    return status < 0 ? err_exit_status(status) : status;
}
