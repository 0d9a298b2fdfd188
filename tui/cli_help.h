/* Help at every level, from the tables. All of it goes to `out`. */
#pragma once

#include "tui/cli.h"

void cli_help_program(struct cli *c, FILE *out);
void cli_help_resource(struct cli *c, FILE *out, const struct cli_resource *r);
void cli_help_method(struct cli *c, FILE *out, const struct cli_method *m);

/* `fulexo help [COMMAND [VERB]]`; an unknown one is a fault with the nearest.
 */
int cli_help_command(struct cli *c, int argc, char **argv);
