/* documents.*: papers of orders. What is rendered is bytes in an answer; the
 * daemon writes no file. */
#include <string.h>

#include "common/base64.h"
#include "common/digest.h"
#include "common/str.h"
#include "out/pdf.h"
#include "rpc/call.h"
#include "rpc/docket_view.h"
#include "rpc/paper_view.h"
#include "rpc_handlers.gen.h"

static const char *const endings[] = {"txt", "zpl", "pdf"};
static const char *const types[] = {"text/plain; charset=utf-8",
                                    "application/zpl", "application/pdf"};

/* Of one call: the language was told on the loop, the rest by the work. */
struct kept_paper {
    enum text_lang lang;
    bool drawn; /* text is the lines of a PDF */
    const char *name, *text;
    size_t n;
};

/* One part of it. The digest is of the whole: whoever fetches parts sees that
 * they are of one document. */
static int answer(struct rpc_call *call, const char *name,
                  enum rpc_document_format format, int64_t offset,
                  const char *all, size_t len) {
    AUTO_BUF struct buf part = BUF_INIT;
    uint8_t digest[DIGEST_SHA256];
    char hex[2 * DIGEST_SHA256 + 1], file[120];
    if (offset > (int64_t)len)
        return call_fail(call, ERR_RANGE, "offset", "it has %zu bytes", len);
    size_t at = (size_t)offset, left = len - at;
    size_t n = left < DOCUMENT_CHUNK ? left : DOCUMENT_CHUNK;
    digest_sha256(all, len, digest);
    digest_hex(digest, sizeof digest, hex);
    if (n > 0)
        base64_encode(all + at, n, &part);
    (void)str_format(file, sizeof file, "%s.%s", name, endings[format]);
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_kstring(w, "name", file);
    jsonw_kstring(w, "type", types[format]);
    jsonw_ki64(w, "bytes", (int64_t)len);
    jsonw_kstring(w, "sha256", hex);
    jsonw_kstring(w, "data", buf_str(&part));
    jsonw_key(w, "next");
    if (at + n < len)
        jsonw_i64(w, offset + (int64_t)n);
    else
        jsonw_null(w);
    jsonw_end_object(w);
    return 0;
}

/* --- render --------------------------------------------------------------- */

/* Kept in the arena for the loop's part of the work. */
static void keep(struct rpc_call *call, const struct document *d,
                 const struct buf *text) {
    struct kept_paper *k = call->data;
    k->drawn = true;
    k->name = d->name;
    k->text = arena_dupn(call_arena(call), buf_str(text), text->len);
    k->n = text->len;
}

static int render_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_documents_render_params *p = call->params;
    const struct kept_paper *kept = call->data;
    AUTO_BUF struct buf out = BUF_INIT;
    struct paper paper;
    int rc = paper_make(call, tx, &p->paper, kept->lang, &paper);
    if (rc < 0)
        return rc;
    paper_put(&paper, (enum document_form)p->format, &out);
    if (p->format == RPC_DOCUMENT_FORMAT_PDF) {
        keep(call, &paper.document, &out);
        return 0;
    }
    return answer(call, paper.document.name, p->format, p->offset, out.data,
                  out.len);
}

static void on_pdf(void *arg, int status, const struct error *e,
                   const char *pdf, size_t n) {
    struct rpc_call *call = arg;
    const struct rpc_documents_render_params *p = call->params;
    const struct kept_paper *k = call->data;
    if (status < 0)
        call->error = *e;
    else
        status = answer(call, k->name, p->format, p->offset, pdf, n);
    call_finish(call, status);
}

static int render_then(struct rpc_call *call) {
    const struct kept_paper *k = call->data;
    struct buf lines = BUF_INIT;
    if (!k->drawn)
        return 0; /* it was text, and is answered */
    buf_add(&lines, k->text, k->n);
    int rc = pdf_make(call->rpc->children, call->rpc->pdf_helper, &lines,
                      on_pdf, call);
    buf_done(&lines);
    return rc < 0 ? rc : call_hold(call);
}

int method_documents_render(struct rpc_call *call,
                            const struct rpc_documents_render_params *p) {
    struct kept_paper *k = arena_alloc(call_arena(call), sizeof *k);
    *k = (struct kept_paper){.lang = documents_lang(call, &p->paper)};
    call->data = k;
    return call_read(call, render_work, render_then);
}
