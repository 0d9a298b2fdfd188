/* Happy path: files.begin says where to go on, files.put sends pieces until all
 * is there, files.commit keeps it, tickets.reply shows it. Failure modes: a
 * connection that drops leaves what was sent; the same command goes on there.
 */
#include "tui/cli_files.h"

#include <errno.h>
#include <string.h>

#include "common/base64.h"
#include "common/check.h"
#include "common/digest.h"
#include "common/jsonw.h"
#include "common/slurp.h"
#include "common/str.h"
#include "tui/captive.h"
#include "tui/cli_print.h"

enum { PIECE = 512 * 1024, FILE_MOST = 256 * 1024 * 1024 };

struct sending {
    struct cli *c;
    const char *name;
    struct buf bytes;
    char sha[2 * DIGEST_SHA256 + 1];
};

/* How far it is, for who watches. */
static void far(struct cli *c, enum text_id text, const char *name, int64_t at,
                int64_t of) {
    AUTO_BUF struct buf b = BUF_INIT;
    char percent[8];
    if (!c->io.err_tty)
        return;
    (void)str_format(percent, sizeof percent, "%d",
                     of > 0 ? (int)(at * 100 / of) : 0);
    text_format(&b, c->lang, text, "name", name, "percent", percent, NULL);
    (void)fprintf(c->io.err, "\r%s%s", buf_str(&b), at >= of ? "\n" : "");
}

/* Its members; the request_id is the file's own: a repeat is the same. */
static void params_begin(struct jsonw *w, struct buf *b,
                         const struct sending *s) {
    jsonw_init(w, b);
    jsonw_begin_object(w);
    jsonw_kstring(w, "sha256", s->sha);
    jsonw_ki64(w, "size", (int64_t)s->bytes.len);
}

/* Ask; *ret_at: so much is there. */
static int place(struct sending *s, const char *method, const char *params,
                 int64_t *ret_at) {
    CLEANUP(rpc_reply_done) struct rpc_reply r = {0};
    int64_t at = -1;
    int rc = cli_ask(s->c, method, params, &r);
    if (rc)
        return rc;
    if (json_i64(json_get(r.result, "offset"), false, &at) < 0 || at < 0 ||
        at > (int64_t)s->bytes.len)
        return CLI_FAIL(s->c, ERR_INVALID_REQUEST, TEXT_CLI_NOT_OURS);
    *ret_at = at;
    return 0;
}

static int put(struct sending *s, int64_t *at) {
    AUTO_BUF struct buf b = BUF_INIT;
    AUTO_BUF struct buf data = BUF_INIT;
    struct jsonw w;
    size_t left = s->bytes.len - (size_t)*at;
    base64_encode(s->bytes.data + *at, left < PIECE ? left : PIECE, &data);
    params_begin(&w, &b, s);
    jsonw_ki64(&w, "offset", *at);
    jsonw_kstring(&w, "data", buf_str(&data));
    jsonw_end_object(&w);
    return place(s, "files.put", buf_str(&b), at);
}

static int send_all(struct sending *s) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct jsonw w;
    int64_t at = 0;
    params_begin(&w, &b, s);
    jsonw_end_object(&w);
    int rc = place(s, "files.begin", buf_str(&b), &at);
    while (rc == 0 && at < (int64_t)s->bytes.len) {
        far(s->c, TEXT_FILE_SENDING, s->name, at, (int64_t)s->bytes.len);
        rc = put(s, &at);
    }
    if (rc == 0)
        far(s->c, TEXT_FILE_SENDING, s->name, at, (int64_t)s->bytes.len);
    return rc;
}

/* Kept, and in a reply. */
static int show(struct sending *s, const char *ticket) {
    CLEANUP(rpc_reply_done) struct rpc_reply kept = {0}, r = {0};
    AUTO_BUF struct buf b = BUF_INIT;
    AUTO_BUF struct buf reply = BUF_INIT;
    struct jsonw w;
    params_begin(&w, &b, s);
    jsonw_kstring(&w, "name", s->name);
    jsonw_end_object(&w);
    int rc = cli_ask(s->c, "files.commit", buf_str(&b), &kept);
    if (rc)
        return rc;
    const char *id = json_string(json_get(kept.result, "id"));
    if (!id)
        return CLI_FAIL(s->c, ERR_INVALID_REQUEST, TEXT_CLI_NOT_OURS);
    jsonw_init(&w, &reply);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "id", ticket);
    jsonw_key(&w, "files");
    jsonw_begin_array(&w);
    jsonw_string(&w, id);
    jsonw_end_array(&w);
    jsonw_end_object(&w);
    rc = cli_ask(s->c, "tickets.reply", buf_str(&reply), &r);
    if (rc == 0 && s->c->o.json)
        cli_print_json(s->c, kept.text.data, kept.text.len);
    else if (rc == 0)
        CLI_SAY(s->c, TEXT_FILE_SENT, "name", s->name);
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
    struct sending s = {.c = c};
    uint8_t sha[DIGEST_SHA256];
    int words = cli_plain_words(c, argc, argv, 2);
    if (words < 0)
        return words;
    if (words < 2)
        return CLI_FAIL(c, ERR_INVALID_PARAMS, TEXT_CLI_ATTACH_USAGE);
    if (captive())
        return CLI_FAIL(c, ERR_DENIED, TEXT_FILE_CAPTIVE);
    const char *slash = strrchr(argv[1], '/');
    s.name = slash ? slash + 1 : argv[1];
    if (slurp(argv[1], FILE_MOST, &s.bytes) < 0 || s.bytes.len == 0) {
        buf_done(&s.bytes);
        return CLI_FAIL(c, ERR_INVALID_PARAMS, TEXT_FILE_UNREADABLE, "path",
                        argv[1]);
    }
    digest_sha256(s.bytes.data, s.bytes.len, sha);
    digest_hex(sha, sizeof sha, s.sha);
    int rc = is_there(c, argv[0]);
    if (rc == 0)
        rc = send_all(&s);
    if (rc == 0)
        rc = show(&s, argv[0]);
    buf_done(&s.bytes);
    return rc;
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
    far(c, TEXT_FILE_SAVING, json_string(json_get(r.result, "name")), *at, of);
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
