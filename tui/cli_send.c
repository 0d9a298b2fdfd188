/* Happy path: files.begin says where to go on, files.put sends pieces until all
 * is there, files.commit keeps it. Failure modes: a connection that drops, or
 * Ctrl-C, leaves what was sent; the same command goes on there. */
#include "tui/cli_send.h"

#include <string.h>

#include "common/arena.h"
#include "common/base64.h"
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

void cli_send_far(struct cli *c, enum text_id text, const char *name,
                  int64_t at, int64_t of) {
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
        cli_send_far(s->c, TEXT_FILE_SENDING, s->name, at,
                     (int64_t)s->bytes.len);
        rc = put(s, &at);
    }
    if (rc == 0)
        cli_send_far(s->c, TEXT_FILE_SENDING, s->name, at,
                     (int64_t)s->bytes.len);
    return rc;
}

static int commit(struct sending *s, struct rpc_reply *ret) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct jsonw w;
    params_begin(&w, &b, s);
    jsonw_kstring(&w, "name", s->name);
    jsonw_end_object(&w);
    int rc = cli_ask(s->c, "files.commit", buf_str(&b), ret);
    if (rc == 0 && !json_string(json_get(ret->result, "id")))
        return CLI_FAIL(s->c, ERR_INVALID_REQUEST, TEXT_CLI_NOT_OURS);
    return rc;
}

int cli_send(struct cli *c, const char *path, struct rpc_reply *ret) {
    struct sending s = {.c = c};
    uint8_t sha[DIGEST_SHA256];
    if (captive())
        return CLI_FAIL(c, ERR_DENIED, TEXT_FILE_CAPTIVE);
    const char *slash = strrchr(path, '/');
    s.name = slash ? slash + 1 : path;
    if (slurp(path, FILE_MOST, &s.bytes) < 0 || s.bytes.len == 0) {
        buf_done(&s.bytes);
        return CLI_FAIL(c, ERR_INVALID_PARAMS, TEXT_FILE_UNREADABLE, "path",
                        path);
    }
    digest_sha256(s.bytes.data, s.bytes.len, sha);
    digest_hex(sha, sizeof sha, s.sha);
    int rc = send_all(&s);
    if (rc == 0)
        rc = commit(&s, ret);
    buf_done(&s.bytes);
    return rc;
}

/* --- by the way --------------------------------------------------------- */

static bool is_number(const char *s) {
    return str_starts(s, "F-") && s[2] &&
           strspn(s + 2, "0123456789") == strlen(s + 2);
}

/* The parameters with another `file`. */
static void with_file(struct buf *params, const struct json *old,
                      const char *id) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct jsonw w;
    jsonw_init(&w, &b);
    jsonw_begin_object(&w);
    for (const struct json *m = json_first(old); m; m = json_next(m)) {
        AUTO_BUF struct buf v = BUF_INIT;
        json_print(&v, m);
        jsonw_key(&w, json_key(m));
        if (str_eq(json_key(m), "file"))
            jsonw_string(&w, id);
        else
            jsonw_raw(&w, v.data, v.len);
    }
    jsonw_end_object(&w);
    buf_clear(params);
    buf_add(params, b.data, b.len);
}

int cli_send_named(struct cli *c, struct buf *params) {
    CLEANUP(rpc_reply_done) struct rpc_reply kept = {0};
    struct arena *a = arena_new(4096);
    const struct json *v = NULL;
    int rc = json_parse(a, buf_str(params), params->len, NULL, &v, NULL);
    const char *path = rc < 0 ? NULL : json_string(json_get(v, "file"));
    if (path && !is_number(path)) {
        rc = cli_send(c, path, &kept);
        if (rc == 0)
            with_file(params, v, json_string(json_get(kept.result, "id")));
    }
    arena_free(a);
    return rc;
}
