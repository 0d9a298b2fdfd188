/* Arguments of a command -> parameters of its method, by the method's table. */
#pragma once

#include "common/buf.h"
#include "tui/cli.h"

/* Read argv (behind the command's words) into the JSON text of the parameters.
 * Options of the method come before those every command takes, which land in
 * c->o. A write gets a request_id. ERR_INVALID_PARAMS with a sentence in
 * c->fault; 0 with c->o.help set when help was asked for (params may then be
 * missing). The text may hold a secret: wipe it. */
int cli_args_read(struct cli *c, const struct cli_method *m, int argc,
                  char **argv, struct buf *ret_params);

/* The member every write has, with a fresh ULID. */
struct jsonw;
void cli_args_request_id(struct jsonw *w);
