/* Changes: the row of their list, their states in words, what became of one. */
#include <stdio.h>
#include <string.h>

#include "common/buf.h"
#include "common/err.h"
#include "common/field.h"
#include "common/json.h"
#include "common/str.h"
#include "tui/model.h"
#include "tui/screen.h"
#include "tui/tr.h"

#define TEXT(field, key) model_text(r->field, sizeof r->field, v, key)

/* By urgency: what waits for a person comes first. */
static const struct {
    const char *name;
    enum role role;
} states[] = {
    {"conflict", ROLE_BAD},   {"refused", ROLE_BAD},   {"unknown", ROLE_WARN},
    {"sending", ROLE_NORMAL}, {"queued", ROLE_NORMAL}, {"awaiting", ROLE_WARN},
    {"confirmed", ROLE_GOOD}, {"discarded", ROLE_DIM},
};
enum { STATES = sizeof states / sizeof *states };

/* STATES of one we do not know: a newer daemon may have more. */
static size_t urgency(const char *state) {
    size_t i = 0;
    while (i < STATES && !str_eq(states[i].name, state)) {
        i++;
    }
    return i;
}

const char *change_state_word(const char *state) {
    return tr_word("pending", state);
}

int change_state_role(const char *state) {
    size_t i = urgency(state);
    return i < STATES ? (int)states[i].role : ROLE_NORMAL;
}

void model_pending(char dst[12], const struct json *v) {
    size_t most = STATES + 1;
    dst[0] = '\0';
    for (const struct json *p = json_first(v); p; p = json_next(p)) {
        const char *state = model_str(p, "state");
        if (urgency(state) < most) {
            most = urgency(state);
            (void)str_copy(dst, 12, state);
        }
    }
}

void change_value(struct buf *out, const char *path, const struct json *v) {
    field_value(out, tr_lang, path, v);
}

void change_wanted(struct buf *out, const struct json *path) {
    AUTO_BUF struct buf b = BUF_INIT;
    bool delta = str_eq(model_str(path, "path"), "stock");
    change_value(&b, model_str(path, "path"), json_get(path, "wanted"));
    buf_addf(out, "%s%s", delta && b.len && b.data[0] != '-' ? "+" : "",
             buf_str(&b));
}

/* The paths with what they are to be; of what sets none, what is sent. */
static void read_words(const struct json *v, char *dst, size_t size) {
    static const char *const members[] = {"text", "amount", "number", "name",
                                          "email"};
    AUTO_BUF struct buf b = BUF_INIT;
    const struct json *p = json_first(json_get(v, "paths"));
    const char *act = model_str(v, "act");
    if (!str_eq(act, "set") && !str_eq(act, "stock")) {
        buf_addf(&b, "%s", tr_word("act", act));
    }
    for (int i = 0; p; p = json_next(p), i++) {
        buf_adds(&b, i ? ", " : b.len ? " " : "");
        field_words(&b, tr_lang, model_str(p, "path"));
        buf_adds(&b, ": ");
        change_wanted(&b, p);
    }
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        const char *s = model_str(json_get(v, "payload"), members[i]);
        buf_addf(&b, "%s%s", *s && b.len ? " " : "", s);
    }
    (void)str_copy(dst, size, buf_str(&b));
}

static unsigned read_can(const struct json *v) {
    static const char *const names[] = {
        [CAN_APPROVE] = "approve",   [CAN_RETRY] = "retry",
        [CAN_EDIT] = "edit",         [CAN_DISCARD] = "discard",
        [CAN_MINE] = "mine",         [CAN_THEIRS] = "theirs",
        [CAN_HAPPENED] = "happened", [CAN_AGAIN] = "again",
    };
    unsigned can = 0;
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
        can |= model_has(v, "can", names[i]) ? 1u << i : 0;
    }
    return can;
}

int change_row_read(const struct json *v, void *row) {
    struct change_row *r = row;
    TEXT(id, "id");
    TEXT(store, "store");
    TEXT(ref, "ref");
    TEXT(kind, "kind");
    TEXT(act, "act");
    TEXT(state, "state");
    TEXT(author, "author");
    TEXT(approver, "approver");
    TEXT(reason, "reason");
    TEXT(code, "code");
    TEXT(text, "text");
    TEXT(cure, "cure");
    read_words(v, r->words, sizeof r->words);
    (void)str_format(r->label, sizeof r->label, "%s %s",
                     r->ref[0] ? r->ref : r->store, r->words);
    r->created_ms = model_time(v, "created");
    r->changed_ms = model_time(v, "changed");
    r->sent_ms = model_time(v, "sent");
    r->next_ms = model_time(v, "next");
    r->attempts = model_int(v, "attempts", 0);
    r->ambiguous = model_flag(v, "ambiguous");
    r->can = read_can(v);
    return r->id[0] ? 0 : ERR_INVALID;
}

const char *change_row_key(const void *row) {
    return ((const struct change_row *)row)->id;
}

bool change_row_can(const struct change_row *r, enum change_can what) {
    return r->can & (1u << what);
}

/* "alpine:1779 is completed at the shop", or the act in its words. */
static void confirmed(const struct json *v, const struct change_row *r,
                      struct buf *out) {
    const struct json *first = json_first(json_get(v, "paths"));
    const char *who = r->ref[0] ? r->ref : r->store;
    if (str_eq(r->code, "already_so")) {
        TF(out, OUTCOME_ALREADY, "ref", who, "words", r->words);
    } else if (str_eq(r->act, "set") &&
               str_eq(model_str(first, "path"), "status")) {
        TF(out, OUTCOME_STATUS, "ref", who, "status",
           field_status(tr_lang, model_str(first, "wanted")));
    } else {
        TF(out, OUTCOME_CONFIRMED, "ref", who, "words", r->words);
    }
}

void change_outcome(const struct json *v, struct buf *out, int *ret_role) {
    struct change_row r = {0};
    (void)change_row_read(v, &r);
    *ret_role = change_state_role(r.state);
    if (str_eq(r.state, "confirmed")) {
        confirmed(v, &r, out);
        return;
    }
    buf_addf(out, "%s: %s.", r.ref[0] ? r.ref : r.store,
             tr_word("change.state", r.state));
    buf_addf(out, "%s%s%s%s", r.text[0] ? " " : "", r.text,
             r.cure[0] ? " " : "", r.cure);
}
