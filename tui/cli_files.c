/* Happy path: the file is sent (cli_send.h), tickets.reply shows it; and back,
 * piece by piece. */
#include "tui/cli_files.h"

#include <string.h>

#include "common/base64.h"
#include "common/check.h"
#include "common/jsonw.h"
#include "common/str.h"
#include "tui/cli_print.h"
#include "tui/cli_send.h"

/* Kept, and in a reply. */
static int show(struct cli *c, const char *ticket, const char *path) {
    CLEANUP(rpc_reply_done) struct rpc_reply kept = {0}, r = {0};
    AUTO_BUF struct buf reply = BUF_INIT;
    struct jsonw w;
    int rc = cli_send(c, path, &kept);
    if (rc)
        return rc;
    jsonw_init(&w, &reply);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "id", ticket);
    jsonw_key(&w, "files");
    jsonw_begin_array(&w);
    jsonw_string(&w, json_string(json_get(kept.result, "id")));
    jsonw_end_array(&w);
    jsonw_end_object(&w);
    rc = cli_ask(c, "tickets.reply", buf_str(&reply), &r);
    if (rc == 0 && c->o.json)
        cli_print_json(c, kept.text.data, kept.text.len);
    else if (rc == 0)
        CLI_SAY(c, TEXT_FILE_SENT, "name",
                json_string(json_get(kept.result, "name")));
    return rc;
}

/* A ticket that is not there is said before a long way, not after it. */
static int is_there(struct cli *c, const char *ticket) {
    CLEANUP(rpc_reply_done) struct rpc_reply r = {0};
    AUTO_BUF struct buf b = BUF_INIT;
    struct jsonw w;
    jsonw_init(&w, &b);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "id", ticket);
    jsonw_end_object(&w);
    return cli_ask(c, "tickets.get", buf_str(&b), &r);
}

int cli_attach(struct cli *c, int argc, char **argv) {
    int words = cli_plain_words(c, argc, argv, 2);
    if (words < 0)
        return words;
    if (words < 2)
        return CLI_FAIL(c, ERR_INVALID_PARAMS, TEXT_CLI_ATTACH_USAGE);
    int rc = is_there(c, argv[0]);
    return rc ? rc : show(c, argv[0], argv[1]);
}

/* --- and back
 * ------------------------------------------------------------------ */

/* params with an offset in front. */
static void at_offset(struct buf *out, const char *params, int64_t offset) {
    REQUIRE(params[0] == '{');
    buf_addf(out, "{\"offset\":%lld%s%s", (long long)offset,
             params[1] == '}' ? "" : ",", params + 1);
}

static bool fit_for_terminal(const struct cli *c, const struct json *file) {
    const char *type = json_string(json_get(file, "type"));
    return !c->io.out_tty || (type && str_starts(type, "text/"));
}

/* One piece; *at behind it, *ret_of how much there is. */
static int piece(struct cli *c, const struct cli_method *m, const char *params,
                 int64_t *at, int64_t *ret_of) {
    CLEANUP(rpc_reply_done) struct rpc_reply r = {0};
    AUTO_BUF struct buf more = BUF_INIT;
    AUTO_BUF struct buf bytes = BUF_INIT;
    if (*at > 0)
        at_offset(&more, params, *at);
    int rc = cli_ask(c, m->method, *at > 0 ? more.data : params, &r);
    if (rc)
        return rc;
    const char *data = json_string(json_get(r.result, "data"));
    int64_t of = 0;
    if (!data || base64_decode(data, strlen(data), &bytes) < 0 ||
        json_i64(json_get(r.result, "size"), false, &of) < 0 ||
        (bytes.len == 0 && *at < of))
        return CLI_FAIL(c, ERR_INVALID_REQUEST, TEXT_CLI_NOT_OURS);
    if (!fit_for_terminal(c, r.result))
        return CLI_FAIL(c, ERR_INVALID, TEXT_CLI_DOCUMENT_TTY);
    if (fwrite(buf_str(&bytes), 1, bytes.len, c->io.out) != bytes.len)
        return cli_fail(c, ERR_IO, text_error(c->lang, ERR_IO));
    *at += (int64_t)bytes.len;
    *ret_of = of;
    cli_send_far(c, TEXT_FILE_SAVING, json_string(json_get(r.result, "name")),
                 *at, of);
    return 0;
}

int cli_file_get(struct cli *c, const struct cli_method *m,
                 const char *params) {
    int64_t at = 0, of = 0;
    int rc;
    do {
        rc = piece(c, m, params, &at, &of);
    } while (rc == 0 && at < of);
    return rc;
}
