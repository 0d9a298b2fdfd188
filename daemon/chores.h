/* Hourly housekeeping on the writer: the change feed is cut to its newest
 * 100,000 events, requests remembered for repeats are forgotten after 7
 * days, webhook deliveries when the same would be news. */
#pragma once

struct chores;
struct db;
struct env;

/* Begin; the first round comes soon after the start. db and env are borrowed
 * until chores_free. */
struct chores *chores_start(struct db *db, const struct env *env);
/* No new round; one on its way ends with the db. */
void chores_stop(struct chores *c);
/* After the db is closed. NULL is fine. */
void chores_free(struct chores *c);
