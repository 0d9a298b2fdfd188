/* Every method as every role: the verdict is the protocol table's, whatever
 * the handler does. Run over the table, so that a method that is added is
 * looked at too. */
#include "fixture.h"

#include <stdio.h>
#include <string.h>

#include "common/buf.h"
#include "common/params.h"
#include "common/str.h"
#include "rpc.gen.h"

enum { ADMIN = 54401, STAFF, OWNER, NARROW, GUEST };

static const struct {
    const char *name, *role;
    unsigned uid, bit;
} people[] = {
    {"can", "admin", ADMIN, RPC_ROLE_ADMIN},
    {"ayse", "staff", STAFF, RPC_ROLE_STAFF},
    {"zoe", "owner", OWNER, RPC_ROLE_OWNER},
};

static int setup(void **state) {
    int rc = fx_setup(state);
    struct fx *f = *state;
    rpc_set_step_up(f->rpc, 0, 0);
    for (size_t i = 0; i < 3; i++)
        fx_person(f, people[i].name, people[i].role, people[i].uid,
                  people[i].bit == RPC_ROLE_OWNER ? 1 : 0);
    return rc;
}

/* A parameter no method has: whoever is let in hears of it, and nothing is
 * done. */
static const char *verdict(struct fx_client *c, const char *method) {
    return fx_code(fx_ask(c, method, "{\"no_such\":1}"));
}

static void the_table_decides(void **state) {
    struct fx *f = *state;
    for (size_t i = 0; i < 3; i++) {
        struct fx_client c;
        fx_connect_as(f, &c, people[i].uid);
        for (int m = 0; m < RPC_METHOD_COUNT; m++) {
            const struct rpc_method_row *row = &rpc_methods[m];
            bool all = people[i].bit != RPC_ROLE_OWNER;
            bool may = row->roles & people[i].bit &&
                       (row->scope != RPC_SCOPE_ALL || all);
            const char *got = verdict(&c, row->name);
            if (!str_eq(got, may ? "invalid_params" : "denied"))
                fail_msg("%s as %s: %s", row->name, people[i].role, got);
        }
        fx_close(&c);
    }
}

static void guests_only_sign_in(void **state) {
    struct fx_client c;
    int open = 0;
    fx_connect_as(*state, &c, GUEST);
    for (int m = 0; m < RPC_METHOD_COUNT; m++) {
        const struct rpc_method_row *row = &rpc_methods[m];
        bool may = row->roles & RPC_ROLE_GUEST;
        if (!str_eq(verdict(&c, row->name), may ? "invalid_params" : "sign_in"))
            fail_msg("%s as a guest", row->name);
        open += may;
    }
    /* open, sign_in, accept, resume, refresh, discover */
    assert_int_equal(open, 6);
    fx_close(&c);
}

static void read_only_sessions_write_nothing(void **state) {
    struct fx_client c;
    fx_connect_as(*state, &c, ADMIN);
    (void)fx_ok(&c, "session.open",
                "{\"client\":\"x\",\"version\":1,\"read_only\":true}");
    for (int m = 0; m < RPC_METHOD_COUNT; m++) {
        const struct rpc_method_row *row = &rpc_methods[m];
        bool may = !row->write && row->roles & RPC_ROLE_ADMIN;
        if (may != str_eq(verdict(&c, row->name), "invalid_params"))
            fail_msg("%s in a read-only session", row->name);
    }
    fx_close(&c);
}

/* Owners look: what they may write is about themselves, or a proposal. */
static void owners_change_nothing_of_a_store(void **state) {
    static const char *const theirs[] = {"session.", "sessions.",  "profile.",
                                         "tokens.",  "approvals.", "views.",
                                         "files.",   "tickets."};
    (void)state;
    for (int m = 0; m < RPC_METHOD_COUNT; m++) {
        const struct rpc_method_row *row = &rpc_methods[m];
        bool self = false;
        for (size_t i = 0; i < sizeof theirs / sizeof *theirs; i++)
            self |= str_starts(row->name, theirs[i]);
        for (size_t k = 0; k < row->n_params; k++)
            self |= str_eq(row->params[k].name, "propose");
        if (row->write && row->roles & RPC_ROLE_OWNER && !self)
            fail_msg("owners may %s", row->name);
    }
}

/* Whose role must have an authenticator and who has none can only set one
 * up. */
static void without_an_authenticator_only_that(void **state) {
    static const char *const open[] = {
        "session.open",     "session.sign_in",    "session.accept",
        "session.resume",   "session.refresh",    "session.confirm",
        "session.sign_out", "profile.get",        "profile.update",
        "profile.password", "profile.totp_begin", "profile.totp_confirm",
        "rpc.discover"};
    struct fx *f = *state;
    rpc_set_sign_in(f->rpc, RPC_ROLE_ADMIN | RPC_ROLE_STAFF | RPC_ROLE_OWNER,
                    0);
    for (size_t i = 0; i < 3; i++) {
        struct fx_client c;
        fx_connect_as(f, &c, people[i].uid);
        for (int m = 0; m < RPC_METHOD_COUNT; m++) {
            const struct rpc_method_row *row = &rpc_methods[m];
            bool may = false;
            for (size_t k = 0; k < sizeof open / sizeof *open; k++)
                may |= str_eq(row->name, open[k]);
            const char *want = may                          ? "invalid_params"
                               : row->roles & people[i].bit ? "totp_required"
                                                            : "denied";
            const char *got = verdict(&c, row->name);
            if (!str_eq(got, want))
                fail_msg("%s as %s: %s", row->name, people[i].role, got);
        }
        fx_close(&c);
    }
}

static void dangerous_methods_are_marked(void **state) {
    static const char *const marked[] = {
        "users.invite",   "users.update",       "users.reset",
        "users.link",     "users.deactivate",   "orders.refund",
        "backup.restore", "profile.totp_begin", "profile.totp_remove",
        "tokens.create",  "customers.erase",    "stores.purge"};
    struct fx *f = *state;
    struct fx_client c;
    rpc_set_step_up(f->rpc, 60, 60);
    fx_connect_as(f, &c, ADMIN);
    for (size_t i = 0; i < sizeof marked / sizeof *marked; i++)
        assert_string_equal(verdict(&c, marked[i]), "step_up");
    for (int m = 0; m < RPC_METHOD_COUNT; m++) {
        const struct rpc_method_row *row = &rpc_methods[m];
        if (row->step_up != str_eq(verdict(&c, row->name), "step_up"))
            fail_msg("%s", row->name);
    }
    fx_close(&c);
}

/* --- foreign and missing look the same ------------------------------------ */

/* A value for a parameter that must be given: names and references are of that
 * store. */
static void add_value(struct buf *b, const struct param *p, const char *store) {
    buf_addf(b, "%s\"%s\":", b->len > 1 ? "," : "", p->name);
    switch (p->type) {
    case PARAM_STORE:
        buf_addf(b, "\"%s\"", store);
        break;
    case PARAM_REF:
        buf_addf(b, "\"%s:77\"", store);
        break;
    case PARAM_INT:
        buf_addf(b, "%lld", (long long)(p->min > 1 ? p->min : 1));
        break;
    case PARAM_BOOL:
        buf_adds(b, "true");
        break;
    case PARAM_ENUM:
        buf_addf(b, "\"%s\"", p->choices[0]);
        break;
    case PARAM_MONEY:
    case PARAM_QUANTITY:
        buf_adds(b, "\"1\"");
        break;
    case PARAM_STRINGS:
    case PARAM_OBJECTS:
    case PARAM_SET:
        buf_adds(b, "[]");
        break;
    case PARAM_OBJECT:
    case PARAM_MAP:
        buf_adds(b, "{\"name\":\"x\"}");
        break;
    default:
        /* An id: of nothing, or as long as one. */
        buf_adds(b, p->min == 26 ? "\"01K9QF3E3M7Q2W8R5T1Y6Z0ABC\""
                                 : "\"xxxxxxxxxxxxxxxxxxxx\"");
        break;
    }
}

static bool about_a_store(const struct rpc_method_row *row) {
    for (size_t k = 0; k < row->n_params; k++) {
        enum param_type t = row->params[k].type;
        if (t == PARAM_STORE || t == PARAM_REF)
            return true;
    }
    return false;
}

/* Required parameters, and those that name a store. */
static void make_params(struct buf *b, const struct rpc_method_row *row,
                        const char *store) {
    buf_clear(b);
    buf_addc(b, '{');
    for (size_t k = 0; k < row->n_params; k++) {
        const struct param *p = &row->params[k];
        if (p->required || p->type == PARAM_STORE)
            add_value(b, p, store);
    }
    buf_addc(b, '}');
}

/* The answer without the name that was asked for. */
static void print_answer(struct buf *b, const struct json *v,
                         const char *store) {
    AUTO_BUF struct buf text = BUF_INIT;
    json_print(&text, v);
    buf_clear(b);
    for (const char *at = buf_str(&text), *hit; *at; at = hit) {
        hit = strstr(at, store);
        buf_addf(b, "%.*s%s", (int)(hit ? hit - at : (long)strlen(at)), at,
                 hit ? "STORE" : "");
        hit = hit ? hit + strlen(store) : at + strlen(at);
    }
}

static void foreign_and_missing_are_told_the_same(void **state) {
    struct fx *f = *state;
    struct fx_client root, c;
    int seen = 0;
    AUTO_BUF struct buf params = BUF_INIT, foreign = BUF_INIT, none = BUF_INIT;
    fx_connect_as(f, &root, 0);
    fx_person(f, "dana", "staff", NARROW, 0);
    (void)fx_ok(&root, "users.update",
                "{\"user\":\"dana\",\"stores\":[\"alpine\"]}");
    fx_connect_as(f, &c, NARROW);
    for (int m = 0; m < RPC_METHOD_COUNT; m++) {
        const struct rpc_method_row *row = &rpc_methods[m];
        if (!about_a_store(row) || !(row->roles & RPC_ROLE_STAFF))
            continue;
        make_params(&params, row, "baltic");
        print_answer(&foreign, fx_ask(&c, row->name, buf_str(&params)),
                     "baltic");
        make_params(&params, row, "celtic");
        print_answer(&none, fx_ask(&c, row->name, buf_str(&params)), "celtic");
        if (!str_eq(buf_str(&foreign), buf_str(&none)))
            fail_msg("%s\nforeign %s\nmissing %s", row->name, buf_str(&foreign),
                     buf_str(&none));
        seen++;
    }
    assert_true(seen >= 25);
    fx_close(&root);
    fx_close(&c);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, fx_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(the_table_decides),
        TEST(guests_only_sign_in),
        TEST(read_only_sessions_write_nothing),
        TEST(owners_change_nothing_of_a_store),
        TEST(without_an_authenticator_only_that),
        TEST(dangerous_methods_are_marked),
        TEST(foreign_and_missing_are_told_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
