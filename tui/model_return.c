/* Rows of returns and of letters. */
#include <string.h>

#include "common/err.h"
#include "common/json.h"
#include "common/str.h"
#include "tui/model.h"
#include "tui/screen.h"
#include "tui/tr.h"

#define TEXT(field, key) model_text(r->field, sizeof r->field, v, key)

static unsigned read_can(const struct json *v) {
    static const char *const names[] = {
        [RETURN_APPROVE] = "approve", [RETURN_REJECT] = "reject",
        [RETURN_RECEIVE] = "receive", [RETURN_INSPECT] = "inspect",
        [RETURN_RESTOCK] = "restock", [RETURN_REFUND] = "refund",
        [RETURN_CLOSE] = "close"};
    unsigned can = 0;
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
        can |= model_has(v, "can", names[i]) ? 1u << i : 0;
    }
    return can;
}

int return_row_read(const struct json *v, void *row) {
    struct return_row *r = row;
    TEXT(id, "return");
    TEXT(store, "store");
    TEXT(order, "order");
    TEXT(number, "number");
    TEXT(customer, "customer");
    TEXT(state, "state");
    TEXT(reason, "reason");
    TEXT(note, "note");
    TEXT(decision, "decision");
    TEXT(quantity, "quantity");
    TEXT(received, "received");
    TEXT(refund, "refund");
    TEXT(amount, "amount");
    r->created_ms = model_time(v, "created");
    r->changed_ms = model_time(v, "changed");
    r->can = read_can(v);
    return r->id[0] ? 0 : ERR_INVALID;
}

const char *return_row_key(const void *row) {
    return ((const struct return_row *)row)->id;
}

int return_state_role(const char *state) {
    return str_eq(state, "requested")  ? ROLE_WARN
           : str_eq(state, "refunded") ? ROLE_GOOD
           : str_eq(state, "closed")   ? ROLE_DIM
           : str_eq(state, "rejected") ? ROLE_DIM
                                       : ROLE_NORMAL;
}

int mail_row_read(const struct json *v, void *row) {
    struct mail_row *r = row;
    TEXT(id, "mail");
    TEXT(about, "about");
    TEXT(template, "template");
    TEXT(to, "to");
    TEXT(subject, "subject");
    TEXT(state, "state");
    TEXT(text, "text");
    r->changed_ms = model_time(v, "changed");
    r->retry = model_has(v, "can", "retry");
    r->discard = model_has(v, "can", "discard");
    return r->id[0] ? 0 : ERR_INVALID;
}

const char *mail_row_key(const void *row) {
    return ((const struct mail_row *)row)->id;
}

int mail_state_role(const char *state) {
    return str_eq(state, "failed")      ? ROLE_BAD
           : str_eq(state, "unknown")   ? ROLE_WARN
           : str_eq(state, "parked")    ? ROLE_WARN
           : str_eq(state, "sent")      ? ROLE_GOOD
           : str_eq(state, "discarded") ? ROLE_DIM
                                        : ROLE_NORMAL;
}
