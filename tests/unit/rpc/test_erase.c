/* customers.erase: whatever held something about the person holds it no more,
 * and what the shop still sends does not bring it back. */
#include "fixture.h"

#include <stdio.h>
#include <string.h>

#include "common/buf.h"
#include "common/mem.h"
#include "common/str.h"
#include "db/conn.h"
#include "db/sql.h"
#include "model/customer.h"
#include "model/erase.h"
#include "model/feed.h"
#include "model/kept.h"
#include "model/order.h"
#include "model/refund.h"
#include "ops/erasures.h"
#include "shop/page.h"

#define PERSON                                                                 \
    "\"first_name\":\"Kanarya\",\"last_name\":\"Kanarya\","                    \
    "\"address_1\":\"Kanarya 1\",\"city\":\"Kanarya\",\"country\":\"TR\","     \
    "\"phone\":\"kanarya-555\",\"email\":\"kanarya@example.test\""
#define ORDER(id, number, customer, status, total)                             \
    "{\"id\":" id ",\"number\":\"" number "\",\"status\":\"" status            \
    "\",\"currency\":\"EUR\",\"total\":\"" total                               \
    "\",\"date_created_gmt\":\"2023-11-01T10:00:00\","                         \
    "\"date_modified_gmt\":\"2023-11-01T10:00:00\",\"customer_id\":" customer  \
    ",\"customer_note\":\"kanarya\",\"customer_ip_address\":\"kanarya\","      \
    "\"billing\":{" PERSON "},\"shipping\":{" PERSON "},"                      \
    "\"meta_data\":[{\"id\":1,\"key\":\"x\",\"value\":\"kanarya\"}],"          \
    "\"line_items\":[{\"id\":" id "1,\"name\":\"Tent\",\"product_id\":7,"      \
    "\"variation_id\":0,\"quantity\":2,\"sku\":\"TENT\",\"total\":\"" total    \
    "\",\"meta_data\":[{\"id\":2,\"key\":\"engraving\","                       \
    "\"value\":\"kanarya\"}]}],"                                               \
    "\"refunds\":[{\"id\":13,\"reason\":\"kanarya\",\"total\":\"-1.00\"}]}"
#define GUEST                                                                  \
    "{\"id\":16,\"number\":\"16\",\"status\":\"completed\","                   \
    "\"currency\":\"EUR\",\"total\":\"5.00\","                                 \
    "\"date_created_gmt\":\"2023-11-01T10:00:00\",\"customer_id\":0,"          \
    "\"billing\":{\"first_name\":\"Serçe\",\"last_name\":\"Serçe\","         \
    "\"email\":\"serce@example.test\"},\"line_items\":[]}"

static const struct object {
    enum mirror_kind kind;
    const char *json;
} objects[] = {
    {MIRROR_CUSTOMER,
     "{\"id\":15,\"email\":\"kanarya@example.test\",\"first_name\":\"Kanarya\","
     "\"last_name\":\"Kanarya\",\"username\":\"kanarya\",\"role\":\"customer\","
     "\"date_created_gmt\":\"2023-01-01T10:00:00\",\"billing\":{" PERSON "},"
     "\"shipping\":{" PERSON "}}"},
    {MIRROR_ORDER, ORDER("12", "1012", "15", "completed", "20.00")},
    {MIRROR_ORDER, GUEST},
    {MIRROR_REFUND,
     "{\"id\":13,\"parent_id\":12,\"amount\":\"1.00\",\"reason\":\"kanarya\","
     "\"date_created_gmt\":\"2023-11-01T10:00:00\",\"line_items\":[]}"},
    {MIRROR_NOTE,
     "{\"id\":14,\"author\":\"kanarya\",\"note\":\"kanarya rang\","
     "\"date_created_gmt\":\"2023-11-01T10:00:00\",\"customer_note\":false}"},
};

static struct kept *kept;

/* --- the shop speaks ------------------------------------------------------ */

struct saying {
    const struct object *o;
    size_t n;
    int64_t seq;
};

static int put(struct db_tx *tx, const struct mirror_read *read,
               const struct page *p) {
    struct mirror_stats st = {0};
    switch (p->kind) {
    case MIRROR_ORDER:
        return order_apply(tx, read, p->orders, p->n, &st);
    case MIRROR_CUSTOMER:
        return customer_apply(tx, read, p->customers, p->n, &st);
    case MIRROR_REFUND:
        return refund_apply(tx, read, p->refunds, p->n, &st);
    default:
        return note_apply(tx, read, 12, p->notes, p->n, &st);
    }
}

static int say(struct db_tx *tx, void *arg) {
    const struct saying *s = arg;
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < s->n; i++) {
        const struct object *o = &s->o[i];
        bool child = o->kind == MIRROR_REFUND || o->kind == MIRROR_NOTE;
        AUTO_FREE char *text = mem_printf("[%s]", o->json);
        struct page_options po = {.kind = o->kind,
                                  .parent_id = child ? 12 : 0,
                                  .kept = kept_current()};
        struct mirror_read read = {.store_id = 1, .sent_seq = s->seq};
        struct error e = {0};
        struct page *p;
        assert_int_equal(page_prepare(&po, text, strlen(text), &p, &e), 0);
        if (p->n != 1)
            fail_msg("%zu: %s", i, p->aside->reason);
        rc = put(tx, &read, p);
        page_free(p);
    }
    return rc;
}

#define N_OBJECTS (sizeof objects / sizeof *objects)

static int rows_of_ours(struct db_tx *tx, void *unused) {
    static const uint8_t hash[16] = {7}, key[32] = {1}, salt[16] = {2};
    static const char raw[] = "{\"x\":\"KANARYA@example.test kanarya\"}";
    struct mirror_read read = {.store_id = 1, .sent_seq = 2};
    (void)unused;
    int rc = conn_exec(
        tx->conn,
        "UPDATE store SET can_write = 1;"
        "INSERT INTO store_status (store_id, slug, name, phase) VALUES"
        " (1, 'completed', 'Completed', 'done'),"
        " (1, 'processing', 'Processing', 'todo');"
        "INSERT INTO checkpoint (store_id, collection, success_ms)"
        " VALUES (1, 'orders', 5);"
        "INSERT INTO contact_tag SELECT 'kanarya', id FROM contact"
        " WHERE remote_id = 15;"
        "INSERT INTO contact_tag SELECT 'serce', id FROM contact"
        " WHERE remote_id = 0;"
        "INSERT INTO contact_note (contact_id, at_ms, author, text)"
        " SELECT id, 1, 'x', 'kanarya' FROM contact WHERE remote_id = 15;"
        "INSERT INTO contact_note (contact_id, at_ms, author, text)"
        " SELECT id, 1, 'x', 'serce' FROM contact WHERE remote_id = 0;"
        "INSERT INTO order_hold (reason, created_ms, order_id, note, held_ms,"
        " held_by) SELECT 'operator', created_ms, id, 'kanarya', 1, 'x'"
        " FROM orders WHERE remote_id = 12;"
        "INSERT INTO hold_log (store_id, remote_id, reason, note, held_ms,"
        " held_by, released_ms, released_by, release_note)"
        " VALUES (1, 12, 'operator', 'kanarya', 1, 'x', 2, 'x', 'kanarya');"
        "INSERT INTO work (store_id, remote_id, state, basis, begun_ms,"
        " begun_by) VALUES (1, 12, 'done', x'00', 1, 'x');"
        "INSERT INTO parcel (store_id, remote_id, work_id, n, state, tracking,"
        " url, created_ms, created_by)"
        " VALUES (1, 12, 1, 1, 'shipped', 'kanarya', 'kanarya', 1, 'x');"
        "INSERT INTO order_event (store_id, remote_id, at_ms, what, who,"
        " detail) VALUES (1, 12, 1, 'held', 'x', 'kanarya');"
        "INSERT INTO return_ (id, store_id, remote_id, state, reason, note,"
        " decision, created_ms, created_by, changed_ms)"
        " VALUES (9, 1, 12, 'closed', 'other', 'kanarya', 'kanarya', 1, 'x',"
        " 1);"
        "INSERT INTO mail (cause, template, store_id, lang, recipient, sender,"
        " params, subject, body, message_id, state, author, created_ms,"
        " changed_ms, text) VALUES ('R-9', 'test', 1, 'en',"
        " 'kanarya@example.test', 'Alpine', '{\"x\":\"kanarya\"}', 'kanarya',"
        " 'kanarya', '<1@x>', 'failed', 'x', 1, 1, 'kanarya');"
        "INSERT INTO charge (store_id, remote_id, type, amount_e4, currency,"
        " note, author, created_ms)"
        " VALUES (1, 12, 'packing', 1, 'EUR', 'kanarya', 'x', 1);"
        "INSERT INTO request (actor, request_id, method, params, result, at_ms)"
        " VALUES ('x', 'r1', 'm', x'00',"
        " '{\"ref\":\"alpine:12\",\"x\":\"kanarya\"}', 1),"
        " ('x', 'r2', 'm', x'00', '{\"ref\":\"alpine:120\"}', 1);"
        "INSERT INTO ticket (id, store_id, subject, priority, state,"
        " about_kind, about_id, author, created_ms, changed_ms) VALUES"
        " (1, 1, 'kanarya', 'low', 'open', 'order', 12, 'x', 1, 1),"
        " (2, 1, 'kanarya', 'low', 'open', 'customer', 15, 'x', 1, 1);"
        "INSERT INTO ticket_message (id, ticket_id, kind, author, text, at_ms)"
        " VALUES (1, 1, 'reply', 'x', 'kanarya', 1),"
        " (2, 2, 'note', 'x', 'kanarya', 1);"
        "INSERT INTO file VALUES (1, x'00', 1, 'text/plain', 'kanarya.txt',"
        " 'x', 1);"
        "INSERT INTO file_link VALUES (1, 'message', 2);"
        "INSERT INTO delivery VALUES (1, 'order', 12, x'00', 1);"
        "INSERT INTO change (uuid, store_id, kind, remote_id, act, state,"
        " payload, author, created_ms, changed_ms, result_id, answer,"
        " cause) VALUES ('made', 1, 'order', 0, 'create', 'confirmed',"
        " '{\"billing\":{\"email\":\"Kanarya@example.test\"},"
        "\"customer_note\":\"kanarya\"}', 'x', 1, 1, 0, 'kanarya',"
        " '{\"name\":\"made_with\",\"is\":\"kanarya\"}');"
        "INSERT INTO proposal (id, store_id, kind, state, author, title, items,"
        " created_ms) VALUES (1, 1, 'new_order', 'rejected', 'x', 'kanarya',"
        " 1, 1);"
        "INSERT INTO saved_view VALUES ('x', 1, 'orders', 'x',"
        " 'email:Kanarya@example.test', '');"
        "INSERT INTO proposal_item (proposal_id, remote_id, path, wanted)"
        " VALUES (1, 0, '', '{\"customer_id\":15,\"x\":\"kanarya\"}');");
    if (rc >= 0)
        rc = mirror_set_aside(tx, &read, MIRROR_ORDER, 12, hash, "x", "x", raw,
                              strlen(raw));
    if (rc >= 0)
        rc = mirror_set_aside(tx, &read, MIRROR_ORDER, 0, hash, "x", "x", raw,
                              strlen(raw));
    return rc < 0 ? rc
                  : audit_add(tx, key, salt, "x", "orders.x", "alpine:12",
                              "{\"x\":\"kanarya\"}");
}

static int setup(void **state) {
    int rc = fx_setup(state);
    struct fx *f = *state;
    kept = kept_new();
    kept_use(kept);
    rpc_set_step_up(f->rpc, 0, 0);
    fx_job(f, say, &(struct saying){objects, N_OBJECTS, 1});
    fx_job(f, rows_of_ours, NULL);
    return rc;
}

static int teardown(void **state) {
    int rc = fx_teardown(state);
    kept_use(NULL);
    kept_free(kept);
    return rc;
}

/* --- looking ---------------------------------------------------------------
 */

struct looking {
    const char *word;
    char found[2048];
};

/* Kept objects are compressed: looked at as they were received. */
static void look_kept(struct db_tx *tx, struct looking *l) {
    static const struct {
        enum mirror_kind kind;
        int64_t id;
    } all[] = {{MIRROR_ORDER, 12},
               {MIRROR_ORDER, 16},
               {MIRROR_REFUND, 13},
               {MIRROR_CUSTOMER, 15}};
    struct arena *a = arena_new(0);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const char *raw;
        size_t n;
        int rc = mirror_raw(tx, all[i].kind, 1, all[i].id, a, &raw, &n);
        assert_true(rc >= 0);
        AUTO_FREE char *lower = rc > 0 ? mem_dup(raw) : NULL;
        for (char *p = lower; p && *p; p++)
            *p = (char)(*p >= 'A' && *p <= 'Z' ? *p + 32 : *p);
        if (rc > 0 && strstr(lower, l->word))
            (void)snprintf(l->found + strlen(l->found),
                           sizeof l->found - strlen(l->found), " kept:%d/%d",
                           (int)all[i].kind, (int)all[i].id);
    }
    arena_free(a);
}

/* Every column of every table. */
static int look(struct db_tx *tx, void *arg) {
    struct looking *l = arg;
    l->found[0] = '\0';
    for (int i = 0;; i++) {
        char sql[20000], table[80], at[400];
        table[0] = '\0';
        (void)snprintf(sql, sizeof sql,
                       "SELECT name FROM sqlite_schema WHERE type = 'table'"
                       " ORDER BY name LIMIT 1 OFFSET %d",
                       i);
        assert_true(conn_get_text(tx->conn, sql, table, sizeof table) >= 0);
        if (!table[0])
            break;
        static char ask[20000];
        (void)snprintf(
            sql, sizeof sql,
            "SELECT 'SELECT group_concat(at, '' '') FROM (' || group_concat("
            "'SELECT ''%s.' || name || ''' AS at FROM \"%s\" WHERE"
            " instr(lower(CAST(\"' || name || '\" AS TEXT)), ''%s'') > 0',"
            " ' UNION ALL ') || ')' FROM pragma_table_info('%s')",
            table, table, l->word, table);
        assert_true(conn_get_text(tx->conn, sql, ask, sizeof ask) >= 0);
        at[0] = '\0';
        assert_true(conn_get_text(tx->conn, ask, at, sizeof at) >= 0);
        if (at[0])
            (void)snprintf(l->found + strlen(l->found),
                           sizeof l->found - strlen(l->found), " %s", at);
    }
    look_kept(tx, l);
    return 0;
}

static const char *found(struct fx *f, const char *word) {
    static struct looking l;
    l.word = word;
    fx_job(f, look, &l);
    return l.found;
}

static int audit_holds(struct db_tx *tx, void *unused) {
    static const uint8_t key[32] = {1};
    struct error e = {0};
    (void)unused;
    assert_int_equal(audit_verify(tx, key, &e), 0);
    return 0;
}

#define ACCOUNT                                                                \
    "{\"ref\":\"alpine:customer/15\",\"confirm\":\"kanarya@example.test\","    \
    "\"reason\":\"letter\",\"request_id\":\"e1\"}"

static void erase_account(struct fx *f) {
    struct fx_client root;
    fx_connect_as(f, &root, 0);
    const struct json *r = fx_ok(&root, "customers.erase", ACCOUNT);
    assert_int_equal(fx_number(r, "orders"), 1);
    fx_close(&root);
}

/* --- tests -----------------------------------------------------------------
 */

static void nothing_of_the_person_is_left(void **state) {
    struct fx *f = *state;
    assert_non_null(strstr(found(f, "kanarya"), "orders.name"));
    assert_non_null(strstr(found(f, "kanarya"), "kept:0/12"));
    erase_account(f);
    assert_string_equal(found(f, "kanarya"), "");
    fx_job(f, audit_holds, NULL);
    /* what another person owns stays */
    assert_non_null(strstr(found(f, "serce@"), "orders.email"));
}

static void what_the_business_needs_stays(void **state) {
    struct fx *f = *state;
    struct fx_client root;
    erase_account(f);
    fx_connect_as(f, &root, 0);
    const struct json *r =
        fx_ok(&root, "orders.get", "{\"ref\":\"alpine:12\"}");
    assert_string_equal(fx_text(r, "number"), "1012");
    assert_string_equal(fx_text(r, "total"), "20.00");
    assert_int_equal(fx_number(r, "lines"), 1);
    r = fx_ok(&root, "orders.list", "{\"filter\":\"1012\"}");
    assert_int_equal(json_count(json_get(r, "items")), 1);
    r = fx_ok(&root, "orders.list", "{\"filter\":\"tent\"}");
    assert_int_equal(json_count(json_get(r, "items")), 1);
    r = fx_ok(&root, "customers.get", "{\"ref\":\"alpine:customer/15\"}");
    assert_string_equal(fx_text(r, "name"), "");
    assert_int_equal(fx_number(r, "orders"), 1);
    /* the repeat of another command still answers */
    assert_non_null(strstr(found(f, "alpine:120"), "request.result"));
    fx_close(&root);
}

static void what_the_shop_still_has_does_not_come_back(void **state) {
    static const struct object again[] = {
        {MIRROR_ORDER, ORDER("12", "1012", "15", "refunded", "21.00")},
        {MIRROR_CUSTOMER,
         "{\"id\":15,\"email\":\"kanarya@example.test\",\"first_name\":"
         "\"Kanarya\",\"last_name\":\"Kanarya-Kanarya\",\"role\":\"customer\","
         "\"date_created_gmt\":\"2023-01-01T10:00:00\",\"billing\":{" PERSON
         "}}"},
        {MIRROR_REFUND,
         "{\"id\":13,\"parent_id\":12,\"amount\":\"2.00\",\"reason\":"
         "\"kanarya 2\",\"date_created_gmt\":\"2023-11-01T10:00:00\","
         "\"line_items\":[]}"},
        {MIRROR_NOTE,
         "{\"id\":14,\"author\":\"kanarya\",\"note\":\"kanarya rang twice\","
         "\"date_created_gmt\":\"2023-11-01T10:00:00\","
         "\"customer_note\":false}"},
    };
    static const struct object fresh = {
        MIRROR_ORDER, ORDER("18", "1018", "15", "processing", "9.00")};
    struct fx *f = *state;
    struct fx_client root;
    erase_account(f);
    fx_job(f, say, &(struct saying){again, 4, 5});
    fx_job(f, say, &(struct saying){again, 4, 6}); /* equal: nothing moves */
    assert_string_equal(found(f, "kanarya"), "");
    /* but what it says of the order is in force */
    fx_connect_as(f, &root, 0);
    const struct json *r =
        fx_ok(&root, "orders.get", "{\"ref\":\"alpine:12\"}");
    assert_string_equal(fx_text(r, "status"), "refunded");
    assert_string_equal(fx_text(r, "total"), "21.00");
    fx_close(&root);
    /* a new order is a new order */
    fx_job(f, say, &(struct saying){&fresh, 1, 7});
    assert_non_null(strstr(found(f, "kanarya"), "orders.name"));
}

static void a_guest_is_forgotten_by_e_mail(void **state) {
    struct fx *f = *state;
    struct fx_client root;
    fx_connect_as(f, &root, 0);
    /* typed as people do: the kept answer says it like that */
    (void)fx_ok(&root, "customers.note",
                "{\"ref\":\"alpine:guest/Serce@example.test\",\"text\":"
                "\"serce rang\",\"request_id\":\"n1\"}");
    (void)fx_ok(&root, "customers.tag",
                "{\"ref\":\"alpine:guest/serce@example.test\",\"add\":"
                "[\"late\"],\"request_id\":\"n2\"}");
    (void)fx_ok(&root, "customers.erase",
                "{\"ref\":\"alpine:guest/serce@example.test\",\"confirm\":"
                "\"serce@example.test\",\"reason\":\"mail\"}");
    assert_string_equal(found(f, "serce"), "");
    assert_string_equal(found(f, "serçe"), "");
    assert_string_equal(
        fx_code(fx_ask(&root, "customers.get",
                       "{\"ref\":\"alpine:guest/serce@example.test\"}")),
        "not_found");
    fx_job(f, say, &(struct saying){objects, N_OBJECTS, 9});
    assert_string_equal(found(f, "serce"), "");
    fx_close(&root);
}

static int confirm_all(struct db_tx *tx, void *unused) {
    (void)unused;
    return conn_exec(tx->conn, "UPDATE change SET state = 'confirmed'");
}

static void work_that_is_open_refuses_it(void **state) {
    static const struct object open = {
        MIRROR_ORDER, ORDER("12", "1012", "15", "processing", "20.00")};
    struct fx *f = *state;
    struct fx_client root;
    fx_connect_as(f, &root, 0);
    (void)fx_ok(&root, "orders.update",
                "{\"ref\":\"alpine:12\",\"customer_note\":\"kanarya!\"}");
    const struct json *m = fx_ask(&root, "customers.erase", ACCOUNT);
    assert_string_equal(fx_code(m), "conflict");
    assert_non_null(strstr(fx_text(m, "error.message"), "Changes or"));
    fx_job(f, confirm_all, NULL);
    fx_job(f, say, &(struct saying){&open, 1, 5});
    m = fx_ask(&root, "customers.erase", ACCOUNT);
    assert_string_equal(fx_code(m), "conflict");
    assert_non_null(strstr(fx_text(m, "error.message"), "alpine:12"));
    assert_non_null(strstr(found(f, "kanarya"), "orders.name"));
    fx_job(f, say, &(struct saying){objects, N_OBJECTS, 6});
    (void)fx_ok(&root, "customers.erase", ACCOUNT);
    assert_string_equal(found(f, "kanarya"), "");
    (void)fx_ok(&root, "customers.erase", ACCOUNT); /* the same request */
    fx_close(&root);
}

static void it_is_typed_and_proved(void **state) {
    struct fx *f = *state;
    struct fx_client root;
    fx_connect_as(f, &root, 0);
    assert_string_equal(
        fx_code(fx_ask(&root, "customers.erase",
                       "{\"ref\":\"alpine:customer/15\",\"confirm\":\"yes\","
                       "\"reason\":\"x\"}")),
        "invalid");
    assert_string_equal(
        fx_code(fx_ask(&root, "customers.erase",
                       "{\"ref\":\"alpine:customer/99\",\"confirm\":\"yes\","
                       "\"reason\":\"x\"}")),
        "not_found");
    assert_non_null(strstr(found(f, "kanarya"), "orders.name"));
    fx_close(&root);
}

/* --- a restored backup -----------------------------------------------------
 */

static int forget_erasures(struct db_tx *tx, void *unused) {
    (void)unused;
    return conn_exec(tx->conn, "DELETE FROM erased; DELETE FROM erasure;"
                               "UPDATE orders SET raw_hash = x'00';"
                               "UPDATE contact SET raw_hash = x'00',"
                               " hash = x'00';"
                               "UPDATE orders SET hash = x'00'");
}

static int again_line(const char *line, size_t n, void *arg) {
    struct db_tx *tx = arg;
    const struct json *v;
    struct arena *a = arena_new(0);
    assert_null(strstr(line, "anarya"));
    assert_int_equal(json_parse(a, line, n, NULL, &v, NULL), 0);
    assert_int_equal(erase_replay(tx, v), 1);
    assert_int_equal(erase_replay(tx, v), 0);
    arena_free(a);
    return 0;
}

static int again(struct db_tx *tx, void *dir) {
    return erasures_each(dir, again_line, tx);
}

static void a_backup_that_comes_back_is_erased_again(void **state) {
    struct fx *f = *state;
    erase_account(f);
    fx_job(f, forget_erasures, NULL);
    fx_job(f, say, &(struct saying){objects, N_OBJECTS, 8});
    assert_non_null(strstr(found(f, "kanarya"), "orders.name"));
    fx_job(f, again, f->dir);
    assert_string_equal(found(f, "kanarya"), "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(nothing_of_the_person_is_left),
        TEST(what_the_business_needs_stays),
        TEST(what_the_shop_still_has_does_not_come_back),
        TEST(a_guest_is_forgotten_by_e_mail),
        TEST(work_that_is_open_refuses_it),
        TEST(it_is_typed_and_proved),
        TEST(a_backup_that_comes_back_is_erased_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
