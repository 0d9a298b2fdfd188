/* What an act on several orders would do: each is judged as the act itself
 * would judge it, and nothing is changed. */
#include <string.h>

#include "common/buf.h"
#include "common/str.h"
#include "model/change.h"
#include "model/hold.h"
#include "model/order_list.h"
#include "model/store.h"
#include "model/work.h"
#include "rpc/mirrored.h"
#include "rpc/outgoing.h"
#include "rpc_handlers.gen.h"

enum { ROWS_MAX = 500 };
enum verdict { READY, UNCHANGED, REFUSED };

struct row {
    struct ref ref;
    struct order_item o; /* id 0: there is none */
    enum verdict verdict;
    const char *text; /* why it is refused; "" */
};

struct preview {
    struct rpc_call *call;
    struct db_tx *tx;
    enum rpc_orders_preview_act act;
    const char *value;
    struct row *rows;
    size_t n;
    bool more;
};

/* --- the orders --------------------------------------------------------- */

static int add_named(struct preview *v, const char *name) {
    struct row *r = &v->rows[v->n];
    struct store s = {0};
    if (ref_parse(name, &r->ref) < 0)
        return call_fail(v->call, ERR_INVALID, "orders",
                         "%.60s is no order: write alpine:1779", name);
    v->n++;
    int rc = mirrored_store(v->call, v->tx, &r->ref, REF_OBJECT, &s);
    if (rc >= 0)
        rc = order_item_get(v->tx, s.id, r->ref.id, 0, call_arena(v->call),
                            &r->o);
    store_done(&s);
    /* one that is not there does not keep the others */
    return rc == ERR_NOT_FOUND ? 0 : rc;
}

static int add_named_all(struct preview *v,
                         const struct rpc_orders_preview_params *p) {
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < p->n_orders && v->n < ROWS_MAX; i++)
        rc = add_named(v, p->orders[i]);
    return rc;
}

static int add_matching(struct preview *v, const char *filter) {
    struct list_request r = {.filter = filter,
                             .sort = ORDER_SORT_CREATED_DESC,
                             .limit = ROWS_MAX,
                             .zone = v->call->rpc->zone};
    struct order_page page;
    int rc = order_list(v->tx, &r, v->call->rpc->o.late_s * 1000,
                        call_arena(v->call), &page, &v->call->error);
    for (size_t i = 0; rc >= 0 && i < page.n; i++) {
        struct row *row = &v->rows[v->n++];
        row->o = page.items[i];
        row->ref = (struct ref){.kind = REF_OBJECT, .id = row->o.remote_id};
        (void)str_copy(row->ref.store, sizeof row->ref.store, row->o.store);
    }
    v->more = rc >= 0 && page.next;
    return rc;
}

/* --- judging ------------------------------------------------------------ */

/* Is it one of the marks ",a,b,"? */
static bool has(const char *marks, const char *mark) {
    AUTO_BUF struct buf b = BUF_INIT;
    buf_addf(&b, ",%s,", mark);
    return strstr(marks, buf_str(&b)) != NULL;
}

static int prove(const struct preview *v, const struct order_item *o,
                 enum change_act act, struct error *e) {
    struct change_path as,
        path = {.path = "status", .wanted = outgoing_quote(v->call, v->value)};
    bool paths = act != CHANGE_TRASH;
    const struct change_new n = {.store_id = o->store_id,
                                 .remote_id = o->remote_id,
                                 .kind = MIRROR_ORDER,
                                 .act = act,
                                 .paths = &path,
                                 .n_paths = paths ? 1 : 0,
                                 .author = v->call->actor};
    return change_prove(v->tx, &n, call_arena(v->call), &as, e);
}

static int count_of(const char *marks) {
    int n = 0;
    for (const char *s = marks; *s; s++)
        n += *s == ',';
    return n > 0 ? n - 1 : 0;
}

/* 1: it is so already. */
static int is_so(const struct preview *v, const struct order_item *o) {
    switch (v->act) {
    case RPC_ORDERS_PREVIEW_ACT_STATUS:
        return str_eq(o->status, v->value);
    case RPC_ORDERS_PREVIEW_ACT_HOLD:
        return has(o->holds, v->value);
    case RPC_ORDERS_PREVIEW_ACT_RELEASE:
        return *v->value ? !has(o->holds, v->value) : str_empty(o->holds);
    case RPC_ORDERS_PREVIEW_ACT_TAG:
        return has(o->tags, v->value);
    case RPC_ORDERS_PREVIEW_ACT_UNTAG:
        return !has(o->tags, v->value);
    default:
        return 0;
    }
}

static int may(const struct preview *v, const struct order_item *o,
               struct error *e) {
    switch (v->act) {
    case RPC_ORDERS_PREVIEW_ACT_STATUS:
        return prove(v, o, CHANGE_SET, e);
    case RPC_ORDERS_PREVIEW_ACT_TRASH:
        return prove(v, o, CHANGE_TRASH, e);
    case RPC_ORDERS_PREVIEW_ACT_UNTRASH:
        return prove(v, o, CHANGE_UNTRASH, e);
    case RPC_ORDERS_PREVIEW_ACT_PICK:
        return work_may_begin(v->tx, o->store_id, o->remote_id,
                              call_arena(v->call), e);
    case RPC_ORDERS_PREVIEW_ACT_TAG:
        return count_of(o->tags) < TAGS_MAX
                   ? 0
                   : error_set(e, ERR_TOO_BIG, "", "it has %d tags already",
                               TAGS_MAX);
    default:
        return 0;
    }
}

/* What cannot be of this one order is the row's; what went wrong here is the
 * answer's. */
static bool of_the_row(int rc) {
    return rc == ERR_NOT_FOUND || rc == ERR_INVALID || rc == ERR_CONFLICT ||
           rc == ERR_EXISTS || rc == ERR_DENIED || rc == ERR_TOO_BIG;
}

static int judge(const struct preview *v, struct row *r) {
    AUTO_BUF struct buf why = BUF_INIT;
    struct error e = {0};
    r->text = "";
    if (r->o.id && is_so(v, &r->o)) {
        r->verdict = UNCHANGED;
        return 0;
    }
    int rc = r->o.id ? may(v, &r->o, &e) : ERR_NOT_FOUND;
    if (rc >= 0)
        return 0;
    if (!of_the_row(rc))
        return rc;
    r->verdict = REFUSED;
    call_sentence(&why, v->call->lang, rc, &e);
    r->text = arena_dupn(call_arena(v->call), buf_str(&why), why.len);
    return 0;
}

/* --- the answer --------------------------------------------------------- */

static void write_holds(struct jsonw *w, const char *marks) {
    jsonw_key(w, "holds");
    jsonw_begin_array(w);
    for (const char *s = marks ? marks : ""; *s == ',' && s[1];) {
        size_t n = strcspn(s + 1, ",");
        jsonw_stringn(w, s + 1, n);
        s += n + 1;
    }
    jsonw_end_array(w);
}

static void write_row(struct jsonw *w, const struct row *r) {
    static const char *const names[] = {"ready", "unchanged", "refused"};
    char text[REF_TEXT];
    jsonw_begin_object(w);
    jsonw_kstring(w, "ref", ref_format(text, &r->ref));
    jsonw_kstring(w, "status", r->o.id ? r->o.status : "");
    write_holds(w, r->o.holds);
    jsonw_kstring(w, "state", names[r->verdict]);
    jsonw_kstring(w, "text", r->text);
    jsonw_end_object(w);
}

static int64_t stores_of(const struct preview *v) {
    int64_t n = 0;
    for (size_t i = 0; i < v->n; i++) {
        size_t k = 0;
        while (k < i && !str_eq(v->rows[k].ref.store, v->rows[i].ref.store))
            k++;
        n += k == i;
    }
    return n;
}

static void answer(const struct preview *v) {
    int64_t held = 0, of[3] = {0};
    struct jsonw *w = call_result(v->call);
    for (size_t i = 0; i < v->n; i++) {
        held += v->rows[i].o.id && !str_empty(v->rows[i].o.holds);
        of[v->rows[i].verdict]++;
    }
    jsonw_begin_object(w);
    jsonw_ki64(w, "orders", (int64_t)v->n);
    jsonw_ki64(w, "stores", stores_of(v));
    jsonw_ki64(w, "held", held);
    jsonw_ki64(w, "unchanged", of[UNCHANGED]);
    jsonw_ki64(w, "refused", of[REFUSED]);
    jsonw_kbool(w, "more", v->more);
    jsonw_key(w, "rows");
    jsonw_begin_array(w);
    for (size_t i = 0; i < v->n; i++)
        write_row(w, &v->rows[i]);
    jsonw_end_array(w);
    jsonw_end_object(w);
}

static int preview_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_orders_preview_params *p = call->params;
    struct preview v = {.call = call,
                        .tx = tx,
                        .act = p->act,
                        .value = p->has_value ? p->value : ""};
    size_t bytes = ROWS_MAX * sizeof *v.rows;
    v.rows = arena_alloc(call_arena(call), bytes);
    memset(v.rows, 0, bytes);
    int rc = p->n_orders ? add_named_all(&v, p) : add_matching(&v, p->filter);
    for (size_t i = 0; rc >= 0 && i < v.n; i++)
        rc = judge(&v, &v.rows[i]);
    if (rc >= 0)
        answer(&v);
    return rc < 0 ? rc : 0;
}

/* What is wrong with the act is wrong for all of them. */
static int check_value(struct rpc_call *call,
                       const struct rpc_orders_preview_params *p) {
    const char *value = p->has_value ? p->value : "";
    switch (p->act) {
    case RPC_ORDERS_PREVIEW_ACT_STATUS:
    case RPC_ORDERS_PREVIEW_ACT_UNTRASH:
        return *value ? 0
                      : call_fail(call, ERR_INVALID, "value",
                                  "which status are they to have?");
    case RPC_ORDERS_PREVIEW_ACT_HOLD:
        return hold_reason_known(value)
                   ? 0
                   : call_fail(call, ERR_INVALID, "value",
                               "a reason is fraud, address, payment, "
                               "operator or date");
    case RPC_ORDERS_PREVIEW_ACT_TAG:
    case RPC_ORDERS_PREVIEW_ACT_UNTAG:
        return tag_valid(value)
                   ? 0
                   : call_fail(call, ERR_INVALID, "value",
                               "a tag is a word of at most %d bytes without "
                               "commas, colons and quotes",
                               TAG_TEXT - 1);
    default:
        return 0;
    }
}

int method_orders_preview(struct rpc_call *call,
                          const struct rpc_orders_preview_params *p) {
    if (p->n_orders == 0 && !p->has_filter)
        return call_fail(call, ERR_INVALID, "orders",
                         "name orders, or a filter");
    int rc = check_value(call, p);
    return rc < 0 ? rc : call_read(call, preview_work, NULL);
}
