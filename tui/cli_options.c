#include "tui/cli_options.h"

#include <string.h>

#include "common/err.h"
#include "common/str.h"

#define FLAG(name, field)                                                      \
    { name, false, offsetof(struct cli_options, field) }
#define VALUE(name, field)                                                     \
    { name, true, offsetof(struct cli_options, field) }

const struct cli_option_row cli_option_rows[] = {
    VALUE("--socket", socket),  VALUE("--lang", lang),
    VALUE("--screen", screen),  VALUE("--fields", fields),
    VALUE("--as", as),          FLAG("--read-only", read_only),
    FLAG("--plain", plain),     FLAG("--json", json),
    FLAG("--csv", csv),         FLAG("--table", table),
    FLAG("--all", all),         FLAG("--wait", wait),
    FLAG("--once", once),       FLAG("--help", help),
    FLAG("--version", version),
};
const size_t cli_option_rows_n =
    sizeof cli_option_rows / sizeof *cli_option_rows;

bool cli_options_match(const char *arg, const char *option,
                       const char **ret_value) {
    if (!str_starts(arg, option))
        return false;
    const char *rest = arg + strlen(option);
    *ret_value = *rest == '=' ? rest + 1 : NULL;
    return *rest == '\0' || *rest == '=';
}

static int take(const struct cli_option_row *row, struct cli_options *o,
                const char *inline_value, const char *next, int *at) {
    char *field = (char *)o + row->at;
    if (!row->value) {
        *(bool *)(void *)field = true;
        (*at)++;
        return inline_value ? ERR_INVALID_PARAMS : 1;
    }
    const char *value = inline_value ? inline_value : next;
    if (!value)
        return ERR_INVALID_PARAMS;
    *(const char **)(void *)field = value;
    *at += inline_value ? 1 : 2;
    return 1;
}

int cli_options_take(struct cli_options *o, int argc, char **argv, int *at) {
    const char *arg = str_eq(argv[*at], "-h") ? "--help" : argv[*at];
    const char *next = *at + 1 < argc ? argv[*at + 1] : NULL;
    for (size_t i = 0; i < cli_option_rows_n; i++) {
        const char *value;
        if (cli_options_match(arg, cli_option_rows[i].option, &value))
            return take(&cli_option_rows[i], o, value, next, at);
    }
    return 0;
}
