/* Happy path: name, password and code are asked for without echo (or read, a
 * line each, from a pipe), session.sign_in answers a token, which is kept and
 * shown again by every later run.
 * Failure modes: what is wrong is told and nothing is kept; a kept token that
 * is over is as none: the daemon's "sign in first" tells what to do. */
#include "tui/cli_login.h"

#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "common/jsonw.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/cli_token.h"

enum { LINE_MAX_BYTES = 512 };

static void wipe(struct buf *b) {
    if (b->data)
        mem_wipe(b->data, b->cap);
    buf_done(b);
}
#define SECRET CLEANUP(wipe) struct buf

/* --- asking --------------------------------------------------------------- */

static void read_line(FILE *in, struct buf *ret) {
    int ch;
    while ((ch = fgetc(in)) != EOF && ch != '\n') {
        if (ret->len < LINE_MAX_BYTES)
            buf_addc(ret, (char)ch);
    }
}

static void prompt(struct cli *c, enum text_id what) {
    if (!c->io.in_tty)
        return;
    (void)fprintf(c->io.err, "%s: ", text_get(c->lang, what));
    (void)fflush(c->io.err);
}

/* Without echo, from before the question on: what is typed stays off the screen
 * and out of scrollback, and who is quick is not cut off. */
static void read_hidden(struct cli *c, enum text_id what, struct buf *ret) {
    struct termios before, quiet;
    int fd = fileno(c->io.in);
    bool tty = c->io.in_tty && tcgetattr(fd, &before) == 0;
    if (tty) {
        quiet = before;
        quiet.c_lflag &= ~(tcflag_t)ECHO;
        (void)tcsetattr(fd, TCSAFLUSH, &quiet); /* shown then, no worse */
    }
    prompt(c, what);
    read_line(c->io.in, ret);
    if (tty) {
        (void)tcsetattr(fd, TCSAFLUSH, &before);
        (void)fputc('\n', c->io.err);
    }
}

static void ask(struct cli *c, enum text_id what, bool hidden,
                struct buf *ret) {
    if (hidden) {
        read_hidden(c, what, ret);
        return;
    }
    prompt(c, what);
    read_line(c->io.in, ret);
}

/* --- the session ---------------------------------------------------------- */

static int resume(struct cli *c, const char *token, struct rpc_reply *r,
                  struct error *e) {
    SECRET params = BUF_INIT;
    struct jsonw w;
    jsonw_init(&w, &params);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "token", token);
    jsonw_end_object(&w);
    return rpc_client_call(c->client, "session.resume", buf_str(&params), r, e);
}

int cli_login_enter(struct cli *c, const struct json *opened) {
    CLEANUP(rpc_reply_done) struct rpc_reply r = {0};
    SECRET token = BUF_INIT;
    struct error e = {0};
    const char *file = getenv("FULEXO_TOKEN_FILE");
    bool guest = str_eq(json_string(json_get(opened, "role")), "guest");
    if (!str_empty(file)) {
        if (cli_token_read(file, NULL, &token) < 0)
            return CLI_FAIL(c, ERR_IO, TEXT_CLI_TOKEN_FILE, "file", file);
    } else if (!guest || cli_token_read(NULL, c->socket_path, &token) < 0) {
        return 0;
    }
    int rc = resume(c, buf_str(&token), &r, &e);
    if (rc == ERR_SIGN_IN && str_empty(file))
        return 0; /* over: what is asked next tells */
    return rc ? cli_fail_reply(c, rc, &r, &e) : 0;
}

int cli_login_confirm(struct cli *c) {
    CLEANUP(rpc_reply_done) struct rpc_reply r = {0};
    SECRET typed = BUF_INIT, params = BUF_INIT;
    struct error e = {0};
    struct jsonw w;
    if (!c->io.in_tty)
        return ERR_STEP_UP;
    ask(c, TEXT_CLI_ASK_AGAIN, true, &typed);
    bool code = typed.len == 6 && strspn(buf_str(&typed), "0123456789") == 6;
    jsonw_init(&w, &params);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, code ? "code" : "password", buf_str(&typed));
    jsonw_end_object(&w);
    int rc = typed.len ? rpc_client_call(c->client, "session.confirm",
                                         buf_str(&params), &r, &e)
                       : ERR_STEP_UP;
    return rc && typed.len ? cli_fail_reply(c, rc, &r, &e) : rc;
}

/* --- commands ------------------------------------------------------------- */

static void add_field(struct jsonw *w, const char *key, const struct buf *v) {
    if (v->len)
        jsonw_kstring(w, key, buf_str(v));
}

static int say_who(struct cli *c, const struct rpc_reply *r) {
    const char *user = json_string(json_get(r->result, "user"));
    const char *role = json_string(json_get(r->result, "role"));
    if (c->o.json)
        (void)fprintf(c->io.out, "{\"user\":\"%s\",\"role\":\"%s\"}\n", user,
                      role);
    else
        CLI_SAY(c, TEXT_CLI_SIGNED_IN, "user", user, "role", role);
    return 0;
}

static int name_of(struct cli *c, int words, char **argv, struct buf *ret) {
    if (words > 0)
        buf_adds(ret, argv[0]);
    else
        ask(c, TEXT_CLI_ASK_USER, false, ret);
    return 0;
}

int cli_login(struct cli *c, int argc, char **argv) {
    CLEANUP(rpc_reply_done) struct rpc_reply r = {0};
    SECRET password = BUF_INIT, code = BUF_INIT, params = BUF_INIT;
    AUTO_BUF struct buf user = BUF_INIT;
    struct jsonw w;
    int words = cli_plain_words(c, argc, argv, 1);
    int rc = words < 0 ? words : cli_connect(c);
    if (rc < 0)
        return rc;
    (void)name_of(c, words, argv, &user);
    ask(c, TEXT_CLI_ASK_PASSWORD, true, &password);
    ask(c, TEXT_CLI_ASK_CODE, true, &code);
    jsonw_init(&w, &params);
    jsonw_begin_object(&w);
    add_field(&w, "user", &user);
    add_field(&w, "password", &password);
    add_field(&w, "code", &code);
    jsonw_kstring(&w, "keep", "login");
    jsonw_end_object(&w);
    rc = cli_ask(c, "session.sign_in", buf_str(&params), &r);
    const char *token = rc ? NULL : json_string(json_get(r.result, "token"));
    if (token && cli_token_keep(c->socket_path, token) < 0)
        return CLI_FAIL(c, ERR_IO, TEXT_CLI_TOKEN_KEPT_NOT);
    return rc ? rc : say_who(c, &r);
}

int cli_logout(struct cli *c, int argc, char **argv) {
    CLEANUP(rpc_reply_done) struct rpc_reply r = {0};
    SECRET token = BUF_INIT;
    int rc = cli_plain_words(c, argc, argv, 0);
    if (rc || cli_token_read(NULL, c->socket_path, &token) < 0)
        return rc;
    rc = cli_connect(c);
    struct error e = {0};
    if (!rc && resume(c, buf_str(&token), &r, &e) == 0)
        rc = cli_ask(c, "session.sign_out", NULL, &r);
    if (rc)
        return rc;
    return cli_token_keep(c->socket_path, NULL) < 0
               ? CLI_FAIL(c, ERR_IO, TEXT_CLI_TOKEN_KEPT_NOT)
               : 0;
}

int cli_accept(struct cli *c, int argc, char **argv) {
    CLEANUP(rpc_reply_done) struct rpc_reply r = {0};
    SECRET password = BUF_INIT, again = BUF_INIT, code = BUF_INIT;
    SECRET params = BUF_INIT;
    AUTO_BUF struct buf user = BUF_INIT;
    struct jsonw w;
    int words = cli_plain_words(c, argc, argv, 1);
    int rc = words < 0 ? words : cli_connect(c);
    if (rc < 0)
        return rc;
    (void)name_of(c, words, argv, &user);
    ask(c, TEXT_CLI_ASK_INVITATION, true, &code);
    ask(c, TEXT_CLI_ASK_NEW, true, &password);
    ask(c, TEXT_CLI_ASK_NEW_AGAIN, true, &again);
    if (!str_eq(buf_str(&password), buf_str(&again)))
        return CLI_FAIL(c, ERR_INVALID_PARAMS, TEXT_CLI_NOT_THE_SAME);
    jsonw_init(&w, &params);
    jsonw_begin_object(&w);
    add_field(&w, "user", &user);
    add_field(&w, "code", &code);
    add_field(&w, "password", &password);
    jsonw_end_object(&w);
    rc = cli_ask(c, "session.accept", buf_str(&params), &r);
    return rc ? rc : say_who(c, &r);
}
