/* A command of the tables. Happy path: arguments become parameters, the answer
 * is printed; a list goes on page by page with --all; long work is waited for.
 * Failure modes: wrong arguments, an error of the daemon, no daemon, work that
 * fails after it began. */
#include <string.h>

#include "common/arena.h"
#include "common/check.h"
#include "common/jsonw.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/cli.h"
#include "tui/cli_args.h"
#include "tui/cli_change.h"
#include "tui/cli_document.h"
#include "tui/cli_export.h"
#include "tui/cli_files.h"
#include "tui/cli_help.h"
#include "tui/cli_job.h"
#include "tui/cli_print.h"
#include "tui/cli_report.h"
#include "tui/cli_send.h"

static void wipe(struct buf *b) {
    if (b->len)
        mem_wipe(b->data, b->len);
    buf_done(b);
}

/* --- lists -------------------------------------------------------------- */

/* A list on its way out. */
struct list {
    struct cli *c;
    const char *columns;
    struct cli_grid grid; /* rows of a table; of CSV the page's */
    size_t pages, items;
};

/* Columns: --fields wherever it was read, else the schema's. */
static char *columns_of(struct cli *c, const struct cli_method *m,
                        const char *params) {
    CLEANUP(rpc_reply_done) struct rpc_reply doc = {.arena = arena_new(4096)};
    const struct json *v;
    if (c->o.fields)
        return mem_dup(c->o.fields);
    if (json_parse(doc.arena, params, strlen(params), NULL, &v, NULL) == 0 &&
        json_count(json_get(v, "fields"))) {
        struct buf b = BUF_INIT;
        const struct json *fields = json_get(v, "fields");
        for (const struct json *f = json_first(fields); f; f = json_next(f))
            buf_addf(&b, "%s%s", b.len ? "," : "", json_string(f));
        return buf_take(&b);
    }
    return mem_dup(m->columns);
}

/* `params` with another `after`, and whole pages unless a limit was given. */
static void page_params(struct buf *out, const char *params,
                        const char *after) {
    struct jsonw w;
    AUTO_BUF struct buf more = BUF_INIT;
    bool limited = strstr(params, "\"limit\":") != NULL;
    size_t n = strlen(params);
    REQUIRE(n >= 2 && params[n - 1] == '}');
    jsonw_init(&w, &more);
    jsonw_begin_object(&w);
    if (!limited)
        jsonw_ki64(&w, "limit", 500);
    if (after)
        jsonw_kstring(&w, "after", after);
    jsonw_end_object(&w);
    buf_add(out, params, n - 1);
    if (n > 2 && more.len > 2)
        buf_addc(out, ',');
    buf_adds(out, more.data + 1);
}

static void list_json(struct list *l, const struct rpc_reply *r) {
    const struct json *items = json_get(r->result, "items");
    AUTO_BUF struct buf text = BUF_INIT;
    if (!l->c->o.all) {
        cli_print_json(l->c, r->text.data, r->text.len);
        return;
    }
    if (!l->pages)
        (void)fputs("{\"items\":[", l->c->io.out);
    json_print(&text, items);
    if (l->items && json_count(items))
        (void)fputc(',', l->c->io.out);
    (void)fprintf(l->c->io.out, "%.*s", (int)(text.len - 2), text.data + 1);
}

static void list_page(struct list *l, const struct rpc_reply *r) {
    const struct json *items = json_get(r->result, "items");
    if (l->c->o.json)
        list_json(l, r);
    else
        for (const struct json *v = json_first(items); v; v = json_next(v))
            cli_grid_add(&l->grid, v);
    if (l->c->o.csv) {
        cli_print_grid(l->c, &l->grid, l->pages == 0);
        cli_grid_done(&l->grid);
        cli_grid_init(&l->grid, l->columns);
    }
    l->pages++;
    l->items += json_count(items);
}

static void list_end(struct list *l, const char *next) {
    struct cli *c = l->c;
    if (c->o.json && c->o.all)
        (void)fputs("],\"next\":null}\n", c->io.out);
    if (c->o.json || c->o.csv)
        return;
    cli_print_grid(c, &l->grid, true);
    if (next && c->io.err_tty)
        (void)fprintf(c->io.err, "%s\n",
                      text_get(c->lang, TEXT_CLI_MORE_FOLLOW));
}

static int list_loop(struct list *l, const struct cli_method *m,
                     const char *params) {
    AUTO_FREE char *after = NULL;
    for (;;) {
        CLEANUP(rpc_reply_done) struct rpc_reply r = {0};
        AUTO_BUF struct buf page = BUF_INIT;
        if (l->c->o.all)
            page_params(&page, params, after);
        int rc = cli_ask(l->c, m->method, page.len ? page.data : params, &r);
        if (rc)
            return rc;
        list_page(l, &r);
        const char *next = json_string(json_get(r.result, "next"));
        if (!next || !l->c->o.all) {
            list_end(l, next);
            return 0;
        }
        free(after);
        after = mem_dup(next);
    }
}

static int run_list(struct cli *c, const struct cli_method *m,
                    const char *params) {
    AUTO_FREE char *columns = columns_of(c, m, params);
    struct list l = {.c = c, .columns = columns};
    cli_grid_init(&l.grid, columns);
    int rc = list_loop(&l, m, params);
    cli_grid_done(&l.grid);
    return rc;
}

/* --- long work ---------------------------------------------------------- */

/* Work that only reads is ended with the wait; what changes something is not.
 */
static bool ends_with_us(const struct cli_method *m) {
    return str_eq(m->method, "stores.verify") ||
           str_eq(m->method, "stores.test");
}

/* A job that did not end well becomes the run's fault. */
static int job_fault(struct cli *c, const struct json *job) {
    const struct json *error = json_get(job, "error");
    const char *message = json_string(json_get(error, "message"));
    const char *hint = json_string(json_get(error, "hint"));
    const char *name = json_string(json_get(error, "code"));
    int code = name ? err_from_name(name) : 0;
    if (str_eq(json_string(json_get(job, "state")), "cancelled"))
        return CLI_FAIL(c, ERR_CANCELLED, TEXT_CLI_JOB_CANCELLED);
    if (!message)
        return 0;
    (void)cli_fail(c, code ? code : ERR_INTERNAL, message);
    c->fault.hint = mem_dup(hint ? hint : "");
    return c->fault.code;
}

/* "Done in part" is a result with a status, not a failure to tell. */
static int job_end(struct cli *c, const struct cli_method *m,
                   const struct json *job) {
    const struct json *result = json_get(job, "result");
    bool has = json_type(result) != JSON_NULL;
    int status = 0;
    if (has && c->o.json && json_type(json_get(job, "error")) == JSON_NULL) {
        AUTO_BUF struct buf text = BUF_INIT;
        json_print(&text, result);
        cli_print_json(c, text.data, text.len);
        status = cli_report_status(m, result);
    } else if (has && !c->o.json)
        status = cli_report(c, m, result);
    else if (!c->o.json && json_count(json_get(job, "steps")))
        cli_report_hops(c, json_get(job, "steps"));
    int rc = job_fault(c, job);
    return rc ? rc : status;
}

static int started(struct cli *c, const struct rpc_reply *r, const char *id) {
    if (c->o.json)
        cli_print_json(c, r->text.data, r->text.len);
    else
        CLI_SAY(c, TEXT_CLI_JOB_STARTED, "id", id);
    return 0;
}

static int run_long(struct cli *c, const struct cli_method *m,
                    const char *params) {
    CLEANUP(rpc_reply_done) struct rpc_reply r = {0}, end = {0};
    bool wait = !m->no_wait || c->o.wait;
    int rc = wait ? cli_job_listen(c) : 0;
    if (!rc)
        rc = cli_ask(c, m->method, params, &r);
    if (rc)
        return rc;
    const char *id = json_string(json_get(r.result, "job"));
    if (!id || strspn(id, "0123456789ABCDEFGHJKMNPQRSTVWXYZ") != strlen(id))
        return CLI_FAIL(c, ERR_INVALID_REQUEST, TEXT_CLI_NOT_OURS);
    if (!wait)
        return started(c, &r, id);
    rc = cli_job_wait(c, id, ends_with_us(m), &end);
    return rc ? rc : job_end(c, m, end.result);
}

/* --- one call ----------------------------------------------------------- */

static int run_once(struct cli *c, const struct cli_method *m,
                    const char *params) {
    CLEANUP(rpc_reply_done) struct rpc_reply r = {0};
    int rc = cli_ask(c, m->method, params, &r);
    if (rc)
        return rc;
    if (c->o.wait && cli_change_is(r.result))
        return cli_change_follow(c, r.result);
    if (!c->o.json)
        return cli_report(c, m, r.result);
    cli_print_json(c, r.text.data, r.text.len);
    return cli_report_status(m, r.result);
}

/* `fulexo sync` alone means every store. */
static void friendly(const struct cli_method *m, struct buf *params) {
    if (str_eq(m->method, "stores.sync") &&
        !strstr(buf_str(params), "\"store\":") &&
        !strstr(buf_str(params), "\"all\":")) {
        AUTO_FREE char *old = buf_take(params);
        buf_addf(params, "{\"all\":true%s%s", old[1] == '}' ? "" : ",",
                 old + 1);
    }
}

int cli_method(struct cli *c, const struct cli_method *m, int argc,
               char **argv) {
    CLEANUP(wipe) struct buf params = BUF_INIT;
    int rc = cli_args_read(c, m, argc, argv, &params);
    if (rc)
        return rc;
    if (c->o.help) {
        cli_help_method(c, c->io.out, m);
        return 0;
    }
    friendly(m, &params);
    rc = cli_connect(c);
    if (rc)
        return rc;
    if (m->is_long)
        rc = cli_send_named(c, &params);
    if (rc)
        return rc;
    if (m->list)
        return run_list(c, m, params.data);
    if (str_eq(m->method, "documents.render") && !c->o.json)
        return cli_document(c, m, params.data);
    if ((str_eq(m->method, "inventory.export") ||
         str_eq(m->method, "products.export")) &&
        !c->o.json)
        return cli_export(c, m, params.data);
    if (str_eq(m->method, "files.get") && !c->o.json)
        return cli_file_get(c, m, params.data);
    return m->is_long ? run_long(c, m, params.data)
                      : run_once(c, m, params.data);
}
