#include "tui/cli_export.h"

#include <string.h>

#include "common/check.h"
#include "common/json.h"
#include "common/jsonw.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/cli_print.h"

/* params with where to go on in front. */
static void behind(struct buf *out, const char *params, const char *after) {
    struct jsonw w;
    REQUIRE(params[0] == '{');
    buf_adds(out, "{\"after\":");
    jsonw_init(&w, out);
    jsonw_string(&w, after);
    buf_addf(out, "%s%s", params[1] == '}' ? "" : ",", params + 1);
}

/* One page; *next: the place behind it, NULL at the end. */
static int page(struct cli *c, const struct cli_method *m, const char *params,
                char **next) {
    CLEANUP(rpc_reply_done) struct rpc_reply r = {0};
    AUTO_BUF struct buf more = BUF_INIT;
    if (*next)
        behind(&more, params, *next);
    int rc = cli_ask(c, m->method, *next ? more.data : params, &r);
    const char *csv = json_string(json_get(r.result, "csv"));
    const char *after = json_string(json_get(r.result, "next"));
    if (rc)
        return rc;
    if (!csv || (after && *next && str_eq(after, *next)))
        return CLI_FAIL(c, ERR_INVALID_REQUEST, TEXT_CLI_NOT_OURS);
    free(*next);
    *next = after ? mem_dup(after) : NULL;
    size_t n = strlen(csv);
    return fwrite(csv, 1, n, c->io.out) == n
               ? 0
               : cli_fail(c, ERR_IO, text_error(c->lang, ERR_IO));
}

int cli_export(struct cli *c, const struct cli_method *m, const char *params) {
    AUTO_FREE char *next = NULL;
    int rc;
    do {
        rc = page(c, m, params, &next);
    } while (rc == 0 && next);
    return rc;
}
