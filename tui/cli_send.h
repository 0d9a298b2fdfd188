/* Files of this machine to the daemon, in pieces. */
#pragma once

#include "tui/cli.h"

/* Send the file at that path; *ret is files.commit's answer. It goes on where
 * an earlier try stopped. */
int cli_send(struct cli *c, const char *path, struct rpc_reply *ret);
/* A path as the parameter `file` is sent first, and its number put there. */
int cli_send_named(struct cli *c, struct buf *params);
/* How far it is, for who watches. */
void cli_send_far(struct cli *c, enum text_id text, const char *name,
                  int64_t at, int64_t of);
