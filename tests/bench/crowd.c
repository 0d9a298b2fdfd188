#include "crowd.h"

#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "client.h"
#include "common/arena.h"
#include "common/buf.h"
#include "common/cleanup.h"
#include "common/mem.h"
#include "common/str.h"

#define SOME(table)                                                            \
    " FROM " table " WHERE id = 1 + ?1 % (SELECT max(id) FROM " table ")"
#define REF_OF(table)                                                          \
    "SELECT (SELECT name FROM store WHERE id = store_id) || ':' || "           \
    "remote_id" SOME(table)
#define SOME_STORE                                                             \
    "SELECT name FROM store WHERE id = 1 + ?1 % (SELECT count(*) FROM store)"
#define WORDS                                                                  \
    "SELECT CASE ?1 % 4 WHEN 0 THEN number WHEN 1 THEN email WHEN 2 THEN "     \
    "substr(email, 2, 8) ELSE name END" SOME("orders")
#define SINCE(ago)                                                             \
    "SELECT date('now', '" ago "') || '\",\"to\":\"' || date('now', '+1 day')"
#define WRITE "\"request_id\":\"#\"}"
#define FILTER(text) "{\"filter\":\"" text "\",\"limit\":50}"

const struct crowd_probe crowd_probes[] = {
    {"order, whole", "orders.get", "{\"ref\":\"$\"}", REF_OF("orders"), EDITOR},
    {"order, timeline", "orders.timeline", "{\"ref\":\"$\"}", REF_OF("orders"),
     EDITOR},
    {"order, tag", "orders.tag", "{\"ref\":\"$\",\"add\":[\"crowd\"]," WRITE,
     REF_OF("orders"), EDITOR},
    {"order, hold", "orders.hold",
     "{\"ref\":\"$\",\"reason\":\"operator\"," WRITE, REF_OF("orders"), EDITOR},
    {"order, release", "orders.release", "{\"ref\":\"$\"," WRITE,
     REF_OF("orders"), EDITOR},
    {"order, note", "orders.note", "{\"ref\":\"$\",\"text\":\"Called.\"," WRITE,
     REF_OF("orders"), EDITOR},
    {"order, address", "orders.update",
     "{\"ref\":\"$\",\"billing\":{\"phone\":\"+1 555 0100\"}," WRITE,
     REF_OF("orders"), EDITOR},
    {"product, stock", "inventory.adjust",
     "{\"ref\":\"$\",\"delta\":\"1\"," WRITE, REF_OF("product"), EDITOR},

    {"search, orders", "orders.list", FILTER("$"), WORDS, READER},
    {"search, all", "search.find", "{\"filter\":\"$\"}", WORDS, READER},
    {"search, customers", "customers.list", FILTER("$"),
     "SELECT name" SOME("contact"), READER},
    {"search, products", "products.list", FILTER("$"),
     "SELECT sku" SOME("product"), READER},
    {"orders, late", "orders.list", FILTER("late:yes"), NULL, READER},
    {"orders, late of a store", "orders.list", FILTER("late:yes store:$"),
     SOME_STORE, READER},
    {"orders, late and held", "orders.list", FILTER("late:yes hold:any"), NULL,
     READER},
    {"orders, dearest", "orders.list",
     "{\"filter\":\"status:processing\",\"sort\":\"-total\"}", NULL, READER},
    {"orders, store", "orders.list", FILTER("store:$"), SOME_STORE, READER},
    {"orders, tag", "orders.list", FILTER("tag:gift"), NULL, READER},
    {"orders, phase", "orders.list", FILTER("phase:todo"), NULL, READER},
    {"customers", "customers.list", FILTER(""), NULL, READER},
    {"customers, store", "customers.list", FILTER("store:$"), SOME_STORE,
     READER},
    {"tickets, active", "tickets.list", FILTER("state:active"), NULL, READER},
    {"tickets, unread", "tickets.list", FILTER("unread:yes"), NULL, READER},
    {"returns, open", "returns.list", FILTER("state:open"), NULL, READER},
    {"returns, by reason", "returns.list", FILTER("reason:other"), NULL,
     READER},

    {"inventory", "inventory.list", FILTER(""), NULL, KEEPER},
    {"inventory, store", "inventory.list", FILTER("store:$"), SOME_STORE,
     KEEPER},
    {"inventory, low", "inventory.list", FILTER("low:yes"), NULL, KEEPER},
    {"inventory, alerts", "inventory.list", FILTER("alert:yes"), NULL, KEEPER},
    {"inventory, bin", "inventory.list", FILTER("bin:$"),
     "SELECT code" SOME("bin"), KEEPER},
    {"inventory, SKU", "inventory.list", FILTER("sku:$"),
     "SELECT sku" SOME("product"), KEEPER},
    {"inventory, few on hand", "inventory.list", FILTER("onhand:<3"), NULL,
     KEEPER},
    {"inventory, not kept", "inventory.list", FILTER("kept:no"), NULL, KEEPER},
    {"inventory, one", "inventory.get", "{\"ref\":\"$\"}", REF_OF("product"),
     KEEPER},
    {"inventory, ledger", "inventory.ledger", "{\"ref\":\"$\"}",
     REF_OF("product"), KEEPER},
    {"inventory, correct", "inventory.correct",
     "{\"ref\":\"$\",\"bin\":\"A-00-1\",\"delta\":\"1\"," WRITE,
     REF_OF("product"), KEEPER},
    {"products, low", "products.list", FILTER("low:yes"), NULL, KEEPER},

    {"dashboard", "dashboard.get", "{}", NULL, BOSS},
    {"dashboard, store", "dashboard.get", "{\"store\":\"$\"}", SOME_STORE,
     BOSS},
    {"statistics, 30 days", "orders.stats", "{\"from\":\"$\"}",
     SINCE("-30 days"), BOSS},
    {"statistics, a year", "orders.stats", "{\"from\":\"$\"}",
     SINCE("-365 days"), BOSS},
    {"sales of a product", "products.sales", "{\"ref\":\"$\"}",
     REF_OF("product"), BOSS},
    {"approvals, pending", "approvals.list", FILTER("state:pending"), NULL,
     BOSS},
    {"approvals", "approvals.list", FILTER(""), NULL, BOSS},
    {"counters", "orders.counts", "{}", NULL, BOSS},
    {"changes, open", "changes.list", FILTER("state:open"), NULL, BOSS},
    {"shipments", "shipments.list", FILTER(""), NULL, BOSS},
    {"shipments, waiting", "shipments.list", FILTER("state:waiting"), NULL,
     BOSS},
};
const int crowd_n_probes = sizeof crowd_probes / sizeof *crowd_probes;

const char *crowd_what(int kind) {
    static const char *const steps[] = {
        "picker, queue", "picker, begins", "picker, a scan", "picker, done",
        "packer, queue", "packer, begins", "packer, a scan", "packer, done"};
    return kind < crowd_n_probes ? crowd_probes[kind].what
                                 : steps[kind - crowd_n_probes];
}

/* --- a person ------------------------------------------------------------- */

void person_open(struct person *p, struct crowd *c, int number,
                 enum crowd_role role) {
    *p = (struct person){.crowd = c,
                         .role = role,
                         .number = number,
                         .arena = arena_new(0),
                         .gen = {(uint64_t)number * 7919}};
    if (role == BOSS)
        (void)str_copy(p->name, sizeof p->name, "boss");
    else
        (void)str_format(p->name, sizeof p->name, "p%d", number);
    p->c = client_open_as(c->socket, p->name);
    (void)client_call(p->c, "events.subscribe", "{}"); /* as screens do */
}

void person_close(struct person *p) {
    client_close(p->c);
    arena_free(p->arena);
    for (int i = 0; i < PROBES_MAX; i++)
        free(p->ms[i]);
}

const char *person_text(const struct json *v, const char *path) {
    const char *s = json_string(json_path(v, path));
    return s ? s : "";
}

static void note(struct person *p, int kind, double ms) {
    size_t n = p->n[kind];
    if (n == MS_MAX)
        return;
    if ((n & (n - 1)) == 0)
        p->ms[kind] = mem_resize(p->ms[kind], n ? 2 * n : 1, sizeof(double));
    p->ms[kind][p->n[kind]++] = ms;
}

/* Every write has an id of its own. */
static char *fill(struct person *p, const char *params, const char *value) {
    struct buf b = BUF_INIT;
    for (const char *s = params; *s; s++)
        if (*s == '$' && value)
            buf_adds(&b, value);
        else if (*s == '#')
            buf_addf(&b, "%s-%lld", p->name, (long long)bench_ns());
        else
            buf_addc(&b, *s);
    return buf_take(&b);
}

/* Another was there first. */
static bool is_race(const char *line) {
    return strstr(line, "\"conflict\"") || strstr(line, "\"exists\"");
}

static const struct json *timed(struct person *p, int kind, const char *method,
                                const char *params) {
    const struct json *v = NULL;
    const struct crowd *c = p->crowd;
    bench_sleep(c->least +
                (c->spread ? (int)gen_below(&p->gen, (uint64_t)c->spread) : 0));
    int64_t from = bench_ns();
    const char *line = client_call(p->c, method, params);
    note(p, kind, (double)(bench_ns() - from) / 1e6);
    p->calls++;
    arena_reset(p->arena);
    if (json_parse(p->arena, line, strlen(line), NULL, &v, NULL) < 0)
        bench_die("%s %s: %.300s", method, params, line);
    if (json_get(v, "result"))
        return json_get(v, "result");
    if (!is_race(line))
        bench_die("%s %s %s: %.300s", p->name, method, params, line);
    return NULL;
}

const struct json *person_call(struct person *p, int kind, const char *method,
                               const char *params) {
    AUTO_FREE char *filled = fill(p, params, NULL);
    return timed(p, kind, method, filled);
}

static void ask(struct person *p, int kind) {
    const struct crowd_probe *b = &crowd_probes[kind];
    const char *value = p->crowd->values[kind][gen_below(&p->gen, VALUES)];
    AUTO_FREE char *params = fill(p, b->params, value);
    (void)timed(p, kind, b->method, params);
}

void person_work(struct person *p) {
    int mine[PROBES_MAX], n = 0;
    if (p->role == PICKER) {
        hands_pick(p);
        return;
    }
    if (p->role == PACKER) {
        hands_pack(p);
        return;
    }
    for (int i = 0; i < crowd_n_probes; i++)
        if (crowd_probes[i].role == (int)p->role)
            mine[n++] = i;
    ask(p, mine[gen_below(&p->gen, (uint64_t)n)]);
}
