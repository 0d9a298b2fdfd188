/* documents.print: the paper is made on a reader, drawn when it is a PDF, sent,
 * and the job tells what came of it.
 *
 * Happy path: render, job, (fulexo-pdf,) lp or the port, done. Failure modes:
 * each step's error is the job's; nothing of ours was changed, so it is simply
 * printed again. A repeat of the same request_id answers the same job: a link
 * that dropped prints once. */
#include <string.h>

#include "common/mem.h"
#include "common/str.h"
#include "out/pdf.h"
#include "out/printer.h"
#include "rpc/call.h"
#include "rpc/docket_view.h"
#include "rpc/job.h"
#include "rpc/paper_view.h"
#include "rpc_handlers.gen.h"

static const char *const kind_names[] = {"slip", "pick", "label", "codes"};

/* One on its way; the job's. */
struct printing {
    struct rpc_job *job;
    struct printer to;
    char *ref, *title;
    const char *kind;
    const char *const *stores; /* of the call: good until the job is begun */
    size_t n_stores;
    enum rpc_document_format format;
    struct buf bytes;
};

static void free_printing(struct printing *p) {
    buf_done(&p->bytes);
    free(p->ref);
    free(p->title);
    free(p);
}

static void over(struct printing *p, int status, const struct error *e) {
    struct rpc_job *job = p->job;
    free_printing(p);
    job_finish(job, status, e);
}

static void on_sent(void *arg, int status, const struct error *e,
                    const char *said) {
    struct printing *p = arg;
    if (status >= 0) {
        struct jsonw w;
        job_result(p->job, &w);
        jsonw_begin_object(&w);
        jsonw_kstring(&w, "ref", p->ref);
        jsonw_kstring(&w, "kind", p->kind);
        jsonw_kstring(&w, "printer", p->to.name);
        jsonw_ki64(&w, "bytes", (int64_t)p->bytes.len);
        jsonw_kstring(&w, "said", said);
        jsonw_end_object(&w);
    }
    over(p, status, e);
}

static void busy(struct printing *p, int rc) {
    struct error e = {0};
    (void)error_set(&e, rc, "", "other papers are being made; print it again");
    over(p, rc, &e);
}

static void send_bytes(struct printing *p) {
    struct rpc *r = p->job->rpc;
    int rc = printer_send(&p->to, r->o.loop, r->children, p->title,
                          p->bytes.data, p->bytes.len, on_sent, p);
    if (rc < 0)
        busy(p, rc);
}

static void on_pdf(void *arg, int status, const struct error *e,
                   const char *pdf, size_t n) {
    struct printing *p = arg;
    if (status < 0) {
        over(p, status, e);
        return;
    }
    buf_clear(&p->bytes);
    buf_add(&p->bytes, pdf, n);
    send_bytes(p);
}

/* A printer that has the bytes cannot be asked to forget them: the end comes
 * within seconds. */
static void cancel(struct rpc_job *job) {
    (void)job;
}

/* --- the call ------------------------------------------------------------- */

/* Taken on the loop: settings change there. */
struct asked {
    bool found;
    struct printer to;
    enum text_lang lang;
};

static int print_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_documents_print_params *p = call->params;
    const struct asked *asked = call->data;
    struct paper paper;
    int rc = paper_make(call, tx, &p->paper, asked->lang, &paper);
    if (rc < 0)
        return rc;
    if (!asked->found)
        return call_fail(call, ERR_NOT_FOUND, "printer",
                         "documents.printers has no printer %s", p->printer);
    struct printing *out = NEW(struct printing);
    out->to = asked->to;
    out->kind = kind_names[p->paper.kind];
    out->format = p->has_format                  ? p->format
                  : asked->to.way == PRINTER_RAW ? RPC_DOCUMENT_FORMAT_ZPL
                                                 : RPC_DOCUMENT_FORMAT_PDF;
    out->ref = mem_dup(paper.whose);
    out->title = mem_dup(paper.document.name);
    out->stores = paper.stores;
    out->n_stores = paper.n_stores;
    paper_put(&paper, (enum document_form)out->format, &out->bytes);
    call->data = out; /* print_then follows, and takes it */
    return 0;
}

static int print_then(struct rpc_call *call) {
    struct printing *p = call->data;
    int rc = 0;
    AUTO_FREE char *what = mem_printf("%s %s %s", p->ref, p->kind, p->to.name);
    p->job = job_begin(call, p->stores, p->n_stores, cancel, p, &rc);
    if (!p->job) {
        free_printing(p);
        return rc;
    }
    call_note(call, what);
    if (p->format != RPC_DOCUMENT_FORMAT_PDF) {
        send_bytes(p);
        return 0;
    }
    rc = pdf_make(p->job->rpc->children, p->job->rpc->pdf_helper, &p->bytes,
                  on_pdf, p);
    if (rc < 0)
        busy(p, rc);
    return 0;
}

int method_documents_print(struct rpc_call *call,
                           const struct rpc_documents_print_params *p) {
    const struct printer *to = printers_find(call->rpc->printers, p->printer);
    int rc;
    if (job_replay(call, &rc))
        return rc;
    struct asked *asked = arena_alloc(call_arena(call), sizeof *asked);
    *asked = (struct asked){.found = to != NULL,
                            .lang = documents_lang(call, &p->paper)};
    if (to)
        asked->to = *to;
    call->data = asked;
    return call_read(call, print_work, print_then);
}

/* --- printers ------------------------------------------------------------- */

int method_documents_printers(struct rpc_call *call,
                              const struct rpc_documents_printers_params *p) {
    const struct printers *all = call->rpc->printers;
    struct jsonw *w = call_list_begin(call);
    int64_t left = p->limit;
    const char *next = NULL, *last = NULL;
    bool begun = !p->has_after;
    for (size_t i = 0; all && i < all->n && !next; i++) {
        const struct printer *at = &all->items[i];
        if (begun && left == 0) {
            next = last;
        } else if (begun) {
            char where[160];
            bool raw = at->way == PRINTER_RAW;
            (void)str_format(where, sizeof where, "%s%s%s", at->where,
                             raw ? ":" : "", at->port);
            jsonw_begin_object(w);
            jsonw_kstring(w, "name", at->name);
            jsonw_kstring(w, "way", raw ? "raw" : "cups");
            jsonw_kstring(w, "where", where);
            jsonw_end_object(w);
            last = at->name;
            left--;
        } else {
            begun = str_eq(at->name, p->after);
        }
    }
    call_list_end(w, next, false);
    return 0;
}
