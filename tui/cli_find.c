/* All searches are linear: some forty methods are looked through once a run. */
#include "tui/cli_find.h"

#include <string.h>

#include "common/str.h"
#include "common/text.h"
#include "tui/cli_options.h"

const struct cli_extra cli_extras[] = {
    {"call", "METHOD [JSON|-]", TEXT_CLI_HELP_CALL},
    {"watch", "", TEXT_CLI_HELP_WATCH},
    {"monitor", "[--once]", TEXT_CLI_HELP_MONITOR},
    {"doctor", "", TEXT_CLI_HELP_DOCTOR},
    {"login", "[NAME]", TEXT_CLI_HELP_LOGIN},
    {"logout", "", TEXT_CLI_HELP_LOGOUT},
    {"accept", "[NAME]", TEXT_CLI_HELP_ACCEPT},
    {"completion", "bash|zsh", TEXT_CLI_HELP_COMPLETION},
    {"version", "", TEXT_CLI_HELP_VERSION},
    {"help", "[COMMAND]", TEXT_CLI_HELP_HELP},
};
const size_t cli_extras_n = sizeof cli_extras / sizeof *cli_extras;

const struct cli_resource *cli_find_resource(const char *name) {
    for (size_t i = 0; i < cli_resources_n; i++)
        if (str_eq(cli_resources[i].name, name))
            return &cli_resources[i];
    return NULL;
}

const struct cli_method *cli_find_verb(const struct cli_resource *r,
                                       const char *verb) {
    for (size_t i = 0; i < r->n_methods; i++)
        if (str_eq(r->methods[i].verb, verb))
            return &r->methods[i];
    return NULL;
}

const struct cli_method *cli_find_alias(const char *name) {
    for (size_t i = 0; i < cli_resources_n; i++)
        for (size_t k = 0; k < cli_resources[i].n_methods; k++)
            if (str_eq(cli_resources[i].methods[k].alias, name))
                return &cli_resources[i].methods[k];
    return NULL;
}

const struct cli_method *cli_find_method(const char *method) {
    for (size_t i = 0; i < cli_resources_n; i++)
        for (size_t k = 0; k < cli_resources[i].n_methods; k++)
            if (str_eq(cli_resources[i].methods[k].method, method))
                return &cli_resources[i].methods[k];
    return NULL;
}

/* The nearest so far; the first of equals stays. */
struct near {
    const char *word, *best;
    int distance;
};

static struct near near_begin(const char *word) {
    /* A third of the letters may be wrong; beyond that it is another word. */
    int most = (int)(strlen(word) / 3) + 1;
    return (struct near){.word = word, .distance = (most > 4 ? 4 : most) + 1};
}

static void near_try(struct near *n, const char *candidate) {
    int d = candidate ? str_distance(n->word, candidate) : 9;
    if (d >= n->distance)
        return;
    n->distance = d;
    n->best = candidate;
}

const char *cli_find_near_command(const char *word) {
    struct near n = near_begin(word);
    for (size_t i = 0; i < cli_resources_n; i++) {
        near_try(&n, cli_resources[i].name);
        for (size_t k = 0; k < cli_resources[i].n_methods; k++)
            near_try(&n, cli_resources[i].methods[k].alias);
    }
    for (size_t i = 0; i < cli_extras_n; i++)
        near_try(&n, cli_extras[i].name);
    return n.best;
}

const char *cli_find_near_verb(const struct cli_resource *r, const char *verb) {
    struct near n = near_begin(verb);
    for (size_t i = 0; i < r->n_methods; i++)
        near_try(&n, r->methods[i].verb);
    return n.best;
}

const char *cli_find_option(const struct cli_method *m, const char *option) {
    struct near n = near_begin(option);
    for (size_t i = 0; m && i < m->n_params; i++)
        near_try(&n, m->params[i].option);
    for (size_t i = 0; i < cli_option_rows_n; i++)
        near_try(&n, cli_option_rows[i].option);
    return n.best;
}
