/* Numbers and spoken ids: one of somebody else's and one that was never given
 * are answered byte for byte the same, by the same statements. Run over the
 * protocol's table: a method that takes an id fails here until it is tried. */
#include "fixture.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "common/buf.h"
#include "common/params.h"
#include "common/str.h"
#include "db/conn.h"
#include "rpc.gen.h"
#include "rpc/job.h"

enum { OWNER = 54601, STAFF };

/* What ids there are, of baltic or of another person, and none. 26 letters are
 * what most ids must have. */
static const struct id_kind {
    const char *methods, *param, *foreign, *missing;
    bool parts; /* whose it is is told by its parts: they are looked at */
} kinds[] = {
    {"approvals.", "id", "\"A-1\"", "\"A-9\""},
    {"attention.", "id", "7007", "9009"},
    {"audit.", "id", "7007", "9009"},
    {"changes.", "id", "\"01K9QF3E3M7Q2W8R5T1Y6Z0CH1\"",
     "\"01K9QF3E3M7Q2W8R5T1Y6Z0CH9\""},
    {"files.", "id", "\"F-1\"", "\"F-9\""},
    {"tickets.", "id", "\"T-1\"", "\"T-9\""},
    {"counts.", "id", "\"C-1\"", "\"C-9\""},
    {"inbound.", "id", "\"I-1\"", "\"I-9\""},
    {"jobs.", "id", "\"01K9QF3E3M7Q2W8R5T1Y6Z0JB1\"",
     "\"01K9QF3E3M7Q2W8R5T1Y6Z0JB9\""},
    {"orders.uncharge", "charge", "\"C-1\"", "\"C-9\""},
    {"orders.unshare", "share", "\"L-1\"", "\"L-9\""},
    {"picks.", "pick", "\"P-1\"", "\"P-9\""},
    {"picks.", "pick", "\"W-1\"", "\"W-9\"", .parts = true},
    {"mails.", "mail", "\"M-1\"", "\"M-9\""},
    {"returns.", "return", "\"R-1\"", "\"R-9\""},
    {"shipments.", "id", "\"S-1\"", "\"S-9\""},
    {"sessions.", "id", "\"01K9QF3E3M7Q2W8R5T1Y6Z0SE1\"",
     "\"01K9QF3E3M7Q2W8R5T1Y6Z0SE9\""},
    {"sessions.", "id", "\"c1\"", "\"c9\""},
    {"tokens.", "id", "\"01K9QF3E3M7Q2W8R5T1Y6Z0T01\"",
     "\"01K9QF3E3M7Q2W8R5T1Y6Z0T09\""},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

/* Names under which the protocol asks for an id. */
static bool is_id(const struct param *p) {
    static const char *const names[] = {"id",     "pick",   "count",  "wave",
                                        "charge", "share",  "return", "ticket",
                                        "mail",   "inbound"};
    bool found = false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        found |= str_eq(p->name, names[i]);
    return found && p->required &&
           (p->type == PARAM_STRING || p->type == PARAM_INT);
}

static const struct param *id_of(const struct rpc_method_row *row) {
    for (size_t k = 0; k < row->n_params; k++) {
        if (is_id(&row->params[k]))
            return &row->params[k];
    }
    return NULL;
}

/* --- the other's -----------------------------------------------------------
 */

/* Before there are people: what they may see is read once. */
static int part(struct db_tx *tx, void *unused) {
    (void)unused;
    return conn_exec(tx->conn,
                     "INSERT INTO tenant (id, name, title, created_ms)"
                     " VALUES (2, 'other', '', 0);"
                     "UPDATE store SET tenant_id = id, can_write = 1;");
}

static int plant(struct db_tx *tx, void *unused) {
    (void)unused;
    return conn_exec(
        tx->conn,
        "INSERT INTO proposal (id, store_id, kind, state, author, title, items,"
        " created_ms) VALUES (1, 2, 'price', 'pending', 'x', 't', 1, 1);"
        "INSERT INTO proposal_item (proposal_id, remote_id, path, wanted)"
        " VALUES (1, 34, 'regular_price', '\"1\"');"
        "INSERT INTO aside (id, store_id, kind, remote_id, raw_hash, path,"
        " reason, raw, first_ms, last_ms, times)"
        " VALUES (7007, 2, 'order', 12, x'00', 'p', 'r', x'00', 1, 1, 1);"
        "INSERT INTO change (uuid, store_id, kind, remote_id, act, state,"
        " payload, author, created_ms, changed_ms)"
        " VALUES ('01K9QF3E3M7Q2W8R5T1Y6Z0CH1', 2, 'order', 12, 'note',"
        " 'refused', '{\"text\":\"x\"}', 'x', 1, 1);"
        "INSERT INTO stock_count (id, state, whole, blind, begun_ms, begun_by)"
        " VALUES (1, 'open', 1, 1, 1, 'x');"
        "INSERT INTO inbound (id, tenant_id, reference, state, shop,"
        " created_ms, created_by) VALUES (1, 2, 'q', 'open', 0, 1, 'x');"
        "INSERT INTO charge (id, store_id, remote_id, type, amount_e4,"
        " currency, note, author, created_ms)"
        " VALUES (1, 2, 12, 'packing', 1, 'EUR', '', 'x', 1);"
        "INSERT INTO share (id, uuid, store_id, remote_id, until_ms, author,"
        " created_ms) VALUES (1, x'01', 2, 12, 9000000000000, 'x', 1);"
        "INSERT INTO wave (id, kind, created_ms, created_by)"
        " VALUES (1, 'wave', 1, 'x');"
        "INSERT INTO work (id, store_id, remote_id, state, wave_id, basis,"
        " begun_ms, begun_by) VALUES (1, 2, 12, 'picking', NULL, x'00', 1,"
        " 'x'), (2, 2, 13, 'picking', 1, x'00', 1, 'x');"
        "INSERT INTO return_ (id, store_id, remote_id, state, reason, note,"
        " created_ms, created_by, changed_ms)"
        " VALUES (1, 2, 12, 'requested', 'other', '', 1, 'x', 1);"
        "INSERT INTO ticket (id, store_id, subject, priority, state, author,"
        " created_ms, changed_ms) VALUES (1, 2, 's', 'low', 'open', 'x', 1,"
        " 1);"
        "INSERT INTO ticket_message (id, ticket_id, kind, author, text, at_ms)"
        " VALUES (1, 1, 'reply', 'x', 't', 1);"
        "INSERT INTO file VALUES (1, zeroblob(32), 1, 'text/plain', 'n', 'x',"
        " 1);"
        "INSERT INTO file_link VALUES (1, 'message', 1);"
        "INSERT INTO parcel (id, store_id, remote_id, work_id, n, state,"
        " created_ms, created_by) VALUES (1, 2, 12, 1, 1, 'created', 1, 'x');"
        "INSERT INTO session (uuid, user_id, kind, digest, place, client,"
        " created_ms, used_ms, until_ms)"
        " SELECT '01K9QF3E3M7Q2W8R5T1Y6Z0SE1', id, 'login', x'01', 'uid:9',"
        " 'x', 1, 1, 9000000000000 FROM users WHERE name = 'can';"
        "INSERT INTO api_token (uuid, user_id, name, digest, read_only, some,"
        " created_ms, until_ms)"
        " SELECT '01K9QF3E3M7Q2W8R5T1Y6Z0T01', id, 't', x'02', 0, 0, 1, 0"
        " FROM users WHERE name = 'can';");
}

/* A job of the other's store. */
static void plant_job(struct fx *f, struct fx_client *root) {
    (void)fx_ok(root, "cache.clear", NULL);
    struct rpc_job *job = f->rpc->jobs;
    (void)str_copy(job->stores[0], sizeof job->stores[0], "baltic");
    job->n_stores = 1;
    (void)str_copy(job->id, sizeof job->id, "01K9QF3E3M7Q2W8R5T1Y6Z0JB1");
}

/* --- what the database was asked -------------------------------------------
 */

struct asked {
    struct buf text; /* statements, one a line */
    int64_t steps;   /* of SQLite's machine */
};

static int on_trace(unsigned what, void *arg, void *p, void *x) {
    struct asked *a = arg;
    (void)x;
    if (what == SQLITE_TRACE_STMT) /* begins */
        buf_addf(&a->text, "%s\n", sqlite3_sql(p));
    else /* has ended */
        a->steps += sqlite3_stmt_status(p, SQLITE_STMTSTATUS_VM_STEP, 1);
    return 0;
}

/* The fixture's database has one connection, for writers and readers. */
static int watch(struct db_tx *tx, void *arg) {
    assert_int_equal(
        sqlite3_trace_v2(tx->conn->sq,
                         arg ? SQLITE_TRACE_STMT | SQLITE_TRACE_PROFILE : 0,
                         arg ? on_trace : NULL, arg),
        SQLITE_OK);
    return 0;
}

/* --- questions -------------------------------------------------------------
 */

static void add_value(struct buf *b, const struct param *p) {
    buf_addf(b, ",\"%s\":", p->name);
    switch (p->type) {
    case PARAM_INT:
        buf_addf(b, "%lld", (long long)(p->min > 1 ? p->min : 1));
        break;
    case PARAM_BOOL:
        buf_adds(b, "true");
        break;
    case PARAM_ENUM:
        buf_addf(b, "\"%s\"", p->choices[0]);
        break;
    case PARAM_OBJECT:
    case PARAM_MAP:
        buf_adds(b, "{\"name\":\"x\"}");
        break;
    case PARAM_STRINGS:
    case PARAM_OBJECTS:
    case PARAM_SET:
        buf_adds(b, "[]");
        break;
    default:
        buf_adds(b, "\"1\"");
        break;
    }
}

static void make_params(struct buf *b, const struct rpc_method_row *row,
                        const struct param *id, const char *value) {
    buf_clear(b);
    buf_addf(b, "{\"%s\":%s", id->name, value);
    for (size_t k = 0; k < row->n_params; k++) {
        if (row->params[k].required && &row->params[k] != id)
            add_value(b, &row->params[k]);
    }
    buf_addc(b, '}');
}

/* The answer without the id that was asked for. */
static void ask(struct fx_client *c, const struct rpc_method_row *row,
                const struct param *id, const char *value, struct buf *answer,
                struct asked *asked) {
    AUTO_BUF struct buf params = BUF_INIT, text = BUF_INIT;
    char bare[40];
    make_params(&params, row, id, value);
    fx_job(c->f, watch, asked);
    json_print(&text, fx_ask(c, row->name, buf_str(&params)));
    fx_job(c->f, watch, NULL);
    (void)str_format(bare, sizeof bare, "%s",
                     value[0] == '"' ? value + 1 : value);
    bare[strcspn(bare, "\"")] = '\0';
    const char *at = buf_str(&text);
    for (const char *hit; (hit = strstr(at, bare)); at = hit + strlen(bare))
        buf_addf(answer, "%.*sID", (int)(hit - at), at);
    buf_adds(answer, at);
}

static void same_answer(struct fx_client *c, const struct rpc_method_row *row,
                        const struct param *id, const struct id_kind *k) {
    AUTO_BUF struct buf foreign = BUF_INIT, none = BUF_INIT;
    struct asked theirs = {.text = BUF_INIT}, nobodys = {.text = BUF_INIT};
    for (int i = 0; i < 2; i++) { /* the first prepares statements */
        buf_clear(&foreign);
        buf_clear(&none);
        buf_clear(&theirs.text);
        buf_clear(&nobodys.text);
        theirs.steps = nobodys.steps = 0;
        ask(c, row, id, k->foreign, &foreign, &theirs);
        ask(c, row, id, k->missing, &none, &nobodys);
    }
    if (strstr(buf_str(&foreign), "\"result\"") ||
        strstr(buf_str(&foreign), "invalid_params"))
        fail_msg("%s %s: %s", row->name, k->foreign, buf_str(&foreign));
    if (!str_eq(buf_str(&foreign), buf_str(&none)))
        fail_msg("%s\nforeign %s\nmissing %s", row->name, buf_str(&foreign),
                 buf_str(&none));
    /* As much work: the same statements, and no more of each than to read a
     * row, which is what tells that it is foreign. */
    int64_t more = theirs.steps - nobodys.steps;
    bool as_many =
        k->parts || str_eq(buf_str(&theirs.text), buf_str(&nobodys.text));
    if (!as_many || more > 200 || more < -200)
        fail_msg("%s takes %lld steps more for what is foreign\n%s---\n%s",
                 row->name, (long long)more, buf_str(&theirs.text),
                 buf_str(&nobodys.text));
    buf_done(&theirs.text);
    buf_done(&nobodys.text);
}

static int asks_as(struct fx *f, unsigned uid, unsigned role) {
    struct fx_client c;
    int asked = 0;
    fx_connect_as(f, &c, uid);
    for (int m = 0; m < RPC_METHOD_COUNT; m++) {
        const struct rpc_method_row *row = &rpc_methods[m];
        const struct param *id = id_of(row);
        for (size_t k = 0; id && k < KINDS; k++) {
            if (!(row->roles & role) || !str_eq(id->name, kinds[k].param) ||
                !str_starts(row->name, kinds[k].methods))
                continue;
            same_answer(&c, row, id, &kinds[k]);
            asked++;
        }
    }
    fx_close(&c);
    return asked;
}

static void foreign_ids_are_as_if_never_given(void **state) {
    struct fx *f = *state;
    struct fx_client root;
    rpc_set_step_up(f->rpc, 0, 0);
    fx_job(f, part, NULL);
    fx_person(f, "can", "admin", 54600, 0);
    fx_person(f, "dana", "staff", STAFF, 0);
    fx_person(f, "zoe", "owner", OWNER, 1);
    fx_connect_as(f, &root, 0);
    (void)fx_ok(&root, "users.update",
                "{\"user\":\"dana\",\"stores\":[\"alpine\"]}");
    fx_job(f, plant, NULL);
    plant_job(f, &root);
    assert_true(asks_as(f, STAFF, RPC_ROLE_STAFF) >= 25);
    assert_true(asks_as(f, OWNER, RPC_ROLE_OWNER) >= 5);
    /* and they are there */
    (void)fx_ok(&root, "approvals.get", "{\"id\":\"A-1\"}");
    (void)fx_ok(&root, "jobs.get", "{\"id\":\"01K9QF3E3M7Q2W8R5T1Y6Z0JB1\"}");
    (void)fx_ok(&root, "inbound.get", "{\"id\":\"I-1\"}");
    (void)fx_ok(&root, "changes.get",
                "{\"id\":\"01K9QF3E3M7Q2W8R5T1Y6Z0CH1\"}");
    fx_close(&root);
}

static void every_method_that_takes_an_id_is_tried(void **state) {
    (void)state;
    for (int m = 0; m < RPC_METHOD_COUNT; m++) {
        const struct param *id = id_of(&rpc_methods[m]);
        bool known = !id;
        for (size_t k = 0; k < KINDS; k++)
            known |= str_starts(rpc_methods[m].name, kinds[k].methods) &&
                     str_eq(kinds[k].param, id ? id->name : "");
        if (!known)
            fail_msg("%s takes an id, and nobody tried one that is foreign",
                     rpc_methods[m].name);
    }
}

/* What a command answered is for whoever gave it alone. */
static void a_repeat_by_another_person_is_no_repeat(void **state) {
    static const char params[] = "{\"tenant\":\"other\",\"reference\":\"r\","
                                 "\"request_id\":\"r-1\"}";
    struct fx *f = *state;
    struct fx_client root, c;
    AUTO_BUF struct buf first = BUF_INIT, second = BUF_INIT;
    fx_job(f, part, NULL);
    fx_person(f, "dana", "staff", STAFF, 0);
    fx_connect_as(f, &root, 0);
    (void)fx_ok(&root, "users.update",
                "{\"user\":\"dana\",\"stores\":[\"alpine\"]}");
    fx_job(f, plant, NULL);
    fx_connect_as(f, &c, STAFF);
    json_print(&first, fx_ask(&c, "inbound.create", params));
    assert_null(strstr(buf_str(&first), "result"));
    const char *id = fx_text(fx_ok(&root, "inbound.create", params), "id");
    assert_string_equal(id,
                        fx_text(fx_ok(&root, "inbound.create", params), "id"));
    json_print(&second, fx_ask(&c, "inbound.create", params));
    assert_string_equal(buf_str(&first), buf_str(&second));
    fx_close(&root);
    fx_close(&c);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fx_setup, fx_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(foreign_ids_are_as_if_never_given),
        cmocka_unit_test(every_method_that_takes_an_id_is_tried),
        TEST(a_repeat_by_another_person_is_no_repeat),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
