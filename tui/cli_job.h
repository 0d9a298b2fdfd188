/* Waiting for long work. */
#pragma once

#include "tui/cli.h"

/* Begin to listen for jobs; before the call that starts one, so that no event
 * is missed. */
int cli_job_listen(struct cli *c);

/* Wait until the job ends and answer its last state (jobs.get) in *ret, showing
 * progress on stderr when a person watches. Ctrl-C ends the wait with
 * ERR_CANCELLED, and the job with it when `cancel` says so. */
int cli_job_wait(struct cli *c, const char *id, bool cancel,
                 struct rpc_reply *ret);

/* The progress line of a job's row, "" when there is nothing to say. */
void cli_job_progress(struct cli *c, const struct json *job, struct buf *out);

/* One hop of the doctor as a line: "ok  tls  TLS 1.3 (31 ms)". */
void cli_job_hop(struct cli *c, const struct json *hop, struct buf *out);
