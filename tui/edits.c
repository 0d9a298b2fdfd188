/* Forms of customers, of stock and of changes themselves. */
#include "tui/edits.h"

#include "common/field.h"
#include "common/json.h"
#include "common/jsonw.h"
#include "common/str.h"
#include "tui/edit.h"
#include "tui/model.h"
#include "tui/tr.h"

#define COUNT(a) ((int)(sizeof(a) / sizeof *(a)))
#define FIELD(path, label)                                                     \
    { path, label, -1, FORM_TEXT, NULL, NULL, false }
#define NEEDED(path, label)                                                    \
    { path, label, -1, FORM_TEXT, NULL, NULL, true }
#define STORE                                                                  \
    { "store", TEXT_COL_STORE, -1, FORM_CHOICE, "stores", NULL, true }

void edit_stock(struct app *a, const char *ref) {
    static const struct edit_field fields[] = {
        {"delta", TEXT_FORM_DELTA, TEXT_FORM_DELTA_HELP, FORM_TEXT, NULL, NULL,
         true},
        {"reason", TEXT_COL_REASON, -1, FORM_TEXT, NULL, NULL, false}};
    static const struct edit_def def = {.title = TEXT_EDIT_STOCK,
                                        .method = "inventory.adjust",
                                        .propose = true,
                                        .param = "ref",
                                        .fields = fields,
                                        .n = COUNT(fields),
                                        .note = -1};
    edit_open(a, &def, ref);
}

void edit_customer(struct app *a, const char *ref) {
    static const struct edit_field fields[] = {
        FIELD("first_name", TEXT_FORM_FIRST_NAME),
        FIELD("last_name", TEXT_FORM_LAST_NAME),
        FIELD("email", TEXT_COL_EMAIL),
        FIELD("billing.company", TEXT_FORM_COMPANY),
        FIELD("billing.address_1", TEXT_FORM_ADDRESS_1),
        FIELD("billing.address_2", TEXT_FORM_ADDRESS_2),
        FIELD("billing.postcode", TEXT_FORM_POSTCODE),
        FIELD("billing.city", TEXT_COL_CITY),
        FIELD("billing.state", TEXT_FORM_STATE),
        FIELD("billing.country", TEXT_COL_COUNTRY),
        FIELD("billing.phone", TEXT_COL_PHONE)};
    static const struct edit_def def = {.title = TEXT_EDIT_CUSTOMER,
                                        .get = "customers.get",
                                        .method = "customers.update",
                                        .param = "ref",
                                        .base = true,
                                        .fields = fields,
                                        .n = COUNT(fields),
                                        .note = -1};
    edit_open(a, &def, ref);
}

/* --- a change ----------------------------------------------------------- */

static enum form_type type_of(const struct json *v) {
    return json_type(v) == JSON_BOOL ? FORM_BOOL : FORM_TEXT;
}

static void add_field(struct edit *e, const char *path, const struct json *v) {
    AUTO_BUF struct buf title = BUF_INIT;
    field_words(&title, tr_lang, path);
    edit_add(e, path, buf_str(&title), type_of(v), v);
}

/* Values that are structures cannot be typed here. */
static void change_fields(struct edit *e, const struct json *change) {
    const struct json *p = json_first(json_get(change, "paths"));
    char number[40];
    for (; p; p = json_next(p)) {
        const struct json *v = json_get(p, "wanted");
        const char *path = model_str(p, "path");
        if (json_text(v, number)) {
            add_field(e, path, v);
        }
    }
    for (p = json_first(json_get(change, "payload")); p; p = json_next(p)) {
        if (json_text(p, number)) {
            add_field(e, json_key(p), p);
        }
    }
}

void edit_change(struct app *a, const char *id) {
    static const struct edit_def def = {.title = TEXT_EDIT_CHANGE,
                                        .get = "changes.get",
                                        .method = "changes.edit",
                                        .param = "id",
                                        .set = "set",
                                        .note = TEXT_EDIT_CHANGE_NOTE,
                                        .prepare = change_fields};
    edit_open(a, &def, id);
}

/* --- a proposal --------------------------------------------------------- */

void edit_rejection(struct app *a, const char *id) {
    static const struct edit_field fields[] = {{"note", TEXT_COL_REASON,
                                                TEXT_FORM_REJECT_HELP,
                                                FORM_TEXT, NULL, NULL, true}};
    static const struct edit_def def = {.title = TEXT_EDIT_REJECTION,
                                        .method = "approvals.reject",
                                        .param = "id",
                                        .fields = fields,
                                        .n = COUNT(fields),
                                        .note = -1};
    edit_open(a, &def, id);
}

static void proposal_fields(struct edit *e, const struct json *proposal) {
    const struct json *i = json_first(json_get(proposal, "list"));
    char number[40];
    for (; i; i = json_next(i)) {
        const struct json *v = json_get(i, "wanted");
        const char *path = model_str(i, "path");
        if (*path && json_text(v, number)) {
            add_field(e, path, v);
        }
        for (v = *path ? NULL : json_first(v); v; v = json_next(v)) {
            if (json_text(v, number)) {
                add_field(e, json_key(v), v);
            }
        }
    }
}

void edit_proposal(struct app *a, const char *id) {
    static const struct edit_def def = {.title = TEXT_EDIT_PROPOSAL,
                                        .get = "approvals.get",
                                        .method = "approvals.edit",
                                        .param = "id",
                                        .set = "set",
                                        .note = -1,
                                        .prepare = proposal_fields};
    edit_open(a, &def, id);
}

/* --- what is new -------------------------------------------------------- */

void create_customer(struct app *a) {
    static const struct edit_field fields[] = {
        STORE, NEEDED("email", TEXT_COL_EMAIL),
        FIELD("first_name", TEXT_FORM_FIRST_NAME),
        FIELD("last_name", TEXT_FORM_LAST_NAME),
        FIELD("billing.phone", TEXT_COL_PHONE)};
    static const struct edit_def def = {.title = TEXT_CREATE_CUSTOMER,
                                        .method = "customers.create",
                                        .fields = fields,
                                        .n = COUNT(fields),
                                        .note = -1};
    edit_open(a, &def, "");
}
