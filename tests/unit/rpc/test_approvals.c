/* Proposing, approving, rejecting over the protocol, up to the outbox. What the
 * shop says to it is in tests/integration/test_approvals.c. */
#include "fixture.h"

#include <stdio.h>
#include <string.h>

#include "common/digest.h"
#include "common/str.h"
#include "db/conn.h"
#include "model/kept.h"
#include "model/product.h"
#include "model/proposal.h"
#include "rpc/rpc.h"
#include "shop/page.h"

enum { CAN = 54401, AYSE, ALI, ZOE };

#define PRODUCT(STOCK, PRICE)                                                  \
    "{\"id\":34,\"type\":\"simple\",\"status\":\"publish\",\"name\":\"Tent\"," \
    "\"sku\":\"S\",\"price\":\"" PRICE "\",\"regular_price\":\"" PRICE "\","   \
    "\"sale_price\":\"\",\"manage_stock\":true,\"stock_quantity\":" STOCK ","  \
    "\"stock_status\":\"instock\",\"parent_id\":0,\"categories\":[],"          \
    "\"date_created_gmt\":\"2023-11-01T10:00:00\","                            \
    "\"date_modified_gmt\":\"2023-11-01T10:00:00\",\"meta_data\":[]}"

struct given {
    const char *json;
    int64_t seq;
};

static int apply(struct db_tx *tx, void *arg) {
    const struct given *g = arg;
    struct page_options o = {.kind = MIRROR_PRODUCT, .kept = kept_current()};
    struct mirror_read read = {.store_id = 1, .sent_seq = g->seq};
    struct mirror_stats st = {0};
    struct error e = {0};
    struct page *p;
    assert_int_equal(page_prepare(&o, g->json, strlen(g->json), &p, &e), 0);
    int rc = product_apply(tx, &read, p->products, p->n, &st);
    page_free(p);
    return rc;
}

static int may_write(struct db_tx *tx, void *unused) {
    (void)unused;
    return conn_exec(tx->conn, "UPDATE store SET can_write = 1");
}

static struct kept *kept;

static int setup(void **state) {
    int rc = fx_setup(state);
    struct fx *f = *state;
    kept = kept_new();
    kept_use(kept);
    fx_job(f, may_write, NULL);
    fx_job(f, apply, &(struct given){PRODUCT("17", "50"), 1});
    fx_person(f, "can", "admin", CAN, 0);
    fx_person(f, "ayse", "staff", AYSE, 0);
    fx_person(f, "ali", "staff", ALI, 0);
    fx_person(f, "zoe", "owner", ZOE, 1);
    return rc;
}

static int teardown(void **state) {
    int rc = fx_teardown(state);
    kept_use(NULL);
    kept_free(kept);
    return rc;
}

/* The people of a test. */
struct people {
    struct fx_client can, ayse, ali, zoe;
};

static void come(struct fx *f, struct people *p) {
    fx_connect_as(f, &p->can, CAN);
    fx_connect_as(f, &p->ayse, AYSE);
    fx_connect_as(f, &p->ali, ALI);
    fx_connect_as(f, &p->zoe, ZOE);
}

static void go(struct people *p) {
    fx_close(&p->can);
    fx_close(&p->ayse);
    fx_close(&p->ali);
    fx_close(&p->zoe);
}

#define PRICE                                                                  \
    "{\"ref\":\"alpine:34\",\"regular_price\":\"40\",\"reason\":\"sale\","     \
    "\"propose\":true}"
#define STOCK                                                                  \
    "{\"ref\":\"alpine:34\",\"stock\":\"40\",\"seen\":17,\"propose\":true,"    \
    "\"reason\":\"delivery\"}"

static const struct json *got(struct fx_client *c, const char *id) {
    char params[64];
    (void)snprintf(params, sizeof params, "{\"id\":\"%s\"}", id);
    return fx_ok(c, "approvals.get", params);
}

static bool is_true(const struct json *object, const char *member) {
    bool v = false;
    assert_int_equal(json_bool(json_get(object, member), false, &v), 0);
    return v;
}

static int64_t changes(struct fx_client *c) {
    return fx_number(fx_ok(c, "changes.count", NULL), "open");
}

static const struct json *newest(struct fx_client *c) {
    return json_first(
        json_get(fx_ok(c, "changes.list", "{\"limit\":1}"), "items"));
}

/* --- proposing --------------------------------------------------------- */

static void an_owner_proposes_and_an_admin_approves(void **state) {
    struct people p;
    come(*state, &p);
    assert_string_equal(
        fx_code(fx_ask(&p.zoe, "products.update",
                       "{\"ref\":\"alpine:34\",\"regular_price\":\"40\"}")),
        "needs_approval");
    const struct json *r = fx_ok(&p.zoe, "products.update", PRICE);
    assert_string_equal(fx_text(r, "proposal"), "A-1");
    assert_string_equal(fx_text(r, "state"), "pending");
    assert_int_equal(json_type(json_get(r, "change")), JSON_NULL);
    assert_int_equal(changes(&p.can), 0);
    const struct json *row = json_first(json_get(
        fx_ok(&p.can, "approvals.list", "{\"filter\":\"state:pending\"}"),
        "items"));
    assert_string_equal(fx_text(row, "what"), "price S");
    assert_string_equal(fx_text(row, "base"), "50");
    assert_string_equal(fx_text(row, "current"), "50");
    assert_string_equal(fx_text(row, "wanted"), "40");
    r = fx_ok(&p.can, "approvals.approve", "{\"id\":\"A-1\",\"note\":\"ok\"}");
    assert_string_equal(fx_text(r, "state"), "approved");
    const struct json *c = newest(&p.can);
    assert_string_equal(fx_text(c, "state"), "queued");
    assert_string_equal(fx_text(c, "author"), "zoe");
    assert_string_equal(fx_text(c, "approver"), "can");
    assert_string_equal(fx_text(c, "reason"), "sale");
    assert_string_equal(fx_text(json_first(json_get(c, "paths")), "wanted"),
                        "40");
    /* the author sees what became of it */
    r = got(&p.zoe, "A-1");
    assert_string_equal(fx_text(r, "answer"), "queued");
    assert_string_equal(fx_text(r, "reviewer"), "can");
    assert_string_equal(fx_text(r, "note"), "ok");
    assert_string_equal(fx_text(json_first(json_get(r, "list")), "change"),
                        fx_text(c, "id"));
    assert_string_equal(
        fx_code(fx_ask(&p.can, "approvals.approve", "{\"id\":\"A-1\"}")),
        "conflict");
    go(&p);
}

static void nobody_approves_their_own(void **state) {
    struct people p;
    struct fx_client root;
    come(*state, &p);
    fx_connect_as(*state, &root, 0);
    (void)fx_ok(&p.can, "products.update", PRICE);
    const struct json *m =
        fx_ask(&p.can, "approvals.approve", "{\"id\":\"A-1\"}");
    assert_string_equal(fx_code(m), "denied");
    m = fx_ask(&p.can, "approvals.reject", "{\"id\":\"A-1\",\"note\":\"no\"}");
    assert_string_equal(fx_code(m), "denied");
    m = fx_ask(&root, "approvals.approve", "{\"id\":\"A-1\"}");
    assert_string_equal(fx_code(m), "denied");
    assert_int_equal(changes(&p.can), 0);
    assert_string_equal(fx_text(got(&p.can, "A-1"), "state"), "pending");
    fx_close(&root);
    go(&p);
}

static void what_is_refused_is_refused_at_once(void **state) {
    static const struct {
        const char *method, *params, *code;
    } cases[] = {
        {"products.update",
         "{\"ref\":\"alpine:34\",\"regular_price\":\"1,5\",\"propose\":true}",
         "invalid"},
        {"products.update",
         "{\"ref\":\"alpine:99\",\"regular_price\":\"1\",\"propose\":true}",
         "not_found"},
        {"products.update", "{\"ref\":\"alpine:34\",\"propose\":true}",
         "invalid"},
        {"inventory.set",
         "{\"ref\":\"alpine:34\",\"stock\":\"1.5\",\"propose\":true}",
         "invalid"},
        {"inventory.set",
         "{\"ref\":\"alpine:34\",\"stock\":17,\"propose\":true}", "invalid"},
        {"inventory.adjust",
         "{\"ref\":\"celtic:34\",\"delta\":1,\"propose\":true}", "not_found"},
        {"orders.create",
         "{\"store\":\"alpine\",\"lines\":[{\"product\":\"alpine:34\","
         "\"quantity\":1}],\"propose\":true}",
         "denied"},
        {"approvals.get", "{\"id\":\"A-77\"}", "not_found"},
        {"approvals.get", "{\"id\":\"B-7\"}", "not_found"},
    };
    struct people p;
    come(*state, &p);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *code =
            fx_code(fx_ask(&p.zoe, cases[i].method, cases[i].params));
        if (!str_eq(code, cases[i].code))
            fail_msg("%s %s: %s", cases[i].method, cases[i].params, code);
    }
    assert_int_equal(
        fx_number(fx_ok(&p.can, "approvals.counts", NULL), "pending"), 0);
    go(&p);
}

static void asked_again_it_is_the_same(void **state) {
    static const char again[] =
        "{\"ref\":\"alpine:34\",\"delta\":3,\"propose\":true,"
        "\"request_id\":\"r1\"}";
    struct people p;
    come(*state, &p);
    (void)fx_ok(&p.zoe, "inventory.adjust", again);
    assert_string_equal(
        fx_text(fx_ok(&p.zoe, "inventory.adjust", again), "proposal"), "A-1");
    assert_int_equal(
        fx_number(fx_ok(&p.zoe, "approvals.counts", NULL), "pending"), 1);
    go(&p);
}

static void staff_propose_what_is_above_a_limit(void **state) {
    struct fx *f = *state;
    struct people p;
    come(f, &p);
    rpc_set_limits(f->rpc, 10, 20, 0);
    (void)fx_ok(&p.ayse, "inventory.adjust",
                "{\"ref\":\"alpine:34\",\"delta\":-10}");
    const char *id = fx_text(newest(&p.can), "id");
    char edit[128];
    (void)snprintf(edit, sizeof edit,
                   "{\"id\":\"%s\",\"set\":{\"stock\":\"-11\"}}", id);
    assert_string_equal(fx_code(fx_ask(&p.ayse, "changes.edit", edit)),
                        "needs_approval");
    assert_string_equal(fx_code(fx_ask(&p.ayse, "inventory.adjust",
                                       "{\"ref\":\"alpine:34\",\"delta\":11}")),
                        "needs_approval");
    assert_string_equal(
        fx_code(fx_ask(&p.ayse, "inventory.set",
                       "{\"ref\":\"alpine:34\",\"stock\":\"40\"}")),
        "needs_approval");
    (void)fx_ok(&p.ayse, "products.update",
                "{\"ref\":\"alpine:34\",\"regular_price\":\"40\"}");
    assert_string_equal(
        fx_code(fx_ask(&p.ayse, "products.update",
                       "{\"ref\":\"alpine:34\",\"regular_price\":\"31.99\"}")),
        "needs_approval");
    assert_string_equal(
        fx_code(fx_ask(&p.ayse, "products.update",
                       "{\"ref\":\"alpine:34\",\"sale_price\":\"1\"}")),
        "needs_approval");
    (void)fx_ok(&p.ayse, "inventory.adjust",
                "{\"ref\":\"alpine:34\",\"delta\":30,\"propose\":true}");
    const struct json *r = got(&p.can, "A-1");
    assert_string_equal(fx_text(r, "what"), "stock S (+30)");
    assert_true(is_true(r, "over_limit"));
    /* an administrator may do any of it */
    (void)fx_ok(&p.can, "inventory.adjust",
                "{\"ref\":\"alpine:34\",\"delta\":500}");
    go(&p);
}

/* --- looking ----------------------------------------------------------- */

static void what_others_propose_is_not_there(void **state) {
    struct people p;
    come(*state, &p);
    (void)fx_ok(&p.ayse, "products.update", PRICE);
    const struct {
        struct fx_client *c;
        int n;
    } eyes[] = {{&p.can, 1}, {&p.ayse, 1}, {&p.ali, 0}, {&p.zoe, 0}};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(
            json_count(
                json_get(fx_ok(eyes[i].c, "approvals.list", NULL), "items")),
            eyes[i].n);
        assert_int_equal(
            fx_number(fx_ok(eyes[i].c, "approvals.counts", NULL), "pending"),
            eyes[i].n);
        assert_string_equal(
            fx_code(fx_ask(eyes[i].c, "approvals.get", "{\"id\":\"A-1\"}")),
            eyes[i].n ? "" : "not_found");
        assert_string_equal(fx_code(fx_ask(eyes[i].c, "approvals.withdraw",
                                           "{\"id\":\"A-1\"}")),
                            eyes[i].c == &p.can ? "denied"
                            : eyes[i].n         ? ""
                                                : "not_found");
    }
    go(&p);
}

static void stale_stock_is_told_and_nothing_is_lost(void **state) {
    struct people p;
    come(*state, &p);
    (void)fx_ok(&p.zoe, "inventory.set", STOCK);
    fx_job(*state, apply, &(struct given){PRODUCT("15", "50"), 2});
    const struct json *r = got(&p.can, "A-1");
    assert_true(is_true(r, "stale"));
    assert_string_equal(fx_text(r, "stale_text"),
                        "It was 17 when it was proposed and is 15 now. "
                        "Approving adds +23 (40-17), giving 38.");
    assert_string_equal(
        fx_code(fx_ask(&p.can, "approvals.approve", "{\"id\":\"A-1\"}")),
        "conflict");
    assert_int_equal(changes(&p.can), 0);
    (void)fx_ok(&p.can, "approvals.approve", "{\"id\":\"A-1\",\"stale\":true}");
    const struct json *c = newest(&p.can);
    assert_string_equal(fx_text(c, "act"), "stock");
    assert_int_equal(fx_number(json_first(json_get(c, "paths")), "wanted"), 23);
    r = fx_ok(&p.zoe, "products.get", "{\"ref\":\"alpine:34\"}");
    assert_string_equal(fx_text(r, "stock_quantity"), "38");
    go(&p);
}

static void a_stale_price_goes_out_from_what_was_seen_last(void **state) {
    struct people p;
    come(*state, &p);
    (void)fx_ok(&p.zoe, "products.update", PRICE);
    fx_job(*state, apply, &(struct given){PRODUCT("17", "55"), 2});
    assert_string_equal(fx_text(got(&p.can, "A-1"), "stale_text"),
                        "Price was 50 when it was proposed and is 55 "
                        "now. Approving sets 40.");
    (void)fx_ok(&p.can, "approvals.approve", "{\"id\":\"A-1\",\"stale\":true}");
    const struct json *path = json_first(json_get(newest(&p.can), "paths"));
    assert_string_equal(fx_text(path, "base"), "55");
    assert_string_equal(fx_text(path, "wanted"), "40");
    go(&p);
}

/* --- deciding ---------------------------------------------------------- */

static void who_rejects_says_why(void **state) {
    struct people p;
    come(*state, &p);
    (void)fx_ok(&p.zoe, "products.update", PRICE);
    assert_string_equal(
        fx_code(fx_ask(&p.can, "approvals.reject", "{\"id\":\"A-1\"}")),
        "invalid_params");
    (void)fx_ok(&p.can, "approvals.reject",
                "{\"id\":\"A-1\",\"note\":\"below cost\"}");
    const struct json *r = got(&p.zoe, "A-1");
    assert_string_equal(fx_text(r, "state"), "rejected");
    assert_string_equal(fx_text(r, "note"), "below cost");
    assert_int_equal(json_count(json_get(r, "can")), 0);
    assert_int_equal(changes(&p.can), 0);
    assert_string_equal(
        fx_code(fx_ask(&p.zoe, "approvals.withdraw", "{\"id\":\"A-1\"}")),
        "conflict");
    r = fx_ok(&p.zoe, "approvals.counts", NULL);
    assert_int_equal(fx_number(r, "rejected"), 1);
    assert_int_equal(fx_number(r, "pending"), 0);
    go(&p);
}

static void its_author_edits_it_while_it_waits(void **state) {
    static const char edit[] =
        "{\"id\":\"A-1\",\"set\":{\"regular_price\":\"45\"},\"reason\":\"x\"}";
    struct people p;
    come(*state, &p);
    (void)fx_ok(&p.zoe, "products.update", PRICE);
    assert_string_equal(fx_code(fx_ask(&p.can, "approvals.edit", edit)),
                        "denied");
    const struct json *r = fx_ok(&p.zoe, "approvals.edit", edit);
    assert_string_equal(fx_text(r, "wanted"), "45");
    assert_string_equal(fx_text(r, "base"), "50");
    assert_string_equal(fx_text(r, "reason"), "x");
    assert_string_equal(
        fx_code(fx_ask(&p.zoe, "approvals.edit",
                       "{\"id\":\"A-1\",\"set\":{\"name\":\"y\"}}")),
        "invalid");
    assert_string_equal(
        fx_code(fx_ask(&p.zoe, "approvals.edit",
                       "{\"id\":\"A-1\",\"set\":{\"regular_price\":\"z\"}}")),
        "invalid");
    /* what was looked at is not what there is */
    assert_string_equal(fx_code(fx_ask(&p.can, "approvals.approve",
                                       "{\"id\":\"A-1\",\"if_version\":1}")),
                        "conflict");
    (void)fx_ok(&p.can, "approvals.approve",
                "{\"id\":\"A-1\",\"if_version\":2}");
    assert_string_equal(
        fx_text(json_first(json_get(newest(&p.can), "paths")), "wanted"), "45");
    assert_string_equal(fx_code(fx_ask(&p.zoe, "approvals.edit", edit)),
                        "conflict");
    go(&p);
}

static void levels_are_edited_as_levels(void **state) {
    struct people p;
    come(*state, &p);
    (void)fx_ok(&p.zoe, "inventory.set", STOCK);
    assert_string_equal(
        fx_code(fx_ask(&p.zoe, "approvals.edit",
                       "{\"id\":\"A-1\",\"set\":{\"stock\":\"1.5\"}}")),
        "invalid");
    (void)fx_ok(&p.zoe, "approvals.edit",
                "{\"id\":\"A-1\",\"set\":{\"stock\":\"20\"}}");
    (void)fx_ok(&p.can, "approvals.approve", "{\"id\":\"A-1\"}");
    assert_int_equal(
        fx_number(json_first(json_get(newest(&p.can), "paths")), "wanted"), 3);
    go(&p);
}

static void what_the_outbox_refuses_stays_pending(void **state) {
    struct people p;
    come(*state, &p);
    (void)fx_ok(&p.zoe, "products.update", PRICE);
    fx_job(
        *state, apply,
        &(struct given){"{\"id\":34,\"type\":\"simple\",\"status\":\"trash\","
                        "\"name\":\"Tent\",\"sku\":\"S\",\"price\":\"50\","
                        "\"regular_price\":\"50\",\"sale_price\":\"\","
                        "\"manage_stock\":true,\"stock_quantity\":17,"
                        "\"stock_status\":\"instock\",\"parent_id\":0,"
                        "\"categories\":[],"
                        "\"date_created_gmt\":\"2023-11-01T10:00:00\","
                        "\"date_modified_gmt\":\"2023-11-01T10:00:00\","
                        "\"meta_data\":[]}",
                        2});
    assert_string_equal(fx_code(fx_ask(&p.can, "approvals.approve",
                                       "{\"id\":\"A-1\",\"stale\":true}")),
                        "conflict");
    assert_string_equal(fx_text(got(&p.zoe, "A-1"), "state"), "pending");
    go(&p);
}

/* --- new objects ------------------------------------------------------- */

#define ORDER(N)                                                               \
    "{\"store\":\"alpine\",\"lines\":[{\"product\":\"alpine:34\","             \
    "\"quantity\":" N "}],\"propose\":true}"

static void an_order_of_an_owner_waits_and_holds_its_pieces(void **state) {
    struct people p;
    come(*state, &p);
    (void)fx_ok(&p.can, "tenants.update",
                "{\"tenant\":\"main\",\"owner_orders\":true}");
    assert_true(is_true(fx_ok(&p.zoe, "approvals.counts", NULL), "orders"));
    assert_string_equal(
        fx_code(fx_ask(&p.zoe, "orders.create",
                       "{\"store\":\"alpine\",\"lines\":[{\"product\":"
                       "\"alpine:34\",\"quantity\":1}]}")),
        "needs_approval");
    (void)fx_ok(&p.zoe, "orders.create", ORDER("10"));
    const struct json *m = fx_ask(&p.zoe, "orders.create", ORDER("8"));
    assert_string_equal(fx_code(m), "conflict");
    (void)fx_ok(&p.zoe, "orders.create", ORDER("7"));
    (void)fx_ok(&p.can, "approvals.reject",
                "{\"id\":\"A-1\",\"note\":\"unpaid\"}");
    (void)fx_ok(&p.zoe, "orders.create", ORDER("10"));
    const struct json *r =
        fx_ok(&p.can, "approvals.approve", "{\"id\":\"A-2\"}");
    assert_string_equal(fx_text(r, "what"), "new order");
    assert_string_equal(fx_text(r, "wanted"), "1 line");
    r = newest(&p.can);
    assert_string_equal(fx_text(r, "act"), "create");
    assert_string_equal(fx_text(r, "kind"), "order");
    go(&p);
}

/* What an order that waits holds back is no more free in the warehouse. */
static void what_waits_is_reserved_in_the_levels(void **state) {
    struct people p;
    come(*state, &p);
    (void)fx_ok(&p.can, "tenants.update",
                "{\"tenant\":\"main\",\"owner_orders\":true}");
    (void)fx_ok(&p.can, "bins.create", "{\"code\":\"A-1\"}");
    (void)fx_ok(&p.can, "inventory.correct",
                "{\"ref\":\"alpine:34\",\"delta\":\"12\",\"bin\":\"A-1\","
                "\"shop\":\"no\",\"reason\":\"found\"}");
    (void)fx_ok(&p.zoe, "orders.create", ORDER("10"));
    const struct json *r =
        fx_ok(&p.can, "inventory.get", "{\"ref\":\"alpine:34\"}");
    assert_string_equal(fx_text(r, "reserved"), "10");
    assert_string_equal(fx_text(r, "available"), "2");
    (void)fx_ok(&p.can, "approvals.reject",
                "{\"id\":\"A-1\",\"note\":\"unpaid\"}");
    r = fx_ok(&p.can, "inventory.get", "{\"ref\":\"alpine:34\"}");
    assert_string_equal(fx_text(r, "reserved"), "0");
    go(&p);
}

/* Whoever may make it is told that there is too little; it is made. */
static void an_order_of_too_much_is_made_with_a_word(void **state) {
    struct people p;
    come(*state, &p);
    const struct json *r =
        fx_ok(&p.can, "orders.create",
              "{\"store\":\"alpine\",\"lines\":[{\"product\":"
              "\"alpine:34\",\"quantity\":99}]}");
    const struct json *one = json_first(json_get(r, "short"));
    assert_string_equal(fx_text(r, "state"), "queued");
    assert_string_equal(fx_text(one, "product"), "alpine:34");
    assert_string_equal(fx_text(one, "wanted"), "99");
    r = fx_ok(&p.can, "orders.create",
              "{\"store\":\"alpine\",\"lines\":[{\"product\":"
              "\"alpine:34\",\"quantity\":1}]}");
    assert_int_equal(json_count(json_get(r, "short")), 0);
    go(&p);
}

static void a_new_product_is_proposed_and_edited(void **state) {
    struct people p;
    come(*state, &p);
    (void)fx_ok(&p.zoe, "products.create",
                "{\"store\":\"alpine\",\"name\":\"Stove\",\"propose\":true}");
    (void)fx_ok(&p.zoe, "approvals.edit",
                "{\"id\":\"A-1\",\"set\":{\"name\":\"Stove 2\"}}");
    assert_string_equal(
        fx_code(fx_ask(&p.zoe, "approvals.edit",
                       "{\"id\":\"A-1\",\"set\":{\"shoe\":\"9\"}}")),
        "invalid");
    (void)fx_ok(&p.can, "approvals.approve", "{\"id\":\"A-1\"}");
    assert_string_equal(fx_text(newest(&p.can), "payload.name"), "Stove 2");
    go(&p);
}

/* --- files ------------------------------------------------------------- */

/* The ended job's result. */
static const struct json *import(struct fx *f, struct fx_client *c,
                                 const char *csv, const char *more) {
    char params[600], job[64];
    (void)snprintf(params, sizeof params,
                   "{\"store\":\"alpine\",\"csv\":\"%s\"%s}", csv, more);
    const struct json *r = fx_ok(c, "inventory.import", params);
    (void)snprintf(job, sizeof job, "{\"id\":\"%s\"}", fx_text(r, "job"));
    for (int i = 0; i < 20; i++)
        fx_turn(f);
    r = fx_ok(c, "jobs.get", job);
    assert_string_equal(fx_text(r, "state"), "done");
    return json_get(r, "result");
}

#define APPLY ",\"apply\":true"

static void a_file_is_looked_at_row_by_row(void **state) {
    static const char csv[] = "sku;stock;note\\r\\nS;40;x\\r\\nno;1;\\r\\n"
                              "S;1.5;\\r\\n;3;\\r\\n";
    struct people p;
    come(*state, &p);
    const struct json *r = import(*state, &p.can, csv, APPLY);
    assert_int_equal(fx_number(r, "rows"), 4);
    assert_int_equal(fx_number(r, "changes"), 1);
    assert_int_equal(fx_number(r, "faults"), 3);
    const struct json *one = json_first(json_get(r, "list"));
    assert_int_equal(fx_number(one, "line"), 3);
    assert_string_equal(fx_text(one, "text"), "the store has no such SKU");
    assert_string_equal(fx_text(r, "state"), "preview");
    r = import(*state, &p.can, "ref,stock\\nalpine:34,40\\nalpine:34,41\\n",
               APPLY);
    assert_int_equal(fx_number(r, "faults"), 1);
    r = import(*state, &p.can, "ref,stock\\nalpine:34,17\\n", APPLY);
    assert_int_equal(fx_number(r, "same"), 1);
    assert_int_equal(
        fx_number(fx_ok(&p.can, "approvals.counts", NULL), "pending"), 0);
    assert_int_equal(changes(&p.can), 0);
    go(&p);
}

static void a_file_of_an_owner_is_one_proposal(void **state) {
    struct people p;
    come(*state, &p);
    const struct json *r = import(*state, &p.zoe, "sku,stock\\nS,40\\n", APPLY);
    assert_string_equal(fx_text(r, "state"), "pending");
    assert_string_equal(fx_text(r, "proposal"), "A-1");
    assert_int_equal(changes(&p.can), 0);
    fx_job(*state, apply, &(struct given){PRODUCT("15", "50"), 2});
    r = fx_ok(&p.can, "approvals.approve", "{\"id\":\"A-1\"}");
    for (int i = 0; i < 20; i++)
        fx_turn(*state);
    r = newest(&p.can);
    assert_string_equal(fx_text(r, "author"), "zoe");
    assert_string_equal(fx_text(r, "approver"), "can");
    assert_int_equal(fx_number(json_first(json_get(r, "paths")), "wanted"), 23);
    r = got(&p.zoe, "A-1");
    assert_int_equal(fx_number(r, "done"), 1);
    assert_string_equal(fx_text(r, "answer"), "queued");
    go(&p);
}

static void staff_apply_a_file_within_their_limit(void **state) {
    struct fx *f = *state;
    struct people p;
    come(f, &p);
    rpc_set_limits(f->rpc, 10, 0, 0);
    const struct json *r = import(f, &p.ayse, "sku,stock\\nS,40\\n", APPLY);
    assert_string_equal(fx_text(r, "state"), "pending");
    assert_true(is_true(got(&p.can, "A-1"), "over_limit"));
    r = import(f, &p.ayse, "sku,stock\\nS,20\\n", APPLY);
    assert_string_equal(fx_text(r, "state"), "approved");
    assert_string_equal(fx_text(newest(&p.can), "author"), "ayse");
    assert_string_equal(fx_text(newest(&p.can), "approver"), "");
    go(&p);
}

static void what_is_exported_can_be_imported(void **state) {
    struct people p;
    come(*state, &p);
    const struct json *r =
        fx_ok(&p.zoe, "inventory.export", "{\"store\":\"alpine\"}");
    assert_string_equal(fx_text(r, "csv"),
                        "ref,sku,name,stock\r\nalpine:34,S,Tent,17\r\n");
    go(&p);
}

/* Killed before a slice, it goes on at the next start. */
static int begun(struct db_tx *tx, void *unused) {
    (void)unused;
    return conn_exec(
        tx->conn,
        "INSERT INTO proposal (store_id, kind, state, author, title, items,"
        " created_ms) VALUES (1, 'csv', 'approved', 'zoe', '', 2, 1);"
        "INSERT INTO proposal_item (proposal_id, remote_id, path, base, wanted)"
        " VALUES (1, 34, 'stock', '17', '40'), (1, 99, 'stock', '1', '2');");
}

static int slice(struct db_tx *tx, void *arg) {
    int *n = arg;
    *n = proposal_send(tx, 1, 1, digest_random);
    return *n;
}

static void rows_go_out_one_slice_after_the_other(void **state) {
    struct people p;
    int n = 0;
    come(*state, &p);
    fx_job(*state, begun, NULL);
    fx_job(*state, slice, &n);
    assert_int_equal(n, 1);
    assert_int_equal(changes(&p.can), 1);
    fx_job(*state, slice, &n); /* what could not is told with its row */
    assert_int_equal(n, 1);
    fx_job(*state, slice, &n);
    assert_int_equal(n, 0);
    const struct json *r = got(&p.can, "A-1");
    assert_int_equal(fx_number(r, "done"), 2);
    assert_int_equal(fx_number(r, "failed"), 1);
    const struct json *second = json_next(json_first(json_get(r, "list")));
    assert_string_equal(fx_text(second, "fault"), "there is no such object");
    go(&p);
}

static void a_stopped_file_sends_no_more(void **state) {
    struct people p;
    int n = 0;
    come(*state, &p);
    fx_job(*state, begun, NULL);
    (void)fx_ok(&p.can, "approvals.stop", "{\"id\":\"A-1\"}");
    fx_job(*state, slice, &n);
    assert_int_equal(n, 0);
    assert_int_equal(changes(&p.can), 0);
    assert_string_equal(
        fx_code(fx_ask(&p.can, "approvals.stop", "{\"id\":\"A-1\"}")),
        "conflict");
    go(&p);
}

static void screens_are_told(void **state) {
    struct people p;
    come(*state, &p);
    (void)fx_ok(&p.can, "events.subscribe", "{\"topics\":[\"approval\"]}");
    (void)fx_ok(&p.zoe, "products.update", PRICE);
    const struct json *m;
    fx_pass(*state, 1000);
    while ((m = fx_read(&p.can)) && !json_path(m, "params.topic"))
        ;
    assert_string_equal(fx_text(m, "params.topic"), "approval");
    assert_string_equal(fx_text(m, "params.store"), "alpine");
    go(&p);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(an_owner_proposes_and_an_admin_approves),
        TEST(nobody_approves_their_own),
        TEST(what_is_refused_is_refused_at_once),
        TEST(asked_again_it_is_the_same),
        TEST(staff_propose_what_is_above_a_limit),
        TEST(what_others_propose_is_not_there),
        TEST(stale_stock_is_told_and_nothing_is_lost),
        TEST(a_stale_price_goes_out_from_what_was_seen_last),
        TEST(who_rejects_says_why),
        TEST(its_author_edits_it_while_it_waits),
        TEST(levels_are_edited_as_levels),
        TEST(what_the_outbox_refuses_stays_pending),
        TEST(an_order_of_an_owner_waits_and_holds_its_pieces),
        TEST(what_waits_is_reserved_in_the_levels),
        TEST(an_order_of_too_much_is_made_with_a_word),
        TEST(a_new_product_is_proposed_and_edited),
        TEST(a_file_is_looked_at_row_by_row),
        TEST(a_file_of_an_owner_is_one_proposal),
        TEST(staff_apply_a_file_within_their_limit),
        TEST(what_is_exported_can_be_imported),
        TEST(rows_go_out_one_slice_after_the_other),
        TEST(a_stopped_file_sends_no_more),
        TEST(screens_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
