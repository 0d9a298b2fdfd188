#include "common/json.h"
#include "common/str.h"
#include "tui/model.h"
#include "tui/screen.h"
#include "tui/tickets.h"

#define TEXT(field, key) model_text(r->field, sizeof r->field, v, key)

int ticket_row_read(const struct json *v, void *row) {
    struct ticket_row *r = row;
    TEXT(id, "id");
    TEXT(store, "store");
    TEXT(subject, "subject");
    TEXT(ref, "ref");
    TEXT(priority, "priority");
    TEXT(state, "state");
    TEXT(assignee, "assignee");
    TEXT(author, "author");
    r->created_ms = model_time(v, "created");
    r->changed_ms = model_time(v, "changed");
    r->unread = model_flag(v, "unread");
    return r->id[0] ? 0 : -1;
}

const char *ticket_row_key(const void *row) {
    return ((const struct ticket_row *)row)->id;
}

int ticket_state_role(const char *state) {
    return str_eq(state, "open")          ? ROLE_WARN
           : str_eq(state, "in_progress") ? ROLE_NORMAL
           : str_eq(state, "resolved")    ? ROLE_GOOD
                                          : ROLE_DIM;
}

int ticket_priority_role(const char *priority) {
    return str_eq(priority, "urgent") ? ROLE_BAD
           : str_eq(priority, "high") ? ROLE_WARN
           : str_eq(priority, "low")  ? ROLE_DIM
                                      : ROLE_NORMAL;
}
