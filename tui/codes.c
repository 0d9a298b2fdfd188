#include "tui/codes.h"

#include "common/action_code.h"
#include "common/err.h"
#include "common/str.h"
#include "tui/link.h"
#include "tui/tr.h"
#include "tui/view.h"

static const struct {
    enum action_code code;
    enum action_view view;
    enum action_id action;
} rows[] = {
    {ACTION_CODE_UNDO, VIEW_PICKING, ACTION_PICK_UNDO},
    {ACTION_CODE_UNDO, VIEW_PACK, ACTION_PACK_UNDO},
    {ACTION_CODE_UNDO, VIEW_SCAN, ACTION_SCAN_UNDO},
    {ACTION_CODE_UNDO, VIEW_RECEIVE, ACTION_UNDO_SCAN},
    {ACTION_CODE_NEXT, VIEW_PICKING, ACTION_DOWN},
    {ACTION_CODE_NEXT, VIEW_PACK, ACTION_DOWN},
    {ACTION_CODE_SHORT, VIEW_PICKING, ACTION_PICK_MISSING},
    {ACTION_CODE_SHORT, VIEW_PACK, ACTION_PACK_MISSING},
    {ACTION_CODE_PARCEL, VIEW_PACK, ACTION_PACK_PARCEL},
    {ACTION_CODE_ACCEPT, VIEW_PACK, ACTION_PACK_ACCEPT},
    {ACTION_CODE_DONE, VIEW_PICKING, ACTION_PICK_FINISH},
    {ACTION_CODE_DONE, VIEW_PACK, ACTION_PACK_DONE},
    {ACTION_CODE_DONE, VIEW_SCAN, ACTION_SCAN_FINISH},
    {ACTION_CODE_LEAVE, VIEW_PICKING, ACTION_PICK_LEAVE},
    {ACTION_CODE_LEAVE, VIEW_PACK, ACTION_PACK_LEAVE},
    {ACTION_CODE_LEAVE, VIEW_SCAN, ACTION_CANCEL},
    {ACTION_CODE_LEAVE, VIEW_RECEIVE, ACTION_CANCEL},
};

static int parse(struct app *a, const char *text) {
    return action_code_parse(link_session(app_link(a))->code_prefix, text);
}

static void ring(struct app *a) {
    struct screen *s = app_screen(a);
    if (s)
        s->ops->ring(s);
}

/* Its name in words where it is one. */
static void say_nothing(struct app *a, int code, const char *text) {
    AUTO_BUF struct buf b = BUF_INIT;
    if (code < 0) {
        TF(&b, CODE_UNKNOWN, "code", text);
    } else {
        enum text_id name = action_code_name((enum action_code)code);
        TF(&b, CODE_MEANS_NOTHING, "code", text, "what",
           text_get(tr_lang, name));
    }
    app_say(a, ROLE_BAD, "%s", buf_str(&b));
    ring(a);
}

static enum action_id action_of(struct app *a, int code, bool asks) {
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if ((int)rows[i].code == code && rows[i].view == app_view_id(a) &&
            !(asks && code == ACTION_CODE_DONE))
            return rows[i].action;
    return ACTION_COUNT;
}

bool codes_take(struct app *a, const char *text, bool asks) {
    int code = parse(a, text);
    if (code == ERR_NOT_FOUND)
        return false;
    enum action_id action = action_of(a, code, asks);
    if (action == ACTION_COUNT) {
        say_nothing(a, code, text);
        return true;
    }
    if (!app_allows(a, action))
        ring(a); /* why not is said */
    app_act(a, action);
    return true;
}

bool codes_refuse(struct app *a, const char *text) {
    int code = parse(a, text);
    if (code != ERR_NOT_FOUND)
        say_nothing(a, code, text);
    return code != ERR_NOT_FOUND;
}
