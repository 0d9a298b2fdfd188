/* Parts are added while they fit; the bar itself is the first. */
#include "tui/progress.h"

#include <string.h>

#include "common/buf.h"
#include "common/money.h"
#include "common/utf8.h"
#include "tui/model.h"
#include "tui/tr.h"

const char *progress_count(char dst[32], long long n) {
    return money_format_human(dst, n, 0, 0);
}

/* A part is whole or not there. */
static void add_part(struct buf *out, int cells, const char *part) {
    if ((int)utf8_cells(buf_str(out)) + 2 + (int)utf8_cells(part) <= cells) {
        buf_addf(out, "%s%s", out->len ? "  " : "", part);
    }
}

/* The bar shrinks on narrow screens, the figure does not. */
static void add_gauge(struct buf *out, const struct progress_row *r,
                      int cells) {
    int width = cells < 50 ? 10 : cells < 70 ? 16 : 22;
    int64_t done = r->done > r->total ? r->total : r->done;
    int full = r->total > 0 ? (int)(done * width / r->total) : 0;
    buf_addc(out, '[');
    for (int i = 0; i < width; i++) {
        buf_addc(out, i < full ? '#' : '.');
    }
    buf_addf(out, "] %3d %%", r->total > 0 ? (int)(done * 100 / r->total) : 0);
}

void progress_bar(struct buf *out, const struct progress_row *r, int cells) {
    AUTO_BUF struct buf line = BUF_INIT;
    AUTO_BUF struct buf part = BUF_INIT;
    char done[32], total[32], span[TR_SPAN];
    if (r->total > 0 && cells >= 20) {
        add_gauge(&line, r, cells);
        TF(&part, UI_DONE_OF, "done", progress_count(done, r->done), "total",
           progress_count(total, r->total));
    } else if (r->done > 0) {
        buf_adds(&part, progress_count(done, r->done));
    } else {
        buf_adds(&part, T(JOB_RUNNING)); /* a bare 0 says nothing */
    }
    add_part(&line, cells, buf_str(&part));
    if (r->rate >= 0) {
        buf_clear(&part);
        TF(&part, UI_RATE, "n", progress_count(done, r->rate));
        add_part(&line, cells, buf_str(&part));
    }
    if (r->eta_s >= 0) {
        buf_clear(&part);
        TF(&part, UI_LEFT, "span", tr_span(span, r->eta_s * 1000));
        add_part(&line, cells, buf_str(&part));
    }
    buf_adds(out, buf_str(&line));
}
