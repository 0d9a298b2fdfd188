#include "tui/cli_help.h"

#include <string.h>

#include "common/str.h"
#include "tui/cli_find.h"

static void line(FILE *out, const char *left, const char *right) {
    int pad = (int)(strlen(left) < 28 ? 28 - strlen(left) : 2);
    (void)fprintf(out, "  %s%*s%s\n", left, pad, "", right);
}

static void heading(struct cli *c, FILE *out, enum text_id id) {
    (void)fprintf(out, "\n%s\n", text_get(c->lang, id));
}

/* --- options ------------------------------------------------------------ */

static void globals(struct cli *c, FILE *out) {
    heading(c, out, TEXT_CLI_HELP_OPTIONS);
    for (size_t i = 0; i < cli_option_rows_n; i++) {
        const struct cli_option_row *row = &cli_option_rows[i];
        AUTO_BUF struct buf left = BUF_INIT;
        AUTO_BUF struct buf id = BUF_INIT;
        buf_addf(&left, "%s%s", row->option, row->value ? " VALUE" : "");
        buf_addf(&id, "cli.option.%s", row->option + 2);
        for (size_t k = 0; k < id.len; k++)
            if (id.data[k] == '-')
                id.data[k] = '_';
        int text = text_find(buf_str(&id));
        line(out, buf_str(&left),
             text < 0 ? "" : text_get(c->lang, (enum text_id)text));
    }
}

static const char *value_name(const struct cli_param *p) {
    switch (p->type) {
    case CLI_INT:
        return p->duration ? " 5m" : " N";
    case CLI_BOOL:
        return "";
    case CLI_LIST:
        return " A,B";
    case CLI_MAP:
        return " KEY=VALUE";
    case CLI_OBJECTS:
        return " NAME=VALUE,..";
    case CLI_STRING:
        break;
    }
    if (!str_eq(p->kind, "store"))
        return " TEXT";
    /* both are names: what completes one completes the other */
    return str_eq(p->name, "tenant") ? " TENANT" : " STORE";
}

static void param(struct cli *c, FILE *out, const struct cli_param *p) {
    AUTO_BUF struct buf left = BUF_INIT;
    AUTO_BUF struct buf right = BUF_INIT;
    buf_addf(&left, "%s%s", p->option, value_name(p));
    buf_adds(&right, p->help);
    for (size_t i = 0; p->type == CLI_OBJECTS && i < p->n_members; i++)
        buf_addf(&right, "%s%s", i ? ", " : " NAME: ", p->members[i].name);
    if (p->choices)
        buf_addf(&right, " [%s]", p->choices);
    if (p->def)
        buf_addf(&right, " (%s)", p->def);
    if (p->required)
        buf_addf(&right, " %s", text_get(c->lang, TEXT_CLI_HELP_REQUIRED));
    line(out, buf_str(&left), buf_str(&right));
    if (!p->file)
        return;
    buf_clear(&left);
    buf_addf(&left, "%s-file FILE", p->option);
    line(out, buf_str(&left), text_get(c->lang, TEXT_CLI_HELP_FILE));
}

/* --- levels ------------------------------------------------------------- */

void cli_help_method(struct cli *c, FILE *out, const struct cli_method *m) {
    (void)fprintf(out, "%s: fulexo %s %s",
                  text_get(c->lang, TEXT_CLI_HELP_USAGE), m->resource, m->verb);
    for (int position = 1; position <= (int)m->n_params; position++)
        for (size_t i = 0; i < m->n_params; i++)
            if (m->params[i].position == position)
                (void)fprintf(out, m->params[i].required ? " %s" : " [%s]",
                              m->params[i].name);
    (void)fprintf(out, "%s\n", m->n_params ? " [--...]" : "");
    if (m->alias)
        (void)fprintf(out, "       fulexo %s\n", m->alias);
    (void)fprintf(out, "\n%s\n", m->summary);
    if (*m->about)
        (void)fprintf(out, "%s\n", m->about);
    if (m->n_params)
        (void)fputc('\n', out);
    for (size_t i = 0; i < m->n_params; i++)
        param(c, out, &m->params[i]);
    (void)fprintf(out, "\n%s\n", text_get(c->lang, TEXT_CLI_HELP_COMMON));
}

void cli_help_resource(struct cli *c, FILE *out, const struct cli_resource *r) {
    (void)fprintf(out, "%s: fulexo %s VERB ...\n\n%s\n\n",
                  text_get(c->lang, TEXT_CLI_HELP_USAGE), r->name, r->summary);
    for (size_t i = 0; i < r->n_methods; i++)
        line(out, r->methods[i].verb, r->methods[i].summary);
    (void)fprintf(out, "\nfulexo %s VERB --help\n", r->name);
}

static void shortcuts(FILE *out) {
    for (size_t i = 0; i < cli_resources_n; i++)
        for (size_t k = 0; k < cli_resources[i].n_methods; k++) {
            const struct cli_method *m = &cli_resources[i].methods[k];
            if (m->alias && !str_eq(m->alias, "monitor"))
                line(out, m->alias, m->summary);
        }
}

void cli_help_program(struct cli *c, FILE *out) {
    (void)fprintf(out, "%s: fulexo [--...]\n       fulexo COMMAND [VERB] ...\n",
                  text_get(c->lang, TEXT_CLI_HELP_USAGE));
    (void)fprintf(out, "\n%s\n", text_get(c->lang, TEXT_CLI_HELP_INTRO));
    heading(c, out, TEXT_CLI_HELP_COMMANDS);
    shortcuts(out);
    for (size_t i = 0; i < cli_extras_n; i++) {
        AUTO_BUF struct buf left = BUF_INIT;
        buf_addf(&left, "%s %s", cli_extras[i].name, cli_extras[i].usage);
        line(out, buf_str(&left),
             text_get(c->lang, (enum text_id)cli_extras[i].help));
    }
    heading(c, out, TEXT_CLI_HELP_RESOURCES);
    for (size_t i = 0; i < cli_resources_n; i++)
        line(out, cli_resources[i].name, cli_resources[i].summary);
    globals(c, out);
    heading(c, out, TEXT_CLI_HELP_MORE);
}

static int unknown_command(struct cli *c, const char *word) {
    const char *near = cli_find_near_command(word);
    if (near)
        return CLI_FAIL(c, ERR_INVALID_PARAMS, TEXT_CLI_UNKNOWN_COMMAND_NEAR,
                        "word", word, "near", near);
    return CLI_FAIL(c, ERR_INVALID_PARAMS, TEXT_CLI_UNKNOWN_COMMAND, "word",
                    word);
}

static bool is_extra(const char *word) {
    for (size_t i = 0; i < cli_extras_n; i++)
        if (str_eq(cli_extras[i].name, word))
            return true;
    return false;
}

int cli_help_command(struct cli *c, int argc, char **argv) {
    const struct cli_resource *r = argc ? cli_find_resource(argv[0]) : NULL;
    const struct cli_method *m =
        r && argc > 1 ? cli_find_verb(r, argv[1]) : NULL;
    if (!m && argc == 1)
        m = cli_find_alias(argv[0]);
    if (argc == 0 || is_extra(argv[0]))
        cli_help_program(c, c->io.out);
    else if (m)
        cli_help_method(c, c->io.out, m);
    else if (r)
        cli_help_resource(c, c->io.out, r);
    else
        return unknown_command(c, argv[0]);
    return 0;
}
