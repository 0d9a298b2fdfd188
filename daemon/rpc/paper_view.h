/* The paper a call asks for: of one order, of several, of all that are picked
 * together, or of none. Inside rpc only. */
#pragma once

#include "common/ref.h"
#include "out/docket.h"
#include "out/document.h"
#include "rpc.gen.h"

struct db_tx;
struct rpc_call;

enum { PAPER_ORDERS = 50 };

struct paper {
    struct document document;
    const char *whose;         /* "alpine:1779", "W-12", "" of codes */
    const char *const *stores; /* names, each once */
    size_t n_stores;
};

/* All in the call's arena. ERR_INVALID: none or more than one says whose;
 * ERR_NOT_FOUND names which; ERR_RANGE: more than a document holds. */
int paper_make(struct rpc_call *call, struct db_tx *tx,
               const struct rpc_paper *ask, enum text_lang lang,
               struct paper *ret);

/* Its bytes; as PDF the lines that are drawn (pdf_make). */
void paper_put(const struct paper *p, enum document_form form, struct buf *out);
