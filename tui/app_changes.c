/* What this terminal wanted shops to be: each write is remembered until it has
 * an end, and the end is said, without a key.
 * Happy path: the daemon accepts, the events bring it to confirmed, the
 * sentence says what the object is now.
 * Failure modes: it is refused at once (its sentence), it ends in a conflict
 * or is not known (the sentence has the cure), events were missed (all that is
 * open is asked for again), it ended before its id came back (its state came
 * with the answer). */
#include <string.h>

#include "common/json.h"
#include "common/str.h"
#include "tui/app_core.h"
#include "tui/views.h"

/* Nothing more comes of it without a person. */
static bool is_over(const char *state) {
    return !str_eq(state, "queued") && !str_eq(state, "sending") &&
           !str_eq(state, "awaiting") && !str_empty(state);
}

static void on_outcome(void *arg, const struct link_reply *r) {
    struct app_change *c = arg;
    AUTO_BUF struct buf b = BUF_INIT;
    int role;
    if (!r->result) {
        return; /* its row says the same */
    }
    c->over = is_over(model_str(r->result, "state"));
    if (c->over) {
        change_outcome(r->result, &b, &role);
        app_say(c->app, role, "%s", buf_str(&b));
    }
}

static void ask_outcome(struct app_change *c) {
    AUTO_BUF struct buf params = BUF_INIT;
    view_param(&params, "id", c->id);
    /* Refused only when 256 questions wait: the row says it, too. */
    (void)link_ask(c->app->link, "changes.get", buf_str(&params), on_outcome,
                   c);
}

static struct app_change *find(struct app *a, const char *id) {
    for (int i = 0; i < APP_CHANGES; i++) {
        if (a->own[i].id[0] && str_eq(a->own[i].id, id)) {
            return &a->own[i];
        }
    }
    return NULL;
}

void app_change_event(struct app *a, const struct json *data) {
    struct app_change *c = find(a, model_str(data, "id"));
    if (c && is_over(model_str(data, "state"))) {
        ask_outcome(c);
    } else if (c) {
        c->over = false; /* a conflict somebody resolved goes on */
    }
}

void app_changes_read(struct app *a) {
    for (int i = 0; i < APP_CHANGES; i++) {
        if (a->own[i].id[0] && !a->own[i].over) {
            ask_outcome(&a->own[i]);
        }
    }
}

bool app_change_ours(const struct app *a, const char *ref) {
    for (int i = 0; i < APP_CHANGES; i++) {
        const struct app_change *c = &a->own[i];
        if (!str_empty(ref) && str_eq(c->ref, ref)) {
            return true;
        }
    }
    return false;
}

/* The oldest gives way; nobody waits for its end any more. */
static struct app_change *take(struct app *a, const char *ref) {
    struct app_change *c = &a->own[a->own_next];
    a->own_next = (a->own_next + 1) % APP_CHANGES;
    link_forget(a->link, c);
    *c = (struct app_change){.app = a};
    (void)str_copy(c->ref, sizeof c->ref, ref);
    return c;
}

/* "alpine:1779: queued." until more is known. */
static void accepted(struct app_change *c, const struct json *ack) {
    AUTO_BUF struct buf b = BUF_INIT;
    const char *state = model_str(ack, "state");
    const char *proposal = model_str(ack, "proposal");
    if (*proposal) {
        c->over = true;
        TF(&b, OUTCOME_PROPOSED, "ref", c->ref, "id", proposal);
        app_say(c->app, ROLE_GOOD, "%s", buf_str(&b));
        return;
    }
    if (json_get(ack, "what")) { /* what became of a proposal */
        c->over = true;
        TF(&b, APPROVAL_NOW, "id", model_str(ack, "id"), "what",
           model_str(ack, "what"), "state", tr_word("approval.state", state));
        app_say(c->app, ROLE_GOOD, "%s", buf_str(&b));
        return;
    }
    model_text(c->id, sizeof c->id, ack, "change");
    if (json_get(ack, "return")) {
        TF(&b, OUTCOME_RETURN, "return", model_str(ack, "return"), "state",
           tr_word("return_state", state));
        app_say(c->app, ROLE_GOOD, "%s", buf_str(&b));
        return;
    }
    if (!c->id[0]) { /* nothing leaves for a shop: it is done */
        TF(&b, OUTCOME_DONE, "ref", c->ref);
        app_say(c->app, ROLE_GOOD, "%s", buf_str(&b));
        return;
    }
    if (is_over(state)) {
        ask_outcome(c);
        return;
    }
    TF(&b, OUTCOME_ACCEPTED, "ref", c->ref, "state",
       tr_word("change.state", state));
    app_say(c->app, ROLE_NORMAL, "%s", buf_str(&b));
}

void app_change_made(struct app *a, const struct json *ack, const char *ref) {
    accepted(take(a, ref), ack);
}

static void on_accepted(void *arg, const struct link_reply *r) {
    struct app_change *c = arg;
    if (r->result) {
        accepted(c, r->result);
    } else {
        app_say_error(c->app, r);
        c->ref[0] = '\0';
    }
}

void app_write(struct app *a, const char *method, const char *params,
               const char *ref) {
    struct app_change *c = take(a, ref);
    int err = link_write(a->link, method, params, on_accepted, c);
    if (err < 0) {
        c->ref[0] = '\0';
        app_say(a, ROLE_BAD, "%s", text_error(tr_lang, err));
    }
}
