/* Forms of what this house says of an order or a customer. */
#include "common/err.h"
#include "common/jsonw.h"
#include "common/str.h"
#include "tui/edit.h"
#include "tui/edits.h"
#include "tui/tr.h"

#define COUNT(a) ((int)(sizeof(a) / sizeof *(a)))

void edit_order_hold(struct app *a, const char *ref) {
    static const struct edit_field fields[] = {
        {"reason", TEXT_COL_REASON, TEXT_FORM_CHOICE_HELP, FORM_CHOICE,
         "operator|address|payment|fraud|date", NULL, true},
        {"note", TEXT_FORM_NOTE, -1, FORM_TEXT, NULL, NULL, false},
        {"until", TEXT_FORM_UNTIL, TEXT_FORM_UNTIL_HELP, FORM_TEXT, NULL, NULL,
         false}};
    static const struct edit_def def = {.title = TEXT_EDIT_HOLD,
                                        .method = "orders.hold",
                                        .param = "ref",
                                        .fields = fields,
                                        .n = COUNT(fields),
                                        .note = -1};
    edit_open(a, &def, ref);
}

void edit_order_release(struct app *a, const char *ref) {
    static const struct edit_field fields[] = {
        {"note", TEXT_FORM_NOTE, -1, FORM_TEXT, NULL, NULL, false}};
    static const struct edit_def def = {.title = TEXT_EDIT_RELEASE,
                                        .method = "orders.release",
                                        .param = "ref",
                                        .fields = fields,
                                        .n = COUNT(fields),
                                        .note = -1,
                                        .as_is = true};
    edit_open(a, &def, ref);
}

/* One word more or less: the form has one. */
static void tag_field(struct edit *e, const struct json *object) {
    (void)object;
    edit_add(e, "tag", T(FORM_TAG), FORM_TEXT, NULL);
}

static int write_tag(struct edit *e, struct jsonw *w) {
    const char *tag = edit_value(e, "tag");
    bool off = tag[0] == '-';
    if (str_empty(tag + off)) {
        edit_blame(e, "tag", TEXT_FORM_TAG_HELP);
        return ERR_INVALID;
    }
    jsonw_key(w, off ? "remove" : "add");
    jsonw_begin_array(w);
    jsonw_string(w, tag + off);
    jsonw_end_array(w);
    return 0;
}

void edit_order_tag(struct app *a, const char *ref) {
    static const struct edit_def def = {.title = TEXT_EDIT_TAG,
                                        .method = "orders.tag",
                                        .param = "ref",
                                        .note = TEXT_FORM_TAG_HELP,
                                        .prepare = tag_field,
                                        .more = write_tag};
    edit_open(a, &def, ref);
}

void edit_customer_tag(struct app *a, const char *ref) {
    static const struct edit_def def = {.title = TEXT_EDIT_TAG,
                                        .method = "customers.tag",
                                        .param = "ref",
                                        .note = TEXT_FORM_TAG_HELP,
                                        .prepare = tag_field,
                                        .more = write_tag};
    edit_open(a, &def, ref);
}

void edit_customer_note(struct app *a, const char *ref) {
    static const struct edit_field fields[] = {{"text", TEXT_FORM_NOTE,
                                                TEXT_FORM_CUSTOMER_NOTE_HELP,
                                                FORM_TEXT, NULL, NULL, true}};
    static const struct edit_def def = {.title = TEXT_EDIT_CUSTOMER_MARK,
                                        .method = "customers.note",
                                        .param = "ref",
                                        .fields = fields,
                                        .n = COUNT(fields),
                                        .note = -1};
    edit_open(a, &def, ref);
}
