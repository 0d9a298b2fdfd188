/* Who hears of what. Stored events come from the change feed: one read a turn
 * for all subscribers, told to each. Ephemeral ones (a store's progress, a
 * job's) carry the number before them and are rate limited. Inside rpc only.
 *
 * A subscriber that does not read gets nothing more until it has taken what
 * waits, then one `resync`: its queue never grows with the feed. */
#pragma once

#include <stdint.h>

#include "common/buf.h"
#include "rpc.gen.h"
#include "rpc/room.h"

struct arena;
struct rpc_conn;
struct rpc_sub;

/* Begin to listen to commits of r->o.db. */
struct rpc_feed *feed_new(struct rpc *r);
/* No read may be on its way (rpc_maybe_stopped waits for it). */
void feed_free(struct rpc_feed *f);
/* Tell everybody that the daemon goes, and stop reading. */
void feed_shutdown(struct rpc_feed *f);

/* Subscribe c from `seq` on, replacing what it had. stores: ids, copied; n = 0:
 * all. topics: 1 << enum rpc_topic. */
void sub_put(struct rpc_conn *c, int64_t seq, uint64_t topics,
             const int64_t *stores, size_t n);
/* Tell c nothing more; fine when it is not subscribed. */
void sub_remove(struct rpc_conn *c);
/* The same, and say that who listened is signed out. */
void sub_end(struct rpc_conn *c);
/* Its queue is empty again. */
void sub_drained(struct rpc_conn *c);

/* An event that is not stored: data = JSON object. store may be NULL. */
void feed_tell(struct rpc *r, enum rpc_topic topic, int64_t store_id,
               const char *store, const char *data);
/* How far a job is, to those who see every store it works on. */
void feed_tell_job(const struct rpc_job *job, const char *data);
/* Does anybody listen to that topic? */
bool feed_heard(const struct rpc *r, enum rpc_topic topic);
