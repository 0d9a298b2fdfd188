/* Who the command line is: `fulexo login`, what it keeps, and being asked
 * again. The token lies in $XDG_STATE_HOME/fulexo/login (0600), a line a
 * daemon. */
#pragma once

#include "tui/cli.h"

/* After session.open (its result): a token of $FULEXO_TOKEN_FILE always counts;
 * the kept one when the daemon does not know the account. 0, or the run's
 * fault. */
int cli_login_enter(struct cli *c, const struct json *opened);
/* The daemon wants to know again who this is: ask the person, if there is one.
 * 0: confirmed. */
int cli_login_confirm(struct cli *c);

/* The friendly commands (cli.h). */
int cli_login(struct cli *c, int argc, char **argv);
int cli_logout(struct cli *c, int argc, char **argv);
int cli_accept(struct cli *c, int argc, char **argv);
