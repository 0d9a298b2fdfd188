/* Finding a command in the tables, and the nearest one for a typo. */
#pragma once

#include <stddef.h>

#include "cli.gen.h"

const struct cli_resource *cli_find_resource(const char *name);
const struct cli_method *cli_find_verb(const struct cli_resource *r,
                                       const char *verb);
const struct cli_method *cli_find_alias(const char *name);
const struct cli_method *cli_find_method(const char *method); /* orders.list */

/* The nearest name, or NULL when none is near enough. */
const char *cli_find_near_command(const char *word);
const char *cli_find_near_verb(const struct cli_resource *r, const char *verb);
const char *cli_find_option(const struct cli_method *m, const char *option);

/* Commands that are no method: name and one-line help's text name. */
struct cli_extra {
    const char *name;
    const char *usage; /* behind the name, "" = nothing */
    int help;          /* enum text_id */
};
extern const struct cli_extra cli_extras[];
extern const size_t cli_extras_n;
