/* Counters and gauges by fixed enum, atomic, for /metrics, `fulexo monitor` and
 * tests. */
#pragma once

#include <stdint.h>

#define METRICS(X)                                                             \
    X(RPC_REQUESTS, "fulexo_rpc_requests_total", "JSON-RPC requests answered") \
    X(RPC_ERRORS, "fulexo_rpc_errors_total",                                   \
      "JSON-RPC requests answered with an error")                              \
    X(RPC_MS, "fulexo_rpc_milliseconds_total",                                 \
      "Time from a JSON-RPC request to its answer, added up")                  \
    X(SHOP_REQUESTS, "fulexo_shop_requests_total",                             \
      "HTTP requests sent to shops")                                           \
    X(SHOP_ERRORS, "fulexo_shop_errors_total",                                 \
      "HTTP requests to shops that failed")                                    \
    X(SHOP_BYTES, "fulexo_shop_bytes_total", "Body bytes received from shops") \
    X(SYNC_ROWS, "fulexo_sync_rows_total", "Objects received from shops")      \
    X(SYNC_CHANGED, "fulexo_sync_changed_total",                               \
      "Objects that changed the mirror")                                       \
    X(SYNC_ASIDE, "fulexo_sync_set_aside_total",                               \
      "Objects that did not decode and were set aside")                        \
    X(HOOK_EVENTS, "fulexo_webhook_events_total",                              \
      "Webhook deliveries that told something new")                            \
    X(HOOK_REPEATS, "fulexo_webhook_repeats_total",                            \
      "Webhook deliveries that told nothing new")                              \
    X(HOOK_REFUSED, "fulexo_webhook_refused_total",                            \
      "Webhook deliveries without a good path or signature")                   \
    X(HOOK_BUSY, "fulexo_webhook_busy_total",                                  \
      "Webhook deliveries that could not be kept and were put off")            \
    X(EMAILS_SENT, "fulexo_emails_sent_total",                                 \
      "Letters a mail server has taken")                                       \
    X(DB_COMMITS, "fulexo_db_commits_total",                                   \
      "Transactions committed by the writer")                                  \
    X(DB_JOBS, "fulexo_db_jobs_total", "Jobs run by the writer")               \
    X(DB_READS, "fulexo_db_reads_total", "Jobs run by readers")

#define METRIC_ENUM(id, name, help) METRIC_##id,
enum metric { METRICS(METRIC_ENUM) METRIC_COUNT };
#undef METRIC_ENUM

/* Any thread. */
void metric_add(enum metric m, int64_t n);
/* Its value now. */
int64_t metric_get(enum metric m);
const char *metric_name(enum metric m);
const char *metric_help(enum metric m);
