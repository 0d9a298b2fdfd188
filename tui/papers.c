#include "tui/papers.h"

#include "common/mem.h"
#include "tui/pick.h"
#include "tui/tr.h"
#include "tui/views.h"

static void open_paper(struct app *a, const char *ref, const char *kind) {
    AUTO_FREE char *what = mem_printf("%s %s", ref, kind);
    app_push(a, &view_paper_ops, what);
}

static void picked(struct app *a, void *arg, const char *kind) {
    open_paper(a, arg, kind);
}

void papers_choose(struct app *a, const char *ref) {
    static const struct {
        const char *kind;
        enum text_id text;
    } papers[] = {{"slip", TEXT_PAPER_SLIP},
                  {"pick", TEXT_PAPER_PICK},
                  {"label", TEXT_PAPER_LABEL}};
    struct pick *p =
        pick_open(a, T(ACTION_PAPER_HELP), ref, picked, free, mem_dup(ref));
    for (size_t i = 0; p && i < sizeof papers / sizeof *papers; i++) {
        pick_add(p, papers[i].kind, text_get(tr_lang, papers[i].text));
    }
    if (p) {
        pick_ready(p);
    }
}

void papers_pick_list(struct app *a, const char *ref) {
    open_paper(a, ref, "pick");
}
