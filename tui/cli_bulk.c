/* Happy path: the daemon says what would become of each order; who sits at a
 * terminal says yes; each is sent as a call of its own (what is picked goes
 * together), and told with what became of it.
 * Failure modes: nobody is there to say yes (--yes says it), an order is not
 * allowed or is refused (the others go on; exit status 1), the daemon goes
 * away (what was done is told, the rest is not sent). */
#include "tui/cli_bulk.h"

#include <string.h>

#include "common/arena.h"
#include "common/jsonw.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/bulk_sum.h"
#include "tui/cli_args.h"
#include "tui/cli_find.h"
#include "tui/cli_help.h"
#include "tui/cli_print.h"

/* What is said beside the parameters of orders.preview. */
struct options {
    const char *note, *until;
    bool dry_run, yes;
};

struct bulk {
    struct cli *c;
    struct options o;
    const char *act, *value;
    const struct json *preview;
    struct cli_grid done; /* ref, state, change, text */
    int taken, refused;
};

/* --- arguments ---------------------------------------------------------- */

/* Take our own options out of argv; the rest is orders.preview's. */
static int own_options(struct cli *c, int *argc, char **argv,
                       struct options *o) {
    int kept = 0;
    for (int i = 0; i < *argc; i++) {
        const char *value = NULL;
        bool note = cli_options_match(argv[i], "--note", &value);
        bool until = !note && cli_options_match(argv[i], "--until", &value);
        if (str_eq(argv[i], "--dry-run"))
            o->dry_run = true;
        else if (str_eq(argv[i], "--yes"))
            o->yes = true;
        else if (!note && !until)
            argv[kept++] = argv[i];
        else if (!value && i + 1 == *argc)
            return CLI_FAIL(c, ERR_INVALID_PARAMS, TEXT_CLI_NO_VALUE, "option",
                            argv[i]);
        else {
            value = value ? value : argv[++i];
            *(note ? &o->note : &o->until) = value;
        }
    }
    *argc = kept;
    return 0;
}

/* --- one order ---------------------------------------------------------- */

static const char *method_of(const char *act) {
    static const char *const methods[][2] = {
        {"status", "orders.update"},   {"hold", "orders.hold"},
        {"release", "orders.release"}, {"tag", "orders.tag"},
        {"untag", "orders.tag"},       {"trash", "orders.trash"},
        {"untrash", "orders.untrash"}, {"pick", "picks.begin"}};
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (str_eq(methods[i][0], act))
            return methods[i][1];
    return NULL;
}

static void write_word(struct jsonw *w, const char *key, const char *word) {
    jsonw_key(w, key);
    jsonw_begin_array(w);
    jsonw_string(w, word);
    jsonw_end_array(w);
}

/* What was seen goes along: who changed it meanwhile is not overrun. */
static void write_base(struct jsonw *w, const struct json *row) {
    jsonw_key(w, "base");
    jsonw_begin_object(w);
    jsonw_kstring(w, "status", json_string(json_get(row, "status")));
    jsonw_end_object(w);
}

static void write_act(const struct bulk *b, const struct json *row,
                      struct jsonw *w) {
    bool hold = str_eq(b->act, "hold");
    bool release = str_eq(b->act, "release");
    if (str_eq(b->act, "status") || str_eq(b->act, "untrash"))
        jsonw_kstring(w, "status", b->value);
    if (str_eq(b->act, "status"))
        write_base(w, row);
    if (hold || (release && *b->value))
        jsonw_kstring(w, "reason", b->value);
    if ((hold || release) && b->o.note)
        jsonw_kstring(w, "note", b->o.note);
    if (hold && b->o.until)
        jsonw_kstring(w, "until", b->o.until);
    if (str_eq(b->act, "tag"))
        write_word(w, "add", b->value);
    if (str_eq(b->act, "untag"))
        write_word(w, "remove", b->value);
}

static void told(struct bulk *b, const char *ref, const char *state,
                 const char *change, const char *text) {
    const char *cells[] = {ref, state, change, text};
    cli_grid_add_texts(&b->done, cells);
}

/* What the daemon said of it; a lost connection is the run's fault. */
static int take_answer(struct bulk *b, const char *ref, int rc,
                       const struct rpc_reply *r, const struct error *e) {
    if (rc < 0 && !r->code)
        return cli_fail_reply(b->c, rc, r, e);
    if (rc < 0) {
        AUTO_FREE char *why = mem_printf(
            "%s%s%s", r->message, r->hint ? " " : "", r->hint ? r->hint : "");
        told(b, ref, "refused", NULL, why);
        b->refused++;
        return 0;
    }
    const char *change = json_string(json_get(r->result, "change"));
    const char *state = json_string(json_get(r->result, "state"));
    told(b, ref, change && state ? state : "done", change, NULL);
    b->taken++;
    return 0;
}

static int send_one(struct bulk *b, const struct json *row) {
    CLEANUP(rpc_reply_done) struct rpc_reply r = {0};
    AUTO_BUF struct buf params = BUF_INIT;
    struct error e = {0};
    struct jsonw w;
    const char *ref = json_string(json_get(row, "ref"));
    jsonw_init(&w, &params);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "ref", ref);
    write_act(b, row, &w);
    cli_args_request_id(&w);
    jsonw_end_object(&w);
    int rc = rpc_client_call(b->c->client, method_of(b->act), buf_str(&params),
                             &r, &e);
    return take_answer(b, ref, rc, &r, &e);
}

/* --- all of them -------------------------------------------------------- */

static bool is_ready(const struct json *row) {
    return str_eq(json_string(json_get(row, "state")), "ready");
}

/* One walk: all of them or none. */
static int send_pick(struct bulk *b, const struct json *rows) {
    CLEANUP(rpc_reply_done) struct rpc_reply r = {0};
    AUTO_BUF struct buf params = BUF_INIT, refs = BUF_INIT;
    struct error e = {0};
    struct jsonw w;
    jsonw_init(&w, &params);
    jsonw_begin_object(&w);
    jsonw_key(&w, "orders");
    jsonw_begin_array(&w);
    for (const struct json *v = json_first(rows); v; v = json_next(v)) {
        const char *ref = json_string(json_get(v, "ref"));
        if (!is_ready(v))
            continue;
        jsonw_string(&w, ref);
        buf_addf(&refs, "%s%s", refs.len ? " " : "", ref);
    }
    jsonw_end_array(&w);
    cli_args_request_id(&w);
    jsonw_end_object(&w);
    if (!refs.len)
        return 0;
    int rc =
        rpc_client_call(b->c->client, "picks.begin", buf_str(&params), &r, &e);
    return take_answer(b, buf_str(&refs), rc, &r, &e);
}

static int send_all(struct bulk *b) {
    const struct json *rows = json_get(b->preview, "rows");
    int rc = 0;
    if (str_eq(b->act, "pick"))
        return send_pick(b, rows);
    for (const struct json *v = json_first(rows); v && rc >= 0;
         v = json_next(v))
        if (is_ready(v))
            rc = send_one(b, v);
    return rc;
}

/* --- asking ------------------------------------------------------------- */

static int count_ready(const struct bulk *b) {
    int n = 0;
    for (const struct json *v = json_first(json_get(b->preview, "rows")); v;
         v = json_next(v))
        n += is_ready(v);
    return n;
}

/* What we cannot take back is typed out, as on the screen. 1: yes. */
static int ask(const struct bulk *b, int ready) {
    struct cli *c = b->c;
    AUTO_BUF struct buf word = BUF_INIT, question = BUF_INIT;
    char line[200], n[24];
    if (b->o.yes)
        return 1;
    if (!c->io.in_tty || !c->io.err_tty)
        return CLI_FAIL(c, ERR_INVALID_PARAMS, TEXT_CLI_BULK_YES);
    (void)str_format(n, sizeof n, "%d", ready);
    bool trash = str_eq(b->act, "trash");
    text_format(&word, c->lang, trash ? TEXT_WORD_TRASH : TEXT_WORD_YES, "n", n,
                NULL);
    text_format(&question, c->lang, TEXT_UI_TYPE_WORD, "word", buf_str(&word),
                NULL);
    (void)fprintf(c->io.err, "%s: ", buf_str(&question));
    if (!fgets(line, sizeof line, c->io.in))
        return 0;
    line[strcspn(line, "\r\n")] = '\0';
    return str_eq(line, buf_str(&word));
}

/* --- telling ------------------------------------------------------------ */

static void tell_preview(const struct bulk *b) {
    AUTO_BUF struct buf sum = BUF_INIT;
    bool more = false;
    bulk_sum(b->c->lang, b->preview, &sum);
    if (!b->c->o.json)
        cli_print_rows(b->c, json_get(b->preview, "rows"),
                       "ref,status,holds,state,text");
    (void)json_bool(json_get(b->preview, "more"), false, &more);
    if (more)
        buf_adds(&sum, text_get(b->c->lang, TEXT_BULK_MORE));
    (void)fprintf(b->c->io.err, "%s\n", buf_str(&sum));
}

static void tell_json(const struct bulk *b) {
    AUTO_BUF struct buf out = BUF_INIT, preview = BUF_INIT;
    struct jsonw w;
    jsonw_init(&w, &out);
    jsonw_begin_object(&w);
    json_print(&preview, b->preview);
    jsonw_key(&w, "preview");
    jsonw_raw(&w, buf_str(&preview), preview.len);
    jsonw_key(&w, "rows");
    jsonw_begin_array(&w);
    for (size_t i = 0; i < b->done.n_rows; i++) {
        char **cells = b->done.cells + i * b->done.n_cols;
        jsonw_begin_object(&w);
        for (size_t k = 0; k < b->done.n_cols; k++)
            jsonw_kstring(&w, b->done.names[k], *cells[k] ? cells[k] : NULL);
        jsonw_end_object(&w);
    }
    jsonw_end_array(&w);
    jsonw_end_object(&w);
    cli_print_json(b->c, buf_str(&out), out.len);
}

static int tell_done(const struct bulk *b) {
    int64_t not_allowed = 0;
    (void)json_i64(json_get(b->preview, "refused"), false, &not_allowed);
    if (b->c->o.json)
        tell_json(b);
    else if (b->done.n_rows)
        cli_print_grid(b->c, &b->done, true);
    return b->refused > 0 || not_allowed > 0;
}

/* --- the command -------------------------------------------------------- */

static int run(struct bulk *b) {
    int ready = count_ready(b);
    tell_preview(b);
    if (b->o.dry_run || ready == 0)
        return tell_done(b);
    int rc = ask(b, ready);
    if (rc <= 0)
        return rc;
    rc = send_all(b);
    int status = tell_done(b);
    return rc < 0 ? rc : status;
}

int cli_bulk(struct cli *c, int argc, char **argv) {
    const struct cli_method *m = cli_find_method("orders.preview");
    CLEANUP(rpc_reply_done) struct rpc_reply r = {0}, asked = {0};
    AUTO_BUF struct buf params = BUF_INIT;
    struct bulk b = {.c = c};
    asked.arena = arena_new(4096);
    int rc = own_options(c, &argc, argv, &b.o);
    if (!rc)
        rc = cli_args_read(c, m, argc, argv, &params);
    if (rc)
        return rc;
    if (c->o.help) {
        cli_help_method(c, c->io.out, m);
        return 0;
    }
    rc = json_parse(asked.arena, buf_str(&params), params.len, NULL,
                    &asked.result, NULL);
    if (rc >= 0)
        rc = cli_ask(c, m->method, buf_str(&params), &r);
    if (rc)
        return rc;
    const char *value = json_string(json_get(asked.result, "value"));
    b.act = json_string(json_get(asked.result, "act"));
    b.value = value ? value : "";
    b.preview = r.result;
    cli_grid_init(&b.done, "ref,state,change,text");
    rc = run(&b);
    cli_grid_done(&b.done);
    return rc;
}
