/* Full scan of a collection by id, from the last page to the first (scan.h).
 *
 * Happy path: the page of the lowest ids is asked for first: its header tells
 * the total; then windows go down from there, as many at once as the shop's
 * limit lets through. Every page carries the checkpoint: rows below `page` are
 * still to be read, so a crash goes on where it was.
 * Failure modes: an answer that is too slow, too large or an error of the
 * server halves its window; the rest ends the pass with the shop's class. */
#include <string.h>

#include "common/check.h"
#include <stdio.h>

#include "sync/pass.h"

/* Pages between the shop and the writer. A commit takes in what arrived for up
 * to 120 ms (db/writer.c): with few pages on the way the shop would wait for
 * it. A parsed page of 100 orders is some 150 KB. */
enum { AHEAD = 32 };

static void ask(struct pass *p, struct fetch *f, int64_t from, int n) {
    struct shop_request r;
    request_list(&r, collection_row(p->c)->remote, 1, n, ORDER_BY_ID_ASC);
    request_param_i64(&r, "offset", from);
    r.retries = 1; /* then smaller windows are the cure */
    f->asked = n;
    pass_fetch(p, f, &r);
}

static void begin(struct pass *p, int64_t pos, int64_t total) {
    scan_init(&p->scan, pos, p->rows);
    p->scan_known = true;
    p->total = total;
}

/* Where to begin: at the checkpoint, or the first page tells the total. */
static void pump_first(struct pass *p) {
    if (p->outstanding > 0)
        return;
    if (p->resumed) {
        p->done = p->cp.done;
        begin(p, p->cp.page, p->cp.total);
        scan_pump(p);
        return;
    }
    struct fetch *f = pass_room(p);
    f->window = NULL;
    ask(p, f, 0, p->rows);
}

void scan_pump(struct pass *p) {
    if (!p->scan_known) {
        pump_first(p);
        return;
    }
    struct fetch *f;
    struct scan_window *w;
    while (p->outstanding < AHEAD && (f = pass_room(p)) &&
           (w = scan_next(&p->scan))) {
        f->window = w;
        ask(p, f, w->from, w->n);
    }
}

static void first_page(struct pass *p, const struct fetch *f, size_t rows) {
    int64_t total = f->total >= 0 ? f->total : (int64_t)rows;
    bool whole = total <= (int64_t)rows;
    begin(p, whole ? 0 : total, total);
    (void)snprintf(p->cp.phase, sizeof p->cp.phase, "%s", "scan");
    p->cp.started_ms = f->date_ms;
    p->cp.total = total;
    p->cp.page = p->scan.low;
    p->cp.done = 0;
    /* all that changes from here on is the incremental pass's */
    if (p->cp.mark_ms == 0)
        p->cp.mark_ms = f->date_ms ? f->date_ms : env_now(p->w.env);
}

void scan_parsed(struct pass *p, struct fetch *f, struct intake *in,
                 const struct page *page) {
    if (page->cut) {
        pass_fail(p, ERR_SHOP_NOT_JSON, "json", "the shop's answer was cut");
        return;
    }
    int64_t expect = p->cp.page;
    if (f->window) {
        int64_t first = page->n_ids ? page->ids[0] : 0;
        int64_t last = page->n_ids ? page->ids[page->n_ids - 1] : 0;
        scan_read(&p->scan, f->window, first, last);
        p->cp.page = p->scan.low;
    } else {
        expect = -1;
        first_page(p, f, page->rows);
    }
    pass_saw(p, page->ids, page->n_ids);
    p->done += (int64_t)page->rows;
    if (p->total > 0 && p->done > p->total)
        p->done = p->total; /* windows share rows, and rows are added */
    p->cp.done = p->done;
    if (scan_finished(&p->scan))
        (void)snprintf(p->cp.phase, sizeof p->cp.phase, "%s", "ready");
    if (!p->compare)
        intake_checkpoint(in, INTAKE_SCAN, expect, &p->cp);
}

static void scan_applied(struct pass *p, struct fetch *f,
                         const struct intake_result *r) {
    (void)p;
    (void)f;
    (void)r; /* counted by pass.c */
}

static bool curable(int code) {
    return code == ERR_SHOP_TIMEOUT || code == ERR_SHOP_BUSY ||
           code == ERR_SHOP_TOO_LARGE || code == ERR_SHOP_NOT_JSON;
}

bool scan_fault(struct pass *p, struct fetch *f, const struct shop_fault *e) {
    if (!f->window || !curable(e->code))
        return false;
    return scan_shrink(&p->scan, f->window);
}

bool scan_over(const struct pass *p) {
    return p->scan_known && scan_finished(&p->scan);
}

const struct pass_ops pass_scan_ops = {
    .step = "scan",
    .pump = scan_pump,
    .parsed = scan_parsed,
    .applied = scan_applied,
    .fault = scan_fault,
    .finished = scan_over,
};
