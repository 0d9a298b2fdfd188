/* Happy path: the first answer names the whole, each further one is asked for
 * at its offset; bytes are written when all are there, so that a pipe never
 * gets half a paper. Failure modes: the order changes between two parts, which
 * the digest shows; no daemon, an error of it. */
#include "tui/cli_document.h"

#include <string.h>

#include "common/base64.h"
#include "common/check.h"
#include "common/jsonw.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/cli_print.h"

enum { DOCUMENT_MAX = 64 * 1024 * 1024 };

/* params with an offset in front. */
static void at_offset(struct buf *out, const char *params, int64_t offset) {
    REQUIRE(params[0] == '{');
    buf_addf(out, "{\"offset\":%lld%s%s", (long long)offset,
             params[1] == '}' ? "" : ",", params + 1);
}

/* Take one part; *ret_next 0: it was the last. */
static int take(struct cli *c, const struct json *part, struct buf *all,
                char **digest, int64_t *ret_next) {
    const char *data = json_string(json_get(part, "data"));
    const char *sha = json_string(json_get(part, "sha256"));
    int64_t next = 0;
    if (!data || !sha || base64_decode(data, strlen(data), all) < 0)
        return CLI_FAIL(c, ERR_INVALID_REQUEST, TEXT_CLI_NOT_OURS);
    if (*digest && !str_eq(*digest, sha))
        return CLI_FAIL(c, ERR_CONFLICT, TEXT_CLI_DOCUMENT_CHANGED);
    if (!*digest)
        *digest = mem_dup(sha);
    bool more = json_i64(json_get(part, "next"), false, &next) == 0;
    if (more && (next != (int64_t)all->len || next > DOCUMENT_MAX))
        return CLI_FAIL(c, ERR_INVALID_REQUEST, TEXT_CLI_NOT_OURS);
    *ret_next = more ? next : 0;
    return 0;
}

static int fetch(struct cli *c, const struct cli_method *m, const char *params,
                 struct buf *all) {
    AUTO_FREE char *digest = NULL;
    int64_t next = 0;
    do {
        CLEANUP(rpc_reply_done) struct rpc_reply r = {0};
        AUTO_BUF struct buf more = BUF_INIT;
        if (next > 0)
            at_offset(&more, params, next);
        int rc = cli_ask(c, m->method, next > 0 ? more.data : params, &r);
        if (rc)
            return rc;
        const char *type = json_string(json_get(r.result, "type"));
        if (c->io.out_tty && str_eq(type, "application/pdf"))
            return CLI_FAIL(c, ERR_INVALID, TEXT_CLI_DOCUMENT_TTY);
        rc = take(c, r.result, all, &digest, &next);
        if (rc)
            return rc;
    } while (next > 0);
    return 0;
}

int cli_document(struct cli *c, const struct cli_method *m,
                 const char *params) {
    AUTO_BUF struct buf all = BUF_INIT;
    int rc = fetch(c, m, params, &all);
    if (rc)
        return rc;
    if (fwrite(buf_str(&all), 1, all.len, c->io.out) != all.len)
        return cli_fail(c, ERR_IO, text_error(c->lang, ERR_IO));
    return 0;
}
