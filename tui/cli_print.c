/* Nothing here fails: an output that takes nothing is noticed once, by
 * cli_main, when it is flushed. */
#include "tui/cli_print.h"

#include <string.h>

#include "common/jsonw.h"
#include "common/mem.h"
#include "common/str.h"

/* --- JSON --------------------------------------------------------------- */

static void newline(struct buf *out, int depth) {
    buf_addc(out, '\n');
    for (int i = 0; i < depth; i++)
        buf_adds(out, "  ");
}

/* Bytes of the string that begins at s, both quotes included. */
static size_t string_len(const char *s, size_t n) {
    size_t at = 1;
    while (at < n && s[at] != '"')
        at += s[at] == '\\' ? 2 : 1;
    return at < n ? at + 1 : n;
}

static bool is_empty(const char *s, size_t n) {
    size_t at = 1;
    while (at < n && strchr(" \t\r\n", s[at]))
        at++;
    return at < n && (s[at] == '}' || s[at] == ']');
}

/* One token that is no string; returns the depth behind it. */
static int token(struct buf *out, const char *s, size_t n, int depth) {
    switch (*s) {
    case ' ':
    case '\t':
    case '\r':
    case '\n':
        return depth;
    case '{':
    case '[':
        buf_addc(out, *s);
        if (!is_empty(s, n))
            newline(out, depth + 1);
        return depth + 1;
    case '}':
    case ']':
        if (!out->len || !strchr("{[", out->data[out->len - 1]))
            newline(out, depth - 1);
        buf_addc(out, *s);
        return depth - 1;
    case ',':
        buf_addc(out, ',');
        newline(out, depth);
        return depth;
    case ':':
        buf_adds(out, ": ");
        return depth;
    default:
        buf_addc(out, *s);
        return depth;
    }
}

void cli_print_indent(struct buf *out, const char *text, size_t n) {
    int depth = 0;
    for (size_t at = 0; at < n;) {
        size_t used = 1;
        if (text[at] == '"') {
            used = string_len(text + at, n - at);
            buf_add(out, text + at, used);
        } else
            depth = token(out, text + at, n - at, depth);
        at += used;
    }
}

void cli_print_json(struct cli *c, const char *text, size_t n) {
    AUTO_BUF struct buf out = BUF_INIT;
    if (c->io.out_tty)
        cli_print_indent(&out, text, n);
    else
        buf_add(&out, text, n);
    (void)fprintf(c->io.out, "%s\n", buf_str(&out));
}

/* --- grids -------------------------------------------------------------- */

void cli_print_grid(struct cli *c, const struct cli_grid *g, bool heading) {
    AUTO_BUF struct buf out = BUF_INIT;
    if (c->o.csv)
        cli_grid_csv(&out, g, heading);
    else
        cli_grid_table(&out, g, c->io.width);
    (void)fputs(buf_str(&out), c->io.out);
}

void cli_print_grid_json(struct cli *c, const struct cli_grid *g) {
    AUTO_BUF struct buf out = BUF_INIT;
    struct jsonw w;
    jsonw_init(&w, &out);
    jsonw_begin_object(&w);
    jsonw_key(&w, "items");
    jsonw_begin_array(&w);
    for (size_t row = 0; row < g->n_rows; row++) {
        jsonw_begin_object(&w);
        for (size_t col = 0; col < g->n_cols; col++) {
            const char *s = g->cells[row * g->n_cols + col];
            jsonw_kstring(&w, g->names[col], *s ? s : NULL);
        }
        jsonw_end_object(&w);
    }
    jsonw_end_array(&w);
    jsonw_end_object(&w);
    cli_print_json(c, out.data, out.len);
}

void cli_print_rows(struct cli *c, const struct json *rows,
                    const char *columns) {
    CLEANUP(cli_grid_done) struct cli_grid g;
    cli_grid_init(&g, columns);
    for (const struct json *row = json_first(rows); row; row = json_next(row))
        cli_grid_add(&g, row);
    cli_print_grid(c, &g, true);
}

/* --- objects ------------------------------------------------------------ */

/* A list of objects: printed as a table of its own. */
struct part {
    char *name;
    const struct json *rows;
};

struct object {
    struct cli_grid g; /* name, value */
    struct part part[32];
    size_t n_parts;
};

static bool is_rows(const struct json *v) {
    return json_type(v) == JSON_ARRAY &&
           json_type(json_first(v)) == JSON_OBJECT;
}

static void collect(struct object *o, const char *prefix,
                    const struct json *v) {
    for (const struct json *m = json_first(v); m; m = json_next(m)) {
        AUTO_FREE char *name =
            mem_printf("%s%s%s", prefix, *prefix ? "." : "", json_key(m));
        AUTO_BUF struct buf text = BUF_INIT;
        if (is_rows(m) && o->n_parts < sizeof o->part / sizeof *o->part) {
            o->part[o->n_parts++] =
                (struct part){.name = TAKE_PTR(name), .rows = m};
            continue;
        }
        if (json_type(m) == JSON_OBJECT) {
            collect(o, name, m);
            continue;
        }
        cli_grid_value(&text, m);
        const char *row[] = {name, buf_str(&text)};
        cli_grid_add_texts(&o->g, row);
    }
}

/* The members of the first row are the columns. */
static void print_part(struct cli *c, const struct part *p) {
    AUTO_BUF struct buf columns = BUF_INIT;
    const struct json *first = json_first(p->rows);
    for (const struct json *m = json_first(first); m; m = json_next(m))
        buf_addf(&columns, "%s%s", columns.len ? "," : "", json_key(m));
    (void)fprintf(c->io.out, "\n%s:\n", p->name);
    cli_print_rows(c, p->rows, buf_str(&columns));
}

/* CSV has room for one table: lists stay JSON in their cell. */
static void print_csv(struct cli *c, const struct object *o) {
    CLEANUP(cli_grid_done) struct cli_grid g;
    cli_grid_init(&g, "name,value");
    for (size_t i = 0; i < o->g.n_rows; i++)
        cli_grid_add_texts(&g, (const char *const *)o->g.cells + i * 2);
    for (size_t i = 0; i < o->n_parts; i++) {
        AUTO_BUF struct buf text = BUF_INIT;
        json_print(&text, o->part[i].rows);
        const char *row[] = {o->part[i].name, buf_str(&text)};
        cli_grid_add_texts(&g, row);
    }
    cli_print_grid(c, &g, true);
}

/* No heading: "name  value". */
static void print_lines(struct cli *c, const struct object *o) {
    AUTO_BUF struct buf out = BUF_INIT;
    cli_grid_table(&out, &o->g, c->io.width);
    const char *body = strchr(buf_str(&out), '\n');
    (void)fputs(body ? body + 1 : "", c->io.out);
    for (size_t i = 0; i < o->n_parts; i++)
        print_part(c, &o->part[i]);
}

void cli_print_object(struct cli *c, const struct json *v) {
    struct object o = {.n_parts = 0};
    cli_grid_init(&o.g, "name,value");
    collect(&o, "", v);
    if (c->o.csv)
        print_csv(c, &o);
    else
        print_lines(c, &o);
    for (size_t i = 0; i < o.n_parts; i++)
        free(o.part[i].name);
    cli_grid_done(&o.g);
}
