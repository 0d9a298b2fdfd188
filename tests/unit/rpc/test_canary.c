/* Two tenants whose every text is marked; whoever belongs to one calls all they
 * may call, hears all they may hear, and never meets the other's mark. A method
 * that is added fails here until it is tried. */
#include "fixture.h"

#include <stdio.h>
#include <string.h>

#include "common/buf.h"
#include "common/str.h"
#include "db/conn.h"
#include "model/customer.h"
#include "model/feed.h"
#include "model/kept.h"
#include "model/order.h"
#include "model/product.h"
#include "model/refund.h"
#include "rpc.gen.h"
#include "shop/page.h"

enum { OWNER = 54501, STAFF };

/* '#' becomes the store's mark. */
#define MARK "kanarya-#"
#define DATES                                                                  \
    "\"date_created_gmt\":\"2023-11-01T10:00:00\","                            \
    "\"date_modified_gmt\":\"2023-11-01T10:00:00\""
#define PLACE                                                                  \
    "{\"first_name\":\"" MARK "\",\"last_name\":\"" MARK                       \
    "\",\"address_1\":\"" MARK "\",\"city\":\"" MARK "\",\"phone\":\"" MARK    \
    "\",\"email\":\"" MARK "@x.test\"}"

static const struct object {
    enum mirror_kind kind;
    const char *json;
} objects[] = {
    {MIRROR_CATEGORY, "{\"id\":3,\"name\":\"" MARK "\",\"slug\":\"" MARK
                      "\",\"parent\":0,\"count\":1}"},
    {MIRROR_PRODUCT,
     "{\"id\":34,\"type\":\"simple\",\"status\":\"publish\",\"name\":\"" MARK
     "\",\"sku\":\"" MARK
     "\",\"price\":\"50\",\"regular_price\":\"50\",\"sale_price\":\"\","
     "\"manage_stock\":true,\"stock_quantity\":1,\"low_stock_amount\":5,"
     "\"stock_status\":\"instock\",\"parent_id\":0,"
     "\"categories\":[{\"id\":3,\"name\":\"" MARK "\"}],"
     "\"description\":\"" MARK "\"," DATES ",\"meta_data\":[]}"},
    {MIRROR_CUSTOMER,
     "{\"id\":5,\"email\":\"" MARK "@x.test\",\"first_name\":\"" MARK
     "\",\"last_name\":\"" MARK "\",\"billing\":" PLACE ",\"shipping\":" PLACE
     "," DATES ",\"meta_data\":[]}"},
    {MIRROR_ORDER,
     "{\"id\":12,\"number\":\"12\",\"status\":\"" MARK
     "\",\"currency\":\"TRY\",\"total\":\"100.00\",\"customer_id\":5," DATES
     ",\"customer_note\":\"" MARK "\",\"billing\":" PLACE ",\"shipping\":" PLACE
     ",\"meta_data\":[{\"id\":1,\"key\":\"" MARK "\",\"value\":\"" MARK
     "\"}],\"line_items\":[{\"id\":7,\"product_id\":34,\"variation_id\":0,"
     "\"quantity\":2,\"total\":\"100.00\",\"sku\":\"" MARK "\",\"name\":\"" MARK
     "\"}],\"refunds\":[]}"},
    {MIRROR_REFUND,
     "{\"id\":13,\"parent_id\":12,\"amount\":\"1.00\",\"reason\":\"" MARK
     "\",\"date_created_gmt\":\"2023-11-01T10:00:00\",\"line_items\":[]}"},
    {MIRROR_NOTE, "{\"id\":14,\"author\":\"" MARK "\",\"note\":\"" MARK
                  "\",\"date_created_gmt\":\"2023-11-01T10:00:00\","
                  "\"customer_note\":false}"},
};

/* --- the mirror -------------------------------------------------------- */

static void marked(struct buf *b, const char *text, int64_t store) {
    for (; *text; text++) {
        if (*text == '#')
            buf_addf(b, "%lld", (long long)store);
        else
            buf_addc(b, *text);
    }
}

static int put(struct db_tx *tx, const struct mirror_read *read,
               const struct page *p) {
    struct mirror_stats st = {0};
    switch (p->kind) {
    case MIRROR_ORDER:
        return order_apply(tx, read, p->orders, p->n, &st);
    case MIRROR_PRODUCT:
        return product_apply(tx, read, p->products, p->n, &st);
    case MIRROR_CUSTOMER:
        return customer_apply(tx, read, p->customers, p->n, &st);
    case MIRROR_CATEGORY:
        return category_apply(tx, read, p->categories, p->n, &st);
    case MIRROR_REFUND:
        return refund_apply(tx, read, p->refunds, p->n, &st);
    default:
        return note_apply(tx, read, 12, p->notes, p->n, &st);
    }
}

static int apply_one(struct db_tx *tx, const struct object *o, int64_t store) {
    AUTO_BUF struct buf json = BUF_INIT;
    struct page_options po = {
        .kind = o->kind, .parent_id = 12, .kept = kept_current()};
    struct mirror_read read = {.store_id = store, .sent_seq = 1};
    struct error e = {0};
    struct page *p;
    if (o->kind != MIRROR_REFUND && o->kind != MIRROR_NOTE)
        po.parent_id = 0;
    marked(&json, o->json, store);
    assert_int_equal(page_prepare(&po, json.data, json.len, &p, &e), 0);
    if (p->n != 1)
        fail_msg("%s: %s", p->aside->path, p->aside->reason);
    int rc = put(tx, &read, p);
    page_free(p);
    return rc;
}

static int plant(struct db_tx *tx, void *unused) {
    static const uint8_t hash[16] = {7};
    int rc = conn_exec(
        tx->conn,
        "INSERT INTO tenant VALUES (2, 'other', 'kanarya-2', 0, 1);"
        "UPDATE store SET can_write = 1, title = 'kanarya-' || id,"
        " url = 'https://kanarya-' || id || '.test', tenant_id = id,"
        " reason_text = 'kanarya-' || id;"
        "INSERT INTO store_status (store_id, slug, name, phase) SELECT id,"
        " 'kanarya-' || id, 'kanarya-' || id, 'todo' FROM store;"
        "INSERT INTO work (id, store_id, remote_id, state, basis, begun_ms,"
        " begun_by) SELECT id, id, 12, 'packed', x'00', 0, 'kanarya-' || id"
        " FROM store;"
        "INSERT INTO parcel (id, store_id, remote_id, work_id, n, state,"
        " carrier, tracking, created_ms, created_by) SELECT id, id, 12, id, 1,"
        " 'created', 'kanarya-' || id, 'kanarya-' || id, 1, 'kanarya-' || id"
        " FROM store;");
    (void)unused;
    for (int64_t store = 1; store <= 2; store++) {
        struct mirror_read read = {.store_id = store, .sent_seq = 2};
        char mark[16];
        (void)snprintf(mark, sizeof mark, "kanarya-%d", (int)store);
        for (size_t i = 0; rc >= 0 && i < sizeof objects / sizeof *objects; i++)
            rc = apply_one(tx, &objects[i], store);
        if (rc >= 0)
            rc = mirror_set_aside(tx, &read, MIRROR_ORDER, 99, hash, mark, mark,
                                  mark, strlen(mark));
        if (rc >= 0)
            rc = feed_add(tx, "store", store, 0, "");
    }
    return rc;
}

static struct kept *kept;

/* A bin, pieces in it and an announcement of each. */
static void stock(struct fx_client *root, const char *store, int n,
                  const char *tenant) {
    char params[200];
    (void)snprintf(params, sizeof params, "{\"code\":\"kan-%d\"}", n);
    (void)fx_ok(root, "bins.create", params);
    (void)snprintf(params, sizeof params,
                   "{\"ref\":\"%s:34\",\"tracking\":\"lot\"}", store);
    (void)fx_ok(root, "inventory.limits", params);
    (void)snprintf(params, sizeof params,
                   "{\"ref\":\"%s:34\",\"delta\":\"2\",\"bin\":\"kan-%d\","
                   "\"lot\":\"kanarya-%d\",\"expires\":\"2020-01-01\","
                   "\"shop\":\"no\",\"reason\":\"kanarya-%d\"}",
                   store, n, n, n);
    (void)fx_ok(root, "inventory.correct", params);
    (void)snprintf(params, sizeof params,
                   "{\"tenant\":\"%s\",\"reference\":\"kanarya-%d\","
                   "\"lines\":[{\"code\":\"kanarya-%d\",\"qty\":\"1\"}]}",
                   tenant, n, n);
    (void)fx_ok(root, "inbound.create", params);
}

static int setup(void **state) {
    int rc = fx_setup(state);
    struct fx *f = *state;
    struct fx_client root;
    kept = kept_new();
    kept_use(kept);
    fx_job(f, plant, NULL);
    rpc_set_step_up(f->rpc, 0, 0);
    fx_person(f, "zoe", "owner", OWNER, 1);
    fx_person(f, "dana", "staff", STAFF, 0);
    fx_connect_as(f, &root, 0);
    (void)fx_ok(&root, "users.update",
                "{\"user\":\"dana\",\"stores\":[\"alpine\"]}");
    (void)fx_ok(&root, "orders.update",
                "{\"ref\":\"baltic:12\",\"customer_note\":\"kanarya-2\","
                "\"reason\":\"kanarya-2\"}");
    (void)fx_ok(&root, "orders.update",
                "{\"ref\":\"alpine:12\",\"customer_note\":\"kanarya-1\","
                "\"reason\":\"kanarya-1\"}");
    (void)fx_ok(&root, "products.update",
                "{\"ref\":\"baltic:34\",\"name\":\"kanarya-2\","
                "\"reason\":\"kanarya-2\",\"propose\":true}");
    (void)fx_ok(&root, "tickets.create",
                "{\"ref\":\"alpine:12\",\"subject\":\"kanarya-1\","
                "\"text\":\"kanarya-1\"}");
    (void)fx_ok(&root, "tickets.create",
                "{\"ref\":\"baltic:12\",\"subject\":\"kanarya-2\","
                "\"text\":\"kanarya-2\"}");
    (void)fx_ok(&root, "tickets.update",
                "{\"id\":\"T-2\",\"priority\":\"urgent\"}");
    for (int i = 1; i <= 2; i++) {
        char params[160];
        const char *store = i == 1 ? "alpine" : "baltic";
        (void)snprintf(params, sizeof params,
                       "{\"ref\":\"%s:customer/5\",\"text\":\"kanarya-%d\"}",
                       store, i);
        (void)fx_ok(&root, "customers.note", params);
        (void)snprintf(params, sizeof params,
                       "{\"ref\":\"%s:customer/5\",\"add\":[\"kanarya-%d\"]}",
                       store, i);
        (void)fx_ok(&root, "customers.tag", params);
    }
    stock(&root, "alpine", 1, "main");
    stock(&root, "baltic", 2, "other");
    (void)fx_ok(&root, "returns.create",
                "{\"ref\":\"alpine:12\",\"reason\":\"defective\",\"note\":"
                "\"kanarya-1\",\"lines\":[{\"line\":7,\"quantity\":1}]}");
    (void)fx_ok(&root, "returns.create",
                "{\"ref\":\"baltic:12\",\"reason\":\"defective\",\"note\":"
                "\"kanarya-2\",\"lines\":[{\"line\":7,\"quantity\":1}]}");
    fx_close(&root);
    return rc;
}

static int teardown(void **state) {
    int rc = fx_teardown(state);
    kept_use(NULL);
    kept_free(kept);
    return rc;
}

/* --- calls ------------------------------------------------------------- */

/* What finds something of one's own, and what asks for the other's. NULL: the
 * method is about oneself, or needs the engine. */
static const struct tried {
    const char *method, *own, *foreign;
} tries[] = {
    {"approvals.list", "{}", "{\"filter\":\"store:baltic\"}"},
    {"approvals.counts", "{}", NULL},
    {"approvals.get", NULL, "{\"id\":\"A-1\"}"},
    {"approvals.edit", NULL, "{\"id\":\"A-1\",\"reason\":\"x\"}"},
    {"approvals.withdraw", NULL, "{\"id\":\"A-1\"}"},
    {"attention.list", "{}", "{\"filter\":\"store:baltic\"}"},
    {"attention.retry", NULL, "{\"id\":2}"},
    {"categories.list", "{}", "{\"store\":\"baltic\"}"},
    {"files.begin", NULL, NULL},
    {"files.put", NULL, NULL},
    {"files.commit", NULL, NULL},
    {"files.get", NULL, "{\"id\":\"F-1\"}"},
    {"files.list", "{}", "{\"ticket\":\"T-2\"}"},
    {"files.delete", NULL, "{\"id\":\"F-1\"}"},
    {"tickets.list", "{}", "{\"filter\":\"store:baltic\"}"},
    {"tickets.counts", "{}", NULL},
    {"tickets.get", "{\"id\":\"T-1\"}", "{\"id\":\"T-2\"}"},
    {"tickets.create", "{\"subject\":\"kanarya-1\",\"text\":\"x\"}",
     "{\"ref\":\"baltic:12\",\"subject\":\"x\",\"text\":\"x\"}"},
    {"tickets.reply", "{\"id\":\"T-1\",\"text\":\"x\"}",
     "{\"id\":\"T-2\",\"text\":\"x\"}"},
    {"tickets.note", "{\"id\":\"T-1\",\"text\":\"x\"}",
     "{\"id\":\"T-2\",\"text\":\"x\"}"},
    {"tickets.update", NULL, "{\"id\":\"T-2\",\"state\":\"closed\"}"},
    {"tickets.read", "{\"id\":\"T-1\"}", "{\"id\":\"T-2\"}"},
    {"changes.list", "{}", "{\"filter\":\"object:baltic:12\"}"},
    {"changes.count", "{}", NULL},
    {"customers.list", "{}", "{\"filter\":\"kanarya\"}"},
    {"search.find", "{\"filter\":\"kanarya\"}", "{\"filter\":\"canary\"}"},
    {"customers.list", "{\"sort\":\"name\"}", "{\"store\":\"baltic\"}"},
    {"customers.get", "{\"ref\":\"alpine:customer/5\"}",
     "{\"ref\":\"baltic:customer/5\"}"},
    {"customers.list", "{\"filter\":\"tag:kanarya-1\"}",
     "{\"filter\":\"tag:kanarya-2\"}"},
    {"customers.marks", "{\"ref\":\"alpine:customer/5\"}",
     "{\"ref\":\"baltic:customer/5\"}"},
    {"orders.preview", "{\"act\":\"release\",\"filter\":\"kanarya\"}",
     "{\"act\":\"pick\",\"orders\":[\"baltic:12\"]}"},
    {"customers.raw", "{\"ref\":\"alpine:customer/5\"}",
     "{\"ref\":\"baltic:customer/5\"}"},
    {"dashboard.get", "{}", "{\"store\":\"baltic\"}"},
    {"health.get", "{}", NULL},
    {"inventory.adjust", NULL,
     "{\"ref\":\"baltic:34\",\"delta\":1,\"propose\":true}"},
    {"inventory.set", NULL,
     "{\"ref\":\"baltic:34\",\"stock\":1,\"propose\":true}"},
    {"inventory.export", "{\"store\":\"alpine\"}", "{\"store\":\"baltic\"}"},
    {"inventory.import", NULL,
     "{\"store\":\"baltic\",\"csv\":\"sku,stock\\nx,1\\n\"}"},
    {"jobs.list", "{}", "{\"store\":\"baltic\"}"},
    {"jobs.get", NULL, "{\"id\":\"01K9QF3E3M7Q2W8R5T1Y6Z0ABC\"}"},
    {"monitor.get", "{}", NULL},
    {"orders.list", "{}", "{\"filter\":\"kanarya\"}"},
    {"orders.list", "{\"filter\":\"kanarya-1\"}", "{\"store\":\"baltic\"}"},
    {"orders.list", "{\"status\":\"kanarya-1\"}", "{\"status\":\"kanarya-2\"}"},
    {"orders.list", "{\"filter\":\"number:12\"}", "{\"filter\":\"sku:kan*\"}"},
    {"orders.list", "{\"filter\":\"email:kanarya-1@x.test\"}",
     "{\"filter\":\"email:kanarya-2@x.test\"}"},
    {"orders.get", "{\"ref\":\"alpine:12\"}", "{\"ref\":\"baltic:12\"}"},
    {"orders.raw", "{\"ref\":\"alpine:12\"}", "{\"ref\":\"baltic:12\"}"},
    {"orders.why", "{\"ref\":\"alpine:12\"}", "{\"ref\":\"baltic:12\"}"},
    {"orders.marks", "{\"ref\":\"alpine:12\"}", "{\"ref\":\"baltic:12\"}"},
    {"orders.timeline", "{\"ref\":\"alpine:12\"}", "{\"ref\":\"baltic:12\"}"},
    {"orders.shares", "{\"ref\":\"alpine:12\"}", "{\"ref\":\"baltic:12\"}"},
    {"documents.render", "{\"ref\":\"alpine:12\",\"kind\":\"slip\"}",
     "{\"ref\":\"baltic:12\",\"kind\":\"slip\"}"},
    {"documents.printers", "{}", NULL},
    {"returns.list", "{}", "{\"filter\":\"kanarya\"}"},
    {"returns.list", "{\"filter\":\"state:open\"}",
     "{\"filter\":\"order:baltic:12\"}"},
    {"returns.count", "{}", NULL},
    {"returns.get", "{\"return\":\"R-1\"}", "{\"return\":\"R-2\"}"},
    {"returns.approve", NULL, "{\"return\":\"R-2\"}"},
    {"returns.preview", NULL,
     "{\"return\":\"R-2\",\"letter\":\"return_approved\"}"},
    {"orders.create", NULL,
     "{\"store\":\"baltic\",\"lines\":[{\"product\":\"baltic:34\","
     "\"quantity\":1}],\"propose\":true}"},
    {"orders.refresh", NULL, "{\"ref\":\"baltic:12\"}"},
    {"orders.counts", "{}", "{\"store\":\"baltic\"}"},
    {"orders.stats", NULL, "{\"store\":\"baltic\"}"},
    {"products.list", "{}", "{\"filter\":\"kanarya\"}"},
    {"products.list", "{\"filter\":\"low:yes\"}",
     "{\"filter\":\"sku:kanarya-2\"}"},
    {"products.get", "{\"ref\":\"alpine:34\"}", "{\"ref\":\"baltic:34\"}"},
    {"products.raw", "{\"ref\":\"alpine:34\"}", "{\"ref\":\"baltic:34\"}"},
    {"products.sales", "{\"ref\":\"alpine:34\"}", "{\"ref\":\"baltic:34\"}"},
    {"products.export", "{\"store\":\"alpine\"}", "{\"store\":\"baltic\"}"},
    {"products.import", NULL,
     "{\"store\":\"baltic\",\"csv\":\"sku,name\\nx,y\\n\"}"},
    {"products.update", NULL,
     "{\"ref\":\"baltic:34\",\"name\":\"x\",\"propose\":true}"},
    {"products.create", NULL,
     "{\"store\":\"baltic\",\"name\":\"x\",\"propose\":true}"},
    {"inventory.list", "{}", "{\"store\":\"baltic\"}"},
    {"inventory.list", "{\"filter\":\"bin:kan-2\"}",
     "{\"filter\":\"sku:kanarya-2\"}"},
    {"inventory.low", "{}", "{\"store\":\"baltic\"}"},
    {"inventory.get", "{\"ref\":\"alpine:34\"}", "{\"ref\":\"baltic:34\"}"},
    {"inventory.ledger", "{\"ref\":\"alpine:34\"}", "{\"ref\":\"baltic:34\"}"},
    {"lots.list", "{}", "{\"days\":100}"},
    {"inbound.list", "{}", "{\"state\":\"all\"}"},
    {"inbound.get", "{\"id\":\"I-1\"}", "{\"id\":\"I-2\"}"},
    {"bins.list", "{}", NULL},
    {"bundles.get", "{\"ref\":\"alpine:34\"}", "{\"ref\":\"baltic:34\"}"},
    {"bins.get", "{\"bin\":\"kan-1\"}", "{\"bin\":\"kan-2\"}"},
    {"query.keys", "{\"list\":\"orders\"}", "{\"list\":\"stores\"}"},
    {"packs.get", "{\"ref\":\"alpine:12\"}", "{\"ref\":\"baltic:12\"}"},
    {"shipments.list", "{}", "{\"filter\":\"kanarya\"}"},
    {"shipments.list", "{\"filter\":\"state:waiting\"}",
     "{\"filter\":\"order:baltic:12\"}"},
    {"shipments.get", "{\"id\":\"S-1\"}", "{\"id\":\"S-2\"}"},
    {"shipments.order", "{\"ref\":\"alpine:12\"}", "{\"ref\":\"baltic:12\"}"},
    {"stores.list", "{}", "{\"filter\":\"baltic\"}"},
    {"stores.get", "{\"store\":\"alpine\"}", "{\"store\":\"baltic\"}"},
    {"stores.statuses", "{\"store\":\"alpine\"}", "{\"store\":\"baltic\"}"},
    {"stores.sync", NULL, "{\"store\":\"baltic\"}"},
    {"stores.verify", NULL, "{\"store\":\"baltic\"}"},
    {"sessions.list", "{}", NULL},
    {"tokens.list", "{}", NULL},
    {"profile.get", "{}", NULL},
};
enum { TRIES = sizeof tries / sizeof *tries };

/* The other's mark in what was answered, unless it was in the question. */
static void assert_clean(const char *method, const char *params,
                         const struct json *answer) {
    AUTO_BUF struct buf text = BUF_INIT;
    json_print(&text, answer);
    const char *words[] = {"kanarya-2", "baltic", "other"};
    for (size_t i = 0; i < 3; i++) {
        if (strstr(buf_str(&text), words[i]) && !strstr(params, words[i]))
            fail_msg("%s %s tells %s: %s", method, params, words[i],
                     buf_str(&text));
    }
}

static void ask_one(struct fx_client *c, const char *method,
                    const char *params) {
    if (params)
        assert_clean(method, params, fx_ask(c, method, params));
}

/* The two have as many rows each: a count that adds the other's shows it. */
static void counts_are_ones_own(struct fx_client *c) {
    assert_int_equal(
        json_count(json_get(fx_ok(c, "orders.list", NULL), "items")), 1);
    assert_int_equal(
        json_count(json_get(fx_ok(c, "products.list", NULL), "items")), 1);
    assert_int_equal(
        json_count(json_get(fx_ok(c, "customers.list", NULL), "items")), 1);
    const struct json *d = fx_ok(c, "dashboard.get", NULL);
    assert_int_equal(fx_number(d, "todo"), 1);
    assert_int_equal(fx_number(d, "low_stock"), 1);
    assert_int_equal(json_count(json_get(d, "stores")), 1);
}

static void calls_as(struct fx *f, unsigned uid, unsigned role) {
    struct fx_client c;
    fx_connect_as(f, &c, uid);
    for (size_t i = 0; i < TRIES; i++) {
        int m = rpc_method_find(tries[i].method);
        assert_true(m >= 0);
        if (!(rpc_methods[m].roles & role))
            continue;
        ask_one(&c, tries[i].method, tries[i].own);
        ask_one(&c, tries[i].method, tries[i].foreign);
    }
    counts_are_ones_own(&c);
    fx_close(&c);
}

static void no_answer_crosses(void **state) {
    calls_as(*state, OWNER, RPC_ROLE_OWNER);
    calls_as(*state, STAFF, RPC_ROLE_STAFF);
}

/* Writes of staff go to their stores alone. */
static void no_write_crosses(void **state) {
    static const char *const writes[][2] = {
        {"orders.update", "{\"ref\":\"%s:12\",\"customer_note\":\"x\"}"},
        {"orders.note", "{\"ref\":\"%s:12\",\"text\":\"x\"}"},
        {"orders.tag", "{\"ref\":\"%s:12\",\"add\":[\"x\"]}"},
        {"picks.begin", "{\"orders\":[\"%s:12\"]}"},
        {"orders.hold", "{\"ref\":\"%s:12\",\"reason\":\"fraud\"}"},
        {"orders.release", "{\"ref\":\"%s:12\"}"},
        {"orders.trash", "{\"ref\":\"%s:12\"}"},
        {"orders.refund", "{\"ref\":\"%s:12\",\"amount\":\"1\"}"},
        {"orders.share", "{\"ref\":\"%s:12\"}"},
        {"documents.print",
         "{\"ref\":\"%s:12\",\"kind\":\"slip\",\"printer\":\"x\"}"},
        {"packs.begin", "{\"ref\":\"%s:12\"}"},
        {"packs.scan", "{\"ref\":\"%s:12\",\"code\":\"x\"}"},
        {"packs.put_back", "{\"ref\":\"%s:12\"}"},
        {"shipments.create", "{\"ref\":\"%s:12\"}"},
        {"shipments.ship", "{\"ref\":\"%s:12\"}"},
        {"shipments.void", "{\"id\":\"S-2\"}"},
        {"shipments.update", "{\"id\":\"S-2\",\"carrier\":\"x\"}"},
        {"products.update", "{\"ref\":\"%s:34\",\"name\":\"x\"}"},
        {"bundles.set", "{\"ref\":\"%s:34\",\"parts\":[]}"},
        {"bundles.remove", "{\"ref\":\"%s:34\"}"},
        {"products.trash", "{\"ref\":\"%s:34\"}"},
        {"inventory.adjust", "{\"ref\":\"%s:34\",\"delta\":\"1\"}"},
        {"inventory.correct", "{\"ref\":\"%s:34\",\"delta\":\"1\",\"bin\":"
                              "\"kan-1\"}"},
        {"inventory.limits", "{\"ref\":\"%s:34\",\"reorder\":\"1\"}"},
        {"inventory.move", "{\"ref\":\"%s:34\",\"from\":\"kan-2\",\"to\":"
                           "\"kan-1\",\"qty\":\"1\"}"},
        {"lots.update", "{\"ref\":\"%s:34\",\"lot\":\"kanarya-2\","
                        "\"expires\":\"\"}"},
        {"customers.tag", "{\"ref\":\"%s:customer/5\",\"add\":[\"x\"]}"},
        {"customers.note", "{\"ref\":\"%s:customer/5\",\"text\":\"x\"}"},
        {"customers.unnote", "{\"ref\":\"%s:customer/5\",\"note\":\"N-1\"}"},
        {"customers.update", "{\"ref\":\"%s:customer/5\",\"last_name\":\"x\"}"},
        {"categories.update", "{\"ref\":\"%s:category/3\",\"name\":\"x\"}"},
        {"categories.delete", "{\"ref\":\"%s:category/3\",\"name\":\"x\"}"},
        {"products.create", "{\"store\":\"%s\",\"name\":\"x\"}"},
    };
    struct fx_client c;
    char params[128];
    fx_connect_as(*state, &c, STAFF);
    for (size_t i = 0; i < sizeof writes / sizeof *writes; i++) {
        (void)snprintf(params, sizeof params, writes[i][1], "baltic");
        const struct json *m = fx_ask(&c, writes[i][0], params);
        if (!str_eq(fx_code(m), "not_found"))
            fail_msg("%s: %s", writes[i][0], fx_code(m));
        assert_clean(writes[i][0], params, m);
    }
    (void)fx_ok(&c, writes[0][0],
                "{\"ref\":\"alpine:12\",\"customer_note\":\"x\"}");
    fx_close(&c);
}

static const char *change_of(struct fx_client *c, const char *filter,
                             char id[64]) {
    char params[64];
    (void)snprintf(params, sizeof params, "{\"filter\":\"%s\"}", filter);
    const struct json *l = fx_ok(c, "changes.list", params);
    (void)snprintf(id, 64, "%s",
                   fx_text(json_first(json_get(l, "items")), "id"));
    assert_int_equal(strlen(id), 26);
    return id;
}

static void changes_of_others_are_not_there(void **state) {
    static const char *const acts[] = {"changes.get", "changes.retry",
                                       "changes.discard"};
    struct fx_client root, c;
    char id[64], params[96];
    fx_connect_as(*state, &root, 0);
    fx_connect_as(*state, &c, STAFF);
    change_of(&root, "store:baltic", id);
    (void)snprintf(params, sizeof params, "{\"id\":\"%s\"}", id);
    for (size_t i = 0; i < 3; i++) {
        const struct json *m = fx_ask(&c, acts[i], params);
        assert_string_equal(fx_code(m), "not_found");
        assert_clean(acts[i], params, m);
    }
    (void)fx_ok(&root, "changes.get", params);
    fx_close(&root);
    fx_close(&c);
}

static void no_event_crosses(void **state) {
    struct fx *f = *state;
    static const unsigned uids[] = {OWNER, STAFF};
    for (size_t i = 0; i < 2; i++) {
        struct fx_client c;
        const struct json *e;
        int own = 0;
        fx_connect_as(f, &c, uids[i]);
        (void)fx_ok(&c, "events.subscribe", "{\"since\":0}"); /* a replay */
        fx_events(f, "order", 1, 3);
        fx_events(f, "order", 2, 3);
        fx_events(f, "product", 2, 3);
        fx_events(f, "order", 1, 3);
        while ((e = fx_read(&c))) {
            assert_clean("an event", "", e);
            own += str_eq(fx_text(e, "params.store"), "alpine");
        }
        assert_true(own >= 6);
        assert_string_equal(fx_code(fx_ask(&c, "events.subscribe",
                                           "{\"stores\":[\"baltic\"]}")),
                            "not_found");
        fx_close(&c);
    }
}

static void no_owners_method_is_left_out(void **state) {
    static const char *const others[] = {
        "session.", "profile.",     "sessions.revoke", "tokens.",
        "events.",  "rpc.discover", "views."};
    (void)state;
    for (int m = 0; m < RPC_METHOD_COUNT; m++) {
        const char *name = rpc_methods[m].name;
        bool known = false;
        for (size_t i = 0; i < TRIES; i++)
            known |= str_eq(tries[i].method, name);
        for (size_t i = 0; i < sizeof others / sizeof *others; i++)
            known |= str_starts(name, others[i]);
        if (!known && rpc_methods[m].roles & RPC_ROLE_OWNER)
            fail_msg("owners may call %s, and nobody looked", name);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(no_answer_crosses),
        TEST(no_write_crosses),
        TEST(changes_of_others_are_not_there),
        TEST(no_event_crosses),
        TEST(no_owners_method_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
