#include "tui/cli_grid.h"

#include <string.h>

#include "common/json.h"
#include "common/mem.h"

enum { COLS_MAX = 64 };

void cli_grid_init(struct cli_grid *g, const char *columns) {
    *g = (struct cli_grid){.names = mem_zalloc(COLS_MAX, sizeof(char *))};
    for (const char *at = columns; *at && g->n_cols < COLS_MAX;) {
        size_t n = strcspn(at, ",");
        if (n)
            g->names[g->n_cols++] = mem_dupn(at, n);
        at += n + (at[n] == ',');
    }
}

void cli_grid_done(struct cli_grid *g) {
    for (size_t i = 0; i < g->n_rows * g->n_cols; i++)
        free(g->cells[i]);
    for (size_t i = 0; i < g->n_cols; i++)
        free(g->names[i]);
    free(g->cells);
    free(g->names);
    *g = (struct cli_grid){0};
}

static char **new_row(struct cli_grid *g) {
    if (g->n_rows == g->cap_rows) {
        g->cap_rows = g->cap_rows ? g->cap_rows * 2 : 64;
        g->cells = mem_resize(g->cells, g->cap_rows,
                              (g->n_cols ? g->n_cols : 1) * sizeof(char *));
    }
    return g->cells + g->n_rows++ * g->n_cols;
}

static bool is_scalar(const struct json *v) {
    return json_type(v) != JSON_ARRAY && json_type(v) != JSON_OBJECT;
}

static bool all_scalar(const struct json *v) {
    for (const struct json *c = json_first(v); c; c = json_next(c))
        if (!is_scalar(c))
            return false;
    return true;
}

void cli_grid_value(struct buf *out, const struct json *v) {
    char text[40];
    if (is_scalar(v)) {
        const char *s = json_text(v, text);
        buf_adds(out, s ? s : "");
        return;
    }
    if (!all_scalar(v)) {
        json_print(out, v);
        return;
    }
    for (const struct json *c = json_first(v); c; c = json_next(c)) {
        if (c != json_first(v))
            buf_adds(out, ", ");
        if (json_key(c))
            buf_addf(out, "%s ", json_key(c));
        cli_grid_value(out, c);
    }
}

void cli_grid_add(struct cli_grid *g, const struct json *object) {
    char **row = new_row(g);
    for (size_t i = 0; i < g->n_cols; i++) {
        struct buf b = BUF_INIT;
        cli_grid_value(&b, json_path(object, g->names[i]));
        row[i] = buf_take(&b);
    }
}

void cli_grid_add_texts(struct cli_grid *g, const char *const *texts) {
    char **row = new_row(g);
    for (size_t i = 0; i < g->n_cols; i++)
        row[i] = mem_dup(texts[i] ? texts[i] : "");
}
