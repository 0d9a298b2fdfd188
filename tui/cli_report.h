/* What came of long work, for people and as CSV; and which exit status it
 * stands for. */
#pragma once

#include "tui/cli.h"

/* Print the result of the method and return the exit status it stands for: 0,
 * or 1 for "in part" and for differences. result may be NULL (work that failed
 * before it had one). */
int cli_report(struct cli *c, const struct cli_method *m,
               const struct json *result);

/* The doctor's hops, unless a person has watched them arrive. */
void cli_report_hops(struct cli *c, const struct json *hops);

/* The status alone (with --json). */
int cli_report_status(const struct cli_method *m, const struct json *result);
