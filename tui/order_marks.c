#include "tui/order_marks.h"

#include "common/err.h"
#include "common/jsonw.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/bulk.h"
#include "tui/edit.h"
#include "tui/progress.h"
#include "tui/tr.h"

#define COUNT(a) ((int)(sizeof(a) / sizeof *(a)))

/* Members of the call beside the order, without braces; NULL: none. */
static char *members(const char *const (*pairs)[2], size_t n) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct jsonw w;
    jsonw_init(&w, &b);
    jsonw_begin_object(&w);
    for (size_t i = 0; i < n; i++) {
        if (*pairs[i][1]) {
            jsonw_kstring(&w, pairs[i][0], pairs[i][1]);
        }
    }
    jsonw_end_object(&w);
    return b.len > 2 ? mem_dupn(b.data + 1, b.len - 2) : NULL;
}

static int take_hold(struct edit *e, struct app *a, const char *what) {
    static const struct bulk_act act = {.method = "orders.hold",
                                        .param = "ref",
                                        .title = TEXT_EDIT_HOLD,
                                        .question = TEXT_BULK_HOLD,
                                        .word = -1,
                                        .preview = "hold"};
    const char *const pairs[][2] = {{"reason", edit_value(e, "reason")},
                                    {"note", edit_value(e, "note")},
                                    {"until", edit_value(e, "until")}};
    AUTO_FREE char *more = members(pairs, 3);
    (void)what;
    order_set_bulk(a, edit_arg(e), &act, pairs[0][1], more);
    return 0;
}

static int take_release(struct edit *e, struct app *a, const char *what) {
    static const struct bulk_act act = {.method = "orders.release",
                                        .param = "ref",
                                        .title = TEXT_EDIT_RELEASE,
                                        .question = TEXT_BULK_RELEASE,
                                        .word = -1,
                                        .preview = "release"};
    const char *const pairs[][2] = {{"note", edit_value(e, "note")}};
    AUTO_FREE char *more = members(pairs, 1);
    (void)what;
    order_set_bulk(a, edit_arg(e), &act, "", more);
    return 0;
}

/* As of one order: a "-" before the word takes it off. */
static int take_tag(struct edit *e, struct app *a, const char *what) {
    static const struct bulk_act put = {.method = "orders.tag",
                                        .param = "ref",
                                        .title = TEXT_EDIT_TAG,
                                        .question = TEXT_BULK_TAG,
                                        .word = -1,
                                        .preview = "tag"};
    static const struct bulk_act off = {.method = "orders.tag",
                                        .param = "ref",
                                        .title = TEXT_EDIT_TAG,
                                        .question = TEXT_BULK_UNTAG,
                                        .word = -1,
                                        .preview = "untag"};
    const char *tag = edit_value(e, "tag");
    bool minus = tag[0] == '-';
    AUTO_BUF struct buf b = BUF_INIT;
    struct jsonw w;
    (void)what;
    if (str_empty(tag + minus)) {
        edit_blame(e, "tag", TEXT_FORM_TAG_HELP);
        return ERR_INVALID;
    }
    jsonw_init(&w, &b);
    jsonw_begin_array(&w);
    jsonw_string(&w, tag + minus);
    jsonw_end_array(&w);
    AUTO_FREE char *more =
        mem_printf("\"%s\":%s", minus ? "remove" : "add", buf_str(&b));
    order_set_bulk(a, edit_arg(e), minus ? &off : &put, tag + minus, more);
    return 0;
}

static const struct edit_field hold_fields[] = {
    {"reason", TEXT_COL_REASON, TEXT_FORM_CHOICE_HELP, FORM_CHOICE,
     "operator|address|payment|fraud|date", NULL, true},
    {"note", TEXT_FORM_NOTE, -1, FORM_TEXT, NULL, NULL, false},
    {"until", TEXT_FORM_UNTIL, TEXT_FORM_UNTIL_HELP, FORM_TEXT, NULL, NULL,
     false}};
static const struct edit_field release_fields[] = {
    {"note", TEXT_FORM_NOTE, -1, FORM_TEXT, NULL, NULL, false}};
static const struct edit_field tag_fields[] = {
    {"tag", TEXT_FORM_TAG, TEXT_FORM_TAG_HELP, FORM_TEXT, NULL, NULL, true}};

static const struct edit_def hold = {.title = TEXT_EDIT_HOLD,
                                     .fields = hold_fields,
                                     .n = COUNT(hold_fields),
                                     .note = -1,
                                     .take = take_hold};
static const struct edit_def release = {.title = TEXT_EDIT_RELEASE,
                                        .fields = release_fields,
                                        .n = COUNT(release_fields),
                                        .note = -1,
                                        .take = take_release};
static const struct edit_def tag = {.title = TEXT_EDIT_TAG,
                                    .fields = tag_fields,
                                    .n = COUNT(tag_fields),
                                    .note = -1,
                                    .take = take_tag};

static void drop(void *arg) {
    order_set_free(arg);
}

bool order_marks_many(struct app *a, enum action_id action,
                      struct order_set *s) {
    const struct edit_def *def = action == ACTION_HOLD      ? &hold
                                 : action == ACTION_RELEASE ? &release
                                 : action == ACTION_TAG     ? &tag
                                                            : NULL;
    AUTO_BUF struct buf what = BUF_INIT;
    char n[32];
    if (!def) {
        return false;
    }
    TF(&what, COUNTS_ORDERS, "n", progress_count(n, s->n));
    edit_open_with(a, def, buf_str(&what), s, drop);
    return true;
}
