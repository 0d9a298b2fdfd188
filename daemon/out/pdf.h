/* Lines (document_pdf_lines) as a PDF, drawn by fulexo-pdf in a process of its
 * own. */
#pragma once

#include <stddef.h>

#include "common/err.h"

struct buf;
struct children;

enum {
    PDF_MAX = 32 * 1024 * 1024,
    PDF_LIMIT_MS = 15000,
};

/* status 0 with the PDF, good during the call; else e says what happened and
 * what is to be done. */
typedef void pdf_done(void *arg, int status, const struct error *e,
                      const char *pdf, size_t n);

/* helper: path of fulexo-pdf. 0, or ERR_BUSY and done is not called. */
int pdf_make(struct children *c, const char *helper, const struct buf *lines,
             pdf_done *done, void *arg);
