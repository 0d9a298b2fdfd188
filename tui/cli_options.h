/* Options every command takes: `fulexo [--socket PATH] orders list --json`. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct cli_options {
    const char *socket; /* --socket PATH */
    const char *lang;   /* --lang en|tr */
    const char *screen; /* --screen NAME; the terminal only */
    const char *fields; /* --fields a,b: columns, where a method has no option
                           of that name */
    const char *as;     /* --as USER: root alone */
    bool read_only;     /* --read-only */
    bool plain;         /* --plain; the terminal only */
    bool json, csv, table;
    bool all;  /* --all: every page of a list */
    bool wait; /* --wait: also for work that is only begun otherwise */
    bool once; /* --once: monitor */
    bool help, version;
};

/* A row of the table, for help and the check of the manual. */
struct cli_option_row {
    const char *option; /* --socket */
    bool value;         /* takes one */
    size_t at;          /* offset of its bool or const char * */
};
extern const struct cli_option_row cli_option_rows[];
extern const size_t cli_option_rows_n;

/* Take argv[*at] (and its value) when it is one of them: 1 with *at behind it,
 * 0 when it is none, ERR_INVALID_PARAMS when its value is missing or none may
 * be. Both `--x value` and `--x=value` are read. */
int cli_options_take(struct cli_options *o, int argc, char **argv, int *at);

/* Does the argument name this option: "--x" or "--x=..."? The latter puts the
 * value into *ret_value (else NULL). */
bool cli_options_match(const char *arg, const char *option,
                       const char **ret_value);
