#include "rpc/outgoing.h"

#include <string.h>

#include "common/digest.h"
#include "common/json.h"
#include "common/str.h"
#include "model/change_value.h"
#include "rpc/mirrored.h"
#include "rpc/person.h"
#include "rpc/propose.h"
#include "sync/sync.h"

enum { OVERFLOW_UID = 65534 }; /* the kernel's "somebody": nobody's identity */

/* --- texts ------------------------------------------------------------- */

const char *outgoing_keep(struct rpc_call *call, const struct buf *json) {
    return arena_dupn(call_arena(call), buf_str(json), json->len);
}

const char *outgoing_quote(struct rpc_call *call, const char *text) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct jsonw w;
    jsonw_init(&w, &b);
    jsonw_string(&w, text);
    return outgoing_keep(call, &b);
}

const char *outgoing_value(struct rpc_call *call, const struct json *v) {
    AUTO_BUF struct buf b = BUF_INIT;
    json_print(&b, v);
    return outgoing_keep(call, &b);
}

int outgoing_categories(struct rpc_call *call, const struct rpc_goods *g,
                        const char *store, const char **ret) {
    AUTO_BUF struct buf list = BUF_INIT;
    struct jsonw w;
    jsonw_init(&w, &list);
    jsonw_begin_array(&w);
    for (size_t i = 0; i < g->n_categories; i++) {
        struct ref ref;
        if (ref_parse(g->categories[i], &ref) < 0 || ref.kind != REF_CATEGORY ||
            !str_eq(ref.store, store))
            return call_fail(call, ERR_INVALID, "categories",
                             "%.60s is no category of the store %s",
                             g->categories[i], store);
        jsonw_i64(&w, ref.id);
    }
    jsonw_end_array(&w);
    *ret = outgoing_keep(call, &list);
    return 0;
}

int outgoing_merge(struct rpc_call *call, const char *payload,
                   const struct json *set, const char **ret) {
    AUTO_BUF struct buf b = BUF_INIT;
    const struct json *old;
    struct jsonw w;
    int rc = json_parse(call_arena(call), payload, strlen(payload), NULL, &old,
                        NULL);
    if (rc < 0)
        return rc;
    jsonw_init(&w, &b);
    jsonw_begin_object(&w);
    for (const struct json *m = json_first(old); m; m = json_next(m)) {
        const struct json *other = json_get(set, json_key(m));
        const char *text = outgoing_value(call, other ? other : m);
        jsonw_key(&w, json_key(m));
        jsonw_raw(&w, text, strlen(text));
    }
    for (const struct json *m = json_first(set); m; m = json_next(m)) {
        if (!json_get(old, json_key(m)))
            return call_fail(call, ERR_INVALID, "set",
                             "%.60s is no member of its payload", json_key(m));
    }
    jsonw_end_object(&w);
    *ret = outgoing_keep(call, &b);
    return 0;
}

/* --- begin ------------------------------------------------------------- */

static void begin(struct outgoing *o, struct rpc_call *call, struct db_tx *tx,
                  enum mirror_kind kind, enum change_act act,
                  const char *reason) {
    *o = (struct outgoing){.call = call, .tx = tx};
    o->n.kind = kind;
    o->n.act = act;
    o->n.reason = reason;
    o->n.author = call->actor;
    o->n.paths = o->paths;
}

void outgoing_ref(struct outgoing *o, struct rpc_call *call, struct db_tx *tx,
                  const struct ref *ref, enum mirror_kind kind,
                  enum change_act act, const char *reason) {
    char text[REF_TEXT];
    struct store s = {0};
    enum ref_kind space = kind == MIRROR_CUSTOMER   ? REF_CUSTOMER
                          : kind == MIRROR_CATEGORY ? REF_CATEGORY
                                                    : REF_OBJECT;
    begin(o, call, tx, kind, act, reason);
    o->status = mirrored_store(call, tx, ref, space, &s);
    o->n.store_id = s.id;
    o->n.remote_id = ref->id;
    o->object = arena_dupn(call_arena(call), ref_format(text, ref),
                           strlen(ref_format(text, ref)));
    store_done(&s);
}

void outgoing_store(struct outgoing *o, struct rpc_call *call, struct db_tx *tx,
                    const char *store, enum mirror_kind kind,
                    const char *reason) {
    struct store s = {0};
    begin(o, call, tx, kind, CHANGE_CREATE, reason);
    o->status = store_by_name(tx, store, &s);
    if (o->status == 0)
        o->status = call_fail(call, ERR_NOT_FOUND, "store",
                              "there is no store %s", store);
    o->n.store_id = s.id;
    o->object = store;
    store_done(&s);
}

/* --- paths ------------------------------------------------------------- */

/* Of a path, what its parameter is called. */
static const char *parameter(const char *path) {
    if (str_eq(path, CHANGE_GTIN))
        return "gtin";
    const char *dot = str_starts(path, "meta[") ? NULL : strrchr(path, '.');
    return dot ? dot + 1 : path;
}

/* Under its path, or as its parameter is called: length is dimensions.length.
 */
static const struct json *seen_of(const struct outgoing *o, const char *path) {
    const struct json *seen = json_get(o->base, path);
    return seen ? seen : json_get(o->base, parameter(path));
}

void outgoing_json(struct outgoing *o, const char *path, const char *json) {
    if (o->status < 0)
        return;
    if (o->n.n_paths == OUTGOING_PATHS) {
        o->status =
            call_fail(o->call, ERR_TOO_BIG, path,
                      "a change sets at most %d fields", OUTGOING_PATHS);
        return;
    }
    const struct json *seen = seen_of(o, path);
    o->paths[o->n.n_paths++] = (struct change_path){
        .path = arena_dupn(call_arena(o->call), path, strlen(path)),
        .base = seen ? outgoing_value(o->call, seen) : NULL,
        .wanted = json};
}

void outgoing_text(struct outgoing *o, const char *path, const char *value) {
    if (value)
        outgoing_json(o, path, outgoing_quote(o->call, value));
}

void outgoing_members(struct outgoing *o, const char *prefix, bool brackets,
                      const struct json *object) {
    for (const struct json *c = json_first(object); c; c = json_next(c)) {
        AUTO_BUF struct buf path = BUF_INIT;
        buf_addf(&path, brackets ? "%s[%s]" : "%s.%s", prefix, json_key(c));
        outgoing_json(o, buf_str(&path), outgoing_value(o->call, c));
    }
}

/* A base of something that is not changed is a slip of the pen, and would
 * protect nothing. */
static int check_base(const struct outgoing *o) {
    for (const struct json *c = json_first(o->base); c; c = json_next(c)) {
        size_t i = 0;
        while (i < o->n.n_paths && !str_eq(o->paths[i].path, json_key(c)) &&
               !str_eq(parameter(o->paths[i].path), json_key(c)))
            i++;
        if (i == o->n.n_paths)
            return call_fail(o->call, ERR_INVALID, "base",
                             "%.60s is not among what is changed", json_key(c));
    }
    return 0;
}

/* --- commit ------------------------------------------------------------ */

static struct jsonw *begin_answer(struct rpc_call *call, const char *uuid,
                                  enum change_state state) {
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_kstring(w, "change", uuid);
    jsonw_kstring(w, "state", change_state_name(state));
    return w;
}

void outgoing_answer(struct rpc_call *call, const char *uuid,
                     enum change_state state) {
    jsonw_end_object(begin_answer(call, uuid, state));
}

static void answer(const struct outgoing *o, const char *uuid,
                   enum change_state state) {
    struct jsonw *w = begin_answer(o->call, uuid, state);
    if (o->also) {
        jsonw_key(w, o->also_key);
        jsonw_raw(w, o->also, strlen(o->also));
    }
    jsonw_end_object(w);
}

void outgoing_note(struct rpc_call *call, int64_t store_id) {
    int64_t *keep = arena_alloc(call_arena(call), sizeof *keep);
    *keep = store_id;
    call->data = keep;
}

/* The id alone: what was changed may be about a person, and the audit trail
 * cannot be erased. */
static int audit(const struct outgoing *o, const char *uuid) {
    char payload[48];
    (void)str_format(payload, sizeof payload, "{\"change\":\"%s\"}", uuid);
    return call_audit(o->call, o->tx, o->object, payload);
}

int outgoing_commit(struct outgoing *o) {
    uint8_t random[10];
    struct change made;
    if (o->status >= 0)
        o->status = check_base(o);
    if (o->status >= 0 && o->n.n_paths == 0 && !o->n.payload &&
        o->n.act == CHANGE_SET)
        o->status = call_fail(o->call, ERR_INVALID, "", "nothing is changed");
    if (o->status < 0)
        return o->status;
    int waits = propose_instead(o);
    if (waits != 0)
        return waits < 0 ? waits : 0;
    digest_random(random, sizeof random);
    o->n.random = random;
    int rc = change_create(o->tx, &o->n, call_arena(o->call), &made,
                           &o->call->error);
    if (rc >= 0)
        rc = audit(o, made.uuid);
    if (rc < 0)
        return rc;
    outgoing_note(o->call, o->n.store_id);
    answer(o, made.uuid, made.state);
    return 0;
}

/* Whoever can become root or the daemon could be both persons at once. */
int outgoing_second_person(struct rpc_call *call) {
    if (call->who->id != 0 && call->uid != OVERFLOW_UID &&
        call->uid != (unsigned)-1 && !people_is_console(call->rpc, call->uid))
        return 0;
    return call_fail(call, ERR_DENIED, "",
                     "a second person approves from an account of their own: "
                     "neither root nor the one fulexod runs as, and not the "
                     "author");
}

int outgoing_then(struct rpc_call *call) {
    const int64_t *store_id = call->data;
    if (call->rpc->sync && store_id)
        sync_push(call->rpc->sync, *store_id);
    return 0;
}
