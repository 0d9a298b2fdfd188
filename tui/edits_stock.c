/* Forms of the warehouse: pieces that come, go and move, limits, bins, what is
 * awaited and counted. */
#include "tui/edits.h"

#include <string.h>

#include "common/json.h"
#include "common/jsonw.h"
#include "common/str.h"
#include "tui/edit.h"
#include "tui/model.h"
#include "tui/tr.h"
#include "tui/view.h"

#define COUNT(a) ((int)(sizeof(a) / sizeof *(a)))
#define FIELD(path, label)                                                     \
    { path, label, -1, FORM_TEXT, NULL, NULL, false }
#define NEEDED(path, label)                                                    \
    { path, label, -1, FORM_TEXT, NULL, NULL, true }

/* What it is told apart by is asked for last, and only where it is. */
enum { LOT_FIELDS = 2, SERIAL_FIELDS = 1 };

static int with_lot(const char *tracking) {
    return str_eq(tracking, "lot")      ? LOT_FIELDS
           : str_eq(tracking, "serial") ? SERIAL_FIELDS
                                        : 0;
}

void edit_correct(struct app *a, const char *ref, const char *tracking) {
    static const struct edit_field fields[] = {
        NEEDED("bin", TEXT_COL_BIN),
        {"delta", TEXT_FORM_DELTA, TEXT_FORM_DELTA_HELP, FORM_TEXT, NULL, NULL,
         true},
        {"code", TEXT_FORM_CODE, TEXT_FORM_CHOICE_HELP, FORM_CHOICE,
         "correction|found|lost|damaged|expired|own_use|opening", "correction",
         false},
        {"shop", TEXT_FORM_TELL_SHOP, TEXT_FORM_TELL_SHOP_HELP, FORM_CHOICE,
         "yes|no", "yes", false},
        FIELD("reason", TEXT_COL_REASON),
        FIELD("lot", TEXT_COL_LOT),
        {"expires", TEXT_COL_EXPIRES, TEXT_FORM_EXPIRES_HELP, FORM_TEXT, NULL,
         NULL, false}};
#define CORRECT(fewer)                                                         \
    {                                                                          \
        .title = TEXT_EDIT_CORRECT, .method = "inventory.correct",             \
        .param = "ref", .fields = fields, .n = COUNT(fields) - (fewer),        \
        .note = -1                                                             \
    }
    static const struct edit_def defs[] = {CORRECT(2), CORRECT(1), CORRECT(0)};
#undef CORRECT
    if (app_is_owner(a)) {
        edit_stock(a, ref);
        return;
    }
    edit_open(a, &defs[with_lot(tracking)], ref);
}

/* From the bin most of it lies in, unless another is typed. */
static void move_from(struct edit *e, const struct json *level) {
    edit_fill(e, "from", model_str(level, "bin"));
}

void edit_move(struct app *a, const char *ref, const char *tracking) {
    static const struct edit_field fields[] = {
        NEEDED("from", TEXT_FORM_FROM_BIN), NEEDED("to", TEXT_FORM_TO_BIN),
        NEEDED("qty", TEXT_COL_QUANTITY), FIELD("note", TEXT_COL_REASON),
        FIELD("lot", TEXT_COL_LOT)};
#define MOVE(fewer)                                                            \
    {                                                                          \
        .title = TEXT_EDIT_MOVE, .get = "inventory.get", .prepare = move_from, \
        .method = "inventory.move", .param = "ref", .fields = fields,          \
        .n = COUNT(fields) - (fewer), .note = -1                               \
    }
    static const struct edit_def defs[] = {MOVE(1), MOVE(0)};
#undef MOVE
    edit_open(a, &defs[with_lot(tracking) > 0], ref);
}

/* "alpine:34 L2407": a reference has no blank, a lot may. */
static int lot_members(struct edit *e, struct jsonw *w) {
    const char *key = edit_ref(e);
    size_t n = strcspn(key, " ");
    jsonw_key(w, "ref");
    jsonw_stringn(w, key, n);
    jsonw_kstring(w, "lot", key[n] ? key + n + 1 : "");
    jsonw_kstring(w, "expires", edit_value(e, "expires"));
    return 0;
}

static void lot_changed(struct app *a, const char *key,
                        const struct json *result) {
    (void)key;
    (void)result;
    app_say(a, ROLE_GOOD, "%s", T(EDIT_LOT_DONE));
}

void edit_lot(struct app *a, const char *key) {
    static const struct edit_field fields[] = {{.path = "expires",
                                                .label = TEXT_COL_EXPIRES,
                                                .help = TEXT_FORM_EXPIRES_HELP,
                                                .type = FORM_TEXT,
                                                .own = true}};
    static const struct edit_def def = {.title = TEXT_EDIT_LOT,
                                        .method = "lots.update",
                                        .fields = fields,
                                        .n = COUNT(fields),
                                        .note = -1,
                                        .as_is = true,
                                        .more = lot_members,
                                        .done = lot_changed};
    edit_open(a, &def, key);
}

void edit_limits(struct app *a, const char *ref) {
    static const struct edit_field fields[] = {
        {"reorder", TEXT_FORM_REORDER, TEXT_FORM_REORDER_HELP, FORM_TEXT, NULL,
         NULL, false},
        {"threshold", TEXT_FORM_THRESHOLD, TEXT_FORM_THRESHOLD_HELP, FORM_TEXT,
         NULL, NULL, false},
        {"tracking", TEXT_FORM_KEPT_BY, TEXT_FORM_KEPT_BY_HELP, FORM_CHOICE,
         "none|lot|serial", NULL, false}};
    static const struct edit_def def = {.title = TEXT_EDIT_LIMITS,
                                        .get = "inventory.get",
                                        .method = "inventory.limits",
                                        .param = "ref",
                                        .fields = fields,
                                        .n = COUNT(fields),
                                        .note = -1};
    edit_open(a, &def, ref);
}

void create_bin(struct app *a) {
    static const struct edit_field fields[] = {
        NEEDED("code", TEXT_COL_BIN),
        FIELD("zone", TEXT_FORM_ZONE),
        {"place", TEXT_COL_PLACE, TEXT_FORM_PLACE_HELP, FORM_NUMBER, NULL, NULL,
         false},
        {"quarantine", TEXT_UI_QUARANTINE, TEXT_FORM_QUARANTINE_HELP, FORM_BOOL,
         NULL, NULL, false}};
    static const struct edit_def def = {.title = TEXT_CREATE_BIN,
                                        .method = "bins.create",
                                        .fields = fields,
                                        .n = COUNT(fields),
                                        .note = -1};
    edit_open(a, &def, "");
}

void edit_bin(struct app *a, const char *code) {
    static const struct edit_field fields[] = {
        FIELD("zone", TEXT_FORM_ZONE),
        {"place", TEXT_COL_PLACE, TEXT_FORM_PLACE_HELP, FORM_NUMBER, NULL, NULL,
         false},
        {"quarantine", TEXT_UI_QUARANTINE, TEXT_FORM_QUARANTINE_HELP, FORM_BOOL,
         NULL, NULL, false},
        {"disabled", TEXT_FORM_DISABLED, TEXT_FORM_DISABLED_HELP, FORM_BOOL,
         NULL, NULL, false}};
    static const struct edit_def def = {.title = TEXT_EDIT_BIN,
                                        .get = "bins.get",
                                        .method = "bins.update",
                                        .param = "bin",
                                        .changed = true,
                                        .fields = fields,
                                        .n = COUNT(fields),
                                        .note = -1};
    edit_open(a, &def, code);
}

/* Who announces one thing announces more: the form comes again. */
static void expected(struct app *a, const char *ref, const struct json *r) {
    AUTO_BUF struct buf b = BUF_INIT;
    TF(&b, EDIT_EXPECT_DONE, "sku", model_str(r, "sku"), "name",
       model_str(r, "name"), "n", model_str(r, "expected"));
    app_say(a, ROLE_GOOD, "%s", buf_str(&b));
    edit_expect(a, ref);
}

void edit_expect(struct app *a, const char *id) {
    static const struct edit_field fields[] = {
        {"code", TEXT_COL_SKU, TEXT_FORM_ITEM_HELP, FORM_TEXT, NULL, NULL,
         true},
        {"qty", TEXT_COL_QUANTITY, TEXT_FORM_ANNOUNCED_HELP, FORM_TEXT, NULL,
         NULL, true}};
    static const struct edit_def def = {.title = TEXT_EDIT_EXPECT,
                                        .method = "inbound.expect",
                                        .param = "id",
                                        .fields = fields,
                                        .n = COUNT(fields),
                                        .note = TEXT_EDIT_EXPECT_NOTE,
                                        .done = expected};
    edit_open(a, &def, id);
}

static void inbound_made(struct app *a, const char *ref, const struct json *r) {
    AUTO_BUF struct buf b = BUF_INIT;
    (void)ref;
    TF(&b, CREATE_INBOUND_DONE, "id", model_str(r, "id"));
    app_say(a, ROLE_GOOD, "%s", buf_str(&b));
}

void create_inbound(struct app *a) {
    static const struct edit_field fields[] = {
        NEEDED("reference", TEXT_COL_REF),
        FIELD("supplier", TEXT_COL_SUPPLIER),
        FIELD("tenant", TEXT_COL_TENANT),
        {"expected_on", TEXT_COL_EXPECTED, TEXT_FORM_EXPECTED_HELP, FORM_TEXT,
         NULL, NULL, false},
        FIELD("note", TEXT_COL_DETAIL)};
    static const struct edit_def def = {.title = TEXT_CREATE_INBOUND,
                                        .method = "inbound.create",
                                        .fields = fields,
                                        .n = COUNT(fields),
                                        .note = -1,
                                        .done = inbound_made};
    edit_open(a, &def, "");
}

/* "A-1 A-2, B-1" as an array. */
static int count_bins(struct edit *e, struct jsonw *w) {
    const char *text = edit_value(e, "codes");
    jsonw_key(w, "bins");
    jsonw_begin_array(w);
    while (*text) {
        size_t n = strcspn(text, " ,");
        if (n)
            jsonw_stringn(w, text, n);
        text += n + (text[n] != '\0');
    }
    jsonw_end_array(w);
    return 0;
}

static void count_fields(struct edit *e, const struct json *object) {
    (void)object;
    edit_add(e, "codes", T(COL_BINS), FORM_TEXT, NULL);
}

void create_count(struct app *a) {
    static const struct edit_field fields[] = {
        {"note", TEXT_COL_DETAIL, -1, FORM_TEXT, NULL, NULL, false}};
    static const struct edit_def def = {.title = TEXT_CREATE_COUNT,
                                        .method = "counts.begin",
                                        .fields = fields,
                                        .n = COUNT(fields),
                                        .note = TEXT_CREATE_COUNT_NOTE,
                                        .prepare = count_fields,
                                        .more = count_bins};
    edit_open(a, &def, "");
}
