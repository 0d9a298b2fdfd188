#include "rpc/mirrored.h"

#include <string.h>

int mirrored_missing(struct rpc_call *call, const struct ref *ref) {
    char text[REF_TEXT];
    return call_fail(call, ERR_NOT_FOUND, "ref", "there is no %s here",
                     ref_format(text, ref));
}

int mirrored_store(struct rpc_call *call, struct db_tx *tx,
                   const struct ref *ref, enum ref_kind kind,
                   struct store *ret) {
    int rc = ref->kind == kind ? store_by_name(tx, ref->store, ret) : 0;
    return rc != 0 ? rc : mirrored_missing(call, ref);
}

int mirrored_checked(struct db_tx *tx, int64_t store_id, const char *collection,
                     int64_t *ret_ms) {
    struct checkpoint c;
    int rc = checkpoint_get(tx, store_id, collection, &c);
    *ret_ms = rc > 0 ? c.success_ms : 0;
    return rc < 0 ? rc : 0;
}

/* A line ends at a newline: those between tokens become blanks; inside texts
 * JSON has none. */
static const char *one_line(struct arena *a, const char *raw, size_t n) {
    if (!memchr(raw, '\n', n) && !memchr(raw, '\r', n))
        return raw;
    char *copy = arena_dupn(a, raw, n);
    for (size_t i = 0; i < n; i++) {
        if (copy[i] == '\n' || copy[i] == '\r')
            copy[i] = ' ';
    }
    return copy;
}

int mirrored_raw(struct rpc_call *call, struct db_tx *tx, enum mirror_kind k,
                 int64_t store_id, const struct ref *ref, const char **ret,
                 size_t *ret_n) {
    const char *raw;
    int rc =
        mirror_raw(tx, k, store_id, ref->id, call_arena(call), &raw, ret_n);
    if (rc <= 0)
        return rc < 0 ? rc : mirrored_missing(call, ref);
    *ret = one_line(call_arena(call), raw, *ret_n);
    return 0;
}

int mirrored_json(struct rpc_call *call, struct db_tx *tx, enum mirror_kind k,
                  int64_t store_id, const struct ref *ref,
                  const struct json **ret) {
    const char *text;
    size_t n;
    int rc = mirrored_raw(call, tx, k, store_id, ref, &text, &n);
    *ret = NULL;
    if (rc == ERR_NOT_FOUND)
        return 0;
    return rc < 0 ? rc : json_parse(call_arena(call), text, n, NULL, ret, NULL);
}

int mirrored_answer_raw(struct rpc_call *call, struct db_tx *tx,
                        const struct ref *ref, enum ref_kind space,
                        enum mirror_kind k, const char *collection) {
    struct store s = {0};
    const char *raw = NULL;
    size_t n = 0;
    int64_t checked = 0;
    char text[REF_TEXT];
    int rc = mirrored_store(call, tx, ref, space, &s);
    if (rc >= 0)
        rc = mirrored_raw(call, tx, k, s.id, ref, &raw, &n);
    if (rc >= 0)
        rc = mirrored_checked(tx, s.id, collection, &checked);
    store_done(&s);
    if (rc < 0)
        return rc;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_kstring(w, "ref", ref_format(text, ref));
    jsonw_ktime(w, "checked", checked);
    jsonw_key(w, "object");
    jsonw_raw(w, raw, n);
    jsonw_end_object(w);
    return 0;
}
