#include "rpc/customer_ref.h"

#include <string.h>

#include "common/ref.h"
#include "db/sql.h"
#include "model/store.h"

struct who {
    char store[33];
    int64_t remote_id; /* 0: by e-mail */
    const char *email;
};

static int parse_who(struct rpc_call *call, const char *text, struct who *ret) {
    struct ref ref;
    const char *guest = strstr(text, ":guest/");
    size_t n = guest ? (size_t)(guest - text) : 0;
    *ret = (struct who){0};
    if (guest && n < sizeof ret->store && guest[7]) {
        memcpy(ret->store, text, n);
        ret->email = guest + 7;
        return 0;
    }
    if (ref_parse(text, &ref) < 0 || ref.kind != REF_CUSTOMER)
        return call_fail(call, ERR_NOT_FOUND, "ref",
                         "a customer is alpine:customer/12 or "
                         "alpine:guest/<e-mail>");
    memcpy(ret->store, ref.store, sizeof ret->store);
    ret->remote_id = ref.id;
    return 0;
}

static int find(struct rpc_call *call, struct db_tx *tx, const struct who *who,
                struct customer_item *ret) {
    struct store s = {0};
    int rc = store_by_name(tx, who->store, &s);
    if (rc > 0)
        rc = customer_item_get(tx, s.id, who->remote_id, who->email,
                               call_arena(call), ret);
    store_done(&s);
    if (rc == 0)
        return call_fail(call, ERR_NOT_FOUND, "ref",
                         "there is no such customer here");
    return rc;
}

int customer_ref_find(struct rpc_call *call, struct db_tx *tx, const char *ref,
                      struct customer_item *ret) {
    struct who who;
    int rc = parse_who(call, ref, &who);
    return rc < 0 ? rc : find(call, tx, &who, ret);
}

void customer_tags_write(struct jsonw *w, const char *tags) {
    jsonw_key(w, "tags");
    jsonw_begin_array(w);
    for (const char *s = tags; *s == ',' && s[1];) {
        size_t n = strcspn(s + 1, ",");
        jsonw_stringn(w, s + 1, n);
        s += n + 1;
    }
    jsonw_end_array(w);
}
