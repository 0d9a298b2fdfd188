/* Each act asks for what it needs in a form of its own. The daemon checks once
 * more. */
#include "tui/return_acts.h"

#include <string.h>

#include "common/err.h"
#include "common/json.h"
#include "common/jsonw.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/edit.h"
#include "tui/model.h"
#include "tui/tr.h"
#include "tui/views.h"

#define COUNT(a) ((int)(sizeof(a) / sizeof *(a)))
#define LINE "line:"

/* --- lines of forms ----------------------------------------------------------
 */

/* The line of a field's path, "line:7" or, of a part of a bundle, "line:7.2".
 */
struct path_line {
    int64_t line, part; /* part 0: the line itself */
};

static bool read_path(const char *path, struct path_line *ret) {
    if (!str_starts(path, LINE)) {
        return false;
    }
    const char *id = path + strlen(LINE);
    size_t n = strcspn(id, ".");
    AUTO_FREE char *line = mem_dupn(id, n);
    *ret = (struct path_line){0};
    return str_to_i64(line, 1, INT64_MAX, &ret->line) >= 0 &&
           (!id[n] || str_to_i64(id + n + 1, 1, INT64_MAX, &ret->part) >= 0);
}

static void write_which(struct jsonw *w, const struct path_line *at) {
    jsonw_ki64(w, "line", at->line);
    if (at->part) {
        jsonw_ki64(w, "part", at->part);
    }
}

/* [{"line": 7, NAME: what stands in its field}] of those filled in; false:
 * none was. */
static bool write_lines(struct edit *e, struct jsonw *w, const char *name) {
    bool any = false;
    for (int i = 0; i < edit_count(e); i++) {
        struct path_line at;
        if (!read_path(edit_path(e, i), &at) || str_empty(edit_at(e, i))) {
            continue;
        }
        if (!any) {
            jsonw_key(w, "lines");
            jsonw_begin_array(w);
        }
        any = true;
        jsonw_begin_object(w);
        write_which(w, &at);
        jsonw_kstring(w, name, edit_at(e, i));
        jsonw_end_object(w);
    }
    if (any) {
        jsonw_end_array(w);
    }
    return any;
}

/* line: id of the order line; l: it, or a part of it. */
static void add_line(struct edit *e, const struct json *l, int64_t line,
                     enum text_id title, const char *n,
                     const struct json *value) {
    AUTO_BUF struct buf b = BUF_INIT;
    const char *sku = model_str(l, "sku");
    int64_t part = model_int(l, "part", 0);
    AUTO_FREE char *path =
        part ? mem_printf(LINE "%lld.%lld", (long long)line, (long long)part)
             : mem_printf(LINE "%lld", (long long)line);
    text_format(&b, tr_lang, title, "what", *sku ? sku : model_str(l, "name"),
                "n", n, NULL);
    edit_add(e, path, buf_str(&b), FORM_TEXT, value);
}

/* --- create ------------------------------------------------------------------
 */

static void create_lines(struct edit *e, const struct json *order) {
    const struct json *l = json_first(json_get(order, "line_items"));
    for (; l; l = json_next(l)) {
        const struct json *p = json_first(json_get(l, "parts"));
        int64_t id = model_int(l, "id", 0);
        if (!p) {
            add_line(e, l, id, TEXT_FORM_BACK, model_str(l, "quantity"), NULL);
        }
        for (; p; p = json_next(p)) { /* what lies in the box is parts */
            add_line(e, p, id, TEXT_FORM_BACK, model_str(p, "quantity"), NULL);
        }
    }
    edit_add(e, "said", T(FORM_RETURN_NOTE), FORM_TEXT, NULL);
}

static int create_more(struct edit *e, struct jsonw *w) {
    if (!str_empty(edit_value(e, "said"))) {
        jsonw_kstring(w, "note", edit_value(e, "said"));
    }
    if (write_lines(e, w, "quantity")) {
        return 0;
    }
    for (int i = 0; i < edit_count(e); i++) {
        if (str_starts(edit_path(e, i), LINE)) {
            edit_blame(e, edit_path(e, i), TEXT_EDIT_RETURN_WHAT);
            break;
        }
    }
    return ERR_INVALID;
}

void create_return(struct app *a, const char *order) {
    static const struct edit_field fields[] = {
        {"reason", TEXT_COL_REASON, TEXT_FORM_RETURN_REASON_HELP, FORM_CHOICE,
         "defective|wrong_item|not_as_described|changed_mind|other", NULL,
         true}};
    static const struct edit_def def = {.title = TEXT_EDIT_RETURN,
                                        .get = "orders.get",
                                        .method = "returns.create",
                                        .param = "ref",
                                        .fields = fields,
                                        .n = COUNT(fields),
                                        .note = -1,
                                        .prepare = create_lines,
                                        .more = create_more};
    edit_open(a, &def, order);
}

/* --- decide ------------------------------------------------------------------
 */

static void approve(struct view *v, const char *id) {
    static const struct edit_field fields[] = {{"note", TEXT_FORM_LETTER_NOTE,
                                                TEXT_FORM_LETTER_NOTE_HELP,
                                                FORM_TEXT, NULL, NULL, false}};
    static const struct edit_def def = {.title = TEXT_EDIT_RETURN_APPROVE,
                                        .method = "returns.approve",
                                        .param = "return",
                                        .fields = fields,
                                        .n = COUNT(fields),
                                        .note = -1,
                                        .as_is = true}; /* without a word */
    edit_open(v->app, &def, id);
}

static void reject(struct view *v, const char *id) {
    static const struct edit_field fields[] = {{"reason", TEXT_COL_REASON,
                                                TEXT_FORM_LETTER_NOTE_HELP,
                                                FORM_TEXT, NULL, NULL, true}};
    static const struct edit_def def = {.title = TEXT_EDIT_RETURN_REJECT,
                                        .method = "returns.reject",
                                        .param = "return",
                                        .fields = fields,
                                        .n = COUNT(fields),
                                        .note = -1};
    edit_open(v->app, &def, id);
}

static void close_it(struct view *v, const char *id) {
    static const struct edit_field fields[] = {
        {"note", TEXT_FORM_LETTER_NOTE, -1, FORM_TEXT, NULL, NULL, false}};
    static const struct edit_def def = {.title = TEXT_EDIT_RETURN_CLOSE,
                                        .method = "returns.close",
                                        .param = "return",
                                        .fields = fields,
                                        .n = COUNT(fields),
                                        .note = TEXT_EDIT_RETURN_CLOSE_NOTE,
                                        .as_is = true};
    edit_open(v->app, &def, id);
}

/* --- inspect -----------------------------------------------------------------
 */

static void inspect_lines(struct edit *e, const struct json *r) {
    const struct json *l = json_first(json_get(r, "lines"));
    for (; l; l = json_next(l)) {
        if (!str_eq(model_str(l, "received"), "0")) {
            add_line(e, l, model_int(l, "line", 0), TEXT_FORM_FIT,
                     model_str(l, "received"), json_get(l, "received"));
        }
    }
}

static int inspect_more(struct edit *e, struct jsonw *w) {
    (void)write_lines(e, w, "restock"); /* none: all of it goes one way */
    return 0;
}

static void inspect(struct view *v, const char *id) {
    static const struct edit_field fields[] = {
        {"fate", TEXT_FORM_FATE, TEXT_FORM_FATE_HELP, FORM_CHOICE,
         "quarantine|dispose|restock", NULL, false}};
    static const struct edit_def def = {.title = TEXT_EDIT_RETURN_INSPECT,
                                        .get = "returns.get",
                                        .method = "returns.inspect",
                                        .param = "return",
                                        .fields = fields,
                                        .n = COUNT(fields),
                                        .note = -1,
                                        .as_is = true, /* all is fit */
                                        .prepare = inspect_lines,
                                        .more = inspect_more};
    edit_open(v->app, &def, id);
}

/* --- stock and money ---------------------------------------------------------
 */

/* What is kept by lots or serials says which; what is known stands there. */
static void restock_lines(struct edit *e, const struct json *r) {
    const struct json *l = json_first(json_get(r, "lines"));
    for (; l; l = json_next(l)) {
        bool fit =
            !str_eq(model_str(l, "restock"), "0") && !*model_str(l, "stock");
        if (fit && !str_eq(model_str(l, "tracking"), "none"))
            add_line(e, l, model_int(l, "line", 0), TEXT_FORM_BACK_LOTS,
                     model_str(l, "restock"), json_get(l, "lots"));
    }
}

/* "SN1, SN2" and "3*L2407": a member of `lines` for each. */
static void write_lots(struct jsonw *w, const struct path_line *at,
                       const char *text) {
    while (*text) {
        text += strspn(text, ", ");
        size_t n = strcspn(text, ","), digits = strspn(text, "0123456789");
        const char *lot = text, *end = text + n;
        bool many = digits > 0 && digits < n && text[digits] == '*';
        AUTO_FREE char *qty = mem_dupn(text, many ? digits : 0);
        lot += many ? digits + 1 : 0;
        while (end > lot && end[-1] == ' ')
            end--;
        text += n;
        if (end == lot)
            continue;
        jsonw_begin_object(w);
        write_which(w, at);
        jsonw_key(w, "lot");
        jsonw_stringn(w, lot, (size_t)(end - lot));
        if (many)
            jsonw_kstring(w, "quantity", qty);
        jsonw_end_object(w);
    }
}

static int restock_more(struct edit *e, struct jsonw *w) {
    jsonw_key(w, "lines");
    jsonw_begin_array(w);
    for (int i = 0; i < edit_count(e); i++) {
        struct path_line at;
        if (read_path(edit_path(e, i), &at)) {
            write_lots(w, &at, edit_at(e, i));
        }
    }
    jsonw_end_array(w);
    return 0;
}

static void restock(struct view *v, const char *id) {
    static const struct edit_field fields[] = {
        {"bin", TEXT_COL_BIN, TEXT_FORM_BACK_BIN_HELP, FORM_TEXT, NULL, NULL,
         false},
        {"unsent", TEXT_FORM_UNSENT, TEXT_FORM_UNSENT_HELP, FORM_TEXT, NULL,
         NULL, false}};
    static const struct edit_def def = {.title = TEXT_EDIT_RETURN_RESTOCK,
                                        .get = "returns.get",
                                        .method = "returns.restock",
                                        .param = "return",
                                        .fields = fields,
                                        .n = COUNT(fields),
                                        .note = TEXT_EDIT_RESTOCK_NOTE,
                                        .as_is = true,
                                        .prepare = restock_lines,
                                        .more = restock_more};
    edit_open(v->app, &def, id);
}

static void refund(struct view *v, const char *id) {
    static const struct edit_field fields[] = {
        {"amount", TEXT_FORM_AMOUNT, TEXT_FORM_RETURN_AMOUNT_HELP, FORM_TEXT,
         NULL, NULL, false},
        {"reason", TEXT_COL_REASON, -1, FORM_TEXT, NULL, NULL, false},
        {"gateway", TEXT_FORM_GATEWAY, TEXT_FORM_GATEWAY_HELP, FORM_BOOL, NULL,
         NULL, false}};
    static const struct edit_def def = {.title = TEXT_EDIT_RETURN_REFUND,
                                        .method = "returns.refund",
                                        .param = "return",
                                        .fields = fields,
                                        .n = COUNT(fields),
                                        .note = TEXT_EDIT_SECOND};
    edit_open(v->app, &def, id);
}

/* --- the acts ----------------------------------------------------------------
 */

static void letters(struct view *v, const char *id) {
    return_letters(v->app, id);
}

static void receive(struct view *v, const char *id) {
    app_push(v->app, &view_receive_ops, id);
}

static const struct act {
    enum action_id action;
    int can; /* enum return_can; -1: always */
    void (*open)(struct view *v, const char *id);
} acts[] = {
    {ACTION_RETURN_APPROVE, RETURN_APPROVE, approve},
    {ACTION_RETURN_REJECT, RETURN_REJECT, reject},
    {ACTION_RETURN_RECEIVE, RETURN_RECEIVE, receive},
    {ACTION_RETURN_INSPECT, RETURN_INSPECT, inspect},
    {ACTION_RETURN_RESTOCK, RETURN_RESTOCK, restock},
    {ACTION_RETURN_REFUND, RETURN_REFUND, refund},
    {ACTION_RETURN_CLOSE, RETURN_CLOSE, close_it},
    {ACTION_RETURN_LETTER, -1, letters},
};

static const struct act *act_of(enum action_id action) {
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
        if (acts[i].action == action) {
            return &acts[i];
        }
    }
    return NULL;
}

bool return_acts_has(enum action_id action) {
    return action == ACTION_RETURN_ORDER || act_of(action);
}

bool return_acts_may(const struct return_row *r, enum action_id action) {
    const struct act *act = act_of(action);
    return !act || (r && (act->can < 0 || r->can & (1u << act->can)));
}

unsigned return_act(struct view *v, enum action_id action,
                    const struct return_row *r) {
    const struct act *act = act_of(action);
    if (!return_acts_has(action)) {
        return VIEW_IGNORED;
    }
    if (r && act) {
        act->open(v, r->id);
    } else if (r) {
        app_push(v->app, &view_order_ops, r->order);
    }
    return VIEW_DONE;
}
