#include "rpc/paper_view.h"

#include <string.h>

#include "common/str.h"
#include "db/sql.h"
#include "model/pick.h"
#include "rpc/call.h"
#include "rpc/docket_view.h"
#include "text_id.gen.h"

/* Whose: their references, with the tote each is picked into. */
struct owners {
    struct ref refs[PAPER_ORDERS];
    const char *totes[PAPER_ORDERS];
    size_t n;
    const char *whose;
    enum text_lang lang;
};

static const char *kept(struct rpc_call *call, const char *s) {
    return arena_dupn(call_arena(call), s, strlen(s));
}

/* --- whose ---------------------------------------------------------------- */

static const char *of_one(struct rpc_call *call, const struct ref *ref) {
    char text[REF_TEXT];
    return kept(call, ref_format(text, ref));
}

static int of_orders(struct rpc_call *call, const struct rpc_paper *ask,
                     struct owners *o) {
    char more[12];
    AUTO_BUF struct buf b = BUF_INIT;
    for (size_t i = 0; i < ask->n_orders; i++) {
        if (ref_parse(ask->orders[i], &o->refs[i]) < 0)
            return call_fail(call, ERR_INVALID, "orders",
                             "%s is no order: write alpine:1779",
                             ask->orders[i]);
        o->totes[i] = "";
    }
    o->n = ask->n_orders;
    o->whose = of_one(call, &o->refs[0]);
    if (o->n > 1) {
        (void)str_format(more, sizeof more, "%zu", o->n - 1);
        text_format(&b, o->lang, TEXT_PAPER_AND_MORE, "ref", o->whose, "n",
                    more, NULL);
        o->whose = kept(call, buf_str(&b));
    }
    return 0;
}

static int of_pick(struct rpc_call *call, struct db_tx *tx, const char *id,
                   struct owners *o) {
    struct pick k;
    _Static_assert((int)PAPER_ORDERS == (int)PICK_ORDERS_MAX, "a whole wave");
    int rc = pick_get(tx, id, call_arena(call), &k);
    if (rc == 0)
        return call_fail(call, ERR_NOT_FOUND, "pick", "there is no %s here",
                         id);
    if (rc == ERR_INVALID)
        return call_fail(call, rc, "pick", "a list is named P-77 or W-12");
    if (rc < 0)
        return rc;
    for (size_t i = 0; i < k.n_works && i < PAPER_ORDERS; i++, o->n++) {
        struct ref *r = &o->refs[i];
        *r = (struct ref){.kind = REF_OBJECT, .id = k.works[i].remote_id};
        (void)str_copy(r->store, sizeof r->store, k.works[i].store);
        o->totes[i] = k.wave_id ? k.works[i].tote : "";
    }
    o->whose = kept(call, id);
    return 0;
}

static int find_owners(struct rpc_call *call, struct db_tx *tx,
                       const struct rpc_paper *ask, struct owners *o) {
    int said = ask->has_ref + (ask->n_orders > 0) + ask->has_pick;
    if (said != 1)
        return call_fail(call, ERR_INVALID, "ref",
                         "one of ref, orders and pick says whose papers");
    if (ask->has_pick)
        return of_pick(call, tx, ask->pick, o);
    if (ask->n_orders > 0)
        return of_orders(call, ask, o);
    o->refs[0] = ask->ref;
    o->totes[0] = "";
    o->n = 1;
    o->whose = of_one(call, &ask->ref);
    return 0;
}

/* --- the paper ------------------------------------------------------------ */

static void note_store(const char **stores, size_t *n, const char *name) {
    for (size_t i = 0; i < *n; i++)
        if (str_eq(stores[i], name))
            return;
    stores[(*n)++] = name;
}

/* A file is named after the first of several. */
static const char *file_of(struct rpc_call *call, const struct rpc_paper *ask,
                           const struct owners *o) {
    AUTO_BUF struct buf b = BUF_INIT;
    if (ask->has_pick)
        return o->whose;
    buf_addf(&b, "%s-%zu", of_one(call, &o->refs[0]), o->n);
    return kept(call, buf_str(&b));
}

static int of_owners(struct rpc_call *call, struct db_tx *tx,
                     const struct rpc_paper *ask, const struct owners *o,
                     struct paper *p) {
    struct arena *a = call_arena(call);
    struct docket *k = arena_alloc(a, PAPER_ORDERS * sizeof *k);
    const char **stores = arena_alloc(a, PAPER_ORDERS * sizeof *stores);
    int parcel = o->n == 1 ? (int)ask->parcel : 0, rc = 0;
    for (size_t i = 0; rc >= 0 && i < o->n; i++) {
        rc = docket_read(call, tx, &o->refs[i], parcel, o->lang, &k[i]);
        if (rc >= 0)
            k[i].tote = o->totes[i];
        note_store(stores, &p->n_stores, kept(call, o->refs[i].store));
    }
    if (rc < 0)
        return rc;
    p->stores = stores;
    if (o->n == 1)
        docket_write(k, (enum docket_kind)ask->kind, a, &p->document);
    else
        docket_write_all(k, o->n, (enum docket_kind)ask->kind,
                         file_of(call, ask, o), a, &p->document);
    return 0;
}

int paper_make(struct rpc_call *call, struct db_tx *tx,
               const struct rpc_paper *ask, enum text_lang lang,
               struct paper *ret) {
    struct owners *o = arena_alloc(call_arena(call), sizeof *o);
    struct paper p = {.whose = ""};
    *o = (struct owners){.lang = lang};
    if (ask->kind == RPC_DOCUMENT_KIND_CODES) {
        code_sheet_write(call->rpc->o.code_prefix, lang, call_arena(call),
                         &p.document);
        *ret = p;
        return 0;
    }
    int rc = find_owners(call, tx, ask, o);
    if (rc >= 0)
        rc = of_owners(call, tx, ask, o, &p);
    if (rc < 0)
        return rc;
    if (p.document.full)
        return call_fail(call, ERR_RANGE, "orders",
                         "these are more than one paper holds: name fewer");
    p.whose = o->whose;
    *ret = p;
    return 0;
}

void paper_put(const struct paper *p, enum document_form form,
               struct buf *out) {
    if (form == DOCUMENT_AS_ZPL)
        document_zpl(&p->document, out);
    else if (form == DOCUMENT_AS_PDF)
        document_pdf_lines(&p->document, out);
    else
        document_text(&p->document, out);
}
