/* The first thing of a first sync: what screens need for the day's work while
 * the rest arrives.
 *
 * Happy path: the newest orders of all. Their page tells how many orders there
 * are and how long the shop takes for a page: where the scan will soon be
 * through, it begins at once. Else open orders come first, newest first; the
 * first page of them tells how many there are, the others go together.
 * Failure modes: pages move while they are read; what slips is caught by the
 * scan behind. A shop that tells no total is scanned after its open orders. Its
 * end makes the collection ready to scan. */
#include <stdio.h>

#include "sync/pass.h"

enum { AT_ONCE = 16 };
enum { PART_NEWEST, PART_FIRST, PART_REST, PART_OVER };

static bool all_asked(const struct pass *p) {
    return p->page * p->rows >= p->total;
}

static void ask(struct pass *p, int page, bool open) {
    struct shop_request r;
    struct fetch *f = pass_room(p);
    request_list(&r, COLLECTION_ORDERS, page, p->rows, ORDER_BY_DATE_DESC);
    if (open)
        request_status(&r, p->open_statuses);
    f->asked = p->rows;
    pass_fetch(p, f, &r);
}

static void open_pump(struct pass *p) {
    if (p->stage == PART_REST)
        while (!all_asked(p) && p->outstanding < AT_ONCE && pass_room(p))
            ask(p, (int)++p->page, true);
    else if (p->stage != PART_OVER && p->outstanding == 0)
        ask(p, 1, p->stage == PART_FIRST);
}

/* Its orders are on the way: the scan takes over, from `page` down (-1: the
 * total is not known). */
static void hand_over(struct pass *p, struct intake *in, int64_t page) {
    p->stage = PART_OVER;
    (void)snprintf(p->cp.phase, sizeof p->cp.phase, "%s", "scan");
    p->cp.page = page;
    intake_checkpoint(in, INTAKE_SCAN, -1, &p->cp);
}

/* Page after page, as if it could take but one at a time. */
static bool is_soon_through(const struct pass *p, int64_t orders) {
    int64_t took = env_mono(p->w.env) - p->started_mono;
    return orders > 0 && orders / p->rows + 1 <= p->soon_ms / (took + 1);
}

static void newest_parsed(struct pass *p, const struct fetch *f,
                          struct intake *in) {
    p->cp.mark_ms = f->date_ms ? f->date_ms : env_now(p->w.env);
    p->cp.started_ms = f->date_ms;
    p->stage = PART_FIRST;
    if (!is_soon_through(p, f->total))
        return;
    p->cp.total = f->total;
    p->cp.done = 0;
    hand_over(p, in, f->total);
}

static void open_parsed(struct pass *p, struct fetch *f, struct intake *in,
                        const struct page *page) {
    if (p->stage == PART_NEWEST) {
        newest_parsed(p, f, in);
        return;
    }
    if (p->stage == PART_FIRST) {
        p->stage = PART_REST;
        p->page = 1;
        p->total = f->total > 0 ? f->total : 0;
    }
    p->done += (int64_t)page->rows;
    p->parsed++;
    if (all_asked(p) && p->parsed == p->page)
        hand_over(p, in, -1);
}

static void open_applied(struct pass *p, struct fetch *f,
                         const struct intake_result *r) {
    (void)p;
    (void)f;
    (void)r; /* counted by pass.c */
}

static bool open_over(const struct pass *p) {
    return p->stage == PART_OVER;
}

const struct pass_ops pass_open_ops = {
    .step = "open",
    .pump = open_pump,
    .parsed = open_parsed,
    .applied = open_applied,
    .finished = open_over,
};
