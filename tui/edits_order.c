/* Forms of orders. What was seen goes along with every value; what makes
 * something new at the shop (a note, a refund) has nothing to go along. */
#include <string.h>

#include "common/err.h"
#include "common/json.h"
#include "common/jsonw.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/edit.h"
#include "tui/edits.h"
#include "tui/model.h"
#include "tui/tr.h"

#define COUNT(a) ((int)(sizeof(a) / sizeof *(a)))
#define FIELD(path, label)                                                     \
    { path, label, -1, FORM_TEXT, NULL, NULL, false }
#define ADDRESS(of)                                                            \
    FIELD(of ".first_name", TEXT_FORM_FIRST_NAME),                             \
        FIELD(of ".last_name", TEXT_FORM_LAST_NAME),                           \
        FIELD(of ".company", TEXT_FORM_COMPANY),                               \
        FIELD(of ".address_1", TEXT_FORM_ADDRESS_1),                           \
        FIELD(of ".address_2", TEXT_FORM_ADDRESS_2),                           \
        FIELD(of ".postcode", TEXT_FORM_POSTCODE),                             \
        FIELD(of ".city", TEXT_COL_CITY), FIELD(of ".state", TEXT_FORM_STATE), \
        FIELD(of ".country", TEXT_COL_COUNTRY),                                \
        FIELD(of ".phone", TEXT_COL_PHONE)

static const struct edit_field shipping[] = {ADDRESS("shipping")};
static const struct edit_field billing[] = {
    ADDRESS("billing"), FIELD("billing.email", TEXT_COL_EMAIL)};
static const struct edit_field customer_note[] = {
    FIELD("customer_note", TEXT_ORDER_NOTE)};

static void open_update(struct app *a, const struct edit_def *def,
                        const char *ref) {
    edit_open(a, def, ref);
}

void edit_order_shipping(struct app *a, const char *ref) {
    static const struct edit_def def = {.title = TEXT_EDIT_SHIPPING,
                                        .get = "orders.get",
                                        .method = "orders.update",
                                        .param = "ref",
                                        .base = true,
                                        .fields = shipping,
                                        .n = COUNT(shipping),
                                        .note = -1};
    open_update(a, &def, ref);
}

void edit_order_billing(struct app *a, const char *ref) {
    static const struct edit_def def = {.title = TEXT_EDIT_BILLING,
                                        .get = "orders.get",
                                        .method = "orders.update",
                                        .param = "ref",
                                        .base = true,
                                        .fields = billing,
                                        .n = COUNT(billing),
                                        .note = -1};
    open_update(a, &def, ref);
}

void edit_order_customer_note(struct app *a, const char *ref) {
    static const struct edit_def def = {.title = TEXT_EDIT_CUSTOMER_NOTE,
                                        .get = "orders.get",
                                        .method = "orders.update",
                                        .param = "ref",
                                        .base = true,
                                        .fields = customer_note,
                                        .n = COUNT(customer_note),
                                        .note = -1};
    open_update(a, &def, ref);
}

void edit_order_note(struct app *a, const char *ref) {
    static const struct edit_field fields[] = {
        {"text", TEXT_FORM_NOTE, -1, FORM_TEXT, NULL, NULL, true},
        {"customer", TEXT_FORM_TO_CUSTOMER, TEXT_FORM_TO_CUSTOMER_HELP,
         FORM_BOOL, NULL, NULL, false}};
    static const struct edit_def def = {.title = TEXT_EDIT_NOTE,
                                        .method = "orders.note",
                                        .param = "ref",
                                        .fields = fields,
                                        .n = COUNT(fields),
                                        .note = -1};
    edit_open(a, &def, ref);
}

void edit_order_track(struct app *a, const char *ref) {
    static const struct edit_field fields[] = {
        {"number", TEXT_FORM_TRACKING, -1, FORM_TEXT, NULL, NULL, true},
        {"carrier", TEXT_FORM_CARRIER, TEXT_FORM_CARRIER_HELP, FORM_TEXT, NULL,
         NULL, true},
        {"url", TEXT_UI_LINK, -1, FORM_TEXT, NULL, NULL, false},
        {"notify", TEXT_FORM_NOTIFY, TEXT_FORM_NOTIFY_HELP, FORM_BOOL, NULL,
         "true", false}};
    static const struct edit_def def = {.title = TEXT_EDIT_TRACK,
                                        .method = "orders.track",
                                        .param = "ref",
                                        .fields = fields,
                                        .n = COUNT(fields),
                                        .note = -1};
    edit_open(a, &def, ref);
}

/* --- refund ------------------------------------------------------------- */

#define LINE "line:"

/* A field for each line: how many of it come back. */
static void refund_lines(struct edit *e, const struct json *order) {
    const struct json *l = json_first(json_get(order, "line_items"));
    for (; l; l = json_next(l)) {
        AUTO_BUF struct buf title = BUF_INIT;
        const char *sku = model_str(l, "sku");
        AUTO_FREE char *path =
            mem_printf(LINE "%lld", (long long)model_int(l, "id", 0));
        TF(&title, FORM_BACK, "what", *sku ? sku : model_str(l, "name"), "n",
           model_str(l, "quantity"));
        edit_add(e, path, buf_str(&title), FORM_TEXT, NULL);
    }
}

static void write_line(struct jsonw *w, const char *path, const char *n) {
    int64_t id = 0;
    (void)str_to_i64(path + strlen(LINE), 1, INT64_MAX, &id);
    jsonw_begin_object(w);
    jsonw_ki64(w, "line", id);
    jsonw_kstring(w, "quantity", n);
    jsonw_end_object(w);
}

/* Restocking without saying what would do nothing at the shop. */
static int write_lines(struct edit *e, struct jsonw *w) {
    bool any = false;
    for (int i = 0; i < edit_count(e); i++) {
        const char *path = edit_path(e, i);
        if (!str_starts(path, LINE) || str_empty(edit_at(e, i))) {
            continue;
        }
        if (!any) {
            jsonw_key(w, "lines");
            jsonw_begin_array(w);
        }
        any = true;
        write_line(w, path, edit_at(e, i));
    }
    if (any) {
        jsonw_end_array(w);
    } else if (str_eq(edit_value(e, "restock"), "true")) {
        edit_blame(e, "restock", TEXT_EDIT_RESTOCK_WHAT);
        return ERR_INVALID;
    }
    return 0;
}

void edit_order_refund(struct app *a, const char *ref) {
    static const struct edit_field fields[] = {
        {"amount", TEXT_FORM_AMOUNT, TEXT_FORM_AMOUNT_HELP, FORM_TEXT, NULL,
         NULL, true},
        {"reason", TEXT_COL_REASON, -1, FORM_TEXT, NULL, NULL, false},
        {"gateway", TEXT_FORM_GATEWAY, TEXT_FORM_GATEWAY_HELP, FORM_BOOL, NULL,
         NULL, false},
        {"restock", TEXT_FORM_RESTOCK, TEXT_FORM_RESTOCK_HELP, FORM_BOOL, NULL,
         NULL, false}};
    static const struct edit_def def = {.title = TEXT_EDIT_REFUND,
                                        .get = "orders.get",
                                        .method = "orders.refund",
                                        .param = "ref",
                                        .fields = fields,
                                        .n = COUNT(fields),
                                        .note = TEXT_EDIT_SECOND,
                                        .prepare = refund_lines,
                                        .more = write_lines};
    edit_open(a, &def, ref);
}
