/* Notes of open orders, one request an order: nothing moves their date, so they
 * are read in the background. The owner gives the orders in p->ids. */
#include "sync/pass.h"

enum { AT_ONCE = 4 };

static void notes_pump(struct pass *p) {
    struct fetch *f;
    while (p->at_id < p->n_ids && p->outstanding < AT_ONCE &&
           (f = pass_room(p))) {
        struct shop_request r;
        f->id = p->ids[p->at_id++];
        request_notes(&r, f->id);
        pass_fetch(p, f, &r);
    }
}

static void notes_parsed(struct pass *p, struct fetch *f, struct intake *in,
                         const struct page *page) {
    (void)p;
    (void)f;
    (void)in;
    (void)page; /* the next request does not depend on it */
}

static void notes_applied(struct pass *p, struct fetch *f,
                          const struct intake_result *r) {
    (void)f;
    (void)r;
    p->done++;
}

/* An order that is gone has no notes; the scan will find out. */
static bool notes_fault(struct pass *p, struct fetch *f,
                        const struct shop_fault *e) {
    (void)f;
    if (e->code != ERR_SHOP_NOT_FOUND)
        return false;
    p->done++;
    return true;
}

static bool notes_over(const struct pass *p) {
    return p->at_id == p->n_ids;
}

const struct pass_ops pass_notes_ops = {
    .step = "notes",
    .pump = notes_pump,
    .parsed = notes_parsed,
    .applied = notes_applied,
    .fault = notes_fault,
    .finished = notes_over,
};
