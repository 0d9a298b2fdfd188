/* Methods whose result is a page of CSV: all pages to stdout. */
#pragma once

#include "tui/cli.h"

/* params: JSON object without `after`. Each page is written when it comes: a
 * file of any length takes the memory of one. Returns an exit status. */
int cli_export(struct cli *c, const struct cli_method *m, const char *params);
