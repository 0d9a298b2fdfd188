/* Every method of the protocol, called for real: it answers, and what it
 * answers has the shape its entry says. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/mem.h"
#include "common/str.h"
#include "tests/lib/shape.h"
#include "tests/lib/test.h"
#include "tests/lib/world.h"

/* Each "%" of the parameters becomes what `with` finds in the mirror. */
enum with {
    NOTHING,
    ORDER,
    TO_SHIP, /* an order to be shipped */
    PRODUCT,
    CUSTOMER,
    CATEGORY,
    JOB,
    ASIDE,
    CHANGE,
    APPROVAL,
    PROPOSAL
};

/* "hello\n" */
#define FILE_BYTES                                                             \
    "{\"sha256\":\"5891b5b522d5df086d0ff0b110fbd9d2"                           \
    "1bb4fc7163af34d08286a2e846f6be03\",\"size\":6"

static const struct entry {
    const char *method, *params;
    enum with with;
    const char *error; /* what it must answer instead; NULL: a result */
} entries[] = {
    {"session.open", "{\"client\":\"test/1\",\"version\":1}", NOTHING},
    {"rpc.discover", "{}", NOTHING},
    {"health.get", "{}", NOTHING},
    {"monitor.get", "{}", NOTHING},
    {"dashboard.get", "{}", NOTHING},
    {"stores.list", "{}", NOTHING},
    {"stores.get", "{\"store\":\"alpine\"}", NOTHING},
    {"stores.test", "{\"store\":\"alpine\"}", NOTHING},
    {"stores.update", "{\"store\":\"alpine\",\"title\":\"Alpine\"}", NOTHING},
    {"stores.statuses", "{\"store\":\"alpine\"}", NOTHING},
    {"stores.map",
     "{\"store\":\"alpine\",\"status\":\"nosuch\",\"phase\":\"done\"}", NOTHING,
     "not_found"},
    {"stores.resume", "{\"store\":\"alpine\"}", NOTHING},
    {"stores.sync", "{\"store\":\"alpine\"}", NOTHING},
    {"stores.verify", "{\"store\":\"alpine\"}", NOTHING},
    {"stores.rotate_hooks", "{\"store\":\"alpine\"}", NOTHING},
    {"stores.pause", "{\"store\":\"alpine\"}", NOTHING},
    {"stores.move",
     "{\"store\":\"alpine\",\"tenant\":\"nosuch\",\"confirm\":\"alpine\"}",
     NOTHING, "not_found"},
    {"stores.purge", "{\"store\":\"nosuch\",\"confirm\":\"nosuch\"}", NOTHING,
     "not_found"},
    {"orders.list", "{\"limit\":500}", NOTHING},
    {"orders.counts", "{}", NOTHING},
    {"orders.stats", "{}", NOTHING},
    {"orders.get", "{\"ref\":\"%\"}", ORDER},
    {"orders.raw", "{\"ref\":\"%\"}", ORDER},
    {"orders.timeline", "{\"ref\":\"%\"}", ORDER},
    {"orders.refresh", "{\"ref\":\"%\"}", ORDER},
    {"orders.charge", "{\"ref\":\"%\",\"type\":\"packing\",\"amount\":\"4.5\"}",
     ORDER},
    {"orders.charges", "{\"ref\":\"%\"}", ORDER},
    {"orders.uncharge", "{\"charge\":\"C-1\"}", NOTHING},
    /* The daemon here has no public address: test_papers.c has. */
    {"orders.share", "{\"ref\":\"%\"}", ORDER, "config"},
    {"orders.shares", "{\"ref\":\"%\"}", ORDER},
    {"orders.unshare", "{\"share\":\"L-1\"}", NOTHING, "not_found"},
    {"documents.render", "{\"ref\":\"%\",\"kind\":\"slip\"}", ORDER},
    {"documents.printers", "{}", NOTHING},
    {"documents.print",
     "{\"ref\":\"%\",\"kind\":\"slip\",\"printer\":\"none\"}", ORDER,
     "not_found"},
    {"orders.hold", "{\"ref\":\"%\",\"reason\":\"address\"}", TO_SHIP},
    {"orders.why", "{\"ref\":\"%\"}", TO_SHIP},
    {"orders.release", "{\"ref\":\"%\"}", TO_SHIP},
    {"orders.tag", "{\"ref\":\"%\",\"add\":[\"gift\"]}", TO_SHIP},
    {"orders.marks", "{\"ref\":\"%\"}", TO_SHIP},
    {"orders.preview",
     "{\"act\":\"status\",\"value\":\"completed\",\"orders\":[\"%\"]}", ORDER},
    {"picks.begin", "{\"orders\":[\"%\"]}", TO_SHIP},
    {"picks.list", "{\"state\":\"open\",\"mine\":true}", NOTHING},
    {"picks.get", "{\"pick\":\"P-1\"}", NOTHING},
    {"picks.scan", "{\"pick\":\"P-1\",\"code\":\"no such thing\"}", NOTHING},
    {"picks.undo", "{\"pick\":\"P-1\"}", NOTHING, "conflict"},
    {"picks.short", "{\"pick\":\"P-1\",\"line\":1}", NOTHING, "not_found"},
    {"picks.finish", "{\"pick\":\"P-1\"}", NOTHING, "conflict"},
    {"picks.give_back", "{\"pick\":\"P-1\"}", NOTHING},
    {"picks.take_over", "{\"pick\":\"P-1\"}", NOTHING},
    {"picks.drop", "{\"pick\":\"P-1\"}", NOTHING},
    {"packs.begin", "{\"ref\":\"%\"}", TO_SHIP},
    {"packs.get", "{\"ref\":\"%\"}", TO_SHIP},
    {"packs.scan", "{\"ref\":\"%\",\"code\":\"no such thing\"}", TO_SHIP},
    {"packs.undo", "{\"ref\":\"%\"}", TO_SHIP, "conflict"},
    {"packs.short", "{\"ref\":\"%\",\"line\":1}", TO_SHIP, "not_found"},
    {"packs.parcel", "{\"ref\":\"%\"}", TO_SHIP},
    {"packs.finish", "{\"ref\":\"%\"}", TO_SHIP, "conflict"},
    {"packs.accept_change", "{\"ref\":\"%\"}", TO_SHIP},
    {"packs.put_back", "{\"ref\":\"%\"}", TO_SHIP},
    {"shipments.create", "{\"ref\":\"%\"}", TO_SHIP},
    {"shipments.order", "{\"ref\":\"%\"}", TO_SHIP},
    {"shipments.list", "{\"filter\":\"state:created\"}", NOTHING},
    {"shipments.update",
     "{\"id\":\"S-2\",\"carrier\":\"ups\",\"tracking\":\"1Z\"}", NOTHING},
    {"shipments.ship", "{\"ref\":\"%\"}", TO_SHIP},
    {"shipments.get", "{\"id\":\"S-2\"}", NOTHING},
    {"shipments.mark", "{\"id\":\"S-2\",\"state\":\"delivered\"}", NOTHING},
    {"shipments.void", "{\"id\":\"S-2\"}", NOTHING, "conflict"},
    {"products.list", "{\"limit\":500}", NOTHING},
    {"products.get", "{\"ref\":\"%\"}", PRODUCT},
    {"products.raw", "{\"ref\":\"%\"}", PRODUCT},
    {"products.sales", "{\"ref\":\"%\"}", PRODUCT},
    {"categories.list", "{}", NOTHING},
    {"customers.list", "{\"limit\":500}", NOTHING},
    {"search.find", "{\"filter\":\"alpine:12\"}", NOTHING},
    {"customers.get", "{\"ref\":\"%\"}", CUSTOMER},
    {"customers.tag", "{\"ref\":\"%\",\"add\":[\"vip\"]}", CUSTOMER},
    {"customers.note", "{\"ref\":\"%\",\"text\":\"rings twice\"}", CUSTOMER},
    {"customers.marks", "{\"ref\":\"%\"}", CUSTOMER},
    {"customers.unnote", "{\"ref\":\"%\",\"note\":\"N-1\"}", CUSTOMER},
    {"customers.raw", "{\"ref\":\"%\"}", CUSTOMER},
    {"customers.erase", "{\"ref\":\"%\",\"confirm\":\"nobody\"}", CUSTOMER,
     "invalid"},
    {"attention.list", "{}", NOTHING},
    {"attention.retry", "{\"id\":%}", ASIDE},
    {"orders.update",
     "{\"ref\":\"%\",\"billing\":{\"phone\":\"1\"},"
     "\"meta\":{\"gift\":\"yes\"}}",
     ORDER},
    {"orders.note", "{\"ref\":\"%\",\"text\":\"hello\"}", ORDER},
    {"orders.track", "{\"ref\":\"%\",\"number\":\"1Z\",\"carrier\":\"ups\"}",
     ORDER},
    {"orders.untrash", "{\"ref\":\"%\",\"status\":\"on-hold\"}", ORDER},
    {"orders.refund", "{\"ref\":\"%\",\"amount\":\"0.01\"}", ORDER},
    {"orders.trash", "{\"ref\":\"%\"}", ORDER},
    {"orders.create",
     "{\"store\":\"alpine\",\"lines\":[{\"product\":\"%\","
     "\"quantity\":1}]}",
     PRODUCT},
    {"products.update", "{\"ref\":\"%\",\"sale_price\":\"1.50\"}", PRODUCT},
    {"products.create", "{\"store\":\"alpine\",\"name\":\"Stove\"}", NOTHING},
    {"products.trash", "{\"ref\":\"alpine:999999\"}", NOTHING, "not_found"},
    {"products.export", "{\"store\":\"alpine\"}", NOTHING},
    {"products.import",
     "{\"store\":\"alpine\",\"csv\":\"ref,name\\nalpine:0,x\\n\"}", NOTHING},
    {"bundles.get", "{\"ref\":\"%\"}", PRODUCT},
    {"bundles.set", "{\"ref\":\"%\",\"parts\":[]}", PRODUCT, "invalid"},
    {"bundles.remove", "{\"ref\":\"%\"}", PRODUCT, "not_found"},
    {"inventory.drift", "{}", NOTHING},
    {"inventory.agree", "{\"ref\":\"%\"}", PRODUCT, "not_found"},
    {"inventory.adjust", "{\"ref\":\"%\",\"delta\":\"-1\"}", PRODUCT},
    {"inventory.set", "{\"ref\":\"%\",\"stock\":\"990\",\"propose\":true}",
     PRODUCT},
    {"inventory.export", "{\"store\":\"alpine\"}", NOTHING},
    {"inventory.import",
     "{\"store\":\"alpine\",\"csv\":\"ref,stock\\n%,5\\nx,1\\n\"}", PRODUCT},
    {"approvals.list", "{}", NOTHING},
    {"approvals.counts", "{}", NOTHING},
    {"approvals.get", "{\"id\":\"%\"}", PROPOSAL},
    {"approvals.edit", "{\"id\":\"%\",\"set\":{\"stock\":\"991\"}}", PROPOSAL},
    /* The console is nobody's second person. */
    {"approvals.approve", "{\"id\":\"%\"}", PROPOSAL, "denied"},
    {"approvals.reject", "{\"id\":\"%\",\"note\":\"no\"}", PROPOSAL, "denied"},
    {"approvals.stop", "{\"id\":\"%\"}", PROPOSAL, "conflict"},
    {"approvals.withdraw", "{\"id\":\"%\"}", PROPOSAL},
    {"bins.create", "{\"code\":\"A-1\",\"zone\":\"A\"}", NOTHING},
    {"bins.update", "{\"bin\":\"A-1\",\"place\":4}", NOTHING},
    {"bins.list", "{}", NOTHING},
    {"inventory.correct",
     "{\"ref\":\"%\",\"delta\":\"5\",\"bin\":\"A-1\",\"code\":\"found\"}",
     PRODUCT},
    {"inventory.move",
     "{\"ref\":\"%\",\"from\":\"A-1\",\"to\":\"a-1\",\"qty\":\"1\"}", PRODUCT,
     "invalid"},
    {"inventory.limits", "{\"ref\":\"%\",\"reorder\":\"10\"}", PRODUCT},
    {"lots.list", "{}", NOTHING},
    {"lots.update", "{\"ref\":\"%\",\"lot\":\"L1\",\"expires\":\"\"}", PRODUCT,
     "not_found"},
    {"bins.get", "{\"bin\":\"A-1\"}", NOTHING},
    {"inventory.list", "{}", NOTHING},
    {"inventory.low", "{}", NOTHING},
    {"inventory.get", "{\"ref\":\"%\"}", PRODUCT},
    {"inventory.ledger", "{\"ref\":\"%\"}", PRODUCT},
    {"inbound.create", "{\"reference\":\"PO-1\"}", NOTHING},
    {"inbound.list", "{}", NOTHING},
    {"inbound.expect", "{\"id\":\"I-1\",\"code\":\"%\",\"qty\":\"2\"}",
     PRODUCT},
    {"inbound.receive", "{\"id\":\"I-1\",\"code\":\"%\",\"bin\":\"A-1\"}",
     PRODUCT},
    {"inbound.tell", "{\"id\":\"I-1\"}", NOTHING},
    {"inbound.close", "{\"id\":\"I-1\",\"differences\":true}", NOTHING},
    {"inbound.get", "{\"id\":\"I-1\"}", NOTHING},
    {"counts.begin", "{\"bins\":[\"A-1\"]}", NOTHING},
    {"counts.list", "{}", NOTHING},
    {"counts.scan", "{\"id\":\"C-1\",\"code\":\"A-1\"}", NOTHING},
    {"counts.submit", "{\"id\":\"C-1\"}", NOTHING},
    {"counts.get", "{\"id\":\"C-1\"}", NOTHING},
    {"counts.approve", "{\"id\":\"C-1\"}", NOTHING, "denied"},
    {"counts.reopen", "{\"id\":\"C-1\"}", NOTHING},
    {"counts.drop", "{\"id\":\"C-1\"}", NOTHING},
    {"tickets.create",
     "{\"ref\":\"%\",\"subject\":\"Torn\",\"text\":\"The seam is open.\"}",
     ORDER},
    {"tickets.list", "{}", NOTHING},
    {"tickets.counts", "{}", NOTHING},
    {"files.begin", FILE_BYTES "}", NOTHING},
    {"files.put", FILE_BYTES ",\"offset\":0,\"data\":\"aGVsbG8K\"}", NOTHING},
    {"files.commit", FILE_BYTES ",\"name\":\"hello.txt\"}", NOTHING},
    {"files.list", "{}", NOTHING},
    {"files.get", "{\"id\":\"F-1\"}", NOTHING},
    {"tickets.reply",
     "{\"id\":\"T-1\",\"text\":\"Here it is.\",\"files\":[\"F-1\"]}", NOTHING},
    {"tickets.note", "{\"id\":\"T-1\",\"text\":\"Third one.\"}", NOTHING},
    {"tickets.update", "{\"id\":\"T-1\",\"state\":\"in_progress\"}", NOTHING},
    {"tickets.get", "{\"id\":\"T-1\"}", NOTHING},
    {"tickets.read", "{\"id\":\"T-1\"}", NOTHING},
    {"files.delete", "{\"id\":\"F-1\"}", NOTHING},
    {"customers.update", "{\"ref\":\"%\",\"last_name\":\"Kaya\"}", CUSTOMER},
    {"customers.create", "{\"store\":\"alpine\",\"email\":\"a@b.test\"}",
     NOTHING},
    {"categories.update", "{\"ref\":\"%\",\"name\":\"Tents\"}", CATEGORY},
    {"categories.delete", "{\"ref\":\"%\",\"name\":\"not its name\"}", CATEGORY,
     "invalid"},
    {"categories.create", "{\"store\":\"alpine\",\"name\":\"Stoves\"}",
     NOTHING},
    {"changes.list", "{\"limit\":500}", NOTHING},
    {"changes.count", "{}", NOTHING},
    {"changes.get", "{\"id\":\"%\"}", CHANGE},
    {"changes.edit", "{\"id\":\"%\",\"set\":{\"amount\":\"0.02\"}}", APPROVAL},
    {"changes.retry", "{\"id\":\"%\"}", CHANGE},
    {"changes.approve", "{\"id\":\"%\"}", APPROVAL, "denied"},
    {"changes.resolve", "{\"id\":\"%\",\"choice\":\"mine\"}", CHANGE,
     "conflict"},
    {"changes.discard", "{\"id\":\"%\"}", APPROVAL},
    /* Returns and letters as they are: test_returns.c. */
    {"returns.list", "{\"limit\":500}", NOTHING},
    {"returns.count", "{}", NOTHING},
    {"returns.create",
     "{\"ref\":\"%\",\"reason\":\"other\","
     "\"lines\":[{\"line\":1,\"quantity\":1}]}",
     ORDER, "invalid"},
    {"returns.get", "{\"return\":\"R-1\"}", NOTHING, "not_found"},
    {"returns.approve", "{\"return\":\"R-1\"}", NOTHING, "not_found"},
    {"returns.reject", "{\"return\":\"R-1\",\"reason\":\"x\"}", NOTHING,
     "not_found"},
    {"returns.receive", "{\"return\":\"R-1\",\"code\":\"x\"}", NOTHING,
     "not_found"},
    {"returns.inspect", "{\"return\":\"R-1\",\"fate\":\"dispose\"}", NOTHING,
     "not_found"},
    {"returns.restock", "{\"return\":\"R-1\"}", NOTHING, "not_found"},
    {"returns.refund", "{\"return\":\"R-1\"}", NOTHING, "not_found"},
    {"returns.close", "{\"return\":\"R-1\"}", NOTHING, "not_found"},
    {"returns.preview", "{\"return\":\"R-1\",\"letter\":\"return_approved\"}",
     NOTHING, "not_found"},
    {"returns.notify", "{\"return\":\"R-1\",\"letter\":\"return_approved\"}",
     NOTHING, "config"},
    {"mails.list", "{\"limit\":500}", NOTHING},
    {"mails.count", "{}", NOTHING},
    {"mails.get", "{\"mail\":\"M-1\"}", NOTHING, "not_found"},
    {"mails.retry", "{\"mail\":\"M-1\"}", NOTHING, "not_found"},
    {"mails.discard", "{\"mail\":\"M-1\"}", NOTHING, "not_found"},
    {"mails.test", "{\"to\":\"a@b.test\"}", NOTHING, "config"},
    {"query.keys", "{\"list\":\"orders\"}", NOTHING},
    {"events.subscribe", "{}", NOTHING},
    {"events.unsubscribe", "{}", NOTHING},
    {"jobs.list", "{}", NOTHING},
    {"jobs.get", "{\"id\":\"%\"}", JOB},
    {"jobs.cancel", "{\"id\":\"%\"}", JOB},
    {"cache.clear", "{}", NOTHING},
    {"backup.create", "{\"database\":true}", NOTHING},
    {"backup.list", "{}", NOTHING},
    {"backup.verify", "{}", NOTHING},
    {"backup.restore", "{\"name\":\"../fulexo.db\"}", NOTHING, "not_found"},
    {"backup.resume", "{\"after_restore\":true}", NOTHING},
    {"key.get", "{}", NOTHING},
    {"key.rotate", "{}", NOTHING},
    {"key.export", "{}", NOTHING},
    {"audit.list", "{}", NOTHING},
    {"audit.get", "{\"id\":1}", NOTHING},
    {"audit.verify", "{}", NOTHING},
    {"tenants.list", "{}", NOTHING},
    {"tenants.get", "{\"tenant\":\"main\"}", NOTHING},
    {"tenants.create", "{\"name\":\"alpine-co\"}", NOTHING},
    {"tenants.update", "{\"tenant\":\"main\",\"title\":\"Depot\"}", NOTHING},
    {"users.invite", "{\"name\":\"ayse\",\"role\":\"staff\"}", NOTHING},
    {"users.list", "{}", NOTHING},
    {"users.get", "{\"user\":\"ayse\"}", NOTHING},
    {"users.update", "{\"user\":\"ayse\",\"stores\":[\"alpine\"]}", NOTHING},
    {"users.link", "{\"user\":\"ayse\",\"account\":\"daemon\"}", NOTHING},
    {"users.unlink", "{\"user\":\"ayse\",\"account\":\"daemon\"}", NOTHING},
    {"users.deactivate", "{\"user\":\"ayse\"}", NOTHING},
    {"users.activate", "{\"user\":\"ayse\"}", NOTHING},
    {"users.reset", "{\"user\":\"ayse\"}", NOTHING},
    {"sessions.list", "{}", NOTHING},
    {"sessions.revoke", "{\"id\":\"c0\"}", NOTHING, "not_found"},
    {"profile.get", "{}", NOTHING},
    /* The console is no user: test_access.c signs in. */
    {"session.sign_in", "{\"user\":\"ayse\",\"password\":\"x\"}", NOTHING,
     "wrong_proof"},
    {"session.accept",
     "{\"user\":\"ayse\",\"code\":\"0000-0000-0000-0000\","
     "\"password\":\"correct horse battery\"}",
     NOTHING, "wrong_proof"},
    {"session.resume", "{\"token\":\"x\"}", NOTHING, "sign_in"},
    {"session.refresh", "{\"token\":\"x\"}", NOTHING, "sign_in"},
    {"session.confirm", "{\"code\":\"000000\"}", NOTHING, "denied"},
    {"session.sign_out", "{}", NOTHING},
    {"tokens.list", "{}", NOTHING},
    {"views.list", "{}", NOTHING},
    {"views.save", "{\"slot\":1,\"list\":\"orders\"}", NOTHING},
    {"views.remove", "{\"slot\":1}", NOTHING},
    {"tokens.create", "{\"name\":\"t\"}", NOTHING, "denied"},
    {"tokens.revoke", "{\"id\":\"01K9QF3E3M7Q2W8R5T1Y6Z0ABC\"}", NOTHING,
     "not_found"},
    {"profile.update", "{\"lang\":\"tr\"}", NOTHING, "denied"},
    {"profile.password", "{\"new\":\"correct horse battery\"}", NOTHING,
     "denied"},
    {"profile.totp_begin", "{}", NOTHING, "denied"},
    {"profile.totp_confirm", "{\"code\":\"000000\"}", NOTHING, "denied"},
    {"profile.totp_remove", "{}", NOTHING, "denied"},
    {"stores.remove", "{\"store\":\"alpine\",\"confirm\":\"alpine\"}", NOTHING},
    {"stores.create",
     "{\"name\":\"again\",\"url\":\"%\",\"key\":\"ck_demo\","
     "\"secret\":\"cs_demo\",\"allow_http\":true}",
     NOTHING},
};
enum { ENTRIES = sizeof entries / sizeof *entries };

/* First row of a list: that member as text. */
static char *found(struct world *w, const char *list, const char *filter,
                   const char *member) {
    AUTO_BUF struct buf text = BUF_INIT;
    const struct json *l =
        world_call(w, list, "{\"limit\":1,\"filter\":\"%s\"}", filter);
    const struct json *v = json_get(json_first(json_get(l, "items")), member);
    if (!v)
        fail_msg("%s answers no row", list);
    json_print(&text, v);
    bool quoted = json_type(v) == JSON_STRING;
    return mem_dupn(text.data + quoted, text.len - 2 * quoted);
}

static char *subject(struct world *w, const struct entry *e) {
    switch (e->with) {
    case ORDER:
        return found(w, "orders.list", "", "ref");
    case TO_SHIP:
        return found(w, "orders.list", "phase:todo", "ref");
    case PRODUCT:
        return found(w, "products.list", "", "ref");
    case CUSTOMER:
        return found(w, "customers.list", "kind:registered", "ref");
    case CATEGORY:
        return found(w, "categories.list", "", "ref");
    case CHANGE:
        return found(w, "changes.list", "state:queued", "id");
    case APPROVAL:
        return found(w, "changes.list", "state:awaiting", "id");
    case PROPOSAL:
        return found(w, "approvals.list", "", "id");
    case ASIDE:
        return found(w, "attention.list", "", "id");
    case JOB: {
        const struct json *l = world_call(w, "jobs.list", "{\"limit\":1}");
        return mem_dup(
            json_string(json_get(json_first(json_get(l, "items")), "id")));
    }
    case NOTHING:
        break;
    }
    return mem_dup(w->shop.url);
}

static char *params_of(struct world *w, const struct entry *e) {
    const char *at = strchr(e->params, '%');
    if (!at)
        return mem_dup(e->params);
    AUTO_FREE char *with = subject(w, e);
    return mem_printf("%.*s%s%s", (int)(at - e->params), e->params, with,
                      at + 1);
}

static void assert_shape(const struct json *document, const struct entry *e,
                         const struct json *schema, const struct json *v) {
    AUTO_BUF struct buf fault = BUF_INIT;
    AUTO_BUF struct buf text = BUF_INIT;
    assert_non_null(schema);
    if (shape_matches(document, schema, v, &fault))
        return;
    json_print(&text, v);
    fail_msg("%s: %s in %.3000s", e->method, buf_str(&fault), buf_str(&text));
}

static const struct json *described(const struct json *document,
                                    const char *method) {
    const struct json *m = json_first(json_get(document, "methods"));
    for (; m; m = json_next(m))
        if (str_eq(json_string(json_get(m, "name")), method))
            return m;
    return NULL;
}

static void call_one(struct world *w, const struct json *document,
                     const struct entry *e) {
    const struct json *m = described(document, e->method);
    const struct json *schema = json_get(json_get(m, "result"), "schema");
    const struct json *job = json_get(m, "x-job-result");
    AUTO_FREE char *params = params_of(w, e);
    if (!m)
        fail_msg("%s is no method", e->method);
    if (e->error)
        assert_string_equal(
            json_string(json_path(rpc_call_error(&w->c, e->method, params),
                                  "data.code")),
            e->error);
    else if (job)
        assert_shape(document, e, job, world_job(w, e->method, "%s", params));
    else
        assert_shape(document, e, schema,
                     rpc_call_ok(&w->c, e->method, params));
}

static void prepare(struct world *w) {
    world_start(w, "--storage", "hpos", "--seed", "4", "--orders", "60",
                "--products", "20", "--customers", "20", NULL);
    world_store(w, "alpine", ",\"paused\":true");
    (void)world_job(w, "stores.sync", "{\"store\":\"alpine\"}");
    /* something to attend to, which the shop does not have when asked again */
    world_door(w, "faults",
               "{\"kind\":\"odd_row\",\"value\":4,\"path\":\"/wc/v3/orders\"}");
    (void)world_job(w, "stores.sync",
                    "{\"store\":\"alpine\",\"only\":[\"orders\"]}");
    free(shop_proc_delete(&w->shop, "faults"));
}

static void every_method_answers_as_described(void **state) {
    (void)state;
    struct world w;
    prepare(&w);
    const struct json *document = rpc_call_ok(&w.c, "rpc.discover", "{}");
    for (size_t i = 0; i < ENTRIES; i++)
        call_one(&w, document, &entries[i]);
    world_done(&w);
}

static void no_method_is_left_out(void **state) {
    (void)state;
    struct world w;
    world_start_daemon(&w);
    const struct json *document = rpc_call_ok(&w.c, "rpc.discover", "{}");
    const struct json *m = json_first(json_get(document, "methods"));
    assert_int_equal(json_count(json_get(document, "methods")), ENTRIES);
    for (; m; m = json_next(m)) {
        const char *name = json_string(json_get(m, "name"));
        size_t i = 0;
        while (i < ENTRIES && strcmp(entries[i].method, name) != 0)
            i++;
        if (i == ENTRIES)
            fail_msg("%s is called by no test", name);
    }
    world_done(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_method_is_left_out),
        cmocka_unit_test(every_method_answers_as_described),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
