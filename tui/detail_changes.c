/* The changes of an object: a tab of its page. */
#include "common/json.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/detail.h"
#include "tui/model.h"
#include "tui/pad.h"
#include "tui/tr.h"

static void one_change(struct detail *d, struct textview *t,
                       const struct change_row *r, int width) {
    AUTO_BUF struct buf b = BUF_INIT;
    AUTO_FREE char *link = mem_printf("change %s", r->id);
    int role = change_state_role(r->state);
    pad(&b, change_state_word(r->state), 11);
    pad(&b, app_age(d->base.app, r->changed_ms), -5);
    buf_addf(&b, "  %s  %s", r->words, r->author);
    textview_add(t, role, NULL, "%s", buf_str(&b));
    textview_link(t, link);
    if (r->text[0]) {
        AUTO_FREE char *why = mem_printf("  %s %s", r->text, r->cure);
        textview_prose(t, role, NULL, why, width);
    }
}

void detail_changes(struct detail *d, struct textview *t, int width, int part) {
    const struct json *c = json_first(json_get(detail_part(d, part), "items"));
    if (!c) {
        textview_add(t, ROLE_DIM, NULL, "%s", T(UI_NO_CHANGES_YET));
    }
    for (; c; c = json_next(c)) {
        struct change_row r = {0};
        if (change_row_read(c, &r) == 0) {
            one_change(d, t, &r, width);
        }
    }
}
