/* The daemon: owns the loop and the rooms, starts and stops them in order. */
#pragma once

#include "common/err.h"

struct options;

/* Run until SIGTERM or SIGINT. Returns the exit status; what went wrong was
 * logged. o is read again on SIGHUP. */
int daemon_run(struct options *o);
