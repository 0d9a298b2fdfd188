/* Showing again who this is, before something that cannot be taken back.
 * Happy path: the daemon wants a proof; the request is held as it was sent, a
 * person gives a password or a code, and it goes once more.
 * Failure modes: the proof is wrong (told to who gave it, what is held stays),
 * none is given (what is held is answered with the refusal), the connection
 * breaks (what is held is sent again, and refused again). */
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/rpcmsg.h"
#include "common/str.h"
#include "tui/link_core.h"

/* It stays where it was in the order of asking. */
bool link_hold(struct link *k, const struct rpcmsg *m) {
    const char *code = json_string(json_get(m->error_data, "code"));
    if (m->kind != RPCMSG_ERROR || !k->events.prove ||
        m->id.type != RPCMSG_ID_INT || !str_eq(code, "step_up")) {
        return false;
    }
    for (int i = 0; i < k->n_waiting; i++) {
        struct link_request *w = &k->waiting[i];
        if (w->id == m->id.num && !w->own) {
            const char *hint = json_string(json_get(m->error_data, "hint"));
            free(k->unproved);
            free(k->unproved_hint);
            k->unproved = mem_dup(m->error_message ? m->error_message : "");
            k->unproved_hint = hint ? mem_dup(hint) : NULL;
            w->held = true;
            w->sent = false;
            k->events.prove(k->events.arg);
            return true;
        }
    }
    return false;
}

/* In the order they were asked; the same text, so the same request_id. */
static void release(struct link *k) {
    for (int i = 0; i < k->n_waiting; i++) {
        if (k->waiting[i].held) {
            k->waiting[i].held = false;
            link_send_one(k, &k->waiting[i]);
        }
    }
}

static void on_proved(void *arg, const struct link_reply *r) {
    struct link *k = arg;
    link_cb *cb = k->prove_cb;
    k->prove_cb = NULL;
    if (r->result) {
        release(k);
    }
    if (cb) {
        cb(k->prove_arg, r);
    }
}

/* No password is that short: the daemon takes none under twelve characters. */
static bool is_code(const char *secret) {
    return strlen(secret) == 6 && strspn(secret, "0123456789") == 6;
}

void link_prove(struct link *k, const char *secret, link_cb *cb, void *arg) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct jsonw w;
    if ((k->state != LINK_UP && k->state != LINK_ENROL) || k->prove_cb) {
        return;
    }
    k->prove_cb = cb;
    k->prove_arg = arg;
    jsonw_init(&w, &b);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, is_code(secret) ? "code" : "password", secret);
    jsonw_end_object(&w);
    link_ask_own(k, "session.confirm", &b, on_proved);
    link_flush(k);
}

/* One at a time: a callback may ask anew. */
void link_unproved(struct link *k) {
    for (int i = 0; i < k->n_waiting; i++) {
        struct link_request w = k->waiting[i];
        if (!w.held) {
            continue;
        }
        k->n_waiting--;
        memmove(&k->waiting[i], &k->waiting[i + 1],
                (size_t)(k->n_waiting - i) * sizeof *k->waiting);
        i = -1;
        mem_wipe(w.text, strlen(w.text));
        free(w.text);
        struct link_reply r = {.code = "step_up",
                               .message = k->unproved,
                               .hint = k->unproved_hint};
        if (w.cb) {
            w.cb(w.arg, &r);
        }
    }
}

void link_no_verdict(struct link *k) {
    struct link_reply r = {.code = "no_daemon", .message = k->error};
    link_cb *sign = k->sign_cb, *prove = k->prove_cb;
    k->sign_cb = k->prove_cb = NULL;
    if (sign)
        sign(k->sign_arg, &r);
    if (prove)
        prove(k->prove_arg, &r);
}
