/* `fulexo tickets attach` and `fulexo files get`: files of this machine, in
 * pieces. */
#pragma once

#include "tui/cli.h"

/* attach T-42 FILE: send it and put it into a reply; goes on where an earlier
 * try stopped. argv begins behind the verb. */
int cli_attach(struct cli *c, int argc, char **argv);
/* files get: its bytes on standard output. A terminal gets no bytes that are
 * none of a text. */
int cli_file_get(struct cli *c, const struct cli_method *m, const char *params);
