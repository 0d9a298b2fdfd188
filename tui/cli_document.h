/* `fulexo documents render`: the paper's bytes on standard output. */
#pragma once

#include "tui/cli.h"

/* Fetch it part by part and write it. Returns 0 or a fault as cli_ask; a
 * terminal gets no PDF. */
int cli_document(struct cli *c, const struct cli_method *m, const char *params);
