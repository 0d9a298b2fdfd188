#include "tui/papers.h"

#include <string.h>

#include "common/jsonw.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/pick.h"
#include "tui/tr.h"
#include "tui/views.h"

static void open_paper(struct app *a, const char *whose, const char *kind) {
    AUTO_FREE char *what = mem_printf("%s %s", kind, whose);
    app_push(a, &view_paper_ops, what);
}

static void picked(struct app *a, void *arg, const char *kind) {
    open_paper(a, arg, kind);
}

static bool is_list(const char *whose) {
    return *whose && !strchr(whose, ':');
}

static bool is_many(const char *whose) {
    return strchr(whose, ' ') || (is_list(whose) && *whose == 'W');
}

void papers_choose(struct app *a, const char *whose) {
    static const struct {
        const char *kind;
        enum text_id one, all;
    } papers[] = {{"slip", TEXT_PAPER_SLIP, TEXT_PAPER_WAVE_SLIP},
                  {"pick", TEXT_PAPER_PICK, TEXT_PAPER_WAVE_PICK},
                  {"label", TEXT_PAPER_LABEL, TEXT_PAPER_WAVE_LABEL}};
    AUTO_BUF struct buf of = BUF_INIT;
    AUTO_BUF struct buf title = BUF_INIT;
    papers_title(&of, whose);
    TF(&title, PAPER_CHOOSE, "ref", buf_str(&of));
    struct pick *p =
        pick_open(a, buf_str(&title), "", picked, free, mem_dup(whose));
    for (size_t i = 0; p && i < sizeof papers / sizeof *papers; i++) {
        enum text_id text = is_many(whose) ? papers[i].all : papers[i].one;
        pick_add(p, papers[i].kind, text_get(tr_lang, text));
    }
    if (p) {
        pick_ready(p);
    }
}

void papers_pick_list(struct app *a, const char *list, const char *ref) {
    if (is_many(list)) {
        papers_choose(a, list);
    } else {
        open_paper(a, ref, "pick");
    }
}

void papers_codes(struct app *a) {
    open_paper(a, "", "codes");
}

void papers_whose(struct jsonw *w, const char *whose) {
    if (!strchr(whose, ' ')) {
        if (*whose) {
            jsonw_kstring(w, is_list(whose) ? "pick" : "ref", whose);
        }
        return;
    }
    jsonw_key(w, "orders");
    jsonw_begin_array(w);
    while (*whose) {
        size_t n = strcspn(whose, " ");
        jsonw_stringn(w, whose, n);
        whose += n + (whose[n] == ' ');
    }
    jsonw_end_array(w);
}

void papers_title(struct buf *out, const char *whose) {
    char more[12];
    int n = 0;
    for (const char *s = whose; (s = strchr(s, ' ')); s++) {
        n++;
    }
    if (n == 0) {
        buf_adds(out, whose);
        return;
    }
    AUTO_FREE char *first = mem_dupn(whose, strcspn(whose, " "));
    (void)str_format(more, sizeof more, "%d", n);
    TF(out, PAPER_AND_MORE, "ref", first, "n", more);
}
