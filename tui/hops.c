/* A hop is a line; what to do about a bad one follows in its own line, so
 * that a person reads the cure where the trouble is. */
#include "tui/hops.h"

#include "common/json.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/model.h"
#include "tui/textview.h"
#include "tui/tr.h"

static int hop_role(const char *state) {
    return str_eq(state, "ok")       ? ROLE_GOOD
           : str_eq(state, "failed") ? ROLE_BAD
           : str_eq(state, "warn")   ? ROLE_WARN
                                     : ROLE_DIM;
}

void hops_lines(struct textview *t, const struct json *hops, int width) {
    const struct json *h = json_first(hops);
    int room = width - t->label_width;
    for (; h; h = json_next(h)) {
        const char *state = model_str(h, "state");
        const char *cure = model_str(h, "cure");
        AUTO_FREE char *text =
            mem_printf("%s  %s", tr_word("hop", state), model_str(h, "detail"));
        textview_prose(t, hop_role(state), tr_word("hop", model_str(h, "hop")),
                       text, room);
        if (*cure) {
            textview_prose(t, ROLE_KEY, T(UI_CURE), cure, room);
        }
    }
}
