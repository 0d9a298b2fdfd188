/* The first thing of a first sync: open orders, newest first, so that screens
 * have the day's work while the rest arrives. The first page tells how many
 * there are, the others go together. Pages move while they are read; what slips
 * is caught by the scan behind. Its end makes the collection ready to scan. */
#include <stdio.h>

#include "sync/pass.h"

enum { AT_ONCE = 16 };

static bool all_asked(const struct pass *p) {
    return p->page > 0 && p->page * p->rows >= p->total;
}

static void ask(struct pass *p, struct fetch *f) {
    struct shop_request r;
    request_list(&r, COLLECTION_ORDERS, ++p->page, p->rows, ORDER_BY_DATE_DESC);
    request_status(&r, p->open_statuses);
    f->asked = p->rows;
    pass_fetch(p, f, &r);
}

static void open_pump(struct pass *p) {
    struct fetch *f;
    if (p->page == 0 || p->scan_known)
        while (!all_asked(p) && p->outstanding < AT_ONCE &&
               (f = pass_room(p))) {
            ask(p, f);
            if (!p->scan_known)
                return; /* the first answer tells how many there are */
        }
}

static void open_parsed(struct pass *p, struct fetch *f, struct intake *in,
                        const struct page *page) {
    if (!p->scan_known) {
        p->scan_known = true;
        p->total = f->total > 0 ? f->total : 0;
        p->cp.mark_ms = f->date_ms ? f->date_ms : env_now(p->w.env);
    }
    p->done += (int64_t)page->rows;
    p->stage++; /* pages parsed */
    if (all_asked(p) && p->stage == p->page) {
        (void)snprintf(p->cp.phase, sizeof p->cp.phase, "%s", "scan");
        p->cp.page = -1; /* the scan's total is not known yet */
        intake_checkpoint(in, INTAKE_SCAN, -1, &p->cp);
    }
}

static void open_applied(struct pass *p, struct fetch *f,
                         const struct intake_result *r) {
    (void)p;
    (void)f;
    (void)r; /* counted by pass.c */
}

static bool open_over(const struct pass *p) {
    return p->scan_known && all_asked(p);
}

const struct pass_ops pass_open_ops = {
    .step = "open",
    .pump = open_pump,
    .parsed = open_parsed,
    .applied = open_applied,
    .finished = open_over,
};
