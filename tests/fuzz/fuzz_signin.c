/* Sign-in frames: a line as a stranger sends it, up to the parameters a handler
 * would get: bounded texts, or a field that is named. */
#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/check.h"
#include "common/json.h"
#include "common/mem.h"
#include "common/rpcmsg.h"
#include "rpc.gen.h"
#include "tests/fuzz/fuzz.h"

static void check_text(const char *s, size_t max) {
    REQUIRE(!s || strlen(s) <= 4 * max);
}

static void check_method(enum rpc_method m, const struct json *params) {
    union {
        struct rpc_session_sign_in_params in;
        struct rpc_session_accept_params accept;
        struct rpc_session_resume_params resume;
        struct rpc_session_confirm_params confirm;
    } p;
    struct error e = {0};
    REQUIRE(rpc_methods[m].size <= sizeof p);
    if (rpc_params_parse(m, params, &p, &e) < 0) {
        REQUIRE(e.code < 0);
        return;
    }
    if (m == RPC_SESSION_SIGN_IN) {
        check_text(p.in.user, 32);
        check_text(p.in.password, 256);
        check_text(p.in.code, 32);
        REQUIRE(p.in.user && p.in.password);
    } else if (m == RPC_SESSION_RESUME) {
        check_text(p.resume.token, 64);
        REQUIRE(p.resume.token);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    static const struct json_limits limits = {
        .max_bytes = 1 << 20, .max_depth = 32, .unique_keys = true};
    static const enum rpc_method methods[] = {
        RPC_SESSION_SIGN_IN, RPC_SESSION_ACCEPT, RPC_SESSION_RESUME,
        RPC_SESSION_CONFIRM};
    struct arena *a = arena_new(4096);
    const struct json *v;
    struct rpcmsg m;
    if (json_parse(a, (const char *)data, n, &limits, &v, NULL) == 0 &&
        rpcmsg_read(v, &m) == 0 && m.kind == RPCMSG_REQUEST) {
        for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
            check_method(methods[i], m.params);
    }
    arena_free(a);
    return 0;
}
