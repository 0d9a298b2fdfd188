#include "tui/approval.h"

#include "common/err.h"
#include "common/json.h"
#include "common/jsonw.h"
#include "common/str.h"
#include "tui/edits.h"
#include "tui/link.h"
#include "tui/model.h"
#include "tui/tr.h"

#define TEXT(field, path) model_text(r->field, sizeof r->field, v, path)

static unsigned read_can(const struct json *v) {
    static const struct {
        const char *name;
        unsigned bit;
    } all[] = {{"approve", APPROVAL_CAN_APPROVE},
               {"reject", APPROVAL_CAN_REJECT},
               {"edit", APPROVAL_CAN_EDIT},
               {"withdraw", APPROVAL_CAN_WITHDRAW}};
    unsigned can = 0;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        can |= model_has(v, "can", all[i].name) ? all[i].bit : 0;
    }
    return can;
}

int approval_row_read(const struct json *v, void *row) {
    struct approval_row *r = row;
    TEXT(id, "id");
    TEXT(store, "store");
    TEXT(author, "author");
    TEXT(what, "what");
    TEXT(state, "state");
    TEXT(base, "base");
    TEXT(current, "current");
    TEXT(wanted, "wanted");
    TEXT(stale_text, "stale_text");
    TEXT(reason, "reason");
    TEXT(note, "note");
    TEXT(reviewer, "reviewer");
    TEXT(answer, "answer");
    TEXT(answer_text, "answer_text");
    r->stale = model_flag(v, "stale");
    r->over_limit = model_flag(v, "over_limit");
    r->can = read_can(v);
    r->created_ms = model_time(v, "created");
    r->version = model_int(v, "version", 0);
    (void)str_format(r->seen, sizeof r->seen, "%s %s%s%s%s", r->id, r->what,
                     r->wanted[0] ? " -> " : "", r->wanted,
                     r->stale ? " !" : "");
    return r->id[0] ? 0 : ERR_INVALID;
}

const char *approval_row_key(const void *row) {
    return ((const struct approval_row *)row)->id;
}

const char *approval_row_word(const struct approval_row *r) {
    if (r->stale) {
        return T(APPROVAL_STALE);
    }
    return r->answer[0] ? change_state_word(r->answer)
                        : tr_word("approval.state", r->state);
}

int approval_row_role(const struct approval_row *r) {
    if (r->stale) {
        return ROLE_WARN;
    }
    return r->answer[0]                    ? change_state_role(r->answer)
           : str_eq(r->state, "rejected")  ? ROLE_BAD
           : str_eq(r->state, "withdrawn") ? ROLE_DIM
                                           : ROLE_NORMAL;
}

/* --- acts ---------------------------------------------------------------- */

static unsigned bit_of(enum action_id action) {
    switch (action) {
    case ACTION_APPROVE:
        return APPROVAL_CAN_APPROVE;
    case ACTION_REJECT:
        return APPROVAL_CAN_REJECT;
    case ACTION_EDIT:
        return APPROVAL_CAN_EDIT;
    case ACTION_WITHDRAW:
        return APPROVAL_CAN_WITHDRAW;
    default:
        return 0;
    }
}

bool approval_acts_has(enum action_id action) {
    return bit_of(action) != 0;
}

bool approval_acts_may(const struct approval_row *r, enum action_id action) {
    unsigned bit = bit_of(action);
    return !bit || (r && r->can & bit);
}

static void on_answer(void *arg, const struct link_reply *r) {
    struct approval_ask *k = arg;
    AUTO_BUF struct buf b = BUF_INIT;
    struct approval_row now = {0};
    if (!r->result) {
        app_say_error(k->app, r);
        return;
    }
    (void)approval_row_read(r->result, &now);
    TF(&b, APPROVAL_NOW, "id", now.id, "what", now.what, "state",
       tr_word("approval.state", now.state));
    app_say(k->app, ROLE_GOOD, "%s", buf_str(&b));
}

static void send(struct approval_ask *k, const char *method, bool decides) {
    AUTO_BUF struct buf params = BUF_INIT;
    struct jsonw w;
    jsonw_init(&w, &params);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "id", k->row.id);
    if (decides) {
        jsonw_ki64(&w, "if_version", k->row.version);
        jsonw_kbool(&w, "stale", k->row.stale);
    }
    jsonw_end_object(&w);
    int err =
        link_write(app_link(k->app), method, buf_str(&params), on_answer, k);
    if (err < 0) {
        app_say(k->app, ROLE_BAD, "%s", text_error(tr_lang, err));
    }
}

static void approve(void *arg, const char *word) {
    (void)word;
    send(arg, "approvals.approve", true);
}

static void withdraw(void *arg, const char *word) {
    (void)word;
    send(arg, "approvals.withdraw", false);
}

/* What its author saw is gone: the question says what happens instead. */
static void ask(struct approval_ask *k, enum text_id question, const char *word,
                void (*done)(void *arg, const char *word)) {
    AUTO_BUF struct buf b = BUF_INIT;
    buf_addf(&b, "%s%s", k->row.stale_text, k->row.stale_text[0] ? " " : "");
    text_format(&b, tr_lang, question, "id", k->row.id, "what", k->row.what,
                "word", word, NULL);
    app_confirm(k->app, buf_str(&b), word, done, k);
}

void approval_act(struct app *a, const struct approval_row *r,
                  enum action_id action, struct approval_ask *keep) {
    keep->app = a;
    keep->row = *r;
    if (action == ACTION_APPROVE) {
        ask(keep, TEXT_ASK_PROPOSAL, T(WORD_APPROVE), approve);
    } else if (action == ACTION_WITHDRAW) {
        keep->row.stale_text[0] = '\0';
        ask(keep, TEXT_ASK_WITHDRAW, T(WORD_WITHDRAW), withdraw);
    } else if (action == ACTION_REJECT) {
        edit_rejection(a, r->id);
    } else if (action == ACTION_EDIT) {
        edit_proposal(a, r->id);
    }
}
