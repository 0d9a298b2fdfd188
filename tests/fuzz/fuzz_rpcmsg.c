/* A line from the socket: read as a message, answered, and the answer read
 * again with the same id. */
#include <string.h>

#include "common/arena.h"
#include "common/check.h"
#include "common/err.h"
#include "common/rpcmsg.h"
#include "tests/fuzz/fuzz.h"

static void check_answer(struct arena *a, const struct rpcmsg_id *id,
                         const struct buf *text) {
    struct rpcmsg m;
    const struct json *v;
    REQUIRE(json_parse(a, text->data, text->len, NULL, &v, NULL) == 0);
    REQUIRE(rpcmsg_read(v, &m) == 0);
    if (id->type == RPCMSG_ID_INT)
        REQUIRE(m.id.type == id->type && m.id.num == id->num);
    else if (id->type == RPCMSG_ID_STRING)
        REQUIRE(m.id.type == id->type && strcmp(m.id.str, id->str) == 0);
    else
        REQUIRE(m.id.type == RPCMSG_ID_NULL);
}

static void answer(struct arena *a, const struct rpcmsg *m, int rc) {
    AUTO_BUF struct buf out = BUF_INIT;
    struct jsonw w;
    jsonw_init(&w, &out);
    if (rc) {
        rpcmsg_error(&w, &m->id, rc, err_message(rc), err_name(rc), NULL,
                     m->method);
    } else {
        rpcmsg_begin_result(&w, &m->id);
        jsonw_string(&w, m->method);
        rpcmsg_end(&w);
    }
    check_answer(a, &m->id, &out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    static struct arena *arena;
    const struct json_limits limits = {.unique_keys = true};
    const struct json *v;
    struct rpcmsg m;
    if (!arena)
        arena = arena_new(0);
    arena_reset(arena);
    if (json_parse(arena, (const char *)data, n, &limits, &v, NULL))
        return 0;
    int rc = rpcmsg_read(v, &m);
    REQUIRE(rc == 0 || rc == ERR_INVALID_REQUEST);
    if (rc || m.kind == RPCMSG_REQUEST)
        answer(arena, &m, rc);
    if (rc == 0 && m.kind == RPCMSG_REQUEST)
        REQUIRE(*m.method && m.id.type != RPCMSG_ID_NONE);
    return 0;
}
