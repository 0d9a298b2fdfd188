#include "model/erased.h"

#include <string.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/fold.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/redact.h"

int erased_any(struct db_tx *tx, int64_t store_id) {
    int64_t one;
    return db_value(tx, STMT_ERASED_ANY, &one, "S", store_id);
}

int erased_has(struct db_tx *tx, int64_t store_id, enum mirror_kind k,
               int64_t remote_id) {
    int64_t one;
    return db_value(tx, STMT_ERASED_HAS, &one, "Ssi", store_id,
                    mirror_kind_name(k), remote_id);
}

static void add(struct buf *out, const char *s) {
    if (str_empty(s))
        return;
    if (out->len)
        buf_addc(out, '\n');
    fold_text(out, s, strlen(s));
}

void erased_search(const struct order *o, struct buf *out) {
    add(out, o->number);
    for (size_t i = 0; i < o->n_lines; i++)
        add(out, o->lines[i].sku);
}

int erased_order(struct arena *a, const struct order *o, struct order *ret) {
    AUTO_BUF struct buf search = BUF_INIT;
    struct order clean = *o;
    clean.name = clean.sort_name = clean.email = clean.email_key = "";
    clean.phone = clean.city = clean.country = "";
    clean.flags &= ~(unsigned)ORDER_NOTE;
    erased_search(o, &search);
    clean.o.search = arena_dupn(a, buf_str(&search), search.len);
    int rc = redact_kept(MIRROR_ORDER, a, &clean.o);
    if (rc >= 0)
        *ret = clean;
    return rc;
}

struct customer erased_customer(const struct customer *c) {
    struct customer clean = *c;
    clean.email = clean.email_key = clean.name = clean.sort_name = "";
    clean.phone = clean.city = clean.country = "";
    clean.o.search = NULL;
    clean.o.z = NULL; /* nothing of it is not about the person */
    return clean;
}
