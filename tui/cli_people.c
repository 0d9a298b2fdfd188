#include "tui/cli_people.h"

#include "common/mem.h"
#include "common/str.h"
#include "tui/cli_print.h"
#include "tui/qr.h"

static const char *text_of(const struct json *v, const char *key) {
    const char *s = json_string(json_get(v, key));
    return s ? s : "";
}

void cli_people_invited(struct cli *c, const struct json *result) {
    if (c->o.csv) {
        cli_print_object(c, result);
        return;
    }
    (void)fprintf(c->io.out, "%s\n", text_of(result, "code"));
    /* Beside it, so that `code=$(fulexo users invite ..)` stays a code. */
    AUTO_BUF struct buf how = BUF_INIT;
    text_format(&how, c->lang, TEXT_ONCE_INVITATION_HOW, "user",
                text_of(result, "user"), NULL);
    (void)fprintf(c->io.err, "%s\n", buf_str(&how));
    buf_clear(&how);
    text_format(&how, c->lang, TEXT_ONCE_INVITATION_UNTIL, "when",
                text_of(result, "until"), NULL);
    (void)fprintf(c->io.err, "%s\n", buf_str(&how));
}

void cli_people_totp(struct cli *c, const struct json *result) {
    if (c->o.csv) {
        cli_print_object(c, result);
        return;
    }
    struct qr *q =
        c->io.out_tty && qr_terminal() ? qr_make(text_of(result, "uri")) : NULL;
    AUTO_BUF struct buf b = BUF_INIT;
    if (q)
        qr_lines(q, QR_QUIET, &b);
    qr_free(q);
    qr_groups(text_of(result, "secret"), &b);
    (void)fprintf(c->io.out, "%s\n%s\n", buf_str(&b), text_of(result, "uri"));
    if (b.data)
        mem_wipe(b.data, b.cap);
    (void)fprintf(c->io.err, "%s\n", text_get(c->lang, TEXT_TOTP_CLI));
}
