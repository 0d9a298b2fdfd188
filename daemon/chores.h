/* Hourly housekeeping on the writer: the change feed is cut to its newest
 * 100,000 events, requests remembered for repeats are forgotten after 7
 * days. */
#pragma once

struct chores;
struct db;
struct env;

struct chores *chores_start(struct db *db, const struct env *env);
void chores_stop(struct chores *c);
/* After the db is closed. NULL is fine. */
void chores_free(struct chores *c);
