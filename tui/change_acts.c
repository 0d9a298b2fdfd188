/* Each act that decides something is typed as a word; the question says what
 * will happen. The daemon checks once more. */
#include "tui/change_acts.h"

#include "common/mem.h"
#include "common/str.h"
#include "tui/bulk.h"
#include "tui/model.h"
#include "tui/tr.h"
#include "tui/views.h"

static const struct act {
    enum action_id action;
    enum change_can can;
    const char *method, *choice; /* choice: of changes.resolve */
    enum text_id question, word; /* TEXT_COUNT: nothing is asked */
} acts[] = {
    {ACTION_APPROVE, CAN_APPROVE, "changes.approve", NULL, TEXT_ASK_APPROVE,
     TEXT_WORD_APPROVE},
    {ACTION_RETRY, CAN_RETRY, "changes.retry", NULL, TEXT_COUNT, TEXT_COUNT},
    {ACTION_EDIT, CAN_EDIT, "changes.edit", NULL, TEXT_COUNT, TEXT_COUNT},
    {ACTION_DISCARD, CAN_DISCARD, "changes.discard", NULL, TEXT_ASK_DISCARD,
     TEXT_WORD_DISCARD},
    {ACTION_KEEP_MINE, CAN_MINE, "changes.resolve", "mine", TEXT_ASK_MINE,
     TEXT_WORD_MINE},
    {ACTION_KEEP_THEIRS, CAN_THEIRS, "changes.resolve", "theirs",
     TEXT_ASK_THEIRS, TEXT_WORD_THEIRS},
    {ACTION_HAPPENED, CAN_HAPPENED, "changes.resolve", "happened",
     TEXT_ASK_HAPPENED, TEXT_WORD_HAPPENED},
    {ACTION_SEND_AGAIN, CAN_AGAIN, "changes.resolve", "again", TEXT_ASK_AGAIN,
     TEXT_WORD_AGAIN},
};
enum { ACTS = sizeof acts / sizeof *acts };

static const struct act *act_of(enum action_id action) {
    for (size_t i = 0; i < ACTS; i++) {
        if (acts[i].action == action) {
            return &acts[i];
        }
    }
    return NULL;
}

bool change_acts_has(enum action_id action) {
    return act_of(action) != NULL;
}

bool change_acts_may(const struct change_row *r, enum action_id action) {
    const struct act *act = act_of(action);
    return !act || (r && change_row_can(r, act->can));
}

bool change_acts_many(enum action_id action) {
    return !act_of(action) || action == ACTION_APPROVE ||
           action == ACTION_RETRY || action == ACTION_DISCARD;
}

struct bulk *change_acts_bulk(struct app *a, enum action_id action) {
    static const struct bulk_act approve = {"changes.approve",
                                            "id",
                                            NULL,
                                            TEXT_SCREEN_APPROVE,
                                            TEXT_BULK_APPROVE,
                                            TEXT_WORD_APPROVE_MANY};
    static const struct bulk_act retry = {
        "changes.retry", "id", NULL, TEXT_SCREEN_RETRY, TEXT_BULK_RETRY, -1};
    static const struct bulk_act discard = {"changes.discard",
                                            "id",
                                            NULL,
                                            TEXT_SCREEN_DISCARD,
                                            TEXT_BULK_DISCARD,
                                            TEXT_WORD_DISCARD_MANY};
    return bulk_create(a,
                       action == ACTION_APPROVE ? &approve
                       : action == ACTION_RETRY ? &retry
                                                : &discard,
                       "", NULL);
}

void change_acts_retry(struct app *a, const char *id, const char *ref) {
    AUTO_BUF struct buf params = BUF_INIT;
    view_param(&params, "id", id);
    app_write(a, "changes.retry", buf_str(&params), ref);
}

void change_acts_ask(struct view *v, enum action_id action, const char *ref,
                     void (*done)(void *v, const char *word)) {
    const struct act *act = act_of(action);
    AUTO_BUF struct buf question = BUF_INIT;
    if (!act || act->question == TEXT_COUNT) {
        return;
    }
    const char *word = text_get(tr_lang, act->word);
    text_format(&question, tr_lang, act->question, "ref", ref, "word", word,
                NULL);
    app_confirm(v->app, buf_str(&question), word, done, v);
}

void change_acts_typed(struct app *a, const char *word, const char *id,
                       const char *ref) {
    for (size_t i = 0; i < ACTS; i++) {
        const struct act *act = &acts[i];
        if (act->word == TEXT_COUNT ||
            !str_eq(text_get(tr_lang, act->word), word)) {
            continue;
        }
        AUTO_FREE char *params =
            act->choice ? mem_printf("{\"id\":\"%s\",\"choice\":\"%s\"}", id,
                                     act->choice)
                        : mem_printf("{\"id\":\"%s\"}", id);
        app_write(a, act->method, params, ref);
        return;
    }
}
