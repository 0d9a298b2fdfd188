/* What changed since the mark (walk.h), then what went to the trash since.
 *
 * Happy path: page one of "modified after", again and again from one second
 * before the last row seen, until a page comes back short; then the same over
 * status=trash where the collection has one. The mark moves once, at the end,
 * to the shop's clock at the first answer.
 * Failure modes: a fault ends the pass; the mark stays, so the next pass sees
 * the same rows again. */
#include <string.h>

#include "sync/pass.h"

static void ask(struct pass *p) {
    const struct collection_row *row = collection_row(p->c);
    const struct walk *w = &p->walk;
    struct shop_request r;

    request_list(&r, row->remote, 1, w->size,
                 w->listed ? ORDER_BY_ID_ASC : ORDER_BY_MODIFIED_ASC);
    request_modified_after(&r, w->after_ms);
    if (w->before_ms)
        request_modified_before(&r, w->before_ms);
    if (w->offset)
        request_param_i64(&r, "offset", w->offset);
    if (p->stage == 1)
        request_status(&r, "trash");
    struct fetch *f = pass_room(p);
    f->asked = w->size;
    pass_fetch(p, f, &r);
}

static void changes_pump(struct pass *p) {
    if (p->outstanding == 0 && !p->walk.finished)
        ask(p);
}

static void next_stage(struct pass *p) {
    if (p->stage == 0 && collection_row(p->c)->has_trash) {
        p->stage = 1;
        walk_init(&p->walk, collection_row(p->c)->rows_dated, p->cp.mark_ms,
                  p->overlap_ms, p->rows);
    }
}

static void changes_parsed(struct pass *p, struct fetch *f, struct intake *in,
                           const struct page *page) {
    (void)in;
    if (page->cut) {
        pass_fail(p, ERR_SHOP_NOT_JSON, "json", "the shop's answer was cut");
        return;
    }
    p->done += (int64_t)page->rows;
    walk_page(&p->walk, (int)page->rows, page->first_modified_ms,
              page->last_modified_ms, f->total);
    if (p->walk.finished)
        next_stage(p);
}

static void changes_applied(struct pass *p, struct fetch *f,
                            const struct intake_result *r) {
    (void)p;
    (void)f;
    (void)r; /* counted by pass.c */
}

static bool changes_over(const struct pass *p) {
    return p->walk.finished;
}

const struct pass_ops pass_changes_ops = {
    .step = "changes",
    .pump = changes_pump,
    .parsed = changes_parsed,
    .applied = changes_applied,
    .finished = changes_over,
};
