#include "out/pdf.h"

#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "common/mem.h"
#include "out/child.h"

struct making {
    pdf_done *done;
    void *arg;
    char *helper;
};

static void explain(const struct making *m, int status,
                    const struct child_end *end, struct error *e) {
    if (status == ERR_NOT_FOUND)
        (void)error_set(e, ERR_IO, "",
                        "%s is not there: install it or set "
                        "documents.pdf_helper; the text form needs none",
                        m->helper);
    else if (status == ERR_TIMEOUT)
        (void)error_set(e, status, "",
                        "fulexo-pdf drew for more than %d s and was ended; "
                        "the text form needs none",
                        PDF_LIMIT_MS / 1000);
    else if (status == ERR_TOO_BIG)
        (void)error_set(e, status, "", "the PDF has more than 32 MiB");
    else if (status == ERR_CANCELLED)
        (void)error_set(e, ERR_BUSY, "", "the daemon is stopping");
    else
        (void)error_set(e, ERR_IO, "",
                        "fulexo-pdf failed%s%s; the text form needs none",
                        *end->said ? ": " : "", end->said);
}

static void on_end(void *arg, int status, const struct child_end *end) {
    struct making *m = arg;
    struct error e = {0};
    if (status == 0 && (end->n < 5 || memcmp(end->out, "%PDF-", 5) != 0))
        status = ERR_IO;
    if (status < 0) {
        explain(m, status, end, &e);
        status = e.code;
    }
    m->done(m->arg, status, &e, end->out, end->n);
    free(m->helper);
    free(m);
}

int pdf_make(struct children *c, const char *helper, const struct buf *lines,
             pdf_done *done, void *arg) {
    struct making *m = NEW(struct making);
    m->done = done;
    m->arg = arg;
    m->helper = mem_dup(helper);
    const char *const argv[] = {m->helper, NULL};
    const struct child_order o = {.argv = argv,
                                  .input = buf_str(lines),
                                  .n = lines->len,
                                  .out_max = PDF_MAX,
                                  .limit_ms = PDF_LIMIT_MS};
    int rc = child_run(c, &o, on_end, m);
    if (rc < 0) {
        free(m->helper);
        free(m);
    }
    return rc;
}
