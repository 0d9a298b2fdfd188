/* The key ring: told of, rotated, exported. */
#include "auth/reseal.h"
#include "common/digest.h"
#include "common/mem.h"
#include "common/str.h"
#include "db/sql.h"
#include "rpc/call.h"
#include "rpc_handlers.gen.h"

static const char meta[] = "key_exported"; /* number of the newest key then */

static int get_work(struct rpc_call *call, struct db_tx *tx) {
    const struct seal_ring *ring = call->rpc->o.ring;
    int64_t exported = 0;
    int rc = db_value(tx, STMT_META_NUMBER, &exported, "s", meta);
    if (rc < 0)
        return rc;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_ki64(w, "newest", seal_ring_newest(ring));
    jsonw_ki64(w, "keys", (int64_t)seal_ring_count(ring));
    jsonw_kbool(w, "exported", exported == seal_ring_newest(ring));
    jsonw_end_object(w);
    return 0;
}

int method_key_get(struct rpc_call *call, const struct rpc_key_get_params *p) {
    (void)p;
    return call_read(call, get_work, NULL);
}

/* The file is written before anything is sealed by the new key: whatever
 * happens in between, the ring opens everything. */
static int rotate_work(struct rpc_call *call, struct db_tx *tx) {
    struct seal_ring *ring = call->rpc->o.ring;
    int64_t done, left;
    int rc = seal_ring_add(ring, &call->error);
    if (rc >= 0)
        rc = reseal_all(tx, ring, &done, &left);
    if (rc < 0)
        return rc;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_ki64(w, "newest", seal_ring_newest(ring));
    jsonw_ki64(w, "sealed", done);
    jsonw_ki64(w, "left", left);
    jsonw_end_object(w);
    return 0;
}

int method_key_rotate(struct rpc_call *call,
                      const struct rpc_key_rotate_params *p) {
    (void)p;
    return call_write(call, rotate_work, NULL);
}

static int export_work(struct rpc_call *call, struct db_tx *tx) {
    struct buf text = BUF_INIT;
    char hex[65], newest[16];
    seal_ring_text(call->rpc->o.ring, &text);
    digest_hex(call->rpc->o.audit_key, 32, hex);
    (void)str_format(newest, sizeof newest, "%u",
                     (unsigned)seal_ring_newest(call->rpc->o.ring));
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_kstring(w, "ring", buf_str(&text));
    jsonw_kstring(w, "audit", hex);
    jsonw_end_object(w);
    seal_wipe(&text);
    mem_wipe(hex, sizeof hex);
    int rc = db_run(tx, STMT_META_SET, "ss", meta, newest);
    return rc < 0 ? rc : 0;
}

int method_key_export(struct rpc_call *call,
                      const struct rpc_key_export_params *p) {
    (void)p;
    call->secret = true;
    return call_write(call, export_work, NULL);
}
