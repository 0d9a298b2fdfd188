/* Following a change to its end: `--wait` of the commands that write to a
 * shop. */
#pragma once

#include "tui/cli.h"

/* Is this the answer of such a command, {change, state}? */
bool cli_change_is(const struct json *result);

/* Wait until the change is confirmed, refused, in conflict, given up, or needs
 * a person; then print it. 0 confirmed; 1 refused, conflict or discarded; 75
 * nobody knows (yet): it waits for approval, or looking did not tell. Ctrl-C
 * stops waiting, not the change. */
int cli_change_follow(struct cli *c, const struct json *result);
