/* Methods whose result deserves more than "name value" lines or a table of the
 * schema's columns; one row each in `reports`. CSV is always one table; what
 * does not fit into it goes to stderr. */
#include "tui/cli_report.h"

#include "common/str.h"
#include "common/utf8.h"
#include "tui/cli_job.h"
#include "tui/cli_people.h"
#include "tui/cli_print.h"

#include <string.h>

static int64_t number_of(const struct json *v) {
    int64_t n = 0;
    return json_i64(v, false, &n) ? 0 : n;
}

/* --- sync --------------------------------------------------------------- */

#define COLLECTION "collection,rows,new,changed,gone,aside,requests,ms"

/* A row of each collection, the store's name and state before it. */
static void sync_rows(struct cli_grid *g, const struct json *store) {
    const struct json *list = json_get(store, "collections");
    for (const struct json *col = json_first(list); col; col = json_next(col)) {
        struct buf cell[16] = {{0}};
        const char *texts[16] = {0};
        for (size_t i = 0; i < g->n_cols; i++) {
            const struct json *v = json_get(i < 2 ? store : col, g->names[i]);
            cli_grid_value(&cell[i], v);
            texts[i] = buf_str(&cell[i]);
        }
        cli_grid_add_texts(g, texts);
        for (size_t i = 0; i < g->n_cols; i++)
            buf_done(&cell[i]);
    }
}

/* Why a store was not read; on stderr, so that CSV stays CSV. */
static void store_fault(struct cli *c, const struct json *store) {
    const struct json *error = json_get(store, "error");
    const char *name = json_string(json_get(store, "store"));
    const char *message = json_string(json_get(error, "message"));
    const char *hint = json_string(json_get(error, "hint"));
    AUTO_BUF struct buf raw = BUF_INIT;
    AUTO_BUF struct buf safe = BUF_INIT;
    if (!message)
        return;
    buf_addf(&raw, "%s: %s%s%s", name ? name : "?", message, hint ? " " : "",
             hint ? hint : "");
    utf8_safe(&safe, raw.data, raw.len);
    (void)fprintf(c->io.err, "%s\n", buf_str(&safe));
}

static void print_sync(struct cli *c, const struct json *result) {
    CLEANUP(cli_grid_done) struct cli_grid g;
    const struct json *stores = json_get(result, "stores");
    cli_grid_init(&g, "store,state," COLLECTION);
    for (const struct json *s = json_first(stores); s; s = json_next(s))
        sync_rows(&g, s);
    cli_print_grid(c, &g, true);
    for (const struct json *s = json_first(stores); s; s = json_next(s))
        store_fault(c, s);
}

static int sync_status(const struct json *result) {
    const struct json *stores = json_get(result, "stores");
    for (const struct json *s = json_first(stores); s; s = json_next(s))
        if (!str_eq(json_string(json_get(s, "state")), "done"))
            return 1;
    return 0;
}

/* --- verify ------------------------------------------------------------- */

static void verify_line(struct cli *c, const struct json *store) {
    AUTO_BUF struct buf counts = BUF_INIT;
    char total[24], differ[24];
    int64_t sum = 0, n = number_of(json_get(store, "differences"));
    const char *name = json_string(json_get(store, "store"));
    for (const struct json *r = json_first(json_get(store, "rows")); r;
         r = json_next(r)) {
        sum += number_of(r);
        buf_addf(&counts, "%s%s %lld", counts.len ? ", " : "", json_key(r),
                 (long long)number_of(r));
    }
    (void)str_format(total, sizeof total, "%lld", (long long)sum);
    (void)str_format(differ, sizeof differ, "%lld", (long long)n);
    CLI_SAY(c, n ? TEXT_STORE_VERIFIED_DIFF : TEXT_STORE_VERIFIED_CLEAN,
            "store", name ? name : "?", "rows", total, "n", differ);
    if (counts.len)
        (void)fprintf(c->io.out, "  %s\n", buf_str(&counts));
}

static void print_verify(struct cli *c, const struct json *result) {
    CLEANUP(cli_grid_done) struct cli_grid g;
    const struct json *stores = json_get(result, "stores");
    cli_grid_init(&g, "ref,collection,what,path,mirror,shop");
    for (const struct json *s = json_first(stores); s; s = json_next(s)) {
        if (!c->o.csv)
            verify_line(c, s);
        for (const struct json *d = json_first(json_get(s, "list")); d;
             d = json_next(d))
            cli_grid_add(&g, d);
        store_fault(c, s);
    }
    if (g.n_rows || c->o.csv)
        cli_print_grid(c, &g, true);
}

static int verify_status(const struct json *result) {
    const struct json *stores = json_get(result, "stores");
    if (number_of(json_get(result, "differences")) > 0)
        return 1;
    for (const struct json *s = json_first(stores); s; s = json_next(s))
        if (json_type(json_get(s, "error")) == JSON_OBJECT)
            return 1;
    return 0;
}

/* --- doctor ------------------------------------------------------------- */

/* Hops that a person has already watched arrive are not said twice. */
void cli_report_hops(struct cli *c, const struct json *hops) {
    if (c->o.csv) {
        cli_print_rows(c, hops, "hop,state,detail,cure,ms");
        return;
    }
    if (c->io.err_tty && c->io.out_tty)
        return;
    for (const struct json *hop = json_first(hops); hop; hop = json_next(hop)) {
        AUTO_BUF struct buf line = BUF_INIT;
        cli_job_hop(c, hop, &line);
        (void)fprintf(c->io.out, "%s\n", buf_str(&line));
    }
}

static void print_test(struct cli *c, const struct json *result) {
    cli_report_hops(c, json_get(result, "hops"));
}

static int test_status(const struct json *result) {
    bool ok = false;
    return json_bool(json_get(result, "ok"), false, &ok) || !ok ? 1 : 0;
}

static void print_create(struct cli *c, const struct json *result) {
    const char *name = json_string(json_path(result, "store.name"));
    cli_report_hops(c, json_path(result, "report.hops"));
    if (name && !c->o.csv)
        CLI_SAY(c, TEXT_STORE_ADDED, "store", name);
}

/* --- health ------------------------------------------------------------- */

static void print_health(struct cli *c, const struct json *result) {
    cli_print_rows(c, json_get(result, "checks"), "name,state,detail,cure");
}

static int health_status(const struct json *result) {
    const char *state = json_string(json_get(result, "state"));
    if (str_eq(state, "ok"))
        return 0;
    return str_eq(state, "warn") ? 1 : err_exit_status(ERR_INTERNAL);
}

static void print_raw(struct cli *c, const struct json *result) {
    AUTO_BUF struct buf text = BUF_INIT;
    json_print(&text, json_get(result, "object"));
    cli_print_json(c, text.data, text.len);
}

/* A document, not rows: JSON in any case. */
static void print_document(struct cli *c, const struct json *result) {
    AUTO_BUF struct buf text = BUF_INIT;
    json_print(&text, result);
    cli_print_json(c, text.data, text.len);
}

static const struct report {
    const char *method;
    void (*print)(struct cli *c, const struct json *result);
    int (*status)(const struct json *result); /* NULL: always 0 */
} reports[] = {
    {"stores.sync", print_sync, sync_status},
    {"stores.verify", print_verify, verify_status},
    {"stores.test", print_test, test_status},
    {"stores.create", print_create, NULL},
    {"health.get", print_health, health_status},
    {"orders.raw", print_raw, NULL},
    {"products.raw", print_raw, NULL},
    {"customers.raw", print_raw, NULL},
    {"rpc.discover", print_document, NULL},
    {"users.invite", cli_people_invited, NULL},
    {"users.reset", cli_people_invited, NULL},
    {"profile.totp_begin", cli_people_totp, NULL},
};

static const struct report *find(const struct cli_method *m) {
    for (size_t i = 0; i < sizeof reports / sizeof *reports; i++)
        if (str_eq(reports[i].method, m->method))
            return &reports[i];
    return NULL;
}

int cli_report_status(const struct cli_method *m, const struct json *result) {
    const struct report *r = find(m);
    return r && r->status && result ? r->status(result) : 0;
}

int cli_report(struct cli *c, const struct cli_method *m,
               const struct json *result) {
    const struct report *r = find(m);
    if (json_type(result) == JSON_NULL)
        return 0;
    if (r)
        r->print(c, result);
    else
        cli_print_object(c, result);
    return cli_report_status(m, result);
}
