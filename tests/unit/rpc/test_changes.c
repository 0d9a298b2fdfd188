/* Writing to shops over the protocol, up to the outbox: what is accepted, how
 * it shows in reads, what people do to a change. What the shop says to it is in
 * tests/integration/test_outbox.c. */
#include "fixture.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "common/field.h"
#include "common/str.h"
#include "db/conn.h"
#include "model/change.h"
#include "model/kept.h"
#include "model/order.h"
#include "model/product.h"
#include "shop/page.h"

enum { SOMEBODY = 54321, ANOTHER = 54322 }; /* uids without an account */

#define ORDER                                                                  \
    "{\"id\":12,\"number\":\"12\",\"status\":\"processing\","                  \
    "\"currency\":\"TRY\",\"total\":\"100.00\",\"customer_id\":0,"             \
    "\"date_created_gmt\":\"2023-11-01T10:00:00\","                            \
    "\"date_modified_gmt\":\"2023-11-01T10:00:00\",\"customer_note\":\"\","    \
    "\"billing\":{\"first_name\":\"Ada\",\"email\":\"ada@example.test\"},"     \
    "\"shipping\":{\"first_name\":\"Ada\",\"city\":\"Izmir\"},"                \
    "\"meta_data\":[{\"id\":1,\"key\":\"gift\",\"value\":\"no\"}],"            \
    "\"line_items\":[{\"id\":7,\"product_id\":34,\"variation_id\":0,"          \
    "\"quantity\":2,\"total\":\"100.00\",\"sku\":\"S\",\"name\":\"Tent\"}]}"
#define PRODUCT                                                                \
    "{\"id\":34,\"type\":\"simple\",\"status\":\"publish\",\"name\":\"Tent\"," \
    "\"sku\":\"S\",\"price\":\"50\",\"regular_price\":\"50\","                 \
    "\"sale_price\":\"\",\"manage_stock\":true,\"stock_quantity\":9,"          \
    "\"stock_status\":\"instock\",\"parent_id\":0,\"categories\":[],"          \
    "\"date_created_gmt\":\"2023-11-01T10:00:00\","                            \
    "\"date_modified_gmt\":\"2023-11-01T10:00:00\",\"meta_data\":[]}"

#define ADDRESS                                                                \
    "{\"first_name\":\"A\",\"last_name\":\"B\",\"company\":\"C\","             \
    "\"address_1\":\"D\",\"address_2\":\"E\",\"city\":\"F\","                  \
    "\"state\":\"G\",\"postcode\":\"H\",\"country\":\"TR\","                   \
    "\"phone\":\"1\",\"email\":\"a@b.test\"}"

/* --- the mirror -------------------------------------------------------- */

struct given {
    enum mirror_kind kind;
    const char *json;
};

static int apply(struct db_tx *tx, void *arg) {
    const struct given *g = arg;
    struct page_options o = {.kind = g->kind, .kept = kept_current()};
    struct mirror_read read = {.store_id = 1, .sent_seq = 1};
    struct mirror_stats st = {0};
    struct error e = {0};
    struct page *p;
    assert_int_equal(page_prepare(&o, g->json, strlen(g->json), &p, &e), 0);
    assert_int_equal(p->n, 1);
    int rc = g->kind == MIRROR_ORDER
                 ? order_apply(tx, &read, p->orders, p->n, &st)
                 : product_apply(tx, &read, p->products, p->n, &st);
    page_free(p);
    return rc;
}

static int may_write(struct db_tx *tx, void *unused) {
    (void)unused;
    return conn_exec(tx->conn, "UPDATE store SET can_write = 1 WHERE id = 1");
}

static struct kept *kept;

static int setup(void **state) {
    int rc = fx_setup(state);
    kept = kept_new();
    kept_use(kept);
    fx_job(*state, may_write, NULL);
    fx_job(*state, apply, &(struct given){MIRROR_ORDER, ORDER});
    fx_job(*state, apply, &(struct given){MIRROR_PRODUCT, PRODUCT});
    return rc;
}

static int teardown(void **state) {
    int rc = fx_teardown(state);
    kept_use(NULL);
    kept_free(kept);
    return rc;
}

/* --- clients ----------------------------------------------------------- */

/* Make a change; its id, in the client's arena. */
static const char *make(struct fx_client *c, const char *method,
                        const char *params, const char *state) {
    const struct json *r = fx_ok(c, method, params);
    assert_string_equal(fx_text(r, "state"), state);
    return fx_text(r, "change");
}

static const struct json *change(struct fx_client *c, const char *id) {
    char params[64];
    (void)snprintf(params, sizeof params, "{\"id\":\"%s\"}", id);
    return fx_ok(c, "changes.get", params);
}

static const struct json *act(struct fx_client *c, const char *method,
                              const char *id, const char *more) {
    char params[256];
    (void)snprintf(params, sizeof params, "{\"id\":\"%s\"%s}", id, more);
    return fx_ask(c, method, params);
}

static int64_t total(struct fx_client *c) {
    const struct json *n = fx_ok(c, "changes.count", NULL);
    return fx_number(n, "open") + fx_number(n, "confirmed") +
           fx_number(n, "discarded");
}

static const struct json *order_now(struct fx_client *c) {
    return fx_ok(c, "orders.get", "{\"ref\":\"alpine:12\"}");
}

/* The entry of an object's `pending` with that path. */
static const struct json *pending(const struct json *object, const char *path) {
    const struct json *p = json_first(json_get(object, "pending"));
    while (p && !str_eq(fx_text(p, "path"), path))
        p = json_next(p);
    return p;
}

static const char *error_field(const struct json *answer) {
    return fx_text(answer, "error.data.params.field");
}

/* The engine's part: the oldest change goes the way of `to`. */
struct fate {
    const char *uuid;
    struct change_outcome o;
    bool send;
};

static int decide(struct db_tx *tx, void *arg) {
    const struct fate *fate = arg;
    struct arena *a = arena_new(0);
    struct change c;
    int rc = change_get(tx, fate->uuid, a, &c);
    assert_int_equal(rc, 1);
    rc = fate->send ? change_sending(tx, &c, 0) : 0;
    if (rc >= 0)
        rc = change_settle(tx, c.id, &fate->o);
    arena_free(a);
    return rc;
}

static void settle(struct fx *f, const char *uuid, struct change_outcome o,
                   bool send) {
    struct fate fate = {uuid, o, send};
    if (!fate.o.code)
        fate.o.code = "";
    if (!fate.o.text)
        fate.o.text = "";
    fx_job(f, decide, &fate);
}

/* --- reads ------------------------------------------------------------- */

#define UPDATE                                                                 \
    "{\"ref\":\"alpine:12\",\"status\":\"completed\",\"billing\":{"            \
    "\"email\":\"new@example.test\",\"phone\":\"1\"},\"meta\":{\"gift\":"      \
    "\"yes\",\"door\":\"3\"},\"customer_note\":\"soon\"}"

static void what_is_on_its_way_is_what_is_read(void **state) {
    struct fx_client c;
    fx_connect(*state, &c, FX_SESSION);
    const char *id = make(&c, "orders.update", UPDATE, "queued");
    const struct json *o = order_now(&c);
    assert_string_equal(fx_text(o, "status"), "completed");
    assert_string_equal(fx_text(o, "shopstatus"), "processing");
    assert_string_equal(fx_text(o, "billing.email"), "new@example.test");
    assert_string_equal(fx_text(o, "billing.phone"), "1");
    assert_string_equal(fx_text(o, "billing.first_name"), "Ada");
    assert_string_equal(fx_text(o, "shipping.city"), "Izmir");
    assert_string_equal(fx_text(o, "customer_note"), "soon");
    assert_int_equal(json_count(json_get(o, "meta")), 2);
    assert_string_equal(fx_text(json_first(json_get(o, "meta")), "value"),
                        "yes");
    assert_int_equal(json_count(json_get(o, "pending")), 6);
    const struct json *p = pending(o, "billing.email");
    assert_string_equal(fx_text(p, "id"), id);
    assert_string_equal(fx_text(p, "state"), "queued");
    assert_string_equal(fx_text(p, "shop"), "ada@example.test");
    assert_string_equal(fx_text(pending(o, "meta[gift]"), "shop"), "no");
    assert_int_equal(json_type(json_get(pending(o, "meta[door]"), "shop")),
                     JSON_NULL);
    /* the list says the same, and the raw object stays the shop's */
    const struct json *row = json_first(json_get(
        fx_ok(&c, "orders.list", "{\"filter\":\"pending:yes\"}"), "items"));
    assert_string_equal(fx_text(row, "status"), "completed");
    assert_string_equal(fx_text(row, "email"), "new@example.test");
    assert_string_equal(fx_text(pending(row, "status"), "shop"), "processing");
    assert_string_equal(
        fx_text(fx_ok(&c, "orders.raw", "{\"ref\":\"alpine:12\"}"),
                "object.status"),
        "processing");
    fx_close(&c);
}

static void a_change_tells_who_wants_what(void **state) {
    struct fx_client c;
    fx_connect(*state, &c, FX_SESSION);
    const char *id =
        make(&c, "orders.update",
             "{\"ref\":\"alpine:12\",\"status\":\"completed\","
             "\"reason\":\"Picked up.\",\"base\":{\"status\":\"on-hold\"}}",
             "queued");
    const struct json *r = change(&c, id);
    const struct json *p = json_first(json_get(r, "paths"));
    assert_string_equal(fx_text(r, "ref"), "alpine:12");
    assert_string_equal(fx_text(r, "act"), "set");
    assert_string_equal(fx_text(r, "reason"), "Picked up.");
    assert_string_equal(fx_text(p, "base"), "on-hold"); /* as it was seen */
    assert_string_equal(fx_text(p, "wanted"), "completed");
    assert_int_equal(json_type(json_get(p, "theirs")), JSON_NULL);
    const struct json *l =
        fx_ok(&c, "changes.list", "{\"filter\":\"object:\\\"alpine:12\\\"\"}");
    assert_string_equal(fx_text(json_first(json_get(l, "items")), "id"), id);
    const struct json *t =
        fx_ok(&c, "orders.timeline", "{\"ref\":\"alpine:12\"}");
    const struct json *m = json_first(json_get(t, "items"));
    while (m && !str_eq(fx_text(m, "what"), "change"))
        m = json_next(m);
    assert_string_equal(fx_text(m, "who"), fx_text(r, "author"));
    assert_non_null(strstr(fx_text(m, "text"), "Status: completed"));
    fx_close(&c);
}

static void what_waits_is_counted(void **state) {
    struct fx_client c;
    fx_connect(*state, &c, FX_SESSION);
    (void)make(&c, "orders.note", "{\"ref\":\"alpine:12\",\"text\":\"a\"}",
               "queued");
    (void)make(&c, "orders.refund", "{\"ref\":\"alpine:12\",\"amount\":\"1\"}",
               "awaiting");
    assert_int_equal(
        fx_number(fx_ok(&c, "stores.get", "{\"store\":\"alpine\"}"), "queue"),
        1);
    assert_int_equal(
        fx_number(fx_ok(&c, "dashboard.get", "{\"store\":\"alpine\"}"),
                  "waiting.approvals"),
        1);
    assert_int_equal(
        fx_number(fx_ok(&c, "dashboard.get", "{\"store\":\"baltic\"}"),
                  "waiting.approvals"),
        0);
    fx_close(&c);
}

static void stock_is_moved_by_a_difference(void **state) {
    struct fx_client c;
    fx_connect(*state, &c, FX_SESSION);
    (void)make(&c, "inventory.adjust",
               "{\"ref\":\"alpine:34\",\"delta\":\"-2\"}", "queued");
    (void)make(&c, "inventory.adjust", "{\"ref\":\"alpine:34\",\"delta\":1}",
               "queued");
    const struct json *p = fx_ok(&c, "products.get", "{\"ref\":\"alpine:34\"}");
    assert_string_equal(fx_text(p, "stock_quantity"), "8");
    assert_string_equal(fx_text(p, "shop_stock"), "9");
    assert_int_equal(json_count(json_get(p, "pending")), 2);
    (void)make(&c, "products.update",
               "{\"ref\":\"alpine:34\",\"regular_price\":\"60\",\"name\":"
               "\"Tent 2\"}",
               "queued");
    p = fx_ok(&c, "products.get", "{\"ref\":\"alpine:34\"}");
    assert_string_equal(fx_text(p, "regular_price"), "60.00");
    assert_string_equal(fx_text(p, "name"), "Tent 2");
    assert_string_equal(fx_text(pending(p, "regular_price"), "shop"), "50");
    fx_close(&c);
}

/* --- what is refused --------------------------------------------------- */

static void what_makes_no_sense_names_its_field(void **state) {
    static const struct {
        const char *method, *params, *code, *field;
    } cases[] = {
        {"orders.update", "{\"ref\":\"alpine:12\"}", "invalid", ""},
        {"orders.update", "{\"ref\":\"alpine:34\",\"status\":\"completed\"}",
         "not_found", "ref"},
        {"orders.update", "{\"ref\":\"other:12\",\"status\":\"completed\"}",
         "not_found", "ref"},
        {"orders.update", "{\"ref\":\"alpine:12\",\"status\":\"shipped\"}",
         "invalid", "status"},
        {"orders.update",
         "{\"ref\":\"alpine:12\",\"billing\":{\"email\":\"nobody\"}}",
         "invalid", "billing.email"},
        {"orders.update",
         "{\"ref\":\"alpine:12\",\"billing\":{\"shoe\":\"9\"}}",
         "invalid_params", "billing.shoe"},
        {"orders.update",
         "{\"ref\":\"alpine:12\",\"status\":\"completed\",\"base\":{"
         "\"total\":\"1\"}}",
         "invalid", "base"},
        {"orders.note", "{\"ref\":\"alpine:12\",\"text\":\"\"}",
         "invalid_params", "text"},
        {"orders.refund", "{\"ref\":\"alpine:12\",\"amount\":\"0\"}", "invalid",
         "amount"},
        {"orders.refund", "{\"ref\":\"alpine:12\",\"amount\":\"100.01\"}",
         "invalid", "amount"},
        {"orders.refund", "{\"ref\":\"alpine:12\",\"amount\":1.5}",
         "invalid_params", "amount"},
        {"orders.refund",
         "{\"ref\":\"alpine:12\",\"amount\":\"1\",\"lines\":[{\"line\":8}]}",
         "invalid", "lines"},
        {"orders.refund",
         "{\"ref\":\"alpine:12\",\"amount\":\"1\",\"lines\":[{\"line\":7,"
         "\"quantity\":\"x\"}]}",
         "invalid_params", "lines[0].quantity"},
        {"inventory.adjust", "{\"ref\":\"alpine:34\",\"delta\":\"0.5\"}",
         "invalid", "delta"},
        {"inventory.adjust", "{\"ref\":\"alpine:34\",\"delta\":0}", "invalid",
         "delta"},
        {"products.update", "{\"ref\":\"alpine:34\",\"regular_price\":\"1,5\"}",
         "invalid", "regular_price"},
        {"products.update",
         "{\"ref\":\"alpine:34\",\"categories\":[\"baltic:category/1\"]}",
         "invalid", "categories"},
        {"orders.create",
         "{\"store\":\"alpine\",\"lines\":[{\"product\":\"alpine:99\","
         "\"quantity\":1}]}",
         "invalid", "lines"},
        {"orders.create", "{\"store\":\"alpine\",\"lines\":[]}", "invalid",
         "lines"},
        {"changes.get", "{\"id\":\"01K9QF3E3M7Q2W8R5T1Y6Z0ABC\"}", "not_found",
         "id"},
    };
    struct fx_client c;
    fx_connect(*state, &c, FX_SESSION);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct json *m = fx_ask(&c, cases[i].method, cases[i].params);
        if (!str_eq(fx_code(m), cases[i].code) ||
            !str_eq(error_field(m), cases[i].field))
            fail_msg("%s %s: %s of \"%s\"", cases[i].method, cases[i].params,
                     fx_code(m), error_field(m));
    }
    assert_int_equal(total(&c), 0);
    fx_close(&c);
}

static void a_key_that_only_reads_is_told(void **state) {
    struct fx_client c;
    fx_connect(*state, &c, FX_SESSION);
    const struct json *m = fx_ask(&c, "products.create",
                                  "{\"store\":\"baltic\",\"name\":\"Stove\"}");
    assert_string_equal(fx_code(m), "denied");
    fx_close(&c);
}

static void a_repeated_request_makes_one_change(void **state) {
#define WITH(id, status)                                                       \
    "{\"ref\":\"alpine:12\",\"status\":\"" status "\",\"request_id\":\"" id    \
    "\"}"
    struct fx_client c;
    fx_connect(*state, &c, FX_SESSION);
    const char *first =
        make(&c, "orders.update", WITH("r1", "completed"), "queued");
    assert_string_equal(
        make(&c, "orders.update", WITH("r1", "completed"), "queued"), first);
    assert_int_equal(total(&c), 1);
    assert_string_equal(
        fx_code(fx_ask(&c, "orders.update", WITH("r1", "on-hold"))), "repeat");
    assert_int_equal(total(&c), 1);
    (void)make(&c, "orders.update", WITH("r2", "on-hold"), "queued");
    assert_int_equal(total(&c), 2);
    fx_close(&c);
}

/* --- two persons ------------------------------------------------------- */

#define REFUND                                                                 \
    "{\"ref\":\"alpine:12\",\"amount\":\"20\",\"reason\":\"Broken.\","         \
    "\"lines\":[{\"line\":7,\"quantity\":1,\"amount\":\"20\"}]}"

static void money_waits_for_a_second_person(void **state) {
    struct fx_client author, root, other, daemon;
    struct fx *f = *state;
    rpc_set_step_up(f->rpc, 0, 0); /* test_access.c has the rest of it */
    fx_person(f, "ayse", "staff", SOMEBODY, 0);
    fx_person(f, "can", "admin", ANOTHER, 0);
    fx_connect_as(f, &author, SOMEBODY);
    fx_connect_as(f, &other, ANOTHER);
    fx_connect_as(f, &root, 0);
    fx_connect(*state, &daemon, FX_SESSION);
    const char *id = make(&author, "orders.refund", REFUND, "awaiting");
    assert_string_equal(fx_text(change(&author, id), "payload.amount"),
                        "20.00");
    assert_string_equal(fx_code(act(&author, "changes.approve", id, "")),
                        "denied");
    assert_string_equal(fx_code(act(&root, "changes.approve", id, "")),
                        "denied");
    assert_string_equal(fx_code(act(&daemon, "changes.approve", id, "")),
                        "denied");
    assert_string_equal(fx_text(change(&author, id), "state"), "awaiting");
    const struct json *m = act(&other, "changes.approve", id, "");
    assert_string_equal(fx_text(m, "result.state"), "queued");
    assert_string_equal(fx_text(change(&author, id), "approver"), "can");
    assert_string_equal(fx_code(act(&other, "changes.approve", id, "")),
                        "conflict");
    fx_close(&author);
    fx_close(&other);
    fx_close(&root);
    fx_close(&daemon);
}

/* --- acts on a change -------------------------------------------------- */

#define CANCEL "{\"ref\":\"alpine:12\",\"customer_note\":\"mine\"}"

static void conflict(struct fx *f, const char *id) {
    static const char *const theirs[] = {"\"theirs\""};
    settle(f, id,
           (struct change_outcome){.state = CHANGE_CONFLICT,
                                   .code = "conflict",
                                   .text = "changed meanwhile",
                                   .theirs = theirs},
           false);
}

static void a_conflict_is_decided_by_a_person(void **state) {
    struct fx_client c;
    fx_connect(*state, &c, FX_SESSION);
    const char *id = make(&c, "orders.update", CANCEL, "queued");
    conflict(*state, id);
    const struct json *r = change(&c, id);
    const struct json *p = json_first(json_get(r, "paths"));
    assert_string_equal(fx_text(p, "base"), "");
    assert_string_equal(fx_text(p, "theirs"), "theirs");
    assert_string_equal(fx_text(p, "wanted"), "mine");
    assert_string_equal(fx_text(r, "cure"), "Look at it again, then decide.");
    assert_string_equal(fx_text(order_now(&c), "customer_note"), "");
    assert_string_equal(
        fx_code(act(&c, "changes.resolve", id, ",\"choice\":\"again\"")),
        "conflict");
    const struct json *m =
        act(&c, "changes.resolve", id, ",\"choice\":\"mine\"");
    assert_string_equal(fx_text(m, "result.state"), "queued");
    p = json_first(json_get(change(&c, id), "paths"));
    assert_string_equal(fx_text(p, "base"), "theirs");
    assert_string_equal(fx_text(order_now(&c), "customer_note"), "mine");
    conflict(*state, id);
    m = act(&c, "changes.resolve", id, ",\"choice\":\"theirs\"");
    assert_string_equal(fx_text(m, "result.state"), "discarded");
    assert_int_equal(json_count(json_get(order_now(&c), "pending")), 0);
    fx_close(&c);
}

static void assert_worded(const struct json *v) {
    for (const struct json *m = json_first(v); m; m = json_next(m)) {
        if (json_type(v) == JSON_OBJECT && !field_known(json_key(m)))
            fail_msg("%s has no words", json_key(m));
        assert_worded(m);
    }
}

/* Screens show a payload member by member (common/field.h). */
static void all_that_is_sent_has_words(void **state) {
    static const struct {
        const char *method, *params;
    } sent[] = {
        {"orders.create",
         "{\"store\":\"alpine\",\"customer\":\"alpine:customer/5\","
         "\"status\":\"processing\",\"billing\":" ADDRESS
         ",\"shipping\":{\"city\":\"Izmir\"},\"payment_method\":\"bacs\","
         "\"payment_method_title\":\"Bank\",\"customer_note\":\"now\","
         "\"shipping_method\":\"Van\",\"shipping_total\":\"5.00\","
         "\"meta\":{\"gift\":\"yes\"},"
         "\"lines\":[{\"product\":\"alpine:34\",\"quantity\":1}]}"},
        {"products.create",
         "{\"store\":\"alpine\",\"name\":\"Stove\",\"sku\":\"S-2\","
         "\"regular_price\":\"50.00\",\"sale_price\":\"40.00\","
         "\"weight\":\"1\",\"length\":\"1\",\"width\":\"2\","
         "\"height\":\"3\",\"description\":\"a\","
         "\"short_description\":\"b\",\"stock\":4,"
         "\"meta\":{\"gift\":\"yes\"}}"},
        {"customers.create",
         "{\"store\":\"alpine\",\"email\":\"a@b.test\","
         "\"first_name\":\"A\",\"last_name\":\"B\",\"billing\":" ADDRESS "}"},
        {"categories.create",
         "{\"store\":\"alpine\",\"name\":\"Tents\",\"slug\":\"tents\","
         "\"description\":\"a\",\"parent\":\"alpine:category/3\"}"},
        {"orders.note", "{\"ref\":\"alpine:12\",\"text\":\"hello\"}"},
        {"orders.refund",
         "{\"ref\":\"alpine:12\",\"amount\":\"10.00\",\"reason\":\"late\","
         "\"lines\":[{\"line\":7,\"quantity\":1,\"amount\":\"10.00\"}]}"},
        {"orders.track",
         "{\"ref\":\"alpine:12\",\"number\":\"1Z\",\"carrier\":\"ups\","
         "\"url\":\"https://ups.test/1Z\","
         "\"items\":[{\"line\":7,\"quantity\":1}]}"},
    };
    struct fx_client c;
    fx_connect(*state, &c, FX_SESSION);
    for (size_t i = 0; i < sizeof sent / sizeof *sent; i++) {
        const struct json *r = fx_ok(&c, sent[i].method, sent[i].params);
        r = json_get(change(&c, fx_text(r, "change")), "payload");
        assert_true(json_count(r) > 1);
        assert_worded(r);
    }
    fx_close(&c);
}

/* What Fulexo says is said in the session's language, what a shop said as it
 * came; programs read the cause. */
static void why_is_said_in_the_readers_language(void **state) {
    struct fx_client c;
    struct change_outcome no = {
        .state = CHANGE_REFUSED,
        .code = "shop_invalid",
        .cause = "{\"name\":\"not_kept\",\"path\":\"customer_note\","
                 "\"asked\":\"mine\",\"is\":\"\"}"};
    fx_connect(*state, &c, FX_SESSION);
    const char *id = make(&c, "orders.update", CANCEL, "queued");
    settle(*state, id, no, true);
    const struct json *r = change(&c, id);
    assert_string_equal(fx_text(r, "cause.name"), "not_kept");
    assert_string_equal(fx_text(r, "cause.asked"), "mine");
    assert_string_equal(fx_text(r, "text"),
                        "Customer's note: asked mine, and the shop said so, "
                        "but it kept \"\".");
    (void)fx_ok(&c, "session.open",
                "{\"client\":\"test/1\",\"version\":1,\"locale\":\"tr\"}");
    assert_string_equal(fx_text(change(&c, id), "text"),
                        "Müşteri notu: mine istendi, mağaza kabul ettiğini "
                        "söyledi, ama \"\" olarak tuttu.");
    r = fx_ok(&c, "changes.list", "{\"filter\":\"istendi\"}");
    assert_int_equal(json_count(json_get(r, "items")), 1);
    r = fx_ok(&c, "changes.list", "{\"filter\":\"\\\"shop said so\\\"\"}");
    assert_int_equal(json_count(json_get(r, "items")), 1);
    no.cause = NULL;
    no.text = "Invalid parameter: note";
    (void)act(&c, "changes.retry", id, "");
    settle(*state, id, no, true);
    r = change(&c, id);
    assert_string_equal(fx_text(r, "text"), "Invalid parameter: note");
    assert_int_equal(json_type(json_get(r, "cause")), JSON_NULL);
    (void)act(&c, "changes.discard", id, "");
    fx_close(&c);
}

/* Each value that got in the way is told, not only the last. */
static void a_conflict_tells_all_its_values(void **state) {
    static const char *const theirs[] = {"\"x@example.test\"", "\"late\""};
    struct fx_client c;
    fx_connect(*state, &c, FX_SESSION);
    const char *id = make(&c, "orders.update",
                          "{\"ref\":\"alpine:12\",\"customer_note\":\"soon\","
                          "\"billing\":{\"email\":\"new@example.test\"}}",
                          "queued");
    settle(*state, id,
           (struct change_outcome){
               .state = CHANGE_CONFLICT,
               .code = "conflict",
               .cause = "{\"name\":\"differs\",\"path\":\"customer_note\","
                        "\"is\":\"late\",\"was\":\"\"}",
               .theirs = theirs},
           false);
    assert_string_equal(
        fx_text(change(&c, id), "text"),
        "E-mail (billing) is x@example.test at the shop, not ada@example.test "
        "as it was seen. Customer's note is late at the shop, not \"\" as it "
        "was seen.");
    (void)act(&c, "changes.discard", id, "");
    fx_close(&c);
}

/* A row of an older program: no cause, a sentence in English; its values tell
 * of a conflict, else the sentence is put into their language. */
static void what_an_older_program_kept_is_told_too(void **state) {
    struct fx_client c;
    const char *theirs[] = {"\"late\""};
    struct change_outcome old = {
        .state = CHANGE_CONFLICT,
        .code = "conflict",
        .text =
            "customer_note is \"late\" at the shop, not \"\" as it was seen",
        .theirs = theirs};
    fx_connect(*state, &c, FX_SESSION);
    const char *id = make(&c, "orders.update", CANCEL, "queued");
    settle(*state, id, old, false);
    assert_string_equal(
        fx_text(change(&c, id), "text"),
        "Customer's note is late at the shop, not \"\" as it was seen.");
    (void)act(&c, "changes.resolve", id, ",\"choice\":\"mine\"");
    old.state = CHANGE_REFUSED;
    old.text = "the shop does not manage the stock of this product";
    settle(*state, id, old, true);
    (void)fx_ok(&c, "session.open",
                "{\"client\":\"test/1\",\"version\":1,\"locale\":\"tr\"}");
    assert_string_equal(fx_text(change(&c, id), "text"),
                        "mağaza bu ürünün stokunu yönetmiyor");
    fx_close(&c);
}

static void a_refused_one_is_edited_or_tried_again(void **state) {
    struct fx_client c;
    struct change_outcome no = {.state = CHANGE_REFUSED,
                                .code = "shop_invalid",
                                .answer = "{\"code\":\"rest_invalid_param\"}"};
    fx_connect(*state, &c, FX_SESSION);
    const char *id = make(&c, "orders.update", CANCEL, "queued");
    settle(*state, id, no, true);
    assert_string_equal(fx_text(change(&c, id), "answer.code"),
                        "rest_invalid_param");
    assert_string_equal(
        fx_text(act(&c, "changes.retry", id, ""), "result.state"), "queued");
    settle(*state, id, no, true);
    const struct json *m =
        act(&c, "changes.edit", id, ",\"set\":{\"customer_note\":\"other\"}");
    assert_string_equal(fx_text(m, "result.state"), "queued");
    assert_string_equal(fx_text(order_now(&c), "customer_note"), "other");
    m = act(&c, "changes.edit", id, ",\"set\":{\"total\":\"1\"}");
    assert_string_equal(fx_code(m), "invalid");
    m = act(&c, "changes.discard", id, "");
    assert_string_equal(fx_text(m, "result.state"), "discarded");
    assert_string_equal(fx_code(act(&c, "changes.retry", id, "")), "conflict");
    fx_close(&c);
}

static void a_note_is_edited_by_its_members(void **state) {
    struct fx_client c;
    fx_connect(*state, &c, FX_SESSION);
    const char *id =
        make(&c, "orders.note", "{\"ref\":\"alpine:12\",\"text\":\"helo\"}",
             "queued");
    assert_string_equal(
        fx_code(act(&c, "changes.edit", id, ",\"set\":{\"colour\":\"x\"}")),
        "invalid");
    (void)act(&c, "changes.edit", id, ",\"set\":{\"text\":\"hello\"}");
    const struct json *r = change(&c, id);
    assert_string_equal(fx_text(r, "payload.text"), "hello");
    assert_int_equal(json_type(json_get(json_get(r, "payload"), "customer")),
                     JSON_BOOL);
    assert_string_equal(fx_text(pending(order_now(&c), "note"), "id"), id);
    fx_close(&c);
}

static bool can(const struct json *row, const char *what) {
    for (const struct json *v = json_first(json_get(row, "can")); v;
         v = json_next(v))
        if (str_eq(json_string(v), what))
            return true;
    return false;
}

static void nobody_knows_and_a_person_decides(void **state) {
    struct fx_client c;
    fx_connect(*state, &c, FX_SESSION);
    const char *id = make(&c, "orders.note",
                          "{\"ref\":\"alpine:12\",\"text\":\"hi\"}", "queued");
    settle(*state, id,
           (struct change_outcome){.state = CHANGE_UNKNOWN, .next_ms = 99},
           true);
    assert_string_equal(fx_code(act(&c, "changes.discard", id, "")),
                        "conflict"); /* it may have happened */
    settle(*state, id,
           (struct change_outcome){
               .state = CHANGE_UNKNOWN, .ambiguous = true, .looked = true},
           false);
    const struct json *r = change(&c, id);
    assert_true(can(r, "happened") && can(r, "again") && can(r, "discard"));
    assert_false(can(r, "mine") || can(r, "approve"));
    const struct json *m =
        act(&c, "changes.resolve", id, ",\"choice\":\"happened\"");
    assert_string_equal(fx_text(m, "result.state"), "confirmed");
    assert_int_equal(fx_number(fx_ok(&c, "changes.count", NULL), "confirmed"),
                     1);
    assert_int_equal(fx_number(fx_ok(&c, "changes.count", NULL), "open"), 0);
    fx_close(&c);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(what_is_on_its_way_is_what_is_read),
        T(a_change_tells_who_wants_what),
        T(what_waits_is_counted),
        T(stock_is_moved_by_a_difference),
        T(what_makes_no_sense_names_its_field),
        T(a_key_that_only_reads_is_told),
        T(a_repeated_request_makes_one_change),
        T(money_waits_for_a_second_person),
        T(a_conflict_is_decided_by_a_person),
        T(all_that_is_sent_has_words),
        T(why_is_said_in_the_readers_language),
        T(a_conflict_tells_all_its_values),
        T(what_an_older_program_kept_is_told_too),
        T(a_refused_one_is_edited_or_tried_again),
        T(a_note_is_edited_by_its_members),
        T(nobody_knows_and_a_person_decides),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
