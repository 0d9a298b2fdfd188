#include "rpc/signed_in.h"

#include "auth/password.h"
#include "common/str.h"
#include "common/text.h"
#include "rpc/access.h"

void signed_in_write(struct rpc_call *call, const struct person *p,
                     const char *token, const char *session) {
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_kstring(w, "user", p->name);
    jsonw_kstring(w, "role", person_role_name(p));
    jsonw_kbool(w, "read_only", p->read_only);
    jsonw_kstring(w, "lang", p->lang);
    jsonw_kstring(w, "token", token);
    jsonw_kstring(w, "session", session);
    jsonw_kbool(w, "totp_required",
                access_must_enrol(call->rpc, p, ACCESS_PROOF));
    jsonw_end_object(w);
}

int signed_in_password(struct rpc_call *call, const char *field,
                       const char *password, const char *user) {
    const char *fault = password_fault(password, user);
    if (!fault)
        return 0;
    enum text_id text = str_eq(fault, "short")   ? TEXT_PASSWORD_SHORT
                        : str_eq(fault, "plain") ? TEXT_PASSWORD_PLAIN
                                                 : TEXT_PASSWORD_NAME;
    return call_fail(call, ERR_INVALID, field, "%s",
                     text_get(call->lang, text));
}

static void on_reloaded(int status, void *arg) {
    call_finish(arg, status < 0 ? status : 0);
}

int signed_in_reload(struct rpc_call *call) {
    (void)call_hold(call);
    return people_reload(call->rpc->people, on_reloaded, call);
}
