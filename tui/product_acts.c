#include "tui/product_acts.h"

#include "common/mem.h"
#include "tui/link.h"
#include "tui/tr.h"
#include "tui/views.h"

static void on_trashed(void *arg, const struct link_reply *r) {
    struct view *v = arg;
    if (r->result) {
        app_change_made(v->app, r->result, v->ops->ref ? v->ops->ref(v) : "");
    } else {
        app_say_error(v->app, r);
    }
}

/* The word was typed; it is the reference (and references need no escapes). */
static void confirmed(void *arg, const char *word) {
    struct view *v = arg;
    AUTO_FREE char *params = mem_printf("{\"ref\":\"%s\"}", word);
    int err =
        link_write(app_link(v->app), "products.trash", params, on_trashed, v);
    if (err < 0) {
        app_say(v->app, ROLE_BAD, "%s", text_error(tr_lang, err));
    }
}

void product_trash(struct view *v, const char *ref) {
    AUTO_BUF struct buf b = BUF_INIT;
    TF(&b, PRODUCT_TRASH_CONFIRM, "ref", ref);
    app_confirm(v->app, buf_str(&b), ref, confirmed, v);
}
