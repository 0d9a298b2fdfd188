/* Orders: the row of every list and what has to be said of it in words. */
#include <stdio.h>
#include <string.h>

#include "common/buf.h"
#include "common/err.h"
#include "common/json.h"
#include "common/str.h"
#include "tui/model.h"
#include "tui/screen.h"
#include "tui/tr.h"

#define TEXT(field, key) model_text(r->field, sizeof r->field, v, key)

static void read_flags(const struct json *v, struct order_row *r) {
    r->late = model_has(v, "flags", "late");
    r->refunded = model_has(v, "flags", "refunded");
    r->unmapped = model_has(v, "flags", "unmapped");
    r->unlisted = model_has(v, "flags", "unlisted");
    r->gone = model_has(v, "flags", "gone");
    r->note = model_flag(v, "note");
    model_join(r->holds, sizeof r->holds, v, "holds");
    model_join(r->tags, sizeof r->tags, v, "tags");
}

int order_row_read(const struct json *v, void *row) {
    struct order_row *r = row;
    TEXT(ref, "ref");
    TEXT(store, "store");
    TEXT(number, "number");
    TEXT(status, "status");
    if (!str_eq(r->status, model_str(v, "shopstatus"))) {
        TEXT(wanted, "status");
    }
    TEXT(currency, "currency");
    TEXT(items, "items");
    TEXT(name, "customer_name");
    TEXT(email, "email");
    model_money(r->total, sizeof r->total, model_str(v, "total"));
    r->created_ms = model_time(v, "date_created");
    r->lines = model_int(v, "lines", 0);
    model_pending(r->pending, json_get(v, "pending"));
    read_flags(v, r);
    TEXT(work, "work.state");
    TEXT(work_pick, "work.pick");
    TEXT(work_who, "work.who");
    return r->ref[0] ? 0 : ERR_INVALID;
}

const char *order_row_key(const void *row) {
    return ((const struct order_row *)row)->ref;
}

static void add(struct buf *b, const char *word) {
    buf_addf(b, "%s%s", b->len ? " " : "", word);
}

void order_row_flags(const struct order_row *r, char *dst, size_t size,
                     int *ret_role) {
    AUTO_BUF struct buf b = BUF_INIT;
    *ret_role = ROLE_NORMAL;
    if (r->pending[0]) {
        *ret_role = change_state_role(r->pending);
        add(&b, change_state_word(r->pending));
    }
    if (r->gone) {
        add(&b, T(FLAG_GONE));
    }
    if (r->late) {
        add(&b, T(FLAG_LATE));
    }
    if (r->work[0]) {
        buf_addf(&b, "%s%s%s%s", b.len ? " " : "", tr_word("work", r->work),
                 r->work_who[0] ? ":" : "", r->work_who);
    }
    if (r->holds[0]) {
        buf_addf(&b, "%s%s:%s", b.len ? " " : "", T(UI_HOLD), r->holds);
    }
    if (r->gone || r->late) {
        *ret_role = ROLE_BAD;
    } else if (r->holds[0] && *ret_role == ROLE_NORMAL) {
        *ret_role = ROLE_WARN;
    }
    if (r->unmapped) {
        add(&b, T(FLAG_UNMAPPED));
    }
    if (r->unlisted) {
        add(&b, T(FLAG_UNLISTED));
    }
    if (r->refunded) {
        add(&b, T(FLAG_REFUNDED));
    }
    if (r->tags[0]) {
        buf_addf(&b, "%s#%s", b.len ? " " : "", r->tags);
    }
    if (r->note) {
        add(&b, T(FLAG_NOTE));
    }
    (void)str_copy(dst, size, buf_str(&b));
}
