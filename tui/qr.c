#include "tui/qr.h"

#include <qrencode.h>
#include <stdlib.h>
#include <string.h>

#include "common/check.h"
#include "common/err.h"
#include "common/mem.h"
#include "common/str.h"

struct qr {
    QRcode *code;
};

/* Low correction: a screen has no scratches, and the code stays small enough
 * for 24 lines. */
struct qr *qr_make(const char *text) {
    QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_L, QR_MODE_8, 1);
    if (!code) {
        return NULL;
    }
    struct qr *q = NEW(struct qr);
    q->code = code;
    return q;
}

/* Who reads the modules reads the secret. */
void qr_free(struct qr *q) {
    if (q) {
        int n = qr_width(q);
        mem_wipe(q->code->data, (size_t)n * (size_t)n);
        QRcode_free(q->code);
    }
    free(q);
}

int qr_width(const struct qr *q) {
    return q->code->width;
}

void qr_size(const struct qr *q, int quiet, int *ret_h, int *ret_w) {
    int modules = qr_width(q) + 2 * quiet;
    *ret_h = (modules + 1) / 2;
    *ret_w = modules;
}

int qr_quiet(const struct qr *q, int h, int w) {
    for (int quiet = QR_QUIET; quiet >= QR_QUIET_LEAST; quiet--) {
        int rows, cells;
        qr_size(q, quiet, &rows, &cells);
        if (rows <= h && cells <= w) {
            return quiet;
        }
    }
    return ERR_RANGE;
}

bool qr_dark(const struct qr *q, int y, int x) {
    int n = qr_width(q);
    return y >= 0 && x >= 0 && y < n && x < n && q->code->data[y * n + x] & 1;
}

/* One line of cells: the upper module decides the upper half. */
void qr_row(const struct qr *q, int quiet, int row, struct buf *out) {
    static const char *const cells[] = {" ", "▀", "▄", "█"};
    int y = 2 * row - quiet;
    for (int x = -quiet; x < qr_width(q) + quiet; x++) {
        buf_adds(out, cells[qr_dark(q, y, x) + 2 * qr_dark(q, y + 1, x)]);
    }
}

/* Black on white by number, not by name: themes repaint names less often than
 * they repaint the default. */
void qr_lines(const struct qr *q, int quiet, struct buf *out) {
    int h, w;
    qr_size(q, quiet, &h, &w);
    for (int row = 0; row < h; row++) {
        buf_adds(out, "\033[30;47m");
        qr_row(q, quiet, row, out);
        buf_adds(out, "\033[0m\n");
    }
}

bool qr_terminal(void) {
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *v = getenv(names[i]);
        if (!str_empty(v)) {
            return strcasestr(v, "UTF-8") || strcasestr(v, "UTF8");
        }
    }
    return true; /* nothing said: as all other text is sent */
}

void qr_groups(const char *secret, struct buf *out) {
    REQUIRE(secret != NULL);
    for (size_t i = 0; secret[i]; i++) {
        if (i > 0 && i % 4 == 0) {
            buf_addc(out, ' ');
        }
        buf_addc(out, secret[i]);
    }
}
